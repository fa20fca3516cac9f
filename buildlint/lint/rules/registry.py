"""How a rule is declared, and where declarations are kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import cleandoc
from itertools import chain
from typing import NamedTuple, TypeVar

from buildlint.language.syntax import Run, Template
from buildlint.lint import secrets, suppressions
from buildlint.lint.secrets import Secret
from buildlint.lint.suppressions import Malformed, Suppression
from buildlint.service import effective
from buildlint.service.contract import FromSemantics, ServiceCode
from buildlint.service.effective import EffectiveBase, EffectiveContent
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.shell import reader
from buildlint.shell.reader import Script
from buildlint.shell.settings import Settings
from buildlint.shell.shellcheck.codes import Selection, is_selector, selection
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.source import Source


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides its node: the whole template, and the request if any."""

    source: Source
    template: Template
    request: Request | None
    semantics: FromSemantics = FromSemantics.OVERRIDE

    @cached_property
    def content(self) -> EffectiveContent:
        """What would be sent, and what the limits are measured on."""
        return effective.content(self.template, self.request, self.semantics)

    @cached_property
    def suppressions(self) -> tuple[Suppression | Malformed, ...]:
        """The comments that suppress diagnostics."""
        return suppressions.read(self.template)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The keys and passwords in the template."""
        return secrets.find(self.template, self._read)

    @cached_property
    def request_secrets(self) -> tuple[tuple[Path, str, Secret], ...]:
        """The keys and passwords in the request, with the paths of their values."""
        return secrets.find_in_request(self.request) if self.request else ()

    @cached_property
    def request_secret_texts(self) -> tuple[str, ...]:
        """What they say, each once."""
        return tuple(sorted({text for _, text, _ in self.request_secrets}))

    @cached_property
    def _unresolved(self) -> dict[int, Script]:
        return {}

    def _read(self, run: Run) -> Script:
        # The template keeps its nodes, so none gets the identity of another.
        script = self._unresolved.get(id(run))
        if script is None:
            script = reader.read(run) if reader.is_available() else Script()
            self._unresolved[id(run)] = script
        return script

    @cached_property
    def _scripts(self) -> dict[int, Script]:
        return {}

    def shell(self, run: Run) -> Script:
        """Return the commands of a RUN of the template; none where they cannot be parsed here.

        Words with variables that ENV has set are told as the shell will see them.
        """
        script = self._scripts.get(id(run))
        if script is None:
            script = self.settings.resolved(run, self._read(run))
            self._scripts[id(run)] = script
        return script

    @cached_property
    def settings(self) -> Settings:
        """What ENV and WORKDIR set for the RUN behind them."""
        return Settings(self.template)

    @cached_property
    def base(self) -> EffectiveBase | None:
        """The base image that the build starts from."""
        return effective.base_image(self.source, self.template, self.request, self.semantics)


class Example(NamedTuple):
    """Files that show a rule: a template, and the TOML text of its request if it has one."""

    template: str
    request: str | None = None


Check = Callable[..., Iterator[Finding]]
CheckT = TypeVar("CheckT", bound=Check)


@dataclass(frozen=True)
class Rule:
    """A rule: what the decorator was given, and the function with its docstring.

    One that is not `is_default` is an opinion: it runs where it is selected. One about `programs`
    runs for the RUN commands that run one of them; without any, for each node.
    """

    nodes: tuple[type, ...]
    code: str
    name: str
    severity: Severity
    summary: str
    rationale: str
    service_code: ServiceCode | None
    bad: Example
    good: Example
    check: Check
    is_default: bool
    programs: frozenset[str]

    @property
    def explanation(self) -> str:
        """The rationale without the indentation that it has in the code."""
        return cleandoc(self.rationale)


class Index:
    """Rules by what they look at: a class of node, and in a RUN its programs."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._declared: dict[type, list[Rule]] = {}
        self._by_class: dict[type, list[Rule]] = {}
        self._by_program: dict[str, dict[str, Rule]] = {}
        for rule in rules:
            for program in rule.programs:
                self._by_program.setdefault(program, {})[rule.code] = rule
            for node in () if rule.programs else rule.nodes:
                self._declared.setdefault(node, []).append(rule)

    def of(self, node: object, context: Context) -> Iterable[Rule]:
        """Return those that look at a node."""
        kind = type(node)
        if kind not in self._by_class:
            bases = kind.__mro__
            self._by_class[kind] = [rule for base in bases for rule in self._declared.get(base, ())]
        rules = self._by_class[kind]
        if not isinstance(node, Run):
            return rules
        called = (self._by_program[name] for name in self._programs(node, context))
        return chain(rules, {code: rule for each in called for code, rule in each.items()}.values())

    def _programs(self, run: Run, context: Context) -> Iterable[str]:
        try:
            return self._by_program.keys() & context.shell(run).names
        except Exception:  # noqa: BLE001 - each rule then says that it crashed
            return self._by_program


