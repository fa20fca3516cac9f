"""What a host file may refer to: files beside it, read at the edge and handed in, and defaults."""

from collections.abc import Callable, Iterable, Mapping

from buildlint.text.record import Record
from buildlint.text.source import Source


def _none() -> Iterable[Source]:
    return ()


def _nothing(path: str) -> None:
    del path


class Surroundings(Record):
    """What reads the files, bounded to what is searched.

    `listed` reads the files of the directory that belong to the same configuration (`*.tf`), itself
    included or not, and `named` one by its path from the directory of the host file; None where
    there is none to be read. `edited` are those that have another text by now, by their paths.
    What others may override, as a variable with a default, is unknown unless it `takes_defaults`.
    """

    listed: Callable[[], Iterable[Source]] = _none
    named: Callable[[str], Source | None] = _nothing
    edited: Mapping[str, Source] = {}
    takes_defaults: bool = False

    def all(self) -> list[Source]:
        """The files of the directory."""
        return [self.edited.get(each.path, each) for each in self.listed()]

    def file(self, path: str) -> Source | None:
        """A file that the host file names."""
        found = self.named(path)
        return found and self.edited.get(found.path, found)

    def with_edited(self, source: Source) -> "Surroundings":
        """Put another text in the place of a file."""
        return self.replace(edited={**self.edited, source.path: source})
