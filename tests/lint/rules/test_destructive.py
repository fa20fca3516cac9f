import pytest

import buildlint
from tests.lint.rules.helpers import FROM, fixed, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "reboot",
        "/sbin/reboot -f",
        "poweroff",
        "halt -p",
        "shutdown now",
        "shutdown -r +1",
        "init 0",
        "telinit 6",
        "systemctl reboot",
        "systemctl halt",
        "systemctl --no-block poweroff",
    ],
)
def test_what_takes_the_instance_down_is_found(text: str) -> None:
    assert of_run(f"true && {text}") == [("BL520", text)]


@pytest.mark.parametrize(
    "text",
    [
        "shutdown -c",
        "shutdown -k now",
        "shutdown --show",
        "reboot -w",
        "halt --wtmp-only",
        "systemctl --root=/mnt reboot",
        "systemctl enable reboot.target",
        "init q",
        "telinit q",
        "echo reboot",
        "last reboot",
        "reboot --help",
        "needs-restarting -r",
    ],
)
def test_what_leaves_the_instance_up_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "cloud-init clean --reboot",
        "cloud-init clean --logs --reboot",
        "cloud-init clean -lr",
        "dnf system-upgrade reboot",
        "dnf -y offline-upgrade reboot",
        "dnf5 offline reboot",
        "rpm-ostree upgrade --reboot",
        "rpm-ostree install -r htop",
        "rpm-ostree rebase --reboot fedora/41",
        "kexec -e",
        "kexec --exec",
        "kexec -f /boot/vmlinuz",
        "systemctl isolate reboot.target",
        "systemctl isolate poweroff",
        "systemctl isolate rescue.target",
        "systemctl --no-block isolate runlevel1.target",
        "systemctl rescue",
        "systemctl emergency",
        "systemctl soft-reboot",
        "systemctl suspend",
        "init 1",
        "telinit S",
        "exit 193",
        "exit 194",
    ],
)
@pytest.mark.parametrize("form", ["{}", "true && {}", "bash -c '{}'", "if true; then {}; fi"])
def test_other_ways_to_take_the_instance_down_are_found(form: str, text: str) -> None:
    assert [each for each in of_run(form.format(text)) if each[0] == "BL520"] == [("BL520", text)]


@pytest.mark.parametrize(
    "text",
    [
        "cloud-init clean --logs",
        "cloud-init status -r --wait",
        "dnf system-upgrade download --releasever=41 -y",
        "dnf offline-upgrade status",
        "dnf install -y reboot",
        "rpm-ostree upgrade",
        "rpm-ostree cleanup -r",
        "rpm-ostree status",
        "kexec -l /boot/vmlinuz --reuse-cmdline",
        "kexec -p /boot/vmlinuz -f",
        "kexec -u",
        "systemctl isolate multi-user.target",
        "systemctl isolate graphical",
        "systemctl --root=/mnt isolate rescue.target",
        "systemctl mask rescue.service suspend.target",
        "systemctl set-default rescue.target",
        "init 3",
        "exit 1",
        "exit 195",
        "echo exit 194",
        "test $? -eq 194",
    ],
)
def test_what_is_written_almost_like_it_is_fine(text: str) -> None:
    assert "BL520" not in dict(of_run(text))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("reboot", "`reboot` stops the instance in the middle of the build"),
        (
            "systemctl rescue",
            "`systemctl rescue` stops all services, and with them Cloud Assistant",
        ),
        ("exit 194", "`exit 194`: after status 193 Cloud Assistant powers the instance off"),
    ],
)
def test_the_message_says_what_happens(text: str, start: str) -> None:
    assert message(f"{FROM}RUN {text}\n").startswith(start)


@pytest.mark.parametrize(
    "text",
    [
        *("reboot", "sudo reboot", "shutdown -r now", "init 6", "systemctl \\\n  reboot"),
        "--network=none reboot",
    ],
)
def test_a_run_that_only_reboots_becomes_restart_if_asked(text: str) -> None:
    source = f"{FROM}RUN {text}\nRUN true\n"
    assert fixed(source) == f"{FROM}RESTART\nRUN true\n"
    assert [each.fix.safe for each in buildlint.check(source) if each.fix] == [False]


