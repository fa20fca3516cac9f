import pytest

import buildlint
from tests.lint.rules.helpers import FROM, fixed, found


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
    "text",
    [
        "ip link set eth0 down",
        "ip link set down dev ens5",
        "ip l set dev eth0 down",
        "ip l set down eth0",
        "ifconfig eth0 down",
        "ifdown eth0",
        "systemctl stop network.service",
        "service networking stop",
        "nmcli networking off",
        "nmcli net off",
    ],
)
def test_taking_the_network_down_is_found(text: str) -> None:
    assert of_run(f"true; {text} || true") == [("BL523", text)]


def test_the_network_has_to_come_back_behind_what_takes_it_down() -> None:
    down = "ip link set eth0 down"
    for text in (f"ip link set eth0 up && {down}", f"{down} && ip addr show"):
        assert of_run(text) == [("BL523", down)]


@pytest.mark.parametrize(
    "text",
    [
        "ip link set docker0 down",
        "ip link set eth0 up",
        "ip link set eth0 down; ip link set eth0 up",
        "ifdown eth0 && ifup eth0",
        "systemctl stop network && systemctl start network",
        "ip link set eth0 down && systemctl restart network",
        "nmcli networking off && nmcli networking on",
        "systemctl restart network",
        "systemctl disable NetworkManager",
        'ifdown "$INTERFACE"',
    ],
)
def test_a_network_that_stays_or_comes_back_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("change", "activation"),
    [
        (
            "sed -i 's/^#MaxAuthTries.*/MaxAuthTries 3/' /etc/ssh/sshd_config",
            "systemctl restart sshd",
        ),
        ("echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config", "systemctl reload ssh.service"),
        ("echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && sshd -V", "systemctl reload sshd"),
        ("sed --in-place 's/a/b/' /etc/ssh/sshd_config", "systemctl reload sshd"),
        ("echo 'MaxAuthTries 3' | tee /etc/ssh/sshd_config.d/10-a.conf", "service ssh restart"),
        ("cp /srv/sshd_config /etc/ssh/sshd_config", "systemctl try-restart crond sshd"),
        ("install -m 600 /srv/sshd_config /etc/ssh/sshd_config && nginx -t", "service sshd reload"),
    ],
)
@pytest.mark.parametrize("between", [" && ", "\nRUN dnf install -y nginx && "])
def test_sshd_with_a_configuration_that_nothing_checked_is_found(
    change: str, activation: str, between: str
) -> None:
    # Another rule says that a failure is lost behind `;`.
    findings = of_run(f"{change}{between}sudo {activation}; true")
    assert [each for each in findings if each[0] != "BL540"] == [("BL524", activation)]


CHANGE = "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config"


