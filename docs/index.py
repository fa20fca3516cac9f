"""Write buildlint/lint/rules/index.py: what is known of each rule without importing its module.

python docs/index.py           write it
python docs/index.py --check   exit with 1 if it is not up to date
"""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from generated import written

from buildlint.lint import rules
from buildlint.lint.rules.registry import DECLARED, Rule

MODULE = Path(rules.__file__).with_name("index.py")
_HEAD = '''"""What is known of each rule without its module; written by docs/index.py."""

RULES: tuple[tuple[str, str, str, str | None, bool, *tuple[object, ...]], ...] = (
'''


def module() -> str:
    """Write the module: a row for each rule, with the fields of `Rule` but what is declared."""
    for each in iter_modules(rules.__path__):
        import_module(f"{rules.__name__}.{each.name}")
    rows = [f"    {_row(DECLARED.rules[code])},\n" for code in sorted(DECLARED.rules)]
    return "".join([_HEAD, *rows, ")\n"])


def _row(rule: Rule) -> tuple[object, ...]:
    service_code = str(rule.service_code) if rule.service_code else None
    about = (rule.is_default, rule.nodes, rule.having, rule.programs, rule.kinds, rule.module)
    shells = (tuple(map(str, rule.shells)),) if rule.shells else ()
    return (rule.code, rule.name, str(rule.severity), service_code, *about, *shells)


if __name__ == "__main__":
    sys.exit(written({MODULE: module()}))
