import pytest

from tests.lint.rules.helpers import FROM, after_fix, found


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("sysctl -w vm.max_map_count=262144", None),
        ("sysctl net.ipv4.ip_forward=1", None),
        ("sysctl -qw net/core/somaxconn=4096 vm.swappiness=1", None),
        ("dnf install -y nginx && sysctl -w fs.file-max=1", "sysctl -w fs.file-max=1"),
        ("setsebool httpd_can_network_connect on", None),
        ("setsebool httpd_can_network_connect=1", None),
        ("iptables -A INPUT -p tcp --dport 80 -j ACCEPT", None),
        ("ip6tables -t filter -I INPUT -j DROP", None),
        ("swapoff -a", None),
        ("modprobe br_netfilter", None),
        ("sudo modprobe -v overlay", "modprobe -v overlay"),
        ("mount -t nfs 10.0.0.2:/data /mnt", None),
        ("mount /dev/vdb1 /data", None),
        ("mount UUID=1234-abcd /data", None),
        ("if true; then sysctl -w kernel.pid_max=65536; fi", "sysctl -w kernel.pid_max=65536"),
    ],
)
def test_a_change_of_the_running_system_is_found(line: str, marked: str | None) -> None:
    assert found(f"{FROM}RUN {line}\n") == [("BL579", marked or line)]


@pytest.mark.parametrize(
    "lines",
    [
        "RUN sysctl -p",
        "RUN sysctl --system",
        "RUN sysctl -n net.ipv4.ip_forward",
        "RUN sysctl -w vm.drop_caches=3",
        "RUN sysctl -w a.b=1 && echo a.b=1 > /etc/sysctl.d/60-a.conf",
        "RUN sysctl -w a.b=1\nRUN echo a.b=1 >> /etc/sysctl.conf",
        "RUN sysctl -w a.b=1\nCOPY https://example.com/60-app.conf /etc/sysctl.d",
        "RUN sysctl -w a.b=1 || true",
        "RUN setsebool -P httpd_can_network_connect on",
        "RUN setsebool -NP httpd_can_network_connect on",
        "RUN setsebool a on && setsebool -P a on",
        "RUN iptables -L",
        "RUN iptables -A INPUT -j DROP && iptables-save > /etc/sysconfig/iptables",
        "RUN iptables -A INPUT -j DROP && service iptables save",
        "RUN swapoff -a && sed -i '/ swap /d' /etc/fstab",
        "RUN swapoff /swapfile && mkswap /swapfile && swapon /swapfile",
        "RUN modprobe -r floppy",
        "RUN modprobe --show-depends ext4",
        "RUN modprobe overlay && echo overlay > /etc/modules-load.d/k8s.conf",
        "RUN mount",
        "RUN mount -a",
        "RUN mount -o remount,rw /dev/vda1 /",
        "RUN mount -o loop a.iso /mnt",
        "RUN mount --bind /dev/pts /srv/root/dev/pts",
        "RUN mount /dev/vdb1 /mnt && ls /mnt && umount /mnt",
        "RUN mount /dev/vdb1 /data && echo '/dev/vdb1 /data ext4 defaults 0 0' >> /etc/fstab",
        "RUN echo 'sysctl -w a.b=1' > /etc/motd",
        # What is not read here may make it last.
        "RUN sysctl -w a.b=1\nRUN bash /opt/harden.sh",
        "RUN modprobe overlay && ./configure-host",
        "RUN swapoff -a\nCOMPONENT ic-bp67acfmxazb4p0abcde",
    ],
)
def test_a_change_that_lasts_or_is_none_is_not(lines: str) -> None:
    assert not {"BL579", "BL530"} & {code for code, _ in found(f"{FROM}{lines}\n")}


@pytest.mark.parametrize(
    "line",
    [
        "firewall-cmd --add-port=80/tcp",
        "firewall-cmd --zone=public --add-service=http",
        "firewall-cmd --add-rich-rule='rule family=ipv4 accept'",
        "firewall-cmd --remove-service=dhcpv6-client",
        "firewall-cmd --add-masquerade",
    ],
)
def test_a_rule_of_the_running_firewall_is_lost(line: str) -> None:
    text = f"{FROM}RUN {line}\n"
    assert found(text) == [("BL530", line)]
    fixed = line.replace("firewall-cmd ", "firewall-cmd --permanent ")
    assert after_fix(text, unsafe=True) == f"{FROM}RUN {fixed}\n"


@pytest.mark.parametrize(
    "lines",
    [
        "RUN firewall-cmd --permanent --add-port=80/tcp && firewall-cmd --reload",
        "RUN firewall-cmd --add-port=80/tcp --permanent",
        "RUN firewall-cmd --add-port=80/tcp && firewall-cmd --permanent --add-port=80/tcp",
        "RUN firewall-cmd --add-port=80/tcp\nRUN firewall-cmd --runtime-to-permanent",
        "RUN firewall-cmd --add-port=80/tcp --timeout=10m",
        "RUN firewall-cmd --reload",
        "RUN firewall-cmd --list-all",
        "RUN firewall-cmd --set-default-zone=public",
        "RUN firewall-cmd --query-port=80/tcp",
        "RUN firewall-offline-cmd --add-port=80/tcp",
        "RUN firewall-cmd --add-port=80/tcp\nRUN bash /opt/firewall.sh",
    ],
)
def test_a_rule_that_is_permanent_is_not(lines: str) -> None:
    assert found(f"{FROM}{lines}\n") == []
