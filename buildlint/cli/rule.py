"""`buildlint rule`."""

import sys
from typing import Any

import click

from buildlint.cli.help import Command
from buildlint.cli.options import RULES, colours, formats, option, speaks, split
from buildlint.files.streams import show, write
from buildlint.text.messages import N_, filled


@click.command(
    "rule",
    cls=Command,
    examples=("buildlint rule BL305", "buildlint rule InvalidCommandContent.FROM"),
)
@speaks
@colours
@click.argument("rules", nargs=-1, metavar="[RULE…]")
@option("--all", "show_all", is_flag=True, group=RULES, help="Explain all rules.")
@formats("--output-format", ["text", "json"], default="text", show_default=True)
def rule_command(rules: tuple[str, ...], output_format: str, *, show_all: bool) -> None:
    """Explain rules.

    RULE is a code such as BL305 or the beginning of one, the name of a rule, or an error code of
    the service.
    """
    from buildlint.lint.explain import (
        Explained,
        as_json,
        foreign_as_json,
        foreign_markdown,
        markdown,
    )
    from buildlint.lint.rehearsed import REHEARSED
    from buildlint.lint.rules import REGISTRY
    from buildlint.text.jsontext import dumps

    if show_all == bool(rules):
        raise click.UsageError(filled(N_("no rule code; add one, or use --all")))
    known: dict[str, Explained] = {**REGISTRY.rules, **REHEARSED}
    codes = sorted(known) if show_all else _codes([*split(rules)])
    if output_format == "text":
        texts = (
            markdown(known[code]) if code in known else f"{foreign_markdown(code)}\n"
            for code in codes
        )
        show("\n".join(texts), sys.stdout)
        return
    objects: Any = [
        as_json(known[code]) if code in known else foreign_as_json(code) for code in codes
    ]
    is_one = not show_all and len(rules) == len(codes) == 1 and _names_one(rules[0], codes[0])
    write(f"{dumps(objects[0] if is_one else objects)}\n", sys.stdout)


def _codes(selectors: list[str]) -> list[str]:
    """The codes that selectors stand for, each once, as they are typed. Raises UsageError."""
    from buildlint.lint.rehearsed import codes_of
    from buildlint.lint.rules import REGISTRY
    from buildlint.shell.shellcheck.codes import is_code

    found: list[str] = []
    for selector in selectors:
        try:
            codes = REGISTRY.codes_of(selector)
        except LookupError:
            codes = ()
        # There is no list of ShellCheck's codes: only a whole one can be explained.
        explained = [code for code in codes if code in REGISTRY.rules or is_code(code)]
        explained += codes_of(selector)
        if not explained:
            raise click.UsageError(str(REGISTRY.unknown(selector)))
        found += explained
    return list(dict.fromkeys(found))


def _names_one(selector: str, code: str) -> bool:
    """Whether a selector is the code or the name of one rule, and not what several may have."""
    from buildlint.lint.rehearsed import REHEARSED
    from buildlint.lint.rules import REGISTRY

    rule = REGISTRY.rules.get(code) or REHEARSED.get(code)
    return selector.lower() in (code.lower(), rule.name if rule else "")
