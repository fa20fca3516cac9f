"""What no terminal, log or reader of a format may get: characters that act, or hide what is there.

They come in file names, templates, requests, Dockerfiles, configurations, arguments and answers of
the service. What is a file itself is left out: the texts that --fix, format, convert and some
formats of compile write carry what was in them.
"""

import json
import os
import re
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from buildlint.cli import cli
from buildlint.compiler.emitters import FORMATS as EMITTERS
from buildlint.convert import Options, convert
from buildlint.files import streams
from buildlint.files.config import Config
from buildlint.files.streams import as_shown
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import lint
from buildlint.lint.reporters import FORMATS as REPORTERS
from buildlint.lint.reporters import Style, report
from buildlint.lint.rules import REGISTRY
from buildlint.plan import FORMATS as PLANS
from buildlint.plan import render
from buildlint.plan.model import make
from buildlint.server.actions import code_actions
from buildlint.server.checking import check
from buildlint.server.documents import Documents
from buildlint.server.hover import hover
from buildlint.server.outline import symbols
from buildlint.server.publishing import published
from buildlint.service.request import load
from buildlint.text import jsontext
from buildlint.text.messages import N_, Message, printable, printable_lines
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.rehearse.conftest import engine_in
from tests.rehearse.rehearsing import BARE, step
from tests.service.local import Service, error

CONTROLS = "".join(map(chr, (*range(1, 0x20), *range(0x7F, 0xA0))))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u1160\u180e\u3164\uffa0\U000e0041"
SEPARATORS = "\u2028\u2029"
BYTES = "\udc80\udcff"
HIDDEN = CONTROLS + BIDI + ZERO_WIDTH + SEPARATORS + "\ufffe\uffff"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# One of each kind, as an attacker would use them, and what is obeyed in logs.
NASTY = "a\x1b]0;t\x07\x1b[2J\r\x9b1m\x7f\x85b" + BIDI + ZERO_WIDTH + SEPARATORS
LOG = "::error::x##[error]y##vso[task.x]%0A::z"


def hidden(text: str) -> list[str]:
    """The characters of an output that it must not have."""
    bad = set(ZERO_WIDTH)
    return [
        f"U+{ord(each):04X}"
        for each in text
        if each != "\n"
        and (unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") or each in bad)
    ]


def output(result: Result) -> str:
    """Both outputs: their bytes are UTF-8."""
    return result.stdout_bytes.decode() + result.stderr_bytes.decode()


def run(*arguments: str, stdin: str | bytes | None = None) -> str:
    """Run a command; return what it has written: nothing is hidden, nothing obeyed by a log."""
    text = output(CliRunner().invoke(cli, arguments, input=stdin, catch_exceptions=False))
    assert hidden(text) == []
    if "github" not in arguments and "html" not in arguments:
        assert not re.search(r"(?m)^[^\S\n]*::[a-z-]+[ :]", text)
    return text


# --- the one place -------------------------------------------------------------------------------


@given(st.text(st.characters() | st.sampled_from(HIDDEN + BYTES)))
def test_a_printable_text_hides_nothing_and_is_kept(text: str) -> None:
    shown = printable(text)
    assert hidden(shown) == []
    assert "\n" not in shown
    assert printable(shown) == shown
    assert str(Message(N_("{a}"), {"a": text})) == shown
    kept = "".join(
        each for each in text if each == "\u3000" or (each.isprintable() and each not in ZERO_WIDTH)
    )
    assert all(each in shown for each in kept)


@given(st.text(st.characters() | st.sampled_from(HIDDEN + BYTES)))
def test_lines_of_a_report_hide_nothing(text: str) -> None:
    assert hidden(printable_lines(text).replace("\t", "")) == []
    assert hidden(COLOUR.sub("", printable_lines(text, colour=True)).replace("\t", "")) == []
    assert printable_lines(text).count("\n") == text.count("\n")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters() | st.sampled_from(HIDDEN)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.sampled_from(HIDDEN + "#[a"), max_size=5), inner)
    ),
    max_leaves=8,
)


