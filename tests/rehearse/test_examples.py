"""The examples of the codes, rehearsed by the fake engine."""

import pytest

from buildlint.lint.rehearsed import REHEARSED
from buildlint.rehearse.scripts import MARK
from tests.rehearse.fake_engine import Answer, FakeEngine
from tests.rehearse.rehearsing import rehearse, scripts, step

# What the container does in the bad example, besides printing its output.
ANSWERS: dict[str, tuple[Answer, ...]] = {
    "BR101": (step("ngnix", "E: Unable to locate package ngnix\n", 100),),
    "BR102": (step("tail", "", 124, seconds=1.1),),
    "BR103": (Answer("exec", "(?s)id -u .* app ", 72),),
    "BR104": (step("touch", f"{MARK}\n", 251),),
    "BR105": (step("reboot", "", 194),),
    "BR106": (Answer("restart", "", 125, err="Error: container state improper"),),
    "BR110": (step("modprobe", "modprobe: FATAL: Module nf_conntrack not found\n", 1),),
    "BR111": (step("nginx -t", "/var/lib/buildlint/step: 1: nginx: not found\n", 127),),
    "BR114": (step('command -v "/usr/sbin/ngnix"'),),
}


@pytest.mark.parametrize("code", REHEARSED)
def test_the_bad_example_is_found(code: str, podman: FakeEngine) -> None:
    about = REHEARSED[code]
    podman.script(*ANSWERS.get(code, ()))
    text = about.bad.template
    if code in ("BR112", "BR113"):  # else there would be nothing to run
        text += "RUN true\n"
    done = rehearse(text, "--timeout", "1", base="")
    severities = [each.severity for each in done.found if each.code == code]
    assert severities == [about.severity]
    assert done.code == int(about.severity == "error")


@pytest.mark.parametrize("code", REHEARSED)
def test_the_good_example_is_silent(code: str, podman: FakeEngine) -> None:
    done = rehearse(REHEARSED[code].good.template, base="")
    assert done.found == []
    assert done.code == 0
    assert len(scripts(podman)) + podman.verbs().count("restart") > 0


def test_no_code_is_that_of_a_rule() -> None:
    assert all(code.startswith("BR1") for code in REHEARSED)
    assert len({each.name for each in REHEARSED.values()}) == len(REHEARSED)
