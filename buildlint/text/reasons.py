"""What an error of the operating system says, in the language of the process."""

import errno

from buildlint.text.messages import N_, translated

# Those that files and streams have; what the operating system says of others is English.
_REASONS = {
    errno.EACCES: N_("permission denied"),
    errno.EBUSY: N_("device or resource busy"),
    errno.EEXIST: N_("file exists"),
    errno.EFBIG: N_("file too large"),
    errno.EIO: N_("input/output error"),
    errno.EISDIR: N_("is a directory"),
    errno.ELOOP: N_("too many levels of symbolic links"),
    errno.EMFILE: N_("too many open files"),
    errno.ENAMETOOLONG: N_("file name too long"),
    errno.ENODEV: N_("no such device"),
    errno.ENOENT: N_("no such file or directory"),
    errno.ENOSPC: N_("no space left on device"),
    errno.ENOTDIR: N_("not a directory"),
    errno.ENXIO: N_("no such device or address"),
    errno.EPERM: N_("operation not permitted"),
    errno.EROFS: N_("read-only file system"),
    errno.ESTALE: N_("stale file handle"),
}
_REASONS |= {errno.EDQUOT: N_("disk quota exceeded")} if hasattr(errno, "EDQUOT") else {}


def reason(error: OSError) -> str:
    """Say why something failed, as a part of a sentence."""
    known = _REASONS.get(error.errno or 0)
    return translated(known) if known else (error.strerror or str(error)).lower()
