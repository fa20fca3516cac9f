import pytest

from tests.lint.rules.helpers import FROM, checked, found

RULES = {"machine-id": "BL904", "host keys": "BL905", "cloud-init": "BL906"}
CLEANING = {
    "machine-id": "truncate -s 0 /etc/machine-id",
    "host keys": "rm -f /etc/ssh/ssh_host_*",
    "cloud-init": "cloud-init clean",
}
every_trait = pytest.mark.parametrize("trait", RULES)


def of(commands: str, trait: str) -> list[str]:
    """What is marked in a template for leaving a trait of the build instance."""
    diagnostics = found(f"{FROM}{commands}\n", extend_select=[RULES[trait]])
    return [text for rule, text in diagnostics if rule == RULES[trait]]


@every_trait
def test_what_nothing_takes_away_is_marked_at_the_last_run(trait: str) -> None:
    text = f'{FROM}RUN true\nRUN dnf install -y nginx\nLABEL a="b"\n'
    (rule, _), *others = found(text, extend_select=[RULES[trait]])
    assert (rule, others) == (RULES[trait], [])
    assert of("RUN true\nrun false", trait)[-1] == "run"


@every_trait
def test_a_template_without_a_run_has_only_been_begun(trait: str) -> None:
    assert of('LABEL a="b"', trait) == []


@every_trait
def test_the_first_of_two_restarts_is_marked(trait: str) -> None:
    text = f"{FROM}RUN {CLEANING[trait]}\nRESTART\nRUN id\nRESTART\n"
    (span,) = (
        each.span
        for each in checked(text, extend_select=[RULES[trait]])
        if each.rule == RULES[trait]
    )
    assert span.start == text.index("RESTART")


@every_trait
def test_steps_behind_the_cleaning_do_not_matter(trait: str) -> None:
    assert of(f"RUN {CLEANING[trait]}\nRUN dnf install -y nginx\nUSER root\nRUN id", trait) == []


@every_trait
def test_a_restart_behind_the_cleaning_makes_it_anew(trait: str) -> None:
    assert of(f"RUN {CLEANING[trait]}\nRESTART\nRUN id", trait) == ["RESTART"]
    assert of(f"RESTART\nRUN {CLEANING[trait]}", trait) == []
    assert of(f"RUN {CLEANING[trait]}\nRESTART\nRUN {CLEANING[trait]}", trait) == []


@every_trait
@pytest.mark.parametrize(
    "step",
    [
        "COMPONENT ic-bp67acfmxazb4p0abcde",
        "RUN /opt/image/cleanup.sh",
        "RUN bash ./seal-image.sh --all",
        "RUN curl -fsS https://example.com/generalize.sh | bash",
        "RUN cleanup_image",
        "RUN ansible-playbook -i localhost, finish.yml",
        "RUN virt-sysprep --operations defaults",
    ],
)
def test_what_may_clean_up_unseen_is_trusted(step: str, trait: str) -> None:
    assert of(f"RUN true\n{step}", trait) == []


@every_trait
@pytest.mark.parametrize(
    "step",
    [
        "package-cleanup --oldkernels",
        "make clean",
        "dnf clean all",
        "apt-get clean",
        "./install.sh",
    ],
)
def test_what_cleans_something_else_is_not(step: str, trait: str) -> None:
    assert of(f"RUN {step}", trait) == ["RUN"]


@pytest.mark.parametrize(
    "text",
    [
        ": > /etc/machine-id",
        "> /etc/machine-id",
        "true >| /etc/machine-id",
        "cat /dev/null > /etc/machine-id",
        "cp /dev/null /etc/machine-id",
        "echo -n | sudo tee /etc/machine-id",
        "echo uninitialized > /etc/machine-id",
        "sudo rm -f /etc/machine-id /var/lib/dbus/machine-id",
        "rm -f /etc/{machine-id,hostname}",
        "cloud-init clean --logs --machine-id",
        "bash -c 'truncate -s 0 /etc/machine-id'",
        "if [ -s /etc/machine-id ]; then truncate --size 0 \\\n  /etc/machine-id; fi",
        "for file in /etc/machine-id /etc/hostname; do : > $file; done",
    ],
)
def test_a_machine_id_is_taken_away(text: str) -> None:
    assert of(f"RUN {text}", "machine-id") == []


