"""What commands fetch over the network, and from where, as far as their text can say."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from buildlint.language.syntax import Copy
from buildlint.service.hosts import Reach, reach
from buildlint.shell.packages import MANAGERS, OF_SYSTEM, PIP
from buildlint.shell.reader import Command, Script, Word
from buildlint.text.regex import regex


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

# Options whose value may be a URL that is not fetched.
_CURL_VALUED = (
    "-e --referer -H --header -d --data --data-raw -A --user-agent -w --write-out "
    "-x --proxy --preproxy --socks5"
)
_WGET_VALUED = "--referer --header --post-data -U --user-agent"
_FETCHERS = {"curl": _CURL_VALUED, "wget": _WGET_VALUED, "rpm": "", "dnf": "", "yum": ""}
_GIT_COMMANDS = ("clone", "fetch", "pull")
_INDEX = ("-i", "--index-url")
# What they are given is an address, also where it is not written as one: $URL.
_TAKE_ADDRESSES = ("curl", "git", "wget")
DOWNLOADERS = ("git", "pip", "pip3", *_FETCHERS)


def downloads(command: Command) -> Iterator[Access]:
    """Yield what one of the `DOWNLOADERS` fetches by a URL."""
    is_proxied = command.has_flag("-x", "--proxy", "--preproxy", "--socks5")
    for word in _urls(command):
        if found := host_of(word.text):
            host, reach = found
            yield Access(command.name, host, Reach.PROXY if is_proxied else reach, word)


def _urls(command: Command) -> list[Word]:
    """The words of a command that may be URLs it fetches."""
    if command.name in _FETCHERS:
        return command.operands(_FETCHERS[command.name])
    if command.name.startswith("pip"):
        arguments = command.arguments
        return [word for flag, word in pairwise(arguments) if flag.text in _INDEX]
    operands = command.operands("-c -C")
    return operands[1:] if operands and operands[0].text in _GIT_COMMANDS else []


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
    "docker": _Registry(("pull",), (), "registry-1.docker.io", regex("(?i)registry-mirrors")),
}
_PACKAGE = regex(r"@?[A-Za-z0-9][\w.-]*(?:/[\w.@-]+)*(?:[@:][\w.^~-]+)?")
_ARCHIVES = (".gem", ".tgz", ".tar.gz")
_VALUED = "--prefix -C --cwd --dir -v --version -i --install-dir -n --bindir --platform"

# Those that ask the sources which are set up on the instance.
_BY_SOURCES = {name: MANAGERS[name] for each in (*OF_SYSTEM, PIP) for name in each.programs}


def packages(command: Command, template: str) -> Access | None:
    """Return where one of the `REGISTRIES` programs fetches packages from; None if it fetches none.

    That is its public registry only where it surely is.
    """
    manager = REGISTRIES[command.name]
    words = command.operands(_VALUED)
    if words and words[0].text == "global":  # yarn global add
        words = words[1:]
    if (
        not words
        or words[0].text not in (*manager.installs, *manager.restores)
        or command.has_flag("--offline", "--local", "--prefer-offline")
    ):
        return None
    named = [word for word in words[1:] if word.is_literal and _is_package(word.text, command)]
    if not named or words[0].text in manager.restores or manager.elsewhere.search(template):
        return Access(command.name, None, Reach.SOURCES, command)
    if command.name == "docker":
        registry, slash, _ = named[0].text.partition("/")
        if slash and (":" in registry or "." in registry or registry == "localhost"):
            found = host_of(f"https://{registry}")
            return Access(command.name, *found, command) if found else None
    return Access(command.name, manager.host, Reach.PUBLIC, command)


def _is_package(text: str, command: Command) -> bool:
    """Whether a word names a package of a registry, not a file or a URL."""
    if command.name == "go":
        # Only with a version is it no package of the folder at hand; its host has a dot.
        return "@" in text and "." in text.partition("/")[0] and not text.startswith(".")
    return _PACKAGE.fullmatch(text) is not None and not text.endswith(_ARCHIVES)


# --- all of it -----------------------------------------------------------------------------------


def of_run(script: Script, template: str) -> Iterator[Access]:
    """Yield what the commands of a RUN fetch, in their order; `template` is all of its text."""
    for command in script.named(*DOWNLOADERS, *REGISTRIES, *_BY_SOURCES):
        if command.name in REGISTRIES:
            if found := packages(command, template):
                yield found
            continue
        by_url = list(downloads(command)) if command.name in DOWNLOADERS else []
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
