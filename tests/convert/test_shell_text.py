"""What a RUN said in Docker, and what its conversion says: the same, in a real shell."""

import os
import subprocess
import tarfile
from pathlib import Path

import dockerfile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildlint import parse
from buildlint.convert import Options, convert
from buildlint.convert.context import BuildContext
from buildlint.convert.shellwords import NEXT_LINE, printed, word
from buildlint.text.source import Source

# The shells that a build instance may have for a RUN.
SHELLS = ["sh", "bash"]


def commands(text: str, options: Options | None = None) -> list[str]:
    """The shell texts of the RUNs of a converted Dockerfile."""
    result = convert(Source("Dockerfile", f"FROM ubuntu:22.04\n{text}"), options or Options())
    assert result.text, [str(note.message) for note in result.notes]
    nodes = parse(result.text).instructions
    return [node.arguments.text for node in nodes if node.command == "RUN" and node.arguments]


def as_docker_runs(text: str, folder: Path) -> list[str]:
    """What BuildKit starts for a RUN: the reader is BuildKit's own."""
    (run,) = dockerfile.parse_string(text)
    if run.json:
        return list(run.value)
    body = str(run.value[0])
    if len(run.heredocs) != 1 or not body.startswith("<<"):
        body += "".join(f"\n{each.content}{each.name}" for each in run.heredocs)
        return ["/bin/sh", "-c", body]
    body = str(run.heredocs[0].content)
    if not body.startswith("#!"):
        return ["/bin/sh", "-c", body]
    program = folder / "program"
    program.write_text(body)
    program.chmod(0o755)
    return [os.fspath(program)]


