"""Instructions and what they become; notes and their places; what holds for any text."""

import re
from contextlib import suppress
from pathlib import Path
from random import Random

import dockerfile
import pytest
from hypothesis import given
from hypothesis import strategies as st

import buildlint
from buildlint.convert import Conversion, Options, convert
from buildlint.convert.context import BuildContext
from buildlint.convert.dockerfile import read
from buildlint.lint.reporters import Style, report
from buildlint.service.effective import canonical
from buildlint.text.diagnostics import CONVERSION, Severity
from buildlint.text.source import Source
from tests.paths import FIXTURES
from tests.strategies import FRAGMENTS

FROM = "FROM ubuntu:22.04\n"
UBUNTU = "IMAGE_FAMILY:acs:ubuntu_22_04_x64"
ALINUX_3_ARM = "IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_arm64"


def converted(text: str, **options: object) -> Conversion:
    return convert(Source("Dockerfile", text), Options(**options))  # type: ignore[arg-type]


def commands(text: str, **options: object) -> list[str]:
    """The commands of a template behind its FROM, each on one line."""
    result = converted(text, **options)
    assert result.text is not None, [str(note.message) for note in result.notes]
    nodes = buildlint.parse(result.text).instructions
    return ["".join(piece.text for piece in canonical(node)) for node in nodes][1:]


def notes(text: str, **options: object) -> list[tuple[str, str]]:
    """Kind and place of each note, apart from that on FROM."""
    return [
        (note.name, text[slice(*note.span)])
        for note in converted(text, **options).notes
        if not text[slice(*note.span)].startswith("FROM")
    ]


# --- which shell reads a RUN ---------------------------------------------------------------------

WITH_PIPEFAIL = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n'


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64", "set -o pipefail; \\\n    a | b"),
        ("IMAGE_FAMILY:acs:debian_12_11_x64", "/bin/bash -o pipefail -c 'a | b'"),
        ("IMAGE:m-bp67acfmxazb4p0abcde", "/bin/bash -o pipefail -c 'a | b'"),
    ],
)
def test_shell_sets_options_where_sh_is_bash_and_runs_bash_elsewhere(
    base: str, expected: str
) -> None:
    assert commands(f"FROM fedora:41\n{WITH_PIPEFAIL}", base=base) == [f"RUN {expected}"]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("[[ -f x ]] || touch x", UBUNTU, "/bin/bash -c '[[ -f x ]] || touch x'"),
        ("[ -f x ] || touch x", UBUNTU, "[ -f x ] || touch x"),
        ("[[ -f x ]] || touch x", ALINUX_3_ARM, "[[ -f x ]] || touch x"),
    ],
)
def test_bash_syntax_of_an_image_whose_sh_is_bash_is_run_by_bash(
    text: str, base: str, expected: str
) -> None:
    assert commands(f"FROM rockylinux:9\nRUN {text}\n", base=base) == [f"RUN {expected}"]
    # Docker has dash here, too: the text means what it meant.
    assert commands(f"FROM debian:12\nRUN {text}\n") == [f"RUN {text}"]


