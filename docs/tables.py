"""Write buildlint/language/tables.py: the parser tables that Lark makes of grammar/*.lark.

python docs/tables.py           write it
python docs/tables.py --check   exit with 1 if it is not up to date
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from generated import written

from buildlint.language.export import tables
from buildlint.language.grammar import checksum
from buildlint.text.shipped import shipped

MODULE = Path(__file__).parent.parent / "buildlint" / "language" / "tables.py"
# What is imported by other grammars and has no start rule.
SHARED = "words"
_HEAD = '''"""The tables of grammar/*.lark, for lalr.py; written by docs/tables.py."""

from buildlint.language.lalr import Tables

'''


def module() -> str:
    """Write the module."""
    names = sorted(path.stem for path in shipped("grammar").glob("*.lark") if path.stem != SHARED)
    grammars = "".join(f"    {name!r}: {_grammar(name)},\n" for name in names)
    return f"{_HEAD}CHECKSUM = {checksum()}\nGRAMMARS = {{\n{grammars}}}\n"


def _grammar(name: str) -> str:
    terminals, ignored, rules, states, end = tables(name)
    lists = ", ".join(map(_sequence, (terminals, ignored, rules, states)))
    return f"Tables({lists}, {end})"


def _sequence(items: Iterable[object]) -> str:
    return "".join(["(\n", *(f"{item!a},\n" for item in items), ")"])


if __name__ == "__main__":
    sys.exit(written({MODULE: module()}))
