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
    "{secret} is visible to anyone who can read the request or the resources created from it; "
    "remove it, and create a new one"
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
    summary=N_("The template or the request contains an Alibaba Cloud AccessKey"),
    bad=FROM + "RUN aliyun configure set --access-key-id LTAI5tQ8mZr4Wk2Vn7Yb3Hc9\n",
    good=FROM + "RUN aliyun configure set --mode EcsRamRole --ram-role-name image-build\n",
)
def access_key(node: Template | Request, context: Context) -> Iterator[Finding]:
    """An AccessKey opens your account to anyone who can read the template: in git, in the image
    template (its BuildContent), and in the image if a step writes it to a file. Comments are not
    sent, but they are in git. Use a RAM role of the build instance instead: it provides temporary
    credentials. If a key was committed, disable it and create a new one: removing the line leaves
    it in the history.
    """
    text = N_(
        "{secret} is visible to anyone who can read the template; disable this key, and use a RAM "
        "role instead"
    )
    yield from _found(node, context, Kind.ACCESS_KEY, text)


@rule(
    (Template, Request),
    "BL702",
    "token",
    Severity.WARNING,
    summary=N_("The template or the request contains a token or a private key"),
    bad=FROM + "RUN echo ghp_Zk3Rw8Tn5Lq2Vx7Bc4Mj9Hd6Fs1Gp0YeUaQi > /etc/deploy-token\n",
    good=FROM + "RUN ossutil cp --mode EcsRamRole oss://builds/app.tar.gz /opt/app.tar.gz\n",
)
def token(node: Template | Request, context: Context) -> Iterator[Finding]:
    """A token works for anyone who can read it: in git, in the image template, and on every
    instance of the image. Fetch private files from OSS with a RAM role, and let each instance get
    its own credentials when it starts. Revoke a token that was committed.
    """
    text = N_(
        "{secret} is visible to anyone who can read the template; revoke it, and create a new one"
    )
    yield from _found(node, context, Kind.TOKEN, text)


@rule(
    (Template, Request),
    "BL703",
    "password",
    Severity.WARNING,
    summary=N_("The template or the request contains a password"),
    bad=FROM + 'ENV DB_PASSWORD="t9Kw4mZq"\n',
    good=FROM + 'ENV DB_PASSWORD_FILE="/run/app/db-password"\n',
)
def password(node: Template | Request, context: Context) -> Iterator[Finding]:
    """Values in ENV, LABEL and steps can be read in git and in the image template; ENV values are
    kept in the image, and all its instances share one password. Let each instance fetch its own
    password when it starts, from KMS or an OOS parameter, with its RAM role.
    """
    text = N_(
        "{secret} is visible to anyone who can read the template or has the image; let the "
        "instance fetch it when it starts"
    )
    yield from _found(node, context, Kind.PASSWORD, text)
