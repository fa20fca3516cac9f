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
    summary=N_("COPY does not have one source and one directory"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY /opt/a.conf /opt/b.conf /etc/app\n",
    good=FROM + "COPY /opt/a.conf /etc/app\nCOPY /opt/b.conf /etc/app\n",
)
def copy_arguments(node: Copy, context: Context) -> Iterator[Finding]:
    """COPY has two forms: `COPY <url> <directory>` and `COPY <path> <directory>`. To copy several
    files, use several COPYs, or RUN with cp. Docker's JSON array form is not supported.
    """
    places = node.locations
    if is_comment(places[2:]):
        yield trailing_comment(places[2:])
    elif places and places[0].text.startswith("["):
        text = N_("COPY does not support JSON arrays; use `COPY <source> <directory>`")
        yield Finding(covering(places), Message(text))
    elif len(places) == 1:
        text = N_("COPY has no target directory; use `COPY {source} <directory>`")
        yield Finding(places[0].span, Message(text, {"source": shown(places[0].text)}))
    elif not places:
        text = N_("COPY has no source and no target directory; use `COPY <source> <directory>`")
        yield Finding(node.span, Message(text))
    elif len(places) > 2:  # noqa: PLR2004 - source and directory
        text = N_("COPY takes one source and one directory; use one COPY for each source")
        yield Finding(covering(places[1:-1]), Message(text))
    elif places[1].scheme:
        text = N_(
            "COPY copies to a directory on the build instance, not to a URL; use a path as the "
            "target"
        )
        yield Finding(places[1].span, Message(text))


@rule(
    Copy,
    "BL351",
    "copy-flag",
    Severity.ERROR,
    summary=N_("COPY has a flag"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY --chown=app:app /opt/app.jar /srv\n",
    good=FROM + "COPY /opt/app.jar /srv\nRUN chown app:app /srv/app.jar\n",
)
def copy_flag(node: Copy, context: Context) -> Iterator[Finding]:
    """Docker's `--from`, `--chown` and `--chmod` are not supported. There are no stages to copy
    from; set owner and mode in a RUN after the COPY.
    """
    for flag in node.flags:
        text = N_(
            "COPY does not support flags; remove `{flag}`, and set owner and mode in a RUN after it"
        )
        yield Finding(flag.span, Message(text, {"flag": shown(flag.text)}))


@rule(
    Copy,
    "BL352",
    "copy-url-query",
    Severity.ERROR,
    summary=N_("The URL in COPY has a query string"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY https://example.com/app.jar?version=2 /opt\n",
    good=FROM + "COPY https://example.com/2/app.jar /opt\n",
)
def copy_url_query(node: Copy, context: Context) -> Iterator[Finding]:
    """The build instance downloads the file with wget, and names it after the end of the URL. Query
    strings are not supported, and so signed OSS URLs are not either. Download such a file in a RUN,
    with `curl -o`.
    """
    for location in node.locations[:1]:
        if location.query:
            message = Message(
                N_(
                    "COPY does not support URLs with a query string; remove `{query}`, or use "
                    '`RUN curl -fsSL -o <file> "<url>"`'
                ),
                {"query": shown(location.query.text)},
            )
            yield Finding(location.query.span, message)


@rule(
    Copy,
    "BL353",
    "copy-url-scheme",
    Severity.ERROR,
    summary=N_("The URL scheme in COPY is not supported"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY oss://my-bucket/app.jar /opt\n",
    good=FROM + "COPY https://my-bucket.oss-cn-hangzhou-internal.aliyuncs.com/app.jar /opt\n",
)
def copy_url_scheme(node: Copy, context: Context) -> Iterator[Finding]:
    """The build instance downloads the file with wget, which supports http, https and ftp. Objects
    in OSS have such a URL, too.
    """
    for location in node.locations[:1]:
        if location.scheme and location.scheme.text.lower() not in URL_SCHEMES:
            message = Message(
                N_(
                    "COPY does not support `{scheme}`; use an `http://`, `https://` or `ftp://` URL"
                ),
                {"scheme": location.scheme.text},
            )
            yield Finding(location.scheme.span, message)


@rule(
    Copy,
    "BL354",
    "copy-here-document",
    Severity.ERROR,
    summary=N_("COPY has a heredoc as its source"),
    service_code=ServiceCode.INVALID_COPY,
    bad=FROM + "COPY <<EOF /etc/motd.d\nWelcome\nEOF\n",
    good=FROM + "RUN printf '%s\\n' 'Welcome' > /etc/motd.d/welcome\n",
)
def copy_here_document(node: Copy, context: Context) -> Iterator[Finding]:
    """Heredocs are a newer Docker feature. In a template, COPY takes a URL, or a path on the build
    instance.
    """
    for document in node.here_documents:
        text = N_(
            "COPY does not support heredocs; use `RUN printf '%s\\n' 'first line' 'second line' > "
            "FILE`"
        )
        yield Finding(document.span, Message(text))


@rule(
    Copy,
    "BL355",
    "copy-relative-path",
    Severity.WARNING,
    summary=N_("COPY has a relative path as its source, but there is no build context"),
    bad=FROM + "COPY ./nginx.conf /etc/nginx\n",
    good=FROM + "COPY https://example.com/nginx.conf /etc/nginx\n",
)
def copy_relative_path(node: Copy, context: Context) -> Iterator[Finding]:
    """The source of COPY is a path on the build instance. Files next to the template are not
    uploaded: put them where the instance can download them and use their URL, or write their
    content in a RUN.
    """
    for location in node.locations[:1]:
        if not (location.scheme or location.text.startswith(("/", "[", "<<"))):
            message = Message(
                N_(
                    "`{path}` would be looked up on the build instance; use a URL, or an absolute "
                    "path if the base image contains the file"
                ),
                {"path": shown(location.text)},
            )
            yield Finding(location.span, message)