# --- FROM ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "base"),
    [
        ("ubuntu", "IMAGE_FAMILY:acs:ubuntu_24_04_x64"),
        ("ubuntu:jammy-20240530", "IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
        ("docker.io/library/debian:bookworm-slim", "IMAGE_FAMILY:acs:debian_12_11_x64"),
        ("ubuntu:22.04@sha256:0123456789", "IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
        ("--platform=linux/amd64 rockylinux:9.3", "IMAGE_FAMILY:acs:rocky_linux_9_7_x64"),
        ("--platform=$BUILDPLATFORM debian:12", "IMAGE_FAMILY:acs:debian_12_11_x64"),
        ("--platform=linux/arm64/v8 alinux:3", ALINUX_3_ARM),
        ("--platform=arm64 alinux3", ALINUX_3_ARM),
        ("IMAGE_FAMILY:acs:debian_12_11_x64", "IMAGE_FAMILY:acs:debian_12_11_x64"),
        ("debian:12 as base", "IMAGE_FAMILY:acs:debian_12_11_x64"),
    ],
)  # fmt: skip
def test_from_names_the_family_of_the_same_system(image: str, base: str) -> None:
    assert converted(f"FROM {image}\n").text == f"FROM {base}\n"


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("node:20", "`--base IMAGE_FAMILY:acs:debian_13_5_x64`, and install `node` with RUN"),
        ("openjdk:17-jammy", "--base IMAGE_FAMILY:acs:ubuntu_22_04_x64`, and install `openjdk"),
        ("alpine:3.20", "--base IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64"),
        ("python:3.12-alpine3.20", "install packages with RUN"),
        ("scratch", "no ECS image of `scratch`"),
        ("--platform=linux/arm64 ubuntu:22.04", "no public Arm image family of Ubuntu 22.04"),
        ("--platform=windows/amd64 ubuntu:22.04", "no ECS image for `windows/amd64`"),
        ("--pull ubuntu:22.04", "unknown flag `--pull`"),
        ("ubuntu:22.04 AS", "FROM takes an image"),
        ("${BASE:?no-base}", "`BASE` must have a value: no-base"),
        ("${BASE", "missing `}`"),
    ],
)
def test_another_image_is_refused_with_what_to_do(image: str, words: str) -> None:
    result = converted(f"FROM {image}\n")
    assert result.text is None
    assert words in str(result.notes[-1].message)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("debian", "differs"),
        ("library/centos:latest", "differs"),
        ("debian:12", "changed"),
        ("quay.io/rockylinux/rockylinux:9", "changed"),
        ("openanolis/anolisos:8.6", "changed"),
        ("alibaba-cloud-linux-3-registry.cn-hangzhou.cr.aliyuncs.com/alinux3/alinux3", "changed"),
        ("registry.example.com/team/ubuntu:22.04", "differs"),
    ],
)
def test_an_image_that_may_be_another_one_is_told(image: str, kind: str) -> None:
    result = converted(f"FROM {image}\n")
    assert result.text is not None
    assert [note.name for note in result.notes] == [kind]


def test_a_base_takes_the_place_of_any_image() -> None:
    result = converted("FROM node:20\nRUN true\n", base="IMAGE:m-bp67acfmxazb4p0abcde")
    assert result.text == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
    assert [note.name for note in result.notes] == ["differs"]


def test_with_an_imported_base_image_there_is_no_from() -> None:
    text = "FROM node:20 AS web\n\nRUN true\n"
    result = converted(text, base="OSS")
    assert result.text == "RUN true\n"
    assert [note.name for note in result.notes] == ["dropped", "differs"]
    assert str(result.notes[1].message).startswith("node:20 replaced by the imported image")
    assert converted("FROM node\n", base="OSS").text == ""


def test_arguments_before_from_are_for_from_alone() -> None:
    text = "ARG TAG=22.04\nFROM ubuntu:$TAG\nENV A=$TAG\nARG TAG\nENV B=$TAG\n"
    assert commands(text) == ['ENV A=""', 'ENV B="22.04"']
    assert commands(text, args={"TAG": "20.04"}) == ['ENV A=""', 'ENV B="20.04"']


