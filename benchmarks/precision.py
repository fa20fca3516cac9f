"""Measure on code that was not written for this tool how often each rule fires, and where.

python -m benchmarks.precision [--rules SELECTOR,…] [--examples COUNT] [--base IMAGE] [DIRECTORY…]

Shell scripts (of installed packages if no directory is given) become a RUN each, of a template on
the public image whose package manager they use, or on `--base`; Dockerfiles are converted. The
table has a row for each rule: the files in which it fires, the findings, and examples to be judged
by hand. A rule that fires at least five times should be right, or debatable, in 95 % of the cases.
"""

import argparse
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from buildlint.convert import Options, convert
from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.text.source import Source

_PACKAGED = (Path("/usr"), Path("/var/lib/dpkg/info"))
_LARGEST = 30_000
_SHELL = re.compile(r"#! ?/(?:usr/)?bin/(?:env )?(?:ba|da)?sh\b")
_DOCKERFILE = re.compile(r"(?i)(?:.*\.)?dockerfile(?:\..*)?")
_COMMENT = re.compile(r"\s#\s[^'\"]*$")
_GOES_ON = re.compile(r"(?:\b(?:then|do|else|in)|&&|\|\|?|;;?&?|[{(&])\s*$")
_MANAGER = re.compile(r"\b(?:apt-get|apt|dpkg|yum|dnf|rpm|zypper|apk)(?=\s)")
_UBUNTU = "IMAGE_FAMILY:acs:ubuntu_22_04_x64"
_ALINUX = "IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64"
_BASES = {
    **dict.fromkeys(("yum", "dnf", "rpm"), _ALINUX),
    "zypper": "IMAGE_FAMILY:acs:opensuse_15_6_x64",
    "apk": None,  # no public image has it
}
_WIDTH = 160


class Template(NamedTuple):
    """A template, and the file that it was made of."""

    path: Path
    text: str


class Found(NamedTuple):
    """A finding of a rule: where, what it marks, and the line around that."""

    path: Path
    message: str
    line: str


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=__doc__)
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--rules", default="BL", help="codes or their beginnings, with commas")
    parser.add_argument("--examples", type=int, default=3, help="for each rule (default: 3)")
    parser.add_argument("--base", help="for all, such as IMAGE_FAMILY:acs:ubuntu_22_04_x64")
    arguments = parser.parse_args()
    policy = Policy(REGISTRY.select(arguments.rules.split(",")))
    found: dict[str, list[Found]] = defaultdict(list)
    count = 0
    for template in _templates(arguments.directories or _PACKAGED, arguments.base):
        count += 1
        source = Source(str(template.path), template.text)
        for each in lint(source, None, policy):
            start, end = each.span
            line = template.text[max(0, start - _WIDTH // 2) : end + _WIDTH // 2]
            found[each.rule].append(Found(template.path, str(each.message), line))
    sys.stdout.write(_report(found, count, arguments.examples))
    return 0


def _report(found: dict[str, list[Found]], count: int, examples: int) -> str:
    lines = [f"{count} templates", "", "rule    files  findings"]
    for rule, all_found in sorted(found.items()):
        files = len({each.path for each in all_found})
        lines.append(f"{rule:<7} {files:>5} {len(all_found):>9}")
        # Spread over the files.
        step = max(1, len(all_found) // max(1, examples))
        for each in all_found[::step][:examples]:
            lines += [f"    {each.path}: {each.message}", f"        {each.line!r}"]
    return "\n".join(lines) + "\n"


def _templates(directories: Sequence[Path], fixed: str | None) -> Iterator[Template]:
    """Make templates of the scripts and the Dockerfiles below directories; the same one once."""
    seen: set[str] = set()
    for path in _files(directories):
        text = _read(path)
        base = fixed or _base(text)
        if not text or text in seen or base is None:
            continue
        seen.add(text)
        if _DOCKERFILE.fullmatch(path.name):
            converted = _converted(path, text, base)
            if converted:
                yield Template(path, converted)
        # A RUN has no here-documents.
        elif _SHELL.match(text) and "<<" not in text.replace("<<<", ""):
            yield Template(path, f"FROM {base}\nRUN {_joined(text)}\n")


def _files(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        for parent, folders, names in os.walk(directory):
            folders.sort()
            yield from (Path(parent, name) for name in sorted(names))


def _read(path: Path) -> str:
    """The text of a file that may be a script or a Dockerfile, empty for others."""
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGEST:
            return ""
        with path.open("rb") as file:
            is_script = file.read(2) == b"#!"
        if not is_script and not _DOCKERFILE.fullmatch(path.name):
            return ""
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _base(text: str) -> str | None:
    """The base image whose package manager a script names first; None if no image has it."""
    named = _MANAGER.search(text)
    return _BASES.get(named[0], _UBUNTU) if named else _UBUNTU


def _converted(path: Path, text: str, base: str) -> str | None:
    """A Dockerfile as a template: on its own base, or where that is no system on a public image."""
    source = Source(str(path), text)
    own = convert(source, Options()).text
    return own or convert(source, Options(base)).text


def _joined(text: str) -> str:
    """Put the lines of a script behind one another, as they would stand in a RUN."""
    lines = [_COMMENT.sub("", line.strip()) for line in text.replace("\\\n", " ").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    return "".join(
        line
        if not after
        else f"{line} "
        if _GOES_ON.search(line) or after.startswith(";")
        else f"{line}; "
        for line, after in pairwise([*lines, ""])
    )


if __name__ == "__main__":
    sys.exit(main())
