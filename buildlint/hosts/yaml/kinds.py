"""What kind of value a plain scalar is, by the rules of YAML 1.1 as SnakeYAML applies them."""

from buildlint.hosts.yaml.tree import Kind
from buildlint.text.regex import regex

# Cheap: most scalars start otherwise, and are strings.
_STARTS = frozenset("+-.0123456789~nNyYtTfFoO")
_KINDS = {
    Kind.NULL: regex(r"~|null|Null|NULL"),
    Kind.BOOLEAN: regex(
        r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
    ),
    # 0b101, 0644, 1_000, 0xff, 1:30:00
    Kind.INTEGER: regex(
        r"[-+]?(?:0b[01_]+|0[0-7_]*|0x[0-9A-Fa-f_]+|[1-9][0-9_]*(?::[0-5]?[0-9])*)"
    ),
    # PyYAML asks for a point and a sign of the exponent, SnakeYAML does not.
    Kind.FLOAT: regex(
        r"\A(?:[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+"
        r"|(?::[0-5]?[0-9])+\.[0-9_]*)|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))"
        r"|\.(?:nan|NaN|NAN))\Z"
    ),
    Kind.TIMESTAMP: regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
        r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
    ),
}
_STANDARD = "tag:yaml.org,2002:"
_OF_TAGS = {
    f"{_STANDARD}{name}": kind
    for name, kind in {
        "bool": Kind.BOOLEAN,
        "float": Kind.FLOAT,
        "int": Kind.INTEGER,
        "null": Kind.NULL,
        "timestamp": Kind.TIMESTAMP,
    }.items()
}


def kind_of(text: str, tag: str | None, *, is_plain: bool) -> Kind:
    """Tell the kind of a scalar: its tag decides, else what it looks like if it is plain."""
    if tag is not None:
        return _OF_TAGS.get(tag, Kind.STRING)
    if not is_plain:
        return Kind.STRING
    if not text:
        return Kind.NULL
    if text[0] in _STARTS:
        for kind, pattern in _KINDS.items():
            if pattern.fullmatch(text):
                return kind
    return Kind.STRING
