"""Programs that ask somebody at a terminal: when, what comes of it, and what to write instead."""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from buildlint.lint.rules.containers import docker_options
from buildlint.shell.commands import Command
from buildlint.shell.options import SHELLS
from buildlint.text.messages import N_
from buildlint.text.regex import regex


class Result(Enum):
    """What comes of a question that nobody answers: the input is empty."""

    FAILS = auto()
    NO_PASSWORD = auto()
    NOTHING = auto()
    NO_SHELL = auto()


class Question(NamedTuple):
    """When a program asks, and what to write instead.

    `answers` is what may answer it elsewhere in the template: an editor that asks nothing, the keys
    of hosts, a setting.
    """

    applies: Callable[[Command], bool]
    advice: str
    answers: re.Pattern[str] | None = None
    result: Result = Result.FAILS


def _has_no_options(command: Command) -> bool:
    return not any(word.startswith(("-", "+")) for word in command.words)


def _lacks(*flags: str) -> Callable[[Command], bool]:
    return lambda command: not command.has_flag(*flags)


def _opens_device(command: Command) -> bool:
    return _has_no_options(command) and len(command.arguments) == 1


# --- ssh -----------------------------------------------------------------------------------------


def _asks_for_phrase(command: Command) -> bool:
    """Whether ssh-keygen, told to make a key, asks for the file or the phrase."""
    flags = {re.sub("^-q(?=.)", "-", word)[:2] for word in command.words if word.startswith("-")}
    return flags <= {"-t", "-b", "-f", "-C", "-q", "-a", "-N"} and not flags >= {"-f", "-N"}


class _Client(NamedTuple):
    """A client of ssh: the flags with which it asks nothing.

    `address` is how an operand is written that it connects to.
    """

    quiet: str
    address: re.Pattern[str]


_CLIENTS = {
    "ssh": _Client("-F -G -O -Q -S -V", regex(".+")),
    "scp": _Client("-B -F", regex(r"\A(?:scp://.+|([\w.-]+@)?[\w.-]+:.*)")),
    "sftp": _Client("-b -F", regex(".+")),
    "git": _Client("", regex(r"\A(?:ssh://.+|[\w.-]+@[\w.-]+:.+)")),
}
_HOST_OPTION = regex(r"(-o)?(BatchMode|StrictHostKeyChecking)\b.*", re.IGNORECASE)


def _asks_for_host(command: Command) -> bool:
    """Whether a client of ssh connects to a host, and may ask for its key or for a password."""
    client = _CLIENTS[command.name]
    words = command.operands()
    if command.name == "git":
        is_fetch = bool(words) and words[0].text in ("clone", "fetch", "ls-remote", "pull")
        words = words[1:] if is_fetch else []
    is_quiet = command.has_flag(*client.quiet.split()) or any(
        _HOST_OPTION.fullmatch(word) for word in command.words
    )
    return not is_quiet and any(client.address.fullmatch(word.text) for word in words)


_HOSTS = regex(
    r"known_hosts|ssh-keyscan|ssh_config|\.ssh/(config|\*)|^COPY\b.*\.ssh|GIT_SSH|SSH_ASKPASS|"
    "sshCommand|insteadOf",
    re.IGNORECASE | re.MULTILINE,
)

# --- passwords and keys --------------------------------------------------------------------------


def _asks_for_password(command: Command) -> bool:
    """Whether a client of MySQL is told to ask: the value of `-p` is only ever glued to it."""
    return not {"-p", "--password"}.isdisjoint(command.words)


def _hashes_password(command: Command) -> bool:
    return bool(command.operands("-C -r")) and not command.has_flag(
        *("-b", "-i", "-D", "-v", "--help")
    )


_LUKS = ("luksFormat", "luksOpen", "open", "luksAddKey", "luksRemoveKey", "luksChangeKey")
# Options of cryptsetup that take a value, besides those that say where the key is.
_LUKS_VALUED = (
    "-c -h -s -S -i -M -o -p -b -T -t --cipher --hash --key-size --key-slot --iter-time --type "
    "--label --pbkdf --pbkdf-memory --pbkdf-parallel --sector-size --uuid --header"
)


