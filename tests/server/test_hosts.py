"""Terraform, ROS and Pulumi in the editor: templates where they are written, and nothing else."""

import json
import subprocess
import sys
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from buildlint.server.actions import FIX_ALL
from buildlint.server.app import WATCHED
from tests.server.conftest import Editor
from tests.server.opened import FROM, Opened, alone, text_at
from tests.server.test_actions import actions, after

STACK = f"""\
ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Web:
    Type: ALIYUN::ECS::ImagePipeline
    Properties:
      # 中文 😀
      BuildContent: "{FROM.strip()}\\nENV A=/srv\\nRESTART now\\nRUN true\\n"
      SystemDiskSize: 10
"""
# No template is declared in it.
VALUES = f"a: [\n{FROM}RESTART now\n"


def resource(content: str, name: str = "web") -> str:
    """Write a resource of Terraform whose content is an expression."""
    return f'resource "alicloud_ecs_image_pipeline" "{name}" {{\n  build_content = {content}\n}}\n'


MAIN, WEB, LOCALS = "main.tf", "web.buildcontent", "locals.tf"
NAMING = resource('file("${path.module}/web.buildcontent")')
# The content begins with another image.
WITH_BASE = NAMING.replace("{\n", '{\n  base_image_type = "IMAGE"\n  base_image = "m-2"\n', 1)


def codes(diagnostics: list[types.Diagnostic]) -> list[object]:
    return [each.code for each in diagnostics]


def whole(text: str) -> types.TextDocumentContentChangeWholeDocument:
    return types.TextDocumentContentChangeWholeDocument(text)


def places(opened: Opened) -> dict[str, str]:
    """What stands where each rule has found something."""
    return {
        each.rule: text_at(opened.document, opened.document.range(each.span))
        for each in opened.checked.diagnostics
    }


# --- one file ------------------------------------------------------------------------------------


def test_mistakes_stand_at_their_characters_in_the_host_file() -> None:
    opened = alone("stack.yaml", STACK)
    assert places(opened) == {"BL332": "/srv", "BL305": "now", "BL409": "SystemDiskSize"}


def test_a_quick_fix_has_the_escapes_of_the_string() -> None:
    opened = alone("stack.yaml", STACK)
    fixed = after(opened, actions(opened, "/srv")["Add double quotes"])
    assert fixed == STACK.replace("/srv", '\\"/srv\\"')


def test_a_rule_is_ignored_in_the_template() -> None:
    opened = alone("stack.yaml", STACK)
    ignored = after(opened, actions(opened, "now")["Ignore BL305 here"])
    assert ignored == STACK.replace("RESTART", "# buildlint: ignore[BL305]\\nRESTART")
    assert "BL305" not in places(alone("stack.yaml", ignored))


def test_all_safe_fixes_are_made_at_once() -> None:
    opened = alone("stack.yaml", STACK)
    (action,) = actions(opened, "/srv", [FIX_ALL]).values()
    assert after(opened, action) == STACK.replace("/srv", '\\"/srv\\"').replace(" now", "")


def test_a_file_that_cannot_be_read_has_one_problem() -> None:
    opened = alone("stack.yaml", STACK.replace("'2015-09-01'", "'2015-09-01"))
    assert [*places(opened)] == ["BL014"]


@pytest.mark.parametrize("name", ["values.yaml", "main.tf", "package.json", "a.component.json"])
def test_no_parser_is_imported_for_a_file_that_declares_no_template(name: str) -> None:
    script = f"""
import sys
from lsprotocol import types
from buildlint.server.documents import Documents
documents = Documents()
item = types.TextDocumentItem("file:///n/{name}", "x", 1, {VALUES * 10_000!r})
assert documents.template_of(documents.open(item)) is None
parsers = ("terraform", "stacks", "yaml.reading")
print(*(each for each in parsers if f"buildlint.hosts.{{each}}" in sys.modules))
"""
    done = subprocess.run([sys.executable], input=script, stdout=-1, check=True, encoding="utf-8")
    assert done.stdout == "\n"


