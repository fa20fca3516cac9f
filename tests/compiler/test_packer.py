"""Packing: what is joined and compressed, in which order, and what is left alone."""

import gzip
import re
from base64 import b64decode
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buildlint
from buildlint import CompileError, parse
from buildlint.compiler.packer import Packed, Size, described, pack
from buildlint.compiler.pipeline import compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.service import effective
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES
from buildlint.service.request import from_mapping
from buildlint.shell import reader
from buildlint.text.diagnostics import Severity
from buildlint.text.source import Source
from tests.shell.shell_texts import script_template
from tests.strategies import commands, laid_out

REQUEST = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
}
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
MANY_BYTES = 1 << 30
MANY_COMMANDS = 1 << 30


def packed(text: str, limits: Size) -> Packed:
    return pack(effective.content(parse(text), None), limits)


def joined(text: str, count: int) -> list[Sequence[int]]:
    """Which RUNs are joined to have so many commands: the numbers of their lines, FROM's is 1."""
    source = Source("x", FROM + text)
    result = packed(source.text, Size(count, MANY_BYTES))
    return [
        [source.position(run.span.start).line for run in change.runs] for change in result.changes
    ]


def runs(*texts: str) -> str:
    return "".join(f"RUN {text}\n" for text in texts)


def notes(text: str, limits: Size) -> list[str]:
    return [str(each) for each in described(packed(text, limits), Source("x", text))]


# --- joining -------------------------------------------------------------------------------------


def test_what_fits_is_left_as_it_is() -> None:
    text = FROM + runs("echo a", "echo b")
    result = packed(text, Size(3, 100))
    assert result.text == effective.content(parse(text), None).text
    assert result.fits
    assert result.changes == ()
    assert result.before == result.after == Size(3, len(result.text))


def test_two_runs_become_one_that_runs_each_text_in_a_subshell() -> None:
    result = packed(FROM + runs("echo 'a'", "echo b && \\\n  echo c"), Size(2, MANY_BYTES))
    assert result.text == (
        FROM + "RUN set -- 'echo '\\''a'\\''' 'echo b && \\\n  echo c';"
        'while [ $# != 0 ];do [ . -ef "$PWD" ]||cd "$PWD"||:;(eval "shift $#;$1");'
        "case $? in 0);;*)exit;;esac;shift;done"
    )


def test_as_few_are_joined_as_make_it_fit() -> None:
    text = runs("echo aa", "echo aaa", "echo a", "echo a", "echo aaaaaa")
    assert joined(text, 6) == []
    assert joined(text, 5) == [[4, 5]]
    assert joined(text, 4) == [[2, 3], [4, 5]]
    assert joined(text, 3) == [[2, 3], [4, 5, 6]]
    assert joined(text, 2) == [[2, 3, 4, 5, 6]]


def test_those_that_are_soon_done_share_a_step_before_those_that_may_take_long() -> None:
    text = runs("make", "yum install -y x", "mkdir -p /opt/a/long/path", "echo b > /opt/a/file")
    assert joined(text, 4) == [[4, 5]]
    assert joined(text, 3) == [[3, 4, 5]]
    assert joined(text, 2) == [[2, 3, 4, 5]]


def test_a_from_that_is_put_in_counts() -> None:
    text = runs("echo a", "echo b")
    assert packed(text, Size(2, MANY_BYTES)).after.commands == 2
    with_from = pack(effective.content(parse(text), from_mapping(REQUEST)), Size(2, MANY_BYTES))
    assert with_from.after.commands == 2
    assert with_from.text.startswith(f"{FROM}RUN set -- ")


@pytest.mark.parametrize(
    "command",
    ['ENV A="1"', "WORKDIR /a", "USER a", "COPY /a /b", "RESTART", 'RUN ["a"]', 'LABEL a="b"'],
)
def test_runs_with_a_command_between_them_are_not_joined(command: str) -> None:
    assert joined(f"RUN echo a\n{command}\nRUN echo b\n", 1) == []


def test_runs_with_only_comments_between_them_are() -> None:
    assert joined("RUN echo a\n\n# why\nRUN echo b\n", 2) == [[2, 5]]


@pytest.mark.parametrize(
    "text",
    [
        "sleep 1 &",
        "sleep 1 & wait",
        "nohup x",
        "tee >(cat)",
        "echo $$",
        "echo ${$}",
        "echo $0",
        "echo $_",
        "echo $BASHPID",
        "kill $PPID",
        "echo ${SHLVL}",
        "break",
        "for i in a; do break 2; done",
        "if true; then",
        "echo 'a",
        "echo a )",
    ],
)
def test_texts_that_could_tell_or_do_not_parse_are_left_alone(text: str) -> None:
    assert joined(runs("echo a", text, "echo b"), 1) == []


