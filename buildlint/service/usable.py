"""What a template needs to know of a component that it uses."""

from buildlint.language.component import Parameter
from buildlint.text.record import Record


class UsableComponent(Record):
    """A component of the repository: its file, its version, and its parameters.

    The version is None where the file does not tell, the parameters where they cannot be read.
    """

    path: str
    version: str | None
    parameters: tuple[Parameter, ...] | None