def test_changes_beside_an_open_file_are_watched() -> None:
    assert {"**/*.tf", "**/*.tf.json"} <= set(WATCHED)
    assert not {"**/*.yaml", "**/*.json"} & set(WATCHED)


# --- the whole server ----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_file_without_a_template_is_left_alone_until_one_is_typed(editor: Editor) -> None:
    without = STACK.replace("ImagePipeline", "Image")
    assert not await editor.open("stack.yaml", without)
    assert editor.uri("stack.yaml") not in editor.client.diagnostics
    found = await editor.change("stack.yaml", 2, whole(STACK))
    assert sorted(map(str, codes(found))) == ["BL305", "BL332", "BL409"]
    assert not await editor.change("stack.yaml", 3, whole(without))


@pytest.mark.asyncio
@pytest.mark.parametrize("text", [STACK, VALUES])
async def test_what_is_for_templates_alone_is_not_offered(editor: Editor, text: str) -> None:
    await editor.open("stack.yaml", text)
    client, document = editor.client, editor.document("stack.yaml")
    place = types.Position(0, 1)
    assert await editor.format("stack.yaml") is None
    asked = types.CompletionParams(document, place)
    offered: Any = await client.text_document_completion_async(asked)
    assert not (offered and offered.items)
    symbols = types.DocumentSymbolParams(document)
    assert await client.text_document_document_symbol_async(symbols) is None
    folds = types.FoldingRangeParams(document)
    assert await client.text_document_folding_range_async(folds) is None
    tokens = types.SemanticTokensParams(document)
    assert await client.text_document_semantic_tokens_full_async(tokens) is None
    hovered = types.HoverParams(document, place)
    assert await client.text_document_hover_async(hovered) is None


@pytest.mark.asyncio
async def test_hovering_over_a_mistake_explains_its_rule(editor: Editor) -> None:
    found = await editor.open("stack.yaml", STACK)
    (restart,) = (each for each in found if each.code == "BL305")
    params = types.HoverParams(editor.document("stack.yaml"), restart.range.start)
    hover: Any = await editor.client.text_document_hover_async(params)
    assert "restart-with-arguments" in hover.contents.value


# --- several files -------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_template_that_a_resource_names_is_checked_with_its_arguments(
    editor: Editor,
) -> None:
    assert not await editor.open(WEB, FROM)
    assert not await editor.open(MAIN, WITH_BASE)
    assert codes(await editor.published(WEB)) == ["BL210"]
    await editor.change(MAIN, 2, whole(NAMING))
    assert not await editor.published(WEB)
    await editor.change(MAIN, 3, whole(WITH_BASE))
    assert codes(await editor.published(WEB)) == ["BL210"]
    editor.close(MAIN)
    assert not await editor.published(WEB)


@pytest.mark.asyncio
async def test_a_template_that_is_edited_refreshes_the_resource(editor: Editor) -> None:
    await editor.open(WEB, FROM)
    assert not await editor.open(MAIN, NAMING)
    await editor.change(WEB, 2, whole("RUN true\n"))
    assert codes(await editor.published(MAIN)) == ["BL404"]
    editor.close(WEB)
    assert not await editor.published(MAIN)


@pytest.mark.asyncio
async def test_the_request_beside_a_template_goes_before_the_arguments(editor: Editor) -> None:
    editor.write("web.request.toml", 'RegionId = "cn-hangzhou"\nNam = ""\n')
    await editor.open(WEB, FROM)
    await editor.open(MAIN, WITH_BASE)
    assert not await editor.published(WEB)
    assert codes(await editor.published("web.request.toml")) == ["BL420"]


@pytest.mark.asyncio
async def test_a_template_that_is_not_open_is_told_about_where_it_is(editor: Editor) -> None:
    editor.write(WEB, f"{FROM}RESTART now\n")
    assert not await editor.open(MAIN, NAMING)
    assert codes(await editor.published(WEB)) == ["BL305"]
    assert not await editor.open(WEB, FROM, on_disk=False)
    editor.close(WEB)
    assert codes(await editor.published(WEB)) == ["BL305"]
    await editor.change(MAIN, 2, whole("# empty\n"))
    assert not await editor.published(WEB)