def outcome(command: list[str], folder: Path) -> tuple[int, bytes, dict[str, bytes]]:
    """Exit code, output, and the files that a command leaves behind."""
    folder.mkdir()
    environment = {"PATH": os.environ["PATH"], "GREETING": "hello  there"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return done.returncode, done.stdout, files


RUNS = [
    'RUN echo one && \\\n    # why\n    echo "two  $GREETING" > file\n',
    'RUN ["/bin/echo", "a  b", "$GREETING", "it\'s", "[x]"]\n',
    "RUN <<EOF\nset -e\necho \"$GREETING\"\n# a comment\necho 'it is' > a\nEOF\n",
    "RUN <<EOF\nfalse\necho still\nEOF\n",
    "RUN <<EOF\nset -e\nfalse\necho never\nEOF\n",
    "RUN <<EOF\necho one # why\necho two\nEOF\n",
    "RUN <<EOF\nfor each in a b; do\n  echo $each > $each\ndone\nEOF\n",
    "RUN <<EOF\nsleep 0 &\nwait\necho '\n  many lines\n'\nEOF\n",
    "RUN <<EOF\necho a &&\n  echo b\necho c \\\n  d\nEOF\n",
    "RUN <<'EOF'\ncat <<INNER > inner\n$GREETING $(echo x)\nINNER\nEOF\n",
    "RUN <<-EOF\n\techo tabs\n\tcat <<-X\n\tin\n\tX\n\tEOF\n",
    "RUN <<EOF\nEOF\n",
    "RUN <<EOF\n#!/usr/bin/env python3\nimport os\nprint(os.environ['GREETING'], '\\\\n')\nEOF\n",
    "RUN cat <<EOF > file\n$GREETING \\$5 `echo tick` 'quoted'\nEOF\n",
    "RUN cat <<'EOF' > file\n$GREETING \\$5 `echo` it's\n\n# no comment\nRUN no command\nEOF\n",
    "RUN cat >file <<EOF\nplain text\nEOF\n",
    "RUN cat > file <<EOF && cat file\nplain text\nEOF\n",
    "RUN cat <<A - <<B > file\none\nA\ntwo\nB\n",
    "RUN python3 - <<'EOF'\nprint('a\\tb', \"it's\")\nEOF\n",
    "RUN cat -n <<EOF\nplain\nEOF\n",
    "RUN cat <<EOF | tr a-z A-Z > file\nplain\nEOF\n",
    "RUN cat <<EOF\nEOF\n",
    "RUN cat 0<<EOF\nnumbered\nEOF\n",
    "RUN X='a  b' && cat <<EOF > \"$X\"\n$X\nEOF\n",
    'RUN while read line; do echo "<$line>"; done <<EOF\na b\nc\nEOF\n',
    "RUN cat <<EOF > percent\n100% \\\\ %s\nEOF\n",
    'RUN [ -z "$NOTHING" ] && echo empty\n',
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("text", RUNS)
def test_a_run_does_what_it_did(text: str, shell: str, tmp_path: Path) -> None:
    (converted,) = commands(text)
    expected = outcome(as_docker_runs(text, tmp_path), tmp_path / "original")
    assert outcome([shell, "-c", converted], tmp_path / "converted") == expected


SHELL_RUNS = [
    ('["/bin/bash", "-o", "pipefail", "-c"]', "RUN false | cat\n"),
    ('["/bin/bash", "-euo", "pipefail", "-c"]', 'RUN echo a; echo "$NOTHING"; echo b\n'),
    ('["/bin/bash", "-c"]', "RUN [[ a == a ]] && echo ${GREETING^^}\n"),
    ('["/bin/sh", "-ec"]', "RUN false; echo never\n"),
    ('["/usr/bin/env", "bash", "-c"]', "RUN echo \"it's\" '$GREETING' \\\n  && echo $0\n"),
    ('["/usr/bin/python3", "-c"]', "RUN print('a', \"it's\")\n"),
    ('["/bin/bash", "-o", "pipefail", "-c"]', "RUN <<EOF\nfalse | cat\nEOF\n"),
    ('["/bin/bash", "-eo", "pipefail", "-c"]', "RUN <<EOF\nif true\nthen false | cat\nfi\nEOF\n"),
    ('["/bin/bash", "-c"]', "RUN cat <<EOF\n${GREETING^^}\nEOF\n"),
]


@pytest.mark.parametrize(("argv", "text"), SHELL_RUNS)
def test_a_shell_is_honoured(argv: str, text: str, tmp_path: Path) -> None:
    (converted,) = commands(f"SHELL {argv}\n{text}")
    (shell,) = dockerfile.parse_string(f"SHELL {argv}\n")
    *_, script = as_docker_runs(text, tmp_path)
    expected = outcome([*shell.value, script], tmp_path / "original")
    assert outcome(["bash", "-c", converted], tmp_path / "converted") == expected


def test_an_argument_is_seen_by_the_run_that_names_it(tmp_path: Path) -> None:
    first, second = commands('ARG A="it\'s $5"\nRUN echo "$A"\nRUN echo ok\n')
    assert outcome(["sh", "-c", first], tmp_path / "a")[1] == b"it's \n"
    assert second == "echo ok"


def test_an_argument_that_nothing_names_is_seen_by_every_run(tmp_path: Path) -> None:
    (run,) = commands("ARG DEBIAN_FRONTEND=noninteractive\nRUN env\n")
    assert b"DEBIAN_FRONTEND=noninteractive\n" in outcome(["sh", "-c", run], tmp_path / "a")[1]


def test_proxies_need_no_arg(tmp_path: Path) -> None:
    (run,) = commands("RUN env\n", Options(args={"http_proxy": "http://10.0.0.1:3128"}))
    assert b"http_proxy=http://10.0.0.1:3128\n" in outcome(["sh", "-c", run], tmp_path / "a")[1]


def printed_by_a_shell(command: str) -> str:
    # The lines of a command are joined before a shell sees it.
    whole = command.replace(NEXT_LINE, " ")
    return subprocess.run(["sh", "-c", whole], capture_output=True, check=True).stdout.decode()


characters = st.characters(exclude_characters="\n\0", codec="utf-8")


@settings(max_examples=50)
@given(st.lists(st.text(characters), max_size=4))
def test_printed_lines_are_the_lines(lines: list[str]) -> None:
    assert printed_by_a_shell(printed(lines)) == "".join(f"{line}\n" for line in lines)


@settings(max_examples=50)
@given(st.text(characters | st.just("\n")))
def test_a_quoted_word_is_the_word(text: str) -> None:
    assert printed_by_a_shell(f"printf '<%s>' {word(text)}") == f"<{text.rstrip(chr(10))}>"


# --- COPY ----------------------------------------------------------------------------------------


def copied(text: str, folder: Path, options: Options | None = None) -> dict[str, tuple[bytes, int]]:
    """The files that COPY writes, and whether each may be executed."""
    for run in commands(text.replace("DEST", os.fspath(folder)), options):
        subprocess.run(["sh", "-c", run], check=True)
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_here_documents_are_expanded_by_docker_itself(tmp_path: Path) -> None:
    text = (
        "ARG NAME=web\n"
        "COPY <<EOF <<'RAW' DEST/d/\nname=$NAME \"${NAME}\" \\$5\n\n# it's\nEOF\n$NAME\nRAW\n"
        "COPY --chmod=750 <<EOF DEST/x\n#!/bin/sh\nEOF\n"
    )
    assert copied(text, tmp_path) == {
        "d/EOF": (b'name=web "web" $5\n\n# it\'s\n', 0o644),
        "d/RAW": (b"$NAME\n", 0o644),
        "x": (b"#!/bin/sh\n", 0o750),
    }


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_is_unpacked_by_add_alone(mode: str, tmp_path: Path) -> None:
    context, folder = tmp_path / "context", tmp_path / "result"
    context.mkdir()
    folder.mkdir()
    (context / "x").write_text("in it\n")
    with tarfile.open(context / "a.tar", mode) as archive:  # type: ignore[call-overload]
        archive.add(context / "x", "d/x")
    options = Options(context=BuildContext(context))
    result = copied("ADD a.tar DEST/added\nCOPY a.tar DEST/copied/\n", folder, options)
    assert result == {
        "added/d/x": (b"in it\n", 0o644),
        "copied/a.tar": ((context / "a.tar").read_bytes(), 0o644),
    }


def test_embedded_files_are_the_files(tmp_path: Path) -> None:
    context, folder = tmp_path / "context", tmp_path / "result"
    contents = {
        "a/text.txt": "it's 100% \\n\t中\n".encode(),
        "a/b/no-end": b"last",
        "a/b/two": b"first\nlast",
        "a/empty": b"",
        "a/binary": bytes(range(256)),
        "a/long": b"all the same\n" * 2000,
        "a/crlf": b"a\r\nb\r\n",
        "a/noise": "x\u2028y\x85\n".encode(),
    }
    for name, content in contents.items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_bytes(content)
    (context / "a/run.sh").write_bytes(b"#!/bin/sh\n")
    (context / "a/run.sh").chmod(0o755)
    folder.mkdir()
    options = Options(context=BuildContext(context))
    result = copied("COPY a DEST/all\nCOPY a/text.txt DEST/renamed\n", folder, options)
    assert result == {
        **{f"all/{name[2:]}": (content, 0o644) for name, content in contents.items()},
        "all/run.sh": (b"#!/bin/sh\n", 0o755),
        "renamed": (contents["a/text.txt"], 0o644),
    }
