"""The names and values of an RPC call."""

from buildlint.emitters.wire import flat, spelled
from tests.emitters.pipelines import EVERYTHING


def test_lists_are_numbered_from_1() -> None:
    names = [spelled(path) for path, _ in flat(EVERYTHING)]
    assert names[-8:] == [
        "Tag.1.Key",
        "Tag.1.Value",
        "Tag.2.Key",
        "Tag.2.Value",
        "Tag.3.Key",
        "AddAccount.1",
        "AddAccount.2",
        "ToRegionId.1",
    ]


def test_values_keep_their_types() -> None:
    values = {spelled(path): value for path, value in flat(EVERYTHING)}
    assert values["SystemDiskSize"] == 40
    assert values["DeleteInstanceOnFailure"] is False
    assert values["Tag.2.Value"] == ""
