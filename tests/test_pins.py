"""The versions that `.ci/lock` wrote, against what pyproject.toml asks for."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.paths import ROOT

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = DECLARED["project"]
EXTRAS = PROJECT["optional-dependencies"]
TESTED = ("server", "sdk", "shellcheck", "test")


def pins(name: str) -> dict[str, Version]:
    text = (ROOT / ".ci" / f"{name}.txt").read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    return {package: Version(version) for package, version in found}


def others(*groups: list[str]) -> list[Requirement]:
    """What is asked for, but for this package with other extras."""
    asked = map(Requirement, chain(*groups))
    return [each for each in asked if each.name != PROJECT["name"]]


def lowest(requirement: Requirement) -> Version:
    (bound,) = (each for each in requirement.specifier if each.operator == ">=")
    return Version(bound.version)


@pytest.mark.parametrize(
    "requirement", others(PROJECT["dependencies"], *EXTRAS.values()), ids=lambda each: each.name
)
def test_what_is_pinned_fits_what_is_asked_for(requirement: Requirement) -> None:
    assert pins("requirements")[requirement.name] in requirement.specifier


@pytest.mark.parametrize(
    "requirement", others(DECLARED["build-system"]["requires"]), ids=lambda each: each.name
)
def test_what_builds_is_pinned_too(requirement: Requirement) -> None:
    assert pins("build")[requirement.name] in requirement.specifier


@pytest.mark.parametrize(
    "requirement",
    others(PROJECT["dependencies"], *(EXTRAS[name] for name in TESTED)),
    ids=lambda each: each.name,
)
def test_the_lowest_version_allowed_is_the_lowest_tested(requirement: Requirement) -> None:
    assert pins("minimum")[requirement.name] == lowest(requirement)
