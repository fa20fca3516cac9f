"""Write the pages of docs/rules from the rules' declarations, and docs/request.md from the tree.

python docs/generate.py           write them
python docs/generate.py --check   exit with 1 if one of them is not up to date
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from generated import ROOT, written

from buildlint.lint.explain import markdown
from buildlint.lint.rehearsed import REHEARSED, Rehearsed
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Rule
from buildlint.server.hover import described
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.contract import SERVICE_ONLY_CODES, ServiceCode
from buildlint.service.declared import Parameter, Revision
from buildlint.service.violations import named

RULES = ROOT / "docs" / "rules"

REQUEST = ROOT / "docs" / "request.md"

PARAMETERS_PAGE = """\
# Request files

The parameters of CreateImagePipeline, by the names of the API, in a file next to the template:
`NAME.request.toml` or `NAME.request.json`. In TOML, an object is a table (`[ImageOptions]`), and a
list of objects is a list of tables (`[[Tag]]`). On the command line, `--set` sets one of them:
`--set ImageOptions.ImageTags.1.Key=team`.

`TestContent` can be a file of its own, `NAME.test.buildcontent`. The other way round, a request
file can contain the template as `BuildContent`, if there is no `NAME.buildcontent`.

The API gains parameters every few months. One that buildlint does not know is a warning
([BL401](rules/BL401.md)), and is passed on to every output that can express it; a misspelled one is
an error ([BL420](rules/BL420.md)). If a format of `buildlint compile` cannot express
a parameter, that is an error with its position: Terraform and ROS have none of the parameters
marked with an asterisk, which the API gained after October 2024.

Editors with TOML or JSON support can use the [schema](schemas/request.schema.json).

| parameter | value | |
|---|---|---|
{rows}
## Components

The parameters of CreateImageComponent, in a file next to the [component](components.md):
`NAME.component.request.toml` or `NAME.component.request.json`. ROS has no ComponentVersion. The
schema for editors is [another one](schemas/component-request.schema.json).

| parameter | value | |
|---|---|---|
{component_rows}"""

INDEX = """\
# Rules

Errors: the service rejects the template. Warnings: the template builds, but probably not as
intended. Infos: style and useful facts. Opinionated rules are off by default; enable them with
`--extend-select BL622`, or with `extend-select` in the [configuration](../configuration.md).

| code | name | severity | problem |
|---|---|---|---|
{rows}
## Rehearsals

`buildlint rehearse` reports these; they cannot be selected or ignored. See
[rehearse](../rehearse.md).

| code | name | severity | problem |
|---|---|---|---|
{rehearsed}
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
    for rehearsed in REHEARSED.values():
        yield RULES / f"{rehearsed.code}.md", markdown(rehearsed)
    codes = "".join(_code_line(code, rules) for code in ServiceCode)
    service_only = "".join(f"- `{code}`: {why}\n" for code, why in SERVICE_ONLY_CODES.items())
    rows = "".join(_row(rule) for rule in rules)
    of_rehearsals = "".join(map(_row, REHEARSED.values()))
    index = INDEX.format(rows=rows, rehearsed=of_rehearsals, codes=codes, service_only=service_only)
    yield RULES / "README.md", index
    rows, component_rows = map(_table, (CREATE_PIPELINE, CREATE_COMPONENT))
    yield REQUEST, PARAMETERS_PAGE.format(rows=rows, component_rows=component_rows)


def _table(call: Call) -> str:
    """Write the rows of a call's parameters, without the one that comes from the file."""
    parameters = call.parameters
    return "".join(_rows({name: parameters[name] for name in parameters if name != call.content}))


def _rows(fields: Mapping[str, Parameter], above: str = "") -> Iterator[str]:
    for name, about in fields.items():
        mark = " \\*" if about.since is Revision.LATER else ""
        text = about.help
        if about.twin:
            text += f" Replaced by `{named(about.twin)}`."
        yield f"| `{above}{name}`{mark} | {_cell(described(about))} | {_cell(text)} |\n"
        inner = about.item.fields if about.item else about.fields
        yield from _rows(inner, f"{above}{name}{'[]' if about.item else ''}.")


def _row(rule: Rule | Rehearsed) -> str:
    severity = f"{rule.severity}{'' if rule.is_default else ', off'}"
    link = f"[{rule.code}]({rule.code}.md)"
    return f"| {link} | {rule.name} | {severity} | {_cell(rule.summary)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")  # what is like a tag is code, see tests/test_texts.py


def _code_line(code: ServiceCode, rules: list[Rule]) -> str:
    links = ", ".join(
        f"[{rule.code}]({rule.code}.md)" for rule in rules if rule.service_code is code
    )
    return f"- `{code}`: {links}\n"


if __name__ == "__main__":
    wanted = dict(documents())
    sys.exit(written(wanted, (path for path in RULES.glob("*.md") if path not in wanted)))
