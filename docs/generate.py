"""Write the pages of docs/rules and the READMEs' tables of rules from the rules' declarations.

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
from buildlint.text.messages import translated, use_language

RULES = ROOT / "docs" / "rules"
BEGIN, END = "<!-- rules -->\n", "<!-- end of rules -->\n"
READMES = {"README.md": "en", "README.zh-CN.md": "zh_CN"}
TABLE_HEADS = {
    "en": "| code | name | severity | what it finds |\n|---|---|---|---|\n",
    "zh_CN": "| 编号 | 名称 | 级别 | 检查内容 |\n|---|---|---|---|\n",
}
OFF = {"en": ", off", "zh_CN": "，默认关闭"}

INDEX = """\
# Rules

Errors are for what the service refuses, or what its documents exclude. Warnings are for what
builds, but probably not what was meant; infos are for style and for facts worth knowing. Those
that are off by default are opinions, and run where they are selected: `--extend-select BL622`.

{table}
## By service error

{codes}
## What no linter can see

These errors depend on what exists in an account or a region; only the service can decide them:

{service_only}"""


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each generated file with the text that it should have."""
    rules = sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
    for rule in rules:
        yield RULES / f"{rule.code}.md", markdown(rule)
    codes = "".join(_code_line(code, rules) for code in ServiceCode)
    service_only = "".join(f"- `{code}`: {why}\n" for code, why in SERVICE_ONLY_CODES.items())
    index = INDEX.format(table=_table(rules, ""), codes=codes, service_only=service_only)
    yield RULES / "README.md", index
    for name, language in READMES.items():
        readme = ROOT / name
        before, _, rest = readme.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        yield readme, f"{before}{BEGIN}{_table(rules, 'docs/rules/', language)}{END}{after}"


def _table(rules: list[Rule], folder: str, language: str = "en") -> str:
    use_language(language)
    rows = [
        f"| [{rule.code}]({folder}{rule.code}.md) | {rule.name} "
        f"| {rule.severity}{'' if rule.is_default else OFF[language]} "
        f"| {_cell(translated(rule.summary))} |\n"
        for rule in rules
    ]
    use_language("en")
    return TABLE_HEADS[language] + "".join(rows)


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
