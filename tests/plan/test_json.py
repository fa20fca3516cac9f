"""The plan for programs: its keys are documented and do not change."""

import json
from typing import Any

from buildlint.hosts.pipelines import Pipeline
from buildlint.plan import render
from buildlint.plan.model import make
from buildlint.service.request import from_mapping
from buildlint.text.source import Source

TEXT = """\
FROM IMAGE:m-bp67acfmxazb4p0abcde
ENV A="1"
WORKDIR /srv
USER app
RUN curl -fO https://example.com/a && \\
    true
RESTART now
"""


def written(text: str, request: dict[str, object] | None = None) -> Any:
    asked = None if request is None else from_mapping(request, "a.request.json")
    return json.loads(render(make(Pipeline(Source("a.buildcontent", text), asked)), "json"))


def test_the_object_has_these_keys() -> None:
    found = written(TEXT, {"RegionId": "cn-hangzhou", "InternetMaxBandwidthOut": 10})
    settings = found.pop("settings")
    steps = found.pop("steps")
    assert found == {
        "template": "a.buildcontent",
        "request": "a.request.json",
        "base_image": {
            "type": "IMAGE",
            "image": "m-bp67acfmxazb4p0abcde",
            "origin": "template",
            "path": "a.buildcontent",
            "line": 1,
        },
        "system": None,
        "content": {"bytes": 126, "max_bytes": 16384, "commands": 6, "max_commands": 127},
        "diagnostics": [],
    }
    assert settings[:2] == [
        {"name": "RegionId", "value": "cn-hangzhou", "origin": "request"},
        {"name": "Name", "value": None, "origin": "unset"},
    ]
    assert {"name": "SystemDiskSize", "value": 40, "origin": "default"} in settings
    assert steps[4] == {
        "number": 5,
        "command": "RUN",
        "text": "RUN curl -fO https://example.com/a && \\\n    true",
        "lines": {"first": 5, "last": 6},
        "workdir": "/srv",
        "user": "app",
        "environment": {"A": "1"},
        "leaves": [],
        "network": [{"program": "curl", "host": "example.com", "reach": "public"}],
        "diagnostics": [],
    }
    (diagnostic,) = steps[5]["diagnostics"]
    assert (diagnostic["rule"], diagnostic["start"]["line"]) == ("BL305", 7)


def test_what_is_not_known_is_null() -> None:
    found = written("RUN true\n")
    assert (found["request"], found["base_image"], found["settings"]) == (None, None, [])
    (step,) = found["steps"]
    assert (step["number"], step["workdir"], step["user"]) == (2, None, None)
    assert (
        written("RUN true\n", {"BaseImageType": "IMAGE", "BaseImage": "m-1"})["steps"][0]["lines"]
        is None
    )


def test_a_template_over_the_limits_says_its_variables_once() -> None:
    lines = "".join(f"ENV A{number}=b\nRUN true\n" for number in range(1000))
    found = written(lines)
    assert {step["environment"] is None for step in found["steps"]} == {True}
    assert found["steps"][0]["text"] == "ENV A0=b"
    plan = make(Pipeline(Source("a.buildcontent", lines), None))
    assert len(render(plan, "json")) < 100 * len(lines)
    assert render(plan, "html").count("A500 = b") == 1
    assert render(plan, "text").count("A500 = b") == 1


def test_a_directory_that_is_too_long_for_any_system_is_not_written_out() -> None:
    found = written("WORKDIR abcdefgh\n" * 2000 + "RUN true\n")
    assert found["steps"][-1]["workdir"].startswith("…/abcdefgh")
    assert max(len(step["workdir"] or "") for step in found["steps"]) <= 4096


def test_a_step_tells_what_it_leaves_on_the_machine() -> None:
    text = (
        "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nRUN useradd app && systemctl enable --now nginx\n"
    )
    found = written(text)
    assert found["system"] == {
        "name": "Ubuntu 22.04",
        "shell": "dash",
        "package_manager": "apt-get",
    }
    user, service = found["steps"][1]["leaves"]
    assert user == {
        "kind": "user",
        "name": "app",
        "exists": True,
        "home": "/home/app",
        "has_home": False,
        "states": [],
    }
    assert (service["name"], service["states"]) == ("nginx", ["enabled", "started"])
