"""Records: what frozen dataclasses are."""

import pickle
from collections.abc import Callable, Mapping
from functools import cached_property

import pytest

from buildlint.text.record import Record


class Item(Record):
    """With a default."""

    name: str
    count: int = 1
    more: Mapping[str, int] = {}

    @cached_property
    def double(self) -> int:
        """What is kept beside the fields."""
        return self.count * 2


class Pair(Record):
    """Without a default."""

    first: int
    second: int


class Special(Item):
    """With a field of its own behind those that it takes over."""

    colour: str = "red"


def test_fields_are_given_in_their_order_or_by_name() -> None:
    item = Special("a", 2, colour="blue")
    assert (item.name, item.count, item.more, item.colour) == ("a", 2, {}, "blue")
    assert repr(item) == "Special(name='a', count=2, more={}, colour='blue')"


@pytest.mark.parametrize(
    "make",
    [
        Item,
        lambda: Item(count=1),  # type: ignore[call-arg]
        lambda: Item("a", 1, {}, 2),  # type: ignore[call-arg]
        lambda: Item("a", 1, nmae="b"),  # type: ignore[call-arg]
        lambda: Item("a", name="b"),  # type: ignore[misc]
    ],
)
def test_a_field_that_is_missing_unknown_or_given_twice_is_an_error(
    make: Callable[[], Item],
) -> None:
    with pytest.raises(TypeError, match="Item has the fields name, count, more"):
        make()


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3)])
def test_fields_without_a_default_are_all_asked_for(values: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="Pair has the fields first, second"):
        Pair(*values)


def test_records_are_equal_by_class_and_fields_whatever_is_cached() -> None:
    first, second = Item("a"), Item("a", 1)
    assert first.double == 2
    assert first == second
    assert first != Item("b")
    assert Item("a") != Special("a")
    assert Item("a") != "a"


def test_records_of_fields_with_a_hash_have_one() -> None:
    assert len({Item("a", 1, more) for more in ((), (), 1)}) == 2  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Item("a"))


def test_another_has_some_fields_changed() -> None:
    item = Special("a", 2)
    assert item.replace(name="b", colour="blue") == Special("b", 2, {}, "blue")
    assert item == Special("a", 2)
    with pytest.raises(TypeError):
        item.replace(nmae="b")


def test_nothing_is_set_or_deleted() -> None:
    item = Item("a")
    with pytest.raises(AttributeError, match=r"Item\.name is fixed"):
        item.name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match=r"Item\.name is fixed"):
        del item.name


def test_records_go_to_other_processes() -> None:
    item = Special("a", 2, {"b": 3})
    assert pickle.loads(pickle.dumps(item)) == item
