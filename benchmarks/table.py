"""A measurement with its bars, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bars:
    """What a value must reach, and what it strives for; `unit` stands behind each number."""

    must: float
    goal: float
    unit: str = "×"
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
    """A measure: what was measured of buildlint and of the peer, and the value that is judged."""

    measure: str
    ours: str
    peer: str
    value: float
    bars: Bars | None = None

    @property
    def is_missed(self) -> bool:
        """Whether the value is not what it must be."""
        return self.bars is not None and self.bars.verdict(self.value) == "missed"

    def cells(self) -> tuple[str, ...]:
        """Write the cells of the row."""
        unit = self.bars.unit if self.bars else "×"
        cells = (self.measure, self.ours, self.peer, f"{self.value:.3g}{unit}")
        if self.bars is None:
            return (*cells, "", "", "")
        sign = "≥" if self.bars.is_more_better else "≤"
        bars = (f"{sign} {bar:g}{unit}" for bar in (self.bars.must, self.bars.goal))
        return (*cells, *bars, self.bars.verdict(self.value))


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
