"""Which files may hold templates: by their names, and by a cheap look at what is in them."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import PurePath

from buildlint.hosts.hosted import Find
from buildlint.service.resources import PULUMI, ROS, TERRAFORM, ResourceType
from buildlint.text.record import Record
from buildlint.text.source import Source


def _names(*tables: Iterable[ResourceType]) -> tuple[bytes, ...]:
    """What a file has in it that declares one of the resources; of a long name, the last part."""
    names = (name.rpartition("/")[2] for table in tables for each in table for name in each.names)
    return tuple(dict.fromkeys(name.encode() for name in names))


class Host(Record):
    """A kind of host file: how its names end, what stands in one, and the module that reads it.

    Those of a directory are one configuration if it `is_joint`.
    """

    suffixes: tuple[str, ...]
    markers: tuple[bytes, ...]
    module: str
    is_joint: bool = False

    @property
    def find(self) -> Find:
        """What reads such a file."""
        found: Find = import_module(self.module).find
        return found


# The first that fits counts.
HOSTS = (
    Host(
        (".tf", ".tf.json"),
        _names(TERRAFORM.values()),
        "buildlint.hosts.terraform",
        is_joint=True,
    ),
    Host(
        (".yaml", ".yml", ".json"),
        _names(ROS.values(), PULUMI.values()),
        "buildlint.hosts.stacks",
    ),
)


def host_of(path: PurePath) -> Host | None:
    """Return the kind of host file that a file is by its name, if it is one."""
    return next((each for each in HOSTS if path.name.endswith(each.suffixes)), None)


def may_declare(path: PurePath, source: Source) -> bool:
    """Whether a file may declare a template or component, by a cheap look at its name and text."""
    host = host_of(path)
    return host is not None and any(each.decode() in source.text for each in host.markers)
