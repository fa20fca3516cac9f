"""`buildlint format`."""

from pathlib import Path

from tests.cli.commands import run, write

UNEVEN = "from  IMAGE:m-1\r\n\r\n\r\nrun a \\ \r\n  b\r\n"
EVEN = "FROM IMAGE:m-1\n\nRUN a \\\n  b\n"


def test_format_writes_files_in_an_even_layout() -> None:
    write("a.buildcontent", EVEN)
    Path("b.buildcontent").write_bytes(UNEVEN.encode())
    result = run("format")
    assert result.exit_code == 0
    assert result.stdout == "Reformatted b.buildcontent\n1 reformatted, 1 already formatted\n"
    assert Path("b.buildcontent").read_bytes() == EVEN.encode()
    assert run("format").stdout == "0 reformatted, 2 already formatted\n"


def test_format_check_writes_nothing_and_tells() -> None:
    write("a.buildcontent", UNEVEN)
    result = run("format", "--check")
    assert (result.exit_code, result.stdout) == (
        1,
        "Would reformat a.buildcontent\n1 would be reformatted, 0 already formatted\n",
    )
    assert Path("a.buildcontent").read_bytes() == UNEVEN.encode()
    write("a.buildcontent", EVEN)
    assert run("format", "--check").exit_code == 0


def test_format_diff_shows_what_would_change() -> None:
    write("a.buildcontent", EVEN.replace("RUN", "run"))
    result = run("format", "--diff")
    assert result.exit_code == 1
    assert "-run a \\\n+RUN a \\\n" in result.stdout
    assert run("format", "a.buildcontent").exit_code == 0
    assert run("format", "--diff").stdout == ""


def test_format_of_standard_input_goes_to_standard_output() -> None:
    result = run("format", "-", stdin=UNEVEN.encode())
    assert (result.exit_code, result.stdout_bytes) == (0, EVEN.encode())


def test_format_does_not_read_requests() -> None:
    write("a.buildcontent", EVEN)
    write("a.request.toml", "this is broken")
    assert run("format").exit_code == 0


def test_format_leaves_what_is_no_template_and_goes_on() -> None:
    Path("a.buildcontent").write_bytes(b"\x7fELF\0\xff")
    write("b.buildcontent", UNEVEN)
    result = run("format")
    assert result.exit_code == 2
    assert "a.buildcontent: not a template" in result.stderr
    assert Path("a.buildcontent").read_bytes() == b"\x7fELF\0\xff"
    assert Path("b.buildcontent").read_bytes() == EVEN.encode()
