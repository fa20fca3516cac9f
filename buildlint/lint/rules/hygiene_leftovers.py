"""BL901, BL903 and BL911: what is left of the build where nothing takes it away again."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Component, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.cleaning import hands_over, last_remover, removals
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.files import brings_no_text, put_in_place, written_files
from buildlint.shell.packages import APT, DNF, NPM, PIP, ZYPPER, missing_managers
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span


class _Cache(NamedTuple):
    """A cache of a package manager.

    `fills` are the verbs of `programs` that fill it, except with one of `flags`. `empties` are
    those that empty it, and `advice` does, behind the name of the program that has filled it or of
    `cleaner`; so does deleting what `files` fits. Where `spared` fits the text of the template, it
    is never filled.
    """

    path: str
    programs: tuple[str, ...]
    fills: tuple[str, ...]
    flags: tuple[str, ...]
    empties: tuple[str, ...]
    files: re.Pattern[str]
    advice: str
    spared: re.Pattern[str] = regex(r"(?!)")
    cleaner: str = ""


_CACHES = (
    # apt itself deletes what it has installed; apt-get keeps it.
    _Cache(
        "/var/cache/apt/archives",
        APT.programs,
        (*APT.installs, *APT.upgrades),
        APT.dry,
        ("clean", "distclean"),
        regex(r"/var/cache(?:/apt|/\*|/?(?![\w/]))"),
        "clean",
        regex(r"(?i)keep-downloaded-packages|dir::cache|dpkg::post-invoke|docker-clean"),
        cleaner="apt-get",
    ),
    _Cache(
        "/var/cache/dnf",
        DNF.programs,
        (*DNF.installs, *DNF.upgrades, "makecache"),
        ("--installroot", *DNF.dry),
        ("clean",),
        regex(r"/var/cache(?:/dnf|/yum|/\*|/?(?![\w/]))"),
        "clean all",
    ),
    _Cache(
        "/var/cache/zypp",
        ZYPPER.programs,
        ZYPPER.fetches,
        ("--root", *ZYPPER.dry),
        ("clean", "cc"),
        regex(r"/var/cache(?:/zypp|/\*|/?(?![\w/]))"),
        "clean --all",
    ),
    _Cache(
        "~/.cache/pip",
        ("pip",),
        PIP.fetches,
        ("--no-cache-dir", "--cache-dir", "--no-index", *PIP.dry),
        ("cache",),
        regex(r"\.cache\b|/pip\b"),
        "cache purge",
        regex(r"(?i)pip_no_cache_dir|no-cache-dir\s*=|global\.no-cache-dir|pip_cache_dir"),
    ),
    _Cache(
        "~/.npm",
        NPM.programs,
        NPM.fetches,
        ("--cache", "--offline", *NPM.dry),
        ("cache",),
        regex(r"\.npm\b|_cacache"),
        "cache clean --force",
        regex(r"(?i)npm_config_cache|npm\s+config\s+set\s+cache\b"),
    ),
)


@rule(
    Template,
    "BL901",
    "package-cache-left",
    Severity.INFO,
    summary=N_("The cache of a package manager stays in the image"),
    bad=FROM + "RUN dnf install -y nginx\n",
    good=FROM + "RUN dnf install -y nginx && dnf clean all\n",
    is_default=False,
    having=(Run,),
)
def package_cache_left(node: Template, context: Context) -> Iterator[Finding]:
    """An instance does not need what the package manager has downloaded: packages that apt-get
    keeps after installing them, lists of dnf and yum that are outdated when the instance starts,
    archives of pip and npm. They make the image larger, copying it to other regions slower, and its
    snapshot more expensive. Unlike container images, ECS images of Debian and Ubuntu have no hook
    that runs `apt-get clean`. Packages installed after the cleanup fill the cache again. Sources:
    apt-get(8), clean; dnf(8), clean; zypper(8), clean; pip, "Caching"; npm-cache.
    """
    left: dict[_Cache, tuple[Span, str]] = {}
    for instruction in node.instructions:
        if isinstance(instruction, Component):
            left.clear()
        elif isinstance(instruction, Run):
            _follow_caches(instruction, context.shell(instruction), left)
    text = N_(
        "the files downloaded here stay in `{path}`, in the image and all its copies; add "
        "`{advice}` after this"
    )
    missing = missing_managers(context.system) if context.system else ()
    for cache, (at, program) in left.items():
        # BL560 tells of a package manager that the base image does not have.
        if program not in missing and not context.commands_say(cache.spared):
            path = _folder_of_yum(context) if program == "yum" else cache.path
            advice = f"{cache.cleaner or program} {cache.advice}"
            yield Finding(at, Message(text, {"path": path, "advice": advice}))


def _folder_of_yum(context: Context) -> str:
    """Where yum keeps what it downloads: most systems have dnf by that name, old ones have not."""
    return f"/var/cache/{context.system.manager}" if context.system else "/var/cache"


def _follow_caches(run: Run, script: Script, left: dict[_Cache, tuple[Span, str]]) -> None:
    """Note the caches that a RUN fills and does not empty, and forget those that it empties.

    Each comes with the program that has filled it: another may not be there to empty it.
    """
    given = [command.start for command in hands_over(script)]
    for cache in _CACHES:
        cleaned = [*given, *removals(run.argument_text, cache.files)]
        filled: list[tuple[Word, str]] = []
        for command in script.named(*(name for name in script.names if _may_be(name, cache))):
            word = _verb(command)
            if word and word.text in cache.empties:
                cleaned.append(command.start)
            elif word and _fills(command, word.text, cache):
                filled.append((word._replace(start=command.start), _program(command)))
        last = max(cleaned, default=-1)
        if last >= 0:
            left.pop(cache, None)
        still = [(script.span(word), name) for word, name in filled if word.start > last]
        if still:
            left[cache] = still[-1]


def _may_be(name: str, cache: _Cache) -> bool:
    """Whether a program is one of a cache: `pip3.11` is pip, and `python3 -m pip` may follow."""
    plain = name.rstrip("0123456789.")
    return plain in cache.programs or (plain == "python" and "pip" in cache.programs)


def _program(command: Command) -> str:
    """What is written for the program: `python3 -m pip` where the interpreter runs it."""
    return f"{command.name} -m pip" if command.name.startswith("python") else command.name


def _verb(command: Command) -> Word | None:
    words = command.operands("-c -m -o -t -x --prefix --proxy")
    return next((word for word in words if word.text != "group"), None)


def _fills(command: Command, verb: str, cache: _Cache) -> bool:
    is_other = command.name == "apt" or (
        command.name.startswith("python") and command.words[:2] != ["-m", "pip"]
    )
    return verb in cache.fills and not is_other and not command.has_flag(*cache.flags)


# --- history -------------------------------------------------------------------------------------

# What is done to a file with a history; to unset its name does nothing to it.
_HISTORY = regex(r"_history\b|HISTFILE=|\$\{?HISTFILE|\bset\s+-o\s+history\b")


@rule(
    Run,
    "BL903",
    "history-not-cleared",
    Severity.INFO,
    summary=N_("`history -c` does not clear any file"),
    bad=FROM + "RUN history -c\n",
    good=FROM + "RUN rm -f /root/.bash_history\n",
    is_default=False,
)
def history_not_cleared(node: Run, context: Context) -> Iterator[Finding]:
    """RUN is a script: its shell has no history and neither reads nor writes one, so `history -c`
    clears an empty list, and `history -w` has no file. What was typed on the machine that the base
    image was made from is in `~/.bash_history`, and stays there. For the same reason, a template
    leaves no history to delete. Source: bash(1), "HISTORY".
    """
    script = context.shell(node)
    for command in script.named("history"):
        if command.has_flag("-c") and not context.says(_HISTORY):
            text = N_(
                "the shell of a RUN has no history, so this clears nothing; for the base image's "
                "history, use `rm -f /root/.bash_history`"
            )
            yield Finding(script.span(command), Message(text))


# --- keys ----------------------------------------------------------------------------------------

_KEYS = regex(r"(?:\S*/)?authorized_keys2?")
_KEYS_REMOVED = regex(r"authorized_keys|\.ssh/?(?:\*|(?![\w/]))")


@rule(
    Template,
    "BL911",
    "login-key-in-image",
    Severity.INFO,
    summary=N_("An SSH key for login is written into the image"),
    bad=FROM + "RUN curl -fsS https://example.com/team.pub >> /root/.ssh/authorized_keys\n",
    good=FROM + "RUN install -d -m 0700 /root/.ssh\n",
    is_default=False,
    having=(Run,),
)
def login_key_in_image(node: Template, context: Context) -> Iterator[Finding]:
    """Anyone who has the private key can log in to every instance of the image, also in accounts
    that it is shared with, and to revoke the key, each of them must be changed. Set the key pair
    when an instance is created (KeyPairName of RunInstances): cloud-init installs it. Sources: the
    service's documentation of key pairs; sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
    """
    scripts = map(context.shell, context.runs)
    places = [script.span(word) for script in scripts for word in _key_files(script)]
    removed = last_remover(node.text.replace("\\\n", "  "), _KEYS_REMOVED) if places else -1
    text = N_(
        "this key can log in to every instance of the image; set a key pair when you create an "
        "instance (KeyPairName)"
    )
    yield from (Finding(at, Message(text)) for at in places if at.end > removed)


def _key_files(script: Script) -> Iterator[Word]:
    for command in script.commands:
        words = [*written_files(command), *put_in_place(command)]
        keys = [word for word in words if _KEYS.fullmatch(word.text)]
        if keys and not brings_no_text(script, command):
            yield from keys
    for command in script.named("curl", "wget"):
        for flag, word in zip(command.arguments, command.arguments[1:], strict=False):
            if flag.text in ("-o", "-O", "--output") and _KEYS.fullmatch(word.text):
                yield word
