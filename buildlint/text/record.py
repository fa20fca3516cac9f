"""Immutable records, for what every check imports.

They are what frozen dataclasses are. But `dataclasses` writes and compiles source code for each
class: for those of the tree alone that takes longer than the check of a template.
"""

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    """A base class: the fields are the annotations, their defaults the values of the class.

    Records of one class are equal if their fields are, and have a hash if these have one.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _names: ClassVar[frozenset[str]] = frozenset()
    _defaults: ClassVar[dict[str, object]] = {}
    _required: ClassVar[int] = 0

    def __init_subclass__(cls) -> None:
        own = cls.__annotations__
        cls._fields = tuple(dict.fromkeys([*cls._fields, *own]))
        cls._names = frozenset(cls._fields)
        cls._defaults = cls._defaults | {each: vars(cls)[each] for each in own if each in vars(cls)}
        without = [index for index, each in enumerate(cls._fields) if each not in cls._defaults]
        cls._required = max(without, default=-1) + 1

    def __init__(self, *values: object, **named: object) -> None:
        """Take the fields in their order, or by name. Raises TypeError as any call does."""
        fields = self._fields
        if not named and self._required <= len(values) <= len(fields):
            self.__dict__.update(self._defaults)
            self.__dict__.update(zip(fields, values, strict=False))
            return
        given = {**self._defaults, **dict(zip(fields, values, strict=False)), **named}
        is_twice = named and not named.keys().isdisjoint(fields[: len(values)])
        if given.keys() != self._names or len(values) > len(fields) or is_twice:
            raise self._misused()
        self.__dict__.update(given)

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - each field has a type of its own
        """Make another with some fields changed."""
        if not changes.keys() <= self._names:
            raise self._misused()
        made = object.__new__(type(self))
        made.__dict__.update(self._asdict(), **changes)
        return made

    def _misused(self) -> TypeError:
        return TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields)}")

    def _asdict(self) -> dict[str, object]:
        # What is cached lies beside the fields.
        return {each: self.__dict__[each] for each in self._fields}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._asdict() == other._asdict()

    def __hash__(self) -> int:
        return hash(tuple(self._asdict().values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> None:
        del value
        self.__delattr__(name)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} is fixed")
