"""`buildlint compile --pack`: what it writes, and what it says."""

from pathlib import Path

from click.testing import Result

from buildlint.service.contract import MAX_COMMANDS
from tests.cli.commands import run

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
MANY = FROM + "".join(f"RUN echo {number}\n" for number in range(128))


def compiled(text: str, *options: str) -> Result:
    Path("web.buildcontent").write_text(text, "utf-8")
    arguments = ["compile", "web.buildcontent", "--format", "content", "--set", "RegionId=a"]
    return run(*arguments, *options)


def test_a_content_over_a_limit_is_packed_and_told_of() -> None:
    result = compiled(MANY, "--pack")
    assert result.exit_code == 0
    assert result.stdout.count("\nRUN ") + 1 == MAX_COMMANDS
    assert result.stderr.splitlines() == [
        (
            "note: packed 129 commands into 127, "
            f"{len(MANY) - 1:,} bytes into {len(result.stdout):,}"
        ),
        "note: joined 2 RUNs in lines 2 to 3",
        "note: joined 2 RUNs in lines 4 to 5",
        "note: joined RUNs share the 600 seconds of one step",
    ]


def test_without_the_option_it_is_an_error() -> None:
    result = compiled(MANY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "BL102" in result.stderr
    assert "packed" not in result.stderr


def test_a_content_within_the_limits_is_what_it_is_without_the_option() -> None:
    text = f"{FROM}RUN true\n"
    result = compiled(text, "--pack")
    assert result.stdout == compiled(text).stdout
    assert result.stderr == "note: nothing to pack: 2 commands and 42 bytes are within the limits\n"


def test_where_it_is_not_enough_nothing_is_written() -> None:
    result = compiled(FROM + 'RUN true\nENV A="1"\n' * 100, "--pack", "-o", "out")
    assert (result.exit_code, Path("out").exists()) == (1, False)
    assert "BL102" in result.stderr
    assert result.stderr.endswith(
        "note: packing is not enough: 201 of 127 commands and 1,933 of 16,384 bytes remain\n"
    )


def test_what_is_said_is_translated() -> None:
    assert "已打包" in compiled(MANY, "--pack", "--lang", "zh_CN").stderr
