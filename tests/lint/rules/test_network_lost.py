import pytest

from tests.lint.rules.helpers import FROM, found

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
XENIAL = "FROM IMAGE_FAMILY:acs:ubuntu_16_04_x64\n"
DEBIAN = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
ALINUX2 = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_2_1903_lts_x64\n"
ROCKY = "FROM IMAGE_FAMILY:acs:rocky_linux_9_7_x64\n"


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


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
    "text",
    [
        "nmcli device disconnect eth0",
        "nmcli dev down ens5",
        "nmcli d disconnect eth0",
        "nmcli -w 5 device disconnect eth0",
        "nmcli connection down eth0",
        "nmcli con down 'System eth0'",
        "nmcli c down 'Wired connection 1'",
        'nmcli conn down "cloud-init eth0"',
        "dhclient -r",
        "dhclient -r eth0",
        "dhclient -v -r eth0",
        "ip addr flush dev eth0",
        "ip address flush eth0",
        "ip a f dev enp0s5",
        "ip -4 addr flush dev eth0",
        "/sbin/ip addr flush dev eth0",
        "iptables -P OUTPUT DROP",
        "iptables --policy OUTPUT DROP",
        "iptables -P INPUT DROP",
        "iptables -w -P INPUT DROP",
    ],
)
@pytest.mark.parametrize("form", ["{}", "sudo {}", "true && {}", "if true; then {}; fi"])
def test_other_ways_to_cut_the_instance_off_are_found(form: str, text: str) -> None:
    marked = text.removeprefix("/sbin/") if not text.startswith("/") else text
    assert of_run(form.format(text)) == [("BL523", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "nmcli device disconnect docker0",
        "nmcli device disconnect eth0 && nmcli device connect eth0 up",
        "nmcli connection down docker0",
        "nmcli connection down eth0 && nmcli connection up eth0",
        "nmcli connection modify eth0 ipv4.dns 223.5.5.5",
        "nmcli device show eth0",
        "dhclient -r eth1x0",
        "dhclient -r && dhclient",
        "dhclient -r eth0; dhclient eth0",
        "dhclient -x",
        "ip addr flush dev docker0",
        "ip addr flush dev eth0 && ip addr add 10.0.0.2/24 dev eth0",
        "ip addr flush dev eth0 label eth0:1",
        "ip addr flush dev eth0 && netplan apply",
        "ip addr show dev eth0",
        "ip route flush cache",
        "iptables -P FORWARD DROP",
        "iptables -P OUTPUT ACCEPT",
        "iptables -P OUTPUT DROP && iptables -P OUTPUT ACCEPT",
        "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT && iptables -P INPUT DROP",
        "iptables -P INPUT DROP && iptables -I INPUT -p tcp --dport 22 -j ACCEPT",
        "iptables -A OUTPUT -d 100.64.0.0/10 -j ACCEPT; iptables -P OUTPUT DROP",
        "iptables -P INPUT DROP && iptables-restore /etc/iptables/rules.v4",
        "ip6tables -P OUTPUT DROP",
        "echo iptables -P OUTPUT DROP",
        # It leaves the addresses as they are, so that its next start can take them over.
        "systemctl stop NetworkManager",
    ],
)
def test_what_leaves_the_way_to_the_instance_open_is_fine(text: str) -> None:
    assert "BL523" not in dict(of_run(text))


def test_what_lets_only_the_instance_itself_through_opens_nothing() -> None:
    policy = "iptables -P INPUT DROP"
    loopback = "iptables -A INPUT -i lo -j ACCEPT"
    assert ("BL523", policy) in of_run(f"{loopback} && {policy}")


@pytest.mark.parametrize(
    ("base", "text", "marked"),
    [
        (UBUNTU, "apt-get purge -y netplan.io", "netplan.io"),
        (UBUNTU, "apt-get remove -y 'netplan*' nano", "'netplan*'"),
        (UBUNTU, "sudo apt purge -y netplan.io=0.104-0ubuntu2", "netplan.io=0.104-0ubuntu2"),
        (UBUNTU, "dpkg -P netplan.io", "netplan.io"),
        (UBUNTU, "apt-get purge -y cloud-init && apt-get autoremove -y", "cloud-init"),
        (UBUNTU, "apt-get autoremove -y --purge cloud-init", "cloud-init"),
        (UBUNTU, "env A=b apt-get -y purge snapd cloud-init", "cloud-init"),
        (UBUNTU, "if true; then apt-get purge -y cloud-init; fi", "cloud-init"),
        (UBUNTU, "bash -c 'apt-get purge -y cloud-init'", "cloud-init"),
        (UBUNTU, "clean() { apt-get purge -y cloud-init; } && clean", "cloud-init"),
        (UBUNTU, "apt-get remove -y python3", "python3"),
        (DEBIAN, "apt-get purge -y python3-minimal", "python3-minimal"),
        (DEBIAN, "apt-get remove -y 'python3*'", "'python3*'"),
        (XENIAL, "apt-get remove -y python3", "python3"),
        (ALINUX, "dnf remove -y NetworkManager", "NetworkManager"),
        (ALINUX, "yum -y erase NetworkManager", "NetworkManager"),
        (ROCKY, "rpm -e NetworkManager", "NetworkManager"),
        (ROCKY, "dnf remove -y NetworkManager-1.46.0-1.el9", "NetworkManager-1.46.0-1.el9"),
    ],
)
def test_removing_what_instances_need_for_their_network_is_found(
    base: str, text: str, marked: str
) -> None:
    assert found(f"{base}RUN {text}\nRESTART\nRUN true\n") == [("BL526", marked)]


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (FROM, "RUN apt-get purge -y netplan.io && yum remove -y NetworkManager"),
        (UBUNTU, "RUN apt-get install -y netplan.io"),
        (UBUNTU, "RUN apt-get purge -y netplan.io && apt-get install -y ifupdown"),
        (UBUNTU, "RUN apt-get install -y network-manager && apt-get purge -y netplan.io"),
        (UBUNTU, "RUN apt-get purge -y cloud-init\nCOPY /srv/60.yaml /etc/netplan/"),
        (UBUNTU, "RUN apt-get purge -y cloud-init\nRUN apt-get install -y cloud-init"),
        (UBUNTU, "RUN apt-get purge -s cloud-init"),
        (UBUNTU, "RUN apt-get purge -y cloud-image-utils cloud-initramfs-growroot"),
        (UBUNTU, "RUN apt-get remove -y python3-pip python3.8 python3-venv"),
        (UBUNTU, "RUN echo apt-get purge -y cloud-init"),
        (UBUNTU, 'RUN apt-get purge -y "$PACKAGES"'),
        (UBUNTU, "RUN apt-mark hold cloud-init"),
        (XENIAL, "RUN apt-get purge -y cloud-init"),
        (DEBIAN, "RUN apt-get purge -y cloud-init netplan.io"),
        (ALINUX, "RUN dnf remove -y python3 cloud-init"),
        (ALINUX, "RUN dnf remove -y NetworkManager-tui NetworkManager-wifi"),
        (ALINUX, "RUN dnf remove -y NetworkManager && systemctl enable systemd-networkd"),
        (ALINUX, "RUN dnf install -y network-scripts && dnf remove -y NetworkManager"),
        (ALINUX, "RUN dnf --assumeno remove NetworkManager"),
        (ALINUX2, "RUN yum remove -y NetworkManager"),
    ],
)
def test_other_packages_and_systems_with_another_program_are_fine(base: str, text: str) -> None:
    assert "BL526" not in dict(found(f"{base}{text}\n"))