# --- each instruction ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A=1 B='x y' C=Rex\\ Dog\n", ['ENV A="1" B="x y" C="Rex Dog"']),
        ("ENV ONE TWO= THREE=world\n", ['ENV ONE="TWO= THREE=world"']),
        ('ENV A=\'say "hi"\' B="C:\\\\x"\n', ['ENV A="say \\"hi\\"" B="C:\\\\x"']),
        ("ENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc\n",
         ['ENV abc="hello"', 'ENV abc="bye" def="hello"', 'ENV ghi="bye"']),
        ("ARG V=1\nENV V=2\nRUN echo $V\n", ['ENV V="2"', "RUN echo $V"]),
        ("ARG V=1\nENV W=${V}\n", ['ENV W="1"']),
        ("ARG V=1\nRUN echo $V\nRUN true\n", ["RUN export V=1; \\\n    echo $V", "RUN true"]),
        ("ARG V\nRUN echo $V\n", ["RUN echo $V"]),
        ('ARG A=1 B="x y"\nLABEL a=$A b="$B"\n', ['LABEL a="1" b="x y"']),
        ('LABEL "com.example.a"="x" b\\\n=y\n', ['LABEL com.example.a="x" b="y"']),
        ("MAINTAINER Jane \"J\" Doe\n", ['LABEL maintainer="Jane J Doe"']),
        ("WORKDIR /opt/app\nWORKDIR a\nWORKDIR ../b/\n", [
            "RUN mkdir -p /opt/app", "WORKDIR /opt/app", "RUN mkdir -p /opt/app/a",
            "WORKDIR /opt/app/a", "RUN mkdir -p /opt/app/b", "WORKDIR /opt/app/b"]),
        ("WORKDIR /tmp\nWORKDIR /\n", ["WORKDIR /tmp", "WORKDIR /"]),
        ("USER app:staff\nRUN true\nUSER 0\nRUN true\n",
         ["USER app", "RUN true", "USER root", "RUN true"]),
        ("USER app\nWORKDIR /a\nRUN true\nWORKDIR /b\n", [
            "RUN mkdir -p /a", "WORKDIR /a", "USER app", "RUN true", "USER root",
            "RUN mkdir -p /b", "WORKDIR /b"]),
        ("VOLUME /a /tmp\nVOLUME [\"/b c\"]\n", ["RUN mkdir -p /a", "RUN mkdir -p '/b c'"]),
        ("EXPOSE 80\nSTOPSIGNAL 9\nHEALTHCHECK NONE\nONBUILD RUN x\nSHELL [\"/bin/sh\", \"-c\"]\n",
         []),
        # RUN
        ("RUN a \\\n  # why\n\n  b\n", ["RUN a \\\n  b"]),
        ("RUN --mount=type=cache,target=/x --network=none a\n", ["RUN a"]),
        ('RUN ["a b", "$c"]\n', ["RUN 'a b' '$c'"]),
        ("RUN [ -f x ]\n", ["RUN [ -f x ]"]),
        ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a\n',
         ["RUN /bin/bash -o pipefail -c a"]),
        ('SHELL ["/bin/bash", "-c"]\nRUN a \\\n  # why\n  && b \'c\'\n',
         [r"RUN /bin/bash -c 'a \
  && b '\''c'\'''"]),
        ('SHELL ["/bin/bash", "-c"]\nRUN a \\\n  # it\'s why\n  && b\n',
         ["RUN /bin/bash -c 'a   && b'"]),
        ('SHELL ["/bin/sh", "-ec"]\nRUN a\n', ["RUN set -e; \\\n    a"]),
        # CMD and ENTRYPOINT
        ('CMD a\nCMD ["b"]\n', ['CMD ["b"]']),
        ('CMD ["c"]\nENTRYPOINT ["a", "b"]\n', ['ENTRYPOINT ["a", "b", "c"]'.replace(", ", ",")]),
        ('ENTRYPOINT ["a"]\nCMD c $d\n', ['ENTRYPOINT ["a","/bin/sh","-c","c $d"]']),
        ('ENTRYPOINT a\nCMD ["c"]\n', ["ENTRYPOINT a"]),
        ('ENTRYPOINT ["a"]\nENTRYPOINT []\nCMD ["c"]\n', ['CMD ["c"]']),
        ("CMD ['a']\n", ['CMD ["/bin/sh","-c","[\'a\']"]']),
        # ADD and COPY
        ("ADD http://a.b/c.tgz /opt/\n", ["COPY http://a.b/c.tgz /opt"]),
        ("ADD http://a.b/c.tgz /opt/c.tgz\n", ["COPY http://a.b/c.tgz /opt"]),
        ("ADD http://a.b/c.tgz /srv/x/\n",
         ["RUN mkdir -p /srv/x", "COPY http://a.b/c.tgz /srv/x"]),
        ("ADD http://a.b/c.tgz /opt/d\n", ["RUN curl -fsSL -o /opt/d http://a.b/c.tgz"]),
        ("ADD --chmod=755 http://a.b/c?d /opt/\n", [
            "RUN curl -fsSL -o /opt/c 'http://a.b/c?d' && \\\n    chmod 755 /opt/c"]),
        ("WORKDIR /opt\nADD http://a.b/c.tgz .\n", ["WORKDIR /opt", "COPY http://a.b/c.tgz /opt"]),
        ("ADD git@github.com:a/b.git /opt/b\n", [
            "RUN git clone git@github.com:a/b.git /opt/b && \\\n    rm -rf /opt/b/.git"]),
        ("USER app\nADD http://a.b/c /opt/\nRUN true\n",
         ["COPY http://a.b/c /opt", "USER app", "RUN true"]),
        ("COPY <<E /etc/motd\nhi\nE\n", ["RUN printf '%s\\n' \\\n    'hi' \\\n    > /etc/motd"]),
    ],
)  # fmt: skip
def test_an_instruction_is_written_in_a_documented_form(text: str, expected: list[str]) -> None:
    assert commands(FROM + text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FROM debian:12\n", "multi-stage builds"),
        ("COPY --from=build /a /b\n", "no stages"),
        ("COPY a b\n", "--embed-files"),
        ("COPY a\n", "a source and a destination"),
        ("COPY --parents a b\n", "`--parents` cannot be converted"),
        ("ADD https://a.b /opt/\n", "has no file name"),
        ("ADD --checksum=md5:1 http://a.b/c /opt/\n", "`--checksum=md5:1` cannot be converted"),
        ("ADD https://a.b/c.git#main:sub /opt/c\n", "a repository's subdirectory"),
        ("RUN --mount=type=secret,id=x a\n", "--mount=type=secret"),
        ("RUN --mount=target=/x a\n", "--mount=type=bind"),
        ("RUN --frob a\n", "unknown flag `--frob`"),
        ("RUN\n", "RUN has no arguments"),
        ("RUN cat <<EOF\nabc\n", "the heredoc is not closed before the end of the file"),
        ("ENV A\n", '`A` has no value; use `A="<value>"`'),
        ("ENV 1=2\n", "`1` is not a valid variable name"),
        ("ENV A=${B\n", "missing `}`"),
        ("LABEL 'a b'=c\n", "`a b` is not a valid label name"),
        ("WORKDIR /a b\n", "one path without spaces"),
        ("USER a b\n", "USER takes one user name"),
        ("SHELL bash\n", "SHELL takes a JSON array"),
        ("RESTART\n", "`RESTART` is not a Dockerfile instruction"),
        ("RUM x\n", "`RUM x` is not a Dockerfile instruction"),
    ],
)
def test_what_cannot_be_converted_is_refused_at_its_place(text: str, words: str) -> None:
    result = converted(FROM + text)
    assert result.text is None
    refused = [note for note in result.notes if note.severity is Severity.ERROR]
    assert words in str(refused[0].message)
    assert refused[0].span.start >= len(FROM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ARG A\nARG B=1\n", [("differs", "A"), ("changed", "B=1")]),
        ("ENV A=$B C=$B\n", [("differs", "ENV A=$B C=$B")]),
        ("# c\nEXPOSE \\\n  80\n", [("dropped", "EXPOSE \\\n  80")]),
        ("LABEL a=1 \\\n  'b c'=2\n", [("rejected", "'b c'=2")]),
        ("RUN true\nCMD x\n", [("differs", "CMD x")]),
        ("USER 1000\nRUN true\n", [("differs", "USER 1000")]),
    ],
)
def test_a_note_stands_at_what_it_is_about(text: str, expected: list[tuple[str, str]]) -> None:
    assert notes(FROM + text) == expected


