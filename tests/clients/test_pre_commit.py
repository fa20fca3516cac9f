"""The hooks, run by pre-commit itself when git commits."""

import re
from pathlib import Path

import pytest

from tests.clients.documents import blocks
from tests.clients.machine import TAG, Machine, Repository, script
from tests.clients.sample import BROKEN, CLEAN, MENDED, MISTAKE
from tests.paths import ROOT

CONFIG = ".pre-commit-config.yaml"
FIRST, FIXING, WITH_ARGUMENTS = blocks("pre-commit.md", "yaml")


def pre_commit(machine: Machine, folder: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run pre-commit itself; return its exit code and what it prints."""
    program = script("pre-commit", "pre-commit")
    done = machine.run(program, *arguments, cwd=folder)
    return done.returncode, done.stdout


def consumer(machine: Machine, folder: Path, config: str = FIRST) -> Repository:
    """A repository whose commits are checked by the hooks of a configuration."""
    repository = Repository(machine, folder, {CONFIG: config})
    assert repository.commit().returncode == 0
    code, output = pre_commit(machine, folder, "install")
    assert code == 0, output
    return repository


def with_hook(hook: str) -> str:
    return FIRST.replace("id: buildlint", f"id: {hook}")


def refused(repository: Repository, *names: str) -> str:
    """What is printed by a commit that is blocked."""
    before = repository.git("rev-parse", "HEAD")
    done = repository.commit(*names)
    assert done.returncode == 1, done.stdout
    assert repository.git("rev-parse", "HEAD") == before
    return done.stdout


def accepted(repository: Repository, *names: str) -> str:
    """What is printed by a commit that is made."""
    before = repository.git("rev-parse", "HEAD")
    done = repository.commit(*names)
    assert done.returncode == 0, done.stdout
    assert repository.git("rev-parse", "HEAD") != before
    return done.stdout


def outcome(output: str) -> list[str]:
    """What pre-commit says of each hook: Passed, Failed or Skipped."""
    return re.findall(r"^buildlint.*?\.{3,}.*?(\w+)$", output, re.MULTILINE)


# --- buildlint -----------------------------------------------------------------------------------


def test_a_broken_template_is_blocked_until_it_is_mended(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path)
    repository.write("images/web.buildcontent", BROKEN)
    assert f"images/web.buildcontent{MISTAKE}" in refused(repository)
    repository.write("images/web.buildcontent", MENDED)
    output = accepted(repository)
    assert outcome(output) == ["Passed"]
    assert "BL305" not in output


@pytest.mark.parametrize(
    "name", ["BuildContent", "images/BuildContent", "网站.buildcontent", "nginx.component"]
)
def test_every_name_of_a_template_or_component_is_checked(
    machine: Machine, tmp_path: Path, name: str
) -> None:
    repository = consumer(machine, tmp_path)
    repository.write(name, BROKEN)
    assert f"{name}{MISTAKE}" in refused(repository)


def test_a_template_that_is_no_text_is_blocked(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path)
    repository.write("web.buildcontent", "RUN a\0b\n")
    output = refused(repository)
    assert "error[BL002]: " in output
    assert " --> web.buildcontent:1:6\n" in output


def test_other_files_are_none_of_its_business(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path)
    for name in ("Dockerfile", "BuildContent.md", "web.buildcontent.bak", "request.toml"):
        repository.write(name, BROKEN)
    assert outcome(accepted(repository)) == ["Skipped"]


def test_a_change_of_only_the_request_has_its_template_checked(
    machine: Machine, tmp_path: Path
) -> None:
    repository = consumer(machine, tmp_path)
    repository.write("web.buildcontent", CLEAN)
    repository.write("web.request.toml", 'RegionId = "cn-hangzhou"\n')
    assert outcome(accepted(repository)) == ["Passed"]
    repository.write("web.request.toml", 'RegionId = "cn-hangzhou"\nSystemDiskSize = 10\n')
    assert "web.request.toml:2:1\n" in refused(repository)
    repository.write("web.request.toml", 'RegionId = "cn-hangzhou"\nSystemDiskSize = 40\n')
    assert outcome(accepted(repository)) == ["Passed"]


def test_a_pair_that_changed_is_checked_once(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path)
    repository.write("web.buildcontent", BROKEN)
    repository.write("web.request.json", '{"RegionId": "cn-hangzhou"}')
    output = refused(repository)
    assert output.count(MISTAKE) == 1
    assert "Found 1 error in 1 template and its request file." in output


def test_excludes_of_the_configuration_are_honoured(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path)
    repository.write("pyproject.toml", *blocks("pre-commit.md", "toml"))
    repository.write("vendor/web.buildcontent", BROKEN)
    repository.write("api.request.json", "{}")
    assert outcome(accepted(repository)) == ["Passed"]
    repository.write("web.buildcontent", BROKEN)
    assert f"web.buildcontent{MISTAKE}" in refused(repository)


def test_templates_may_have_other_names(machine: Machine, tmp_path: Path) -> None:
    (files,) = re.findall(r"`(files: .*?)`", (ROOT / "docs" / "pre-commit.md").read_text("utf-8"))
    repository = consumer(machine, tmp_path, f"{FIRST}        {files}\n")
    repository.write("buildlint.toml", 'include = ["*.bc"]\n')
    repository.write("web.bc", BROKEN)
    assert f"web.bc{MISTAKE}" in refused(repository)


def test_arguments_reach_the_command(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path, WITH_ARGUMENTS)
    repository.write("web.buildcontent", CLEAN + "Run true\n")
    output = refused(repository)
    assert "warning[BL801] [*]: " in output
    assert " --> web.buildcontent:3:1\n" in output
    repository.write("web.buildcontent", CLEAN + "RUN true\n")
    assert outcome(accepted(repository)) == ["Passed"]


def test_shellcheck_can_be_had_beside_the_hook(machine: Machine, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "pre-commit.md").read_text("utf-8")
    (dependencies,) = re.findall(r"`(additional_dependencies: .*?)`", text)
    config = f"{FIRST}        {dependencies}\n        args: [--fail-on, info]\n"
    repository = consumer(machine, tmp_path, config)
    repository.write("web.buildcontent", CLEAN + "RUN ls $1\n")
    output = refused(repository)
    assert "info[SC2086]: " in output
    assert " --> web.buildcontent:3:8\n" in output


# --- buildlint-fix -------------------------------------------------------------------------------


def test_a_fixable_template_is_mended_and_blocked_once(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-fix"))
    repository.write("web.buildcontent", CLEAN.replace('"', ""))
    output = refused(repository)
    assert "files were modified by this hook" in output
    assert repository.read("web.buildcontent") == CLEAN
    assert outcome(accepted(repository)) == ["Passed"]
    assert repository.git("show", "HEAD:web.buildcontent") == CLEAN


def test_what_cannot_be_mended_is_reported(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-fix"))
    repository.write("web.buildcontent", BROKEN.replace("RESTART now", "EXPOSE 80"))
    output = refused(repository)
    assert "error[BL301]: " in output
    assert " --> web.buildcontent:3:1\n" in output
    assert "files were modified" not in output


# --- buildlint-iac -------------------------------------------------------------------------------


def test_a_template_in_terraform_is_blocked_until_it_is_mended(
    machine: Machine, tmp_path: Path
) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-iac"))
    broken = (
        'resource "alicloud_ecs_image_pipeline" "web" {\n  base_image_type = "IMAGE"\n'
        '  base_image = "m-bp67acfmxazb4p0abcde"\n  build_content = <<EOT\nRESTART now\nEOT\n}\n'
    )
    repository.write("images/main.tf", broken)
    repository.write("values.yaml", "a: [\n")
    output = refused(repository)
    assert "error[BL305]" in output
    assert " --> images/main.tf:5:9\n" in output
    repository.write("images/main.tf", broken.replace(" now", ""))
    assert outcome(accepted(repository)) == ["Passed"]


def test_files_of_infrastructure_code_without_templates_pass(
    machine: Machine, tmp_path: Path
) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-iac"))
    repository.write("main.tf", 'resource "alicloud_vpc" "web" {\n')
    repository.write("package.json", "{")
    assert outcome(accepted(repository)) == ["Passed"]
    repository.write("web.buildcontent", BROKEN)
    assert outcome(accepted(repository)) == ["Skipped"]


# --- buildlint-format ----------------------------------------------------------------------------


def test_an_uneven_template_is_formatted_and_blocked_once(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-format"))
    repository.write("web.buildcontent", CLEAN.replace("ENV ", "env   "))
    output = refused(repository)
    assert "files were modified by this hook" in output
    assert "Reformatted web.buildcontent" in output
    assert repository.read("web.buildcontent") == CLEAN
    assert outcome(accepted(repository)) == ["Passed"]


def test_the_formatter_leaves_requests_and_what_is_excluded(
    machine: Machine, tmp_path: Path
) -> None:
    repository = consumer(machine, tmp_path, with_hook("buildlint-format"))
    repository.write("buildlint.toml", 'exclude = ["vendor"]\n')
    repository.write("vendor/web.buildcontent", "run   true\n")
    assert outcome(accepted(repository)) == ["Passed"]
    assert repository.read("vendor/web.buildcontent") == "run   true\n"
    repository.write("web.request.toml", 'RegionId   =   "cn-hangzhou"\n')
    assert outcome(accepted(repository)) == ["Skipped"]


def test_fixes_and_layout_go_together(machine: Machine, tmp_path: Path) -> None:
    repository = consumer(machine, tmp_path, FIXING)
    repository.write("web.buildcontent", CLEAN.replace('ENV A="1"', "env   A=1"))
    assert outcome(refused(repository)) == ["Failed", "Failed"]
    assert repository.read("web.buildcontent") == CLEAN
    assert outcome(accepted(repository)) == ["Passed", "Passed"]


# --- other commands of pre-commit ----------------------------------------------------------------


def test_what_is_there_already_can_be_checked(machine: Machine, tmp_path: Path) -> None:
    repository = Repository(machine, tmp_path, {CONFIG: FIRST, "web.buildcontent": BROKEN})
    assert repository.commit().returncode == 0
    code, output = pre_commit(machine, tmp_path, "run", "--all-files")
    assert (code, outcome(output)) == (1, ["Failed"])
    assert f"web.buildcontent{MISTAKE}" in output


def test_the_version_can_be_updated(machine: Machine, tmp_path: Path) -> None:
    old = machine.run("git", "rev-parse", "HEAD", cwd=machine.project).stdout.strip()
    repository = Repository(machine, tmp_path, {CONFIG: FIRST.replace(TAG, old)})
    code, output = pre_commit(machine, tmp_path, "autoupdate")
    assert code == 0, output
    assert repository.read(CONFIG) == FIRST


def test_the_hooks_can_be_tried(machine: Machine, tmp_path: Path) -> None:
    repository = Repository(machine, tmp_path, {"web.buildcontent": BROKEN})
    trial = ("try-repo", machine.project, "buildlint", "--ref", TAG, "--all-files")
    repository.git("add", ".")
    code, output = pre_commit(machine, tmp_path, *trial)
    assert (code, outcome(output)) == (1, ["Failed"]), output
    assert f"web.buildcontent{MISTAKE}" in output
    repository.write("web.buildcontent", CLEAN)
    repository.git("add", ".")
    code, output = pre_commit(machine, tmp_path, *trial)
    assert (code, outcome(output)) == (0, ["Passed"]), output


def test_manifest_and_documents_are_what_pre_commit_takes(machine: Machine, tmp_path: Path) -> None:
    manifest = machine.project / ".pre-commit-hooks.yaml"
    assert pre_commit(machine, tmp_path, "validate-manifest", manifest) == (0, "")
    for config in (FIRST, FIXING, WITH_ARGUMENTS):
        (tmp_path / CONFIG).write_text(config, "utf-8")
        assert pre_commit(machine, tmp_path, "validate-config", CONFIG) == (0, "")
