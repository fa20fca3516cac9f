"""BL55x: shell code that bash reads, and dash does not, or reads otherwise."""

from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.bashisms import first_of
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import Shell
from buildlint.shell.dash.bashism import Kind
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_

_FROM = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
_DASH = (Shell.DASH,)


@rule(
    Run,
    "BL550",
    "dash-syntax-error",
    Severity.WARNING,
    summary=N_("RUN has bash syntax that dash cannot parse"),
    bad=_FROM + "RUN users=(app web) && echo ${#users}\n",
    good=_FROM + "RUN bash -c 'users=(app web) && echo ${#users[@]}'\n",
    shells=_DASH,
)
def dash_syntax_error(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. dash has no arrays (`a=(…)`),
    no `<(…)`, `<<<`, `|&`, `>& file`, `;&`, `for ((…))`, `select` and no `function f {`. It reads
    the whole text before it runs the first command, so nothing in the RUN is run. `bash -c '…'`
    has bash run it.

    Sources: dash(1), "Shell Grammar"; bash(1); agent/taskengine of the Cloud Assistant agent.
    """
    yield from first_of((Kind.SYNTAX,), node, context)


@rule(
    Run,
    "BL551",
    "dash-double-brackets",
    Severity.WARNING,
    summary=N_("RUN uses `[[`, which dash does not have"),
    bad=_FROM + "RUN if [[ ! -d /opt/app ]]; then mkdir /opt/app; fi\n",
    good=_FROM + "RUN if [ ! -d /opt/app ]; then mkdir /opt/app; fi\n",
    shells=_DASH,
)
def dash_double_brackets(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. dash looks for a program of
    the name `[[`, and finds none. `if` then takes its `else` branch, `&&` skips what follows, `||`
    runs it, and the step may succeed all the same. Use `[` with quoted variables, or `bash -c '…'`
    for patterns and regular expressions.

    Sources: dash(1), test; bash(1), "Compound Commands".
    """
    yield from first_of((Kind.BRACKETS,), node, context)


@rule(
    Run,
    "BL552",
    "dash-test-operator",
    Severity.WARNING,
    summary=N_("A test uses an operator that dash does not have"),
    bad=_FROM + 'RUN if [ "$(uname -m)" == x86_64 ]; then touch /etc/x86; fi\n',
    good=_FROM + 'RUN if [ "$(uname -m)" = x86_64 ]; then touch /etc/x86; fi\n',
    shells=_DASH,
)
def dash_test_operator(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. Its `[` compares strings with
    `=` only: `==` is an unexpected operator, and so is `-v`. The test fails, whatever is compared:
    `if` takes its `else` branch.

    Sources: dash(1), test; POSIX.1-2017, test.
    """
    yield from first_of((Kind.EQUALS,), node, context)


@rule(
    Run,
    "BL553",
    "dash-source",
    Severity.WARNING,
    summary=N_("RUN uses `source`, which dash does not have"),
    bad=_FROM + 'RUN source /etc/os-release && echo "$VERSION_ID" > /etc/base-version\n',
    good=_FROM + 'RUN . /etc/os-release && echo "$VERSION_ID" > /etc/base-version\n',
    shells=_DASH,
)
def dash_source(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. dash looks for a program of
    the name `source`, and finds none: the file is not read, and its variables are not set. `.` does
    the same in every shell, with a path that contains a slash. A file that is itself written for
    bash needs `bash -c '…'`.

    Sources: dash(1) and POSIX.1-2017, dot.
    """
    yield from first_of((Kind.SOURCE,), node, context)


@rule(
    Run,
    "BL554",
    "dash-set-option",
    Severity.WARNING,
    summary=N_("`set` has an option that ends dash"),
    bad=_FROM + "RUN set -euo pipefail && sort /etc/passwd | head -n 1 > /etc/first\n",
    good=_FROM + "RUN bash -euo pipefail -c 'sort /etc/passwd | head -n 1 > /etc/first'\n",
    shells=_DASH,
)
def dash_set_option(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. An option that `set` does not
    know ends dash with status 2, even before `||`: the step fails. `pipefail` is known since Debian
    13 and Ubuntu 25.04 (dash 0.5.12-7); on them, it is not reported. Before that, and for options
    that only bash has, use `bash -c '…'`.

    Sources: dash(1), set; the changelog of Debian's dash (#1071238).
    """
    yield from first_of((Kind.OPTION,), node, context)


@rule(
    Run,
    "BL555",
    "dash-ampersand-redirection",
    Severity.WARNING,
    summary=N_("`&>` runs the command in the background"),
    bad=_FROM + "RUN if command -v nginx &> /dev/null; then nginx -t; fi\n",
    good=_FROM + "RUN if command -v nginx > /dev/null 2>&1; then nginx -t; fi\n",
    shells=_DASH,
)
def dash_ampersand_redirection(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. dash reads `cmd &> file` as
    `cmd &` and `> file`: the command runs in the background, its failure is lost, and a condition
    is always true. The file is emptied, and the output is not in it. `> file 2>&1` means what was
    intended in every shell.

    Sources: dash(1), "Redirections" and "Background Commands"; bash(1), "Redirecting Standard
    Output and Standard Error".
    """
    yield from first_of((Kind.AMPERSAND,), node, context)


@rule(
    Run,
    "BL556",
    "dash-bad-substitution",
    Severity.WARNING,
    summary=N_("RUN has a substitution that ends dash"),
    bad=_FROM + "RUN version=1.2.3 && touch /etc/app-${version//./-}\n",
    good=_FROM + "RUN version=1.2.3 && touch /etc/app-$(echo $version | tr . -)\n",
    shells=_DASH,
)
def dash_bad_substitution(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. `${x//a/b}`, `${x:0:3}`,
    `${x^^}`, `${!x}`, `${x@Q}` and elements of arrays are a "Bad substitution" for dash, and
    `$((i++))`, `$((2**3))` and `$((10#08))` a mistake in arithmetic: the shell ends there with
    status 2, and the step fails after half of its work. Use sed, cut or tr, `$((i + 1))`, or
    `bash -c '…'`.

    Sources: dash(1), "Parameter Expansion" and "Arithmetic Expansion"; bash(1), "Parameter
    Expansion".
    """
    yield from first_of((Kind.SUBSTITUTION,), node, context)


@rule(
    Run,
    "BL557",
    "dash-unexpanded-word",
    Severity.WARNING,
    summary=N_("RUN has a word that dash does not expand"),
    bad=_FROM + "RUN mkdir -p /srv/app/{bin,log}\n",
    good=_FROM + "RUN mkdir -p /srv/app/bin /srv/app/log\n",
    shells=_DASH,
)
def dash_unexpanded_word(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. Braces (`{1..3}`, `{a,b}`),
    `$'…'` and `$"…"` are ordinary characters for dash: `mkdir {a,b}` creates one directory with the
    name `{a,b}`, `rm -f /tmp/{a,b}` deletes nothing, a loop over `{1..3}` runs once, and all of it
    succeeds. Programs that read braces themselves, such as curl, are not reported.

    Sources: dash(1), "Word Expansions"; bash(1), "Brace Expansion" and "QUOTING".
    """
    yield from first_of((Kind.WORD,), node, context)


@rule(
    Run,
    "BL558",
    "dash-echo-option",
    Severity.WARNING,
    summary=N_("`echo` prints an option that dash does not have"),
    bad=_FROM
    + "RUN echo -e 'net.core.somaxconn=1024\\nvm.swappiness=1' > /etc/sysctl.d/app.conf\n",
    good=_FROM
    + "RUN printf '%b\\n' 'net.core.somaxconn=1024\\nvm.swappiness=1' > /etc/sysctl.d/app.conf\n",
    shells=_DASH,
)
def dash_echo_option(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. The only option of its `echo`
    is `-n`: `echo -e foo` writes `-e foo`, and a file that is made of it begins with `-e`. Escapes
    are always replaced, also without the option. `printf` does the same in every shell.

    Sources: dash(1), echo; POSIX.1-2017, echo, "APPLICATION USAGE".
    """
    yield from first_of((Kind.ECHO,), node, context)


@rule(
    Run,
    "BL559",
    "dash-missing-builtin",
    Severity.WARNING,
    summary=N_("RUN uses a command, an option or a variable that dash does not have"),
    bad=_FROM + "RUN pushd /usr/src/app && make\n",
    good=_FROM + "RUN cd /usr/src/app && make\n",
    shells=_DASH,
)
def dash_missing_builtin(node: Run, context: Context) -> Iterator[Finding]:
    """A step is run by `/bin/sh`, which is dash on Debian and Ubuntu. `pushd`, `declare`, `let`,
    `shopt`, `mapfile`, `((…))`, `x+=…` and other commands of bash are not found there, options such
    as `read -a`, `local -a`, `export -f` and `type -t` are errors, `trap … ERR` is not set,
    `$(<file)` is empty, and so are `$RANDOM`, `$UID` and `$EUID`. Unless the RUN has `set -e`, it
    continues after such an error.

    Sources: dash(1), "Builtins"; bash(1), "SHELL BUILTIN COMMANDS" and "Shell Variables".
    """
    yield from first_of((Kind.MISSING, Kind.VARIABLE), node, context)
