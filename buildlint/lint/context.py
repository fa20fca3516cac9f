"""What a rule may look at besides its node: everything known of the template and its request."""

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from buildlint.language.syntax import Run, Template
from buildlint.lint import secrets, suppressions
from buildlint.lint.secrets import Secret
from buildlint.lint.suppressions import Read
from buildlint.service import effective
from buildlint.service.contract import TEMPLATE, FromSemantics, Kind
from buildlint.service.effective import EffectiveBase, EffectiveContent
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.service.systems import Release, Shell, release
from buildlint.shell import reader
from buildlint.shell.commands import Script
from buildlint.shell.settings import Settings
from buildlint.text.record import Record
from buildlint.text.source import Source
from buildlint.text.span import Span

if TYPE_CHECKING:
    from buildlint.language.component import ComponentFile
    from buildlint.lint.mask import Hiding
    from buildlint.lint.misread import OpenString, OtherKind
    from buildlint.service.declared import Cause
    from buildlint.service.usable import UsableComponent
    from buildlint.service.violations import Violation
    from buildlint.shell.machine import Machine

_Found = TypeVar("_Found")


FindComponent = Callable[[str], "UsableComponent | None"]


def nothing_known(name: str) -> None:
    """Know no component."""
    del name


class Context(Record):
    """What a rule may look at besides its node: the whole template, and the request if any.

    `component_named` finds a component of the repository that a template uses. `unknown` are the
    spans of the text in whose place a host file puts what nobody knows here.
    """

    source: Source
    template: Template
    request: Request | None
    semantics: FromSemantics = FromSemantics.OVERRIDE
    kind: Kind = TEMPLATE
    component: "ComponentFile | None" = None
    component_named: FindComponent = nothing_known
    unknown: tuple[Span, ...] = ()

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The RUNs of the template."""
        return tuple(each for each in self.template.instructions if isinstance(each, Run))

    @cached_property
    def commands_text(self) -> str:
        """What the commands of the template say, a line each: without its comments."""
        return "\n".join(
            each.arguments.text for each in self.template.instructions if each.arguments
        )

    def has_any(self, *kinds: str) -> bool:
        """Whether there are nodes of one of the classes; of none, if none is named."""
        return not kinds or not self._kinds.isdisjoint(kinds)

    def once(self, key: Hashable, find: Callable[[], _Found]) -> _Found:
        """Find something out about the whole template: once, however many commands ask for it."""
        known = cast("dict[Hashable, _Found]", self._known)
        if key not in known:
            known[key] = find()
        return known[key]

    @cached_property
    def _known(self) -> dict[Hashable, object]:
        return {}

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern fits somewhere in the template."""
        return self.once(pattern, lambda: pattern.search(self.template.text) is not None)

    def commands_say(self, pattern: re.Pattern[str]) -> bool:
        """The same of what its commands say."""
        return self.once(
            ("commands", pattern), lambda: pattern.search(self.commands_text) is not None
        )

    def last_place(self, pattern: re.Pattern[str]) -> int:
        """Where the last match of a pattern begins in the template; -1 if there is none."""
        starts = (match.start() for match in pattern.finditer(self.template.text))
        return self.once(("last", pattern), lambda: max(starts, default=-1))

    @cached_property
    def _kinds(self) -> frozenset[str]:
        nodes = {type(node) for node in (*self.template.items, self.request)}
        return frozenset(base.__name__ for kind in nodes for base in kind.__mro__)

    @cached_property
    def other_kind(self) -> "OtherKind | None":
        """What the file is, if it is plainly no template."""
        if not self.has_any("Invalid"):
            return None
        from buildlint.lint import misread  # noqa: PLC0415 - only mistakes pay for it

        return misread.other_kind(self.template)

    @cached_property
    def open_strings(self) -> "tuple[OpenString, ...]":
        """The strings of RUNs whose lines are read as commands."""
        if not self.has_any("Invalid"):
            return ()
        from buildlint.lint import misread  # noqa: PLC0415 - only mistakes pay for it

        return misread.open_strings(self.template)

    @cached_property
    def in_strings(self) -> frozenset[int]:
        """Where the commands begin that are lines of such a string."""
        return frozenset(node.extent.start for each in self.open_strings for node in each.swallowed)

    @cached_property
    def content(self) -> EffectiveContent:
        """What would be sent, and what the limits are measured on."""
        if not self.kind.has_from:
            return effective.without_base(self.template)
        return effective.content(self.template, self.request, self.semantics)

    @cached_property
    def suppressions(self) -> tuple[Read, ...]:
        """The comments that suppress diagnostics."""
        return suppressions.read(self.template)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The keys and passwords in the template."""
        return secrets.find(self.template, self._read_for_secrets)

    @cached_property
    def request_secrets(self) -> tuple[tuple[Path, str, Secret], ...]:
        """The keys and passwords in the request, with the paths of their values."""
        if self.request is None:
            return ()
        from buildlint.lint.secrets import requests  # noqa: PLC0415 - only requests pay for it

        return requests.find(self.request)

    @cached_property
    def violations(self) -> "Mapping[Cause, Sequence[Violation]]":
        """What is wrong with the values of the request, by what it earns."""
        if self.request is None:
            return {}
        from buildlint.service.violations import (  # noqa: PLC0415 - only requests pay for it
            violations,
        )

        found: dict[Cause, list[Violation]] = {}
        request = self.request
        for each in violations(request.values, request.call.parameters, request.unknown):
            found.setdefault(each.cause, []).append(each)
        return found

    @cached_property
    def hiding(self) -> "Hiding":
        """What hides both."""
        from buildlint.lint.mask import Hiding  # noqa: PLC0415 - it knows what a context has

        given = self.component.secrets if self.component else ()
        return Hiding(self.template, self.secrets, self.request, self.request_secrets, given)

    @cached_property
    def _scripts(self) -> dict[int, Script]:
        return {}

    def _read(self, run: Run) -> Script:
        # The template keeps its nodes, so none gets the identity of another.
        script = self._scripts.get(id(run))
        if script is None:
            script = self._scripts[id(run)] = reader.read(run)
        return script

    def _read_for_secrets(self, run: Run) -> Script:
        # A secret is kept out of messages also where no rule can tell what the commands do.
        if run.arguments and reader.is_long(run):
            return secrets.from_first_program(run.arguments)
        return self._read(run)

    @cached_property
    def _resolved(self) -> dict[int, Script]:
        return {}

    def shell(self, run: Run) -> Script:
        """Return the commands of a RUN of the template; none where they cannot be parsed here.

        Words with variables that ENV has set are told as the shell will see them.
        """
        script = self._resolved.get(id(run))
        if script is None:
            script = self._resolved[id(run)] = self.settings.resolved(run, self._read(run))
        return script

    @cached_property
    def _vague_spans(self) -> tuple[Span, ...]:
        """The words of RUNs that hold shell text without places, those in another one left out."""
        spans = sorted(span for run in self.runs for span in self.shell(run).vague_spans)
        found: list[Span] = []
        for span in spans:
            if not found or found[-1].end < span.end:
                found.append(span)
        return tuple(found)

    def is_vague(self, place: Span) -> bool:
        """Whether a place is in or at shell text of which no place is known."""
        index = bisect_right(self._vague_spans, place.end, key=lambda each: each.start)
        return index > 0 and place.start <= self._vague_spans[index - 1].end

    @cached_property
    def settings(self) -> Settings:
        """What ENV and WORKDIR set for the RUN behind them."""
        return Settings(self.template)

    @cached_property
    def machine(self) -> "Machine":
        """What is certain of the machine at each place of the template."""
        from buildlint.shell.machine import Machine  # noqa: PLC0415 - few templates are asked for it

        places = [each.start for each in self.unknown]
        if self.template.is_open or not reader.is_available():
            places.append(0)
        return Machine(self.template, self.shell, self.system, tuple(places))

    @cached_property
    def base(self) -> EffectiveBase | None:
        """The base image that the build starts from."""
        if not self.kind.has_from:
            return None
        base = effective.base_image(self.source, self.template, self.request, self.semantics)
        if base is None or not (self.unknown or (self.request and self.request.unknown)):
            return base
        from buildlint.lint.unknown import certain_base  # noqa: PLC0415 - most texts are known

        return certain_base(base, self)

    @cached_property
    def system(self) -> Release | None:
        """The release of the base image, where its name tells it."""
        return release(*self.base.image) if self.base else None

    @property
    def sh(self) -> Shell | None:
        """What /bin/sh of the base image is, where that is known."""
        return self.system.distribution.shell if self.system else None

    def is_read_by_sh(self, run: Run) -> bool:
        """Whether the /bin/sh of the base image reads a RUN of the template."""
        return id(run) in self._read_by_sh

    @cached_property
    def _read_by_sh(self) -> frozenset[int]:
        from buildlint.shell.dash.runs import (  # noqa: PLC0415 - few ask for it
            read_by_sh,
        )

        return frozenset(map(id, read_by_sh(self.runs, self.shell)))

    @property
    def build(self) -> Request | None:
        """The request of the build that the commands are a part of, if it is known."""
        return self.request if self.kind.has_from else None
