"""Files that cannot be read, or are something else: one flaw at its place, or silence."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.hosted import Found
from buildlint.hosts.stacks import find
from buildlint.hosts.surroundings import Surroundings
from buildlint.text.source import MAX_FILE_BYTES, Source, decode
from tests.hosts.stacks.written import HOSTS, PULUMI_YAML, ROS_YAML, in_json, in_yaml, loaded

ROS = ROS_YAML.replace("CONTENT", "RUN true")
PULUMI = PULUMI_YAML.replace("CONTENT", "RUN true")
JSON = in_json("RUN true", "ros")


def found_in(text: str, path: str = "stack.yaml") -> Found:
    return find(Source(path, text), Surroundings())


def flaws(text: str, path: str = "stack.yaml") -> list[tuple[str, str]]:
    """What is wrong with a file: the text at each place, and what is said of it."""
    return [(text[slice(*each.span)], str(each.message)) for each in found_in(text, path).flaws]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (ROS.replace("      Image", "\tImage"), "\t", "a tab in the indentation; use spaces"),
        (ROS.replace("Name: web", 'Name: "web'), '"', "the string is not closed"),
        (ROS.replace("镜像", "镜\udcff"), "\udcff", "not UTF-8"),
        (ROS.replace("镜像", "\x07"), "\x07", "`U+0007` is not allowed in YAML"),
        (ROS.replace("RUN true", "*text"), "*text", "`*text` has no anchor before it"),
        (ROS.replace("RUN true", "[" * 70 + "]" * 70), "[", "nested too deeply"),
        (PULUMI.replace("  web:", "  web"), ":", "`:` is not allowed here"),
        ("\ufeff" + ROS.replace("      Image", "\tImage"), "\t", "a tab in the indentation"),
        (ROS.replace("\n", "\r\n").replace("Outputs:", "Outputs"), "O", "the key has no `:`"),
    ],
)
def test_a_stack_that_cannot_be_read_is_told_once(text: str, place: str, message: str) -> None:
    ((where, said),) = flaws(text)
    assert message in said
    assert where == place
    assert found_in(text).resources == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('"RUN true",', '"RUN true"', '"', "expected `,` or the end of the list or object"),
        ('"RUN true",', '"RUN \\x",', "\\", "not an escape sequence"),
        ("\n}", "\n", "", "expected `,` or the end of the list or object"),
        ('"RUN true"', "[" * 70 + "]" * 70, "[", "nested too deeply"),
        ('"RUN true"', "9" * 400, "9", "a number has too many digits"),
        ('"RUN true"', '"\udcff"', "\udcff", "not UTF-8"),
    ],
)
def test_json_that_cannot_be_read_is_told_once(
    old: str, new: str, place: str, message: str
) -> None:
    text = JSON.replace(old, new, 1) if old != "\n}" else JSON[:-2]
    ((where, said),) = flaws(text, "stack.json")
    assert message in said
    assert where == place


def test_a_file_that_is_too_large_is_told_at_its_beginning() -> None:
    large = decode((ROS + "#" * MAX_FILE_BYTES).encode(), "stack.yaml")
    assert large.is_truncated
    (flaw,) = find(large, Surroundings()).flaws
    assert str(flaw.message) == "larger than 1 MiB; split the file"
    assert large.text[slice(*flaw.span)] == ROS.split("\n")[0]
    other = decode(
        ("# ALIYUN::ECS::ImagePipeline\n" + "a: 1\n" * MAX_FILE_BYTES).encode(), "a.yaml"
    )
    assert find(other, Surroundings()) == Found()


# --- keys that are repeated ----------------------------------------------------------------------


def test_a_key_is_repeated_in_a_resource() -> None:
    text = ROS.replace("      ImageName", "      BuildContent: RUN b\n      ImageName")
    ((place, said),) = flaws(text)
    assert (place, said) == (
        "BuildContent",
        "`BuildContent` is already set on line 7; remove one of them",
    )
    (resource,) = found_in(text).resources
    assert resource.text
    assert resource.text.text == "RUN b"


def test_a_key_is_repeated_in_a_resource_in_json() -> None:
    text = JSON.replace('"ImageName"', '"BuildContent": "RUN b", "ImageName"')
    ((place, said),) = flaws(text, "stack.json")
    assert (place, said) == (
        '"BuildContent"',
        "`BuildContent` is already set on line 7; remove one of them",
    )
    (resource,) = found_in(text, "stack.json").resources
    assert resource.text
    assert resource.text.text == "RUN b"


def test_a_resource_that_is_declared_again_is_repeated() -> None:
    assert [place for place, _ in flaws(f"{ROS}".replace("Outputs", "  Web: {}\nOutputs"))] == []
    again = "  Web: {Type: 'ALIYUN::ECS::ImagePipeline'}\nOutputs"
    assert [place for place, _ in flaws(ROS.replace("Outputs", again))] == ["Web"]


def test_keys_are_repeated_elsewhere_in_silence() -> None:
    assert flaws(ROS + "A: 1\nA: 2\n") == []
    assert flaws(JSON.replace('"Resources"', '"A": 1, "A": 2, "Resources"'), "stack.json") == []


# --- what is something else ----------------------------------------------------------------------

KUBERNETES = """\
apiVersion: v1
kind: ConfigMap
data:
  stack: |
    ROSTemplateFormatVersion: '2015-09-01'
    Resources:
      Web:
        Type: ALIYUN::ECS::ImagePipeline
