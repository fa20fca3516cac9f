"""Loading the grammars, each when it is first needed."""

from functools import cache
from zlib import crc32

from buildlint.language.lalr import Parser
from buildlint.language.tables import CHECKSUM, GRAMMARS
from buildlint.text.shipped import shipped


@cache
def load(name: str) -> Parser:
    """Make the parser of `grammar/<name>.lark`; every token is kept.

    Lark is asked only if the grammars have changed since their tables were written: who edits one
    sees at once what it does.
    """
    if checksum() == CHECKSUM:
        return Parser(GRAMMARS[name])
    from buildlint.language.export import (  # noqa: PLC0415 - importing Lark takes longer than parsing
        tables,
    )

    return Parser(tables(name))


@cache
def checksum() -> int:
    """Tell the grammars from any other version of them."""
    value = 0
    for path in sorted(shipped("grammar").iterdir()):
        if path.suffix == ".lark":
            value = crc32(path.name.encode() + path.read_bytes(), value)
    return value
