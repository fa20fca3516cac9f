"""Templates as they are in practice, made from pieces: the same ones on every machine.

A corpus is a seed and a number. The sizes have a median of 1.5 KB and a tail up to the limit of
16 KB. Nothing of it depends on the network, the time or the order of a hash.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from buildlint.service.contract import MAX_CONTENT_BYTES

SEED = 20_260_101
SIZE = 2_000

_MEDIAN, _SPREAD, _LEAST = 1_600, 0.85, 300
_BASES = {
    "apt": ("acs:ubuntu_22_04_x64", "acs:ubuntu_24_04_x64", "acs:debian_12_0_x64"),
    "dnf": ("acs:alibaba_cloud_linux_3_2104_lts_x64", "acs:anolis_8_10_anck_x64"),
}
_COMMENTS = (
    "# The image of @title@; it is built every Wednesday, see OPS-@port@.\n",
    "# @title@ @port@\n# 说明：软件包和静态文件都走内网（镜像站、OSS），不需要公网带宽。\n",
    "# see OPS-@port@\n",
)
_PACKAGES = (
    *("nginx", "git", "vim", "jq", "unzip", "rsync", "chrony", "socat", "tmux", "htop", "lsof"),
    *("python3", "redis", "haproxy", "keepalived", "ipvsadm", "sysstat", "strace", "tree"),
)
_VALUES = {
    "name": (
        *("order-service", "gateway", "billing", "user-center", "search", "metrics", "scheduler"),
        *("web", "worker", "inventory", "payment", "mailer", "archive", "report", "sync"),
    ),
    "title": (
        "青禾生鲜　官网",
        "Order service",
        "数据平台组",
        "Site reliability",
        "交易后台（生产）",
    ),
    "why": (
        "what kubelet wants to see",
        "目录名是中文，务必加引号",
        "静态资源缓存七天",
        "see OPS-1187",
    ),
    "step": ("一", "二", "三", "四", "五", "六"),
}
# After so many pieces that do not fit, a template is full.
_MISSES = 4
# What makes up the number of commands.
_SHORT = "RUN ldconfig\n"
_PIECE = re.compile(r"^=== (\w+)\n", re.MULTILINE)
_FIELD = re.compile(r"@(\w+)@")
_RESTART = re.compile(r"^RESTART\n", re.MULTILINE)
_FROM = re.compile(r"^FROM .*$", re.MULTILINE)
_RESOURCE = """\
resource "alicloud_ecs_image_pipeline" "image_{}" {{
  base_image_type = "IMAGE_FAMILY"
  base_image      = "acs:ubuntu_22_04_x64"
  build_content   = <<EOT
{}EOT
}}
"""
# Where an instruction begins: no piece has a keyword at the beginning of any other line.
_COMMAND = re.compile(r"^[A-Z]+(?: |$)", re.MULTILINE)


def templates(count: int = SIZE) -> Iterator[str]:
    """Make so many templates; the first ones are the same for every count."""
    for number in range(count):
        # A generator for each: none depends on the others.
        random = Random(f"{SEED}/{number}")  # noqa: S311 - it is to be the same each time
        size = int(random.lognormvariate(0, _SPREAD) * _MEDIAN)
        yield _template(random, min(max(size, _LEAST), MAX_CONTENT_BYTES))


def template(size: int, commands: int = 0, *, number: int = 0) -> str:
    """Make a template of nearly so many bytes, and of at least so many commands if they fit.

    Each number gives another one.
    """
    return _template(Random(f"{SEED}/{size}/{number}"), size, commands)  # noqa: S311


def in_docker_dialect(text: str) -> str:
    """Write a template for tools that know Docker alone: a Docker image, and no RESTART."""
    return _FROM.sub("FROM ubuntu:22.04", _RESTART.sub("", text), count=1)


def in_own_dialect(text: str) -> str:
    """Write a Dockerfile for buildlint: with a base image of the service, and else as it is."""
    image = f"FROM IMAGE_FAMILY:{_BASES['apt'][0]}"
    return _FROM.sub(image, text, count=1)


def dockerfiles(folder: Path) -> Iterator[str]:
    """Yield the Dockerfiles in a folder and those below it that a template could be."""
    for path in sorted(folder.rglob("*ockerfile*")):
        content = path.read_bytes() if path.is_file() else b""
        with suppress(UnicodeDecodeError):
            text = content.decode()
            if len(content) <= MAX_CONTENT_BYTES and _FROM.search(text):
                yield text


def write(folder: Path, texts: Iterable[str], suffix: str = ".buildcontent") -> list[Path]:
    """Write texts to files of a folder, named by their numbers."""
    folder.mkdir(parents=True)
    paths: list[Path] = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number:05}{suffix}")
        paths[-1].write_text(text, "utf-8", newline="\n")
    return paths


def terraform(*, holds_template: bool) -> Iterator[str]:
    """Make as many files of Terraform, with a template in each or in none."""
    code = Path(__file__).with_name("terraform.txt").read_text("utf-8")
    for number, text in enumerate(templates()):
        random = Random(f"{SEED}/terraform/{number}")  # noqa: S311 - as above
        parts = [_filled(random, code) for _ in range(random.randint(1, 8))]
        if holds_template:
            parts.append(_RESOURCE.format(number, text.replace("${", "$${").replace("%{", "%%{")))
        yield "\n".join(parts)


def commands_of(text: str) -> int:
    """Count the commands of a text that was made here."""
    return len(_COMMAND.findall(text))


def _pieces() -> dict[str, list[str]]:
    parts = _PIECE.split(Path(__file__).with_name("pieces.txt").read_text("utf-8"))
    found = defaultdict(list)
    for kind, text in zip(parts[1::2], parts[2::2], strict=True):
        found[kind].append(text)
    return found


_PIECES = _pieces()


def _template(random: Random, size: int, commands: int = 0) -> str:
    """Put pieces together while they fit; short commands make up the number that is asked for."""
    system = random.choice(sorted(_BASES))
    pieces = _PIECES["any"] + _PIECES[system] * 3
    begin = random.choice(_COMMENTS) + f"FROM IMAGE_FAMILY:{random.choice(_BASES[system])}\n"
    parts = [_filled(random, begin)]
    end = _filled(random, "\n" + random.choice(_PIECES["end"]))
    commands -= commands_of(begin + end)
    size -= len((parts[0] + end).encode())
    misses = 0
    while misses < _MISSES:
        part = _filled(random, "\n" + random.choice(pieces))
        left, rest = commands - commands_of(part), size - len(part.encode())
        if rest < max(left, 0) * len(_SHORT):
            misses += 1
        else:
            parts.append(part)
            commands, size = left, rest
    return "".join([*parts, _SHORT * commands, end])


def _filled(random: Random, piece: str) -> str:
    """Put values into the fields of a piece: a field has the same value everywhere in it."""
    values = {name: random.choice(known) for name, known in _VALUES.items()}
    values["number"] = str(random.randint(1, 30))
    values["port"] = str(random.randint(2_000, 9_000))
    values["sum"] = f"{random.getrandbits(256):064x}"
    packages = iter(random.sample(_PACKAGES, 3))
    return _FIELD.sub(lambda field: values.get(field[1]) or next(packages), piece)
