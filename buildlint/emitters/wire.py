"""Parameters as an RPC call carries them: one name and value each, lists numbered from 1."""

from collections.abc import Iterator, Mapping

from buildlint.locate import Path


def flat(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each text, number and boolean with its path, ("Tag", 0, "Key"), in their order."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flat(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(item, (*path, index))
    else:
        yield path, value


def spelled(path: Path) -> str:
    """Spell a path as the API does: Tag.1.Key."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
