"""The style of all texts for people: what of it a test can hold (CONTRIBUTING.md, Texts)."""

import re

import pytest

from buildlint.files.options import OPTIONS
from tests.documents import DOCUMENTS, RULES, prose
from tests.test_catalogue import catalogue

TEXTS = {text: files for text, files in catalogue.texts().items() if text}
CHINESE = catalogue.read_po(catalogue.PO.read_text("utf-8"))
FIELD = re.compile(r"\{\w+\}")
MAX_LENGTH = 120
# What has to list more than fits.
LONG = (
    "json, query: all parameters",
    "not a valid COMPONENT; use `ic-<id>`",
    "no credentials found; set",
)
# Words of other centuries, and those that have one better name.
AVOIDED = (
    "anew",
    "behind",
    "beside",
    "besides",
    "blanks?",
    "earns?",
    "finds? out",
    "folders?",
    "for instance",
    "go(?:es)? on",
    "here-documents?",
    "holds?",
    "image id",
    "in the place of",
    "is told otherwise",
    "left out",
    "line ends?",
    "machine images?",
    "mend(?:s|ed)?",
    "nobody",
    "package sources?",
    "parts two",
    "passed over",
    "refuse[sd]?",
    "shall",
    "somebody",
    "whoever",
    "whole number",
)
AVOIDED_WORD = re.compile(rf"\b(?:{'|'.join(AVOIDED)})\b(?! lines?\b)(?!\}})")

# Chinese words for which Alibaba Cloud, or the rest of the catalogue, has another.
AVOIDED_CHINESE = re.compile(
    "反斜杠|镜像站|机器镜像|是否想|服务的文档|服务文档|公网地址|公网带宽|账户|系统会|抑制|凭证"
)


def is_message(text: str) -> bool:
    """Whether a text is of one line, and no part of the help."""
    return "\n" not in text and not any(file.startswith("buildlint/cli") for file in TEXTS[text])


def without_fields(text: str) -> str:
    """The text without the user's."""
    return FIELD.sub("", text)


@pytest.mark.parametrize("text", [*filter(is_message, TEXTS)])
def test_a_message_is_short(text: str) -> None:
    assert len(without_fields(text)) <= MAX_LENGTH or text.startswith(LONG)


@pytest.mark.parametrize("text", [*TEXTS, *(each.description for each in OPTIONS.values())])
def test_a_text_uses_the_terms_of_the_field(text: str) -> None:
    assert AVOIDED_WORD.findall(text) == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_chinese_text_uses_the_terms_of_the_field(text: str) -> None:
    assert AVOIDED_CHINESE.findall(CHINESE[text].text) == []


# The list of rules has names in it; its texts are among those above.
@pytest.mark.parametrize("document", [each for each in DOCUMENTS if each != RULES])
def test_a_document_uses_the_terms_of_the_field(document: str) -> None:
    # The style guide quotes the words that it advises against.
    assert AVOIDED_WORD.findall(re.sub(r'"[^"\n]*"', "", prose(document))) == []


@pytest.mark.parametrize("text", [*filter(is_message, TEXTS)])
def test_code_is_set_off_in_both_languages(text: str) -> None:
    assert CHINESE[text].text.count("`") == text.count("`")


# Flags of our own are said as in ruff: fixable with --fix; and the plan has a value with a gap.
BARE = {
    "--base",
    "--embed-files",
    "--engine",
    "--fix",
    "--force",
    "--format",
    "--from",
    "--ignore",
    "--image",
    "--jobs",
    "--keep",
    "--prepare",
    "--set",
    "--unsafe-fixes",
    "<execution-id>",
}
SHELL_CODE = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*|&&|\|\||<[\w-]+>|\w+://|(?<![\w.])/[a-z]+/")


@pytest.mark.parametrize("text", [*filter(is_message, TEXTS)])
def test_shell_code_is_set_off(text: str) -> None:
    bare = re.sub("`[^`]*`", "", text)
    assert set(SHELL_CODE.findall(without_fields(bare))) <= BARE


def test_what_may_be_long_is_still_there() -> None:
    assert all(any(text.startswith(each) for text in TEXTS) for each in LONG)
