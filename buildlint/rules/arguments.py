"""BL32x to BL39x: what may follow a keyword."""

import re
from collections.abc import Iterator, Sequence

from buildlint.contract import COMMANDS, URL_SCHEMES, ServiceCode
from buildlint.diagnostics import Edit, Finding, Fix, Severity
from buildlint.messages import N_, Message, shown
from buildlint.rules.registry import Context, rule
from buildlint.syntax import (
    Copy,
    Env,
    ExecForm,
    Invalid,
    Label,
    Location,
    Pair,
    Quoting,
    Reason,
    Run,
    Span,
    User,
    Word,
    Workdir,
)

_FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


def _whole(words: Sequence[Word | Location]) -> Span:
    return Span(words[0].span.start, words[-1].span.end)


# --- RUN -----------------------------------------------------------------------------------------


@rule(
    Run,
    "BL320",
    "run-here-document",
    Severity.ERROR,
    summary=N_("A RUN holds a here-document"),
    service_code=ServiceCode.INVALID_RUN,
    bad=_FROM + "RUN cat > /etc/motd <<EOF\nWelcome\nEOF\n",
    good=_FROM + "RUN printf '%s\\n' 'Welcome' > /etc/motd\n",
)
def run_here_document(node: Run, context: Context) -> Iterator[Finding]:
    """Here-documents are an extension of newer Docker versions. Here a command is one line, joined
    from its continuations, and the lines of a here-document would be commands of their own.
    """
    for document in node.here_documents:
        message = Message(
            N_(
                "here-documents are not supported in a RUN: its lines would be read as commands; "
                "write the text with printf '%s\\n' 'first line' 'second line' > FILE"
            )
        )
        yield Finding(document.span, message)


@rule(
    Run,
    "BL321",
    "run-build-flag",
    Severity.ERROR,
    summary=N_("RUN takes no build flags"),
    service_code=ServiceCode.INVALID_RUN,
    bad=_FROM + "RUN --mount=type=cache,target=/var/cache/apt apt-get update\n",
    good=_FROM + "RUN apt-get update\n",
)
def run_build_flag(node: Run, context: Context) -> Iterator[Finding]:
    """`--mount`, `--network` and `--security` are orders to Docker's builder. Here a RUN is a shell
    script on an instance: there is no build cache to mount, and no other network.
    """
    for flag in node.flags:
        text = N_("RUN takes no build flags such as {flag}: the instance has no builder; delete it")
        yield Finding(flag.span, Message(text, {"flag": shown(flag.text)}))


@rule(
    Run,
    "BL322",
    "run-exec-form",
    Severity.WARNING,
    summary=N_("A RUN has the form of a JSON array"),
    bad=_FROM + 'RUN ["apt-get", "update"]\n',
    good=_FROM + "RUN apt-get update\n",
)
def run_exec_form(node: Run, context: Context) -> Iterator[Finding]:
    """Docker runs `RUN ["exe", "arg"]` without a shell. Image Builder documents this form for CMD
    and ENTRYPOINT only; a shell that gets it looks for a program named `[apt-get,`.
    """
    if node.exec_form:
        script = _shell_form(node.exec_form)
        message = Message(
            N_("the form of a JSON array is not documented for RUN; write RUN {script}"),
            {"script": shown(script)},
        )
        fix = Fix(
            Message(N_("Write it as a shell command")),
            (Edit(node.exec_form.span, script),),
            safe=True,
        )
        yield Finding(node.exec_form.span, message, fix)


def _shell_form(form: ExecForm) -> str:
    from json import loads  # noqa: PLC0415 - only mistakes pay for it
    from shlex import join  # noqa: PLC0415

    return join(str(loads(argument.text)) for argument in form.arguments)


