"""Loading the grammars, each when it is first needed."""

from functools import cache

from lark import Lark

from buildlint.shipped import shipped


@cache
def load(name: str) -> Lark:
    """Build the LALR parser of `grammar/<name>.lark`; every token is kept."""
    return Lark.open(
        str(shipped("grammar") / f"{name}.lark"),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
