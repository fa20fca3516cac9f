"""Measure whether the tests of a module notice mistakes in it: change it here and there.

python -m benchmarks.mutation MODULE TESTS… [--sample N]

Each mutant is the module with one change: another comparison, a condition turned round, another
number or text. Its tests run in a process of their own until one fails. Printed are the mutants
that no test has noticed, and the share of those that were. What people read is not changed: texts
marked with `N_`, docstrings, and how a rule is declared. Nor are lists of texts: no test is to
repeat them.
"""

import argparse
import ast
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from random import Random
from types import ModuleType
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).parents[1]
_SEED = 20_260_101
# A mutant may loop for ever: so many times as long as without a mistake, and so many seconds more.
_PATIENCE, _SECONDS_MORE = 3.0, 10.0
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


class Mutant(NamedTuple):
    """A module with a mistake in a line."""

    line: int
    was: str
    now: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    tree = ast.parse(source)
    for number, node in enumerate(_nodes(tree)):
        for index, _ in enumerate(_changes(node)):
            changed = deepcopy(tree)
            other = list(_nodes(changed))[number]
            was = ast.unparse(other)
            list(_changes(other))[index]()
            now = ast.unparse(other)
            yield Mutant(getattr(node, "lineno", 0), was, now, changed)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that may be changed, in a fixed order."""
    for name, value in ast.iter_fields(node):
        if name in ("decorator_list", "returns", "annotation"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_for_people(child):
                continue
            if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict) and _is_text(child):
                continue
            yield child
            yield from _nodes(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_for_people(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "N_"
    return isinstance(node, ast.Import | ast.ImportFrom)


class _Change(NamedTuple):
    """A change of a field of a node, made when it is called."""

    node: ast.AST
    name: str
    value: object

    def __call__(self) -> None:
        setattr(self.node, self.name, self.value)


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield what may be changed in a node."""
    match node:
        case ast.Compare(ops=[operator, *rest]) if type(operator) in _COMPARISONS:
            yield _Change(node, "ops", [_COMPARISONS[type(operator)](), *rest])
        case ast.BoolOp(op=operator):
            yield _Change(node, "op", ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _Change(node, "test", _negated(test))
        case ast.Constant(value=bool(value)):
            yield _Change(node, "value", not value)
        case ast.Constant(value=int(value)):
            yield _Change(node, "value", value + 1)
        case ast.Constant(value=str(value)):
            yield _Change(node, "value", f"{value}~")
        case ast.comprehension(ifs=[first, *rest]):
            yield _Change(node, "ifs", [_negated(first), *rest])
        case ast.BinOp(op=ast.Add()):
            yield _Change(node, "op", ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield _Change(node, "op", ast.Add())


def _negated(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


# --- running the tests ---------------------------------------------------------------------------


class _Finder(MetaPathFinder, Loader):
    """Gives a mutant to whoever imports the module."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the module, and no other."""
        del path, target
        if fullname != self._name:
            return None
        return spec_from_loader(fullname, self, origin=os.fspath(self._path))

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant as the module."""
        module.__file__ = os.fspath(self._path)
        exec(compile(self._tree, self._path, "exec"), vars(module))  # noqa: S102 - that is the point


def is_noticed(
    module: str, path: Path, tree: ast.Module, tests: Sequence[str], limit: float
) -> bool:
    """Whether a test fails, in a copy of this process, or takes longer than so many seconds."""
    child = os.fork()
    if child == 0:
        os.setsid()  # what it starts ends with it
        null = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(null, stream)
        sys.meta_path.insert(0, _Finder(module, path, ast.fix_missing_locations(tree)))
        options = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly")
        os._exit(int(pytest.main([*options, *tests])))
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def main() -> int:
    """Print the mutants that are not noticed, and the score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("module", type=Path, help="the file of a module of buildlint")
    parser.add_argument("tests", nargs="+", help="what pytest is given")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many, chosen at random")
    arguments = parser.parse_args()
    path: Path = arguments.module.resolve()
    module = ".".join(path.relative_to(_ROOT).with_suffix("").parts)
    source = path.read_text("utf-8")
    began = time.monotonic()
    if is_noticed(module, path, ast.parse(source), arguments.tests, float("inf")):
        sys.stderr.write("the tests fail without a change\n")
        return 2
    limit = _PATIENCE * (time.monotonic() - began) + _SECONDS_MORE
    chosen = list(mutants(source))
    count = len(chosen)
    if arguments.sample and arguments.sample < count:
        chosen = Random(_SEED).sample(chosen, arguments.sample)  # noqa: S311 - the same each time
    left = 0
    for each in sorted(chosen, key=lambda mutant: mutant.line):
        if not is_noticed(module, path, each.tree, arguments.tests, limit):
            left += 1
            was, now = (" ".join(text.split())[:100] for text in (each.was, each.now))
            sys.stdout.write(f"{arguments.module}:{each.line}: {was}  ->  {now}\n")
            sys.stdout.flush()
    noticed = len(chosen) - left
    sys.stdout.write(
        f"{arguments.module}: {noticed} of {len(chosen)} mutants noticed "
        f"({noticed / max(len(chosen), 1):.0%}; {count} in all)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
