"""BL60x: what needs the public internet, where the request gives no bandwidth for it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from buildlint.language.syntax import Component, Copy, Env, Instruction, Invalid, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM, REGION
from buildlint.lint.rules.registry import Example, rule
from buildlint.service.hosts import METADATA, OTHER_METADATA, Reach, reach
from buildlint.service.request import Request, is_integer
from buildlint.service.systems import FAMILY_PREFIX
from buildlint.shell import network
from buildlint.shell.commands import Command
from buildlint.shell.packages import APT, DEB_INSTALLERS, DNF, MANAGERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

BANDWIDTH = "InternetMaxBandwidthOut"
WITH_BANDWIDTH = REGION + f"{BANDWIDTH} = 10\n"

_PROXY = regex(r"(?:https?|all)_?proxy", re.IGNORECASE)
_PUBLIC_MIRROR = "mirrors.aliyun.com"


def _has_no_bandwidth(context: Context) -> bool:
    """Whether the request leaves the build instance without public bandwidth, and without proxy."""
    if context.build is None or BANDWIDTH in context.build.unknown:
        return False
    bandwidth = context.build.values.get(BANDWIDTH, 0)
    return is_integer(bandwidth) and bandwidth == 0 and not context.says(_PROXY)


def _unreachable(span: Span, host: str) -> Finding:
    if host == _PUBLIC_MIRROR:
        text = N_(
            "no public bandwidth to reach `{host}`; use `http://mirrors.cloud.aliyuncs.com`, or "
            "set {parameter} in the request"
        )
    else:
        text = N_(
            "no public bandwidth to reach `{host}`; set {parameter} in the request, or use "
            "`oss-<region>-internal.aliyuncs.com`"
        )
    return Finding(span, Message(text, {"host": host, "parameter": BANDWIDTH}))


def _without_key_server(span: Span, program: str) -> Finding:
    text = N_(
        "no public bandwidth for `{program}` to reach a key server; set {parameter} in the "
        "request, or import a key file"
    )
    return Finding(span, Message(text, {"program": shown(program), "parameter": BANDWIDTH}))


@rule(
    Copy,
    "BL601",
    "copy-without-bandwidth",
    Severity.WARNING,
    summary=N_("COPY downloads from the public internet, but the request sets no bandwidth"),
    bad=Example(FROM + "COPY https://example.com/app.jar /opt\n", REGION),
    good=Example(FROM + "COPY https://example.com/app.jar /opt\n", WITH_BANDWIDTH),
)
def copy_without_bandwidth(node: Copy, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 by default, and then the build instance has no public IP
    address: wget waits until it times out, and the build fails after the instance has been paid
    for. The public endpoint of an OSS bucket, `oss-<region>.aliyuncs.com`, needs bandwidth, too;
    `oss-<region>-internal.aliyuncs.com` does not. If the vSwitch has a NAT gateway, ignore this
    rule. Source: CreateImagePipeline, InternetMaxBandwidthOut and BuildContent; OSS, regions and
    endpoints.
    """
    found = network.of_copy(node) if context.build else None
    if found and found[1] is Reach.PUBLIC and _has_no_bandwidth(context):
        yield _unreachable(node.locations[0].span, str(found[0]))


