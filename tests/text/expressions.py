"""All regular expressions of the package, and what each is used for."""

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import buildlint
from buildlint.language.tables import GRAMMARS
from tests.text.backtracking import Expression, Method

PACKAGE = Path(buildlint.__file__).parent

# Imports all modules, and writes which expressions they make, and where.
_RECORDER = """
import importlib, json, pkgutil, re, sys
import buildlint
from buildlint.text import regex

made = []

def record(text, flags):
    frame = sys._getframe(2)
    while frame.f_code.co_filename in (re.__file__, regex.__file__):
        frame = frame.f_back
    made.append((frame.f_globals["__name__"], frame.f_lineno, text, int(flags)))

def compile(text, flags, compile=re._compile):
    if isinstance(text, str):
        record(text, flags)
    return compile(text, flags)

def init(self, text, flags, init=regex._Lazy.__init__):
    record(text, flags)
    init(self, text, flags)

re._compile = compile
regex._Lazy.__init__ = init
for module in pkgutil.walk_packages(buildlint.__path__, "buildlint."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
json.dump([each for each in made if each[0].startswith("buildlint.")], sys.stdout)
"""

# What is not known, or done in several ways.
_ANY = frozenset((Method.SEARCH, Method.FULLMATCH))
_MATCHES = {"match": Method.MATCH, "fullmatch": Method.FULLMATCH}
_SEARCHES = ("findall", "finditer", "search", "split", "sub", "subn")
_MAKERS = ("regex", *(f"re.{name}" for name in ("compile", *_MATCHES, *_SEARCHES)))


class Site(NamedTuple):
    """An expression, and where it is made."""

    module: str
    line: int
    text: str
    flags: int


@cache
def modules() -> dict[str, ast.Module]:
    """The modules of the package by their names."""
    paths = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    return {
        name.removesuffix(".__init__"): ast.parse(path.read_text("utf-8"))
        for name, path in paths.items()
    }


def all_of_them() -> Iterator[tuple[str, Expression]]:
    """Yield each expression once with the place where it is made; for each use of it, if several.

    Those that are put together when a function runs are not among them: `put_together`.
    """
    seen = set()
    for place, expression in (*_of_modules(), *_of_functions(), *_of_grammars()):
        if expression not in seen:
            seen.add(expression)
            yield place, expression


# --- made when a module is imported --------------------------------------------------------------


@cache
def made_by_modules() -> list[Site]:
    """The expressions that modules make when they are imported, whatever they put them into."""
    command = [sys.executable, "-c", _RECORDER]
    result = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return [Site(*each) for each in json.loads(result.stdout)]


def _of_modules() -> Iterator[tuple[str, Expression]]:
    names, uses = _names(), _uses()
    for site in made_by_modules():
        name = names.get((site.module, site.line), "")
        for method in sorted(uses.get((site.module, name)) or _ANY):
            place = f"{site.module}:{site.line}"
            yield place, Expression(site.text, site.flags, method)


def _names() -> dict[tuple[str, int], str]:
    """The variables that are an expression, by module and line: `NAME = regex("…")`."""
    return {
        (module, line): ast.unparse(statement.targets[0])
        for module, tree in modules().items()
        for statement in tree.body
        if isinstance(statement, ast.Assign) and _makes(statement.value)
        for line in range(statement.lineno, (statement.end_lineno or 0) + 1)
    }


def _uses() -> dict[tuple[str, str], set[Method]]:
    """How each module uses its variables: `NAME.match(text)`; in any way, if not by a method."""
    found: dict[tuple[str, str], set[Method]] = defaultdict(set)
    for module, tree in modules().items():
        called = {
            node.func.value: _methods(node.func.attr, node.args)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[module, node.id].update(called.get(node, _ANY))
            elif isinstance(node, ast.ImportFrom):
                # Whoever imports it may do anything with it.
                for each in node.names:
                    found[node.module or "", each.name].update(_ANY)
    return found


def _methods(name: str, arguments: Sequence[ast.expr] = ()) -> frozenset[Method]:
    # What is matched at a place is matched at others too: that is a search.
    if name in _SEARCHES or (name in _MATCHES and len(arguments) > 1):
        return frozenset((Method.SEARCH,))
    return frozenset((_MATCHES[name],)) if name in _MATCHES else _ANY


def _makes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKERS


# --- made when a function runs -------------------------------------------------------------------


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for module, tree in modules().items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from ((module, each) for each in ast.walk(function) if _makes(each))  # type: ignore[misc]


def _of_functions() -> Iterator[tuple[str, Expression]]:
    for module, call in _calls():
        text, *others = call.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            flags = [getattr(re, each.attr) for each in others if _is_flag(each)]  # type: ignore[attr-defined]
            for method in sorted(_methods(ast.unparse(call.func).removeprefix("re."))):
                yield f"{module}:{call.lineno}", Expression(text.value, sum(flags), method)


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "re"


def put_together() -> Iterator[tuple[str, str]]:
    """Yield the calls that are given an expression nobody has written: the module, and the call."""
    for module, call in _calls():
        text = call.args[0]
        is_fixed = isinstance(text, ast.Constant) or ast.unparse(text).startswith("re.escape(")
        if not is_fixed:
            yield module, ast.unparse(call)


# --- grammars ------------------------------------------------------------------------------------


def _of_grammars() -> Iterator[tuple[str, Expression]]:
    """What the lexer of each state looks for."""
    for name, tables in GRAMMARS.items():
        for state in tables.states:
            fitting = {*state.split(), *tables.ignored}
            terminals = [f"(?:{text})" for kind, text in tables.terminals if kind in fitting]
            yield f"{name}.lark", Expression("|".join(terminals), 0, Method.SCAN)
