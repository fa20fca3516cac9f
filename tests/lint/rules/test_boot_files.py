import pytest

from tests.lint.rules.helpers import FROM, found, message

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
GRUB = "/etc/default/grub"


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        (f"""sed -i 's/^GRUB_CMDLINE_LINUX=.*/GRUB_CMDLINE_LINUX="quiet"/' {GRUB}""", GRUB),
        (f"echo GRUB_TIMEOUT=0 >> {GRUB}", GRUB),
        (f"echo GRUB_TIMEOUT=0 | tee -a {GRUB}", GRUB),
        (f"cp /srv/grub {GRUB}", GRUB),
        (f"install -m 644 /srv/grub {GRUB}", GRUB),
        (f"sed -i 's/a/b/' {GRUB} && cat {GRUB}", GRUB),
        (f"update-grub && sed -i 's/a/b/' {GRUB}", GRUB),
        (f"if test -f {GRUB}; then echo GRUB_TIMEOUT=0 >> {GRUB}; fi", GRUB),
        ("echo GRUB_TIMEOUT=0 > /etc/default/grub.d/50-app.cfg", "/etc/default/grub.d/50-app.cfg"),
        ("echo 'hostonly=no' > /etc/dracut.conf.d/app.conf", "/etc/dracut.conf.d/app.conf"),
        ("echo 'add_drivers+=\" nvme \"' >> /etc/dracut.conf", "/etc/dracut.conf"),
        ("echo nvme >> /etc/initramfs-tools/modules", "/etc/initramfs-tools/modules"),
        ("sed -i s/most/dep/ /etc/initramfs-tools/initramfs.conf",
         "/etc/initramfs-tools/initramfs.conf"),
    ],
)  # fmt: skip
def test_a_setting_that_is_not_applied_is_found(line: str, marked: str) -> None:
    assert found(f"{UBUNTU}RUN {line}\n") == [("BL578", marked)]


@pytest.mark.parametrize(
    "lines",
    [
        f"RUN sed -i 's/a/b/' {GRUB} && update-grub",
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN update-grub",
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN grub2-mkconfig -o /boot/grub2/grub.cfg",
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN grub-mkconfig -o /boot/grub/grub.cfg",
        f"RUN sed -i 's/a/b/' {GRUB} && grubby --update-kernel=ALL --args=quiet",
        f'RUN sed -i "s/a/b/" {GRUB} && "$MKCONFIG" && if true; then sudo update-grub; fi',
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN dnf install -y kernel-5.10",
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN apt-get update && apt-get -y dist-upgrade",
        f"RUN sed -i 's/a/b/' {GRUB}\nRUN bash /opt/finish.sh",
        f"RUN sed -i 's/a/b/' {GRUB}\nCOMPONENT ic-bp67acfmxazb4p0abcde",
        f"RUN sed -n 's/a/b/p' {GRUB}",
        f"RUN cat {GRUB}",
        f"RUN cp {GRUB} /root/grub.old",
        f"RUN sed -i 's/a/b/' {GRUB}.d/README",
        "RUN echo hostonly=no > /etc/dracut.conf.d/app.conf && dracut --force",
        "RUN echo hostonly=no > /etc/dracut.conf.d/app.conf && dracut -f",
        "RUN echo nvme >> /etc/initramfs-tools/modules && update-initramfs -u -k all",
        "RUN echo nvme >> /etc/initramfs-tools/modules\nRUN apt-get install -y lvm2",
    ],
)
def test_a_setting_that_may_be_applied_is_not(lines: str) -> None:
    assert "BL578" not in dict(found(f"{UBUNTU}{lines}\n"))


def test_several_changes_of_a_file_are_one_problem() -> None:
    text = f"{UBUNTU}RUN sed -i s/a/b/ {GRUB}\nRUN sed -i s/c/d/ {GRUB}\n"
    assert found(text) == [("BL578", GRUB)]


@pytest.mark.parametrize(
    ("base", "program"),
    [
        (UBUNTU, "update-grub"),
        (ALINUX, "grub2-mkconfig -o /boot/grub2/grub.cfg"),
        (FROM, "grub2-mkconfig -o /boot/grub2/grub.cfg"),
    ],
)
def test_the_program_is_that_of_the_system(base: str, program: str) -> None:
    assert f"run `{program}`" in message(f"{base}RUN sed -i s/a/b/ {GRUB}\n")