@rule(
    Run,
    "BL602",
    "download-without-bandwidth",
    Severity.WARNING,
    summary=N_("RUN downloads from the public internet, but the request sets no bandwidth"),
    bad=Example(FROM + "RUN curl -fsSLO https://example.com/app.tar.gz\n", REGION),
    good=Example(FROM + "RUN curl -fsSLO https://example.com/app.tar.gz\n", WITH_BANDWIDTH),
    programs=network.DOWNLOADERS,
)
def download_without_bandwidth(node: Run, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 by default, and then the build instance has no public IP
    address: a download hangs until it times out, or until the 600 seconds of a step are over. The
    rule checks the URLs of curl, wget, git, rpm, dnf, yum and their config-manager, the index of
    pip, the key servers of gpg and apt-key, the archives of add-apt-repository, and `copr enable`.
    Private addresses and the hostnames of Alibaba Cloud's own network, such as
    `mirrors.cloud.aliyuncs.com` and `oss-<region>-internal.aliyuncs.com`, are reachable without
    bandwidth. If the vSwitch has a NAT gateway, ignore this rule. Source: CreateImagePipeline,
    InternetMaxBandwidthOut.
    """
    if context.build is None or BANDWIDTH in context.build.unknown:
        return
    script = context.shell(node)
    for command in script.named(*network.DOWNLOADERS):
        if command.is_tested:
            continue  # it may fail
        for access in network.downloads(command, context.says):
            if access.reach is not Reach.PUBLIC or not _has_no_bandwidth(context):
                continue
            span = script.span(access.part)
            yield (
                _unreachable(span, access.host)
                if access.host
                else _without_key_server(span, access.program)
            )


@rule(
    Run,
    "BL603",
    "packages-without-bandwidth",
    Severity.WARNING,
    summary=N_("Packages come from a public registry, but the request sets no bandwidth"),
    bad=Example(FROM + "RUN npm install -g pm2\n", REGION),
    good=Example(FROM + "RUN npm install -g pm2\n", WITH_BANDWIDTH),
    programs=network.REGISTRIES,
)
def packages_without_bandwidth(node: Run, context: Context) -> Iterator[Finding]:
    """InternetMaxBandwidthOut is 0 by default, and then the build instance has no public IP
    address. On public images, apt, dnf and yum use Alibaba Cloud's internal mirrors; npm, pnpm,
    yarn, gem, go, docker, nerdctl and snap use the public registries of their projects unless
    configured otherwise, and a container image may name a public registry. The rule is silent if
    the template names another registry. If the vSwitch has a NAT gateway, ignore it. Source:
    CreateImagePipeline, InternetMaxBandwidthOut; the programs' manuals on registry, sources and
    GOPROXY.
    """
    if context.build is None or BANDWIDTH in context.build.unknown:
        return
    script = context.shell(node)
    for command in script.named(*network.REGISTRIES):
        access = None if command.is_tested else network.packages(command, context.says)
        if access and access.reach is Reach.PUBLIC and _has_no_bandwidth(context):
            message = Message(
                N_(
                    "no public bandwidth to reach `{host}` (`{program}`); set {parameter} in the "
                    "request, or use an internal registry"
                ),
                {"program": shown(command.name), "host": access.host, "parameter": BANDWIDTH},
            )
            yield Finding(script.span(command), message)


# --- metadata ------------------------------------------------------------------------------------

# Of what curl and wget take for a URL, the host; an IPv6 address stands in brackets.
_ASKED = regex(r"""(?i)["']?(?:https?://)?(\[[0-9a-f:]++\]|[\w.-]++)(?=[:/?#"'$]|$)""")


@rule(
    (Copy, Run),
    "BL605",
    "metadata-of-other-cloud",
    Severity.WARNING,
    summary=N_("A command asks the metadata service of another cloud"),
    bad=FROM + "RUN curl -fsS http://169.254.169.254/latest/meta-data/instance-id -o /etc/node\n",
    good=FROM + "RUN curl -fsS http://100.100.100.200/latest/meta-data/instance-id -o /etc/node\n",
    programs=("curl", "wget"),
)
def metadata_of_other_cloud(node: Copy | Run, context: Context) -> Iterator[Finding]:
    """On ECS, the metadata service is at `100.100.100.200`. The addresses of other clouds, such as
    `169.254.169.254` and `metadata.google.internal`, do not respond there: the command waits for
    its timeout and fails. The names of the items differ, too: `zone-id`, `private-ipv4`. A command
    whose failure is handled is not reported: it may detect in which cloud it runs. Source: ECS,
    instance metadata; the documentation of the other clouds.
    """
    if isinstance(node, Copy):
        places = [(each.span, each.text) for each in node.locations[:1]]
    else:
        script = context.shell(node)
        places = [
            (script.span(word), word.text)
            for command in script.named("curl", "wget")
            if not command.is_tested
            for word in command.operands()
        ]
    for span, text in places:
        asked = _ASKED.match(text)
        host = asked[1].strip("[]").lower() if asked else ""
        if host in OTHER_METADATA:
            message = N_(
                "`{host}` is the metadata service of another cloud; use `http://{address}`, that "
                "of ECS"
            )
            yield Finding(span, Message(message, {"host": host, "address": METADATA}))


# --- bandwidth that nothing uses -----------------------------------------------------------------

# Programs that ask nobody outside of the instance.
_LOCAL = set(
    """
    : [ awk basename cat cd chgrp chmod chown chpasswd command cp cut date dirname du echo env exit
    export false find fallocate getent grep groupadd gunzip gzip head hostname hostnamectl id
    install ldconfig ln locale-gen localectl ls mkdir mkswap mktemp modprobe mv passwd printf pwd rm
    rmdir sed set setsebool sleep sort stat swapon sync sysctl systemctl tail tar tee test
    timedatectl touch tr true truncate umask uname uniq unset unzip update-grub useradd
    userdel usermod visudo wc which xz
    """.split()  # noqa: SIM905 - one name a line would be a page
)
# On public images, their package sources are inside Alibaba Cloud.
_MANAGERS = (*APT.programs, *DNF.programs)
_WITH_MIRRORS = {*DEB_INSTALLERS, "apt-cache", "apt-mark", *DNF.programs, "rpm"}
# Their subcommands besides those that fetch and remove; what others ask is not known.
_ASK_NOBODY_ELSE = set(
    """
    autoclean check clean config-manager depends deplist history hold info list mark policy provides
    rdepends repoinfo repolist repoquery search show showhold unhold versionlock whatprovides
    """.split()  # noqa: SIM905
)
# Packages that bring sources of their own, or fetch what they are named for.
_FETCHING_PACKAGE = regex(
    r"(?!(?:epel-aliyuncs|lsb|system)-release(?![\w-]))[\w.-]*-(?:release|installer)(?:[-.].*)?"
    r"|(?:chromium(?:-browser)?|firefox|lxd|snapd|thunderbird)(?:=.*)?",
    re.DOTALL,
)
# What runs other programs.
_RUNNERS = r"\b(?:command|doas|env|exec|ionice|nice|nohup|setsid|stdbuf|sudo|time|timeout)\b"
# A program whose name only the shell knows: where a command may begin, behind assignments, and
# behind what runs other programs, whatever options that has.
_UNNAMED = regex(
    r"""(?:^|[;&|({)!`]|\b(?:if|elif|while|until|then|do|else)\s)[ \t]*["']?[$`]"""
    r"""|(?<![^\s;&|(){`!])\w+=[^\s;&|(){`!]*[ \t]+["']?[$`]"""
    rf"""|{_RUNNERS}(?>(?:(?!{_RUNNERS})[^;&|$`])*)[$`]"""
)
_RUNS_OTHERS = ("-exec", "-execdir", "-ok", "-okdir")
_ADDRESS = regex(r"(?<!\w)\w+://\S+")
# A host without a scheme, as sources of packages are changed: s/mirrors.a.com/mirrors.b.com/.
_HOST_NAME = regex(r"(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:cn|com|dev|edu|io|net|org)(?![\w-])")


@rule(
    Request,
    "BL604",
    "bandwidth-unused",
    Severity.INFO,
    summary=N_("The request sets a bandwidth that no command uses"),
    bad=Example(
        "FROM IMAGE_FAMILY:acs:debian_12_11_x64\nRUN apt-get update && apt-get install -y nginx\n",
        WITH_BANDWIDTH,
    ),
    good=Example(
        "FROM IMAGE_FAMILY:acs:debian_12_11_x64\nRUN apt-get update && apt-get install -y nginx\n",
        REGION,
    ),
)
def bandwidth_unused(request: Request, context: Context) -> Iterator[Finding]:
    """With bandwidth, the build instance gets a public IP address: its outbound traffic is billed,
    and it is reachable from outside during the build. The package repositories of public images are
    inside Alibaba Cloud. The rule reports only if every command is known not to use the public
    internet; it is silent if a program is named by a variable, and for plugins such as `dnf copr`
    and packages that add package repositories. Source: CreateImagePipeline,
    InternetMaxBandwidthOut.
    """
    from buildlint.service.parameters import PARAMETERS  # noqa: PLC0415 - for a request only

    bandwidth = request.values.get(BANDWIDTH, 0)
    _, most = PARAMETERS[BANDWIDTH].bounds or (0, 0)
    if is_integer(bandwidth) and 0 < bandwidth <= most and _stays_inside(context):
        message = Message(
            N_("no command needs the public internet; set it to `0`, or remove this line"),
        )
        yield Finding(request.place(BANDWIDTH), message)


def _stays_inside(context: Context) -> bool:
    """Whether it is known of each command that it does not need the public internet."""
    image = context.base.image.image if context.base else ""
    known = _LOCAL | _WITH_MIRRORS if image.startswith(FAMILY_PREFIX) else _LOCAL
    steps = context.template.instructions
    return any(isinstance(step, Run | Copy) for step in steps) and all(
        _is_inside(step, known, context) for step in steps
    )


def _is_inside(step: Instruction, known: set[str], context: Context) -> bool:
    text = step.argument_text
    if isinstance(step, Run):
        script = context.shell(step)
        is_read = script.commands and script.is_whole and not _UNNAMED.search(text)
        if not is_read or not script.names <= known:
            return False
        if not all(_does_as_known(command, known, text) for command in script.commands):
            return False
    elif isinstance(step, Copy):
        if "$" in text:
            return False
    elif not isinstance(step, Env):
        return not isinstance(step, Component | Invalid)
    return _names_no_public_host(text)


def _names_no_public_host(text: str) -> bool:
    """Whether each host in a text is known to be reached without the public internet."""
    by_url = filter(None, map(network.host_of, _ADDRESS.findall(text)))
    named = (reach(host) for host in _HOST_NAME.findall(text.replace("\\.", ".")))
    return all(each is Reach.INTERNAL for each in (*(found for _, found in by_url), *named))


# Where the system has its programs.
_FOLDERS = ("", "/bin", "/sbin", "/usr/bin", "/usr/sbin")


def _does_as_known(command: Command, known: set[str], text: str) -> bool:
    """Whether a command asks only whom its program asks: by its subcommand, and what it runs.

    `text` is the one that it stands in. A program elsewhere only has the name of a known one.
    """
    end = command.arguments[0].start if command.arguments else command.end
    program = text[command.start : end].strip().strip("\"'")
    if program.rpartition("/")[0] not in _FOLDERS:
        return False
    if command.name == "find":
        run = (word for flag, word in pairwise(command.words) if flag in _RUNS_OTHERS)
        return all(word in known for word in run)
    if command.name not in _MANAGERS:
        return True
    manager = MANAGERS[command.name]
    words = command.operands()
    if not words:
        return True
    is_known = words[0].text in {*manager.fetches, *manager.removes, *_ASK_NOBODY_ELSE}
    return is_known and not any(_FETCHING_PACKAGE.fullmatch(word.text) for word in words[1:])
