"""`buildlint server`."""

from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import (
    LANGUAGE,
    configuration,
    option,
    speaks,
    takes_config,
    takes_no_config,
)
from buildlint.files.streams import Unusable
from buildlint.text.messages import N_, filled


@click.command(
    "server",
    cls=Command,
    examples=("buildlint server", "buildlint server --config ci/buildlint.toml"),
)
@speaks
@takes_config
@takes_no_config
# The clients of several editors add it: there is no other way to talk.
@option("--stdio", is_flag=True, hidden=True, expose_value=False)
@click.pass_context
def server_command(ctx: click.Context, config_file: Path | None, *, isolated: bool) -> None:
    """Run the language server: diagnostics, fixes, completion, hover and formatting in editors.

    It speaks the Language Server Protocol (LSP) over standard input and output, and is started by
    the editor. Requires an extra: pip install 'buildlint[server]'. Messages are in the language of
    --lang, then BUILDLINT_LANG, then the editor.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        text = N_("the language server needs an extra: `pip install 'buildlint[server]'`")
        raise Unusable(filled(text))
    from buildlint.server.app import start

    start(configuration(config_file, isolated=isolated), follows_editor=LANGUAGE not in ctx.meta)