@given(values)
def test_json_is_the_same_data_and_hides_nothing(value: object) -> None:
    for indent in (None, 2):
        text = jsontext.dumps(value, indent)
        assert hidden(text) == []
        assert json.loads(text) == json.loads(json.dumps(value))
    assert "\n" not in jsontext.dumps(value, None)


def test_json_is_readable() -> None:
    assert jsontext.dumps({"中": "文😀\u3000\u202e\U000e0041"}, None) == (
        '{"中": "文😀\u3000\\u202e\\udb40\\udc41"}'
    )


def test_no_log_obeys_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a ##[group]b ##vso[c] ##teamcity[d] ## e\n::1 localhost\n"
    for name in ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"):
        monkeypatch.delenv(name, raising=False)
    assert as_shown(text) == text
    assert as_shown("\x1b[1ma\x1b[0m", colour=True) == "\x1b[1ma\x1b[0m"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert as_shown(text) == "a # #[group]b # #vso[c] # #teamcity[d] ## e\n::1 localhost\n"
    commands = "::error::x\n\n  ::add-mask::x\n\t::error file=x::y\na::error::b\n"
    assert as_shown(commands) == (
        ": :error::x\n\n  : :add-mask::x\n\t: :error file=x::y\na::error::b\n"
    )
    assert "##[" not in jsontext.dumps("##[group]##vso[x]")
    found = lint(Source("##[group]", "RUM ##[group]\n"), None)
    assert "##[" not in report(found, "junit", Style())


# --- what is found in templates ------------------------------------------------------------------

EXAMPLES = sorted({rule.bad for rule in REGISTRY.rules.values()}, key=str)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str | None]:
    """The bad example of a rule, with hidden characters in it, also in its request."""
    example = draw(st.sampled_from(EXAMPLES))
    text = example.template[:2000]
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        text = (
            text[:place]
            + draw(st.text(st.sampled_from(HIDDEN + BYTES + LOG), max_size=4))
            + text[place:]
        )
    return text, example.request


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spoilt())
def test_no_report_hides_anything(example: tuple[str, str | None]) -> None:
    text, request = example
    source = Source(f"dir/{NASTY}.buildcontent", text)
    loaded = load(Source("x.request.toml", request)) if request else None
    found = lint(source, loaded)
    for output_format in (*REPORTERS, "statistics"):
        written = report(found, output_format, Style())
        if output_format not in ("json", "rdjsonl"):
            written.encode()  # these write lone surrogates as JSON does
        assert hidden(written) == []
        if output_format in ("json", "gitlab", "sarif"):
            json.loads(written)
        elif output_format == "junit":
            ET.fromstring(written.encode())
        elif output_format == "github":
            assert all(line.startswith("::") for line in written.splitlines())
    made = make(Pipeline(source, loaded))
    for output_format in PLANS:
        assert hidden(render(made, output_format, width=80)) == []
    coloured = report(found, "full", Style(colour=True)) + render(
        made, "text", colour=True, width=80
    )
    assert hidden(COLOUR.sub("", coloured)) == []


@settings(deadline=None)
@given(spoilt())
def test_no_note_of_a_conversion_hides_anything(example: tuple[str, str | None]) -> None:
    text = re.sub("^FROM .*", "FROM ubuntu:22.04", example[0], flags=re.IGNORECASE | re.MULTILINE)
    options = Options(args={NASTY: NASTY, "A": NASTY})
    for written in (text, f"{text}\nARG A\nENV $A=$A\nLABEL $A=x\nUSER $A\nEXPOSE $A\n$A $A\n"):
        notes = convert(Source(NASTY, written), options).notes
        for output_format in ("full", "concise", "json"):
            assert hidden(report(notes, output_format, Style())) == []


@settings(deadline=None)
@given(spoilt())
def test_an_editor_is_told_nothing_hidden(example: tuple[str, str | None]) -> None:
    text, _ = example
    documents = Documents()
    opened = documents.open(types.TextDocumentItem("file:///n/web.buildcontent", "", 1, text))
    checked = check(opened, documents, Config())
    told = [each.message for each in published(checked, opened)]
    everywhere = opened.range(Span(0, len(text)))
    context = types.CodeActionContext([])
    identifier = types.TextDocumentIdentifier(opened.uri)
    params = types.CodeActionParams(identifier, everywhere, context)
    told += [each.title for each in code_actions(checked, opened, params)]
    told += [each.name + (each.detail or "") for each in symbols(opened, checked.tree)]
    for instruction in checked.tree.instructions:
        if found := hover(checked, opened, opened.position(instruction.keyword.span.start)):
            told.append(str(getattr(found.contents, "value", "")))
    assert hidden("".join(told)) == []


