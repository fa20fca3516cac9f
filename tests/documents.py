"""What documents hold that a test can check: console blocks, links, headings, and code."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from tests.paths import ROOT

READMES = {"README.md": "en", "README.zh-CN.md": "zh_CN"}
# The pages that docs/generate.py writes are made of examples that other tests run.
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
OTHERS = ("CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/RESULTS.md", "editors/vscode/README.md")
RULES = "docs/rules/README.md"
DOCUMENTS = (*READMES, *PAGES, *OTHERS, RULES)

ELLIPSIS = "…\n"
_CONSOLE = re.compile(r"^```console\n\$ ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$\n?", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Console(NamedTuple):
    """A block that shows a command and what it prints; `…` alone on a line is for any lines."""

    document: str
    command: str
    shown: str

    def __str__(self) -> str:
        return f"{self.document}: {self.command}"

    def matches(self, output: str) -> bool:
        """Whether a command that printed this output is shown truthfully."""
        parts = map(re.escape, self.shown.split(ELLIPSIS))
        return re.fullmatch(".*".join(parts), output, re.DOTALL) is not None

    def rewrite(self, output: str) -> None:
        """Show an output in the document, and leave out lines of it where it did so before."""
        path = ROOT / self.document
        old, new = (
            f"$ {self.command}\n{shown}```" for shown in (self.shown, shortened(output, self.shown))
        )
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def text_of(document: str) -> str:
    """Read a document by its path from the root."""
    return (ROOT / document).read_text("utf-8")


def prose(document: str) -> str:
    """Read a document without its blocks of code."""
    return _FENCED.sub("", text_of(document))


def consoles() -> list[Console]:
    """Find the console blocks of all documents."""
    return [
        Console(document, command, shown)
        for document in DOCUMENTS
        for command, shown in _CONSOLE.findall(text_of(document))
    ]


def shortened(output: str, before: str) -> str:
    """Leave lines out of an output as they were left out of the one before.

    What stood at its start or its end has as many lines there again; what stood between two `…`
    is put at the most similar lines of the output.
    """
    lines = output.splitlines(keepends=True)
    parts = [part.splitlines(keepends=True) for part in before.split(ELLIPSIS)]
    if len(parts) == 1:
        return output
    first, *middle, last = parts
    end = max(len(lines) - len(last), len(first))
    kept = ["".join(lines[: len(first)])]
    at = len(first)
    for part in middle:
        at = _most_similar(part, lines, range(at, end - len(part) + 1))
        kept.append("".join(lines[at : at + len(part)]))
        at += len(part)
    return ELLIPSIS.join([*kept, "".join(lines[end:])])


def _most_similar(part: list[str], lines: list[str], places: range) -> int:
    wanted = SequenceMatcher(None, b="".join(part), autojunk=False)

    def similarity(at: int) -> float:
        wanted.set_seq1("".join(lines[at : at + len(part)]))
        return wanted.ratio()

    return max(places, key=similarity, default=places.start)


def links(document: str) -> Iterator[tuple[Path, str]]:
    """Find the links of a document to files of the repository, each with its anchor or ""."""
    folder = (ROOT / document).parent
    for link in _LINK.findall(prose(document)):
        path, _, anchor = link.partition("#")
        if "://" not in path:
            yield (folder / path if path else ROOT / document), anchor


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a document."""
    headings = _HEADING.findall(prose(path.relative_to(ROOT).as_posix()))
    plain = (re.sub(r"[^\w\- ]", "", heading) for heading in headings)
    return {heading.strip().lower().replace(" ", "-") for heading in plain}
