"""Write the pages of docs/rules from the rules' declarations.

python docs/generate.py           write them
python docs/generate.py --check   exit with 1 if one of them is not up to date
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from generated import ROOT, written

from buildlint.lint.explain import markdown
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Rule
from buildlint.service.contract import SERVICE_ONLY_CODES, ServiceCode

RULES = ROOT / "docs" / "rules"

INDEX = """\
# Rules

Errors: the service rejects the template. Warnings: the template builds, but probably not as
intended. Infos: style and useful facts. Opinionated rules are off by default; enable them with
`--extend-select BL622`, or with `extend-select` in the [configuration](../configuration.md).

| code | name | severity | problem |
|---|---|---|---|
{rows}
## By service error

{codes}
## What a linter cannot check

These errors depend on what exists in an account or a region; only the service can report them:

{service_only}"""


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each generated file with the text that it should have."""
    rules = sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
    for rule in rules:
        yield RULES / f"{rule.code}.md", markdown(rule)
    codes = "".join(_code_line(code, rules) for code in ServiceCode)
    service_only = "".join(f"- `{code}`: {why}\n" for code, why in SERVICE_ONLY_CODES.items())
    rows = "".join(_row(rule) for rule in rules)
    index = INDEX.format(rows=rows, codes=codes, service_only=service_only)
    yield RULES / "README.md", index


def _row(rule: Rule) -> str:
    severity = f"{rule.severity}{'' if rule.is_default else ', off'}"
    link = f"[{rule.code}]({rule.code}.md)"
    return f"| {link} | {rule.name} | {severity} | {_cell(rule.summary)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _code_line(code: ServiceCode, rules: list[Rule]) -> str:
    links = ", ".join(
        f"[{rule.code}]({rule.code}.md)" for rule in rules if rule.service_code is code
    )
    return f"- `{code}`: {links}\n"


if __name__ == "__main__":
    wanted = dict(documents())
    sys.exit(written(wanted, (path for path in RULES.glob("*.md") if path not in wanted)))
