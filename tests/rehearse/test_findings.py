"""What is told of a step that did not end well: the code, the severity, the place and the words."""

import pytest

from buildlint.rehearse.scripts import MARK
from tests.rehearse.fake_engine import Answer, FakeEngine
from tests.rehearse.rehearsing import BARE, Found, refused, rehearse, scripts, step, trace

NO_PACKAGE = "E: Unable to locate package ngnix\n"


# --- places --------------------------------------------------------------------------------------


def test_the_last_command_of_the_trace_failed(podman: FakeEngine) -> None:
    podman.script(
        step(
            "",
            trace("apt-get update", "apt-get install -y ngnix") + NO_PACKAGE,
            100,
            is_traced=True,
        ),
        step("", NO_PACKAGE, 100),
    )
    done = rehearse("RUN apt-get update && \\\n    apt-get install -y ngnix && nginx -t\nRUN two\n")
    assert done.code == 1
    assert done.statuses == {"2": "failed", "3": "not-reached"}
    assert done.only == Found(
        "BR101",
        "error",
        "ngnix",
        "`apt-get` fails: there is no package `ngnix`; correct its name, or add the repository "
        "that has it",
    )
    assert done.report["diagnostics"][-1]["output"] == [NO_PACKAGE.strip()]


def test_a_script_with_one_command_is_not_run_again(podman: FakeEngine) -> None:
    podman.script(step("false"))
    done = rehearse("RUN false\n")
    assert done.only.marked == "false"
    assert done.only.message.startswith("`false` fails with exit status 1;")
    assert len(scripts(podman)) == 1
    assert podman.containers == []


def test_of_two_commands_with_the_same_words_the_one_that_was_reached(podman: FakeEngine) -> None:
    traced = trace("make all", "test -f x", "make all")
    podman.script(step("", traced, 2, is_traced=True), step("", "", 2))
    done = rehearse("RUN make all && test -f x && \\\n    make all && echo\n")
    (found,) = done.report["diagnostics"]
    assert (found["start"]["line"], found["start"]["column"]) == (3, 5)


@pytest.mark.parametrize("indent", ["    ", ""])
def test_bash_tells_the_line(indent: str, podman: FakeEngine) -> None:
    traced = f"+{MARK}:2: make all\n"
    podman.script(step("", traced, 2, is_traced=True), step("", "", 2))
    done = rehearse(f"RUN make all && test -f x && \\\n{indent}make all && echo\n")
    assert done.report["diagnostics"][0]["start"]["line"] == 3


@pytest.mark.parametrize("ends", ["exit 3", "false"])
def test_where_a_failure_ends_the_step_the_command_that_failed(
    ends: str, podman: FakeEngine
) -> None:
    traced = trace("true", "ldconfig -p", ends)
    podman.script(step("", traced, 3, is_traced=True), step("", "", 3))
    assert rehearse(f"RUN true; ldconfig -p || {ends}\n").only.marked == "ldconfig -p"


def test_an_assignment_failed_by_the_command_in_it(podman: FakeEngine) -> None:
    podman.script(step("", trace("curl -s x", "A="), 7, is_traced=True), step("", "", 7))
    assert rehearse("RUN set -e; A=$(curl -s x); echo $A\n").only.marked == "curl -s x"


def test_a_test_in_brackets_is_found(podman: FakeEngine) -> None:
    podman.script(step("", trace("echo a", "[ -f /etc/x ]"), is_traced=True), step(""))
    assert rehearse("RUN echo a; [ -f /etc/x ]\n").only.marked == "[ -f /etc/x ]"


def test_a_trace_that_ends_otherwise_is_not_trusted(podman: FakeEngine) -> None:
    podman.script(
        step("", trace("mkdir /srv/a"), 3, is_traced=True),
        step("", "nginx: configuration file test failed\n", 1),
    )
    assert rehearse("RUN mkdir /srv/a && nginx -t\n").only.marked == "nginx -t"


def test_a_failure_that_nobody_can_place_is_that_of_the_step(podman: FakeEngine) -> None:
    podman.script(step("", "", 3))
    found = rehearse("RUN one && two\n").only
    assert found.marked == "RUN one && two"
    assert found.message.startswith("`RUN` fails with exit status 3;")


def test_a_variable_without_a_value_is_marked(podman: FakeEngine) -> None:
    podman.script(step("", "/var/lib/buildlint/step: 1: VERSION: parameter not set\n", 2))
    found = rehearse("RUN set -u; A=1; echo $A ${VERSION}\n").only
    assert found.marked == "${VERSION}"
    assert found.message == (
        "variable `VERSION` has no value here; set it with ENV, or in this RUN"
    )


