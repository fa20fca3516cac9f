"""Names that the files of a directory define, and files that they name."""

import pytest

from buildlint.hosts.pieces import Text
from buildlint.text.source import Source
from tests.hosts.terraform.found import found, hosted, marked, resource, said, unknown, value
from tests.hosts.terraform.written import hcl


def with_locals(expression: str, *definitions: str) -> str:
    """Write an expression as the text of a resource, and locals into the same file."""
    lines = "".join(f"  {each}\n" for each in definitions)
    return f"{expression}\n}}\nlocals {{\n{lines}"


@pytest.mark.parametrize(
    ("definitions", "expression", "expected"),
    [
        (['a = "b"'], "local.a", "b"),
        (['a = "b"', 'c = "${local.a}d"'], "local.c", "bd"),
        (['a = ["b", "c"]'], 'join("\\n", local.a)', "b\nc"),
        (['a = { b = ["c"] }'], "local.a.b[0]", "c"),
        (['a = { b = ["c"] }'], 'local.a["b"].0', "c"),
        (["a = 1"], '"${local.a}"', 1),
        (["a = [1]"], "local.a", [1]),
        (["a = <<-EOT\n    b\n  EOT\n"], "chomp(local.a)", "b"),
    ],
)
def test_locals_are_resolved(definitions: list[str], expression: str, expected: object) -> None:
    assert said(with_locals(expression, *definitions)) == expected
    text = "".join(f"{each}\n" for each in definitions)
    assert said(expression, {"locals.tf": f"locals {{\n{text}}}\n"}) == expected


@pytest.mark.parametrize(
    ("definitions", "expression"),
    [
        ([], "local.a"),
        (["a = var.b"], "local.a"),
        (["a = local.a"], "local.a"),
        (["a = local.b", "b = local.a"], "local.a"),
        (['a = "b"', 'a = "c"'], "local.a"),
        (['a = "b"'], "local.a.b"),
        (['a = ["b"]'], "local.a[1]"),
        (['a = ["b"]'], "local.a[var.c]"),
        (['a = ["b"]'], "local.a[*]"),
        # Names might repeat each other without end.
        (['a = ["b"]'], "[local.a]"),
        (['a = ["b"]'], "{ c = local.a }".replace("{ c", "{ c")),
    ],
)
def test_what_is_not_literal_or_not_certain_is_unknown(
    definitions: list[str], expression: str
) -> None:
    inner = expression.strip("[]{} ").removeprefix("c = ") if "[local" in expression else expression
    inner = "local.a" if expression.startswith("{") else inner
    assert unknown(with_locals(expression, *definitions)) == [inner]


def test_a_name_that_two_files_define_is_unknown() -> None:
    files = {f"{name}.tf": f'locals {{\n  a = "{name}"\n}}\n' for name in "bc"}
    assert unknown("local.a", files) == ["local.a"]


def test_a_file_of_the_directory_is_not_read_twice() -> None:
    text = hcl(with_locals("local.a", 'a = "b"'))
    found = resource(text, {"main.tf": text}).text
    assert found
    assert (found.text, found.unknown) == ("b", ())


def test_neighbours_that_are_broken_say_what_can_be_read() -> None:
    files = {"a.tf": 'locals {\n  a = "b"\n}\n\nresource "x" {\n', "b.tf": "locals {", "c.tf": "a"}
    assert said("local.a", files) == "b"


def test_neighbours_may_be_json() -> None:
    files = {"a.tf.json": '{"locals": [{"a": "${local.b}c"}], "variable": {}}', "b.tf.json": "{"}
    assert said(with_locals("local.a", 'b = "d"'), files) == "dc"


def test_a_text_of_a_neighbour_stands_there() -> None:
    files = {"a.tf": 'locals {\n  a = "RUN b"\n}\n'}
    found = value("local.a", files)
    assert isinstance(found, Text)
    assert found.home == Source("a.tf", files["a.tf"])
    assert marked(found.place) == "local.a"


def test_a_text_with_parts_of_a_neighbour_stands_where_it_is_put_together() -> None:
    files = {"a.tf": 'locals {\n  a = "RUN b"\n}\n'}
    found = value('"FROM a\\n${local.a}"', files)
    assert isinstance(found, Text)
    assert found.text == "FROM a\nRUN b"
    assert [marked(each.place) for each in found.within(found.place).pieces] == [
        '"FROM a\\n${local.a}"',
        "${local.a}",
    ]