@dataclass
class Registry:
    """Rules by their code, and by the class of node that they look at.

    `shellcheck` are the codes of ShellCheck that are selected beside them.
    """

    rules: dict[str, Rule] = field(default_factory=dict)
    shellcheck: Selection = field(default_factory=Selection)

    def rule(
        self,
        nodes: type | tuple[type, ...],
        code: str,
        name: str,
        severity: Severity,
        *,
        summary: str,
        service_code: ServiceCode | None = None,
        bad: str | Example,
        good: str | Example,
        explanation: str | None = None,
        is_default: bool = True,
        programs: Iterable[str] = (),
    ) -> Callable[[CheckT], CheckT]:
        """Declare a rule; the decorated function yields its findings for one node.

        `nodes` are the classes of node that it looks at: of the tree, `Source` for the raw text,
        `Request` for the request. `bad` yields the rule's code, `good` yields nothing at all. The
        function's docstring, or `explanation`, says why the service minds. A rule that is not
        `is_default` runs only where it is selected, one about `programs` only for a RUN that runs
        one of them: thousands of calls a template are saved so.
        """

        def declare(check: CheckT) -> CheckT:
            if code in self.rules:
                raise ValueError(f"rule {code} is declared twice")
            self.rules[code] = Rule(
                nodes if isinstance(nodes, tuple) else (nodes,),
                code,
                name,
                severity,
                summary,
                explanation or check.__doc__ or "",
                service_code,
                bad if isinstance(bad, Example) else Example(bad),
                good if isinstance(good, Example) else Example(good),
                check,
                is_default,
                frozenset(programs),
            )
            return check

        return declare

    def select(
        self,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        *,
        extend_select: Iterable[str] = (),
    ) -> "Registry":
        """Keep the rules whose codes begin with one of `select` and with none of `ignore`.

        `ALL` stands for every rule, an empty `select` for those that are on by default. The rules
        of `extend_select` are kept besides. `SC` and what begins with it stands for codes of
        ShellCheck. Raises LookupError for a selector that no rule's code begins with.
        """
        select, ignore, extend_select = tuple(select), tuple(ignore), tuple(extend_select)
        chosen = (
            self._matching(*select)
            if select
            else {code for code, rule in self.rules.items() if rule.is_default}
        )
        codes = (chosen | self._matching(*extend_select)) - self._matching(*ignore)
        rules = {code: rule for code, rule in self.rules.items() if code in codes}
        return Registry(rules, selection(select, extend_select, ignore))

    def with_severities(self, severities: Mapping[str, str]) -> "Registry":
        """Give rules other severities, by their codes."""
        return (
            Registry(
                {
                    code: replace(rule, severity=Severity(severities.get(code, rule.severity)))
                    for code, rule in self.rules.items()
                },
                replace(self.shellcheck, severities=severities),
            )
            if severities
            else self
        )

    @cached_property
    def index(self) -> Index:
        """The rules by what they look at, when all of them are declared."""
        return Index(self.rules.values())

    def _matching(self, *selectors: str) -> set[str]:
        """The codes that selectors stand for. Raises LookupError for one that stands for none."""
        found: set[str] = set()
        for selector in selectors:
            prefix = "" if selector == "ALL" else selector or "-"
            codes = {code for code in self.rules if code.startswith(prefix)}
            if not codes and not is_selector(selector):
                raise LookupError(selector)
            found |= codes
        return found


REGISTRY = Registry()
rule = REGISTRY.rule
