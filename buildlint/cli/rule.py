"""`buildlint rule`."""

import sys
from typing import TYPE_CHECKING

import click

from buildlint.cli.help import Command
from buildlint.cli.options import option, speaks
from buildlint.files.streams import show, write
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.lint.rules.registry import Rule


@click.command("rule", cls=Command)
@speaks
@click.argument("code", required=False)
@option("--all", "show_all", is_flag=True, help="Explain all rules.")
@option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule_command(code: str | None, output_format: str, *, show_all: bool) -> None:
    """Explain the rule with this CODE, or all rules."""
    from buildlint.lint.explain import as_json, foreign_as_json, foreign_markdown, markdown
    from buildlint.shell.shellcheck.codes import is_code
    from buildlint.text.jsontext import dumps

    if code is not None and is_code(code) and not show_all:
        foreign = foreign_as_json(code)
        text = dumps(foreign) if output_format == "json" else foreign_markdown(code)
        write(f"{text}\n", sys.stdout)
        return
    rules = _rules(code, show_all=show_all)
    if output_format == "text":
        show("\n".join(markdown(rule) for rule in rules), sys.stdout)
    else:
        objects = [as_json(rule) for rule in rules]
        write(dumps(objects if show_all else objects[0]) + "\n", sys.stdout)


def _rules(code: str | None, *, show_all: bool) -> "list[Rule]":
    from buildlint.lint.rules import REGISTRY

    if show_all == (code is not None):
        raise click.UsageError(filled(N_("give a rule code, or use --all")))
    if code is None:
        return sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
    if code not in REGISTRY.rules:
        raise click.UsageError(
            filled(N_("unknown rule `{code}`; `buildlint rule --all` lists all rules"), code=code)
        )
    return [REGISTRY.rules[code]]
