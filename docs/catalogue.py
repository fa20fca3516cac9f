"""Collect the texts that are translated, and compile their translations.

python docs/catalogue.py           update the .po, and compile the .mo from it
python docs/catalogue.py --check   exit with 1 if one of them is not up to date, or not complete

A new text gets an empty msgstr: fill it in, and run this again.
"""

import ast
import json
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc, getsourcelines
from pathlib import Path
from typing import NamedTuple

import click

from buildlint.cli import cli
from buildlint.cli.help import Option
from buildlint.lint.rules import REGISTRY

ROOT = Path(__file__).parent.parent
PO = ROOT / "buildlint" / "locale" / "zh_CN" / "LC_MESSAGES" / "buildlint.po"
MO = PO.with_suffix(".mo")
# The texts of click: written by hand, because they are of no file of ours.
CLICK_PO = PO.with_name("click.po")
CLICK_MO = CLICK_PO.with_suffix(".mo")

HEADER = (
    "Language: zh_CN\nContent-Type: text/plain; charset=UTF-8\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)


class Place(NamedTuple):
    """Where a text stands; the line orders the texts, and is written nowhere."""

    path: str
    line: int


class Translation(NamedTuple):
    """What the .po says of a text; a fuzzy one is still to be read by a person."""

    text: str = ""
    is_fuzzy: bool = False


# --- the texts -----------------------------------------------------------------------------------


def texts() -> dict[str, list[str]]:
    """Collect the texts in the order of their places, each with the files that it stands in."""
    places = [*_marked(), *_explanations(), *_help()]
    found: dict[str, list[str]] = {}
    for place, text in sorted(places, key=lambda item: item[0]):
        files = found.setdefault(text, [])
        if place.path not in files:
            files.append(place.path)
    return found


def _marked() -> Iterator[tuple[Place, str]]:
    """Yield what stands in `N_(…)`."""
    for path in (ROOT / "buildlint").rglob("*.py"):
        relative = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("N_"), args=[ast.Constant(str(text))]):
                    yield Place(relative, node.lineno), text
                case ast.Call(func=ast.Name("N_")):
                    raise ValueError(f"{relative}:{node.lineno}: N_ takes a literal text")


def _explanations() -> Iterator[tuple[Place, str]]:
    """Yield the rules' explanations: docstrings, which need no mark."""
    for rule in REGISTRY.rules.values():
        path = f"{rule.check.__module__.replace('.', '/')}.py"
        yield Place(path, getsourcelines(rule.check)[1]), rule.explanation


def _help() -> Iterator[tuple[Place, str]]:
    """Yield the help of commands and their options."""
    commands = (cli, *(cli.commands[name] for name in sorted(cli.commands)))
    for command in commands:
        for text in (command.help, command.short_help, *(_option_help(command))):
            if text:
                yield Place("buildlint/cli", 0), cleandoc(text)


def _option_help(command: click.Command) -> Iterator[str | None]:
    return (param.help for param in command.params if isinstance(param, Option))


# --- the .po: the texts and their translations, for people ---------------------------------------

# Strings are written as in JSON, which is how gettext reads them as long as they hold no control
# characters besides line ends and tabs.
_STRINGS = r'((?:".*"\n)+)'
_ENTRY = re.compile(
    f"(?:^#, (.*)\n)?^msgid {_STRINGS}(?:msgid_plural {_STRINGS})?msgstr(?:\\[0\\])? {_STRINGS}",
    re.MULTILINE,
)
# Between a text and its plural, as in a .mo.
PLURAL = "\0"


def read_po(po: str) -> dict[str, Translation]:
    """Read the translations of texts; one with a plural is followed by that."""
    return {
        PLURAL.join(filter(None, map(_unquoted, texts))): Translation(
            _unquoted(translation), "fuzzy" in flags
        )
        for flags, *texts, translation in _ENTRY.findall(po)
    }


def write_po(references: Mapping[str, Iterable[str]], known: Mapping[str, Translation]) -> str:
    """Write the texts with the translations that are known of them."""
    entries = [f'msgid ""\nmsgstr {_quoted(HEADER)}']
    for text, files in references.items():
        translation = known.get(text, Translation())
        flags = "#, fuzzy\n" if translation.is_fuzzy else ""
        comments = "".join(f"#: {file}\n" for file in files) + flags
        entries.append(f"{comments}msgid {_quoted(text)}msgstr {_quoted(translation.text)}")
    return "\n".join(entries)


def _unquoted(strings: str) -> str:
    return "".join(map(json.loads, strings.splitlines()))


def _quoted(text: str) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) != 1:
        lines.insert(0, "")
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def problems(translations: Mapping[str, Translation]) -> Iterator[str]:
    """Say what is wrong with the translations."""
    for text, translation in translations.items():
        if not translation.text:
            yield f"no translation: {text}"
        elif translation.is_fuzzy:
            yield f"the translation is fuzzy: {text}"
        elif _fields(text) != _fields(translation.text):
            yield f"the translation has other fields: {text}"


def _fields(text: str) -> set[str]:
    """The fields of a template, and all braces that stand for themselves or are torn."""
    return set(re.findall(r"\{\{|\}\}|\{[^{}]*\}|[{}]", text))


# --- the .mo: the same for machines --------------------------------------------------------------

_MAGIC = 0x950412DE
_HEAD_SIZE = 28


def write_mo(translations: Mapping[str, Translation]) -> bytes:
    """Compile the translations as gettext's manual describes it, without the optional hashes."""
    usable = {"": HEADER} | {
        text: translation.text
        for text, translation in translations.items()
        if translation.text and not translation.is_fuzzy
    }
    pairs = sorted((text.encode(), translation.encode()) for text, translation in usable.items())
    strings = [text for text, _ in pairs] + [translation for _, translation in pairs]
    table_size = 8 * len(pairs)
    start = _HEAD_SIZE + 2 * table_size
    head = (_MAGIC, 0, len(pairs), _HEAD_SIZE, _HEAD_SIZE + table_size, 0, start)
    table: list[int] = []
    for string in strings:
        table += len(string), start
        start += len(string) + 1
    numbers = struct.pack(f"<{len(head) + len(table)}I", *head, *table)
    return numbers + b"".join(string + b"\0" for string in strings)


def main(arguments: list[str]) -> int:
    """Write the catalogues, or only check them; return the exit code."""
    references = texts()
    known = read_po(PO.read_text("utf-8")) if PO.exists() else {}
    translations = {text: known.get(text, Translation()) for text in references}
    wanted = {
        PO: write_po(references, translations).encode(),
        MO: write_mo(translations),
        CLICK_MO: write_mo(read_po(CLICK_PO.read_text("utf-8"))),
    }
    stale = [path for path in wanted if not path.exists() or path.read_bytes() != wanted[path]]
    faults = list(problems(translations))
    if arguments == ["--check"]:
        faults = [f"{path.relative_to(ROOT)} is not up to date" for path in stale] + faults
    else:
        PO.parent.mkdir(parents=True, exist_ok=True)
        for path in stale:
            path.write_bytes(wanted[path])
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
