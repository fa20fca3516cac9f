"""The rooms stand on floors: each uses only those below it, so the listing is the architecture."""

import ast

from tests.text.expressions import PACKAGE, modules

# From the ground up; rooms on one floor do not use one another.
FLOORS = (
    *({"version"}, {"text"}, {"language"}, {"service"}, {"shell"}, {"lint"}, {"hosts"}),
    *({"compiler"}, {"convert", "plan", "rehearse"}, {"files"}, {"server"}, {"cli"}, {"__main__"}),
)
HEIGHTS = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def test_every_room_has_its_floor() -> None:
    code = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")}
    assert {name.removesuffix(".py") for name in code} - {"__init__"} == HEIGHTS.keys()


def test_rooms_use_only_those_below_them() -> None:
    upwards = [
        f"{module} uses {imported}"
        for module, tree in modules().items()
        if module != "buildlint"  # the public names
        for node in ast.walk(tree)
        for imported in _imported(node)
        if (ours := module.split(".")[1]) != (theirs := f"{imported}.".split(".")[1])
        and HEIGHTS.get(theirs, len(FLOORS)) >= HEIGHTS[ours]
    ]
    assert not upwards


def _imported(node: ast.AST) -> list[str]:
    """What a statement imports from the package; of `from buildlint import x`, each name."""
    if isinstance(node, ast.Import):
        names = [each.name for each in node.names]
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        names = [f"{module}.{each.name}" for each in node.names]
    else:
        names = []
    return [name for name in names if name.split(".")[0] == "buildlint"]