def test_comments_stay_where_they_are_and_directives_go() -> None:
    text = (
        f"# syntax=docker/dockerfile:1\n# escape=`\n# what it is\n\n{FROM}\n\n"
        "# the port\nEXPOSE 80\n\n# the rest\nRUN a `\n  # why\n  && b \\\n"
    )
    assert converted(text).text is None  # a backslash at the end of a text
    assert converted(text.replace("b \\", "b")).text == (
        "# what it is\n\nFROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n\n"
        "# the port\n\n# the rest\nRUN a \\\n  # why\n  && b\n"
    )


def test_no_note_shows_a_secret() -> None:
    text = FROM + "ARG NPM_TOKEN=hunter2hunter\nENV DB_PASSWORD s3cr3ts3cr3t\nRUM s3cr3ts3cr3t\n"
    shown = report(converted(text).notes, "full", Style())
    assert "****" in shown
    assert "hunter2" not in shown
    assert "s3cr3t" not in shown.replace("RUM s3cr3ts3cr3t", "")


def test_a_build_argument_that_no_arg_takes_is_told() -> None:
    assert notes(FROM + "ARG A=1\n", args={"B": "2", "HTTP_PROXY": "x"})[0] == ("differs", "")


@pytest.mark.parametrize("text", ["", "# nothing\n", "RUN true\n", "\0\udcff", "x" * 10])
def test_what_is_no_dockerfile_is_refused(text: str) -> None:
    assert converted(text).text is None


# --- embedding -----------------------------------------------------------------------------------


