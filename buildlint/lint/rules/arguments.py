"""BL32x to BL39x: what may follow RUN, WORKDIR, USER, CMD, ENTRYPOINT and COMPONENT."""

from collections.abc import Iterator

from buildlint.language.syntax import ExecForm, Invalid, Reason, Run, User, Workdir, covering
from buildlint.lint.context import Context
from buildlint.lint.rules.comments import is_comment, trailing_comment
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import COMMANDS, ServiceCode
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

# --- RUN -----------------------------------------------------------------------------------------


@rule(
    Run,
    "BL320",
    "run-here-document",
    Severity.ERROR,
    summary=N_("RUN contains a heredoc"),
    service_code=ServiceCode.INVALID_RUN,
    bad=FROM + "RUN cat > /etc/motd <<EOF\nWelcome\nEOF\n",
    good=FROM + "RUN printf '%s\\n' 'Welcome' > /etc/motd\n",
)
def run_here_document(node: Run, context: Context) -> Iterator[Finding]:
    """Heredocs are a newer Docker feature. In a template, a command is one line, together with its
    continuation lines; the lines of a heredoc would be read as commands.
    """
    for document in node.here_documents:
        message = Message(
            N_(
                "heredocs are not supported in RUN; use `printf '%s\\n' 'first line' 'second line' "
                "> FILE`"
            )
        )
        yield Finding(document.span, message)


@rule(
    Run,
    "BL321",
    "run-build-flag",
    Severity.ERROR,
    summary=N_("RUN has a build flag"),
    service_code=ServiceCode.INVALID_RUN,
    bad=FROM + "RUN --mount=type=cache,target=/var/cache/apt apt-get update\n",
    good=FROM + "RUN apt-get update\n",
)
def run_build_flag(node: Run, context: Context) -> Iterator[Finding]:
    """`--mount`, `--network` and `--security` control Docker's builder. In a template, RUN is a
    shell script on an instance: there is no build cache to mount, and no other network.
    """
    for flag in node.flags:
        text = N_("RUN does not support build flags such as `{flag}`; remove it")
        yield Finding(flag.span, Message(text, {"flag": shown(flag.text)}))


@rule(
    Run,
    "BL322",
    "run-exec-form",
    Severity.WARNING,
    summary=N_("RUN uses the JSON array (exec) form"),
    bad=FROM + 'RUN ["apt-get", "update"]\n',
    good=FROM + "RUN apt-get update\n",
)
def run_exec_form(node: Run, context: Context) -> Iterator[Finding]:
    """Docker runs `RUN ["exe", "arg"]` without a shell. Image Builder documents this form only for
    CMD and ENTRYPOINT; in RUN, a shell would look for a program named `[apt-get,`. In single quotes
    it is not JSON either.
    """
    text, start = node.arguments, node.shell or 0
    if text and (array := _QUOTED_ARRAY.match(text.text[start:])):
        from shlex import join  # noqa: PLC0415 - only mistakes pay for it

        script = join(_QUOTED.findall(array["array"]))
        message = Message(
            N_(
                "this is meant as a JSON array, which is not documented for RUN and has no single "
                "quotes; use `RUN {script}`"
            ),
            {"script": shown(script)},
        )
        span = text.at(start, start + len(array["array"]))
        fix = Fix(Message(N_("Rewrite as a shell command")), (Edit(span, script),), safe=True)
        yield Finding(span, message, fix if script.isprintable() else None)
    if node.exec_form:
        script = _shell_form(node.exec_form)
        message = Message(
            N_("the JSON array form is not documented for RUN; use `RUN {script}`"),
            {"script": shown(script)},
        )
        edit = Edit(node.exec_form.span, script)
        # A line end in an argument would end the command.
        fix = Fix(Message(N_("Rewrite as a shell command")), (edit,), safe=True)
        yield Finding(node.exec_form.span, message, fix if script.isprintable() else None)


# The words of an array in single quotes: `['a', 'b']`.
_QUOTED_ARRAY = regex(r"\A(?P<array>\[\s*+'[^'\\]*+'\s*+(?>(?:,\s*+'[^'\\]*+'\s*+)*)\])\s*+\Z")
_QUOTED = regex(r"'([^']*+)'")


def _shell_form(form: ExecForm) -> str:
    from json import loads  # noqa: PLC0415 - only mistakes pay for it
    from shlex import join  # noqa: PLC0415

    return join(str(loads(argument.text)) for argument in form.arguments)


# --- WORKDIR, USER -------------------------------------------------------------------------------


@rule(
    Workdir,
    "BL340",
    "workdir-extra-words",
    Severity.ERROR,
    summary=N_("WORKDIR has more than one path"),
    service_code=ServiceCode.INVALID_WORKDIR,
    bad=FROM + "WORKDIR /opt/my app\n",
    good=FROM + "WORKDIR /opt/my-app\n",
)
def workdir_extra_words(node: Workdir, context: Context) -> Iterator[Finding]:
    """WORKDIR sets one directory for the following commands. Paths with spaces are not supported,
    even in quotes.
    """
    if is_comment(node.paths[1:]):
        yield trailing_comment(node.paths[1:])
    elif len(node.paths) > 1:
        message = Message(
            N_("WORKDIR takes one path without spaces; remove `{words}`, or use another path"),
            {"words": shown(" ".join(path.text for path in node.paths[1:]))},
        )
        yield Finding(covering(node.paths[1:]), message)


