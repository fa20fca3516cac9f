"""BL70x: keys, tokens and passwords that a template gives away."""

from collections.abc import Iterator

from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.lint.secrets import Kind
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message

_IN_REQUEST = N_(
    "{secret} is readable for everyone who sees the request, or what is made of it; delete it, and "
    "make a new one"
)


def _found(node: Template | Request, context: Context, kind: Kind, text: str) -> Iterator[Finding]:
    if isinstance(node, Request):
        for path, _, secret in context.request_secrets:
            if secret.is_certain and secret.kind is kind:
                yield Finding(node.place(*path), Message(_IN_REQUEST, {"secret": secret.label}))
        return
    for secret in context.secrets:
        if secret.is_certain and secret.kind is kind:
            yield Finding(secret.span, Message(text, {"secret": secret.label}))


@rule(
    (Template, Request),
    "BL701",
    "access-key",
    Severity.WARNING,
    summary=N_("An AccessKey of Alibaba Cloud stands in the template or the request"),
    bad=FROM + "RUN aliyun configure set --access-key-id LTAI5tQ8mZr4Wk2Vn7Yb3Hc9\n",
    good=FROM + "RUN aliyun configure set --mode EcsRamRole --ram-role-name image-build\n",
)
def access_key(node: Template | Request, context: Context) -> Iterator[Finding]:
    """An AccessKey opens your account for everyone who can read the template: in git, in the image
    pipeline that holds it as BuildContent, and in the image if a step writes it to a file. A
    comment is not sent, but it is in git all the same. Give the build instance a RAM role instead:
    the service fetches credentials that expire. Where a key was committed, disable it and make a
    new one; deleting the line leaves it in the history.
    """
    text = N_("{secret} is readable for everyone who sees the template; use a RAM role, disable it")
    yield from _found(node, context, Kind.ACCESS_KEY, text)


@rule(
    (Template, Request),
    "BL702",
    "token",
    Severity.WARNING,
    summary=N_("A token or a private key stands in the template or the request"),
    bad=FROM + "RUN echo ghp_Zk3Rw8Tn5Lq2Vx7Bc4Mj9Hd6Fs1Gp0YeUaQi > /etc/deploy-token\n",
    good=FROM + "RUN ossutil cp --mode EcsRamRole oss://builds/app.tar.gz /opt/app.tar.gz\n",
)
def token(node: Template | Request, context: Context) -> Iterator[Finding]:
    """A token works for whoever reads it: in git, in the image pipeline, and on every
    instance made from the image. Fetch what is private from OSS with a RAM role, and let an
    instance get its own keys when it starts. Revoke the one that was written down.
    """
    text = N_("{secret} is readable for everyone who sees the template; revoke it, fetch a new one")
    yield from _found(node, context, Kind.TOKEN, text)


@rule(
    (Template, Request),
    "BL703",
    "password",
    Severity.WARNING,
    summary=N_("A password stands in the template or the request"),
    bad=FROM + 'ENV DB_PASSWORD="t9Kw4mZq"\n',
    good=FROM + 'ENV DB_PASSWORD_FILE="/run/app/db-password"\n',
)
def password(node: Template | Request, context: Context) -> Iterator[Finding]:
    """What ENV, LABEL or a step says is readable in git and in the image pipeline, what ENV sets is
    kept in the image, and all instances made from it share one password. Let an instance fetch its
    own when it starts, from KMS or a parameter of OOS, with its RAM role.
    """
    text = N_(
        "{secret} is readable for everyone who sees the template or has the image; let the "
        "instance fetch it when it starts"
    )
    yield from _found(node, context, Kind.PASSWORD, text)