def test_files_that_do_not_fit_are_named_by_their_size(tmp_path: Path) -> None:
    for name, size in (("small", 3_000), ("middle", 6_000), ("big", 9_000)):
        (tmp_path / name).write_bytes(Random(size).randbytes(size))
    result = converted(FROM + "COPY . /opt/app\n", context=BuildContext(tmp_path))
    assert result.text is None
    message = str(result.notes[-1].message)
    assert "(limit: 16,384)" in message
    assert message.index("big (") < message.index("middle (") < message.index("small (")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("COPY missing /opt/\n", "`missing` does not exist next to the Dockerfile"),
        ("COPY many /opt/app\n", "cannot read `many`: it contains more than 1,000 files"),
        ("COPY large /opt/\n", "1,048,576 bytes"),
    ],
)
def test_files_that_cannot_be_embedded_are_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for name in range(1_001):
        (tmp_path / "many" / str(name)).touch()
    (tmp_path / "large").write_bytes(bytes(1 << 20))
    result = converted(FROM + text, context=BuildContext(tmp_path))
    assert result.text is None
    assert words in str(result.notes[-1].message)


# --- any text ------------------------------------------------------------------------------------

DOCKERFILE_FRAGMENTS = [
    *FRAGMENTS, "ARG A=", "$A", "${A:-", "}", "SHELL [\"/bin/bash\",\"-c\"]\n", "VOLUME /a",
    "EXPOSE 8", "--mount=type=cache ", "--chown=a ", "# escape=`\n", "`\n", "CMD [\"a\"]\n",
    "\nRUN ", "\nENV A=b ", "\nCOPY ", "\nWORKDIR ", "true", "http://a.b/c /d", "&& ", "*",
]  # fmt: skip

dockerfiles = st.lists(st.sampled_from(DOCKERFILE_FRAGMENTS) | st.characters(), max_size=25).map(
    lambda parts: FROM + "".join(parts)
)


@given(dockerfiles)
def test_any_text_becomes_a_template_without_errors_or_is_refused(text: str) -> None:
    result = converted(text)
    assert (result.text is None) == any(note.severity is Severity.ERROR for note in result.notes)
    for note in result.notes:
        if note.rule == CONVERSION:
            assert 0 <= note.span.start <= note.span.end <= len(text)
    if result.text is not None:
        found = buildlint.check(result.text)
        assert not [each for each in found if each.severity is Severity.ERROR]


# Whole lines and pieces of them: BuildKit's reader takes nearly all that they make up.
LINES = [
    "\\\n", "\\ \n", "# c\n", " ", "a", "\n", "\n\n", "\r\n", "&& ", "\t", "\nRUN x", "\nrun y",
    "\nRUN --mount=type=cache,target=/x y", "\nCOPY <<E /x\nq\nE\n", "\nADD <<'E' <<F /\nE\nf\nF\n",
    "\nRUN cat <<-'F G'\n\tz\n\tF G\n", "\nENV a=b", "\nONBUILD RUN x", '\nCMD ["a", "b"]',
    "\nARG A=1", "\nHEALTHCHECK --interval=3s CMD x",
]  # fmt: skip


def seen_alike(text: str) -> None:
    expected = dockerfile.parse_string(text)
    steps = read(text).steps
    assert [step.keyword for step in steps] == [(each.cmd or "").upper() for each in expected]
    assert [list(step.flags) for step in steps] == [list(each.flags) for each in expected]
    for step, each in zip(steps, expected, strict=True):
        # BuildKit takes tabs off later; the binding shows nothing of ONBUILD.
        ours = [(one.name, "".join(f"{line}\n" for line in one.lines)) for one in step.documents]
        theirs = [
            (
                one.name,
                re.sub(
                    "^\t+" if "<<-" in step.text else "\r$", "", one.content, flags=re.MULTILINE
                ),
            )
            for one in each.heredocs
        ]
        assert ours == theirs or step.keyword == "ONBUILD"
        if step.keyword == "RUN":
            assert (step.strings or [step.text]) == list(each.value)


@given(st.lists(st.sampled_from(LINES), max_size=9), st.sampled_from("\\`"))
def test_instructions_of_any_file_are_seen_as_docker_sees_them(
    parts: list[str], escape: str
) -> None:
    text = "".join([f"# escape={escape}\nFROM a", *parts])
    with suppress(dockerfile.GoParseError):
        seen_alike(text.replace("\\", escape) if escape == "`" else text)


REALISTIC = sorted((FIXTURES / "convert").glob("*.Dockerfile"))


@pytest.mark.parametrize("path", REALISTIC, ids=lambda path: path.stem)
def test_instructions_are_seen_as_docker_sees_them(path: Path) -> None:
    seen_alike(path.read_bytes().decode())