@pytest.mark.parametrize(
    "text",
    [
        "cat /etc/machine-id",
        "test -s /etc/machine-id",
        "rm -f /var/lib/dbus/machine-id",
        "ln -sf /etc/machine-id /var/lib/dbus/machine-id",
        "cloud-init clean --logs",
        "docker run --rm -v /etc/machine-id:/etc/machine-id:ro example",
    ],
)
def test_a_machine_id_is_left(text: str) -> None:
    assert of(f"RUN {text}", "machine-id") == ["RUN"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("rm -f /etc/machine-id && systemd-machine-id-setup", "systemd-machine-id-setup"),
        ("rm -f /etc/machine-id && dbus-uuidgen --ensure=/etc/machine-id", "dbus-uuidgen --ensure"),
        ("dbus-uuidgen > /etc/machine-id", "dbus-uuidgen > /etc/machine-id"),
    ],
)
def test_a_machine_id_that_is_made_anew_is_left(text: str, marked: str) -> None:
    assert of(f"RUN {text}", "machine-id") == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "rm -rf /etc/ssh/ssh_host_*",
        "cd /etc/ssh && sudo rm ssh_host_*",
        "rm -rf /etc/ssh/ssh_host*",
        "cd /etc/ssh && rm -f ssh_host*",
        'rm -f "/etc/ssh/"ssh_host?rsa_key',
        "rm -rf /etc/ssh/ssh*",
        "rm -f /etc/ssh/*",
        "rm -f /etc/ssh/*_key /etc/ssh/*_key.pub",
        "find /etc/ssh/ -type f -name '*key*' -delete",
        "rm -f /etc/ssh/*key*",
        "shred -u /etc/ssh/*_key /etc/ssh/*_key.pub",
        "find /etc/ssh -name 'ssh_host_*' -delete",
        "ls /etc/ssh/ssh_host_* | xargs rm -f",
    ],
)
def test_host_keys_are_taken_away(text: str) -> None:
    assert of(f"RUN {text}", "host keys") == []


@pytest.mark.parametrize(
    "text",
    [
        "chmod 0600 /etc/ssh/ssh_host_*_key",
        "ls /etc/ssh/ssh_host*",
        "rm -f /etc/ssh/sshd* /etc/ssh/*.pub /etc/ssh/*.bak",
        "rm -rf /etc/ssh/sshd_config.d/*",
        "echo 'HostKey /etc/ssh/ssh_host_ed25519_key' >> /etc/ssh/sshd_config",
        "sed -i 's|#HostKey /etc/ssh/ssh_host_rsa_key|HostKey none|' /etc/ssh/sshd_config",
        "ls -l /etc/ssh/ssh_host_rsa_key",
        "rm -f /etc/ssh/sshd_config.d/50-cloud.conf",
    ],
)
def test_host_keys_are_left(text: str) -> None:
    assert of(f"RUN {text}", "host keys") == ["RUN"]


@pytest.mark.parametrize(
    "marked",
    [
        "ssh-keygen -A",
        "ssh-keygen -q -N '' -t ed25519 -f /etc/ssh/ssh_host_ed25519_key",
        "dpkg-reconfigure openssh-server",
        "systemctl restart sshd",
        "service sshd restart",
    ],
)
def test_host_keys_that_are_made_anew_are_left(marked: str) -> None:
    assert of(f"RUN rm -f /etc/ssh/ssh_host_* && {marked}", "host keys") == [marked]
    assert of(f"RUN rm -f /etc/ssh/ssh_host_*\nRUN {marked}", "host keys") == [marked]
    assert of(f"RUN {marked} && rm -f /etc/ssh/ssh_host_*", "host keys") == []


@pytest.mark.parametrize(
    "text",
    [
        "cloud-init clean --logs --seed",
        "sudo cloud-init clean -l",
        "rm -rf /var/lib/cloud/*",
        "rm -rf /var/lib/cloud/instances /var/lib/cloud/instance",
    ],
)
def test_the_state_of_cloud_init_is_taken_away(text: str) -> None:
    assert of(f"RUN {text}", "cloud-init") == []


@pytest.mark.parametrize("text", ["cloud-init status --wait", "ls /var/lib/cloud"])
def test_the_state_of_cloud_init_is_left(text: str) -> None:
    assert of(f"RUN {text}", "cloud-init") == ["RUN"]


def test_running_cloud_init_makes_its_state_anew() -> None:
    text = "RUN cloud-init clean && cloud-init init"
    assert of(text, "cloud-init") == ["cloud-init init"]
