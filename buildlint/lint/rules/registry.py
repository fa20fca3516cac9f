"""How a rule is declared, and where the rules are looked up without importing their modules."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from inspect import cleandoc
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from buildlint.language.syntax import Instruction, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.index import RULES
from buildlint.service.contract import Kind, ServiceCode
from buildlint.service.systems import Shell
from buildlint.shell.shellcheck.codes import ANY, NAME, Selection, is_selector, selection
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown, similar
from buildlint.text.record import Record


class Example(NamedTuple):
    """Files that show a rule: a template, the TOML of its request, and its test, if it has one.

    What `is_component` is that instead of a template, in YAML if it `is_yaml`;
    `component` is the text of one that the template uses. `host` is the name of the file that the
    text is instead of a template, one that may hold templates. `output` is what it prints when it
    is rehearsed.
    """

    template: str
    request: str | None = None
    test: str | None = None
    is_component: bool = False
    is_yaml: bool = False
    component: str | None = None
    host: str | None = None
    output: str | None = None


Check = Callable[..., Iterator[Finding]]
CheckT = TypeVar("CheckT", bound=Check)


class Declaration(Record):
    """What only the module of a rule knows: its texts, its examples, and its function."""

    summary: str
    rationale: str
    bad: Example | Callable[[], str]
    good: Example
    check: Check


class Rule(Record):
    """A rule: what the decorator was given, and the function with its docstring.

    `nodes` are the names of the classes of node that it looks at. One that is not `is_default` is
    an opinion: it runs where it is selected. One about `programs` runs where one of them is run;
    one about the whole template that is `having` nodes of certain classes, where there are any; one
    about certain `kinds` of texts in these alone; one about certain `shells` where the /bin/sh of
    the base image is one of them. What else is declared lies in `module`, which is imported when it
    is asked for.
    """

    code: str
    name: str
    severity: Severity
    service_code: ServiceCode | None
    is_default: bool
    nodes: tuple[str, ...]
    having: tuple[str, ...]
    programs: tuple[str, ...]
    kinds: tuple[str, ...]
    module: str
    shells: tuple[str, ...] = ()
    declared: Declaration | None = None

    @cached_property
    def declaration(self) -> Declaration:
        """All the rest, from its module."""
        if self.declared:
            return self.declared
        import_module(self.module)
        return DECLARED.rules[self.code].declaration

    @cached_property
    def check(self) -> Check:
        """The function that yields the findings for a node."""
        return self.declaration.check

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called besides its code: its name, and the service's, in small letters."""
        return (self.name, self.service_code.lower()) if self.service_code else (self.name,)

    @property
    def summary(self) -> str:
        """What it finds."""
        return self.declaration.summary

    @property
    def explanation(self) -> str:
        """The rationale without the indentation that it has in the code."""
        return cleandoc(self.declaration.rationale)

    @property
    def bad(self) -> Example:
        """What yields the rule's code."""
        bad = self.declaration.bad
        return bad if isinstance(bad, Example) else Example(bad())

    @property
    def needs_request(self) -> bool:
        """Whether it finds nothing where there is no request: its example has one."""
        return self.bad.request is not None

    @property
    def good(self) -> Example:
        """What yields nothing at all."""
        return self.declaration.good