# --- names, requests, configurations, arguments --------------------------------------------------

NAME = NASTY.replace("\0", "") + LOG
TEMPLATE = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRESTART now\nrun true\n"
BAD_REQUESTS = {
    "broken.json": f'{{"{NASTY}": ',
    "unknown.json": json.dumps({NASTY: NASTY, "RegionId": NASTY, "Tag": [{NASTY: 1}]}),
    "values.json": json.dumps(
        {
            "RegionId": NASTY,
            "Name": NASTY,
            "BaseImage": NASTY,
            "BaseImageType": NASTY,
            "Tag": [{"Key": NASTY, "Value": NASTY}, {"Key": NASTY, "Value": NASTY}],
            "ToRegionId": [NASTY, NASTY],
            "SystemDiskSize": NASTY,
            "Description": f"http://{NASTY}",
        }
    ),
    "surrogate.json": '{"RegionId": "\\ud800", "Name": "\\u202e\\udc80"}',
    "broken.toml": f'RegionId = "\u202e\n{NASTY}',
    "unknown.toml": '"\\u202e\\u001b" = "\\u001b[31m\\u2028"\n',
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with hostile names in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def short(text: str) -> str:
    """As much of a text as the name of a file can hold."""
    return os.fsencode(text)[:180].decode("utf-8", "ignore").replace("/", "")


@pytest.fixture(params=[short(NAME), short(LOG), "\udcff", "\n::error::x", "x\n\u202e", "\x1b[31m"])
def name(request: pytest.FixtureRequest) -> str:
    """The name of a template that is there, with its request."""
    name = f"{request.param}.buildcontent"
    Path(name).write_text(TEMPLATE, "utf-8")
    Path(f"{request.param}.request.json").write_text('{"RegionId": "cn-hangzhou"}', "utf-8")
    return name


COMMANDS = [
    *(("check", "--output-format", each, "--", "NAME") for each in REPORTERS),
    *(("check", "--output-format", each) for each in REPORTERS),
    ("check", "--statistics"),
    ("check", "--", "NAME/x"),
    ("check", "--", "missing-NAME"),
    ("check", "--select", "NAME"),
    ("check", "--add-ignore"),
    ("check", "--fix", "--unsafe-fixes"),
    ("check", "--request", "NAME", "--", "NAME"),
    ("check", "--request", "missing-NAME", "--", "NAME"),
    ("check", "--config", "missing-NAME"),
    ("check", "--config", "NAME"),
    ("check", "--output-format", "NAME"),
    ("check", "--jobs", "NAME"),
    ("check", "--NAME"),
    ("check", "-j", "2", "--", "NAME", "NAME"),
    ("check", "-o", "missing-NAME/x"),
    ("check", "--stdin-filename", "NAME", "-"),
    ("format", "--check"),
    ("format", "--diff"),
    ("format",),
    ("format", "--", "missing-NAME"),
    ("format", "--NAME"),
    ("compile", "--", "NAME"),
    ("compile", "--", "missing-NAME"),
    ("compile", "--set", "NAME", "--", "NAME"),
    ("compile", "--set", "NAME=1", "--", "NAME"),
    ("compile", "--set", "RegionId=NAME", "--", "NAME"),
    ("compile", "-o", "NAME", "--", "NAME"),
    ("compile", "--pack", "--", "NAME"),
    *(("plan", "--format", each, "--", "NAME") for each in PLANS),
    ("plan", "--", "missing-NAME"),
    ("convert", "--", "NAME"),
    ("convert", "--output-format", "json", "--", "NAME"),
    ("convert", "--", "missing-NAME"),
    ("convert", "--base", "NAME", "--", "NAME"),
    ("convert", "--build-arg", "NAME=NAME", "--", "NAME"),
    ("create", "--dry-run", "--", "NAME"),
    ("create", "--endpoint", "NAME", "--", "NAME"),
    ("create", "--region", "NAME", "--", "NAME"),
    ("diff", "--endpoint", "NAME", "--", "NAME"),
    ("diff", "--region", "NAME", "--", "NAME"),
    ("pull", "--region", "NAME", "--", "NAME"),
    ("pull", "--region", "cn-hangzhou", "--endpoint", "NAME", "--name", "NAME"),
    ("config", "--", "NAME"),
    ("config", "--", "missing-NAME"),
    ("rule", "NAME"),
    ("rule", "--all"),
    ("NAME",),
    ("--lang", "NAME", "check"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_writes_a_name_as_it_is(arguments: tuple[str, ...], name: str) -> None:
    run(*(each.replace("NAME", name) for each in arguments), stdin="RESTART now\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--image", "NAME"),
        ("--engine", "NAME"),
        ("--platform", "NAME"),
        ("--from", "NAME"),
        ("--file", "NAME"),
        ("--file", "http://NAME=NAME"),
        ("--timeout", "NAME"),
        *(("--output-format", each, "--image", BARE) for each in REPORTERS),
        ("--verbose", "--image", BARE),
    ],
    ids=" ".join,
)
def test_no_rehearsal_writes_a_name_or_an_output_as_it_is(
    arguments: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    podman = engine_in(tmp_path_factory.mktemp("engines"), monkeypatch)
    podman.script(step("", f"{NASTY}\n{LOG}\r{NASTY}", 1))
    Path("web.buildcontent").write_text(GOOD, "utf-8")
    name = short(NAME)
    run("rehearse", *(each.replace("NAME", name) for each in arguments), "web.buildcontent")


@pytest.mark.parametrize("bad", BAD_REQUESTS)
@pytest.mark.parametrize(
    "arguments",
    [
        *(("check", "--output-format", each) for each in REPORTERS),
        *(("plan", "--format", each, "web.buildcontent") for each in PLANS),
        ("compile", "web.buildcontent"),
        ("create", "--dry-run", "web.buildcontent"),
        ("create", "--dry-run", "--output-format", "json", "web.buildcontent"),
    ],
    ids=" ".join,
)
def test_no_command_writes_a_request_as_it_is(arguments: tuple[str, ...], bad: str) -> None:
    Path("web.buildcontent").write_text(TEMPLATE, "utf-8")
    content = BAD_REQUESTS[bad].encode("utf-8", "surrogatepass")
    Path(f"web.request.{bad.rpartition('.')[2]}").write_bytes(content)
    assert run(*arguments)


GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"


@pytest.mark.parametrize(
    "arguments",
    [
        *(("compile", "--format", each) for each in EMITTERS if each not in ("content", "aliyun")),
        ("create", "--dry-run"),
        ("create", "--dry-run", "--output-format", "json"),
        *(("plan", "--format", each) for each in PLANS),
    ],
    ids=" ".join,
)
def test_values_that_are_allowed_are_written_visibly(arguments: tuple[str, ...]) -> None:
    Path("web.buildcontent").write_text(f'{GOOD}LABEL a="\u202e\u200b\x1b"\n', "utf-8")
    values = {"RegionId": "cn-hangzhou", "Description": "a\u202e\u200b\x1b[31m\u2028"}
    Path("web.request.json").write_text(json.dumps(values), "utf-8")
    text = run(*arguments, "web.buildcontent")
    if arguments == ("compile", "--format", "json"):
        assert json.loads(text[: text.index("}\n") + 1])["Description"] == values["Description"]


@pytest.mark.parametrize(
    "config",
    [
        '"\\u202e\\u001b[31m" = 1\n',
        'select = ["\\u202e\\u001b[31m"]\n',
        'exclude = ["\\u202e\\u001b[31m\\u2028"]\n',
        'fail-on = "\\u202e\\u001b"\n',
        '[per-file-ignores]\n"\\u202e" = ["\\u001b[31m"]\n',
        '[severity]\n"\\u202e" = "\\u001b"\n',
        "= \u202e\x1b[31m",
        "a = 1\u2028\n",
    ],
)
@pytest.mark.parametrize("command", ["check", "format", "config", "compile", "plan"])
def test_no_configuration_is_written_as_it_is(command: str, config: str) -> None:
    Path("web.buildcontent").write_text(TEMPLATE, "utf-8")
    Path("buildlint.toml").write_text(config, "utf-8")
    assert run(command, *(["web.buildcontent"] if command in ("compile", "plan") else []))


@pytest.mark.usefixtures("credentials")
def test_no_answer_of_the_service_is_written_as_it_is(service: Service) -> None:
    Path("web.buildcontent").write_text(GOOD, "utf-8")
    Path("web.request.toml").write_text('RegionId = "cn-hangzhou"\n', "utf-8")
    service.answers.append(error(f"Invalid{NASTY}\n::error::x", f"{NASTY}\n::error::{LOG}"))
    text = run("create", "web.buildcontent", "--endpoint", service.endpoint)
    assert "Invalid" in text
    assert not [line for line in text.splitlines() if line.startswith("::")]


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("command", ["pull", "diff"])
@pytest.mark.parametrize("template_name", [NASTY, LOG, "\n::error::x"])
def test_no_template_of_the_account_is_written_as_it_is(
    service: Service, command: str, template_name: str
) -> None:
    Path("web.buildcontent").write_text(GOOD, "utf-8")
    Path("web.request.toml").write_text('RegionId = "cn-hangzhou"\n', "utf-8")
    nasty = f"{NASTY}\n::error::x\n{LOG}"
    service.pipelines.append(
        {
            "ImagePipelineId": "ip-1",
            "Name": template_name,
            "BaseImageType": nasty,
            "BaseImage": nasty,
            "BuildContent": f"{GOOD}RUN {nasty}\n",
            "Description": nasty,
            nasty: {nasty: [nasty]},
        }
    )
    asked = ("--all",) if command == "pull" else ("web.buildcontent", "--id", "ip-1")
    for output_format in ("text", "json") if command == "pull" else ("",):
        shown = ("--output-format", output_format) if output_format else ()
        options = (*shown, "--region", "cn-hangzhou", "--endpoint", service.endpoint)
        assert "ip-1" in run(command, *asked, *options)
    assert [each for each in Path().iterdir() if hidden(each.name)] == []


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("command", ["pull", "diff"])
@pytest.mark.parametrize("content", ["RUN true\nRUN {}\n", "Tasks:\n  - Name: {}\n"])
@pytest.mark.parametrize("component_name", [NASTY, LOG, "\n::error::x"])
def test_no_component_of_the_account_is_written_as_it_is(
    service: Service, command: str, content: str, component_name: str
) -> None:
    Path("web.component").write_text("RUN true\n", "utf-8")
    nasty = f"{NASTY}\n::error::x\n{LOG}"
    service.components.append(
        {
            "ImageComponentId": "ic-1",
            "Name": component_name,
            "Owner": "SELF",
            "ComponentVersion": nasty,
            "Content": content.format(nasty),
            nasty: {nasty: [nasty]},
        }
    )
    asked = ("--all",) if command == "pull" else ("web.component", "--id", "ic-1")
    assert "ic-1" in run(command, *asked, "--region", "cn-hangzhou", "--endpoint", service.endpoint)
    assert [each for each in Path().iterdir() if hidden(each.name)] == []


# --- differences ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("check", "--fix", "--diff"), ("format", "--diff")])
def test_a_difference_is_exact_but_visible_on_a_terminal(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "from IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo '\u202e\x1b[31m\t\u200b'\n"
    Path("web.buildcontent").write_text(text, "utf-8")
    plain = CliRunner().invoke(cli, ["check", "--diff"] if command[0] == "check" else command)
    assert "\n RUN echo '\u202e\x1b[31m\t\u200b'\n" in plain.stdout
    monkeypatch.setattr(streams, "is_terminal", lambda stream: stream is sys.stdout)
    shown = CliRunner().invoke(cli, ["check", "--diff"] if command[0] == "check" else command)
    assert "\n RUN echo '<U+202E>␛[31m\t<U+200B>'\n" in shown.stdout