@pytest.mark.asyncio
async def test_what_two_resources_share_is_told_once(editor: Editor) -> None:
    editor.write(WEB, f"{FROM}RESTART now\n")
    await editor.open(MAIN, NAMING)
    await editor.open("other.tf", NAMING)
    assert codes(await editor.published(WEB)) == ["BL305"]
    editor.close(MAIN)
    assert codes(await editor.published(WEB)) == ["BL305"]
    editor.close("other.tf")
    assert not await editor.published(WEB)


@pytest.mark.asyncio
async def test_a_local_of_another_file_counts_as_it_is_in_the_editor(editor: Editor) -> None:
    text = f'locals {{\n  content = "{FROM.strip()}\\n"\n}}\n'
    editor.write(LOCALS, text)
    assert not await editor.open(MAIN, resource("local.content"))
    broken = text.replace("\\n", "\\nRESTART now\\n")
    (found,) = await editor.open(LOCALS, broken, on_disk=False)
    assert found.code == "BL305"
    start = broken.splitlines()[1].index("now")
    assert found.range == types.Range(types.Position(1, start), types.Position(1, start + 3))
    editor.close(LOCALS)
    assert not await editor.published(LOCALS)
    event = types.FileEvent(editor.write(LOCALS, broken).as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert codes(await editor.published(LOCALS)) == ["BL305"]


@pytest.mark.asyncio
async def test_a_template_of_terraform_is_told_about_with_what_is_unknown_in_it(
    editor: Editor,
) -> None:
    editor.write("web.tftpl", f"{FROM}%{{ if a }}\nRUN ${{b}}\n%{{ endif }}\nENV A=/srv\n")
    await editor.open(MAIN, resource('templatefile("${path.module}/web.tftpl", {})'))
    (found,) = await editor.published("web.tftpl")
    assert (found.code, found.range.start) == ("BL332", types.Position(4, 6))


# --- compiling -----------------------------------------------------------------------------------


async def compiled(editor: Editor, name: str, text: str) -> Any:
    await editor.open(name, text)
    answer = await editor.compile(name)
    assert isinstance(answer, str)
    return json.loads(answer)


async def refused(editor: Editor, name: str, text: str) -> str:
    await editor.open(name, text)
    with pytest.raises(JsonRpcException) as caught:
        await editor.compile(name)
    return caught.value.message


CONTENT = f'"{FROM.strip()}\\nRUN true\\n"'


@pytest.mark.asyncio
async def test_the_only_template_is_compiled_with_the_arguments_beside_it(editor: Editor) -> None:
    text = f'variable "name" {{\n  default = "web"\n}}\n{resource(CONTENT)}'
    text = text.replace("  build", "  name = var.name\n  build")
    assert await compiled(editor, MAIN, text) == {
        "Name": "web",
        "BaseImageType": "IMAGE",
        "BaseImage": FROM.strip().removeprefix("FROM IMAGE:"),
        "BuildContent": f"{FROM}RUN true",
    }


@pytest.mark.asyncio
async def test_a_template_that_a_resource_names_is_compiled_with_its_arguments(
    editor: Editor,
) -> None:
    editor.write(WEB, FROM)
    await editor.open(MAIN, NAMING.replace("  build", '  name = "网站"\n  build'))
    assert (await compiled(editor, WEB, f"{FROM}RUN true\n"))["Name"] == "网站"


@pytest.mark.asyncio
async def test_what_cannot_be_compiled_is_told(editor: Editor) -> None:
    both = resource(CONTENT) + resource(CONTENT, "api")
    message = await refused(editor, MAIN, both)
    assert "there are 2 templates; use one of them" in message
    assert "`var.a` is not known here" in await refused(editor, "a.tf", resource("var.a"))
    assert "error BL305" in await refused(editor, "b.tf", resource('"RESTART now"'))
    assert "no template" in await refused(editor, "c.tf", "# alicloud_ecs_image_pipeline\n")
