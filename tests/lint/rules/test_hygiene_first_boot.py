import pytest

from tests.lint.rules.helpers import FROM, found


def of(commands: str, rule: str) -> list[str]:
    diagnostics = found(f"{FROM}{commands}\n", extend_select=[rule])
    return [text for code, text in diagnostics if code == rule]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get purge -y cloud-init", ["cloud-init"]),
        ("apt-get remove -y --purge cloud-init cloud-initramfs-growroot", ["cloud-init"]),
        ("dnf -y remove cloud-init", ["cloud-init"]),
        ("yum erase -y 'cloud-init*'", ["'cloud-init*'"]),
        ("rpm -e cloud-init", ["cloud-init"]),
        ("dpkg -P cloud-init", ["cloud-init"]),
        ("touch /etc/cloud/cloud-init.disabled", ["/etc/cloud/cloud-init.disabled"]),
        ("> /etc/cloud/cloud-init.disabled", ["/etc/cloud/cloud-init.disabled"]),
        ("echo | sudo tee \\\n /etc/cloud/cloud-init.disabled", ["/etc/cloud/cloud-init.disabled"]),
        (
            "systemctl disable --now cloud-init.service cloud-final",
            ["cloud-init.service", "cloud-final"],
        ),
        ("systemctl mask cloud-init.target", ["cloud-init.target"]),
        ("chkconfig cloud-init off", ["cloud-init"]),
        ("rm -rf /etc/cloud", ["/etc/cloud"]),
        ("systemctl enable cloud-init && systemctl mask cloud-final", ["cloud-final"]),
    ],
)
def test_cloud_init_that_is_taken_away_is_found(text: str, marked: list[str]) -> None:
    assert of(f"RUN {text}", "BL907") == marked


@pytest.mark.parametrize(
    "text",
    [
        "cloud-init clean --logs",
        "systemctl enable cloud-init && systemctl stop cloud-init",
        "systemctl disable cloud-app.service cloudinit-helper",
        "systemctl --root=/mnt disable cloud-init",
        "systemctl --user disable cloud-init",
        "apt-get remove -y cloud-initramfs-growroot cloud-guest-utils",
        "apt-get install -y cloud-init",
        "rm -f /etc/cloud/cloud-init.disabled /etc/cloud/cloud.cfg.d/99-network.cfg",
        "test ! -e /etc/cloud/cloud-init.disabled",
        "touch /etc/cloud/cloud.cfg.d/99-custom.cfg",
        "dnf remove -y cloud-init && dnf install -y cloud-init-23.4",
        "systemctl disable cloud-init && make && systemctl enable cloud-init",
    ],
)
def test_cloud_init_that_stays_is_fine(text: str) -> None:
    assert of(f"RUN {text}", "BL907") == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("hostnamectl set-hostname web-01", "web-01"),
        ("hostnamectl --static set-hostname web-01", "web-01"),
        ("hostnamectl hostname web-01", "web-01"),
        ("echo web-01 > /etc/hostname", "/etc/hostname"),
        ("echo web-01 | tee /etc/hostname", "/etc/hostname"),
        ("echo web-01 1> /etc/hostname", "/etc/hostname"),
    ],
)
def test_a_host_name_is_found(text: str, marked: str) -> None:
    assert of(f"RUN {text}", "BL908") == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "hostnamectl set-hostname localhost",
        "hostnamectl status && hostname -f > /dev/null",
        "cat /etc/hostname",
        ": > /etc/hostname",
        "echo localhost > /etc/hostname",
        "hostnamectl set-hostname web && echo 'preserve_hostname: true' > /etc/cloud/cloud.cfg",
        "touch /etc/cloud/cloud-init.disabled && hostnamectl set-hostname web",
    ],
)
def test_a_host_name_that_is_reset_or_kept_is_fine(text: str) -> None:
    assert of(f"RUN {text}", "BL908") == []


@pytest.mark.parametrize(
    "text",
    [
        "echo 'nameserver 8.8.8.8' > /etc/resolv.conf",
        "true && echo 'nameserver 8.8.8.8' >> /etc/resolv.conf",
        "echo 'nameserver 8.8.8.8' 1> /etc/resolv.conf",
        "printf 'nameserver 8.8.8.8\\n' | sudo tee /etc/resolv.conf > /dev/null",
    ],
)
def test_name_servers_are_found(text: str) -> None:
    assert of(f"RUN {text}", "BL909") == ["/etc/resolv.conf"]


@pytest.mark.parametrize(
    "text",
    [
        "cat /etc/resolv.conf",
        ": > /etc/resolv.conf",
        "make 2> /etc/resolv.conf",
        "grep -c 8.8 < /etc/resolv.conf",
        "echo 'nameserver 8.8.8.8' >&-",
        "echo 'nameserver 8.8.8.8' > /etc/resolv.conf && chattr +i /etc/resolv.conf",
        "echo dns=none >> /etc/NetworkManager/a.conf && echo 'search a.b' > /etc/resolv.conf",
        "systemctl disable systemd-resolved && echo 'nameserver 8.8.8.8' > /etc/resolv.conf",
        "echo 'DNS=8.8.8.8' > /etc/systemd/resolved.conf.d/a.conf",
    ],
)
def test_name_servers_that_last_are_fine(text: str) -> None:
    assert of(f"RUN {text}", "BL909") == []
