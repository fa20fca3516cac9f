"""BL904 to BL906: what makes a machine the one that it is, and no instance may share."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Component, Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.cleaning import hands_over, removals
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span


class _Trait(NamedTuple):
    """Something that a machine has for itself.

    It is in files that `path` fits; `cleaned` says how a program takes it away, and `made` how it
    is made anew.
    """

    path: re.Pattern[str]
    cleaned: re.Pattern[str]
    made: re.Pattern[str]


_MACHINE_ID = _Trait(
    regex(r"(?<!dbus/)machine-id"),  # that of D-Bus is most often a link to it
    regex(r"\bcloud-init\s+clean\b(?:(?!\bcloud-init\s+clean\b)[^;&|\n])*--machine-id"),
    regex(
        r"\bsystemd-machine-id-setup\b|\bdbus-uuidgen\s+--ensure\b"
        r"|\b(?:dbus-)?uuidgen\s*>\s*/etc/machine-id"
    ),
)
_HOST_KEYS = _Trait(
    # Patterns of the shell and of find that fit the keys, and no others alone: not `*.pub`.
    regex(
        r"ssh_host(?:_|[*?\[])"
        r"|/etc/ssh/(?:s(?:s(?:h(?:_(?:h(?:o(?:st?)?)?)?)?)?)?)?\*"
        r"(?:(?![\w.?*\[])|(?:(?!/etc/ssh/)[^\s;&|])*key)"
        r"|/etc/ssh/?\s(?:(?!/etc/ssh)[^;&|\n])*-name\s+[\"']?\*?\w*key"
    ),
    regex(r"(?!)"),
    regex(
        r"\bssh-keygen\s(?:\s*-A\b|(?>(?:(?!\bssh-keygen\s)[^;&|\n])*ssh_host_\w+))"
        r"|\bdpkg-reconfigure\s(?:(?!\bdpkg-reconfigure\s)[^;&|\n])*openssh-server"
        r"|\bsystemctl\s+(?:re)?start\s+sshd\b|\bservice\s+sshd\s+(?:re)?start\b"
    ),
)
_STATE = _Trait(
    regex("/var/lib/cloud"),
    regex(r"\bcloud-init\s+clean\b"),
    regex(r"\bcloud-init\s+(?:init|modules|single)\b"),
)


@rule(
    Template,
    "BL904",
    "machine-id-left",
    Severity.INFO,
    summary=N_("The machine ID of the build instance stays in the image"),
    bad=FROM + "RUN dnf install -y nginx\n",
    good=FROM + "RUN dnf install -y nginx\nRUN truncate -s 0 /etc/machine-id\n",
    is_default=False,
    having=(Run,),
)
def machine_id_left(node: Template, context: Context) -> Iterator[Finding]:
    """The build instance has booted, so `/etc/machine-id` has been written, and systemd does not
    replace an existing ID. All instances of the image share it, and everything derived from it,
    such as DHCP client identifiers and journal names. In an image for many machines, the file
    should be empty or missing; every boot writes it again, also that of RESTART. Sources:
    machine-id(5); systemd, "Safely Building Images". The service's documentation does not say that
    the file is emptied.
    """
    text = N_(
        "all instances would share this machine ID; add `truncate -s 0 /etc/machine-id` after the "
        "last step that boots or sets it"
    )
    yield from _left(_MACHINE_ID, text, node, context)


@rule(
    Template,
    "BL905",
    "host-keys-left",
    Severity.INFO,
    summary=N_("The SSH host keys of the build instance stay in the image"),
    bad=FROM + "RUN dnf install -y nginx\n",
    good=FROM + "RUN dnf install -y nginx\nRUN rm -f /etc/ssh/ssh_host_*\n",
    is_default=False,
    having=(Run,),
)
def host_keys_left(node: Template, context: Context) -> Iterator[Finding]:
    """Anyone who has the image, or root on one of its instances, has the private keys that identify
    the other instances. cloud-init replaces them when a new instance starts, unless
    `ssh_deletekeys: false` is set, but they stay in the image and in every copy of it. If they are
    missing, they are created at boot: by cloud-init, or by sshd's own units on Red Hat-based
    systems. Sources: cloud-init, module "SSH"; systemd, "Safely Building Images".
    """
    text = N_(
        "the image keeps the build's SSH host keys; add `rm -f /etc/ssh/ssh_host_*` after the last "
        "step that boots or adds them"
    )
    yield from _left(_HOST_KEYS, text, node, context)


@rule(
    Template,
    "BL906",
    "cloud-init-state-left",
    Severity.INFO,
    summary=N_("cloud-init's data about the build instance stays in the image"),
    bad=FROM + "RUN dnf install -y nginx\n",
    good=FROM + "RUN dnf install -y nginx\nRUN cloud-init clean --logs\n",
    is_default=False,
    having=(Run,),
)
def cloud_init_state_left(node: Template, context: Context) -> Iterator[Finding]:
    """`/var/lib/cloud` contains the user data and metadata of the build instance, and markers of
    what has been done. cloud-init detects a new instance by its ID and starts over, but what runs
    only once (`cloud-init-per once`, `scripts/per-once`) has run, and with `manual_cache_clean` a
    new instance is taken for the old one. After `cloud-init clean`, the next boot is a first boot.
    Source: cloud-init, "First boot determination" and "clean".
    """
    text = N_(
        "the image keeps cloud-init's state, and run-once scripts stay off; add `cloud-init clean "
        "--logs` after the last boot"
    )
    yield from _left(_STATE, text, node, context)


def _left(trait: _Trait, text: str, node: Template, context: Context) -> Iterator[Finding]:
    """Yield a finding where a trait is left: at what makes it anew, else at the last RUN."""
    runs = [each for each in node.instructions if isinstance(each, Run)]
    if not runs:
        return
    at: Span | None = runs[-1].keyword.span
    for instruction in node.instructions:
        if isinstance(instruction, Component):
            at = None
        elif isinstance(instruction, Restart):
            at = at or instruction.keyword.span
        elif isinstance(instruction, Run):
            at = _after(trait, instruction, at, context)
    if at:
        yield Finding(at, Message(text))


def _after(trait: _Trait, run: Run, at: Span | None, context: Context) -> Span | None:
    """Where the trait is made that is left after a RUN; None if it was taken away."""
    written = run.argument_text
    places = [
        *removals(written, trait.path),
        *(match.start() for match in trait.cleaned.finditer(written)),
        *(command.start for command in hands_over(context.shell(run))),
    ]
    last = max(places, default=-1)
    if last >= 0:
        at = None
    for match in trait.made.finditer(written):
        if match.end() > last and not at and run.arguments:
            at = run.arguments.at(*match.span())
    return at