# --- ENV -----------------------------------------------------------------------------------------

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@rule(
    Env,
    "BL330",
    "env-without-value",
    Severity.ERROR,
    summary=N_("An ENV names a variable without a value"),
    service_code=ServiceCode.INVALID_ENV,
    bad=_FROM + "ENV JAVA_HOME\n",
    good=_FROM + 'ENV JAVA_HOME="/usr/lib/jvm/java-17"\n',
)
def env_without_value(node: Env, context: Context) -> Iterator[Finding]:
    """ENV sets variables: `ENV <name>="<value>" …`, or `ENV <name> <value>` for a single one. There
    is no form that takes a value from outside, and a value that holds blanks needs its quotes.
    """
    for pair in node.pairs:
        if pair.value is None:
            message = Message(
                N_('{name} has no value; write {name}="<value>"'), {"name": shown(pair.name.text)}
            )
            yield Finding(pair.span, message)


@rule(
    Env,
    "BL331",
    "env-name",
    Severity.ERROR,
    summary=N_("The name of a variable is no shell identifier"),
    service_code=ServiceCode.INVALID_ENV,
    bad=_FROM + 'ENV http-proxy="http://10.0.0.1:3128"\n',
    good=_FROM + 'ENV http_proxy="http://10.0.0.1:3128"\n',
)
def env_name(node: Env, context: Context) -> Iterator[Finding]:
    """A variable that a shell can read has a name of ASCII letters, digits and underscores that
    does not start with a digit.
    """
    for pair in node.pairs:
        if not _IDENTIFIER.fullmatch(pair.name.text):
            message = Message(
                N_(
                    "{name} is no name of a variable: only ASCII letters, digits and underscores, "
                    "and no digit at the start"
                ),
                {"name": shown(pair.name.text) or '""'},
            )
            yield Finding(pair.name.span if pair.name.text else pair.span, message)


@rule(
    Env,
    "BL332",
    "env-unquoted-value",
    Severity.ERROR,
    summary=N_("The value of a variable is not in double quotes"),
    service_code=ServiceCode.INVALID_ENV,
    bad=_FROM + "ENV APP_HOME=/opt/app\n",
    good=_FROM + 'ENV APP_HOME="/opt/app"\n',
)
def env_unquoted_value(node: Env, context: Context) -> Iterator[Finding]:
    """In the form `<name>="<value>"` the service wants each value in double quotes, all of it, and
    also where Docker would not need them.
    """
    for pair in node.pairs:
        value = pair.value
        if node.is_single or not value or value.quoting in (Quoting.DOUBLE, Quoting.UNCLOSED):
            continue
        quoted = _quoted(value.text)
        text = N_("the value of {name} must be in double quotes: {name}={quoted}")
        fields = {"name": shown(pair.name.text), "quoted": shown(quoted)}
        # Backslashes and dollars mean different things in different quotes.
        is_safe = not re.search(r"[\\$`]", value.text)
        fix = Fix(Message(N_("Quote the value")), (Edit(value.span, quoted),), safe=is_safe)
        at = value.span if value.text else pair.span
        yield Finding(at, Message(text, fields), fix)


_QUOTED_PARTS = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)


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
    summary=N_("The quotes of a variable's value do not close"),
    service_code=ServiceCode.INVALID_ENV,
    bad=_FROM + 'ENV JAVA_OPTS="-Xms512m -Xmx2g\n',
    good=_FROM + 'ENV JAVA_OPTS="-Xms512m -Xmx2g"\n',
)
def env_unclosed_quote(node: Env, context: Context) -> Iterator[Finding]:
    r"""A value ends at its closing quote. Without one, everything up to the end of the command
    would belong to it. A quote inside a value is written `\"`.
    """
    for pair in node.pairs:
        if pair.value and pair.value.quoting is Quoting.UNCLOSED:
            yield _unclosed(pair, pair.value.span)


def _unclosed(pair: Pair, span: Span) -> Finding:
    text = N_("the quotes of {name} do not close; write the closing quote behind its value")
    return Finding(span, Message(text, {"name": shown(pair.name.text)}))


# --- WORKDIR, USER -------------------------------------------------------------------------------


