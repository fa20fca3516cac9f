"""The container that a command asks for: the engine, the image, and what is cleaned up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from buildlint.cli.rehearsing import Waiting
from buildlint.files.streams import Unusable, is_terminal, note, warn
from buildlint.rehearse import owner
from buildlint.rehearse.certificates import trust
from buildlint.rehearse.engine import LABEL, Engine, Image
from buildlint.rehearse.images import Likeness, likeness
from buildlint.rehearse.instance import Instance, Settings
from buildlint.rehearse.prepare import LABEL as PREPARED
from buildlint.rehearse.prepare import prepare, prepared
from buildlint.rehearse.report import About
from buildlint.service.effective import EffectiveBase
from buildlint.text.messages import N_, filled
from buildlint.text.record import Record


class Wanted(Record):
    """What the command line says of the container; None for what it leaves open."""

    image: str | None
    engine: str | None
    platform: str | None
    prepares: bool
    keeps: bool

    @contextmanager
    def instance(
        self, base: EffectiveBase | None, settings: Settings
    ) -> Iterator[tuple[Instance, About]]:
        """Start the container, and remove it at the end. Raises EngineError."""
        engine = Engine.find(self.engine)
        if count := owner.remove_left_behind(engine):
            text = N_("removed {count} containers and images of an earlier run")
            note(filled(text, count=count))
        like = likeness(*base.image) if base else Likeness(None, engine.architecture)
        image, name = self._image(engine, like, base)
        platform = self.platform
        if image.architecture != engine.architecture:
            platform = platform or f"linux/{image.architecture}"
        _warn_of_processors(engine, image, like)
        labels = owner.labels()
        instance = Instance(
            engine,
            name,
            labels,
            settings.replace(platform=platform),
            lambda container: trust(engine, container),
        )
        try:
            instance.start({LABEL: owner.KEPT} if self.keeps else labels)
            is_bare = PREPARED not in image.labels and not instance.has_systemd
            yield instance, About(engine.name, name, is_bare, instance.has_systemd)
        finally:
            with _undisturbed():
                instance.remove(but=[instance.container] if self.keeps else [])
            if self.keeps and instance.container:
                _tell_kept(engine, instance.container)

    def _image(
        self, engine: Engine, like: Likeness, base: EffectiveBase | None
    ) -> tuple[Image, str]:
        """Find, make or download the image; return its name, too."""
        if self.image:
            found = engine.image(self.image)
            return found or _pulled(engine, self.image, self.platform), self.image
        if like.image is None:
            text = N_("no container image is known for `{image}`; name one with --image")
            if base is None:
                text = N_("there is no base image; name a container image with --image")
            raise Unusable(filled(text, image=base.image.image if base else ""))
        if found := prepared(engine, like):
            return found, str(like.prepared)
        if self.prepares or (like.prepared and _agrees(like.prepared)):
            return _prepared(engine, like), str(like.prepared)
        if like.prepared:
            text = N_("`{image}` lacks much of an ECS image; use --prepare to make a better one")
            warn(filled(text, image=like.image))
        found = engine.image(like.image)
        if found is None or found.architecture != like.architecture:
            found = _pulled(engine, like.image, self.platform or like.platform)
        return found, like.image


def _warn_of_processors(engine: Engine, image: Image, like: Likeness) -> None:
    """Say where the container has another processor than the machine, or than the base image."""
    fields = {"wanted": like.architecture, "image": image.architecture, "own": engine.architecture}
    if image.architecture != engine.architecture:
        text = N_(
            "the container image is for {image}, and this machine is {own}; the steps are "
            "emulated, which is slow"
        )
        warn(filled(text, **fields))
    if image.architecture != like.architecture:
        text = N_("the base image is for {wanted}, and the container image for {image}")
        warn(filled(text, **fields))


def _agrees(name: str) -> bool:
    """Ask whether an image may be made, if somebody is there to answer."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        return False
    text = N_("Make an image that resembles an ECS instance ({image}, once, some minutes)?")
    return click.confirm(filled(text, image=name), default=True, err=True)


def _pulled(engine: Engine, name: str, platform: str | None) -> Image:
    waiting = Waiting(sys.stderr, filled(N_("downloading {image}"), image=name))
    try:
        return engine.pull(name, platform)
    finally:
        waiting.close()


def _prepared(engine: Engine, like: Likeness) -> Image:
    waiting = Waiting(sys.stderr, filled(N_("making {image}"), image=like.prepared))
    try:
        return prepare(engine, like, waiting.writes)
    finally:
        waiting.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C keep anything from being cleaned up."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            with suppress(TypeError):  # one that was not set from Python
                signal.signal(number, handler)


def _tell_kept(engine: Engine, container: str) -> None:
    for text, verb in (
        (N_("for a shell in the container: `{command}`"), "exec -it {0} sh"),
        (N_("to remove it: `{command}`"), "rm -f {0}"),
    ):
        note(filled(text, command=f"{engine.name} {verb.format(container)}"))
