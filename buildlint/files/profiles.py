"""The profiles of the aliyun CLI: the region of one. What else they hold is nobody's business."""

import os
from pathlib import Path

from buildlint.files.reading import read
from buildlint.service.documents import DocumentError, values_of

_FILE = Path(".aliyun", "config.json")


def region_of(profile: str | None) -> str | None:
    """Return the region of a profile, None if it has none or cannot be read.

    Without a name, it is the profile whose credentials the SDK takes. What is wrong with it says
    the SDK.
    """
    if os.environ.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "").lower() == "true":
        return None
    try:
        values, _ = values_of(read(Path.home() / _FILE), is_json=True)
    except (DocumentError, OSError, RuntimeError):  # the last one where there is no home
        return None
    if not isinstance(values, dict):
        return None
    name = profile or os.environ.get("ALIBABA_CLOUD_PROFILE") or values.get("current")
    profiles = values.get("profiles")
    for each in profiles if isinstance(profiles, list) else ():
        if isinstance(each, dict) and each.get("name") == name:
            region = each.get("region_id")
            return region if isinstance(region, str) and region else None
    return None
