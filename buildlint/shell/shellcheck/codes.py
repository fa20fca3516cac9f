"""ShellCheck's codes: which of them are left out, which are asked for, and where they are told."""

from collections.abc import Iterable, Mapping

from buildlint.text.record import Record
from buildlint.text.regex import regex

# What its findings are called, beside their codes.
NAME = "shellcheck"

LEFT_OUT = frozenset(
    {
        "SC1010",  # `echo done`: where the word is a mistake, BL501 finds it
        "SC1090",  # a file that is sourced stands on the build instance, not here
        "SC1091",
        "SC2015",  # `id app && usermod … || useradd …`: how one line says it
        "SC2016",  # '$HOME' in single quotes goes into a profile or a unit, for later
        "SC2034",  # the last word of `read`, the counter of a loop; BL530 finds what is lost
        "SC2114",  # BL522 says what is deleted
    }
)

_SELECTOR = regex("SC[0-9]{0,4}")
_CODE = regex("SC[0-9]{4}")


def is_code(text: str) -> bool:
    """Whether a text has the form of a code: there is no list of those that exist."""
    return _CODE.fullmatch(text) is not None


def is_selector(text: str) -> bool:
    """Whether a text is `SC`, which stands for all codes, or the beginning of one."""
    return _SELECTOR.fullmatch(text) is not None


def address(code: str) -> str:
    """Where ShellCheck explains a code."""
    return f"https://www.shellcheck.net/wiki/{code}"


class Selection(Record):
    """The codes that count: those that `select` stands for, but for those of `ignore`.

    Both hold selectors. `severities` has other severities for codes; `is_explicit` says that a
    selector names ShellCheck, so that it is missed where it is not installed.
    """

    select: tuple[str, ...] = ("SC",)
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = {}
    is_explicit: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no code counts, so that ShellCheck need not run."""
        return not any(each == "ALL" or is_selector(each) for each in self.select) or any(
            each in ("ALL", "SC") for each in self.ignore
        )

    def takes(self, code: str) -> bool:
        """Whether a code counts."""
        return is_code(code) and _fits(code, self.select) and not _fits(code, self.ignore)


def selection(
    select: tuple[str, ...], extend_select: tuple[str, ...], ignore: tuple[str, ...]
) -> Selection:
    """Make the selection of a run; without `select`, all codes count."""
    is_explicit = any(map(is_selector, (*select, *extend_select)))
    return Selection((*(select or ("SC",)), *extend_select), ignore, is_explicit=is_explicit)


def _fits(code: str, selectors: Iterable[str]) -> bool:
    return any(each == "ALL" or code.startswith(each) for each in selectors)
