"""What the last lines of a failed step mean, as data: the problem, and advice."""

from collections.abc import Sequence
from typing import NamedTuple

from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

# So many lines from the end may say what is wrong.
_LAST_LINES = 6
_NO_PACKAGE = N_(
    "there is no package `{name}`; correct its name, or add the repository that has it"
)
_NO_FILE = N_("`{name}` does not exist here; create it before this command, or correct the path")
_NO_PARENT = N_("the directory of `{name}` does not exist here; create it before this command")
_NO_USER = N_("there is no user `{name}` here; create it before this command")
_NO_GROUP = N_("there is no group `{name}` here; create it before this command")
_NO_UNIT = N_("there is no unit `{name}`; install its package, or correct its name")
_NO_PROGRAM = N_("there is no program `{name}` here; install it before, or correct its name")
_NOT_SET = N_("variable `{name}` has no value here; set it with ENV, or in this RUN")
_NO_HOST = N_("there is no host `{name}`; correct the URL")
_ANSWER = N_("the server answers `{name}`; correct the URL")
_DENIED = N_("user `{user}` may not access `{name}`; change its owner or mode, or the USER")
_SYNTAX = N_(
    "the shell reports a syntax error; correct it, or use `bash -c` for what only bash can read"
)
_FULL = N_("the disk is full; remove what is not needed before this command")

# Names in quotes of any kind; paths without spaces.
_QUOTE = r"['\"`‘’“”]?"
_NAME = rf"{_QUOTE}(?P<name>[\w.+@:-]{{1,80}}?){_QUOTE}"
_PATH = rf"{_QUOTE}(?P<name>[\w./+@~-]{{1,200}}?){_QUOTE}"


class _Hint(NamedTuple):
    pattern: str
    text: str


_HINTS = tuple(
    (regex(pattern), text)
    for pattern, text in (
        _Hint(rf"Unable to locate package {_NAME}$", _NO_PACKAGE),
        _Hint(rf"Package {_NAME} has no installation candidate", _NO_PACKAGE),
        _Hint(rf"No match for argument: {_NAME}$", _NO_PACKAGE),
        _Hint(rf"No package {_NAME} available", _NO_PACKAGE),
        _Hint(rf"No provider of {_NAME} found", _NO_PACKAGE),
        _Hint(rf"No matching distribution found for {_NAME}$", _NO_PACKAGE),
        _Hint(
            rf"[Uu]nit (?:file )?{_NAME} (?:could not be found|not found|does not exist)", _NO_UNIT
        ),
        _Hint(rf"[Uu]nit {_NAME} not loaded", _NO_UNIT),
        _Hint(rf"{_NAME}: unrecognized service", _NO_UNIT),
        _Hint(rf"(?:^|[ :'\"]){_PATH}: (?:command )?not found$", _NO_PROGRAM),
        _Hint(rf"(?:invalid|unknown) user:? {_NAME}(?::\S*)?$", _NO_USER),
        _Hint(rf"user {_NAME} (?:does not exist|doesn't exist)", _NO_USER),
        _Hint(rf"no such user:? {_NAME}$", _NO_USER),
        _Hint(rf"(?:invalid|unknown) group:? {_NAME}$", _NO_GROUP),
        _Hint(rf"group {_NAME} (?:does not exist|doesn't exist)", _NO_GROUP),
        _Hint(rf"{_NAME}: (?:parameter not set|unbound variable)", _NOT_SET),
        _Hint(r"(?:[Ss]yntax error|[Bb]ad substitution|bad fd number)", _SYNTAX),
        _Hint(rf"[Cc]ould not resolve host:? {_NAME}$", _NO_HOST),
        _Hint(rf"unable to resolve host address {_NAME}$", _NO_HOST),
        _Hint(r"(?:returned error: |ERROR )(?P<name>[45]\d\d)\b", _ANSWER),
        _Hint(r"No space left on device", _FULL),
        _Hint(rf"(?:^|[ :]){_PATH}:? Permission denied$", _DENIED),
        _Hint(
            rf"can(?:no|')t create (?:\w{{1,20}} ){{0,3}}{_PATH}: (?:No such|Directory non)",
            _NO_PARENT,
        ),
        _Hint(rf"can't cd to {_PATH}$", _NO_FILE),
        _Hint(r"(?P<name>/[\w./+@~-]{1,200})[^/]{0,80}No such file", _NO_FILE),
        _Hint(rf"(?:^|[ :]){_PATH}: No such file", _NO_FILE),
    )
)


def hint(lines: Sequence[str], user: str) -> Message | None:
    """Say what the last lines mean; None if that is not known."""
    for line in reversed(lines[-_LAST_LINES:]):
        for pattern, text in _HINTS:
            if found := pattern.search(line.rstrip(" .")):
                named = found.groupdict()
                fields = {"name": shown(named.get("name", "")), "user": shown(user)}
                return Message(text, fields)
    return None
