import pytest

from buildlint.lint.rules import REGISTRY


@pytest.mark.parametrize(
    ("select", "extend_select", "ignore", "taken"),
    [
        ([], [], [], True),
        (["ALL"], [], [], True),
        (["SC"], [], [], True),
        (["SC20"], [], [], True),
        (["SC2154"], [], [], False),
        (["BL"], [], [], False),
        (["BL"], ["SC2086"], [], True),
        ([], ["SC2154"], [], True),
        ([], [], ["SC"], False),
        ([], [], ["SC2086"], False),
        ([], [], ["SC2154"], True),
        (["SC2086"], [], ["SC"], False),
        ([], [], ["ALL"], False),
    ],
)
def test_selectors_choose_codes_as_they_choose_rules(
    select: list[str], extend_select: list[str], ignore: list[str], *, taken: bool
) -> None:
    chosen = REGISTRY.select(select, ignore, extend_select=extend_select).shellcheck
    assert chosen.takes("SC2086") is taken
    assert not chosen.takes("BL501")
    assert not (taken and chosen.is_empty)


def test_selecting_codes_of_shellcheck_alone_runs_no_rules() -> None:
    assert not REGISTRY.select(["SC2086"]).rules


@pytest.mark.parametrize("selector", ["S", "SC20866", "SCX", ""])
def test_what_begins_no_code_is_no_selector(selector: str) -> None:
    with pytest.raises(LookupError):
        REGISTRY.select([selector])


@pytest.mark.parametrize(
    ("select", "ignore", "is_empty"),
    [([], [], False), (["BL"], [], True), ([], ["SC"], True), ([], ["SC2"], False)],
)
def test_it_need_not_run_if_no_code_counts(
    select: list[str], ignore: list[str], *, is_empty: bool
) -> None:
    assert REGISTRY.select(select, ignore).shellcheck.is_empty is is_empty


def test_it_is_missed_only_if_it_was_named() -> None:
    assert not REGISTRY.select(["ALL"]).shellcheck.is_explicit
    assert REGISTRY.select([], extend_select=["SC2"]).shellcheck.is_explicit