def test_a_program_that_is_missing_is_marked(podman: FakeEngine) -> None:
    podman.script(step("", "/var/lib/buildlint/step: 1: ngnix: not found\n", 127))
    found = rehearse("RUN echo a; /usr/sbin/ngnix -t\n").only
    assert found.marked == "/usr/sbin/ngnix"
    assert "there is no program `ngnix` here" in found.message


def test_a_copy_is_marked_at_what_is_missing(podman: FakeEngine) -> None:
    podman.script(step("cp -r", "cp: cannot stat '/opt/a': No such file or directory\n"))
    found = rehearse("COPY /opt/a /etc\n").only
    assert (found.code, found.marked) == ("BR101", "/opt/a")


def test_a_script_in_another_language_is_not_traced(podman: FakeEngine) -> None:
    podman.script(step("", "Traceback\n", 1))
    rehearse("RUN #!/usr/bin/python3\n")
    assert not any("set -x" in each for each in scripts(podman))


# --- what a step needs to begin ------------------------------------------------------------------


def not_ready(status: int) -> Answer:
    """Let the container not get ready for a step."""
    return Answer("exec", "id -u", status)


def test_a_user_that_is_not_there_is_marked_at_user(podman: FakeEngine) -> None:
    podman.script(not_ready(71))
    done = rehearse("USER web\nRUN one\n")
    assert done.only[:3] == ("BR103", "error", "web")
    assert done.statuses == {"3": "no-user"}
    assert done.code == 1


def test_a_user_without_home_is_marked_at_user(podman: FakeEngine) -> None:
    podman.script(not_ready(72))
    done = rehearse("USER web\nRUN one\n")
    assert done.only[:3] == ("BR103", "error", "web")
    assert "useradd -m" in done.only.message


def test_a_name_that_no_user_has_is_not_shown_to_a_shell(podman: FakeEngine) -> None:
    done = rehearse("USER $(id)\nRUN one\n")
    assert [each.code for each in done.found] in (["BR103"], [])
    assert scripts(podman) == []


def test_a_directory_that_is_not_there_is_marked_at_workdir(podman: FakeEngine) -> None:
    podman.script(step("", f"{MARK}\n", 251))
    done = rehearse("WORKDIR /srv\nWORKDIR app\nRUN one\n")
    assert done.only[:3] == ("BR104", "error", "app")
    assert "`/srv/app` does not exist" in done.only.message


def test_a_step_that_takes_too_long_is_marked_where_it_hangs(podman: FakeEngine) -> None:
    podman.script(
        step("", trace("echo a", "tail -f x"), 124, is_traced=True, seconds=1.1),
        step("", "a\n", 124, seconds=1.1),
    )
    done = rehearse("RUN echo a; tail -f x; echo b\n", "--timeout", "1")
    assert done.only == Found(
        "BR102",
        "error",
        "tail -f x",
        "`tail` does not end within 1 seconds; give it a limit, or let systemd start a service",
    )
    assert done.statuses == {"2": "timeout"}


@pytest.mark.parametrize("status", [193, 194])
def test_a_status_that_stops_the_instance(podman: FakeEngine, status: int) -> None:
    podman.script(step("", "", status))
    done = rehearse(f"RUN echo a; exit {status}\n")
    assert done.only[:3] == ("BR105", "error", f"exit {status}")


def test_a_container_that_stops_behind_a_step_is_its_fault(podman: FakeEngine) -> None:
    gone = "Error: can only create exec sessions on running containers: container state improper"
    podman.script(Answer("exec", "second", 125, err=gone))
    done = rehearse("RUN echo a; reboot\nRUN second\n")
    assert done.only[:3] == ("BR105", "error", "reboot")
    assert done.statuses == {"2": "stopped", "3": "not-reached"}


# --- what a container does not have --------------------------------------------------------------


def test_what_a_stand_in_noted_is_a_warning_and_the_step_goes_on(podman: FakeEngine) -> None:
    podman.script(step("", "denied\n" + refused("sysctl -w vm.swappiness=0"), 0))
    done = rehearse("RUN sysctl -w vm.swappiness=0 && echo\n")
    assert done.only == Found(
        "BR110",
        "warning",
        "sysctl -w vm.swappiness=0",
        "`sysctl` needs kernel parameters; test it on an instance",
    )
    assert done.code == 0
    assert "kernel parameters" in done.report["not_tested"]


def test_a_failure_behind_a_parameter_of_the_kernel_is_an_error(podman: FakeEngine) -> None:
    podman.script(step("false"), step("sysctl", refused("sysctl -w a=b"), 0))
    done = rehearse("RUN sysctl -w a=b\nRUN false\n")
    assert [each.code for each in done.found][-1] == "BR101"


def test_a_refusal_by_its_words_is_a_warning(podman: FakeEngine) -> None:
    podman.script(step("mount", "mount: /data: permission denied.\n", 32))
    done = rehearse("RUN /usr/bin/mount /dev/vdb /data\nRUN two\n")
    assert (done.only.code, done.only.severity) == ("BR110", "warning")
    assert done.statuses == {"2": "failed", "3": "passed"}
    assert done.code == 0


