"""The RPC call: its parameters with one name and value each, its token and its address."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from buildlint.service.contract import API_VERSION
from buildlint.service.locate import Path
from buildlint.text.messages import N_, filled

# How the official SDK makes a call whose parameters go into the body: in a URL they may not fit.
CALL = {
    "version": API_VERSION,
    "protocol": "HTTPS",
    "pathname": "/",
    "method": "POST",
    "auth_type": "AK",
    "style": "RPC",
    "req_body_type": "formData",
    "body_type": "json",
}


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each text, number and boolean with its path, ("Tag", 0, "Key"), in their order."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def spelled(path: Path) -> str:
    """Spell a path as the API does, which counts from 1: Tag.1.Key."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def flattened(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Write parameters as an RPC call carries them: a name and a text each.

    Booleans are written as the API's documents show them: true, false.
    """
    return {spelled(path): _text(value) for path, value in leaves(parameters)}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def client_token(parameters: Mapping[str, Any]) -> str:
    """Derive a ClientToken: the same parameters, in any order, give the same 64 characters.

    The service takes a call with a token that it knows for the call that it has answered already.
    """
    from hashlib import sha256  # noqa: PLC0415 - only calls need tokens
    from json import dumps  # noqa: PLC0415

    return sha256(dumps(flattened(parameters), sort_keys=True).encode()).hexdigest()


class Endpoint(NamedTuple):
    """Where the service is asked: `http` or `https`, and a host with or without a port."""

    protocol: str
    host: str

    @property
    def name(self) -> str:
        """The host without a port; an address of IPv6 has its brackets."""
        return self.host.removesuffix(self.port)

    @property
    def port(self) -> str:
        """The port with its colon, if there is one."""
        _, colon, port = self.host.rpartition(":")
        return f"{colon}{port}" if colon and port.isdigit() else ""


# In ASCII alone: other letters have capitals among these, and other digits are no port's.
_ENDPOINT = re.compile(
    r"(?:(?P<protocol>https?)://)?(?P<name>[a-z0-9.-]+|\[[0-9a-f:]+\])(?::(?P<port>\d{1,5}))?/?",
    re.IGNORECASE | re.ASCII,
)
_LOCALHOST = "localhost"
_LOOPBACK = ("127.0.0.1", "[::1]")
_MAX_PORT = 65_535


def loopback(name: str) -> tuple[str, ...]:
    """Return the addresses of this machine that a host stands for; none if it is another.

    They are known by how they are spelled, and nobody is asked: 127.0.0.1 and its like, [::1], and
    localhost. Numbers that some programs take for an address (2130706433, 0x7f.1) are none.
    """
    if name.lower() == _LOCALHOST:
        return _LOOPBACK
    if name == "[::1]" or _is_loopback_v4(name):
        return (name,)
    return ()


def _is_loopback_v4(name: str) -> bool:
    from ipaddress import IPv4Address  # noqa: PLC0415 - only calls need it

    try:
        return IPv4Address(name).is_loopback
    except ValueError:
        return False


def endpoint(text: str) -> Endpoint:
    """Read an endpoint: a host, or a URL of one.

    Raises ValueError for anything else, and for http to another machine: temporary credentials
    travel with the call, and everyone between could read them.
    """
    found = _ENDPOINT.fullmatch(text)
    if found is None or int(found["port"] or 0) > _MAX_PORT:
        raise ValueError(
            filled(N_("must be a hostname, for example `ecs-vpc.cn-hangzhou.aliyuncs.com`"))
        )
    protocol = (found["protocol"] or "https").lower()
    if protocol == "http" and not loopback(found["name"]):
        raise ValueError(
            filled(N_("`http` is allowed only for `127.0.0.1` and `localhost`; use `https://`"))
        )
    port = f":{found['port']}" if found["port"] else ""
    return Endpoint(protocol, f"{found['name']}{port}")
