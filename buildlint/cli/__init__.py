"""The command line: arguments in, text and an exit code out; no logic of its own.

Exit codes: 0 nothing found, 1 errors found or a compile that failed, 2 usage, configuration,
unreadable files, internal errors.
"""

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import click

from buildlint.cli.help import Group, Option
from buildlint.cli.options import colours, speaks
from buildlint.files.streams import FAILED, Unusable, complain, warn
from buildlint.text.bounded import forget_inputs
from buildlint.text.messages import N_, filled, unknown_language, use_language
from buildlint.version import __version__

_INTERRUPTED = 130
# Each in the module of its name.
_NAMES = (
    *("check", "compile", "plan", "rehearse", "create", "pull", "diff", "convert", "extract"),
    *("format", "config", "rule", "server"),
)
# What else people type, and what it stands for; help lists none of them.
_ALIASES = {
    "lint": ("check",),
    "fmt": ("format",),
    "explain": ("rule",),
    "rules": ("rule", "--all"),
    "lsp": ("server",),
    "help": ("--help",),
    "version": ("--version",),
}
# A run makes much and drops little of it: to look for garbage as often as Python does is in vain.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


class _Commands(Mapping[str, click.Command]):
    """The commands by their names, each imported when it is called, or listed in the help."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _NAMES:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f"{__name__}.{name}"), f"{name}_command")
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


def _command_for(path: str) -> str | None:
    """Name the command for a file that was typed without one."""
    from buildlint.files.beside import without_suffix
    from buildlint.files.names import TEMPLATE_SUFFIX

    if path.endswith("Dockerfile"):
        return "convert"
    is_path = path.endswith(TEMPLATE_SUFFIX) or os.path.lexists(path) or without_suffix(Path(path))
    return "check" if is_path else None


@click.group(
    "buildlint",
    cls=Group,
    commands=_Commands(),
    aliases=_ALIASES,
    for_path=_command_for,
    examples=("buildlint check", "buildlint rule BL305"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@speaks
@colours
@click.version_option(
    __version__,
    "-V",
    "--version",
    cls=Option,
    message="%(prog)s %(version)s",
    help="Show the version and exit.",
)
def cli() -> None:
    """Lint, format and compile Alibaba Cloud ECS Image Builder templates.

    A template is a file named NAME.buildcontent or BuildContent. The other parameters of the API
    call (the request) are in NAME.request.toml or NAME.request.json next to it.
    """
    forget_inputs()
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise Unusable(
            filled(N_("the current directory is gone; change to another one"))
        ) from error


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    use_language(None)
    if language := unknown_language():
        text = N_("`BUILDLINT_LANG`: no texts in `{language}`; use `en` or `zh_CN`")
        warn(filled(text, language=language))
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = FAILED
    except click.Abort:
        code = _INTERRUPTED
    except OSError as error:  # of the output: every file has been seen to before
        from buildlint.text.reasons import reason

        complain(Unusable(reason(error)))
        # Nothing more is written, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = FAILED
    gc.freeze()  # Python looks for garbage once more when it ends: nothing is left to be gained
    sys.exit(code)
