"""The command line: arguments in, text and an exit code out; no logic of its own.

Exit codes: 0 nothing found, 1 errors found or a compile that failed, 2 usage, configuration,
unreadable files, internal errors.
"""

import os
import sys

import click

from buildlint import __version__
from buildlint.cli.check import check_command
from buildlint.cli.compile import compile_command
from buildlint.cli.config import config_command
from buildlint.cli.convert import convert_command
from buildlint.cli.create import create_command
from buildlint.cli.format import format_command
from buildlint.cli.options import speaks
from buildlint.cli.plan import plan_command
from buildlint.cli.rule import rule_command
from buildlint.cli.server import server_command
from buildlint.help import Group
from buildlint.messages import use_language
from buildlint.streams import FAILED, note

_INTERRUPTED = 130


@click.group("buildlint", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@speaks
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Lint and compile Alibaba Cloud ECS Image Builder templates.

    A template is a file NAME.buildcontent, or BuildContent itself; its request, with the other
    parameters of the API call, is NAME.request.toml or NAME.request.json beside it.
    """


for command in (
    check_command,
    compile_command,
    plan_command,
    create_command,
    convert_command,
    format_command,
    config_command,
    rule_command,
    server_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    use_language(None)
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = FAILED
    except click.Abort:
        code = _INTERRUPTED
    except OSError as error:  # of the output: every file has been seen to before
        note((error.strerror or str(error)).lower())
        # Nothing more is written, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = FAILED
    sys.exit(code)
