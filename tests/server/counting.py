"""The server; whatever it checks is a line of the file that COUNTED names."""

import os
from pathlib import Path
from typing import Any

from buildlint.server import app, checking
from buildlint.server.documents import Document

_check = checking.check


def check(template: Document, *rest: Any) -> Any:
    """Check it, and note its name and version."""
    with Path(os.environ["COUNTED"]).open("a", encoding="utf-8") as file:
        file.write(f"{Path(template.source.path).name} {template.version}\n")
    return _check(template, *rest)


setattr(app, "check", check)  # noqa: B010 - it is imported there, not exported

if __name__ == "__main__":
    app.start()