@pytest.mark.parametrize(
    "text",
    [
        "a && b || c 2>&1 | d",
        "x &> y; a |& b",
        "echo $_x",
        "for i in 1 2; do a && break; done",
        "echo PPIDS",
        "echo a # & not",
    ],
)
def test_near_misses_are_joined(text: str) -> None:
    expected = [] if "# &" in text else [[2, 3, 4]]
    assert joined(runs("echo a", text, "echo b"), 2) == expected


@pytest.mark.parametrize(
    "text",
    [
        "echo 'export A=1' > /etc/profile.d/a.sh",
        "echo A=1 >> /etc/environment",
        "echo 'alias a=b' >> ~/.bashrc",
        "usermod -aG docker app",
        "reboot",
        "shutdown -r now",
        "init 6",
        "systemctl restart aliyun.service",
    ],
)
def test_nothing_is_joined_behind_what_changes_how_a_step_starts(text: str) -> None:
    assert joined(runs("echo a", text, "echo b"), 1) == [[2, 3]]


@pytest.mark.parametrize(
    "text", ["cloud-init clean", "curl -O https://mirrors.aliyun.com/a", "useradd app"]
)
def test_near_misses_of_that_are_joined_on_both_sides(text: str) -> None:
    assert joined(runs("echo a", text, "echo b"), 2) == [[2, 3, 4]]


def test_without_the_grammar_of_bash_nothing_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_available", lambda: False)
    text = FROM + runs("echo a", f"echo {'b' * 500}")
    result = packed(text, Size(1, 1))
    assert (result.fits, result.changes) == (False, ())
    assert result.text == effective.content(parse(text), None).text


# --- compressing ---------------------------------------------------------------------------------


def unpacked(command: str) -> str:
    """What a compressed RUN carries."""
    match = re.search(r"echo ([\w+/=]+)\|base64 -d\|gzip -d\).* = (\d+) \]", command)
    assert match
    content = gzip.decompress(b64decode(match[1]))
    assert len(content) == int(match[2])
    return content.decode()


def test_the_largest_is_compressed_first_and_no_more_than_it_takes() -> None:
    text = FROM + runs(f"echo {'甲' * 300}", f"echo {'b' * 400}", f"echo {'c' * 100}")
    first = packed(text, Size(4, 1_000))
    assert [len(change.runs) for change in first.changes] == [1]
    lines = first.text.splitlines()
    assert unpacked(lines[1]) == f"echo {'甲' * 300}"
    assert lines[2:] == text.splitlines()[2:]
    assert first.changes[0].length_before == len(f"RUN echo {'甲' * 300}".encode())
    assert first.changes[0].length_after == len(lines[1])
    both = packed(text, Size(4, 600))
    assert [unpacked(line) for line in both.text.splitlines()[1:3]] == [
        f"echo {'甲' * 300}",
        f"echo {'b' * 400}",
    ]
    assert both.fits


def test_a_text_on_several_lines_is_carried_as_the_shell_gets_it() -> None:
    text = f"{FROM}RUN echo 'a \\\n# no\n  {'b' * 500}' && \\\n  echo c\n"
    result = packed(text, Size(2, 300))
    assert unpacked(result.text.splitlines()[1]) == f"echo 'a   {'b' * 500}' &&   echo c"


def test_what_would_not_get_shorter_is_not_compressed() -> None:
    text = FROM + runs("echo a")
    result = packed(text, Size(2, 10))
    assert (result.fits, result.changes, result.text) == (False, (), text.rstrip())


def test_small_runs_are_joined_to_be_compressed_together() -> None:
    text = FROM + runs(*(f"echo 'step {i}' >> /var/log/build.log" for i in range(30)))
    result = packed(text, Size(40, 800))
    assert result.fits
    assert any(change.is_compressed and len(change.runs) > 1 for change in result.changes)


def test_the_bytes_are_the_same_everywhere() -> None:
    """The header holds no time and no system; the rest is zlib's."""
    result = packed(FROM + runs(f"echo {'b' * 500}"), Size(2, 300))
    assert result.text.splitlines()[1].startswith('RUN set -- "$(echo H4sIAAAAAAAC/')


# --- the whole -----------------------------------------------------------------------------------


@given(script_template(), st.integers(0, 6), st.sampled_from([0, 300, MANY_BYTES]))
def test_what_is_packed_is_a_template_of_its_own(text: str, count: int, length: int) -> None:
    result = packed(text, Size(count, length))
    template = parse(result.text)
    again = effective.content(template, None)
    assert again.text == result.text
    assert result.after == Size(again.command_count, again.size)
    assert not any(each.severity is Severity.ERROR for each in buildlint.check(result.text))
    assert result == packed(text, Size(count, length))


@given(commands.flatmap(laid_out))
def test_a_content_within_the_limits_compiles_to_the_same(text: str) -> None:
    plain, result = (buildlint.compile(text, REQUEST, pack=pack) for pack in (False, True))
    assert result == plain
    assert plain.packed is None
    assert result.packed
    assert result.packed.changes == ()


