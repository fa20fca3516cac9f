"""The options of a configuration: what each is for, and which values it takes."""

from collections.abc import Callable, Mapping
from typing import Any

from buildlint.files.names import HOST_SUFFIXES
from buildlint.lint.reporters import FORMAT_ALIASES, FORMATS
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import SEMANTICS_ALIASES, FromSemantics
from buildlint.text.diagnostics import BAR_ALIASES, NEVER, SEVERITY_ALIASES, Severity
from buildlint.text.messages import N_, as_code, filled
from buildlint.text.record import Record

# In the place of a severity: the rule is ignored.
OFF = "off"
# Before a pattern of `per-file-ignores`: all other files.
NOT = "!"


def _same(value: object) -> object:
    return value


class Option(Record):
    """An option: its default, what it is for, what is wrong with a value, and its JSON schema.

    `normal` spells a value as `problem` and the program expect it; one that is wrong stays so.
    """

    default: Any
    description: str
    problem: Callable[[Any], str | None]
    schema: Mapping[str, Any]
    normal: Callable[[Any], Any] = _same


def _listed(value: object) -> object:
    """Make a list of a string: items are separated by commas, as on the command line."""
    if not isinstance(value, str):
        return value
    return [item for each in value.split(",") if (item := each.strip())]


def _listed_by_pattern(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {pattern: _listed(codes) for pattern, codes in value.items()}


def _renamed(aliases: Mapping[str, str]) -> Callable[[object], object]:
    return lambda value: aliases.get(value, value) if isinstance(value, str) else value


def _severities_renamed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {selector: _renamed(SEVERITY_ALIASES)(each) for selector, each in value.items()}


def _codes(value: object) -> str | None:
    if not _is_texts(value):
        return filled(N_("must be a list of rule codes or code prefixes"))
    return next((wrong for code in value if (wrong := _code(code))), None)  # type: ignore[attr-defined]


def _code(selector: str) -> str | None:
    try:
        REGISTRY.codes_of(selector)
    except LookupError:
        return str(REGISTRY.unknown(selector))
    return None


def _patterns(value: object) -> str | None:
    if not _is_texts(value):
        return filled(N_("must be a list of glob patterns"))
    negated = next((each for each in value if each.startswith(NOT)), None)  # type: ignore[attr-defined]
    if negated is None:
        return None
    text = N_("`{pattern}` excludes nothing from the others; `!` is for `per-file-ignores` only")
    return filled(text, pattern=negated)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _codes_by_pattern(value: object) -> str | None:
    if not isinstance(value, dict):
        return filled(N_("must be a table from glob patterns to lists of rule codes"))
    return next((wrong for codes in value.values() if (wrong := _codes(codes))), None)


def _severities(value: object) -> str | None:
    if not isinstance(value, dict):
        return filled(N_("must be a table from rule codes to severities"))
    for code, severity in value.items():
        if wrong := _code(code):
            return wrong
        if wrong := _one_of((*Severity, OFF))(severity):
            return f"{code} {wrong}"
    return None


def _one_of(names: Any) -> Callable[[object], str | None]:  # noqa: ANN401 - a list or an enumeration
    known = [str(name) for name in names]
    text = N_("must be one of {names}")
    return lambda value: None if value in known else filled(text, names=as_code(known))


_LENGTHS = (20, 1_000)


def _length(value: object) -> str | None:
    least, most = _LENGTHS
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return None
    return filled(N_("must be an integer from {least} to {most}"), least=least, most=most)


def _list_of(pattern: str, in_string: str) -> dict[str, Any]:
    """The schema of a list of strings, or a string with its items."""
    items = {"type": "string", "pattern": pattern}
    text = {"type": "string", "pattern": in_string}
    return {"anyOf": [{"type": "array", "items": items}, text]}


_PATTERNS = _list_of("^(?!!)", "^(?!\\s*!)")
_SELECTORS = _list_of("^[A-Za-z][A-Za-z0-9.-]*$", "^[A-Za-z0-9., -]*$")


def _truth(value: object) -> str | None:
    return None if isinstance(value, bool) else filled(N_("must be `true` or `false`"))


def _enumerated(names: Any, *aliases: str) -> dict[str, Any]:  # noqa: ANN401 - a list or an enumeration
    return {"enum": [*(str(name) for name in names), *aliases]}


OPTIONS: Mapping[str, Option] = {
    "select": Option(
        [],
        "Rules to run, by code, code prefix or name; an empty list means the default rules.",
        _codes,
        _SELECTORS,
        _listed,
    ),
    "extend-select": Option([], "Rules to run in addition to select.", _codes, _SELECTORS, _listed),
    "ignore": Option(
        [], "Rules to skip, by code, code prefix or name.", _codes, _SELECTORS, _listed
    ),
    "per-file-ignores": Option(
        {},
        "Rules to skip in files that match a glob pattern.",
        _codes_by_pattern,
        {"type": "object", "additionalProperties": _SELECTORS},
        _listed_by_pattern,
    ),
    "severity": Option(
        {},
        "Severities of rules, by code; `off` switches a rule off.",
        _severities,
        {
            "type": "object",
            "additionalProperties": _enumerated(Severity, OFF, *SEVERITY_ALIASES),
        },
        _severities_renamed,
    ),
    "fail-on": Option(
        "error",
        "The minimum severity that fails the run.",
        _one_of((*Severity, NEVER)),
        _enumerated((*Severity, NEVER), *BAR_ALIASES),
        _renamed(BAR_ALIASES),
    ),
    "include": Option(
        [
            "BuildContent",
            "*.buildcontent",
            "*.component",
            "*.component.yaml",
            "*.component.yml",
            "*.request.toml",
            "*.request.json",
            *(f"*{suffix}" for suffix in HOST_SUFFIXES),
        ],
        "Glob patterns of templates, components, and files that may contain them.",
        _patterns,
        _PATTERNS,
        _listed,
    ),
    "exclude": Option(
        [], "Files and directories to skip when searching.", _patterns, _PATTERNS, _listed
    ),
    "force-exclude": Option(
        default=False,
        description="Apply exclude also to paths given on the command line.",
        problem=_truth,
        schema={"type": "boolean"},
    ),
    "output-format": Option(
        "full",
        "The format of reports.",
        _one_of(FORMATS),
        _enumerated(FORMATS, *FORMAT_ALIASES),
        _renamed(FORMAT_ALIASES),
    ),
    "from-semantics": Option(
        "override",
        "How the service treats FROM.",
        _one_of(FromSemantics),
        _enumerated(FromSemantics, *SEMANTICS_ALIASES),
        _renamed(SEMANTICS_ALIASES),
    ),
    "bash": Option(
        default=True,
        description="Ask bash, if it is installed, about a RUN that cannot be parsed.",
        problem=_truth,
        schema={"type": "boolean"},
    ),
    "line-length": Option(
        100,
        "The line length above which the formatter puts each pair on its own line.",
        _length,
        {"type": "integer", "minimum": _LENGTHS[0], "maximum": _LENGTHS[1]},
    ),
}
