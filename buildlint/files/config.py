"""Configuration: `[tool.buildlint]` in pyproject.toml, or buildlint.toml, the nearest one above."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from buildlint.files.reading import read
from buildlint.files.search import Search
from buildlint.lint.linter import Policy, nobody_knows
from buildlint.lint.reporters import FORMATS
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import FromSemantics
from buildlint.shell.shellcheck.codes import is_code
from buildlint.text.diagnostics import Severity
from buildlint.text.messages import N_, filled, shown, similar
from buildlint.text.record import Record
from buildlint.text.source import Source
from buildlint.text.span import Span

OWN_FILE = "buildlint.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "buildlint")
_NO_RULE = N_("unknown rule `{code}`")


class ConfigError(ValueError):
    """A configuration that cannot be used; the text says where and why."""


class Option(Record):
    """An option: its default, what it is for, what is wrong with a value, and its JSON schema."""

    default: Any
    description: str
    problem: Callable[[Any], str | None]
    schema: Mapping[str, Any]


def _codes(value: object) -> str | None:
    if not _is_texts(value):
        return filled(N_("must be a list of rule codes or code prefixes"))
    return next((wrong for code in value if (wrong := _code(code))), None)  # type: ignore[attr-defined]


def _code(selector: str) -> str | None:
    try:
        REGISTRY.select([selector])
    except LookupError:
        return filled(_NO_RULE, code=selector)
    return None


def _patterns(value: object) -> str | None:
    if not _is_texts(value):
        return filled(N_("must be a list of glob patterns"))
    negated = next((each for each in value if each.startswith(_NOT)), None)  # type: ignore[attr-defined]
    if negated is None:
        return None
    text = N_("`{pattern}` excludes nothing from the others; `!` is for per-file-ignores only")
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
        if code not in REGISTRY.rules and not is_code(code):
            return filled(_NO_RULE, code=code)
        if wrong := _one_of(Severity)(severity):
            return f"{code} {wrong}"
    return None


def _one_of(names: Any) -> Callable[[object], str | None]:  # noqa: ANN401 - a list or an enumeration
    known = [str(name) for name in names]
    text = N_("must be one of {names}")
    return lambda value: None if value in known else filled(text, names=", ".join(known))


_LENGTHS = (20, 1_000)


def _length(value: object) -> str | None:
    least, most = _LENGTHS
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return None
    return filled(N_("must be an integer from {least} to {most}"), least=least, most=most)


_PATTERNS = {"type": "array", "items": {"type": "string", "pattern": "^(?!!)"}}
_SELECTORS = {"type": "array", "items": {"type": "string", "pattern": "^(ALL|[A-Z]+[0-9]*)$"}}


def _truth(value: object) -> str | None:
    return None if isinstance(value, bool) else filled(N_("must be true or false"))


def _enumerated(names: Any) -> dict[str, Any]:  # noqa: ANN401 - a list or an enumeration
    return {"enum": [str(name) for name in names]}


OPTIONS: Mapping[str, Option] = {
    "select": Option(
        [],
        "Rules to run; an empty list stands for those that are on by default.",
        _codes,
        _SELECTORS,
    ),
    "extend-select": Option([], "Rules to run besides those of select.", _codes, _SELECTORS),
    "ignore": Option(
        [], "Rules to skip: comma-separated codes or code prefixes.", _codes, _SELECTORS
    ),
    "per-file-ignores": Option(
        {},
        "Rules to leave out in the files that a pattern fits.",
        _codes_by_pattern,
        {"type": "object", "additionalProperties": _SELECTORS},
    ),
    "severity": Option(
        {},
        "Other severities for rules, by their codes.",
        _severities,
        {"type": "object", "additionalProperties": _enumerated(Severity)},
    ),
    "fail-on": Option(
        "error",
        "The least severity that fails a run.",
        _one_of(Severity),
        _enumerated(Severity),
    ),
    "include": Option(
        ["BuildContent", "*.buildcontent"],
        "Files that a search takes for templates.",
        _patterns,
        _PATTERNS,
    ),
    "exclude": Option([], "Files and folders that a search passes over.", _patterns, _PATTERNS),
    "force-exclude": Option(
        default=False,
        description="Whether exclude also holds for paths that are named.",
        problem=_truth,
        schema={"type": "boolean"},
    ),
    "output-format": Option(
        "full", "The format of reports.", _one_of(FORMATS), _enumerated(FORMATS)
    ),
    "from-semantics": Option(
        "override",
        "What the service makes of FROM.",
        _one_of(FromSemantics),
        _enumerated(FromSemantics),
    ),
    "bash": Option(
        default=True,
        description="Whether bash is asked, where there is one, if it refuses a shell text, too.",
        problem=_truth,
        schema={"type": "boolean"},
    ),
    "line-length": Option(
        100,
        "The width past which the formatter gives each pair a line.",
        _length,
        {"type": "integer", "minimum": _LENGTHS[0], "maximum": _LENGTHS[1]},
    ),
}


def _ask_bash(text: str) -> bool | None:
    """Ask bash, which is looked for only when there is something to ask."""
    from buildlint.shell.bash import refuses  # noqa: PLC0415

    return refuses(text)


class Config(Record):
    """The options that a file sets; `path` is that file, None where there is none."""

    path: Path | None = None
    values: Mapping[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - each option has a type of its own
        return self.values.get(name, OPTIONS[name].default)

    @property
    def root(self) -> Path:
        """The folder that patterns are relative to."""
        return self.path.parent if self.path else Path.cwd()

    def matches(self, path: Path, name: str) -> bool:
        """Whether a pattern of an option fits a path: all of it, or one of its parts."""
        return any(_fits(path, pattern, self.root) for pattern in self[name])

    def ignored_in(self, path: Path) -> list[str]:
        """The rules that are left out in a file: `!` before a pattern means all others."""
        return [
            code
            for pattern, codes in self["per-file-ignores"].items()
            if _fits(path, pattern.removeprefix(_NOT), self.root) is not pattern.startswith(_NOT)
            for code in codes
        ]


_NOT = "!"
# The root itself: what follows stands there, and nowhere below it.
_HERE = "./"


def _fits(path: Path, pattern: str, root: Path) -> bool:
    try:
        relative = PurePath(path.absolute().relative_to(root.absolute()))
    except ValueError:
        relative = PurePath(path.name)
    if "/" in pattern:
        while pattern.startswith(_HERE):
            pattern = pattern.removeprefix(_HERE)
        return any(
            fnmatch(part.as_posix(), pattern.strip("/")) for part in (relative, *relative.parents)
        )
    return any(fnmatch(part, pattern) for part in relative.parts)


def excluding(
    path: Path, config_of: Callable[[Path], Config], *, forced: bool = False
) -> Config | None:
    """Find the configuration that excludes a path, or a folder that it is in; None if none does.

    Each decides up to the folder that it is in; that folder is decided on by the next one above.
    With `forced`, those count which force their excludes on paths that are named. Raises what
    `config_of` raises for the path itself.
    """
    previous = None
    while True:
        try:
            config = config_of(path)
        except (ConfigError, OSError):
            if previous is None:
                raise
            return None  # it is not about the path itself
        if config is previous:
            return None
        if config.matches(path, "exclude") and (config["force-exclude"] or not forced):
            return config
        if config.path is None:
            return None
        previous, path = config, config.root.absolute()


class Overrides(Record):
    """What the command line says; it stands above every configuration file."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    semantics: str | None = None
    force_exclude: bool | None = None

    def search(self, config_of: Callable[[Path], Config]) -> Search:
        """What a search takes by `include`, `exclude` and `force-exclude`.

        `config_of` tells the configuration that decides on a path: the nearest one above it, which
        may raise ConfigError or OSError; a file that has a broken one is taken, and reported then.
        """

        def is_excluded(path: Path) -> bool:
            with suppress(ConfigError, OSError):
                return excluding(path, config_of) is not None
            return False

        def takes_file(path: Path) -> bool:
            with suppress(ConfigError, OSError):
                return config_of(path).matches(path, "include") and not is_excluded(path)
            return Config().matches(path, "include")

        return Search(
            takes_file,
            lambda path: not is_excluded(path),
            lambda path: self.takes_named(path, config_of),
        )

    def takes_named(self, path: Path, config_of: Callable[[Path], Config]) -> bool:
        """Whether a path that is named is taken: unless it is excluded, and that is forced.

        Raises ConfigError, and OSError where nobody may look for a configuration.
        """
        if self.force_exclude is False:
            return True
        return excluding(path, config_of, forced=not self.force_exclude) is None

    def policy(self, config: Config, path: Path | None) -> Policy:
        """Make the policy for a file. Raises LookupError for a selector that fits no rule."""
        select, extend_select = self.select, self.extend_select
        if not select:
            select = config["select"]
            extend_select = (*config["extend-select"], *extend_select)
        ignore = (*self.ignore, *config["ignore"], *(config.ignored_in(path) if path else ()))
        registry = REGISTRY.select(select, ignore, extend_select=extend_select)
        registry = registry.with_severities(config["severity"])
        semantics = FromSemantics(self.semantics or config["from-semantics"])
        return Policy(registry, semantics, _ask_bash if config["bash"] else nobody_knows)


