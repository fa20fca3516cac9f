"""The server as an editor meets it."""

import pytest
from lsprotocol import types

from tests.server.conftest import Editor

pytestmark = pytest.mark.asyncio


async def test_opening_a_template_publishes_its_mistakes(editor: Editor) -> None:
    (diagnostic,) = await editor.open("web.buildcontent", "FROM IMAGE:m-bp1\nRESTART now\n")
    assert diagnostic.code == "BL305"
