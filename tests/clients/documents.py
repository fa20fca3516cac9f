"""The documents' examples, and the published schemas of what they are examples of."""

import re
import subprocess
from pathlib import Path

from tests.clients.machine import script
from tests.paths import ROOT


def blocks(document: str, language: str, section: str = "") -> list[str]:
    """Return the blocks of a document, or of a section of it, that are in a language."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    if section:
        (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def faults(schema: str, path: Path) -> str:
    """Say what a schema, by its name in check-jsonschema, finds wrong with a file."""
    program = script("check-jsonschema", "check-jsonschema")
    command: list[str | Path] = [program, "--builtin-schema", schema, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode else ""
