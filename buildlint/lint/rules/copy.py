"""BL35x: what may follow COPY."""

from collections.abc import Iterator

from buildlint.language.syntax import Copy, covering
from buildlint.lint.context import Context
from buildlint.lint.rules.comments import is_comment, trailing_comment
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import URL_SCHEMES, ServiceCode
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown


@rule(
    Copy,
    "BL350",
    "copy-arguments",
    Severity.ERROR,
    summary=N_("COPY takes one source and one directory"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY /opt/a.conf /opt/b.conf /etc/app\n",
    good=FROM + "COPY /opt/a.conf /etc/app\nCOPY /opt/b.conf /etc/app\n",
)
def copy_arguments(node: Copy, context: Context) -> Iterator[Finding]:
    """COPY has two forms: `COPY <url> <directory>` and `COPY <path> <directory>`. For several
    files write several COPYs, or a RUN with cp. Docker's form of a JSON array does not exist here.
    """
    places = node.locations
    if is_comment(places[2:]):
        yield trailing_comment(places[2:])
    elif places and places[0].text.startswith("["):
        text = N_("COPY takes no JSON array; write COPY <source> <directory>")
        yield Finding(covering(places), Message(text))
    elif len(places) == 1:
        text = N_("COPY has no directory to copy to; write COPY {source} <directory>")
        yield Finding(places[0].span, Message(text, {"source": shown(places[0].text)}))
    elif not places:
        text = N_("COPY has neither source nor directory; write COPY <source> <directory>")
        yield Finding(node.span, Message(text))
    elif len(places) > 2:  # noqa: PLR2004 - source and directory
        text = N_("COPY takes one source and one directory; write one COPY for each source")
        yield Finding(covering(places[1:-1]), Message(text))
    elif places[1].scheme:
        text = N_("COPY copies to a directory on the build instance, not to a URL")
        yield Finding(places[1].span, Message(text))


@rule(
    Copy,
    "BL351",
    "copy-flag",
    Severity.ERROR,
    summary=N_("COPY takes no flags"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY --chown=app:app /opt/app.jar /srv\n",
    good=FROM + "COPY /opt/app.jar /srv\nRUN chown app:app /srv/app.jar\n",
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
    bad=FROM + "COPY https://example.com/app.jar?version=2 /opt\n",
    good=FROM + "COPY https://example.com/2/app.jar /opt\n",
)
def copy_url_query(node: Copy, context: Context) -> Iterator[Finding]:
    """The file is fetched with wget and named after the end of its URL; the service takes no query
    strings, signed URLs of OSS included. Fetch such a file by a RUN with curl -o.
    """
    for location in node.locations[:1]:
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
    bad=FROM + "COPY oss://my-bucket/app.jar /opt\n",
    good=FROM + "COPY https://my-bucket.oss-cn-hangzhou-internal.aliyuncs.com/app.jar /opt\n",
)
def copy_url_scheme(node: Copy, context: Context) -> Iterator[Finding]:
    """The build instance fetches the file with wget, which speaks http, https and ftp. An object in
    OSS has a URL of that kind, too.
    """
    for location in node.locations[:1]:
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
    bad=FROM + "COPY <<EOF /etc/motd.d\nWelcome\nEOF\n",
    good=FROM + "RUN printf '%s\\n' 'Welcome' > /etc/motd.d/welcome\n",
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
    bad=FROM + "COPY ./nginx.conf /etc/nginx\n",
    good=FROM + "COPY https://example.com/nginx.conf /etc/nginx\n",
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
