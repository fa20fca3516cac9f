"""Loading the grammars, each when it is first needed."""

from functools import cache
from pathlib import Path

from lark import Lark

_HERE = Path(__file__).parent
# Inside the package once installed, beside it in a checkout.
_FOLDER = next(
    folder for folder in (_HERE / "grammar", _HERE.parent / "grammar") if folder.is_dir()
)


@cache
def load(name: str) -> Lark:
    """Build the LALR parser of `grammar/<name>.lark`; every token is kept."""
    return Lark.open(
        str(_FOLDER / f"{name}.lark"),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