"""
WORKFLOW = """\
on: push
jobs:
  a:
    steps:
      - run: |
          cat > a.yml <<EOF
          ROSTemplateFormatVersion: '2015-09-01'
          Type: ALIYUN::ECS::ImagePipeline
          EOF
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# ALIYUN::ECS::ImagePipeline\n",
        "ALIYUN::ECS::ImagePipeline",
        "- ALIYUN::ECS::ImagePipeline",
        "Resources: ALIYUN::ECS::ImagePipeline",
        "Resources: [Type: ALIYUN::ECS::ImagePipeline]",
        "Resources: {A: {Type: ALIYUN::ECS::Instance}} # ALIYUN::ECS::ImagePipeline",
        "Resources: {A: !Other {Type: x}, 1: {Type: [ALIYUN::ECS::ImagePipeline]}, ? [a] : b}",
        KUBERNETES,
        WORKFLOW,
        # broken, but none of ours or nobody knows
        KUBERNETES + "\t- a: b: c\n",
        WORKFLOW + "\t- a: b: c\n",
        "a: b: c # Type: ALIYUN::ECS::ImagePipeline",
        f"{ROS}---\n{ROS}",
        f"# c\n---\n{ROS}---\na: b: c\n",
        f"{ROS}---\nkind: x\n",
        ROS.replace("RUN true", "{{ .Values.content }}\n{{- if x }}"),
        ROS.replace("RUN true", "{% if x %}"),
        "ROSTemplateFormatVersion: '2015-09-01'\na: b: c\n",
        "resources:\n  a: b: c # alicloud:ecs:EcsImagePipeline\n",
        PULUMI.replace("    type: alicloud:ecs:EcsImagePipeline", "    type: [b: c"),
    ],
)
def test_other_files_are_passed_over_in_silence(text: str) -> None:
    assert found_in(text) == Found()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '"ALIYUN::ECS::ImagePipeline"',
        "{not json ALIYUN::ECS::ImagePipeline",
        '{"Resources": {"A": {"Type": "ALIYUN::ECS::Instance"}}}',
        '{"Type": "ALIYUN::ECS::ImagePipeline",}',
        "// comment\n" + '{"a": "ALIYUN::ECS::ImagePipeline"}',
    ],
)
def test_other_json_is_passed_over_in_silence(text: str) -> None:
    assert found_in(text, "a.json") == Found()


def test_a_mark_at_the_top_makes_no_second_document() -> None:
    broken = ROS.replace("Outputs:", "Outputs")
    assert len(flaws(f"# ROS\n\n---\n{broken}")) == 1
    assert len(found_in(f"---\n{ROS}").resources) == 1


# --- whoever wrote it ----------------------------------------------------------------------------


