"""The steps that a template becomes: their order, and what each finds."""

import re
import subprocess
from pathlib import Path

import pytest

from buildlint.rehearse.quoting import in_double_quotes
from tests import needs
from tests.cli.commands import run
from tests.rehearse.fake_engine import FakeEngine
from tests.rehearse.rehearsing import BARE, rehearse, scripts, step

COMPONENT = """\
Parameters:
  port:
    Type: Number
    DefaultValue: "80"
Tasks:
  - Name: one
    Action: RunShellCommand
    Properties:
      workingDir: /srv
      username: web
      commandContent: |
        set -e
        listen {{ port }}
  - Name: two
    Action: Reboot
  - Name: three
    Action: OSSDownload
    Properties:
      bucketName: b
      objectName: o
      destinationDir: /opt
"""

TERRAFORM = """\
resource "alicloud_ecs_image_pipeline" "web" {
  base_image_type = "IMAGE_FAMILY"
  base_image      = "acs:debian_12_11_x64"
  build_content   = <<-EOT
    RUN cat /root/y
  EOT
}
"""


def test_steps_run_in_their_order_and_a_restart_between_them(podman: FakeEngine) -> None:
    done = rehearse("RUN one\nRESTART\nRUN two\n")
    assert done.statuses == {"2": "passed", "3": "passed", "4": "passed"}
    assert [each.rpartition("\n")[2] for each in scripts(podman)] == ["one", "two"]
    verbs = podman.verbs()
    assert verbs.count("restart") == 1
    assert done.code == 0


def test_commands_set_what_later_steps_find(podman: FakeEngine) -> None:
    rehearse(
        'ENV A="1" B="$A/2"\nWORKDIR /srv\nRUN one\nUSER web\nWORKDIR app\nENV A 3 4\nRUN two\n'
    )
    one, two = scripts(podman)
    assert 'export A="1"\nexport B="$A/2"\n' in one
    assert 'cd -- "/srv" ' in one
    assert "USER=root" in one
    assert 'export B="$A/2"\nexport A="3 4"\n' in two
    assert 'cd -- "/srv/app" ' in two
    assert "USER=web" in two
    users = [each.words for each in podman.calls if "--user=web" in each.words]
    assert len(users) == 1


def test_lines_are_those_of_the_template(podman: FakeEngine) -> None:
    rehearse("RUN set -e; \\\n    # a comment\n    one && \\\n    two\n")
    assert scripts(podman)[0].endswith("set -e; \\\n    one && \\\n    two")


@pytest.mark.parametrize(
    ("command", "script"),
    [
        ("COPY https://example.com/a.tar.gz /opt/app", 'wget -nv -P "/opt/app" -- '),
        ("COPY /opt/a.conf /etc/app", 'cp -r -- "/opt/a.conf" "/etc/app"'),
    ],
)
def test_copy_is_done_by_wget_or_cp(podman: FakeEngine, command: str, script: str) -> None:
    rehearse(f"{command}\n")
    assert script in scripts(podman)[0]


def test_a_file_is_taken_instead_of_a_url(podman: FakeEngine) -> None:
    Path("here.tar.gz").write_text("content", "utf-8")
    url = "https://example.com/a.tar.gz"
    rehearse(f"COPY {url} /opt\n", "--file", f"{url}=here.tar.gz")
    assert "cp -- /var/lib/buildlint/files/a.tar.gz" in scripts(podman)[0]
    copied = [each for each in podman.calls if each.stdin == "content"]
    assert len(copied) == 1


def test_a_component_of_the_repository_is_run_with_its_parameters(podman: FakeEngine) -> None:
    Path("app.component.yaml").write_text(COMPONENT, "utf-8")
    done = rehearse("COMPONENT acs:ecs:*:1234:imagecomponent/app/1.0.0 --port 8080\nRUN two\n")
    assert done.statuses == {"2.1": "passed", "2.2": "passed", "2.3": "skipped", "3": "passed"}
    first = scripts(podman)[0]
    assert first.endswith("set -e\nlisten 8080")
    assert 'cd -- "/srv" ' in first
    assert "USER=web" in first
    assert [each.code for each in done.found] == ["BR112"]