def _asks_for_key(command: Command) -> bool:
    """Whether cryptsetup reads a passphrase, rather than the file that an operand names."""
    words = [word.text for word in command.operands(_LUKS_VALUED)]
    action = words[0] if words else ""
    # The operands of luksFormat are the device and the file of the key.
    is_in_file = action == "luksFormat" and len(words) > 2  # noqa: PLR2004
    is_told = any(word.startswith(("--key-file", "--token", "--test")) for word in command.words)
    return action in _LUKS and not (is_in_file or is_told or command.has_flag("-d"))


def _asks_for_certificate(command: Command) -> bool:
    """Whether `openssl req` asks for the subject of a new certificate, or for a phrase of its key.

    Both may be in a file that it is given.
    """
    words = [word.partition("=")[0] for word in command.words]
    is_new = not {"-new", "-newkey", "-x509"}.isdisjoint(words) and "-in" not in words
    if words[:1] != ["req"] or not is_new or not _IN_FILE.isdisjoint(words):
        return False
    has_subject = not {"-subj", "-batch"}.isdisjoint(words)
    has_key = not {"-nodes", "-noenc", "-passout", "-key"}.isdisjoint(words)
    return not (has_subject and has_key)


_IN_FILE = {"-config", "-help", "-section"}

# --- shells that read nothing --------------------------------------------------------------------


def _is_mere_shell(command: Command) -> bool:
    """Whether a shell is neither told what to run nor only asked something."""
    return all(word in ("-l", "-i", "-il", "-li", "--login") for word in command.words)


def _is_shell_of_user(command: Command) -> bool:
    """Whether su starts a shell: what stands behind the name of the user, that shell runs."""
    names = [word.text for word in command.operands() if word.text != "-"]
    return len(names) <= 1 and not command.has_flag(
        *("-c", "--command", "--session-command", "-h", "--help", "-V", "--version")
    )


def _is_shell_of_sudo(command: Command) -> bool:
    return command.has_flag("-i", "-s", "--login", "--shell") and not command.operands()


def _is_shell_in_root(command: Command) -> bool:
    return len(command.operands()) == 1


# --- others --------------------------------------------------------------------------------------


def _asks_docker(command: Command) -> bool:
    """Whether docker connects a terminal to what it runs: it refuses if there is none."""
    words = command.words
    if words[:1] == ["container"]:
        words = words[1:]
    if words[:1] not in (["run"], ["exec"]):
        return False
    flags, _ = docker_options(words[1:])
    return {"i", "t"} <= flags and "d" not in flags


def _makes_menu(command: Command) -> bool:
    goals = {word.text for word in command.operands()}
    return not goals.isdisjoint(("menuconfig", "nconfig", "xconfig", "gconfig"))


def _asks_for_package(command: Command) -> bool:
    words = [word.text for word in command.operands()]
    return words == ["init"] and not command.has_flag("-y", "--yes", "-f", "--force", "--help")


# What certbot does without the terms of its service.
_OF_CERTBOT = frozenset(
    (
        *("certificates", "delete", "enhance", "help", "install", "plugins", "reconfigure"),
        *("renew", "revoke", "rollback", "show_account", "unregister", "update_account"),
    )
)


def _asks_certbot(command: Command) -> bool:
    """Whether certbot gets a certificate, and the terms of its service are not agreed to."""
    is_getting = bool(command.words) and _OF_CERTBOT.isdisjoint(command.words)
    return is_getting and not command.has_flag(
        *("--agree-tos", "-c", "--config", "-h", "--help", "--version")
    )


def _asks_mssql(command: Command) -> bool:
    words = [word.text for word in command.operands()]
    return "setup" in words and not command.has_flag("-n", "--noprompt", "-h", "--help")


def _opens_window(command: Command) -> bool:
    return not any(word.lstrip("-/").lower() in ("silent", "help") for word in command.words)


# --- the table -----------------------------------------------------------------------------------

