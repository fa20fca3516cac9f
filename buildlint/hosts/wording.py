"""What rules say of the tasks of a component in YAML, where they say it of commands elsewhere."""

from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import N_, Message

# Their texts, and what stands in place of each.
OF_TASKS = {
    # lost text
    N_("`{keyword}` is not a shell command; put it on its own line"): N_(
        "`{keyword}` is not a shell command; remove the line, or add a task for it"
    ),
    N_("`RUN` is not a shell command; remove it, or put it on its own line"): N_(
        "`RUN` is not a shell command; remove it"
    ),
    N_(
        "`\\n` is not a line ending here, so the next `{keyword}` is part of this RUN; start a new "
        "line"
    ): N_("`\\n` is not a line ending here; start a new line"),
    # waiting
    N_("change the file with `sed`, `tee` or COPY"): N_("change the file with `sed` or `tee`"),
    N_("set the variable with ENV, or in the script itself"): N_(
        "set the variable in the script, or use a parameter"
    ),
    # what takes the instance away
    N_(
        "`{command}` stops the instance in the middle of the build; to reboot it, use the RESTART "
        "command; do not shut it down"
    ): N_(
        "`{command}` stops the instance in the middle of the build; to reboot it, add a Reboot "
        "task; do not shut it down"
    ),
    N_(
        "this cuts the instance off from the build; only write the configuration, and let RESTART "
        "apply it"
    ): N_(
        "this cuts the instance off from the build; only write the configuration, and let a Reboot "
        "task apply it"
    ),
    # no effect
    N_(
        "every RUN is a new shell, so changing the directory has no effect after it; use WORKDIR"
    ): N_(
        "every task is a new shell, so changing the directory has no effect after it; set "
        "workingDir in the other tasks"
    ),
    N_("every RUN is a new shell, so setting the variable has no effect after it; use ENV"): N_(
        "every task is a new shell, so setting the variable has no effect after it; set it in the "
        "task that needs it"
    ),
    N_(
        "every RUN is a new shell, so `{command}` has no effect after it; move it into the RUN "
        "that needs it"
    ): N_(
        "every task is a new shell, so `{command}` has no effect after it; move it into the task "
        "that needs it"
    ),
    N_("the RESTART before this one has just restarted the instance; remove this one"): N_(
        "the Reboot before this one has just restarted the instance; remove this one"
    ),
    # hidden failures
    N_(
        "if `{command}` fails, the RUN continues and may still succeed; add `set -e` at its start, "
        "or join the commands with `&&`"
    ): N_(
        "if `{command}` fails, the script continues and may still succeed; add `set -e` at its "
        "start, or join the commands with `&&`"
    ),
    N_(
        "if `{command}` fails, the RUN continues, because `set -e` has no effect here; join the "
        "commands with `&&`"
    ): N_(
        "if `{command}` fails, the script continues, because `set -e` has no effect here; join the "
        "commands with `&&`"
    ),
    N_("Add `{command}` at the start of the RUN"): N_("Add `{command}` at the start of the script"),
    N_(
        "if `{command}` fails, the pipe still succeeds because `{reader}` does; add `set -eo "
        "pipefail` at the start of the RUN"
    ): N_(
        "if `{command}` fails, the pipe still succeeds because `{reader}` does; add `set -eo "
        "pipefail` at the start of the script"
    ),
    # kernels
    N_(
        "this may install a new kernel that nothing in the build has booted; add RESTART after it"
    ): N_(
        "this may install a new kernel that nothing in the build has booted; add a Reboot task "
        "after it"
    ),
    N_(
        "`uname -r` prints the running kernel, but the update above may have installed a newer "
        "one; add RESTART after the update"
    ): N_(
        "`uname -r` prints the running kernel, but the update above may have installed a newer "
        "one; add a Reboot task before this"
    ),
    # secrets
    N_(
        "{secret} is visible to anyone who can read the template; disable this key, and use a RAM "
        "role instead"
    ): N_(
        "{secret} is visible to anyone who can read the component; disable this key, and use a RAM "
        "role instead"
    ),
    N_(
        "{secret} is visible to anyone who can read the template; revoke it, and create a new one"
    ): N_(
        "{secret} is visible to anyone who can read the component; revoke it, and create a new one"
    ),
    N_(
        "{secret} is visible to anyone who can read the template or has the image; let the "
        "instance fetch it when it starts"
    ): N_(
        "{secret} is visible to anyone who can read the component or has the image; let the "
        "instance fetch it when it starts"
    ),
    # clean images
    N_(
        "the shell of a RUN has no history, so this clears nothing; for the base image's history, "
        "use `rm -f /root/.bash_history`"
    ): N_(
        "the shell of a task has no history, so this clears nothing; use `rm -f "
        "/root/.bash_history` for that of the base image"
    ),
}


def of_task(found: Diagnostic) -> Diagnostic:
    """Say what a rule has found in a task."""
    fix = found.fix.replace(message=_said(found.fix.message)) if found.fix else None
    return found.replace(message=_said(found.message), fix=fix)


def _said(message: Message) -> Message:
    fields = {
        name: _said(value) if isinstance(value, Message) else value
        for name, value in message.fields.items()
    }
    return Message(OF_TASKS.get(message.template, message.template), fields)
