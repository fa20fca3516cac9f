"""Which RUNs dash reads where it is /bin/sh."""

from collections.abc import Callable, Iterable, Iterator

from buildlint.language.syntax import Run
from buildlint.shell.commands import Script
from buildlint.text.regex import regex

# Another interpreter than sh, in a first line of the text itself.
_OTHER = regex(r"#!(?![^\n]*/(?:da)?sh\b)")
_PATHS = frozenset(("/bin/sh", "/usr/bin/sh"))
_CHANGERS = ("cp", "dpkg-divert", "install", "ln", "mv", "update-alternatives")
_HINTS = ("/bin/sh", "dpkg-reconfigure", "dash/sh")


def read_by_sh(runs: Iterable[Run], read: Callable[[Run], Script]) -> Iterator[Run]:
    """Yield the RUNs that the /bin/sh of the base image reads, which another may replace."""
    for run in runs:
        text = run.argument_text
        if run.shell_text and not _OTHER.match(text):
            yield run
        if any(hint in text for hint in _HINTS) and _replaces_sh(text, read(run)):
            return


def _replaces_sh(text: str, script: Script) -> bool:
    """Whether /bin/sh may be another shell behind a RUN: a link to bash, or a choice of dash's."""
    if "dash/sh" in text:
        return True  # the question that debconf asks
    if any("dash" in each.words for each in script.named("dpkg-reconfigure")):
        return True
    return any(not _PATHS.isdisjoint(each.words) for each in script.named(*_CHANGERS))
