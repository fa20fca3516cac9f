"""BL60x: what needs the public internet, where the request gives no bandwidth for it."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise

from buildlint.diagnostics import Finding, Severity
from buildlint.messages import N_, Message, shown
from buildlint.request import is_integer
from buildlint.rules.examples import FROM, REGION
from buildlint.rules.registry import Context, Example, rule
from buildlint.shell import Command, Word
from buildlint.syntax import Copy, Run, Span

BANDWIDTH = "InternetMaxBandwidthOut"
WITH_BANDWIDTH = REGION + f"{BANDWIDTH} = 10\n"

# The host of a URL, or of git's `user@host:path`; expansions may only stand behind it.
_HOST = re.compile(
    r"""["']?(?:(?:https?|ftp|git|ssh)://(?:[^/@$`"']*@)?|[\w.-]+@(?=[\w.-]+:))"""
    r"""([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?=[:/?#"']|$)"""
)
# Names as they are given to hosts that only a private network knows.
_PRIVATE_NAME = re.compile(
    r"(?:^|\.)(?:internal|intranet|intra|corp|lan|local|localdomain|private)(?:\.|$)", re.IGNORECASE
)
_PROXY = re.compile(r"(?:https?|all)_?proxy", re.IGNORECASE)
_PUBLIC_MIRROR = "mirrors.aliyun.com"


def _public_host(text: str) -> str | None:
    """Return the host of a URL if it is on the public internet, as far as its name can say."""
    found = _HOST.match(text)
    if found is None:
        return None
    host = found[1].lower()
    if host.endswith(".aliyuncs.com") or _PRIVATE_NAME.search(host):
        return None
    try:
        return host if ip_address(host).is_global else None
    except ValueError:
        return host


def _has_no_bandwidth(context: Context) -> bool:
    """Whether the request leaves the build instance without public bandwidth, and without proxy."""
    if context.request is None:
        return False
    bandwidth = context.request.values.get(BANDWIDTH, 0)
    return is_integer(bandwidth) and bandwidth == 0 and not _PROXY.search(context.template.text)


def _unreachable(span: Span, host: str) -> Finding:
    if host == _PUBLIC_MIRROR:
        text = N_(
            "the build instance has no public bandwidth, and {host} is on the public internet; "
            "write http://mirrors.cloud.aliyuncs.com, the same mirror inside Alibaba Cloud, or set "
            "{parameter} in the request"
        )
    else:
        text = N_(
            "the build instance has no public bandwidth, and {host} is on the public internet; set "
            "{parameter} in the request, or fetch from an address under aliyuncs.com, for instance "
            "of a bucket in the same region"
        )
    return Finding(span, Message(text, {"host": host, "parameter": BANDWIDTH}))


