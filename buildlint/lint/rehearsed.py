"""What `buildlint rehearse` reports, declared as rules are: codes, texts and examples.

No rule finds these: a step has to be run. So they are in no registry, and nothing selects them.
"""

from collections.abc import Mapping

from buildlint.lint.rules.registry import Example
from buildlint.text.diagnostics import Severity
from buildlint.text.messages import N_
from buildlint.text.record import Record


class Rehearsed(Record):
    """A code: what it is about, and two examples; what the bad one prints is its `output`."""

    code: str
    name: str
    severity: Severity
    summary: str
    explanation: str
    bad: Example
    good: Example
    is_default: bool = True
    service_code: None = None


_DEBIAN = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"


def _bad(commands: str, output: str) -> Example:
    return Example(_DEBIAN + commands, output=output)


def _good(commands: str) -> Example:
    return Example(_DEBIAN + commands)


_ALL = (
    Rehearsed(
        "BR101",
        "step-failed",
        Severity.ERROR,
        N_("A step fails in the container"),
        N_(
            "The step ended with an exit status other than 0, as it would on the build instance:\n"
            "the build would fail there. The problem is marked at the command that ran last; for\n"
            "that, the step was run again in a copy of the container, and traced. Its last lines\n"
            "of output are shown."
        ),
        _bad(
            "RUN apt-get update && apt-get install -y ngnix\n",
            "E: Unable to locate package ngnix\n",
        ),
        _good("RUN apt-get update && apt-get install -y nginx\n"),
    ),
    Rehearsed(
        "BR102",
        "step-timeout",
        Severity.ERROR,
        N_("A step does not end within its time limit"),
        N_(
            "Cloud Assistant ends a step after 600 seconds, and the build fails. `--timeout` sets\n"
            "another limit for the rehearsal. Usual causes are a program that waits for an\n"
            "answer, and a service that is started in the foreground."
        ),
        _bad("RUN tail -f /var/log/dpkg.log\n", ""),
        _good("RUN tail /var/log/dpkg.log\n"),
    ),
    Rehearsed(
        "BR103",
        "step-user",
        Severity.ERROR,
        N_("A step has no user to run as"),
        N_(
            "Cloud Assistant rejects a step if its user does not exist. Without a WORKDIR, it\n"
            "starts in the home directory of the user, and rejects the step if there is none:\n"
            "`useradd --system` and, on Debian and Ubuntu, any `useradd` without `-m` make none."
        ),
        _bad("RUN useradd app\nUSER app\nRUN id\n", ""),
        _good("RUN useradd -m app\nUSER app\nRUN id\n"),
    ),
    Rehearsed(
        "BR104",
        "step-directory",
        Severity.ERROR,
        N_("The working directory of a step does not exist"),
        N_(
            "WORKDIR makes no directory. Cloud Assistant rejects a step whose working directory\n"
            "does not exist (WorkingDirectoryNotExist)."
        ),
        _bad("WORKDIR /srv/app\nRUN touch ready\n", ""),
        _good("RUN mkdir -p /srv/app\nWORKDIR /srv/app\nRUN touch ready\n"),
    ),
    Rehearsed(
        "BR105",
        "step-stops-instance",
        Severity.ERROR,
        N_("A step shuts the instance down"),
        N_(
            "The container has stopped, or the step asked Cloud Assistant to power off (exit\n"
            "status 193) or to reboot (194). The build would lose its instance."
        ),
        _bad("RUN systemctl reboot\n", ""),
        _good("RESTART\n"),
    ),
    Rehearsed(
        "BR106",
        "restart-failed",
        Severity.ERROR,
        N_("The system does not start again after RESTART"),
        N_(
            "The container was stopped and started, and its first process ended. What the\n"
            "commands before RESTART have changed keeps the system from starting."
        ),
        _bad("RUN rm -rf /lib/systemd\nRESTART\n", ""),
        _good("RESTART\n"),
    ),
    Rehearsed(
        "BR110",
        "not-in-container",
        Severity.WARNING,
        N_("A command needs what a container does not have"),
        N_(
            "A container has no kernel, boot loader, clock, firewall or disks of its own, and\n"
            "does not reach addresses inside Alibaba Cloud. What it denies is not the fault of\n"
            "the template: the rehearsal continues, and what was not tested is listed. `#\n"
            "buildlint: rehearse skip REASON` above a command skips it."
        ),
        _bad("RUN modprobe nf_conntrack\n", "modprobe: FATAL: Module nf_conntrack not found\n"),
        _good("RUN echo nf_conntrack > /etc/modules-load.d/conntrack.conf\n"),
    ),
    Rehearsed(
        "BR111",
        "failed-after-omission",
        Severity.WARNING,
        N_("A step fails after something was skipped"),
        N_(
            "Something before the step was skipped, or was not done in the container: a\n"
            "COMPONENT, a download, a skipped command. The failure may come from that, or from\n"
            "the template."
        ),
        _bad(
            "COMPONENT ic-bp67acfmxazb4ph0aaaa\nRUN nginx -t\n",
            "/var/lib/buildlint/step: 1: nginx: not found\n",
        ),
        _good("RUN apt-get update && apt-get install -y nginx && nginx -t\n"),
    ),
    Rehearsed(
        "BR112",
        "component-skipped",
        Severity.WARNING,
        N_("A component is skipped in the rehearsal"),
        N_(
            "Only a component whose file is in the repository can be rehearsed, and of its tasks\n"
            "only RunShellCommand, WebDownload and Reboot."
        ),
        _bad("COMPONENT ic-bp67acfmxazb4ph0aaaa\n", ""),
        _good("RUN apt-get update\n"),
    ),
    Rehearsed(
        "BR113",
        "command-skipped",
        Severity.INFO,
        N_("A comment skips a command in the rehearsal"),
        N_(
            "`# buildlint: rehearse skip REASON` above a command skips it. A later failure\n"
            "is a warning then: it may come from that."
        ),
        _bad("# buildlint: rehearse skip needs a GPU\nRUN nvidia-smi\n", ""),
        _good("RUN uname\n"),
    ),
    Rehearsed(
        "BR114",
        "entry-point-not-found",
        Severity.WARNING,
        N_("The program of ENTRYPOINT or CMD is not in the image"),
        N_(
            "The command is run when an instance of the image starts. It was not run, but its\n"
            "program was looked for when all steps were done."
        ),
        _bad('RUN apt-get update\nENTRYPOINT ["/usr/sbin/ngnix"]\n', ""),
        _good('RUN apt-get update\nENTRYPOINT ["/usr/bin/env"]\n'),
    ),
)
REHEARSED: Mapping[str, Rehearsed] = {each.code: each for each in _ALL}


def codes_of(selector: str) -> tuple[str, ...]:
    """The codes that a code, the beginning of one or a name stands for; none if there are none."""
    prefix, name = selector.upper(), selector.lower()
    return tuple(
        code
        for code, each in REHEARSED.items()
        if (prefix.startswith("BR") and code.startswith(prefix)) or name in ("all", each.name)
    )