@rule(
    Workdir,
    "BL340",
    "workdir-extra-words",
    Severity.ERROR,
    summary=N_("WORKDIR takes one path"),
    service_code=ServiceCode.INVALID_WORKDIR,
    bad=_FROM + "WORKDIR /opt/my app\n",
    good=_FROM + "WORKDIR /opt/my-app\n",
)
def workdir_extra_words(node: Workdir, context: Context) -> Iterator[Finding]:
    """WORKDIR sets one directory for the commands below it. A path with blanks cannot be written,
    also not in quotes.
    """
    if len(node.paths) > 1:
        message = Message(
            N_("WORKDIR takes one path, without blanks; delete {words}, or choose another path"),
            {"words": shown(" ".join(path.text for path in node.paths[1:]))},
        )
        yield Finding(_whole(node.paths[1:]), message)


@rule(
    User,
    "BL360",
    "user-extra-words",
    Severity.ERROR,
    summary=N_("USER takes one name"),
    service_code=ServiceCode.INVALID_USER,
    bad=_FROM + "USER app staff\n",
    good=_FROM + "USER app\n",
)
def user_extra_words(node: User, context: Context) -> Iterator[Finding]:
    """USER names the one user as whom the commands below it run; that user must exist by then."""
    if len(node.names) > 1:
        message = Message(
            N_("USER takes one name; delete {words}"),
            {"words": shown(" ".join(name.text for name in node.names[1:]))},
        )
        yield Finding(_whole(node.names[1:]), message)


@rule(
    User,
    "BL361",
    "user-with-group",
    Severity.ERROR,
    summary=N_("USER takes no group"),
    service_code=ServiceCode.INVALID_USER,
    bad=_FROM + "USER app:staff\n",
    good=_FROM + "USER app\n",
)
def user_with_group(node: User, context: Context) -> Iterator[Finding]:
    """Docker's `USER <user>:<group>` does not exist here. The group is the primary one of the user,
    which `usermod -g` sets.
    """
    if node.group:
        message = Message(
            N_("USER takes no group; delete {group}, or set it before with RUN usermod -g"),
            {"group": shown(node.group.text)},
        )
        fix = Fix(Message(N_("Delete the group")), (Edit(node.group.span, ""),), safe=False)
        yield Finding(node.group.span, message, fix if node.names else None)


# --- COPY ----------------------------------------------------------------------------------------


@rule(
    Copy,
    "BL350",
    "copy-arguments",
    Severity.ERROR,
    summary=N_("COPY takes one source and one directory"),
    service_code=ServiceCode.INVALID_COPY,
    bad=_FROM + "COPY /opt/a.conf /opt/b.conf /etc/app\n",
    good=_FROM + "COPY /opt/a.conf /etc/app\nCOPY /opt/b.conf /etc/app\n",
)
def copy_arguments(node: Copy, context: Context) -> Iterator[Finding]:
    """COPY has two forms: `COPY <url> <directory>` and `COPY <path> <directory>`. For several
    files write several COPYs, or a RUN with cp. Docker's form of a JSON array does not exist here.
    """
    places = node.locations
    if places and places[0].text.startswith("["):
        text = N_("COPY takes no JSON array; write COPY <source> <directory>")
        yield Finding(_whole(places), Message(text))
    elif len(places) == 1:
        text = N_("COPY has no directory to copy to; write COPY {source} <directory>")
        yield Finding(places[0].span, Message(text, {"source": shown(places[0].text)}))
    elif not places:
        text = N_("COPY has neither source nor directory; write COPY <source> <directory>")
        yield Finding(node.span, Message(text))
    elif len(places) > 2:  # noqa: PLR2004 - source and directory
        text = N_("COPY takes one source and one directory; write one COPY for each source")
        yield Finding(_whole(places[1:-1]), Message(text))


@rule(
    Copy,
    "BL351",
    "copy-flag",
    Severity.ERROR,
    summary=N_("COPY takes no flags"),
    service_code=ServiceCode.INVALID_COPY,
    bad=_FROM + "COPY --chown=app:app /opt/app.jar /srv\n",
    good=_FROM + "COPY /opt/app.jar /srv\nRUN chown app:app /srv/app.jar\n",
)
def copy_flag(node: Copy, context: Context) -> Iterator[Finding]:
    """`--from`, `--chown` and `--chmod` are Docker's. Here there are no stages to copy from; owner
    and mode are set by a RUN behind the COPY.
    """
    for flag in node.flags:
        text = N_("COPY takes no flags; delete {flag}, and set owner and mode with a RUN behind it")
        yield Finding(flag.span, Message(text, {"flag": shown(flag.text)}))