def test_texts_that_repeat_each_other_are_bounded() -> None:
    definitions = [
        f'a{index} = "${{local.a{index + 1}}}${{local.a{index + 1}}}"' for index in range(30)
    ]
    assert len(unknown(with_locals("local.a0", *definitions, 'a30 = "bcdefghijklm"'))) <= 2**16
    lists = [f"a{index} = [local.a{index + 1}, local.a{index + 1}]" for index in range(30)]
    assert len(unknown(with_locals("local.a0", *lists, "a30 = []"))) == 2


# --- variables -----------------------------------------------------------------------------------


VARIABLE = 'variable "a" {\n  type = string\n  default = "b"\n}\n'


def test_a_variable_is_unknown_unless_defaults_are_taken() -> None:
    files = {"variables.tf": VARIABLE}
    assert unknown("var.a", files) == ["var.a"]
    assert said("var.a", files, takes_defaults=True) == "b"
    assert said('"${var.a}c"', files, takes_defaults=True) == "bc"


def test_a_default_of_json_is_no_template() -> None:
    files = {"variables.tf.json": '{"variable": {"a": {"default": "${b}\\n"}}}'}
    assert said("var.a", files, takes_defaults=True) == "${b}\n"


@pytest.mark.parametrize("text", ["", 'variable "a" {\n}\n', VARIABLE + VARIABLE])
def test_a_variable_without_a_certain_default_is_unknown(text: str) -> None:
    found = value("var.a", {"variables.tf": text}, takes_defaults=True)
    assert type(found).__name__ == "Unknown"


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ['"${path.module}/web.txt"', '"web.txt"', '"./web.txt"', '"${path.module}/./web.txt"']
)
def test_a_file_is_the_text_itself(path: str) -> None:
    files = {"web.txt": "RUN ${a}\n", "./web.txt": "RUN ${a}\n"}
    found = resource(hcl(f"file({path})"), files)
    assert found.text
    assert found.text.is_file
    assert found.text.text == "RUN ${a}\n"
    unit = found.unit()
    assert unit
    assert unit.source.path.endswith("web.txt")
    assert unit.request


@pytest.mark.parametrize(
    "expression",
    [
        'file("missing.txt")',
        'file("${path.root}/web.txt")',
        'file("${path.module}/${var.a}")',
        'file("web.txt", "a")',
        "file(var.a)",
        "file(1)",
        'templatefile("missing.txt", {})',
        "templatefile()",
        'templatefile("broken.tftpl", {})',
    ],
)
def test_files_that_are_not_there_or_not_named_are_unknown(expression: str) -> None:
    assert unknown(expression, {"web.txt": "a", "broken.tftpl": "${a"}) == [expression]


def test_a_text_of_a_file_may_be_trimmed() -> None:
    found = resource(hcl('trimspace(file("web.txt"))'), {"web.txt": "\nRUN a\n"})
    assert found.text
    assert found.text.text == "RUN a"
    assert not found.text.is_file
    assert found.text.home.path == "web.txt"
    unit = found.unit()
    assert unit
    assert unit.host.path == "web.txt"


def test_what_is_computed_in_a_template_is_unknown() -> None:
    text = 'RUN ${a} $${b} %%{c}\n%{ for d in e ~}\nRUN ${d}\n%{ endfor ~}\nRUN ${local.f}${"g"}\n'
    expression = 'templatefile("${path.module}/web.tftpl", { a = 1 })'
    found = value(with_locals(expression, 'f = "h"'), {"web.tftpl": text})
    assert isinstance(found, Text)
    assert found.text == "RUN ${___} ${b} %{c}\n${___}\nRUN ${___}g\n"
    assert found.unknown == ("a", "%{ for d in e ~}", "local.f")
    assert found.home == Source("web.tftpl", text)


def test_what_is_only_a_name_in_a_template_is_unknown() -> None:
    expression = 'templatefile("web.tftpl", { a = 1 })'
    assert unknown(expression, {"web.tftpl": "${a}"}) == [expression]


def test_files_are_read_as_they_are_edited() -> None:
    before = hosted(hcl('file("web.txt")'), {"web.txt": "run a\n"})
    after = before.edited("web.txt", Source("web.txt", "RUN a\n"))
    assert [each.source.text for each in after.units] == ["RUN a\n"]


def test_resources_of_one_file_may_share_a_text() -> None:
    text = hcl('file("web.txt")') + hcl('file("web.txt")').replace('"web"', '"other"')
    assert len(found(text, {"web.txt": "run a\n"}).resources) == 2