@rule(
    Copy,
    "BL601",
    "copy-without-bandwidth",
    Severity.WARNING,
    summary=N_("COPY fetches from the public internet, but the request sets no bandwidth"),
    bad=Example(FROM + "COPY https://example.com/app.jar /opt\n", REGION),
    good=Example(FROM + "COPY https://example.com/app.jar /opt\n", WITH_BANDWIDTH),
)
def copy_without_bandwidth(node: Copy, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 unless the request sets it, and then the build instance has no
    public address: wget waits until it gives up, and the build fails when the instance has been
    paid for. Addresses under aliyuncs.com are reached without bandwidth. Where the vSwitch has a
    NAT gateway, suppress this rule. Source: CreateImagePipeline, InternetMaxBandwidthOut and
    BuildContent.
    """
    if len(node.locations) != 2 or node.flags or node.locations[0].query:  # noqa: PLR2004
        return  # refused anyway
    source = node.locations[0]
    host = _public_host(source.text) if _has_no_bandwidth(context) else None
    if host:
        yield _unreachable(source.span, host)


# Options whose value may be a URL that is not fetched.
_CURL_VALUED = "-e --referer -H --header -d --data --data-raw -A --user-agent -w --write-out"
_WGET_VALUED = "--referer --header --post-data -U --user-agent"
_FETCHERS = {"curl": _CURL_VALUED, "wget": _WGET_VALUED, "rpm": "", "dnf": "", "yum": ""}
_GIT_COMMANDS = ("clone", "fetch", "pull")
_INDEX = ("-i", "--index-url")


@rule(
    Run,
    "BL602",
    "download-without-bandwidth",
    Severity.WARNING,
    summary=N_("RUN downloads from the public internet, but the request sets no bandwidth"),
    bad=Example(FROM + "RUN curl -fsSLO https://example.com/app.tar.gz\n", REGION),
    good=Example(FROM + "RUN curl -fsSLO https://example.com/app.tar.gz\n", WITH_BANDWIDTH),
)
def download_without_bandwidth(node: Run, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 unless the request sets it, and then the build instance has no
    public address: a download hangs until its timeout, or until the 600 seconds of a step are over.
    Looked at are the URLs of curl, wget, git, rpm, dnf and yum, and the index of pip. Addresses
    under aliyuncs.com and private ones are reached without bandwidth. Where the vSwitch has a NAT
    gateway, suppress this rule. Source: CreateImagePipeline, InternetMaxBandwidthOut.
    """
    if context.request is None:
        return
    script = context.shell(node)
    for command in script.named("git", "pip", "pip3", *_FETCHERS):
        for word in _fetched(command):
            host = _public_host(word.text)
            if host and _has_no_bandwidth(context):
                yield _unreachable(script.span(word), host)


def _fetched(command: Command) -> list[Word]:
    """The words of a command that may be URLs it fetches; none if it may fail or has a proxy."""
    if command.is_tested or command.has_flag("-x", "--proxy", "--preproxy", "--socks5"):
        return []
    if command.name in _FETCHERS:
        return command.operands(_FETCHERS[command.name])
    if command.name.startswith("pip"):
        arguments = command.arguments
        return [word for flag, word in pairwise(arguments) if flag.text in _INDEX]
    operands = command.operands("-c -C")
    return operands[1:] if operands and operands[0].text in _GIT_COMMANDS else []


# --- package managers of languages ---------------------------------------------------------------

# What is run, the subcommands that install packages by their names, the host that they come from,
# and what in a template says that they come from elsewhere.
_MANAGERS = {
    "npm": (("install", "i", "add"), "registry.npmjs.org", r"registry|npmrc"),
    "pnpm": (("install", "i", "add"), "registry.npmjs.org", r"registry|npmrc"),
    "yarn": (("add",), "registry.yarnpkg.com", r"registry|yarnrc|npmrc"),
    "gem": (("install",), "rubygems.org", r"gem sources|gemrc|--source|--clear-sources"),
    "go": (("install", "get"), "proxy.golang.org", r"GOPROXY|GOFLAGS"),
    "docker": (("pull",), "registry-1.docker.io", r"registry-mirrors"),
}
_PACKAGE = re.compile(r"@?[A-Za-z0-9][\w.-]*(?:/[\w.@-]+)*(?:[@:][\w.^~-]+)?")
_ARCHIVES = (".gem", ".tgz", ".tar.gz")
_VALUED = "--prefix -C --cwd --dir -v --version -i --install-dir -n --bindir --platform"


@rule(
    Run,
    "BL603",
    "packages-without-bandwidth",
    Severity.WARNING,
    summary=N_("Packages come from a public registry, but the request sets no bandwidth"),
    bad=Example(FROM + "RUN npm install -g pm2\n", REGION),
    good=Example(FROM + "RUN npm install -g pm2\n", WITH_BANDWIDTH),
)
def packages_without_bandwidth(node: Run, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 unless the request sets it, and then the build instance has no
    public address. apt, dnf and yum use the mirrors inside Alibaba Cloud that its public images
    name; npm, pnpm, yarn, gem, go and docker ask their projects' public registries until they are
    told otherwise. Where the template names another registry, the rule is silent. Where the vSwitch
    has a NAT gateway, suppress it. Source: CreateImagePipeline, InternetMaxBandwidthOut; the
    programs' manuals on registry, sources and GOPROXY.
    """
    if context.request is None:
        return
    script = context.shell(node)
    for command in script.named(*_MANAGERS):
        host = _registry(command, context.template.text)
        if host and _has_no_bandwidth(context):
            message = Message(
                N_(
                    "the build instance has no public bandwidth; {program} fetches from {host}; "
                    "set {parameter} in the request, or name a registry that is reached without it"
                ),
                {"program": shown(command.name), "host": host, "parameter": BANDWIDTH},
            )
            yield Finding(script.span(command), message)


def _registry(command: Command, template: str) -> str | None:
    """Return the public host that a command fetches packages from, if it surely does."""
    subcommands, host, elsewhere = _MANAGERS[command.name]
    words = command.operands(_VALUED)
    if words and words[0].text == "global":  # yarn global add
        words = words[1:]
    if (
        not words
        or words[0].text not in subcommands
        or command.is_tested
        or command.has_flag("--offline", "--local", "--prefer-offline")
        or re.search(elsewhere, template, re.IGNORECASE)
    ):
        return None
    packages = [word for word in words[1:] if word.is_literal and _is_package(word.text, command)]
    if not packages:
        return None
    if command.name == "docker":
        registry, slash, _ = packages[0].text.partition("/")
        if slash and (":" in registry or "." in registry or registry == "localhost"):
            return _public_host(f"https://{registry}")
    return host


def _is_package(text: str, command: Command) -> bool:
    """Whether a word names a package of a registry, not a file or a URL."""
    if command.name == "go":
        # Only with a version is it no package of the folder at hand; its host has a dot.
        return "@" in text and "." in text.partition("/")[0] and not text.startswith(".")
    return _PACKAGE.fullmatch(text) is not None and not text.endswith(_ARCHIVES)
