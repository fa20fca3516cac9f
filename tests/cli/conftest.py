"""Settings of the tests of commands."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlint.files import config
from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.rules import REGISTRY
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import Message
from tests.rehearse.conftest import podman as podman  # noqa: PLC0414 - a fixture


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and no terminal settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def profiles(home: Path, monkeypatch: pytest.MonkeyPatch, credentials: None) -> None:
    """Two profiles of the aliyun CLI, with a region each."""
    keys = {"mode": "AK", "access_key_secret": "s"}
    default = {**keys, "name": "default", "access_key_id": "one", "region_id": "cn-beijing"}
    prod = {**keys, "name": "prod", "access_key_id": "two", "region_id": "cn-shanghai"}
    file = home / ".aliyun" / "config.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"current": "default", "profiles": [default, prod]}), "utf-8")
    monkeypatch.setattr("alibabacloud_credentials.utils.auth_constant.HOME", os.fspath(home))


@pytest.fixture
def crashing_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule BL999 that finds something, and crashes then."""
    monkeypatch.setattr(REGISTRY, "rules", dict(REGISTRY.rules))
    # What is selected of them is remembered: not of these.
    monkeypatch.setattr(config, "_registry", config._registry.__wrapped__)  # noqa: SLF001

    @REGISTRY.rule(Template, "BL999", "broken", Severity.INFO, summary="", bad="", good="")
    def crash(template: Template, context: Context) -> Iterator[Finding]:
        yield Finding(context.source.line(1), Message(template.text))
        raise RuntimeError