@pytest.mark.parametrize(
    "text",
    ["poweroff", "shutdown -h now", "init 0", "true && reboot", "reboot || true", "(reboot)"],
)
def test_a_run_that_does_something_else_has_no_fix(text: str) -> None:
    assert [each.fix for each in buildlint.check(f"{FROM}RUN {text}\n")] == [None]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("systemctl stop aliyun.service", "aliyun.service"),
        ("systemctl disable --now postfix aliyun || true", "aliyun"),
        ("systemctl mask AssistDaemon.service", "AssistDaemon.service"),
        ("service aliyun-service stop", "aliyun-service"),
        ("chkconfig aliyun-service off", "aliyun-service"),
        ("rpm -e aliyun_assist", "aliyun_assist"),
        ("yum remove -y aliyun_assist", "aliyun_assist"),
        ("dpkg --purge aliyun-assist", "aliyun-assist"),
        ("rm -rf /usr/local/share/aliyun-assist/*", "/usr/local/share/aliyun-assist/*"),
        ("rm -f /etc/systemd/system/aliyun.service", "/etc/systemd/system/aliyun.service"),
    ],
)
def test_what_stops_the_agent_is_found(text: str, marked: str) -> None:
    assert of_run(text) == [("BL521", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "systemctl restart aliyun.service",
        "systemctl stop aliyun-app.service",
        "systemctl --root=/mnt disable aliyun.service",
        "rpm -q aliyun_assist",
        "rpm -Uvh aliyun_assist.rpm",
        "yum remove -y aliyun-cli",
        "echo systemctl stop aliyun.service",
        "rm -rf /usr/local/share/aliyun-assist/log/old.log",
    ],
)
def test_what_keeps_the_agent_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize("path", ["/", "/*", "//", "/etc", "/etc/", "/usr/*", "/boot", "/var/*"])
@pytest.mark.parametrize("command", ["rm -rf", "rm -r --force", "sudo rm -fR"])
def test_deleting_a_directory_of_the_system_is_found(command: str, path: str) -> None:
    assert of_run(f"{command} /tmp/x {path}") == [("BL522", path)]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/usr/local",
            "/usr/local/",
            "/usr/local/*",
            "/usr/local/share/*",
            "/var/lib",
            "/var/lib/*",
        ),
        *("/lib/modules", "/lib/modules/*", "/usr/lib/modules", "/usr/share/*", "/usr/libexec"),
    ],
)
@pytest.mark.parametrize("command", ["rm -rf", "sudo rm -r"])
def test_so_is_deleting_one_that_the_system_or_the_agent_needs(command: str, path: str) -> None:
    assert of_run(f"{command} /tmp/x {path}") == [("BL522", path)]


@pytest.mark.parametrize(
    "path",
    [
        *("/usr/local/src/*", "/usr/local/go", "/usr/local/share/doc", "/var/lib/apt/lists/*"),
        *(
            "/var/lib/cloud",
            "/lib/modules/5.10.0-old",
            '"/lib/modules/$(uname -r)"',
            "/usr/share/doc",
        ),
        *("/usr/local.bak", "/var/libx/*", "/opt/usr/local"),
    ],
)
def test_what_is_below_these_is_fine(path: str) -> None:
    assert of_run(f"rm -rf {path}") == []


def test_the_message_names_the_agent_where_that_is_deleted() -> None:
    assert "Cloud Assistant" in message(f"{FROM}RUN rm -rf /usr/local/*\n")


def test_every_switch_of_a_run_is_looked_at() -> None:
    assert of_run("shutdown -c && reboot") == [("BL520", "reboot")]


def test_every_rm_of_a_run_is_looked_at() -> None:
    assert of_run("rm -f /tmp/a && rm -rf /etc") == [("BL522", "/etc")]


@pytest.mark.parametrize(
    "text",
    [
        "rm -f /etc",
        "rm -rf /tmp/* /var/tmp /var/cache/* /opt /root/.cache /home",
        "rm -rf etc ./usr 'lib'",
        'rm -rf "$ROOT/" "$ROOT"/etc $ROOT/*',
        "rm -rf ''",
        "ls -R /etc",
        "echo rm -rf /",
    ],
)
def test_deleting_something_else_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("directory", "word"), [("/", "*"), ("/", "./usr"), ("/usr", "lib/"), ("/opt/app", "../../etc")]
)
def test_a_relative_path_starts_from_the_workdir(directory: str, word: str) -> None:
    assert found(f"{FROM}WORKDIR {directory}\nRUN rm -rf {word}\n") == [("BL522", word)]


@pytest.mark.parametrize(
    "text",
    [
        "RUN rm -rf *",
        "WORKDIR /opt\nRUN rm -rf * usr",
        "WORKDIR /\nRUN cd /tmp && rm -rf *",
        "WORKDIR /\nRUN rm -rf tmp/*",
        'WORKDIR /\nRUN rm -rf "$A"',
        # rm refuses both.
        "WORKDIR /\nRUN rm -rf .",
        "WORKDIR /usr\nRUN rm -rf ..",
        'WORKDIR /opt\nRUN rm -rf "$A"/../..',
    ],
)
def test_a_relative_path_that_leads_elsewhere_is_fine(text: str) -> None:
    assert found(f"{FROM}{text}\n") == []
