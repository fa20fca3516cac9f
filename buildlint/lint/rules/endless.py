"""BL512, BL513 and BL515: commands of RUN that do not end in time."""

from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.foreground import ADVICE, FOREGROUND, MAY_END, SERVICE, is_endless
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import STEP_SECONDS
from buildlint.shell.commands import Command
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex


def _is_let_go(command: Command) -> bool:
    """Whether the shell does not wait for the command to its end."""
    return command.is_in_background or not {"timeout", "setsid"}.isdisjoint(command.wrappers)


@rule(
    Run,
    "BL512",
    "foreground-server",
    Severity.WARNING,
    summary=N_("A command runs in the foreground and never ends"),
    bad=FROM + "RUN nginx -g 'daemon off;'\n",
    good=FROM + "RUN systemctl enable nginx\n",
    programs=FOREGROUND,
)
def foreground_server(node: Run, context: Context) -> Iterator[Finding]:
    """A RUN ends when its command ends. A server in the foreground does not end, so Cloud Assistant
    stops the step after 600 seconds, and the build fails. Unlike a container, an instance starts
    its services with systemd; `systemctl enable` is kept in the image.

    Sources: the manual of each program, and systemctl(1); `docker compose up --help`,
    docker-run(1), ping(8); the README of Tomcat on `catalina.sh run`; redis.conf of Debian and of
    Redis on `daemonize`.
    """
    script = context.shell(node)
    for command in script.named(*FOREGROUND):
        # What reads its output, such as head, may end it.
        if command.pipes_into is not None or _is_let_go(command):
            continue
        if command.name in MAY_END and command.start != script.commands[-1].start:
            continue
        if is_endless(command, context):
            text = N_(
                "`{command}` does not end by itself, so the step fails after {seconds} seconds; "
                "{advice}"
            )
            advice = Message(ADVICE.get(command.name, SERVICE))
            fields = {"command": command.name, "seconds": STEP_SECONDS, "advice": advice}
            yield Finding(script.span(command), Message(text, fields))


_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = regex(r"(\d++\.?\d*|\.\d+)([smhd]?)")


@rule(
    Run,
    "BL513",
    "long-sleep",
    Severity.WARNING,
    summary=N_("A sleep is longer than the timeout of a step"),
    bad=FROM + "RUN sleep 15m\n",
    good=FROM + "RUN sleep 15\n",
    programs=("sleep",),
)
def long_sleep(node: Run, context: Context) -> Iterator[Finding]:
    """A step has 600 seconds by default; then Cloud Assistant stops it, and the build fails. You
    pay for every second. Instead of a fixed time, wait for the condition that you need, in a loop
    with a limit.

    Source: sleep(1), whose arguments are added up.
    """
    script = context.shell(node)
    for command in script.named("sleep"):
        seconds = sum(map(_seconds, command.words))
        if seconds > STEP_SECONDS and not _is_let_go(command):
            text = N_(
                "this waits longer than the step timeout of {seconds} seconds; wait for a "
                "condition instead, in a loop with a limit"
            )
            yield Finding(script.span(command), Message(text, {"seconds": STEP_SECONDS}))


def _seconds(word: str) -> float:
    """How long sleep takes a word for; nothing for what is no duration as it is written."""
    if word.lower() in ("inf", "infinity"):
        return float("inf")
    match = _DURATION.fullmatch(word)
    return float(match[1]) * _UNITS[match[2]] if match else 0


_ENDLESS_INPUTS = ("/dev/zero", "/dev/urandom", "/dev/random")
_FILE = regex(r"(?!/dev/)[^$`]+|/dev/shm/.+")


@rule(
    Run,
    "BL515",
    "disk-filled",
    Severity.WARNING,
    summary=N_("A command writes until the disk is full"),
    bad=FROM + "RUN dd if=/dev/zero of=/zero bs=1M || rm -f /zero\n",
    good=FROM + "RUN dd if=/dev/zero of=/swapfile bs=1M count=2048\n",
    programs=("cat", "dd"),
)
def disk_filled(node: Run, context: Context) -> Iterator[Finding]:
    """Without `count`, dd copies from `/dev/zero` until no space is left: it writes the whole
    system disk, which takes minutes of the 600 seconds of a step, and fails. Zeros make image files
    of other builders small. Here the image is a snapshot of the disk, and written blocks belong to
    it; there is nothing to gain.

    Sources: dd(1), `count`; zero(4), random(4).
    """
    script = context.shell(node)
    for command in script.named("cat", "dd"):
        if command.pipes_into is None and not _is_let_go(command) and _fills_disk(command):
            text = N_("`{command}` writes until the disk is full; add `count=`, or remove it")
            if command.name == "cat":
                text = N_("`{command}` writes until the disk is full; use `head -c`, or remove it")
            yield Finding(script.span(command), Message(text, {"command": command.name}))


def _fills_disk(command: Command) -> bool:
    if command.name == "cat":
        targets = [each.target for each in command.redirections if each.operator in (">", ">>")]
        file = targets[-1].text if targets and targets[-1] else ""
        return not {*command.words}.isdisjoint(_ENDLESS_INPUTS) and bool(_FILE.fullmatch(file))
    operands = dict(word.partition("=")[::2] for word in command.words)
    is_endless = operands.get("if") in _ENDLESS_INPUTS
    return is_endless and "count" not in operands and bool(_FILE.fullmatch(operands.get("of", "")))
