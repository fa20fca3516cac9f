"""Secrets in values that have names: those of request files, and those that somebody gave."""

from collections.abc import Iterator, Mapping

from buildlint.language.syntax import LogicalText
from buildlint.lint.secrets.levels import is_mixed
from buildlint.lint.secrets.model import Secret, apart
from buildlint.lint.secrets.named import in_text, of_pair
from buildlint.lint.secrets.shapes import beside_keys, by_shape, in_location
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.text.regex import regex
from buildlint.text.span import Span

_PART_OF_PATH = regex(r"[./:\s]")
# Numbers with thousands of digits are not written by Python.
_MAX_NUMBER = 10**40


def find(request: Request) -> tuple[tuple[Path, str, Secret], ...]:
    """Find the secrets in the values of a request, and in its keys: by their shapes and names.

    Each comes with the path of its value and with its text; its span is one of that.
    """
    return tuple(
        (path, text[slice(*secret.span)], secret)
        for path, name, text in _texts(request)
        for secret in of_value(name, text)
    )


def of_value(name: str, value: str) -> tuple[Secret, ...]:
    """Find the secrets in a value that has a name; their spans are those of the value."""
    text = LogicalText.of(value)
    shaped = [*by_shape(value)]
    named = [*of_pair(name, value, Span(0, len(value))), *in_text(text, is_shell=False)]
    in_urls = in_location(text) if "://" in value else ()
    return apart((*shaped, *named, *in_urls, *beside_keys(value, shaped)))


def given(values: Mapping[str, str]) -> Iterator[str]:
    """Yield what is to be masked of values that somebody gave by name, as an ARG has them."""
    for name, value in values.items():
        yield from (value[slice(*secret.span)] for secret in of_value(name, value))
        if is_mixed(value) and value.isascii() and not _PART_OF_PATH.search(value):
            yield value


def _texts(request: Request) -> Iterator[tuple[Path, str, str]]:
    """Yield the values of a request and its keys, each with its path and what names it."""
    stack: list[tuple[Path, str, object]] = [((), "", request.values)]
    while stack:
        path, name, value = stack.pop()
        if isinstance(value, dict):
            given = value.get("Key", value.get("Name"))
            tag = given if isinstance(given, str) else ""
            for key, each in value.items():
                yield (*path, key), "", str(key)
                stack.append(((*path, key), tag if key == "Value" else str(key), each))
        elif isinstance(value, list):
            stack += [((*path, index), name, each) for index, each in enumerate(value)]
        elif isinstance(value, str) or (type(value) is int and abs(value) < _MAX_NUMBER):
            yield path, name, str(value)