# --- finding and reading -------------------------------------------------------------------------


def nearest(folder: Path) -> Config:
    """Find the configuration for the files of a folder. Raises ConfigError."""
    return _nearest(folder.absolute())


def forget() -> None:
    """Read configuration files anew when they are next asked for."""
    _nearest.cache_clear()


@cache
def _nearest(folder: Path) -> Config:
    for name in (OWN_FILE, SHARED_FILE):
        path = folder / name
        # A link that leads nowhere is an error: whoever made it counts on the configuration.
        # So is a pipe. A folder may have any name.
        is_there = path.is_symlink() or (path.exists() and not path.is_dir())
        if is_there and (config := load(path)):
            return config
    return Config() if folder.parent == folder else _nearest(folder.parent)


def load(path: Path) -> Config | None:
    """Read a configuration file; None for a pyproject.toml that has no table for it.

    Raises ConfigError for one that cannot be read, and for unknown options and rules.
    """
    from buildlint.service.documents import (  # noqa: PLC0415 - most templates have none
        DocumentError,
        values_of,
    )
    from buildlint.text.reasons import reason  # noqa: PLC0415

    try:
        source = read(path)
        document, text = values_of(source)
    except OSError as error:
        raise ConfigError(f"{path}: {reason(error)}") from error
    except DocumentError as error:
        raise ConfigError(error.at(source)) from error
    prefix = _TABLE if path.name == SHARED_FILE else ()
    values: Any = document
    for part in prefix:
        values = values.get(part) if isinstance(values, dict) else None
    if values is None:
        return None
    for problem in _problems(source.replace(text=text), prefix, values):
        raise ConfigError(problem)
    return Config(path, values)


def _problems(source: Source, prefix: tuple[str, ...], values: object) -> Iterator[str]:
    """What is wrong with a configuration, each with its place."""
    from buildlint.service.locate import in_toml  # noqa: PLC0415

    if not isinstance(values, dict):
        yield filled(
            N_("{path}: {table} must be a table"), path=source.path, table=".".join(prefix)
        )
        return
    for name, value in values.items():
        problem = OPTIONS[name].problem(value) if name in OPTIONS else ""
        if problem is None:
            continue
        # The first is raised: so this is done once at most.
        places = {entry.path: entry.span for entry in in_toml(source.text)}
        position = source.position(places.get((*prefix, name), Span(0, 0)).start)
        place = f"{source.path}:{position.line}:{position.column}"
        if name not in OPTIONS:
            suggestion = similar(name, OPTIONS, cutoff=0.6)
            text = (
                N_("{place}: unknown option `{name}`; did you mean `{suggestion}`?")
                if suggestion
                else N_("{place}: unknown option `{name}`")
            )
            yield filled(text, place=place, name=shown(name), suggestion=suggestion)
        else:
            yield f"{place}: {name}: {problem}"
