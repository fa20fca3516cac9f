"""BL014: the files that hold templates, among other things."""

from collections.abc import Iterator

from buildlint.language.broken import Broken
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import IMAGE
from buildlint.lint.rules.registry import Example, rule
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_

_RESOURCE = f'''\
resource "alicloud_ecs_image_pipeline" "web" {{
  base_image_type = "IMAGE"
  base_image      = "{IMAGE}"
  build_content   = "RUN true"
'''


@rule(
    Broken,
    "BL014",
    "unreadable-host",
    Severity.ERROR,
    summary=N_("The Terraform, YAML or JSON file around a template cannot be read"),
    bad=Example(_RESOURCE, host="main.tf"),
    good=Example(f"{_RESOURCE}}}\n", host="main.tf"),
)
def unreadable_host(broken: Broken, context: Context) -> Iterator[Finding]:
    """A file of Terraform, ROS or Pulumi that names a resource of Image Builder must be one that
    the tool can read. Templates in parts of the file that can be read are checked nevertheless.
    """
    yield Finding(broken.span, broken.message)