def noise(base: str) -> st.SearchStrategy[str]:
    """Stacks with some characters changed."""
    signs = st.sampled_from(
        [*"{}[],:-|>&*!#'\"\t\n\r ", "\ufeff", "\udcff", "Fn::Sub", "<<: ", "${"]
    )
    edits = st.lists(st.tuples(st.integers(0, len(base)), st.integers(0, 3), signs), max_size=4)

    def edited(changes: list[tuple[int, int, str]]) -> str:
        text = base
        for place, length, sign in changes:
            text = text[:place] + sign + text[place + length :]
        return text

    return edits.map(edited)


SOUND = "!Sub ['RUN ${A} ${!B}', {A: &a {Fn::Join: ['', [x, !Ref Y]]}, C: *a}]"


@given(noise(ROS_YAML.replace("CONTENT", SOUND)) | noise(PULUMI))
def test_no_yaml_makes_it_fail(text: str) -> None:
    found = found_in(text)
    for flaw in found.flaws:
        assert 0 <= flaw.span.start <= flaw.span.end <= len(text)
    for each in found.resources:
        each.request()
        assert each.text is None or len(each.text.text) >= 0


@given(noise(in_json("RUN a", "Fn::Sub")))
def test_no_json_makes_it_fail(text: str) -> None:
    found = found_in(text, "a.json")
    for flaw in found.flaws:
        assert 0 <= flaw.span.start <= flaw.span.end <= len(text)
    for each in found.resources:
        each.request()


def _joined(item: str, count: int) -> str:
    return f"!Join ['', [{', '.join([item] * count)}]]"


BOMBS = {
    "aliases": "&a [x, x]\n"
    + "\n".join(f"      A{n}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(25)),
    "separators": f"!Join [{'x' * 100_000}, [{'a, ' * 20_000}]]",
    "names": f"!Sub ['{'${A}' * 40_000}', {{A: {'x' * 100_000}}}]",
    "nested": f"!Sub ['{'${A}' * 1000}', {{A: !Sub ['{'${B}' * 1000}', {{B: {'x' * 1000}}}]}}]",
    "calls": f"{'{Fn::Join: [a, [' * 30}b{']]}' * 30}",
    "open": f"!Sub '{'${' * 200_000}'",
    "escapes": f"!Sub '{'${!' * 80_000}}}'",
}


@pytest.mark.parametrize("value", BOMBS.values(), ids=BOMBS)
def test_what_repeats_itself_takes_bounded_time_and_memory(value: str) -> None:
    text = ROS_YAML.replace("CONTENT", value)
    assert len(text) < MAX_FILE_BYTES
    start = time.perf_counter()
    tracemalloc.start()
    try:
        found = found_in(text)
        assert len(found.resources) + len(found.flaws) == 1
        for each in found.resources:
            assert each.text
            assert len(each.text.text) <= 10 * MAX_FILE_BYTES
        assert tracemalloc.get_traced_memory()[1] < 400 * MAX_FILE_BYTES
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - start < 60


def test_variables_that_repeat_one_another_are_bounded() -> None:
    variables = "".join(f"  a{n}: '${{a{n + 1}}}${{a{n + 1}}}'\n" for n in range(40))
    text = f"variables:\n{variables}  a40: xxxxxxxx\n{PULUMI.replace('RUN true', '${a0}')}"
    (resource,) = found_in(text).resources
    assert resource.text
    assert len(resource.text.text) <= 10 * MAX_FILE_BYTES


def test_a_long_chain_of_variables_is_unknown() -> None:
    variables = "".join(f"  a{n}: 'x${{a{n + 1}}}'\n" for n in range(5_000))
    text = f"variables:\n{variables}  a5000: x\n{PULUMI.replace('RUN true', '${a0}')}"
    (resource,) = found_in(text).resources
    assert resource.text
    assert resource.text.unknown


def test_an_alias_bomb_is_refused() -> None:
    text = ROS_YAML.replace("CONTENT", BOMBS["aliases"])
    ((place, said),) = flaws(text)
    assert said.endswith("repeats too much; remove aliases")
    assert place.startswith("*")


@pytest.mark.parametrize("host", HOSTS)
def test_the_files_of_these_tests_are_what_their_libraries_read(host: str) -> None:
    assert loaded(in_json("RUN a", host))
    assert loaded(in_yaml("RUN a", host, "json") or "")
