"""A measurement with its bars, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

_LARGE = 1_000


@dataclass(frozen=True)
class Bars:
    """What a value must reach, and what it strives for."""

    must: float
    goal: float
    is_more_better: bool = False

    def verdict(self, value: float) -> str:
        """Say which bar a value reaches."""
        reached = [
            name
            for name, bar in (("goal", self.goal), ("must", self.must))
            if (value >= bar if self.is_more_better else value <= bar)
        ]
        return reached[0] if reached else "missed"


@dataclass(frozen=True)
class Row:
    """A measure: what was measured of buildlint and of the peer, and the value that is judged.

    `unit` stands behind each number.
    """

    measure: str
    ours: str
    peer: str
    value: float
    bars: Bars | None = None
    unit: str = "×"

    @property
    def is_missed(self) -> bool:
        """Whether the value is not what it must be."""
        return self.bars is not None and self.bars.verdict(self.value) == "missed"

    def cells(self) -> tuple[str, ...]:
        """Write the cells of the row."""
        cells = (self.measure, self.ours, self.peer, self._written(self.value))
        if self.bars is None:
            return (*cells, "", "", "")
        sign = "≥" if self.bars.is_more_better else "≤"
        bars = (f"{sign} {self._written(bar)}" for bar in (self.bars.must, self.bars.goal))
        return (*cells, *bars, self.bars.verdict(self.value))

    def _written(self, value: float) -> str:
        """Write three digits of a number, or all of a whole one that is larger."""
        number = f"{value:.3g}" if value < _LARGE else f"{value:,.0f}"
        return f"{number}{self.unit}"


_HEADER = ("measure", "buildlint", "peer", "value", "must", "goal", "reached")


def markdown(rows: Sequence[Row]) -> str:
    """Write the table of rows."""
    return table([_HEADER, *(row.cells() for row in rows)])


def table(lines: Sequence[Sequence[str]]) -> str:
    """Write lines of cells as a table in Markdown; the first one is its head."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written) + "\n"
