"""BL33x and BL38x: the pairs of ENV and LABEL."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from buildlint.language.syntax import Env, Invalid, Label, Pair, Quoting, Reason
from buildlint.lint.context import Context
from buildlint.lint.rules.comments import trailing_comment
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import ServiceCode
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# --- ENV -----------------------------------------------------------------------------------------


def _without_comment(pairs: Sequence[Pair]) -> tuple[Sequence[Pair], Sequence[Pair]]:
    """Split pairs from what was meant as a comment behind them."""
    for index, pair in enumerate(pairs):
        if pair.name.text.startswith("#"):
            return pairs[:index], pairs[index:]
    return pairs, ()


_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*")


@rule(
    Env,
    "BL330",
    "env-without-value",
    Severity.ERROR,
    summary=N_("ENV sets a variable without a value"),
    service_code=ServiceCode.INVALID_ENV,
    bad=FROM + "ENV JAVA_HOME\n",
    good=FROM + 'ENV JAVA_HOME="/usr/lib/jvm/java-17"\n',
)
def env_without_value(node: Env, context: Context) -> Iterator[Finding]:
    """ENV sets variables: `ENV <name>="<value>" …`, or `ENV <name> <value>` for one variable.
    Values cannot be passed in from outside, and a value with spaces must be quoted.
    """
    pairs, comment = _without_comment(node.pairs)
    for pair in pairs:
        if pair.value is None:
            yield _no_value(pair)
    if comment:
        yield trailing_comment(comment)


def _no_value(pair: Pair) -> Finding:
    text = N_('`{name}` has no value; use `{name}="<value>"`')
    return Finding(pair.span, Message(text, {"name": shown(pair.name.text)}))


@rule(
    Env,
    "BL331",
    "env-name",
    Severity.ERROR,
    summary=N_("A variable name is not valid"),
    service_code=ServiceCode.INVALID_ENV,
    bad=FROM + 'ENV http-proxy="http://10.0.0.1:3128"\n',
    good=FROM + 'ENV http_proxy="http://10.0.0.1:3128"\n',
)
def env_name(node: Env, context: Context) -> Iterator[Finding]:
    """A shell can read only variables whose names consist of ASCII letters, digits and underscores,
    and do not start with a digit.
    """
    for pair in _without_comment(node.pairs)[0]:
        if not _IDENTIFIER.fullmatch(pair.name.text):
            message = Message(
                N_(
                    "`{name}` is not a valid variable name; use letters, digits and underscores, "
                    "not starting with a digit"
                ),
                {"name": shown(pair.name.text) or '""'},
            )
            yield Finding(pair.name.span if pair.name.text else pair.span, message)


@rule(
    Env,
    "BL332",
    "env-unquoted-value",
    Severity.ERROR,
    summary=N_("A variable's value is not in double quotes"),
    service_code=ServiceCode.INVALID_ENV,
    bad=FROM + "ENV APP_HOME=/opt/app\n",
    good=FROM + 'ENV APP_HOME="/opt/app"\n',
)
def env_unquoted_value(node: Env, context: Context) -> Iterator[Finding]:
    """In the form `<name>="<value>"`, the service requires double quotes around the whole value,
    even if Docker does not.
    """
    if node.is_single:
        return
    pairs, _ = _without_comment(node.pairs)
    for pair, following in zip_longest(pairs, pairs[1:]):
        value = pair.value
        if not value or not pair.name.text or value.quoting in (Quoting.DOUBLE, Quoting.UNCLOSED):
            continue
        quoted = _quoted(value.text)
        text = N_("the value of `{name}` must be in double quotes: `{name}={quoted}`")
        fields = {"name": shown(pair.name.text), "quoted": shown(quoted)}
        # Backslashes and dollars mean different things in different quotes; and a word without
        # a value behind an empty one is most likely that value.
        is_torn = not value.text and following is not None and following.value is None
        is_safe = not re.search(r"[\\$`]", value.text) and not is_torn
        fix = Fix(Message(N_("Add double quotes")), (Edit(value.span, quoted),), safe=is_safe)
        at = value.span if value.text else pair.span
        yield Finding(at, Message(text, fields), fix)


_QUOTED_PARTS = regex(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)


def _quoted(text: str) -> str:
    """Put a value into double quotes, whatever quotes it had."""
    parts = (
        single.replace("\\", "\\\\").replace('"', '\\"')
        if single
        else double or plain or (f"\\{escaped}" if escaped in '"\\$`' else escaped)
        for single, double, escaped, plain in _QUOTED_PARTS.findall(text)
    )
    return f'"{"".join(parts)}"'


@rule(
    Env,
    "BL333",
    "env-unclosed-quote",
    Severity.ERROR,
    summary=N_("A variable's value has no closing quote"),
    service_code=ServiceCode.INVALID_ENV,
    bad=FROM + 'ENV JAVA_OPTS="-Xms512m -Xmx2g\n',
    good=FROM + 'ENV JAVA_OPTS="-Xms512m -Xmx2g"\n',
)
def env_unclosed_quote(node: Env, context: Context) -> Iterator[Finding]:
    r"""A value ends at its closing quote. Without it, the rest of the command would belong to the
    value. Use `\"` for a quote inside a value.
    """
    for pair in _without_comment(node.pairs)[0]:
        if pair.value and pair.value.quoting is Quoting.UNCLOSED:
            yield _unclosed(pair, pair.value.span)


def _unclosed(pair: Pair, span: Span) -> Finding:
    text = N_("the value of `{name}` has no closing quote; add it")
    return Finding(span, Message(text, {"name": shown(pair.name.text)}))


# What may be meant is part of a requirement: `==1.2`, `=1.24.0`.
_ASSIGNED = regex(r"=(?![=~]|[0-9]++[.:*-])[ \t]*")


@rule(
    Env,
    "BL334",
    "env-blank-before-equals",
    Severity.WARNING,
    summary=N_("The value of a variable starts with an equals sign"),
    bad=FROM + 'ENV APP_HOME = "/opt/app"\n',
    good=FROM + 'ENV APP_HOME="/opt/app"\n',
)
def env_blank_before_equals(node: Env, context: Context) -> Iterator[Finding]:
    """If a space follows the name, the rest of the line is the value: the value of `ENV A = b` is
    `= b`. The service accepts it, and every program that reads the variable gets the equals sign.
    """
    pair = node.pairs[0]
    if not node.is_single or not pair.value or pair.value.text[0] != "=":
        return
    equals = _ASSIGNED.match(pair.value.text)
    if not equals:
        return
    value = pair.value.text[equals.end() :]
    quoted = _quoted(value)
    fields = {
        "name": shown(pair.name.text),
        "value": shown(pair.value.text),
        "quoted": shown(quoted),
    }
    text = N_("the value of `{name}` is `{value}`; remove the spaces: `{name}={quoted}`")
    span = Span(pair.name.span.end, pair.value.span.end)
    fix = None
    if _ONE_WORD.fullmatch(value):
        is_safe = not re.search(r"[\\$`]", value)
        fix = Fix(Message(N_("Remove the spaces")), (Edit(span, f"={quoted}"),), safe=is_safe)
    yield Finding(pair.value.span, Message(text, fields), fix)


_ONE_WORD = regex(r"""[^\s"'#]+|"[^"\\]*"|'[^']*'""")


@rule(
    Env,
    "BL335",
    "env-without-blank",
    Severity.WARNING,
    summary=N_("Two variables of an ENV are separated only by a line continuation"),
    bad=FROM + 'ENV A="1"\\\nB="2"\n',
    good=FROM + 'ENV A="1" \\\nB="2"\n',
)
def env_without_blank(node: Env, context: Context) -> Iterator[Finding]:
    """A backslash joins two lines without a space. The service's own example writes a LABEL like
    this, and reads two pairs; for ENV this is not documented, and Docker reads one value.
    `buildlint compile` adds the space.
    """
    for first, second in pairwise(node.pairs):
        end = first.span.end
        if context.source.text.startswith("\\", end) and end < second.span.start:
            text = N_("`{name}` follows without a space; add one before the backslash")
            fields = {"name": shown(second.name.text)}
            message = Message(N_("Add a space before the backslash"))
            fix = Fix(message, (Edit(Span(end, end), " "),), safe=True)
            yield Finding(Span(end, end + 1), Message(text, fields), fix)


# --- LABEL ---------------------------------------------------------------------------------------


@rule(
    (Label, Invalid),
    "BL380",
    "malformed-label",
    Severity.ERROR,
    summary=N_('A LABEL does not have the form `<name>="<value>"`'),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "LABEL team platform\n",
    good=FROM + 'LABEL team="platform"\n',
)
def malformed_label(node: Label | Invalid, context: Context) -> Iterator[Finding]:
    """LABEL is a list of `<name>="<value>"`. Docker's old form without an equals sign is not
    supported, and quotes must be closed.
    """
    if isinstance(node, Invalid):
        if node.command == "LABEL" and node.reason is Reason.MALFORMED:
            text = N_(
                'the previous label ends here; use `<name>="<value>"`, and separate labels with a '
                "space"
            )
            yield Finding(node.place, Message(text))
        return
    pairs, comment = _without_comment(node.pairs)
    for pair in pairs:
        if pair.value is None:
            yield _no_value(pair)
        elif not pair.name.text.strip("\"'"):
            yield Finding(pair.span, Message(N_('a label has no name; use `<name>="<value>"`')))
        elif pair.value.quoting is Quoting.UNCLOSED:
            yield _unclosed(pair, pair.value.span)
        elif pair.value.quoting is Quoting.MIXED and pair.value.text.startswith(("'", '"')):
            text = N_("the quotes of `{name}` close before its value ends; add a space")
            yield Finding(pair.value.span, Message(text, {"name": shown(pair.name.text)}))
    if comment:
        yield trailing_comment(comment)