@rule(
    Copy,
    "BL352",
    "copy-url-query",
    Severity.ERROR,
    summary=N_("The URL of a COPY has a query string"),
    service_code=ServiceCode.INVALID_COPY,
    bad=_FROM + "COPY https://example.com/app.jar?version=2 /opt\n",
    good=_FROM + "COPY https://example.com/2/app.jar /opt\n",
)
def copy_url_query(node: Copy, context: Context) -> Iterator[Finding]:
    """The file is fetched with wget and named after the end of its URL; the service takes no query
    strings, signed URLs of OSS included. Fetch such a file by a RUN with curl -o.
    """
    for location in node.locations:
        if location.query:
            message = Message(
                N_(
                    "COPY takes no URL with a query string; delete {query}, or fetch the file with "
                    'RUN curl -fsSL -o <file> "<url>"'
                ),
                {"query": shown(location.query.text)},
            )
            yield Finding(location.query.span, message)


@rule(
    Copy,
    "BL353",
    "copy-url-scheme",
    Severity.ERROR,
    summary=N_("The URL of a COPY is not one for wget"),
    service_code=ServiceCode.INVALID_COPY,
    bad=_FROM + "COPY oss://my-bucket/app.jar /opt\n",
    good=_FROM + "COPY https://my-bucket.oss-cn-hangzhou-internal.aliyuncs.com/app.jar /opt\n",
)
def copy_url_scheme(node: Copy, context: Context) -> Iterator[Finding]:
    """The build instance fetches the file with wget, which speaks http, https and ftp. An object in
    OSS has a URL of that kind, too.
    """
    for location in node.locations:
        if location.scheme and location.scheme.text.lower() not in URL_SCHEMES:
            message = Message(
                N_(
                    "COPY fetches with wget, which does not know {scheme}; write a URL with "
                    "http://, https:// or ftp://"
                ),
                {"scheme": location.scheme.text},
            )
            yield Finding(location.scheme.span, message)


@rule(
    Copy,
    "BL354",
    "copy-here-document",
    Severity.ERROR,
    summary=N_("The source of a COPY is a here-document"),
    service_code=ServiceCode.INVALID_COPY,
    bad=_FROM + "COPY <<EOF /etc/motd.d\nWelcome\nEOF\n",
    good=_FROM + "RUN printf '%s\\n' 'Welcome' > /etc/motd.d/welcome\n",
)
def copy_here_document(node: Copy, context: Context) -> Iterator[Finding]:
    """Here-documents are an extension of newer Docker versions. Here COPY takes a URL, or a path on
    the build instance.
    """
    for document in node.here_documents:
        text = N_(
            "COPY takes a URL or a path, no here-document; write the text with "
            "RUN printf '%s\\n' 'first line' 'second line' > FILE"
        )
        yield Finding(document.span, Message(text))


@rule(
    Copy,
    "BL355",
    "copy-relative-path",
    Severity.WARNING,
    summary=N_("COPY copies a relative path, but there is no build context"),
    bad=_FROM + "COPY ./nginx.conf /etc/nginx\n",
    good=_FROM + "COPY https://example.com/nginx.conf /etc/nginx\n",
)
def copy_relative_path(node: Copy, context: Context) -> Iterator[Finding]:
    """The source of a COPY is a path on the build instance. Files beside the template never get
    there: put them where the instance can fetch them, and write their URL, or write their content
    with a RUN.
    """
    for location in node.locations[:1]:
        if not (location.scheme or location.text.startswith(("/", "[", "<<"))):
            message = Message(
                N_(
                    "{path} is looked for on the build instance, there is no build context; "
                    "write a URL, or an absolute path if the base image holds the file"
                ),
                {"path": shown(location.text)},
            )
            yield Finding(location.span, message)


# --- CMD, ENTRYPOINT, LABEL, COMPONENT -----------------------------------------------------------


