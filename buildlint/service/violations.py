"""What is wrong with the values of a request, by the declarations of its parameters."""

from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from buildlint.service.contract import OSS, ServiceCode
from buildlint.service.declared import URL_PREFIXES, Cause, Form, Parameter, Problem, Type
from buildlint.service.locate import Path
from buildlint.service.parameters import PARAMETERS
from buildlint.service.request import is_integer, is_text
from buildlint.text.messages import N_, Message, as_written, letters_of, number, respelled, shown
from buildlint.text.regex import regex

# ASCII letters and the ideographs of Unicode's CJK blocks: what the documents call Chinese.
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME_START = regex(f"[A-Za-z{CHINESE}]")
_IN_ANY_NAME = regex(f"[A-Za-z0-9{CHINESE}]")
# Ids have sixteen digits today; a number with thousands of them is none.
_MAX_ID = 10**32


class Violation(NamedTuple):
    """A value that is wrong: its path (of what is missing, that of its object), and what earns."""

    path: Path
    cause: Cause
    message: Message


def violations(
    values: Mapping[str, Any],
    parameters: Mapping[str, Parameter] = PARAMETERS,
    unknown: Container[str] = (),
) -> Iterator[Violation]:
    """Find what is wrong with the values of a request, in their order.

    Those that are `unknown` are set, nobody knows to what.
    """
    yield from _fields((), values, parameters, unknown)
    yield from _between(values, unknown)


def named(path: Path) -> str:
    """Name a parameter for people: without the numbers of items."""
    return ".".join(step for step in path if isinstance(step, str))


# --- the tree ------------------------------------------------------------------------------------


def _fields(
    path: Path,
    values: Mapping[str, Any],
    known: Mapping[str, Parameter],
    unknown: Container[str] = (),
) -> Iterator[Violation]:
    for name, value in values.items():
        here = (*path, name)
        if name in known:
            yield from _value(here, value, known[name])
        else:
            yield _unknown(here, tuple(known))
            yield from _not_json(here, value)
    for name, about in known.items():
        if about.missing and name not in values and name not in unknown:
            text = N_("{name} is missing; add it")
            yield Violation(path, about.missing, Message(text, {"name": named((*path, name))}))


def _unknown(path: Path, known: tuple[str, ...]) -> Violation:
    name = str(path[-1])
    meant = _meant(name, known)
    if meant is None:
        text = N_("unknown parameter `{name}`; it is passed on, so check its name")
        return Violation(path, Problem.UNKNOWN, Message(text, {"name": shown(named(path))}))
    text = N_("unknown parameter `{name}`; did you mean `{suggestion}`?")
    fields = {"name": shown(name), "suggestion": meant}
    return Violation(path, Problem.SLIP, Message(text, fields))


def _meant(name: str, known: tuple[str, ...]) -> str | None:
    """Find the parameter that a name is plainly a slip of.

    The API grows: a name with other words in it may be one that nobody here knows.
    """
    meant = respelled(name, known)
    return meant if meant and _is_slip(letters_of(name), meant.lower()) else None


# One letter may be wrong, in a long name one of so many; and so many at most.
_LETTERS_A_SLIP = 4
_MAX_SLIPS = 2


