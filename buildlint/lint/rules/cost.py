"""BL62x: what costs money or a second build without need."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import islice

from buildlint.language.syntax import Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM, request_example
from buildlint.lint.rules.registry import rule
from buildlint.service.request import Request
from buildlint.shell.commands import Command, Script
from buildlint.shell.packages import APT, DNF, MANAGERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span


@rule(
    Request,
    "BL620",
    "instance-kept-on-failure",
    Severity.INFO,
    summary=N_("The build instance is kept and billed if the build fails"),
    bad=request_example("DeleteInstanceOnFailure = false\n"),
    good=request_example("DeleteInstanceOnFailure = true\n"),
)
def instance_kept_on_failure(request: Request, context: Context) -> Iterator[Finding]:
    """Builds run on a pay-as-you-go instance. With `DeleteInstanceOnFailure = false`, a build that
    fails leaves the instance running for debugging, and you pay for it until you release it. Each
    further failure leaves another one. Source: CreateImagePipeline, DeleteInstanceOnFailure.
    """
    if request.values.get("DeleteInstanceOnFailure") is False:
        message = Message(
            N_(
                "if the build fails, the instance keeps running and is billed until you release "
                "it; set `true` after debugging"
            )
        )
        yield Finding(request.place("DeleteInstanceOnFailure"), message)


@rule(
    Run,
    "BL621",
    "old-kernel-in-use",
    Severity.INFO,
    summary=N_("`uname -r` is used after a system update without RESTART"),
    bad=FROM + 'RUN dnf upgrade -y\nRUN dnf install -y "kernel-devel-$(uname -r)"\n',
    good=FROM + 'RUN dnf upgrade -y\nRESTART\nRUN dnf install -y "kernel-devel-$(uname -r)"\n',
    programs=("uname",),
)
def old_kernel_in_use(node: Run, context: Context) -> Iterator[Finding]:
    """A system update may install a new kernel, but the build instance runs the old one until it is
    restarted, and `uname -r` prints the old version. Modules and headers are then built for a
    kernel that instances of the image do not boot. Where echo or printf only prints the version,
    nothing is reported. Source: uname(1); dnf(8), upgrade; apt-get(8), dist-upgrade.
    """
    script = context.shell(node)
    shown_names = cache(partial(_shown_names, script))
    unames = [
        command
        for command in script.named("uname")
        if command.has_flag("-r", "--kernel-release")
        and not _is_mere_text(script, command, shown_names)
    ]
    if not unames:
        return
    updated = context.once(_updated, lambda: _updated(context))
    is_old = node.span.start in updated
    text = script.text.text
    branches = [_Branches(text, each.end) for each in islice(_updates(script), _ENOUGH)]
    for command in unames:
        if is_old or any(each.lead_to(command.start) for each in branches):
            message = Message(
                N_(
                    "`uname -r` prints the running kernel, but the update above may have installed "
                    "a newer one; add RESTART after the update"
                )
            )
            yield Finding(script.span(command), message)


# Of so many updates in one RUN, one is before all else.
_ENOUGH = 10


@rule(
    Template,
    "BL623",
    "update-without-restart",
    Severity.INFO,
    summary=N_("The system is updated, but not restarted during the build"),
    bad=FROM + "RUN dnf upgrade -y\nRUN dnf install -y nginx\n",
    good=FROM + "RUN dnf upgrade -y\nRESTART\nRUN dnf install -y nginx\n",
    is_default=False,
    having=(Run,),
)
def update_without_restart(node: Template, context: Context) -> Iterator[Finding]:
    """A system update may install a new kernel and new libraries. Without RESTART, the following
    steps run on the old ones, and the new kernel boots for the first time on an instance of the
    image. A restart during the build tests it. Source: dnf(8), upgrade; apt-get(8), dist-upgrade;
    the service's documentation of RESTART.
    """
    last: Span | None = None
    for instruction in node.instructions:
        if isinstance(instruction, Restart):
            last = None
        elif isinstance(instruction, Run):
            script = context.shell(instruction)
            for command in _updates(script):
                last = script.span(command)
    if last:
        message = Message(
            N_(
                "this may install a new kernel that nothing in the build has booted; add RESTART "
                "after it"
            )
        )
        yield Finding(last, message)


def _updated(context: Context) -> set[int]:
    """Where the RUNs begin before which another has updated the system, with no restart between."""
    found: set[int] = set()
    is_updated = False
    for instruction in context.template.instructions:
        if isinstance(instruction, Restart):
            is_updated = False
        elif isinstance(instruction, Run):
            if is_updated:
                found.add(instruction.span.start)
            is_updated = is_updated or any(_updates(context.shell(instruction)))
    return found


_QUOTED = regex(r"'[^']*+'|\"[^\"]*+\"")
_BRANCHING = regex(
    r"(?:^|[;&|\n(){}]|(?<=\belse)|\b(?:then|do)\b)[ \t]*+"
    r"(?:(?P<opens>if|case)|(?P<closes>fi|esac)|(?P<parts>else|elif))\b"
    r"|(?P<next>;(?=;))|(?P<otherwise>\|\|)|(?P<ends>[;\n])"
)


class _Branches:
    """Where behind a place another branch runs than there, of an `if`, a `case` or an `||`."""

    def __init__(self, text: str, start: int) -> None:
        self._changes, self._states = [start], [True]
        depth, in_branch, in_list = 0, False, False
        bare = _QUOTED.sub(lambda match: " " * len(match[0]), text[start:])
        for match in _BRANCHING.finditer(bare):
            kind = match.lastgroup
            if kind == "opens":
                depth += 1
            elif kind == "closes":
                in_branch = in_branch and depth > 0
                depth = max(0, depth - 1)
            elif depth == 0:
                in_branch = in_branch or kind in ("parts", "next")
                in_list = kind == "otherwise"
            self._changes.append(start + match.end())
            self._states.append(not (in_branch or in_list))

    def lead_to(self, place: int) -> bool:
        """Whether a place is behind the start, and what runs there may run after it."""
        index = bisect_right(self._changes, place) - 1
        return index >= 0 and self._states[index]


# Programs that only show what they are given, or write it into a file.
_SHOWS = ("echo", "logger", "printf")
_CAPTURES = ("$(", "`")
_KEEPS = (None, "cat", "logger", "tee")
_ASSIGNED = regex(r"(?<![\w$])(?P<name>[A-Za-z_]\w{0,80})=[\"']?(?:\$\(|`)\s*\Z")


def _is_mere_text(
    script: Script, command: Command, shown_names: Callable[[], Mapping[str, bool]]
) -> bool:
    """Whether the output of a command is only shown or written down, not used as a name.

    `shown_names` says it of the variables.
    """
    text = script.text.text
    if not _is_captured(text, command):
        return command.pipes_into in _KEEPS
    assigned = _ASSIGNED.search(text, max(0, command.start - 100), command.start)
    if assigned is None:
        return _is_shown(script, command.start)
    return shown_names().get(assigned["name"], False)


def _shown_names(script: Script) -> dict[str, bool]:
    """Whether the variables that a script uses are only shown, by their names."""
    known: dict[str, bool] = {}
    for match in _EXPANSION.finditer(script.text.text):
        name = match["plain"] or match["braced"]
        known[name] = known.get(name, True) and _is_shown(script, match.start())
    return known


_EXPANSION = regex(r"\$(?:(?P<plain>\w+)|\{(?P<braced>\w+))")


def _is_shown(script: Script, place: int) -> bool:
    """Whether the innermost command around a place only shows what stands there."""
    text = script.text.text
    index = bisect_left(script.commands, place, key=lambda each: each.start)
    # Commands before it in the same words may stand between them.
    near = script.commands[max(0, index - _ENOUGH) : index]
    around = [each for each in near if place < each.end]
    return bool(around) and (
        around[-1].name in _SHOWS
        and around[-1].pipes_into in _KEEPS
        and not _is_captured(text, around[-1])
    )


def _is_captured(text: str, command: Command) -> bool:
    """Whether a command is the first of a substitution."""
    return text[max(0, command.start - 100) : command.start].rstrip().endswith(_CAPTURES)


# GiB: that of a build instance for which the request says nothing.
_USUAL_DISK = 40


@rule(
    Request,
    "BL622",
    "large-system-disk",
    Severity.INFO,
    summary=N_("The system disk of the build instance is larger than 40 GiB"),
    bad=request_example("SystemDiskSize = 100\n"),
    good=request_example("SystemDiskSize = 40\n"),
    is_default=False,
)
def large_system_disk(request: Request, context: Context) -> Iterator[Finding]:
    """The image is as large as the build instance's system disk, and no instance can have a smaller
    one. Every instance pays for that disk, used or not, and the image's snapshot grows with its
    data. A disk can be extended later, but not shrunk. Source: CreateImagePipeline, SystemDiskSize;
    RunInstances, SystemDisk.Size.
    """
    size = request.values.get("SystemDiskSize")
    if isinstance(size, int) and size > _USUAL_DISK:
        message = Message(
            N_(
                "every instance of this image pays for a system disk of {size} GiB or more; use "
                "`{usual}` unless the build needs more"
            ),
            {"size": size, "usual": _USUAL_DISK},
        )
        yield Finding(request.place("SystemDiskSize"), message)


# What brings a new kernel: `apt-get upgrade` installs no package that was not there.
_UPDATES = {DNF: ("update", "upgrade"), APT: ("dist-upgrade", "full-upgrade")}


def _updates(script: Script) -> Iterator[Command]:
    """Yield the commands that update the whole system, its kernel included."""
    for command in script.named(*DNF.programs, *APT.programs):
        manager = MANAGERS[command.name]
        words = [word.text for word in command.operands()]
        if (
            len(words) == 1
            and words[0] in _UPDATES[manager]
            and not command.has_flag("-x", "--exclude")
        ):
            yield command