MANY = runs(*(f"echo {number} >> /var/log/build.log" for number in range(200)))
LONG = runs(f"echo {'一二三四' * 1_000}", f"echo {'x' * 6_000} > /opt/x")


@pytest.mark.parametrize("text", [MANY, LONG, MANY + LONG], ids=["many", "long", "both"])
def test_a_content_over_a_limit_compiles_to_one_that_fits(text: str) -> None:
    with pytest.raises(CompileError):
        buildlint.compile(text, REQUEST)
    compiled = buildlint.compile(text, REQUEST, pack=True)
    content = effective.content(parse(compiled.build_content), None)
    assert content.command_count <= MAX_COMMANDS
    assert content.size <= MAX_CONTENT_BYTES
    assert buildlint.compile(compiled.build_content, compiled.parameters) == compiled


def test_the_number_of_commands_is_kept_as_high_as_can_be() -> None:
    compiled = buildlint.compile(MANY, REQUEST, pack=True)
    assert compiled.packed
    assert compiled.packed.after.commands == MAX_COMMANDS


def test_where_packing_is_not_enough_the_errors_stay() -> None:
    text = runs("true") + 'ENV A="1"\nRUN true\n' * 100
    with pytest.raises(CompileError) as caught:
        buildlint.compile(text, REQUEST, pack=True)
    errors = [each for each in caught.value.diagnostics if each.severity is Severity.ERROR]
    assert [each.rule for each in errors] == ["BL102"]
    assert caught.value.packed
    assert not caught.value.packed.fits


def test_packing_leaves_every_diagnostic_but_those_of_the_limits() -> None:
    text = "RUN apt-get install nginx\n" + MANY
    _, diagnostics = compile_files(Pipeline(Source("x", text), from_mapping(REQUEST)), packs=True)
    found = {each.rule for each in buildlint.check(text, REQUEST)}
    assert found == {"BL102", "BL510"}
    assert [each.rule for each in diagnostics] == ["BL510"]


def test_a_source_is_packed_only_where_that_is_asked_for() -> None:
    with pytest.raises(CompileError):
        compile_files(Pipeline(Source("x", MANY), from_mapping(REQUEST)))


def test_values_of_wrong_types_are_not_packed_even_if_their_errors_are_ignored() -> None:
    request = from_mapping({**REQUEST, "SystemDiskSize": "40"})
    policy = Policy(REGISTRY.select(ignore=["BL4"]))
    with pytest.raises(CompileError) as caught:
        compile_files(Pipeline(Source("x", MANY), request), policy, packs=True)
    assert "BL409" in {each.rule for each in caught.value.diagnostics}


def test_other_errors_are_told_of_with_their_places() -> None:
    text = MANY + "RESTART now\n"
    with pytest.raises(CompileError) as caught:
        buildlint.compile(text, REQUEST, pack=True)
    errors = [each for each in caught.value.diagnostics if each.severity is Severity.ERROR]
    assert [(each.rule, text[slice(*each.span)]) for each in errors] == [
        ("BL102", "RUN"),
        ("BL305", "now"),
    ]
    assert caught.value.packed is None


def test_a_file_full_of_runs_is_packed_in_a_few_rounds() -> None:
    assert packed(runs("true") * 20_000, Size(MAX_COMMANDS, MAX_CONTENT_BYTES)).fits


# --- what is said --------------------------------------------------------------------------------


def test_nothing_to_pack_is_said() -> None:
    assert notes(FROM + runs("echo a"), Size(2, 100)) == [
        "nothing to pack: 2 commands and 44 bytes are within the limits"
    ]


def test_what_was_joined_and_compressed_is_said_with_lines_of_the_template() -> None:
    text = f"{FROM}# c\n{runs('echo a', 'echo b')}WORKDIR /x\nRUN echo \\\n  {'y' * 999}\n"
    limits = Size(4, 600)
    result = packed(text, limits)
    assert notes(text, limits) == [
        f"packed 5 commands into 4, 1,079 bytes into {result.after.length}",
        "joined 2 RUNs in lines 3 to 4",
        f"compressed the RUN in line 6: 1,012 to {result.changes[1].length_after} bytes",
        "joined RUNs share the 600 seconds of one step",
    ]


def test_runs_that_were_joined_and_compressed_are_said_once() -> None:
    text = FROM + runs(f"echo {'y' * 400}", f"echo {'z' * 400}")
    limits = Size(2, 600)
    (change,) = packed(text, limits).changes
    assert notes(text, limits)[1] == (
        "joined and compressed 2 RUNs in lines 2 to 3: "
        f"{change.length_before} to {change.length_after} bytes"
    )


def test_that_packing_is_not_enough_is_said() -> None:
    assert notes(FROM + runs("echo a"), Size(1, 100)) == [
        "packing is not enough: 2 of 127 commands and 44 of 16,384 bytes remain"
    ]
