import pytest

from tests.lint.rules.helpers import FROM, found


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


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
