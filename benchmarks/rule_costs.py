"""Measure what each rule costs: templates come as JSON on standard input, microseconds go out.

Nothing of this folder is imported: `python -m benchmarks.rules` runs it on other checkouts, too.
"""

import gc
import json
import sys
from time import perf_counter

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.linter import context_of
from buildlint.lint.rules import REGISTRY
from buildlint.shell import reader
from buildlint.text.source import Source

_PASSES = 3

Costs = dict[str, float]


def costs(texts: list[str]) -> Costs:
    """Check the templates; return the microseconds a template of each rule and of what all share.

    They are the least of some passes, in which nothing is remembered of the one before.
    """
    best: Costs = {}
    gc.disable()
    for _ in range(_PASSES):
        spent = dict.fromkeys(("parse", "read shell text", *REGISTRY.select().rules), 0.0)
        reader._read.cache_clear()  # noqa: SLF001 - there is no other way to forget
        for text in texts:
            began = perf_counter()
            context = context_of(Source("<template>", text), None)
            spent["parse"] += perf_counter() - began
            began = perf_counter()
            for item in context.template.items:
                if isinstance(item, Run):
                    context.shell(item)
            spent["read shell text"] += perf_counter() - began
            _run_rules(context, spent)
        for name, seconds in spent.items():
            taken = seconds / len(texts) * 1e6
            best[name] = min(taken, best.get(name, taken))
    return best


def _run_rules(context: Context, spent: Costs) -> None:
    index = REGISTRY.select().index
    nodes = (context.source, context.template, *context.template.items, *context.suppressions)
    for node in nodes:
        for rule in index.of(node, context):
            began = perf_counter()
            for _ in rule.check(node, context):
                pass
            spent[rule.code] += perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(json.dumps(costs(json.load(sys.stdin))))
