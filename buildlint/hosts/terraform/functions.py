"""The functions of Terraform that only put texts together, or read files."""

from collections.abc import Sequence

from buildlint.hosts.pieces import Piece, Text, of_file
from buildlint.hosts.terraform.composition import spelled, text_of
from buildlint.hosts.terraform.scope import Scope
from buildlint.hosts.terraform.templates import SPACES
from buildlint.hosts.values import Items, Plain, Table, Value, as_text, joined
from buildlint.text.source import MAX_FILE_BYTES, Place, Source

_LINE_ENDS = "\r\n"
_HERE = "path.module"


def call(name: str, given: Sequence[Value], place: Place, scope: Scope) -> Value | None:
    """Return what a call says; None where nobody knows."""
    match name, given:
        case "join", [Text() as separator, *lists]:
            return _join(separator, lists, place)
        case "trimspace", [Text() as text]:
            return text_of(text.stripped(SPACES, SPACES).pieces, place)
        case "chomp", [Text() as text]:
            return text_of(text.stripped("", _LINE_ENDS).pieces, place)
        case "file", [path] if source := named(path, scope):
            return of_file(source, place)
        case _:
            return None


def named(path: Value, scope: Scope) -> Source | None:
    """Read the file that a path names, if the directory of the module is all it refers to."""
    if not isinstance(path, Text):
        return None
    pieces, text = path.pieces, path.text
    if pieces and pieces[0].unknown == _HERE:
        pieces = pieces[1:]
        text = f".{path.text[len(path.pieces[0].text) :]}"
    if any(each.unknown is not None for each in pieces):
        return None
    return scope.file(text.removeprefix("./"))


def _join(separator: Text, lists: Sequence[Value], place: Place) -> Text | None:
    texts: list[Text] = []
    for each in lists:
        if not isinstance(each, Items):
            return None
        for item in each.items:
            value = _text_of(item)
            if value is None:
                return None
            texts.append(value)
    size = sum(len(each.text) for each in texts) + len(separator.text) * len(texts)
    if size > MAX_FILE_BYTES:
        return None
    return text_of(joined(separator, tuple(texts), place).pieces, place)


def _text_of(value: Value) -> Text | None:
    """Return an item as a text; a list has none."""
    if isinstance(value, Items | Table):
        return None
    if isinstance(value, Plain):
        text = spelled(value)
        return None if text is None else Text((Piece(text, value.place),), value.place)
    return as_text(value)
