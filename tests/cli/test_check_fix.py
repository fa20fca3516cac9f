"""`buildlint check --fix`, `--diff` and `--add-ignore`."""

from pathlib import Path

import pytest

from tests.cli.commands import GOOD, run, write

FIXABLE = "from IMAGE:m-bp67acfmxazb4p0abcde\nENV A=1\nRUM true\n"
SAFELY = 'FROM IMAGE:m-bp67acfmxazb4p0abcde\nENV A="1"\nRUM true\n'
WHOLLY = SAFELY.replace("RUM", "RUN")


def test_fix_mends_safely_and_reports_what_is_left() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--fix")
    assert result.exit_code == 1
    assert Path("web.buildcontent").read_text("utf-8") == SAFELY
    assert "error[BL302]: " in result.stdout
    assert result.stdout.endswith(
        "Found 1 error in 1 template, 2 fixed.\n"
        "1 fixable with --fix --unsafe-fixes. Run `buildlint rule <CODE>` for details.\n"
    )


def test_unsafe_fixes_mend_all() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--fix", "--unsafe-fixes")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 template, 3 fixed.\n")
    assert Path("web.buildcontent").read_text("utf-8") == WHOLLY


def test_diff_shows_the_fixes_and_changes_nothing() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--diff")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:5] == [
        "--- web.buildcontent",
        "+++ web.buildcontent",
        "@@ -1,3 +1,3 @@",
        "-from IMAGE:m-bp67acfmxazb4p0abcde",
        "-ENV A=1",
    ]
    assert Path("web.buildcontent").read_text("utf-8") == FIXABLE


def test_diff_of_a_clean_file_is_empty() -> None:
    write("web.buildcontent", GOOD)
    result = run("check", "--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_fix_of_standard_input_goes_to_standard_output() -> None:
    result = run("check", "--fix", "-", stdin=FIXABLE)
    assert (result.exit_code, result.stdout) == (1, SAFELY)
    assert "error[BL302]: " in result.stderr
    assert " --> <stdin>:3:1\n" in result.stderr


def test_a_part_of_a_text_is_never_written_for_the_whole() -> None:
    result = run("check", "--fix", "-", stdin="RUN true\n" * 150_000)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: <stdin>: larger than 1 MiB" in result.stderr


@pytest.mark.parametrize("command", [("check", "--fix"), ("format",)])
def test_bytes_that_are_not_utf_8_go_to_standard_output_as_they_are(
    command: tuple[str, ...],
) -> None:
    result = run(*command, "-", stdin=b"# \xcd\xf8\nrun true\n")
    assert result.stdout_bytes == b"# \xcd\xf8\nRUN true\n"


def test_fix_keeps_mode_links_and_bytes_that_are_not_utf_8(folder: Path) -> None:
    target = folder / "target"
    target.write_bytes(b"# \xcd\xf8\nrun true\n")
    target.chmod(0o640)
    Path("web.buildcontent").symlink_to(target)
    assert run("check", "--fix").exit_code == 1
    assert Path("web.buildcontent").is_symlink()
    assert target.read_bytes() == b"# \xcd\xf8\nRUN true\n"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_clean_file_is_not_written() -> None:
    write("web.buildcontent", GOOD)
    before = Path("web.buildcontent").stat()
    assert run("check", "--fix").exit_code == 0
    assert Path("web.buildcontent").stat().st_ino == before.st_ino


def test_add_ignore_suppresses_everything_in_the_template() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--add-ignore")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 template.\n")
    assert result.stderr == "note: added ignore comments for 3 problems\n"
    assert run("check").exit_code == 0
    assert "# buildlint: ignore[BL332]\nENV A=1\n" in Path("web.buildcontent").read_text("utf-8")
