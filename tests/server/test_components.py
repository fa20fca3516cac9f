"""Components in the editor: the same as templates, but for what they are not."""

import json
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from buildlint.server.app import WATCHED
from buildlint.server.completion import complete
from buildlint.server.hover import hover
from buildlint.server.outline import symbols
from buildlint.service.component_parameters import PARAMETERS
from buildlint.service.contract import COMMANDS
from tests.server.conftest import Editor
from tests.server.opened import COMPONENT, FROM, Opened, alone, request, template, text_at

REQUEST = f"{COMPONENT}.request.toml"
REGION = 'RegionId = "cn-hangzhou"\n'


def component(text: str, beside: str | None = None) -> Opened:
    return template(text, beside, name=COMPONENT)


def found(opened: Opened) -> list[tuple[str, str]]:
    return [
        (each.rule, text_at(opened.checked.document_of(each), place))
        for each in opened.checked.diagnostics
        if (place := opened.checked.document_of(each).range(each.span))
    ]


def labels(opened: Opened) -> set[str]:
    return {item.label for item in complete(*opened, has_snippets=False).items}


def shown(opened: Opened) -> str:
    answer = hover(*opened)
    assert answer
    assert isinstance(answer.contents, types.MarkupContent)
    return answer.contents.value


def test_a_component_is_checked_as_one() -> None:
    assert found(component(f"{FROM}COMPONENT ic-1\nRESTART now\n")) == [
        ("BL450", "FROM"),
        ("BL451", "COMPONENT"),
        ("BL305", "now"),
    ]


def test_its_request_is_that_of_another_call() -> None:
    asked = f'{REGION}ComponentType = "test"\nSystemDiskSize = 40\n'
    assert found(component("RUN true\n", asked)) == [
        ("BL452", "ComponentType"),
        ("BL401", "SystemDiskSize"),
    ]
    assert not found(component("RUN true\n", f'{REGION}ComponentVersion = "1.0.0"\n'))


def test_what_is_named_like_the_test_of_a_component_is_a_template() -> None:
    assert found(alone("web.component.test.buildcontent", FROM)) == []


# --- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["‸", "RUN a\n‸", f"{FROM}‸"])
def test_no_command_is_offered_that_a_component_must_not_have(text: str) -> None:
    assert labels(component(text)) == {*COMMANDS} - {"FROM", "COMPONENT"}


def test_no_image_is_offered_behind_the_from_of_a_component() -> None:
    assert not labels(component("FROM ‸"))


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_the_keys_of_a_request_are_those_of_its_call(suffix: str) -> None:
    text = "‸" if suffix == "toml" else '{"‸"}'
    assert labels(request(text, suffix, COMPONENT)) == {*PARAMETERS} - {"Content"}


@pytest.mark.parametrize(
    ("name", "values"),
    [("ComponentType", {"Build", "Test"}), ("SystemType", {"Linux", "Windows"})],
)
def test_the_values_of_a_request_are_those_of_its_call(name: str, values: set[str]) -> None:
    assert labels(request(f"{name} = ‸", name=COMPONENT)) == values


def test_what_only_a_template_can_be_asked_has_no_values() -> None:
    assert not labels(request("BaseImageType = ‸", name=COMPONENT))


# --- hover, outline ------------------------------------------------------------------------------


def test_a_keyword_shows_the_limits_of_content() -> None:
    assert shown(component("RUN 中\n‸RUN b\n")).endswith(
        "Command 2 of 2 (limit: 127).  \nContent has 13 bytes (limit: 16,384)."
    )


def test_a_key_of_the_request_shows_what_its_value_may_be() -> None:
    assert shown(request('Component‸Type = "Build"\n', name=COMPONENT)).endswith(
        '`ComponentType`: a string, Build | Test, default: "Build"\n\n'
        "Whether the component builds an image or tests one."
    )
    assert "from 20 to 500" not in shown(request("System‸DiskSize = 40\n", name=COMPONENT))


def test_the_outline_lists_the_commands() -> None:
    opened = component('ENV A="1"\nRUN a\n')
    names = [each.name for each in symbols(opened.document, opened.checked.tree)]
    assert names == ['ENV A="1"', "RUN a"]


# --- the whole server ----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_editing_the_request_refreshes_it(editor: Editor) -> None:
    assert not await editor.open(COMPONENT, "RUN true\n")
    (diagnostic,) = await editor.open(REQUEST, f'{REGION}ComponentVersion = "1"\n')
    assert diagnostic.code == "BL454"
    assert diagnostic.range == types.Range(types.Position(1, 0), types.Position(1, 16))
    whole = types.TextDocumentContentChangeWholeDocument(f'{REGION}SystemType = "Windows"\n')
    assert [each.code for each in await editor.change(REQUEST, 2, whole)] == ["BL455"]
    editor.close(REQUEST)
    assert not await editor.published(COMPONENT)


@pytest.mark.asyncio
async def test_a_request_alone_is_checked_with_its_component(editor: Editor) -> None:
    editor.write(COMPONENT, f"{FROM}RUN true\n")
    assert [each.code for each in await editor.open(REQUEST, "")] == ["BL403"]
    assert [each.code for each in await editor.published(COMPONENT)] == ["BL450"]


@pytest.mark.asyncio
async def test_it_is_formatted(editor: Editor) -> None:
    await editor.open(COMPONENT, "run   true\n")
    assert [edit.new_text for edit in await editor.format(COMPONENT) or ()] == ["RUN true\n"]


@pytest.mark.asyncio
async def test_a_quick_fix_loses_the_diagnostic(editor: Editor) -> None:
    (diagnostic,) = await editor.open(COMPONENT, "RESTART now\n")
    context = types.CodeActionContext([diagnostic])
    asked = types.CodeActionParams(editor.document(COMPONENT), diagnostic.range, context)
    actions = await editor.client.text_document_code_action_async(asked)
    titles = [each.title for each in actions or ()]
    assert titles == ["Remove everything after RESTART", "Ignore BL305 here"]


@pytest.mark.asyncio
async def test_compiling_gives_the_parameters_of_its_call(editor: Editor) -> None:
    editor.write(REQUEST, f'{REGION}ComponentType = "Test"\n')
    await editor.open(COMPONENT, "# why\nrun true\n")
    answer = await editor.compile(COMPONENT)
    assert isinstance(answer, str)
    assert json.loads(answer) == {
        "RegionId": "cn-hangzhou",
        "ComponentType": "Test",
        "Content": "RUN true",
    }


@pytest.mark.asyncio
async def test_compiling_without_a_request_tells_what_is_missing(editor: Editor) -> None:
    await editor.open(COMPONENT, "RUN true\n")
    with pytest.raises(JsonRpcException) as caught:
        await editor.compile(COMPONENT)
    (line,) = caught.value.message.splitlines()[:1]
    assert f"{REQUEST}:1:1: error BL403" in line


@pytest.mark.asyncio
async def test_files_of_components_are_watched(editor: Editor) -> None:
    await editor.open(COMPONENT, "RUN true\n")
    (registration,) = editor.registrations
    options: Any = registration.register_options
    globs = {each["globPattern"] for each in options["watchers"]}
    assert globs == set(WATCHED)
    assert globs >= {"**/*.component", "**/*.request.toml", "**/*.request.json"}
