"""Measure what each rule costs on the corpus, and what it cost in another checkout.

python -m benchmarks.rules [--against DIRECTORY]

Microseconds a template, the least of some rounds in which the checkouts take turns. What the rules
share has rows of its own: parsing, and reading the shell text of RUNs. Of what several rules ask
the context for, the first one pays.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import corpus
from benchmarks.table import table

_ROOT = Path(__file__).parents[1]
_SCRIPT = Path(__file__).with_name("rule_costs.py")
_TEMPLATES = 400
_ROUNDS = 5

Costs = dict[str, float]


def main() -> int:
    """Print the table, the dearest rule first."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=__doc__)
    arguments.add_argument("--against", type=Path, metavar="DIRECTORY", help="another checkout")
    other: Path | None = arguments.parse_args().against
    checkouts = [_ROOT, other.resolve()] if other else [_ROOT]
    texts = json.dumps(list(corpus.templates(_TEMPLATES)))
    rounds = [[_measure(checkout, texts) for checkout in checkouts] for _ in range(_ROUNDS)]
    now, *before = (_least(measured) for measured in zip(*rounds, strict=True))
    header = ("", "µs a template", *(("before", "ratio") if before else ()))
    sys.stdout.write(table([header, *_rows(now, *before)]))
    return 0


def _measure(checkout: Path, texts: str) -> Costs:
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    command = [sys.executable, "-P", str(_SCRIPT)]
    done = subprocess.run(
        command, env=environment, input=texts, stdout=subprocess.PIPE, text=True, check=True
    )
    found: Costs = json.loads(done.stdout)
    return found


def _least(measured: tuple[Costs, ...]) -> Costs:
    return {name: min(each[name] for each in measured) for name in measured[0]}


def _rows(now: Costs, before: Costs | None = None) -> Iterator[tuple[str, ...]]:
    rules = {name: taken for name, taken in now.items() if name.startswith("BL")}
    shared = {name: taken for name, taken in now.items() if name not in rules}
    sums = {"all rules": sum(rules.values())}
    if before is not None:
        both = rules.keys() & before.keys()
        sums |= {"rules of both": sum(rules[name] for name in both)}
        before = before | {"rules of both": sum(before[name] for name in both)}
    dearest = dict(sorted(rules.items(), key=lambda item: item[1], reverse=True))
    for name, taken in (shared | sums | dearest).items():
        yield _row(name, taken, before)


def _row(name: str, taken: float, before: Costs | None) -> tuple[str, ...]:
    cells = (name, f"{taken:.1f}")
    if before is None:
        return cells
    old = before.get(name)
    return (*cells, f"{old:.1f}", f"{taken / old:.2f}×") if old else (*cells, "", "")


if __name__ == "__main__":
    sys.exit(main())
