"""Where pip refuses to install, as it was tried with the packages of Debian 12 (pip 23.0.1)."""

import pytest

import buildlint
from tests.lint.rules.helpers import FROM, checked, found

NOBLE = "FROM IMAGE_FAMILY:acs:ubuntu_24_04_x64\n"
JAMMY = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
BOOKWORM = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"
TRIXIE = "FROM IMAGE_FAMILY:acs:debian_13_5_x64\n"
BULLSEYE = "FROM IMAGE_FAMILY:acs:debian_11_11_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
FEDORA = "FROM IMAGE_FAMILY:acs:fedora_41_x64\n"


def of(text: str) -> list[str]:
    return [marked for rule, marked in found(text) if rule == "BL565"]


@pytest.mark.parametrize("base", [NOBLE, BOOKWORM, TRIXIE])
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("pip3 install flask", "pip3 install"),
        ("pip install -r /opt/app/requirements.txt", "pip install"),
        ("pip3 install --user flask", "pip3 install"),
        ("pip3 install --upgrade pip", "pip3 install"),
        ("pip3 --no-cache-dir install flask", "pip3 --no-cache-dir install"),
        ("pip3 install --root-user-action=ignore flask", "pip3 install"),
        ("pip3 uninstall -y flask", "pip3 uninstall"),
        ("python3 -m pip install flask", "python3 -m pip install"),
        ("sudo -H pip3 install flask", "pip3 install"),
        ("env A=b pip3 install flask", "pip3 install"),
        ("/usr/bin/pip3 install flask", "pip3 install"),
        ("bash -c 'pip3 install flask'", "pip3 install"),
        ("apt-get update && apt-get install -y python3-pip python3-venv && pip3 install a", None),
        ("cd /opt && pip3 install flask && true", "pip3 install"),
        ("pip3 config set global.index-url https://e.cn/simple && pip3 install a", None),
        ("pip3 install --dry-run flask", "pip3 install"),
    ],
)
def test_pip_in_the_python_of_the_system_is_found(base: str, text: str, marked: str | None) -> None:
    assert of(f"{base}RUN {text}\n") in ([marked or "pip3 install"], [f"/usr/bin/{marked}"])


@pytest.mark.parametrize(
    "text",
    [
        "RUN pip3 install --break-system-packages flask",
        "RUN pip3 install --break-system flask",
        "RUN PIP_BREAK_SYSTEM_PACKAGES=1 pip3 install flask",
        'ENV PIP_BREAK_SYSTEM_PACKAGES="1"\nRUN pip3 install flask',
        "RUN export PIP_BREAK_SYSTEM_PACKAGES=1 && pip3 install flask",
        "RUN pip3 config set global.break-system-packages true && pip3 install flask",
        "RUN printf '[global]\\nbreak-system-packages = true\\n' > /etc/pip.conf\nRUN pip install",
        "RUN rm /usr/lib/python3*/EXTERNALLY-MANAGED && pip3 install flask",
        "RUN rm -f /usr/lib/python3.12/EXTERNALLY-MANAGED\nRUN pip3 install flask",
        "RUN pip3 install --target /opt/app flask",
        "RUN pip3 install -t /opt/app flask",
        "RUN pip3 install --prefix=/opt/app flask",
        "RUN pip3 install --root /mnt flask",
        "RUN pip3 install --dry-run --report - flask",
        "RUN pip3 download flask && pip3 list && pip3 wheel flask && pip3 cache purge",
        "RUN python3 -m venv /opt/app && /opt/app/bin/pip install flask",
        "RUN python3 -m venv /opt/app && . /opt/app/bin/activate && pip install flask",
        'ENV PATH="/opt/app/bin:/usr/bin:/bin"\nRUN pip install flask',
        "RUN cd /opt/app && ./bin/pip install flask",
        "RUN pip3 install flask || pip3 install --break-system-packages flask",
        "RUN if grep -q 22.04 /etc/os-release; then pip3 install flask; fi",
        "RUN pip3 install flask || true",
        "RUN bash /opt/setup.sh\nRUN pip3 install flask",
        "COPY /srv/pip.conf /etc/\nRUN pip3 install flask",
        "COMPONENT ic-bp67acfmxazb4p0abcde\nRUN pip3 install flask",
        "RUN apt-get install -y python3-flask && pipx install flask",
        "RUN echo pip3 install flask",
        "RUN docker run --rm python:3 pip install flask",
    ],
)
def test_where_pip_may_go_on_nothing_is_said(text: str) -> None:
    assert of(f"{NOBLE}{text}\n") == []


@pytest.mark.parametrize("base", [FROM, JAMMY, BULLSEYE, ALINUX, FEDORA])
def test_other_systems_leave_their_python_to_pip(base: str) -> None:
    assert of(f"{base}RUN pip3 install flask && python3 -m pip install flask\n") == []


def test_the_flag_is_added_if_asked() -> None:
    (finding,) = [each for each in checked(f"{NOBLE}RUN pip3 install a\n") if each.rule == "BL565"]
    assert finding.fix is not None
    assert not finding.fix.safe
    (edit,) = finding.fix.edits
    assert (edit.span.start, edit.text) == (finding.span.end, " --break-system-packages")


def test_of_two_the_one_without_the_flag_is_found() -> None:
    text = "RUN pip3 install --break-system-packages a && pip3 install b\n"
    assert of(NOBLE + text) == ["pip3 install"]
    assert buildlint.check(NOBLE + text)
