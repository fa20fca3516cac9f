"""The certificate authorities that the machine trusts, for a container on it.

Behind a company's proxy, nothing could be downloaded in the container without them.
"""

import re
import ssl
from pathlib import Path

from buildlint.rehearse.engine import Engine

# Where distributions keep all authorities in one file; a container without one trusts nothing.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
)
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def trust(engine: Engine, container: str) -> None:
    """Let a container trust those authorities that only the machine trusts."""
    ours = _certificates(_bundle())
    found = ((path, engine.read(container, path)) for path in BUNDLES if ours)
    path, theirs = next(((path, text) for path, text in found if text is not None), ("", b""))
    missing = ours.keys() - _certificates(theirs).keys()
    if path and missing:
        added = b"".join(ours[each] + b"\n" for each in sorted(missing))
        engine.copy(container, theirs.rstrip() + b"\n" + added, path)


def _bundle() -> bytes:
    """Read the authorities that the machine trusts; nothing if they are not in a file."""
    paths = ssl.get_default_verify_paths()
    for path in (paths.cafile, paths.openssl_cafile, *BUNDLES):
        if path and Path(path).is_file():
            return Path(path).read_bytes()
    return b""


def _certificates(bundle: bytes) -> dict[bytes, bytes]:
    """Split a file of certificates; the keys are the same however their lines are broken."""
    return {b"".join(each.split()): each for each in _CERTIFICATE.findall(bundle)}
