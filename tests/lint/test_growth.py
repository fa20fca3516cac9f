"""What a byte of a template costs does not grow with the template."""

import sys
from types import FrameType

import pytest

import buildlint
from benchmarks.hostile import SHAPES
from buildlint.lint.rules.examples import FROM

# Within the limit of the service: over it, the place is looked for where it is crossed.
_SMALL, _LARGE = 3 << 10, 12 << 10
# Four times as much is linear; sixteen times as much would be the square.
_MOST = 6


def calls(text: str) -> int:
    """Count the calls of functions that a check takes: no clock is asked."""
    count = 0

    def counted(frame: FrameType, event: str, value: object) -> None:
        nonlocal count
        del frame, value
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        buildlint.check(text, select=["ALL"])
    finally:
        sys.setprofile(None)
    return count


# Of a public image, the rules know more.
@pytest.mark.parametrize("base", [FROM, "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_check_takes_as_many_calls_for_each_byte(name: str, base: str) -> None:
    shape = SHAPES[name]
    # What is imported and compiled; a text that was read before is not read again.
    calls(shape.text(_SMALL + 999, base))
    small, large = (calls(shape.text(size, base)) for size in (_SMALL, _LARGE))
    assert large <= _MOST * small
