"""What is wrong with a host file, so that it cannot be read."""

from buildlint.text.messages import Message
from buildlint.text.record import Record
from buildlint.text.span import Span


class Broken(Record):
    """A place where a file of another language is no such file, and what is wrong there."""

    span: Span
    message: Message
