"""The two forms of a component, told apart by its content: commands, and YAML."""

from buildlint.text.regex import regex

# The start of a document, a directive, `{`, or a key; a command has a blank after its name.
_YAML = regex(r"---|%|\{|\w+:(?:[ \t]|$)|[\"']?(?:Parameters|Tasks)[\"']?[ \t]*:")


def is_yaml(content: str) -> bool:
    """Whether a content is in YAML, by its first line that is not blank or a comment."""
    lines = (line.strip() for line in content.removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _YAML.match(first) is not None
