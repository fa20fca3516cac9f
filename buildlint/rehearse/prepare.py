"""An image that is more like an instance than the container image of its system.

A container image has no systemd, no SSH server, no cron: good templates fail in it. The prepared
image is made from it once, by the script beside this module, and kept.
"""

from pathlib import Path

from buildlint.rehearse import owner
from buildlint.rehearse.engine import LABEL as OWNER
from buildlint.rehearse.engine import Engine, Image
from buildlint.rehearse.faults import EngineError, Fault, reason_in
from buildlint.rehearse.images import Likeness
from buildlint.rehearse.program import LONG, Output, text_of

# The label of a prepared image; its value is the version of what was done to it. One of another
# version is made again.
LABEL = "buildlint.prepared"
VERSION = "1"
_SCRIPT = Path(__file__).with_name("prepare.sh")
# Bytes of what the script writes in which its error is looked for.
_TAIL = 4096


def prepared(engine: Engine, like: Likeness) -> Image | None:
    """Find the prepared image of a system; None if there is none on this machine."""
    found = engine.image(like.prepared) if like.prepared else None
    return found if found and found.labels.get(LABEL) == VERSION else None


def prepare(engine: Engine, like: Likeness, output: Output) -> Image:
    """Make the prepared image of a system; `output` takes what is written meanwhile.

    Its container image is downloaded unless it is here. Raises EngineError. What was begun is
    removed, also when it is interrupted.
    """
    if like.prepared is None or like.image is None:
        raise EngineError(Fault.NOT_PREPARABLE, image=like.system or "?")
    base = engine.image(like.image)
    if base is None or base.architecture != like.architecture:
        base = engine.pull(like.image, like.platform)
    started = engine.start(base.id, labels=owner.labels(), systemd=False, platform=like.platform)
    tail = bytearray()

    def take(chunk: bytes) -> None:
        tail.extend(chunk)
        del tail[:-_TAIL]
        output(chunk)

    try:
        script = _SCRIPT.read_text("utf-8")
        if engine.run(started.id, ("sh", "-c", script), timeout=LONG, output=take).code:
            reason = reason_in(text_of(bytes(tail)))
            raise EngineError(Fault.PREPARE, image=like.prepared, reason=reason)
        # It has the labels of its container; what is kept has no owner.
        labels = {OWNER: owner.KEPT, LABEL: VERSION}
        engine.commit(started.id, labels=labels, name=like.prepared)
    finally:
        engine.remove([started.id])
    return engine.image(like.prepared) or base
