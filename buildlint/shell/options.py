"""Options of programs: which of them take a value, and what is a flag among a command's words."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

_APT = "-o -t -a -c --option --target-release --default-release --host-architecture --config-file"
_DNF = (
    "-c -d -e -x -R --config --exclude --enablerepo --disablerepo --installroot --releasever "
    "--setopt --repo --repoid"
)
_USERADD = (
    "-b -c -d -e -f -g -G -k -K -p -s -u -Z --base-dir --comment --conf --expiredate --firstgid "
    "--firstuid --gecos --gid --groups --home --home-dir --inactive --ingroup --key --lastgid "
    "--lastuid --password --shell --skel --uid"
)
_PUT = "-S -t --suffix --target-directory"

# Options with which systemctl speaks of another system.
OTHER_SYSTEM = ("-H", "--host", "-M", "--machine", "--root", "--image", "--user", "--help")
SHELLS = ("ash", "bash", "dash", "ksh", "sh", "zsh")

# By program: the options that take a value, glued to them or as the next word. A question mark
# says that it is only ever glued to it: `sed -i.bak`.
VALUED = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), _APT),
    **dict.fromkeys(("dnf", "microdnf", "yum"), _DNF),
    **dict.fromkeys(("cp", "mv"), _PUT),
    **dict.fromkeys(SHELLS, "-o -O"),
    "chroot": "--userspec --groups",
    "curl": "-A -b -c -C -d -D -e -E -F -h? -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z "
    "--cacert --cert --connect-timeout --continue-at --cookie --cookie-jar --data --data-binary "
    "--data-raw --data-urlencode --dump-header --form --header --key --limit-rate --max-time "
    "--noproxy --output --output-dir --preproxy --proxy --referer --request --resolve --retry "
    "--retry-delay --retry-max-time --socks5 --upload-file --user --user-agent --write-out",
    "doas": "-u -C",
    "dpkg-reconfigure": "-f -p --frontend --priority",
    "env": "-u -C -S --unset --chdir --split-string",
    "exec": "-a",
    "flock": "-w -E --timeout --wait --conflict-exit-code",
    "git": "-b -c -C -j -o --branch --config --depth --jobs --origin",
    "grep": "-A -B -C -D -d -e -f -m --regexp --file --max-count",
    "install": f"-g -m -o --group --mode --owner {_PUT}",
    "ionice": "-c -n -p",
    "make": "-C -f -I -j? -o -W",
    "mount": "-L -o -t -U --label --options --types --uuid",
    "nice": "-n",
    "npm": "-C --prefix",
    **dict.fromkeys(("ping", "ping6"), "-c -i -I -l -m -M -p -Q -s -S -t -T -w -W"),
    "read": "-a -d -i -n -N -p -t -u",
    "runuser": "-c -g -G -s -u -w --command --group --session-command --shell --supp-group --user",
    "sed": "-e -E? -f -i? -l --expression --file",
    "sftp": "-B -b -c -D -F -i -J -l -o -P -R -S -s -X",
    "scp": "-c -D -F -i -J -l -o -P -S -X",
    "ssh": "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w",
    "stdbuf": "-i -o -e",
    "su": "-c -g -G -s -w --command --group --session-command --shell --supp-group",
    "sudo": "-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --chdir --chroot",
    "systemctl": "-t --type -p --property -s --signal -n --lines -o --output",
    "tar": "-b -C -f -F -g -H -I -K -L -N -T -V -X --directory --exclude --file",
    "time": "-f -o",
    "timeout": "-k -s --signal --kill-after",
    **dict.fromkeys(("adduser", "useradd"), _USERADD),
    "usermod": f"{_USERADD} -l --login",
    "wget": "-a -A -B -D -e -i -l -o -O -P -Q -R -t -T -U -w -X --header --output-document "
    "--directory-prefix --post-data --referer --timeout --tries --user-agent",
    "xargs": "-a -d -e? -E -i? -I -l? -L -n -P -s --arg-file --delimiter --max-args --max-chars "
    "--max-lines? --max-procs --replace?",
    "zypper": "-R -c -D --root --config --reposd-dir",
}


class Parsed(NamedTuple):
    """The words behind a program: its flags with those of bundles, and where its operands are.

    `letters` are the flags of one letter, each as often as it is given; `values` what options that
    take a value are given.
    """

    flags: frozenset[str]
    operands: tuple[int, ...]
    letters: str
    values: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def parsed(program: str, words: tuple[str, ...], valued: str = "") -> Parsed:
    """Part the words behind a program into flags and operands.

    `-y` is a flag also in `-qy`, `--yes` in `--yes=true`; what is glued to an option that takes a
    value is none, as in `-oDpkg::Use-Pty=0`. `valued` are options that take a value besides those
    which are known of the program.
    """
    flags: set[str] = set()
    operands: list[int] = []
    letters = ""
    values: list[tuple[str, str]] = []
    taking = _taking(program, valued)
    waiting, is_over = "", False
    for index, word in enumerate(words):
        if waiting:
            values.append((waiting, word))
            waiting = ""
        elif is_over or word[:1] != "-" or word == "-":
            operands.append(index)
        elif word == "--":
            is_over = True
        elif word.startswith("--"):
            name, separator, value = word.partition("=")
            flags.add(name)
            if separator:
                values.append((name, value))
            elif name in taking:
                waiting = name
        else:
            bundle = word[1:] if word in taking else _bundle(word, taking)
            flags.update((word, *(f"-{letter}" for letter in bundle)))
            letters += bundle
            last, value = f"-{word[1:] if word in taking else bundle[-1:]}", word[len(bundle) + 1 :]
            if value:
                values.append((last, value))
            elif last in taking:
                waiting = last
    return Parsed(frozenset(flags), tuple(operands), letters, tuple(values))


def leading(program: str, words: Sequence[str], start: int = 0) -> int:
    """How many words from `start` on, those behind a program, are its options before an operand.

    What it costs does not depend on how many words follow.
    """
    count = 8
    while True:
        part = tuple(words[start : start + count])
        operands = parsed(program, part).operands
        if operands or len(part) < count:
            return operands[0] if operands else len(part)
        count *= 4


def _bundle(word: str, taking: frozenset[str]) -> str:
    """The letters of a word that are flags: all of them up to one that has its value behind it."""
    for index in range(1, len(word)):
        flag = f"-{word[index]}"
        if word[index] == "=":
            return word[1:index]
        if flag in taking or f"{flag}?" in taking:
            return word[1 : index + 1]
    return word[1:]


@cache
def _taking(program: str, valued: str) -> frozenset[str]:
    return frozenset((*VALUED.get(program, "").split(), *valued.split()))
