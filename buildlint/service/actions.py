"""The tasks of a component in YAML as data: their actions, and what the properties of each are.

Source: the documents of image components; the service accepts no other structure.
"""

from collections.abc import Mapping
from enum import StrEnum

from buildlint.text.record import Record


class PropertyType(StrEnum):
    """The type of a property; its value may be a reference all the same."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"


class Property(Record):
    """A property of a task. One that `is_secret` must not be read by others."""

    type: PropertyType = PropertyType.STRING
    is_required: bool = False
    is_secret: bool = False


class Action(Record):
    """What a task does. `system` is the one that it runs on; None for either.

    `has_output` is one whose output later tasks can refer to.
    """

    properties: Mapping[str, Property]
    system: str | None = None
    has_output: bool = False


LINUX, WINDOWS = "Linux", "Windows"
_REQUIRED = Property(is_required=True)
_OPTIONAL = Property()
_NUMBER = Property(PropertyType.NUMBER)
_OF_OSS = {
    "bucketName": _REQUIRED,
    "objectName": _REQUIRED,
    "ossRegion": _OPTIONAL,
    "validTime": _NUMBER,
}

RUN_SHELL = "RunShellCommand"
WEB_DOWNLOAD = "WebDownload"
REBOOT = "Reboot"
ACTIONS: Mapping[str, Action] = {
    RUN_SHELL: Action(
        {"commandContent": _REQUIRED, "workingDir": _OPTIONAL, "username": _OPTIONAL},
        LINUX,
        has_output=True,
    ),
    "RunPowerShellCommand": Action(
        {
            "commandContent": _REQUIRED,
            "workingDir": _OPTIONAL,
            "username": _OPTIONAL,
            "windowsPasswordName": _OPTIONAL,
        },
        WINDOWS,
    ),
    "InvokeCommand": Action(
        {"commandId": _REQUIRED, "username": _OPTIONAL, "parameters": _OPTIONAL}
    ),
    "OSSDownload": Action({**_OF_OSS, "destinationDir": _REQUIRED}),
    "OSSUpload": Action({**_OF_OSS, "fileToUpload": _REQUIRED}),
    WEB_DOWNLOAD: Action(
        {
            "sourcePath": _REQUIRED,
            "destinationDir": _REQUIRED,
            "tokenInfo": Property(is_secret=True),
            "timeout": _NUMBER,
        }
    ),
    REBOOT: Action({"forceStop": Property(PropertyType.BOOLEAN)}),
}

PARAMETER_TYPES = ("String", "Number", "Boolean")
# The keys of a component, of a parameter, and of a task; those that it cannot be without.
TOP_KEYS = ("Parameters", "Tasks")
PARAMETER_KEYS = ("Type", "DefaultValue")
TASK_KEYS = ("Name", "Action", "Properties")