_EDITOR = Question(_has_no_options, N_("change the file with `sed`, `tee` or COPY"))
_AS_SQL = N_("run the same changes as SQL statements")
_PARTED = Question(_opens_device, N_("pass the partitions to `parted -s`, or as input to `sfdisk`"))
_SSH = Question(
    _asks_for_host,
    N_("add the host key to `/etc/ssh/ssh_known_hosts`, and use `-o BatchMode=yes`"),
    _HOSTS,
)
_MYSQL = Question(
    _asks_for_password,
    N_("put it into a file for `--defaults-extra-file`"),
    result=Result.NO_PASSWORD,
)
_ALTERNATIVES = Question(
    # What reads its output gets a list.
    lambda command: "--config" in command.words and command.pipes_into is None,
    N_("use `--set NAME PATH`"),
    result=Result.NOTHING,
)
_SHELL = Question(_is_mere_shell, N_("remove it, or add the commands"), result=Result.NO_SHELL)
_ORACLE = Question(_opens_window, N_("use `-silent` with a response file"))

QUESTIONS = {
    **dict.fromkeys(("vi", "vim", "nano", "pico", "emacs"), _EDITOR),
    "crontab": Question(
        lambda command: command.has_flag("-e"),
        N_("write a file to `/etc/cron.d`"),
        regex("EDITOR|VISUAL"),
    ),
    "visudo": Question(
        _lacks("-c", "--check", "-V", "-h"),
        N_("write a file to `/etc/sudoers.d`, and check it with `visudo -c`"),
        regex("EDITOR|VISUAL"),
    ),
    "passwd": Question(
        _has_no_options,
        N_("pipe the password into `chpasswd`, or lock the account with `passwd -l`"),
    ),
    "mysql_secure_installation": Question(_lacks("-D", "--use-default", "--help"), _AS_SQL),
    "mariadb-secure-installation": Question(_has_no_options, _AS_SQL),
    **dict.fromkeys(("fdisk", "cfdisk", "parted"), _PARTED),
    **dict.fromkeys(("ssh", "scp", "sftp"), _SSH),
    "git": Question(
        _asks_for_host, N_("add the host key to `/etc/ssh/ssh_known_hosts`, or use https"), _HOSTS
    ),
    "ssh-keygen": Question(_asks_for_phrase, N_("use `-N ''` and `-f FILE`")),
    "read": Question(_lacks("-t", "-u"), N_("set the variable with ENV, or in the script itself")),
    "top": Question(_lacks("-b", "-h", "-v"), N_("use `top -b -n 1`")),
    **dict.fromkeys(("alternatives", "update-alternatives"), _ALTERNATIVES),
    **dict.fromkeys(
        ("mysql", "mysqladmin", "mysqlcheck", "mysqldump", "mysqlimport", "mariadb"), _MYSQL
    ),
    **dict.fromkeys(("mariadb-admin", "mariadb-dump", "mariadb-import"), _MYSQL),
    "htpasswd": Question(
        _hashes_password, N_("pipe the password into `htpasswd -i`"), result=Result.NO_PASSWORD
    ),
    "cryptsetup": Question(_asks_for_key, N_("pass the key with `--key-file`")),
    "openssl": Question(
        _asks_for_certificate,
        N_("add `-subj`, and `-nodes` or `-passout`"),
        regex(r"prompt\s*=\s*no|OPENSSL_CONF|openssl\.cnf"),
    ),
    "certbot": Question(
        _asks_certbot, N_("add `-n`, `--agree-tos` and `-m`"), regex(r"cli\.ini|agree-tos")
    ),
    "npm": Question(_asks_for_package, N_("add `-y`"), regex(r"yes\s*=\s*true|npm_config_yes")),
    "docker": Question(_asks_docker, N_("remove `-t`"), regex(r"-t [01]|tty -s")),
    "make": Question(
        _makes_menu, N_("set the options with `scripts/config`, and run `make olddefconfig`")
    ),
    "mssql-conf": Question(_asks_mssql, N_("use `mssql-conf -n setup accept-eula`")),
    **dict.fromkeys(("runInstaller", "dbca"), _ORACLE),
    **dict.fromkeys(SHELLS, _SHELL),
    "su": Question(_is_shell_of_user, N_("put the commands into `su -c`"), result=Result.NO_SHELL),
    "newgrp": Question(
        _has_no_options, N_("put the commands into `sg GROUP -c`"), result=Result.NO_SHELL
    ),
    "sudo": Question(
        _is_shell_of_sudo, N_("put `sudo` before each command"), result=Result.NO_SHELL
    ),
    "chroot": Question(
        _is_shell_in_root, N_("put the command after the directory"), result=Result.NO_SHELL
    ),
}
