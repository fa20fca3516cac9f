"""BL578: settings of the boot loader and of the first file system, from which files are made."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.rules.elsewhere import does_more
from buildlint.lint.rules.examples import FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import Shell
from buildlint.shell.files import changed_files
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_QUIET = "RUN sed -i 's/^GRUB_TIMEOUT=.*/GRUB_TIMEOUT=0/' /etc/default/grub"
# What writes files.
_WRITERS = ("awk", "cat", "cp", "echo", "install", "mv", "perl", "printf", "sed", "tee")
# Packages whose installation makes them anew, on Debian by a trigger.
_ANEW = (
    r"\b(?:dist-|full-)?upgrade\b|\bupdate\s+-|\bkernel|\blinux-|\bgrub2?-|\bdkms\b|weak-modules"
)


class _Made(NamedTuple):
    """Files, what makes other files of them, and the program that does on each kind of system."""

    files: re.Pattern[str]
    applied: re.Pattern[str]
    of_debian: str
    of_others: str


_ROWS = (
    _Made(
        regex(r"/etc/default/grub(?:\.d/[^/]+\.cfg)?"),
        regex(rf"{_ANEW}|update-grub|grubby|update-bootloader|reconfigure|tuned-adm"),
        "update-grub",
        "grub2-mkconfig -o /boot/grub2/grub.cfg",
    ),
    _Made(
        regex(r"/etc/dracut\.conf(?:\.d/[^/]+\.conf)?"),
        regex(rf"{_ANEW}|\bdracut\s+-|\bdracut\b(?!\.)|mkinitrd|initramfs"),
        "dracut --force",
        "dracut --force",
    ),
    _Made(
        # Any package may have the trigger.
        regex(r"/etc/initramfs-tools/(?:initramfs\.conf|modules|conf\.d/[^/]+)"),
        regex(rf"{_ANEW}|update-initramfs|mkinitramfs|\binstall\b|\bdpkg\b|reconfigure"),
        "update-initramfs -u",
        "update-initramfs -u",
    ),
)


@rule(
    Template,
    "BL578",
    "boot-file-not-made",
    Severity.WARNING,
    summary=N_("A setting of the boot loader or of the initramfs is not applied"),
    bad=f"{FROM_UBUNTU}{_QUIET}\n",
    good=f"{FROM_UBUNTU}{_QUIET} && update-grub\n",
    programs=_WRITERS,
)
def boot_file_not_made(node: Template, context: Context) -> Iterator[Finding]:
    """An instance boots with `grub.cfg` and the initramfs. `/etc/default/grub`, `/etc/dracut.conf`
    and `/etc/initramfs-tools` are only read when these are generated. Without that, the change has
    no effect until the next kernel update. Sources: the GRUB manual, "Simple configuration";
    dracut.conf(5); update-initramfs(8).
    """
    if not any(name in node.text for name in ("/etc/default/grub", "dracut.conf", "initramfs-to")):
        return
    if does_more(context):
        return
    for row in _ROWS:
        last = _last_change(row, context)
        if last:
            file, span = last
            text = N_("`{file}` is only read when the boot files are generated; run `{program}`")
            program = row.of_debian if context.sh is Shell.DASH else row.of_others
            yield Finding(span, Message(text, {"file": shown(file), "program": program}))


def _last_change(row: _Made, context: Context) -> tuple[str, Span] | None:
    """The last change of one of the files, if nothing behind it may apply it."""
    last: tuple[str, Span] | None = None
    for run in context.runs:
        script, place = context.shell(run), 0
        for command in script.commands:
            for word in changed_files(command):
                if row.files.fullmatch(word.text):
                    last, place = (word.text, script.span(word)), max(command.end, word.end)
        if last and row.applied.search(run.argument_text, place):
            last = None
    return last
