"""What commands fetch over the network, and from where, as far as their text can say."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from buildlint.language.syntax import Copy
from buildlint.service.hosts import Reach, reach
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.packages import DNF, MANAGERS, OF_SYSTEM, PIP
from buildlint.text.regex import regex

# Says whether a pattern fits somewhere in the template.
Says = Callable[[re.Pattern[str]], bool]


class Access(NamedTuple):
    """What a command fetches from: `part` says so; `host` is None where it is not known."""

    program: str
    host: str | None
    reach: Reach
    part: Word | Command


# --- URLs ----------------------------------------------------------------------------------------

# The host of a URL, or of git's `user@host:path`; expansions may only stand behind it.
_HOST = regex(
    r"""["']?(?:(?:https?|ftp|git|ssh)://(?:[^/@$`"']*@)?|[\w.-]+@(?=[\w.-]+:))"""
    r"""([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?=[:/?#"']|$)"""
)
_OTHER_HOST = regex(r"""["']?(?:https?|ftp|git|ssh)://(?:[^/@"']*@)?([^:/?#"']+)""")
_INSTANCE = regex(r"localhost|127\.\d+\.\d+\.\d+")
_NAME = regex(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")


def host_of(url: str) -> tuple[str | None, Reach] | None:
    """Return the host of a URL, and how it is reached; None for other texts and for the instance.

    The URL may have quotes around it, and expansions of the shell in it.
    """
    found = _HOST.match(url) or _OTHER_HOST.match(url)
    if found is None or _INSTANCE.fullmatch(found[1]):
        return None
    host = found[1].lower()
    return (host, reach(host)) if _NAME.fullmatch(host) else (None, Reach.UNKNOWN)


def of_copy(node: Copy) -> tuple[str | None, Reach] | None:
    """Return where a COPY fetches from; None if it copies a file, or is refused anyway."""
    if len(node.locations) != 2 or node.flags or node.locations[0].query:  # noqa: PLR2004
        return None
    return host_of(node.locations[0].text)


# --- downloads -----------------------------------------------------------------------------------

_FETCHERS = ("curl", "wget", "rpm", "dnf", "yum", "yum-config-manager")
_PIPS = ("pip", "pip3")
_GIT_COMMANDS = ("clone", "fetch", "pull", "ls-remote")
_INDEX = ("-i", "--index-url")
# Options with `=` and a URL: config-manager reads it. Source: dnf-plugins-core, dnf5-plugins.
_REPOSITORY = regex(r"--(?:add-repo|from-repofile)=(.+)")
# Programs that ask a key server. Source: gpg(1), apt-key(8).
_KEY_PROGRAMS = ("gpg", "gpg2", "apt-key")
_ASK_KEYS = (
    *("--recv-keys", "--recv-key", "--recv", "--receive-keys", "--refresh-keys"),
    *("--search-keys", "--locate-external-keys"),
)
_KEY_SERVER = "--keyserver"
_KEY_SERVERS = regex("keyserver|dirmngr")
_SCHEME = regex(r"""^(?:hkps?|https?|ldaps?)://""")
# What add-apt-repository is told, and who has it. Source: add-apt-repository(1).
_ADD_SOURCES = ("add-apt-repository", "apt-add-repository")
_ARCHIVES_OF_UBUNTU = {
    "ppa:": "ppa.launchpadcontent.net",
    "cloud-archive:": "ubuntu-cloud.archive.canonical.com",
}
_COPR = "copr.fedorainfracloud.org"
# What they are given is an address, also where it is not written as one: $URL.
_TAKE_ADDRESSES = ("curl", "git", "wget")
DOWNLOADERS = ("git", *_PIPS, *_FETCHERS, *_KEY_PROGRAMS, *_ADD_SOURCES)


def downloads(command: Command, says: Says) -> Iterator[Access]:
    """Yield what one of the `DOWNLOADERS` fetches from a host that it is told, or always asks.

    `says` looks into the template: where that speaks of a key server, none is taken for the usual.
    """
    is_proxied = command.has_flag("-x", "--proxy", "--preproxy", "--socks5")
    if command.name in _KEY_PROGRAMS:
        yield from _keys(command, says)
    elif command.name in _ADD_SOURCES:
        yield from _sources(command)
    elif project := _project(command):
        yield Access(command.name, _COPR, Reach.PUBLIC, project)
    for word in _urls(command):
        if found := host_of(word.text):
            host, reach = found
            yield Access(command.name, host, Reach.PROXY if is_proxied else reach, word)


def _project(command: Command) -> Word | None:
    """The project that `dnf copr enable` asks its public host for: `user/name`."""
    words = command.operands() if command.name in DNF.programs else []
    texts = [word.text for word in words[:2]]
    is_asked = texts == ["copr", "enable"] and len(words) > 2  # noqa: PLR2004
    return words[2] if is_asked and words[2].text.count("/") == 1 else None


def _urls(command: Command) -> list[Word]:
    """The words of a command that may be URLs it fetches; one may stand behind its option's `=`."""
    if command.name in _FETCHERS:
        words = command.operands()
        return words if command.name in ("curl", "wget") else words + _repositories(command)
    if command.name in _PIPS:
        return [word for flag, word in pairwise(command.arguments) if flag.text in _INDEX]
    if command.name in _KEY_PROGRAMS:
        return command.operands(_KEY_SERVER) if command.has_flag("--fetch-keys") else []
    operands = command.operands() if command.name == "git" else []
    return operands[1:] if operands and operands[0].text in _GIT_COMMANDS else []


def _repositories(command: Command) -> list[Word]:
    """The URLs that are values of options."""
    found = ((word, _REPOSITORY.match(word.text)) for word in command.arguments)
    return [word._replace(text=match[1]) for word, match in found if match]


def _keys(command: Command, says: Says) -> Iterator[Access]:
    if not command.has_flag(*_ASK_KEYS):
        return
    servers = [word for flag, word in pairwise(command.arguments) if flag.text == _KEY_SERVER]
    servers += [word for word in command.arguments if word.text.startswith(f"{_KEY_SERVER}=")]
    is_proxied = "http-proxy" in " ".join(command.words)
    for word in servers:
        text = word.text.removeprefix(f"{_KEY_SERVER}=").strip("\"'")
        host, reach = host_of(f"https://{_SCHEME.sub('', text, 1)}") or (None, Reach.INTERNAL)
        yield Access(command.name, host, Reach.PROXY if is_proxied else reach, word)
    if not servers:
        is_told = says(_KEY_SERVERS)
        yield Access(command.name, None, Reach.UNKNOWN if is_told else Reach.PUBLIC, command)


def _sources(command: Command) -> Iterator[Access]:
    if command.has_flag("-r", "--remove", "-L", "--list"):
        return
    for word in command.arguments:
        text = word.text.strip("\"'")
        for beginning, host in _ARCHIVES_OF_UBUNTU.items():
            if text.startswith(beginning):
                yield Access(command.name, host, Reach.PUBLIC, word)
        # deb [signed-by=…] https://example.com/apt stable main
        for part in text.split():
            if found := host_of(part):
                yield Access(command.name, *found, word)


# --- packages ------------------------------------------------------------------------------------


class _Registry(NamedTuple):
    """A package manager of a language, which asks its project's public registry.

    `installs` are the subcommands that install packages by their names, `restores` those that
    install what a file of the project lists. `elsewhere` is what in a template says that packages
    come from another registry than `host`.
    """

    installs: tuple[str, ...]
    restores: tuple[str, ...]
    host: str
    elsewhere: re.Pattern[str]


_NODE = ("install", "i", "add")
REGISTRIES = {
    "npm": _Registry(_NODE, ("ci",), "registry.npmjs.org", regex("(?i)registry|npmrc")),
    "pnpm": _Registry(_NODE, (), "registry.npmjs.org", regex("(?i)registry|npmrc")),
    "yarn": _Registry(
        ("add",), ("install",), "registry.yarnpkg.com", regex("(?i)registry|yarnrc|npmrc")
    ),
    "gem": _Registry(
        ("install",), (), "rubygems.org", regex("(?i)gem sources|gemrc|--source|--clear-sources")
    ),
    "go": _Registry(("install", "get"), ("mod",), "proxy.golang.org", regex("(?i)GOPROXY|GOFLAGS")),
    "snap": _Registry(
        ("install", "refresh", "download"),
        (),
        "api.snapcraft.io",
        regex(r"snap set (?:system|core) proxy\."),
    ),
    **dict.fromkeys(
        ("docker", "nerdctl", "podman"),
        _Registry(("pull",), (), "registry-1.docker.io", regex("(?i)registry-mirrors")),
    ),
}
# Programs whose images may name the registry that has them, and what these call the usual one.
_OF_IMAGES = ("docker", "nerdctl", "podman")
_USUAL = ("docker.io", "index.docker.io")
_PACKAGE = regex(r"@?[A-Za-z0-9][\w.-]*(?:/[\w.@-]+)*(?:[@:][\w.^~-]+)?")
_ARCHIVES = (".gem", ".tgz", ".tar.gz", ".snap")
_VALUED = (
    "--prefix -C --cwd --dir -v --version -i --install-dir -n --bindir --platform --channel "
    "--revision --cohort"
)
# Words before the subcommand: `yarn global add`, `docker image pull`.
_LEADS = ("global", "image")

# Those that ask the sources which are set up on the instance.
_BY_SOURCES = {name: MANAGERS[name] for each in (*OF_SYSTEM, PIP) for name in each.programs}


def packages(command: Command, says: Says) -> Access | None:
    """Return where one of the `REGISTRIES` programs fetches packages from; None if it fetches none.

    That is its public registry only where it surely is.
    """
    manager = REGISTRIES[command.name]
    words = command.operands(_VALUED)
    if words and words[0].text in _LEADS:
        words = words[1:]
    if (
        not words
        or words[0].text not in (*manager.installs, *manager.restores)
        or command.has_flag("--offline", "--local", "--prefer-offline")
    ):
        return None
    is_of_images = command.name in _OF_IMAGES
    if is_of_images and (found := _named_registry(words[1:])):
        return Access(command.name, *found, command) if found is not _LOCAL else None
    named = [word for word in words[1:] if word.is_literal and _is_package(word.text, command)]
    if not named or words[0].text in manager.restores or says(manager.elsewhere):
        return Access(command.name, None, Reach.SOURCES, command)
    if command.name == "podman":  # it looks into the registries that are set up
        return Access(command.name, None, Reach.SOURCES, command)
    return Access(command.name, manager.host, Reach.PUBLIC, command)


_LOCAL = (None, Reach.INTERNAL)


def _named_registry(images: list[Word]) -> tuple[str | None, Reach] | None:
    """Return the host that the first image names, and how it is reached; None if it names none."""
    registry, slash, _ = images[0].text.strip("\"'").partition("/") if images else ("", "", "")
    is_named = slash and (":" in registry or "." in registry or registry == "localhost")
    if not is_named or "$" in registry or registry in _USUAL:
        return None
    return host_of(f"https://{registry}") or _LOCAL


def _is_package(text: str, command: Command) -> bool:
    """Whether a word names a package of a registry, not a file or a URL."""
    if command.name == "go":
        # Only with a version is it no package of the folder at hand; its host has a dot.
        return "@" in text and "." in text.partition("/")[0] and not text.startswith(".")
    return _PACKAGE.fullmatch(text) is not None and not text.endswith(_ARCHIVES)


# --- all of it -----------------------------------------------------------------------------------


def of_run(script: Script, says: Says) -> Iterator[Access]:
    """Yield what the commands of a RUN fetch, in their order; `says` looks into the template."""
    for command in script.named(*DOWNLOADERS, *REGISTRIES, *_BY_SOURCES):
        if command.name in REGISTRIES:
            if found := packages(command, says):
                yield found
            continue
        by_url = list(downloads(command, says)) if command.name in DOWNLOADERS else []
        yield from by_url or _unknown(command)
        # What is not in an index of its own: packages by name, and what a package needs.
        if _asks_sources(command) and not (by_url and command.name.startswith("pip")):
            yield Access(command.name, None, Reach.SOURCES, command)


def _asks_sources(command: Command) -> bool:
    manager = _BY_SOURCES.get(command.name)
    verb = manager.verb(command) if manager else None
    is_asking = manager and verb and verb.text in manager.fetches
    return bool(is_asking) and not command.has_flag("--no-index")


def _unknown(command: Command) -> Iterator[Access]:
    """Yield an access to what is known only when the command runs."""
    takes_address = command.name in _TAKE_ADDRESSES
    expanded = [word for word in _urls(command) if not word.is_literal] if takes_address else []
    if expanded:
        yield Access(command.name, None, Reach.UNKNOWN, expanded[0])
