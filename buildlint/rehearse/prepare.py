"""An image that is more like an instance than the container image of its system.

A container image has no systemd, no SSH server, no cron: good templates fail in it. The prepared
image is made from it once, by the Containerfile beside this module, and kept.
"""

from pathlib import Path

from buildlint.rehearse.engine import Engine, Image
from buildlint.rehearse.faults import EngineError, Fault
from buildlint.rehearse.images import Likeness
from buildlint.rehearse.program import Output

# The label of a prepared image; its value is the version of what was done to it. One of another
# version is made again.
LABEL = "buildlint.prepared"
VERSION = "1"
_CONTAINERFILE = Path(__file__).with_name("Containerfile")


def prepared(engine: Engine, like: Likeness) -> Image | None:
    """Find the prepared image of a system; None if there is none on this machine."""
    found = engine.image(like.prepared) if like.prepared else None
    return found if found and found.labels.get(LABEL) == VERSION else None


def prepare(engine: Engine, like: Likeness, output: Output) -> Image:
    """Make the prepared image of a system; `output` takes what is written meanwhile.

    Its container image is downloaded unless it is here. Raises EngineError.
    """
    if like.prepared is None or like.image is None:
        raise EngineError(Fault.NOT_PREPARABLE, image=like.system or "?")
    base = engine.image(like.image)
    if base is None or base.architecture != like.architecture:
        engine.pull(like.image, like.platform)
    return engine.build(
        _CONTAINERFILE.read_text("utf-8"),
        like.prepared,
        arguments={"BASE": like.image},
        labels={LABEL: VERSION},
        platform=like.platform,
        output=output,
    )