@pytest.mark.parametrize(
    "text",
    [
        f"{CHANGE} && systemctl restart sshd",
        f"set -e; {CHANGE}; systemctl restart sshd; true",
        f"{CHANGE}; systemctl restart sshd || exit 1; true",
        f"{CHANGE}; systemctl restart sshd || {{ journalctl -u sshd; exit 1; }}; true",
        f"{CHANGE}; systemctl restart sshd || service ssh restart",
        f"{CHANGE}; if ! systemctl restart sshd; then exit 1; fi; true",
        f"{CHANGE}\nRUN service ssh restart",
    ],
)
def test_a_restart_whose_failure_ends_the_step_checks_by_itself(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"set -e; {CHANGE}; systemctl reload sshd", "systemctl reload sshd"),
        (f"{CHANGE}; systemctl restart sshd; true", "systemctl restart sshd"),
        (f"{CHANGE}; systemctl restart sshd || true", "systemctl restart sshd"),
        (f"{CHANGE}; systemctl restart sshd || exit 0", "systemctl restart sshd"),
        (f"{CHANGE}; systemctl restart sshd || service ssh restart; true", "service ssh restart"),
        (f"set -e; {CHANGE}; systemctl restart sshd & wait", "systemctl restart sshd"),
        (f"{CHANGE}; systemctl restart sshd | tee /root/log", "systemctl restart sshd"),
        (
            f"{CHANGE} && systemctl --no-block restart sshd",
            "systemctl --no-block restart sshd",
        ),
        (
            f"{CHANGE} && systemctl reload-or-restart sshd",
            "systemctl reload-or-restart sshd",
        ),
    ],
)
def test_a_reload_or_a_restart_that_may_fail_does_not(text: str, marked: str) -> None:
    assert of_run(text) == [("BL524", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && sshd -t && systemctl restart sshd",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config\nRUN sshd -t\nRUN systemctl restart sshd",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config",
        "grep -q UsePAM /etc/ssh/sshd_config && systemctl restart sshd",
        "sed -n 1p /etc/ssh/sshd_config > /root/first && systemctl restart sshd",
        "grep -i usepam /etc/ssh/sshd_config && systemctl restart sshd",
        "cp /etc/ssh/sshd_config /root/ && systemctl restart sshd",
        "cp /etc/fstab /etc/ssh/sshd_config /root/ && systemctl restart sshd",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && sshd -T && systemctl restart sshd",
        "systemctl restart sshd && echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && systemctl status sshd",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && systemctl restart rsyslog",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && systemctl --root=/mnt restart sshd",
        "echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && echo restart sshd",
        "echo '# more' >> /etc/ssh/sshd_config && systemctl reload sshd",
        "cp /etc/ssh/sshd_config.d/a.conf /etc/ssh/sshd_config.d/a.bak && systemctl reload sshd",
    ],
)
def test_sshd_that_was_checked_or_not_changed_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_a_change_is_found_once() -> None:
    text = f"{CHANGE} && systemctl reload sshd"
    assert of_run(f"{text} && systemctl restart sshd") == [("BL524", "systemctl reload sshd")]


NETPLAN = "/etc/netplan/60-mtu.yaml"


@pytest.mark.parametrize(
    "text",
    [
        f"echo 'network: {{version: 2}}' > {NETPLAN}",
        f"netplan generate && echo x | sudo tee {NETPLAN} > /dev/null",
        f"sed -i 's/dhcp4: true/dhcp4: no/' {NETPLAN}\nRESTART\nRUN netplan --help",
        f"echo x > {NETPLAN} && git -C /srv apply a.patch",
        f"cp /srv/mtu.yaml {NETPLAN}",
        f"echo x > /etc/netplan/new && mv /etc/netplan/new {NETPLAN}",
        f"cp /srv/a /etc/netplan/a.yaml && mv /etc/netplan/a.yaml {NETPLAN}",
        f": > {NETPLAN} && echo x >> {NETPLAN}",
    ],
)
def test_a_configuration_of_netplan_that_nothing_checks_is_found(text: str) -> None:
    assert of_run(text) == [("BL525", NETPLAN)]


@pytest.mark.parametrize(
    "text",
    [
        f"echo 'network: {{version: 2}}' > {NETPLAN} && netplan generate",
        f"echo x > {NETPLAN}\nRUN sudo netplan apply",
        f"cat {NETPLAN}",
        f"grep -c dhcp4 < {NETPLAN}",
        f"rm {NETPLAN}",
        f"cp {NETPLAN} /root/",
        "echo x > /etc/netplan/README",
        f"mv /etc/netplan/50-cloud-init.yaml {NETPLAN}",
        f"mv {NETPLAN} {NETPLAN}.bak && mv {NETPLAN}.bak {NETPLAN}",
        "mv /etc/netplan/50-cloud-init.yaml /etc/netplan/50-cloud-init.yaml.off",
        f"echo x > {NETPLAN} && mv {NETPLAN} /root/",
        f"echo x > {NETPLAN}\nRUN rm -f {NETPLAN}",
        f": > {NETPLAN} && echo '' > {NETPLAN} && echo '# empty' > {NETPLAN}",
        f"install -m 600 /dev/null {NETPLAN} && cp /dev/null {NETPLAN} && touch {NETPLAN}",
        f"echo '# empty' | tee {NETPLAN}",
    ],
)
def test_one_that_is_checked_or_not_written_is_fine(text: str) -> None:
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
