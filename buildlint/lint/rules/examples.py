"""The pieces that examples of rules are made of."""

from buildlint.lint.rules.registry import Example

IMAGE = "m-bp67acfmxazb4p0abcde"
FROM = f"FROM IMAGE:{IMAGE}\n"
# Public images, of which more is known.
FROM_UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
FROM_ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"

# The template of examples that are about the request, and a request without anything to find.
TEMPLATE = "RUN true\n"
REGION = 'RegionId = "cn-hangzhou"\n'
BASE = f'BaseImageType = "IMAGE"\nBaseImage = "{IMAGE}"\n'
# The lines of ImportImageOptions that it cannot be without.
IMPORT = 'DiskDeviceMappings = [{ OSSBucket = "images", OSSObject = "web.raw" }]\n'


def component_example(text: str, lines: str | None = None) -> Example:
    """Make an example of a component, and of a request that holds these lines of TOML."""
    return Example(text, None if lines is None else REGION + lines, is_component=True)


def tasks_example(tasks: str, parameters: str = "", request: str | None = None) -> Example:
    """Make an example of a component in YAML: the lines of its tasks, and of its parameters."""
    head = f"Parameters:\n{_indented(parameters)}" if parameters else ""
    text = f"{head}Tasks:\n{_indented(tasks)}"
    asked = None if request is None else REGION + request
    return Example(text, asked, is_component=True, is_yaml=True)


def _indented(lines: str) -> str:
    return "".join(f"  {line}\n" for line in lines.splitlines())


def request_example(lines: str = "", test: str | None = None) -> Example:
    """Make an example of a request that holds these lines of TOML besides the required ones."""
    return Example(TEMPLATE, REGION + BASE + lines, test)