class Index:
    """Rules by what they look at: a class of node, and the programs that are run there."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_node: dict[str, list[Rule]] = {}
        self._by_class: dict[tuple[type, str], _OfClass] = {}
        for rule in rules:
            for name in rule.nodes:
                self._by_node.setdefault(name, []).append(rule)

    def of(self, node: object, context: Context) -> Sequence[Rule]:
        """Return those that look at a node."""
        key = type(node), context.kind.name
        if key not in self._by_class:
            self._by_class[key] = _OfClass(type(node), self._of(*key))
        found = self._by_class[key]
        if found.is_empty:
            return ()
        rules = found.of(context.sh or "", found.called(node, context))
        if isinstance(node, Template):
            rules = [each for each in rules if context.has_any(*each.having)]
        return rules

    def _of(self, node: type, kind: str) -> Iterator[Rule]:
        for name in (base.__name__ for base in node.__mro__):
            for each in self._by_node.get(name, ()):
                if not each.kinds or kind in each.kinds:
                    yield each


_NOTHING: frozenset[str] = frozenset()
# So many combinations of programs are remembered.
_MAX_KNOWN = 1_024


class _OfClass:
    """The rules that look at the nodes of a class, those about programs and shells by these."""

    def __init__(self, node: type, rules: Iterable[Rule]) -> None:
        self.rules: list[Rule] = []
        # A rule about programs may look at other commands as well.
        is_filtered = issubclass(node, Run) or not issubclass(node, Instruction)
        self.by_program: dict[str, list[Rule]] = {}
        self.by_shell: dict[str, list[Rule]] = {}
        for rule in rules:
            for program in rule.programs if is_filtered else ():
                self.by_program.setdefault(program, []).append(rule)
            for shell in rule.shells:
                self.by_shell.setdefault(shell, []).append(rule)
            if not (rule.shells or (rule.programs and is_filtered)):
                self.rules.append(rule)
        self.is_empty = not (self.rules or self.by_program or self.by_shell)
        self._programs = frozenset(self.by_program)
        self._known: dict[tuple[str, frozenset[str]], Sequence[Rule]] = {}

    def called(self, node: object, context: Context) -> frozenset[str]:
        """The programs among those that are run in a node, or in the whole template."""
        if not self.by_program:
            return _NOTHING
        runs = [node] if isinstance(node, Run) else context.runs
        try:
            return _NOTHING.union(*(context.shell(run).names for run in runs)) & self._programs
        except Exception:  # noqa: BLE001 - each rule then says that it crashed
            return self._programs

    def of(self, shell: str, called: frozenset[str]) -> Sequence[Rule]:
        """Return those for a shell and programs; most nodes are about what others were about."""
        known = self._known.get((shell, called))
        if known is None:
            by_program = (self.by_program[name] for name in sorted(called))
            rules = chain(self.rules, self.by_shell.get(shell, ()), *by_program)
            known = tuple({rule.code: rule for rule in rules}.values())
            if len(self._known) < _MAX_KNOWN:
                self._known[shell, called] = known
        return known


class Registry:
    """Rules by their code, and by the class of node that they look at.

    `shellcheck` are the codes of ShellCheck that are selected beside them.
    """

    def __init__(
        self, rules: Mapping[str, Rule] | None = None, shellcheck: Selection | None = None
    ) -> None:
        self.rules = dict(rules or {})
        self.shellcheck = shellcheck or Selection()

    def rule(
        self,
        nodes: type | tuple[type, ...],
        code: str,
        name: str,
        severity: Severity,
        *,
        summary: str,
        service_code: ServiceCode | None = None,
        bad: str | Example | Callable[[], str],
        good: str | Example,
        explanation: str | None = None,
        is_default: bool = True,
        programs: Iterable[str] = (),
        having: Iterable[type] = (),
        kinds: Iterable[Kind] = (),
        shells: Iterable[Shell] = (),
    ) -> Callable[[CheckT], CheckT]:
        """Declare a rule; the decorated function yields its findings for one node.

        `nodes` are the classes of node that it looks at: of the tree, `Source` for the raw text,
        `Request` for the request. `bad` yields the rule's code, `good` yields nothing at all; a
        function makes one that is large. The docstring of the decorated function, or `explanation`,
        says why the service minds. A rule that is not `is_default` runs only where it is selected,
        one about `programs` only for a RUN or a template that runs one of them, one about the whole
        template only where that has nodes of the classes `having`: thousands of calls a template,
        and the import of the rule's module, are saved so. One about `kinds` of texts runs in these
        alone, one about `shells` where the /bin/sh of the base image is known to be one of them.
        """

        def declare(check: CheckT) -> CheckT:
            if code in self.rules:
                raise ValueError(f"rule {code} is declared twice")
            self.rules[code] = Rule(
                code,
                name,
                severity,
                service_code,
                is_default,
                _names(nodes if isinstance(nodes, tuple) else (nodes,)),
                _names(having),
                tuple(sorted(programs)),
                tuple(each.name for each in kinds),
                check.__module__,
                tuple(shells),
                Declaration(
                    summary,
                    explanation or check.__doc__ or "",
                    Example(bad) if isinstance(bad, str) else bad,
                    good if isinstance(good, Example) else Example(good),
                    check,
                ),
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
        """Keep the rules that `select` and `extend_select` stand for, without those of `ignore`.

        An empty `select` stands for the rules that are on by default; what the others stand for
        says `codes_of`. Raises LookupError for one that stands for no rule.
        """
        select, extend_select = tuple(select), tuple(extend_select)
        chosen, left_out, added = (
            tuple(chain.from_iterable(map(self.codes_of, each)))
            for each in (select, ignore, extend_select)
        )
        defaults = (code for code, rule in self.rules.items() if rule.is_default)
        codes = {*(chosen or defaults), *added} - {*left_out}
        rules = {code: rule for code, rule in self.rules.items() if code in codes}
        firsts = (self.codes_of(each)[0] for each in (*select, *extend_select))
        is_explicit = any(map(is_selector, firsts))
        return Registry(rules, selection(chosen, added, left_out, is_explicit=is_explicit))

    def without(self, codes: Container[str]) -> "Registry":
        """Leave rules out."""
        rules = {code: rule for code, rule in self.rules.items() if code not in codes}
        return Registry(rules, self.shellcheck)

    def with_severities(self, severities: Mapping[str, str]) -> "Registry":
        """Give rules other severities, by selectors; of several, the one for fewer rules counts.

        Raises LookupError for a selector that stands for no rule.
        """
        if not severities:
            return self
        found = [(REGISTRY.codes_of(each), severity) for each, severity in severities.items()]
        found.sort(key=lambda each: -len(each[0]))
        by_code = {code: severity for codes, severity in found for code in codes}
        rules = {
            code: rule.replace(severity=Severity(by_code.get(code, rule.severity)))
            for code, rule in self.rules.items()
        }
        return Registry(rules, self.shellcheck.replace(severities=by_code))

    @cached_property
    def index(self) -> Index:
        """The rules by what they look at, when all of them are declared."""
        return Index(self.rules.values())

    def codes_of(self, selector: str) -> tuple[str, ...]:
        """The codes that a selector stands for.

        It is a code or the beginning of one, the name of a rule, an error code of the service, or
        `ALL`, in any case. `SC` and longer beginnings of ShellCheck's codes stand for themselves.
        Raises LookupError for one that stands for none.
        """
        prefix = selector.upper()
        if prefix == "ALL":
            return (*self.rules, ANY)
        if is_selector(prefix):
            return (prefix,)
        name = selector.lower()
        if name == NAME:
            return (ANY,)
        found = tuple(code for code in self.rules if prefix and code.startswith(prefix)) or tuple(
            code for code, rule in self.rules.items() if name in rule.names
        )
        if not found:
            raise LookupError(selector)
        return found

    def unknown(self, selector: str) -> Message:
        """Say that a selector stands for no rule, and what it may have been meant to be."""
        rules = self.rules.values()
        known = {each.lower(): each for rule in rules for each in (rule.code, rule.name)}
        known |= {str(each).lower(): str(each) for each in ServiceCode}
        # Letters in the place of digits are seen first: BL3O5.
        digits = selector[:2].lower() + selector[2:].lower().translate(_DIGITS)
        suggestion = digits if digits in known else similar(selector.lower(), known, cutoff=0.7)
        fields = {"code": shown(selector), "suggestion": suggestion and known[suggestion]}
        if suggestion:
            return Message(N_("unknown rule `{code}`; did you mean `{suggestion}`?"), fields)
        text = N_("unknown rule `{code}`; `buildlint rule --all` lists all rules")
        return Message(text, fields)


_DIGITS = str.maketrans("oil", "011")


def _names(classes: Iterable[type]) -> tuple[str, ...]:
    return tuple(each.__name__ for each in classes)


def _listed(
    code: str,
    name: str,
    severity: str,
    service_code: str | None,
    *rest: Any,  # noqa: ANN401
) -> Rule:
    """Read a row of the index."""
    known = ServiceCode(service_code) if service_code else None
    return Rule(code, name, Severity(severity), known, *rest)


# Where a module declares its rules when it is imported.
DECLARED = Registry()
rule = DECLARED.rule
# All rules, whether their modules have been imported or not.
REGISTRY = Registry({row[0]: _listed(*row) for row in RULES})
