"""Configuration: the nearest file above, of its own or the table of pyproject.toml."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from functools import cache, lru_cache
from pathlib import Path, PurePath
from typing import Any

from buildlint.files.options import NOT, OFF, OPTIONS
from buildlint.files.reading import read
from buildlint.files.search import Search
from buildlint.lint.linter import Policy, nobody_knows
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.contract import FromSemantics
from buildlint.text.messages import N_, as_code, filled, shown, similar
from buildlint.text.record import Record
from buildlint.text.source import Source
from buildlint.text.span import Span

_SHARED_FILE = "pyproject.toml"
# Of several in a directory, the first one counts.
FILES = (".buildlint.toml", "buildlint.toml", _SHARED_FILE)
_TABLE = ("tool", "buildlint")


class ConfigError(ValueError):
    """A configuration that cannot be used; the text says where and why."""


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
        patterns = self[name]
        if not patterns:
            return False  # asked about every file of a search, and most configurations have none
        relative = _relative(path, self.root)
        return any(_fits(relative, pattern) for pattern in patterns)

    def ignored_in(self, path: Path) -> list[str]:
        """The rules that are left out in a file: `!` before a pattern means all others."""
        relative = _relative(path, self.root)
        return [
            code
            for pattern, codes in self["per-file-ignores"].items()
            if _fits(relative, pattern.removeprefix(NOT)) is not pattern.startswith(NOT)
            for code in codes
        ]


# The root itself: what follows stands there, and nowhere below it.
_HERE = "./"


def _relative(path: Path, root: Path) -> PurePath:
    """Return a path from the folder that patterns are relative to; of one outside, the name."""
    try:
        return PurePath(path.absolute().relative_to(root.absolute()))
    except ValueError:
        return PurePath(path.name)


def _fits(relative: PurePath, pattern: str) -> bool:
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
    exclude: tuple[str, ...] = ()

    def search(self, config_of: Callable[[Path], Config]) -> Search:
        """What a search takes by `include`, `exclude` and `force-exclude`.

        `config_of` tells the configuration that decides on a path: the nearest one above it, which
        may raise ConfigError or OSError; a file that has a broken one is taken, and reported then.
        """

        def is_excluded(path: Path) -> bool:
            with suppress(ConfigError, OSError):
                return self._excludes(path) or excluding(path, config_of) is not None
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
        if self._excludes(path) and (self.force_exclude or config_of(path)["force-exclude"]):
            return False
        return excluding(path, config_of, forced=not self.force_exclude) is None

    def _excludes(self, path: Path) -> bool:
        if not self.exclude:
            return False
        relative = _relative(path, Path.cwd())
        return any(_fits(relative, pattern) for pattern in self.exclude)

    def policy(self, config: Config, path: Path | None) -> Policy:
        """Make the policy for a file. Raises LookupError for a selector that fits no rule."""
        select, extend_select = self.select, self.extend_select
        if not select:
            select = config["select"]
            extend_select = (*config["extend-select"], *extend_select)
        off, severities = _parted(config["severity"])
        in_file = config.ignored_in(path) if path else ()
        ignore = (*self.ignore, *config["ignore"], *in_file, *off)
        registry = _registry(tuple(select), ignore, tuple(extend_select), tuple(severities.items()))
        semantics = FromSemantics(self.semantics or config["from-semantics"])
        return Policy(registry, semantics, _ask_bash if config["bash"] else nobody_knows)


# Few files are judged by other rules than those before them, or than at the last keystroke.
@lru_cache(maxsize=64)
def _registry(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    severities: tuple[tuple[str, str], ...],
) -> Registry:
    registry = REGISTRY.select(select, ignore, extend_select=extend_select)
    return registry.with_severities(dict(severities))


def _parted(severities: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Part the selectors that are switched off from those with another severity."""
    off = [selector for selector, severity in severities.items() if severity == OFF]
    return off, {each: severities[each] for each in severities if each not in off}


# --- finding and reading -------------------------------------------------------------------------


def nearest(folder: Path) -> Config:
    """Find the configuration for the files of a folder. Raises ConfigError."""
    return _nearest(folder.absolute())


def forget() -> None:
    """Read configuration files anew when they are next asked for."""
    _nearest.cache_clear()


@cache
def _nearest(folder: Path) -> Config:
    for name in FILES:
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
    prefix = _TABLE if path.name == _SHARED_FILE else ()
    values: Any = document
    for part in prefix:
        values = values.get(part) if isinstance(values, dict) else None
    if values is None:
        return None
    for problem in _problems(source.replace(text=text), prefix, values):
        raise ConfigError(problem)
    return Config(
        path,
        {_option(name): OPTIONS[_option(name)].normal(value) for name, value in values.items()},
    )


def _option(name: str) -> str:
    """The name of an option that may be written with underscores."""
    return name.replace("_", "-")


def _problems(source: Source, prefix: tuple[str, ...], values: object) -> Iterator[str]:
    """What is wrong with a configuration, each with its place."""
    from buildlint.service.locate import in_toml  # noqa: PLC0415

    if not isinstance(values, dict):
        yield filled(
            N_("{path}: `{table}` must be a table"), path=source.path, table=".".join(prefix)
        )
        return
    for name, value in values.items():
        option = OPTIONS.get(_option(name))
        problem = option.problem(option.normal(value)) if option else ""
        if problem is None:
            continue
        # The first is raised: so this is done once at most.
        places = {entry.path: entry.span for entry in in_toml(source.text)}
        place = source.where(places.get((*prefix, name), Span(0, 0)).start)
        if option is None:
            suggestion = similar(_option(name), OPTIONS, cutoff=0.6)
            text = (
                N_("{place}: unknown option `{name}`; did you mean `{suggestion}`?")
                if suggestion
                else N_("{place}: unknown option `{name}`; use one of {options}")
            )
            names = as_code(OPTIONS)
            fields = {"name": shown(name), "suggestion": suggestion, "options": names}
            yield filled(text, place=place, **fields)
        else:
            yield f"{place}: {name}: {problem}"
