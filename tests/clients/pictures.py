"""The pictures of the documents, which tests take with --update-golden."""

import zlib
from pathlib import Path

from tests.paths import ROOT

IMAGES = ROOT / "docs" / "images"


def pixels(picture: Path) -> bytes:
    """The unpacked data of a PNG file."""
    png, at, data = picture.read_bytes(), 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return zlib.decompress(data)
