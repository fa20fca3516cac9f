"""ShellCheck's codes: which of them are left out, which are asked for, and where they are told."""

from collections.abc import Iterable, Mapping

from buildlint.text.record import Record
from buildlint.text.regex import regex

# What its findings are called, beside their codes.
NAME = "shellcheck"
# What all of its codes begin with, and stands for all of them.
ANY = "SC"

LEFT_OUT = frozenset(
    {
        "SC1010",  # `echo done`: where the word is a mistake, BL501 finds it
        "SC1090",  # a file that is sourced stands on the build instance, not here
        "SC1091",
        "SC2015",  # `id app && usermod … || useradd …`: how one line says it
        "SC2016",  # '$HOME' in single quotes goes into a profile or a unit, for later
        "SC2034",  # the last word of `read`, the counter of a loop; BL530 finds what is lost
        "SC2114",  # BL522 says what is deleted
        # What dash does not have: BL550 to BL559 say so, and are silent where it does not matter.
        *("SC2112", "SC2113", "SC2127"),
        *(f"SC{code}" for code in (3001, *range(3003, 3007), *range(3008, 3012), 3014, 3015, 3016)),
        *(f"SC{code}" for code in (*range(3018, 3026), 3028, 3029, 3030, 3032, 3033)),
        *(
            f"SC{code}"
            for code in (3034, *range(3036, 3043), *range(3044, 3048), *range(3050, 3061))
        ),
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

    select: tuple[str, ...] = (ANY,)
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = {}
    is_explicit: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no code counts, so that ShellCheck need not run."""
        return not self.select or ANY in self.ignore

    def takes(self, code: str) -> bool:
        """Whether a code counts."""
        return is_code(code) and _fits(code, self.select) and not _fits(code, self.ignore)

    def severity_of(self, code: str) -> str | None:
        """The severity that was asked for a code, by the longest selector that it begins with."""
        return next(
            (self.severities[each] for each in beginnings(code) if each in self.severities), None
        )


def selection(
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    is_explicit: bool,
) -> Selection:
    """Make the selection of a run from all selectors; without `select`, all codes count."""
    chosen = filter(is_selector, (*(select or (ANY,)), *extend_select))
    return Selection(tuple(chosen), tuple(filter(is_selector, ignore)), is_explicit=is_explicit)


def _fits(code: str, selectors: Iterable[str]) -> bool:
    return any(map(code.startswith, selectors))


def beginnings(code: str) -> tuple[str, ...]:
    """The selectors that stand for a code of ShellCheck, the longest first; others are alone."""
    return tuple(code[:end] for end in range(len(code), 1, -1)) if is_code(code) else (code,)
