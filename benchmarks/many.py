"""Measure a check of very many files: how fast it is, and how much memory it takes.

python -m benchmarks.many [--files N] [--jobs N]

Formats that are streamed take as much memory as a part of the files; those that are written as a
whole take it for all that is found. The peak is that of the largest process.
"""

import argparse
import sys
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import corpus
from benchmarks.table import table
from benchmarks.timing import Command, peak, seconds
from buildlint.lint.reporters import FORMATS, STREAMED

_FILES = 100_000
# As many are in one folder.
_IN_FOLDER = 1_000
_HEADER = ("format", "how it is written", "speed", "peak memory")
# Found in most of them: a report of nothing takes no memory in any format.
_MISTAKE = "RUN apt-get install nginx\n"


def write(folder: Path, count: int) -> None:
    """Write so many templates, no two of them the same, to folders below one."""
    texts = cycle(list(corpus.templates()))
    for first in range(0, count, _IN_FOLDER):
        size = min(_IN_FOLDER, count - first)
        numbered = enumerate(islice(texts, size), first)
        corpus.write(
            folder / f"{first // _IN_FOLDER:03}",
            (f"{text}\n# {number}\n{_MISTAKE}" for number, text in numbered),
        )


def measured(folder: Path, files: int, jobs: int, output_format: str) -> tuple[str, ...]:
    """Check the files in a folder; return the cells of a row."""
    command: Command = (
        *(sys.executable, "-m", "buildlint", "check", folder, "--ignore", "SC"),
        *("--output-format", output_format, "--jobs", str(jobs)),
    )
    sizes: list[float] = []
    taken = seconds(lambda: sizes.append(peak(command)))
    kind = "streamed" if output_format in STREAMED else "as a whole"
    return output_format, kind, f"{files / taken:,.0f} files/s", f"{sizes[0]:.0f} MB"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many", description=__doc__)
    parser.add_argument("--files", type=int, default=_FILES, metavar="N", help="how many")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="in how many processes")
    parser.add_argument(
        "--format", choices=FORMATS, action="append", help="these formats (default: concise, json)"
    )
    arguments = parser.parse_args()
    formats = arguments.format or ["concise", "json"]
    with TemporaryDirectory() as name:
        write(Path(name), arguments.files)
        lines = [measured(Path(name), arguments.files, arguments.jobs, each) for each in formats]
    sys.stdout.write(table([_HEADER, *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
