"""A secret, and how several of them stand in one text."""

from bisect import bisect_left
from collections.abc import Iterable
from enum import Enum

from buildlint.text.messages import N_, Message
from buildlint.text.record import Record
from buildlint.text.span import Span


class Kind(Enum):
    """What a secret opens."""

    ACCESS_KEY = "access key"
    TOKEN = "token"  # noqa: S105 - a name of the kind
    PASSWORD = "password"  # noqa: S105 - a name of the kind


class Name(str):
    """What something is called in the user's text: no secret, even if one is spelt the same."""

    __slots__ = ()


class Secret(Record):
    """A secret and its characters; `label` names it without showing it.

    One that is not certain is masked, but not reported.
    """

    kind: Kind
    span: Span
    label: Message
    is_certain: bool = True


OF_USER = Message(N_("a user's password"))


def value_of(name: str) -> Message:
    """Label a secret with the name that its value has."""
    return Message(N_("the value of `{name}`"), {"name": Name(name)})


def apart(secrets: Iterable[Secret]) -> tuple[Secret, ...]:
    """Put secrets into their order; what is certain stands apart, and nothing is in another."""
    certain: list[Secret] = []
    others: list[Secret] = []
    for secret in secrets:
        index = bisect_left(certain, secret.span, key=lambda each: each.span)
        is_free = index == 0 or certain[index - 1].span.end <= secret.span.start
        is_free = is_free and (
            index == len(certain) or secret.span.end <= certain[index].span.start
        )
        if secret.is_certain and is_free:
            certain.insert(index, secret)
        else:
            others.append(secret.replace(is_certain=False))
    found: list[Secret] = []
    reached = 0
    for secret in sorted((*certain, *others), key=_first_and_longest):
        if secret.is_certain or secret.span.end > reached:
            found.append(secret)
            reached = max(reached, secret.span.end)
    return tuple(found)


def _first_and_longest(secret: Secret) -> tuple[int, int, bool]:
    return secret.span.start, -secret.span.end, not secret.is_certain