def _malformed_array(node: Invalid, command: str) -> Iterator[Finding]:
    if node.command == command and node.reason is Reason.MALFORMED:
        message = Message(
            N_(
                "{command} starts with [ but is no JSON array of strings from here on; write "
                "{example}, with double quotes and commas, or leave out the bracket"
            ),
            {"command": command, "example": COMMANDS[command].example},
        )
        yield Finding(node.place, message)


@rule(
    Invalid,
    "BL370",
    "malformed-cmd",
    Severity.ERROR,
    summary=N_("CMD starts with [ but is no JSON array of strings"),
    service_code=ServiceCode.INVALID_CMD,
    bad=_FROM + "CMD ['/usr/bin/app', '--port', '80']\n",
    good=_FROM + 'CMD ["/usr/bin/app", "--port", "80"]\n',
)
def malformed_cmd(node: Invalid, context: Context) -> Iterator[Finding]:
    """`CMD ["exe", "arg"]` is JSON: strings in double quotes, commas between them, no comma at the
    end, a backslash doubled. What does not start with a bracket is a shell command.
    """
    yield from _malformed_array(node, "CMD")


@rule(
    Invalid,
    "BL371",
    "malformed-entrypoint",
    Severity.ERROR,
    summary=N_("ENTRYPOINT starts with [ but is no JSON array of strings"),
    service_code=ServiceCode.INVALID_ENTRYPOINT,
    bad=_FROM + 'ENTRYPOINT ["/usr/bin/app",]\n',
    good=_FROM + 'ENTRYPOINT ["/usr/bin/app"]\n',
)
def malformed_entrypoint(node: Invalid, context: Context) -> Iterator[Finding]:
    """`ENTRYPOINT ["exe", "arg"]` is JSON: strings in double quotes, commas between them, no comma
    at the end, a backslash doubled. What does not start with a bracket is a shell command.
    """
    yield from _malformed_array(node, "ENTRYPOINT")


@rule(
    (Label, Invalid),
    "BL380",
    "malformed-label",
    Severity.ERROR,
    summary=N_('A LABEL is not of the form <name>="<value>"'),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=_FROM + "LABEL team platform\n",
    good=_FROM + 'LABEL team="platform"\n',
)
def malformed_label(node: Label | Invalid, context: Context) -> Iterator[Finding]:
    """A LABEL is a list of `<name>="<value>"`. Docker's old form without an equals sign does not
    exist here, and quotes must close.
    """
    if isinstance(node, Invalid):
        if node.command == "LABEL" and node.reason is Reason.MALFORMED:
            text = N_('a label ends here; write <name>="<value>", with a blank between two of them')
            yield Finding(node.place, Message(text))
        return
    for pair in node.pairs:
        if pair.value is None:
            text = N_('{name} has no value; write {name}="<value>"')
            yield Finding(pair.span, Message(text, {"name": shown(pair.name.text)}))
        elif not pair.name.text:
            text = N_('a label has no name; write <name>="<value>"')
            yield Finding(pair.span, Message(text))
        elif pair.value.quoting is Quoting.UNCLOSED:
            yield _unclosed(pair, pair.value.span)


@rule(
    Invalid,
    "BL390",
    "malformed-component",
    Severity.ERROR,
    summary=N_("A COMPONENT is of none of the documented forms"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=_FROM + "COMPONENT nginx\n",
    good=_FROM + "COMPONENT ic-bp67acfmxazb4p0abcde --version 1.24\n",
)
def malformed_component(node: Invalid, context: Context) -> Iterator[Finding]:
    """A component is named by its id, `ic-…`, with parameters `--<name> <value>` if it has some, or
    by its resource name, `acs:ecs:<region>:<account>:imagecomponent/<name>/<version>`, in whose
    version (`1.2.3`) an asterisk may stand for each of the three numbers.
    """
    if node.command != "COMPONENT":
        return
    if node.reason is Reason.NO_ARGUMENTS:
        text = N_("COMPONENT names no component; write its id: ic-<id>")
        yield Finding(node.span, Message(text))
    elif node.reason is Reason.MALFORMED:
        text = N_(
            "this fits no form of COMPONENT: ic-<id>, ic-<id> --<name> <value> …, or "
            "acs:ecs:<region>:<account>:imagecomponent/<name>/<version>"
        )
        yield Finding(node.place, Message(text))