@rule(
    User,
    "BL360",
    "user-extra-words",
    Severity.ERROR,
    summary=N_("USER takes one user name"),
    service_code=ServiceCode.INVALID_USER,
    bad=FROM + "USER app staff\n",
    good=FROM + "USER app\n",
)
def user_extra_words(node: User, context: Context) -> Iterator[Finding]:
    """USER sets the user that the following commands run as. The user must already exist."""
    if is_comment(node.names[1:]):
        yield trailing_comment(node.names[1:])
    elif len(node.names) > 1:
        message = Message(
            N_("USER takes one user name; remove `{words}`"),
            {"words": shown(" ".join(name.text for name in node.names[1:]))},
        )
        yield Finding(covering(node.names[1:]), message)


@rule(
    User,
    "BL361",
    "user-with-group",
    Severity.ERROR,
    summary=N_("USER has a group"),
    service_code=ServiceCode.INVALID_USER,
    bad=FROM + "USER app:staff\n",
    good=FROM + "USER app\n",
)
def user_with_group(node: User, context: Context) -> Iterator[Finding]:
    """Docker's `USER <user>:<group>` is not supported. Commands run with the user's primary group,
    which `usermod -g` sets.
    """
    if node.group:
        message = Message(
            N_(
                "USER does not support a group; remove `{group}`, or set it beforehand with "
                "`RUN usermod -g`"
            ),
            {"group": shown(node.group.text)},
        )
        fix = Fix(Message(N_("Remove the group")), (Edit(node.group.span, ""),), safe=False)
        yield Finding(node.group.span, message, fix if node.names else None)


# --- CMD, ENTRYPOINT, COMPONENT ------------------------------------------------------------------


def _malformed_array(node: Invalid, command: str) -> Iterator[Finding]:
    if node.command == command and node.reason is Reason.MALFORMED:
        message = Message(
            N_(
                "{command} starts with `[` but is not a valid JSON array of strings; use "
                "`{example}`, or remove the bracket"
            ),
            {"command": command, "example": COMMANDS[command].example},
        )
        yield Finding(node.place, message)


@rule(
    Invalid,
    "BL370",
    "malformed-cmd",
    Severity.ERROR,
    summary=N_("CMD starts with `[` but is not a JSON array of strings"),
    service_code=ServiceCode.INVALID_CMD,
    bad=FROM + "CMD ['/usr/bin/app', '--port', '80']\n",
    good=FROM + 'CMD ["/usr/bin/app", "--port", "80"]\n',
)
def malformed_cmd(node: Invalid, context: Context) -> Iterator[Finding]:
    """`CMD ["exe", "arg"]` must be valid JSON: strings in double quotes, separated by commas, no
    trailing comma, backslashes doubled. Without a leading bracket, it is a shell command.
    """
    yield from _malformed_array(node, "CMD")


@rule(
    Invalid,
    "BL371",
    "malformed-entrypoint",
    Severity.ERROR,
    summary=N_("ENTRYPOINT starts with `[` but is not a JSON array of strings"),
    service_code=ServiceCode.INVALID_ENTRYPOINT,
    bad=FROM + 'ENTRYPOINT ["/usr/bin/app",]\n',
    good=FROM + 'ENTRYPOINT ["/usr/bin/app"]\n',
)
def malformed_entrypoint(node: Invalid, context: Context) -> Iterator[Finding]:
    """`ENTRYPOINT ["exe", "arg"]` must be valid JSON: strings in double quotes, separated by
    commas, no trailing comma, backslashes doubled. Without a leading bracket, it is a shell
    command.
    """
    yield from _malformed_array(node, "ENTRYPOINT")


@rule(
    Invalid,
    "BL390",
    "malformed-component",
    Severity.ERROR,
    summary=N_("COMPONENT does not match any documented form"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "COMPONENT nginx\n",
    good=FROM + "COMPONENT ic-bp67acfmxazb4p0abcde --version 1.24\n",
)
def malformed_component(node: Invalid, context: Context) -> Iterator[Finding]:
    """A component is given by its ID, `ic-…`, followed by its parameters as `--<name> <value>`, or
    by its resource name, `acs:ecs:<region>:<account>:imagecomponent/<name>/<version>`. Each of the
    three numbers of the version (`1.2.3`) may be an asterisk.
    """
    if node.command != "COMPONENT":
        return
    if node.reason is Reason.NO_ARGUMENTS:
        text = N_("COMPONENT has no component; add its ID: `ic-<id>`")
        yield Finding(node.span, Message(text))
    elif node.reason is Reason.MALFORMED:
        text = N_(
            "not a valid COMPONENT; use `ic-<id>`, `ic-<id> --<name> <value> …`, or "
            "`acs:ecs:<region>:<account>:imagecomponent/<name>/<version>`"
        )
        yield Finding(node.place, Message(text))