def test_a_failure_in_a_component_is_marked_in_its_file(podman: FakeEngine) -> None:
    Path("app.component.yaml").write_text(COMPONENT, "utf-8")
    podman.script(step("listen", "sh: 2: listen: not found\n", 127))
    done = rehearse("COMPONENT acs:ecs:*:1234:imagecomponent/app/1.0.0\n")
    assert done.only.code == "BR101"
    assert done.only.marked == "listen"
    (found,) = (each for each in done.report["diagnostics"] if each["rule"] == "BR101")
    assert Path(found["path"]).name == "app.component.yaml"


def test_a_component_alone_is_run_with_its_defaults(podman: FakeEngine) -> None:
    Path("app.component.yaml").write_text(COMPONENT, "utf-8")
    done = run("rehearse", "app.component.yaml", "--image", BARE)
    assert done.exit_code == 0
    assert scripts(podman)[0].endswith("set -e\nlisten 80")
    assert "1  RUN set -e listen 80\n" in done.stderr
    assert run("rehearse", "app.component.yaml").exit_code == 2


def test_a_template_in_a_terraform_file_is_marked_there(podman: FakeEngine) -> None:
    Path("main.tf").write_text(TERRAFORM, "utf-8")
    podman.script(step("", "cat: /root/y: No such file or directory\n", 1))
    done = run("rehearse", "main.tf", "--output-format", "concise")
    assert "main.tf:5:13: error BR101 `cat` fails: `/root/y` does not exist here" in done.stdout


def test_a_component_that_is_elsewhere_is_left_out(podman: FakeEngine) -> None:
    done = rehearse("COMPONENT ic-bp67acfmxazb4ph0aaaa\nRUN two\n")
    assert done.only[:3] == ("BR112", "warning", "ic-bp67acfmxazb4ph0aaaa")
    assert done.code == 0


def test_a_comment_leaves_a_command_out(podman: FakeEngine) -> None:
    done = rehearse("# buildlint: rehearse skip needs a GPU\nRUN nvidia-smi\nRUN two\n")
    assert done.only[:3] == ("BR113", "info", "RUN nvidia-smi")
    assert "needs a GPU" in done.only.message
    assert len(scripts(podman)) == 1


def test_a_test_runs_behind_a_restart(podman: FakeEngine) -> None:
    Path("web.test.buildcontent").write_text("RUN check it\n", "utf-8")
    done = rehearse('ENV A="1"\nRUN one\n')
    assert [*done.statuses.values()] == ["passed"] * 3
    last = scripts(podman)[-1]
    assert last.endswith("check it")
    assert "export A=" not in last
    verbs = podman.verbs()
    assert verbs.count("restart") == 1


def test_steps_before_the_first_are_left_out_and_keep_their_settings(podman: FakeEngine) -> None:
    done = rehearse('RUN one\nENV A="1"\nRUN two\n', "--from", "4")
    assert done.statuses == {"2": "skipped", "4": "passed"}
    (only,) = scripts(podman)
    assert 'export A="1"' in only
    assert any("--from" in each for each in done.report["not_tested"])


def test_a_step_that_is_not_there_is_refused(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n", "--from", "9")
    assert done.code == 2
    assert "there is no step 9; the last one is 2" in done.result.stderr


def test_a_template_without_steps_starts_no_container(podman: FakeEngine) -> None:
    done = rehearse('ENV A="1"\n')
    assert done.code == 2
    assert "there is no RUN, COPY or RESTART" in done.result.stderr
    assert podman.calls == []


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        'a "quoted" one',
        r"a\"b",
        "`id`",
        "$(id)",
        r"\$(id)",
        r"\\$(id)",
        "end\\",
        "$A ${A}",
    ],
)
def test_values_are_expanded_but_nothing_is_run(text: str) -> None:
    bash = needs.program("bash", "apt-get install bash")
    script = f"A=value; set -- {in_double_quotes(text)}; printf '%s' \"$#:$1\""
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1:")
    assert "uid=" not in done.stdout
    assert done.stdout.count("value") == len(re.findall(r"\$A|\$\{A\}", text))