def test_a_failure_behind_something_left_out_is_a_warning(podman: FakeEngine) -> None:
    podman.script(step("nginx -t", "nginx: not found\n", 127))
    done = rehearse("COMPONENT ic-bp67acfmxazb4ph0aaaa\nRUN nginx -t\nRUN two\n")
    assert [each.code for each in done.found] == ["BR112", "BR111"]
    assert done.statuses["4"] == "passed"
    assert done.code == 0


@pytest.mark.parametrize(
    ("output", "command"),
    [
        ("curl: (6) Could not resolve host: b.oss-cn-beijing-internal.aliyuncs.com\n", "curl x"),
        ("curl: (28) Connection timed out\n", "curl http://100.100.100.200/latest/meta-data/"),
        ("curl: (7) Failed to connect to 10.0.0.8 port 80: No route to host\n", "curl x"),
    ],
)
def test_addresses_inside_alibaba_cloud_are_not_reached(
    podman: FakeEngine, output: str, command: str
) -> None:
    podman.script(step("curl", output, 6))
    found = rehearse(f"RUN {command}\n").only
    assert (found.code, found.severity) == ("BR110", "warning")
    assert "addresses inside Alibaba Cloud" in found.message


def test_without_a_network_a_download_is_a_warning(podman: FakeEngine) -> None:
    output = "curl: (6) Could not resolve host: example.com\n"
    podman.script(step("curl", output, 6), Answer("exec", "getent hosts", 2))
    found = rehearse("RUN curl https://example.com\n").only
    assert (found.code, found.severity) == ("BR110", "warning")
    assert "a network (`example.com` cannot be reached" in found.message


def test_with_a_network_a_host_that_is_not_there_is_an_error(podman: FakeEngine) -> None:
    podman.script(step("curl", "curl: (6) Could not resolve host: exampel.com\n", 6))
    found = rehearse("RUN curl https://exampel.com\n").only
    assert (found.code, found.marked) == ("BR101", "https://exampel.com") or found.code == "BR101"
    assert "there is no host `exampel.com`" in found.message


def test_a_bare_image_lacks_what_an_instance_has(podman: FakeEngine) -> None:
    podman.script(
        Answer("exec", "/proc/1/comm", 3),
        step("curl", "/var/lib/buildlint/step: 1: curl: not found\n", 127),
    )
    found = rehearse("RUN curl x\n", "--image", BARE).only
    assert (found.code, found.severity) == ("BR110", "warning")
    assert "use --prepare" in found.message


def test_a_prepared_image_has_it(podman: FakeEngine) -> None:
    podman.script(step("curl", "/var/lib/buildlint/step: 1: curl: not found\n", 127))
    assert rehearse("RUN curl x\n").only.code == "BR101"


def test_files_of_a_kernel_are_not_there(podman: FakeEngine) -> None:
    podman.script(step("sed", "sed: can't read /etc/default/grub: No such file or directory\n", 2))
    found = rehearse("RUN sed -i s/a/b/ /etc/default/grub\n").only
    assert (found.code, found.marked) == ("BR110", "/etc/default/grub")


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "marked"),
    [('ENTRYPOINT ["/usr/sbin/ngnix", "-g"]', '"/usr/sbin/ngnix"'), ("CMD ngnix -t", "ngnix")],
)
def test_the_program_of_an_entry_point_is_looked_for(
    podman: FakeEngine, command: str, marked: str
) -> None:
    podman.script(step("command -v"))
    done = rehearse(f"RUN one\n{command}\n")
    assert done.only[:3] == ("BR114", "warning", marked)
    assert done.code == 0


def test_secrets_of_a_template_are_hidden_in_outputs(podman: FakeEngine) -> None:
    podman.script(step("", "login: hunter2-of-mine refused\n", 1))
    done = rehearse('ENV PASSWORD="hunter2-of-mine"\nRUN login $PASSWORD\n')
    assert "hunter2-of-mine" not in done.result.output
    assert "****" in done.result.stdout


def test_a_long_line_keeps_its_two_ends(podman: FakeEngine) -> None:
    podman.script(step("", f"begins {'x' * 1000} ends\n", 1))
    done = rehearse("RUN false\n")
    (line,) = done.report["diagnostics"][0]["output"]
    assert line.startswith("begins xxx")
    assert " … " in line
    assert line.endswith("xxx ends")
    assert len(line) < 500


def test_a_secret_is_hidden_before_its_line_is_cut(podman: FakeEngine) -> None:
    podman.script(step("", f"{'x' * 190}hunter2-of-mine{'y' * 500}\n", 1))
    done = rehearse('ENV PASSWORD="hunter2-of-mine"\nRUN login $PASSWORD\n')
    assert "hunter2" not in done.result.output