def _is_slip(letters: str, meant: str) -> bool:
    """Whether few letters are put in, left out, replaced or swapped with their neighbors."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for index, letter in enumerate(letters):
        older, before = before, row
        row = [index + 1]
        for other, wanted in enumerate(meant):
            cost = min(before[other + 1] + 1, row[other] + 1, before[other] + (letter != wanted))
            if other and index and letters[index - 1 : index + 1] == wanted + meant[other - 1]:
                cost = min(cost, older[other - 1] + 1)
            row.append(cost)
    return row[-1] <= min(_MAX_SLIPS, max(1, len(meant) // _LETTERS_A_SLIP))


def _value(path: Path, value: object, about: Parameter) -> Iterator[Violation]:
    match about.type:
        case Type.INTEGER:
            yield from _integer(path, value, about)
        case Type.STRING if isinstance(value, str):
            yield from _string(path, value, about)
        case Type.STRING if about.takes_integers and is_integer(value):
            if not 0 <= value < _MAX_ID:
                yield _wrong(path, about.cause, _form(about).pattern_is, value=as_written(value))
        case Type.LIST if isinstance(value, list):
            yield from _list(path, value, about)
        case Type.OBJECT if isinstance(value, dict):
            yield from _fields(path, value, about.fields)
        case Type.BOOLEAN if isinstance(value, bool):
            pass
        case _:
            yield _of_type(path, about)


_TYPES = {
    Type.STRING: N_("{name} must be a string"),
    Type.INTEGER: N_("{name} must be an integer"),
    Type.BOOLEAN: N_("{name} must be `true` or `false`"),
    Type.LIST: N_("{name} must be a list"),
    Type.OBJECT: N_("{name} must be an object with {fields}"),
}
_ITEM_TYPES = {
    Type.STRING: N_("each item of {name} must be a string"),
    Type.OBJECT: N_("each item of {name} must be an object with {fields}"),
}


def _of_type(path: Path, about: Parameter) -> Violation:
    texts = _ITEM_TYPES if isinstance(path[-1], int) else _TYPES
    return _wrong(path, Problem.TYPE, texts[about.type], fields=", ".join(about.fields))


def _wrong(path: Path, cause: Cause, text: str, **fields: object) -> Violation:
    return Violation(path, cause, Message(text, {"name": named(path), **fields}))


def _integer(path: Path, value: object, about: Parameter) -> Iterator[Violation]:
    if about.bounds is None:
        if not is_integer(value):
            yield _of_type(path, about)
        return
    least, most = about.bounds
    if not is_integer(value) or not least <= value <= most:
        text = N_("{name} must be an integer from {least} to {most} ({unit}), not `{value}`")
        written = as_written(value)
        yield _wrong(
            path, about.cause, text, least=least, most=most, unit=about.unit, value=written
        )


def _list(path: Path, value: list[Any], about: Parameter) -> Iterator[Violation]:
    if about.most is not None and len(value) > about.most:
        text = N_("{name} has {count} items, but at most {most} are allowed; remove some")
        fields = {"name": named(path), "count": number(len(value)), "most": about.most}
        yield Violation((*path, about.most), about.too_many, Message(text, fields))
    if about.item is not None:
        for index, item in enumerate(value):
            yield from _value((*path, index), item, about.item)


def _not_json(path: Path, value: object) -> Iterator[Violation]:
    """Report the first value that the API has no type for: a date, NaN, null."""
    stack = [(path, value)]
    while stack:
        here, each = stack.pop()
        if isinstance(each, dict):
            stack += [((*here, name), inner) for name, inner in each.items()]
        elif isinstance(each, list):
            stack += [((*here, index), inner) for index, inner in enumerate(each)]
        elif isinstance(each, str):
            if not is_text(each):
                yield _wrong(here, Problem.TYPE, _NOT_UNICODE)
        elif not isinstance(each, int) and not (isinstance(each, float) and each - each == 0):
            text = N_(
                "{name} is `{value}`; use a string, a number, `true`, `false`, a list or an object"
            )
            yield _wrong(here, Problem.TYPE, text, value=as_written(each))


# --- strings -------------------------------------------------------------------------------------

_NOT_UNICODE = N_("{name} contains invalid Unicode characters")


def _form(about: Parameter) -> Form:
    return about.form or Form()


def _string(path: Path, value: str, about: Parameter) -> Iterator[Violation]:
    """Report the first thing that is wrong with a string."""
    if not is_text(value):
        yield _wrong(path, Problem.TYPE, _NOT_UNICODE)
        return
    if not value and about.is_required:
        return  # as if it were missing
    least, most = about.bounds or (0, len(value))
    if about.values and value not in about.values:
        text = N_("{name} must be {values}, not `{value}`")
        written = as_written(value)
        yield _wrong(path, about.cause, text, values=_either(about.values), value=written)
    elif not least <= len(value) <= most:
        text = N_("{name} must have {least} to {most} characters, not {length}")
        length = number(len(value))
        yield _wrong(path, about.cause, text, least=least, most=most, length=length)
    elif about.form:
        for text, more in _malformed(value, about.form):
            yield _wrong(path, about.cause, text, **more)
            return


def _malformed(value: str, form: Form) -> Iterator[tuple[str, dict[str, object]]]:
    lower = value.lower()
    if any((lower if each in URL_PREFIXES else value).startswith(each) for each in form.not_first):
        yield N_("{name} must not start with {reserved}"), {"reserved": _either(form.not_first)}
    if any(each in lower for each in form.nowhere):
        yield N_("{name} must not contain {reserved}"), {"reserved": _either(form.nowhere)}
    if form.is_ascii and not value.isascii():
        yield N_("{name} must contain only ASCII characters"), {}
    if form.pattern is not None and not form.pattern.fullmatch(value):
        yield form.pattern_is, {"value": as_written(value)}
    if form.others is None:
        return
    if not _NAME_START.match(value):
        text = N_(
            "{name} must start with an ASCII letter or a Chinese character, not with `{start}`"
        )
        yield text, {"start": as_written(value[0])}
    elif wrong := next((each for each in value if not _may_be_in_name(each, form.others)), None):
        text = N_(
            "{name} must not contain `{character}`; use only ASCII letters, Chinese characters, "
            "digits and `{others}`"
        )
        yield text, {"character": as_written(wrong), "others": " ".join(form.others)}


def _may_be_in_name(character: str, others: str) -> bool:
    return character in others or _IN_ANY_NAME.match(character) is not None


_MAX_NAMED = 8


def _either(values: tuple[str, ...]) -> str:
    """List what a value may be, as code; of many, the first ones."""
    *first, last = [f"`{each}`" for each in values]
    if len(values) > _MAX_NAMED:
        return ", ".join(first[:_MAX_NAMED]) + " …"
    if not first:
        return last
    return str(Message(N_("{first} or {last}"), {"first": ", ".join(first), "last": last}))


# --- what parameters have to do with one another -------------------------------------------------


_TAGS: tuple[Path, ...] = (
    ("Tag",),
    ("ImageOptions", "ImageTags"),
    ("ImportImageOptions", "ImportImageTags"),
)


def _between(values: Mapping[str, Any], unknown: Container[str]) -> Iterator[Violation]:
    if "RepairItem" in values and "RepairMode" not in values and "RepairMode" not in unknown:
        text = N_('RepairItem has no effect without RepairMode; add `RepairMode = "Customized"`')
        yield Violation(("RepairItem",), ServiceCode.MISSING_REPAIR_MODE, Message(text))
    given = values.get("ImportImageOptions")
    if values.get("BaseImageType") == OSS and given is None and "ImportImageOptions" not in unknown:
        text = N_("BaseImageType `OSS` needs ImportImageOptions; add it")
        yield Violation(("BaseImageType",), ServiceCode.MISSING_IMPORT, Message(text))
    if isinstance(given, dict):
        mode = given.get("BootMode", "BIOS")
        if given.get("Architecture") == "arm64" and mode == "BIOS":
            path = ("ImportImageOptions", "BootMode" if "BootMode" in given else "Architecture")
            text = N_("an `arm64` image boots with UEFI only; set `BootMode` to `UEFI`")
            yield Violation(path, ServiceCode.IMPORT_BOOT_MODE, Message(text))
    for tags in _TAGS:
        yield from _duplicate_keys(tags, values)


def _duplicate_keys(path: Path, values: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    for step in path:
        values = values.get(step) if isinstance(values, dict) else None
    seen: set[str] = set()
    for index, tag in enumerate(values if isinstance(values, list) else ()):
        key = tag.get("Key") if isinstance(tag, dict) else None
        if isinstance(key, str) and key in seen:
            text = N_("duplicate tag key `{key}`; remove one of the tags")
            cause = ServiceCode.DUPLICATE_TAG_KEY
            yield Violation((*path, index, "Key"), cause, Message(text, {"key": shown(key)}))
        elif isinstance(key, str):
            seen.add(key)
