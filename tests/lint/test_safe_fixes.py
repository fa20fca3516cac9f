"""A safe fix takes no word away that the shell, the service or Docker would have acted on."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buildlint.language.parser import parse
from buildlint.language.syntax import LogicalText, Word
from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.text.diagnostics import Diagnostic, apply_edits
from buildlint.text.source import Source, decode, encode
from tests.strategies import noise

EVERYTHING = Policy(REGISTRY.select(["ALL"]))
# What a fix may delete, by its rule: nothing that anybody would have acted on.
SUPERFLUOUS = {
    "BL201": r"(?i)FROM \S+( .*)?",  # one that repeats the first, letter by letter
    "BL204": r"(?i)--\S+|AS \S+|#.*",
    "BL305": r"((now|\+?\d+|-[a-z]|--(force|now|reboot))( |$))*(#.*)?",
    "BL506": r"&&|;",  # in the place of which a line ends
    "BL531": r"(?i)RESTART",  # one that repeats another
    "BL533": r"(?i)USER (\S+)",  # one whose name the next one repeats
    # What dash does not know, in whose place it gets what means the same to it.
    "BL550": r"function|\|&|>&",
    "BL551": r"\[\[|==|\]\]",
    "BL552": r"==|-v",
    "BL553": r"source",
    "BL555": r"&>>? *\S+",
    "BL557": r"\S*\{\S+\}\S*|\$['\"].*",
    "BL558": r"echo -\w+",
}


_SEPARATOR = r"(?:\\r)?\\n|\s"
_WORD = re.compile(rf"(?:{_SEPARATOR})+|#[^\r\n]*|(?P<word>(?:(?!{_SEPARATOR}).)+)")


def words(text: str) -> list[Word]:
    """The words of the commands of a template, without what only parts them, and comments."""
    found: list[Word] = []
    for each in parse(text).instructions:
        keyword, arguments = each.keyword, each.arguments
        at = LogicalText(keyword.text, (keyword.span,), (0,)).at
        found += (Word(at(*match.span()), match["word"]) for match in _matches(keyword.text))
        if arguments:
            at = arguments.at
            found += (Word(at(*match.span()), match["word"]) for match in _matches(arguments.text))
    return found


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _WORD.finditer(text) if match["word"])


def plain(text: str) -> str:
    """A text without what a fix may write otherwise: case, quotes, dashes, width, line ends."""
    return re.sub(r"(?:\\r)?\\n|[\"'“”‘’\\\s,\[\]\ufeff\u2010-\u2015\u2212-]", "", text).casefold()


def is_kept(kept: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether words are still there, in their order."""
    rest = iter("".join(plain(each.text) for each in after))
    return all(character in rest for each in kept for character in plain(each.text))


def safe_fixes(text: str) -> list[Diagnostic]:
    found = lint(Source("x", text), None, EVERYTHING)
    return [each for each in found if each.fix and each.fix.safe]


def judge(text: str, diagnostic: Diagnostic) -> None:
    assert diagnostic.fix
    edits = diagnostic.fix.edits
    before, after = words(text), words(apply_edits(text, edits))
    touched = [
        word
        for word in before
        if any(span.start < word.span.end and word.span.start < span.end for span, _ in edits)
    ]
    assert is_kept([word for word in before if word not in touched], after)
    # What is written anew is there, too; the rest of what was touched is gone.
    written = plain("".join(new for _, new in edits))
    removed = plain("".join(text[slice(*span)] for span, _ in edits))
    gone = " ".join(word.text for word in touched)
    if gone and removed not in written:
        assert re.fullmatch(SUPERFLUOUS.get(diagnostic.rule, r"(?!)"), gone), diagnostic.rule


# Commands one after another, with what stands between them by mistake.
_commands = st.sampled_from(
    [
        "FROM IMAGE:m-1",
        "FROM IMAGE_FAMILY:acs:x AS base",
        "FROM --platform=a IMAGE:m-1",
        "RUN yum -y update",
        "RUN a && \\\n b",
        "run apt-get install nginx",
        *("RESTART", "restart now", "RESTART # c", "now", "AS base"),
        *("WORKDIR /a", "USER app", 'ENV A="1"', "ENV A=b", 'LABEL a="b"', "CMD a"),
        *("COPY http://a.com/b /c", "EXPOSE 80", "&& yum -y update", 'RUN ["a", "b c"]'),
    ]
)
_between = st.sampled_from(
    ["\n", "\r\n", "\r", " ", " \\\n", "\\\n", "\\n", "\\r\\n", " \\\n# c\n"]
)
mistakes = st.lists(st.tuples(_commands, _between), max_size=6).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
)


@given(mistakes | noise)
@example("FROM IMAGE:m-1 \\\nRUN a\n")
@example("FROM IMAGE:m-1\rRUN a\rRESTART\r")
@example("FROM IMAGE_FAMILY:acs:x\\nRUN a\\nRUN b\n")
def test_no_safe_fix_takes_a_word_away(text: str) -> None:
    for diagnostic in safe_fixes(text):
        judge(text, diagnostic)


@pytest.mark.parametrize("code", sorted(REGISTRY.rules))
def test_nor_does_the_fix_of_a_rule_s_own_example(code: str) -> None:
    text = decode(encode(REGISTRY.rules[code].bad.template), "x").text
    for diagnostic in safe_fixes(text):
        judge(text, diagnostic)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("RUN a b c", "RUN a c", False),
        ("RUN a b", "RUN b a", False),
        ("FROM x\nRUN a", "FROM x", False),
        ("FROM x\nRUN a", "FROM x\n# RUN a", False),
        ("run a", "RUN -y a", True),
        ("FROM x\\nRUN a", "FROM x\nRUN a", True),
    ],
)
def test_what_is_lost_is_found(before: str, after: str, *, expected: bool) -> None:
    assert is_kept(words(before), words(after)) is expected
