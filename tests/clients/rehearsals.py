"""Templates for a rehearsal in a real container: each with one mistake, and some without.

`⟦` and `⟧` stand around the place where the mistake must be told, and are not in the template.
There are none where that is a matter of luck.
"""

from typing import NamedTuple

FROM = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"

BUCKET = "https://starlake-release.oss-cn-hangzhou-internal.aliyuncs.com"


class Case(NamedTuple):
    """A template without its FROM, and what a rehearsal says of it: nothing if it has no code.

    `says` is in the message or in the last lines of the output.
    """

    name: str
    text: str
    code: str = "BR101"
    says: str = ""
    status: int = 1
    options: tuple[str, ...] = ()
    request: str = ""
    files: tuple[tuple[str, str], ...] = ()


PLANTED = (
    Case(
        "name-of-a-package",
        """\
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\
      tree \\
      ⟦ngnix⟧
""",
        says="Unable to locate package ngnix",
    ),
    Case(
        "name-of-a-unit",
        "RUN systemctl daemon-reload && systemctl enable ⟦crond.service⟧\n",
        says="Unit file crond.service does not exist",
    ),
    Case(
        "user-without-a-home",
        "RUN useradd --system app\nUSER ⟦app⟧\nRUN id -un\n",
        "BR103",
        "home",
    ),
    Case("user-that-nobody-made", "USER ⟦nginx⟧\nRUN id -un\n", "BR103", "nginx"),
    Case("directory-that-nobody-made", "WORKDIR ⟦/opt/app⟧\nRUN ls\n", "BR104", "/opt/app"),
    Case(
        "lost-variable",
        'RUN VERSION=1.2 && mkdir "/opt/app-$VERSION"\nRUN echo in && ⟦cd "/opt/app-$VERSION"⟧\n',
        says="/opt/app-",
    ),
    Case(
        "lost-function",
        'RUN log() { echo "$1"; } && log begin\nRUN true && ⟦log⟧ end\n',
        says="log: not found",
    ),
    Case(
        "directory-lost-with-the-step",
        "RUN mkdir /opt/app && cd /opt/app && touch run.sh\nRUN chmod 0755 ⟦run.sh⟧\n",
        says="run.sh",
    ),
    Case(
        "bash-in-dash",
        'RUN ⟦source⟧ /etc/os-release && echo "$ID"\n',
        says="source: not found",
    ),
    Case(
        "option-that-dash-lacks",
        "RUN set -o ⟦pipefail⟧ && dmesg | tail -n 1\n",
        says="pipefail",
    ),
    Case(
        "hang",
        "RUN echo waits && ⟦tail -f /etc/hostname⟧\n",
        "BR102",
        options=("--timeout=3",),
    ),
    Case(
        "question-that-nobody-answers",
        'RUN echo y > /dev/null; ⟦read answer⟧ && echo "$answer"\n',
    ),
    Case(
        "restart-clears-run",
        "RUN touch /run/app.ready\nRESTART\nRUN echo up && cat ⟦/run/app.ready⟧\n",
        says="No such file",
    ),
    Case(
        "started-and-not-enabled",
        """\
RUN printf '%s\\n' '[Service]' 'ExecStart=/bin/sleep infinity' '[Install]' \\
      'WantedBy=multi-user.target' > /etc/systemd/system/app.service && \\
    systemctl daemon-reload && \\
    systemctl start app.service
RESTART
RUN ⟦systemctl is-active app.service⟧
""",
        says="inactive",
    ),
    Case(
        "unit-that-does-not-start",
        """\
RUN printf '%s\\n' '[Service]' 'Type=exec' 'ExecStart=/opt/app/serve' \\
      > /etc/systemd/system/app.service && \\
    systemctl daemon-reload && \\
    systemctl restart ⟦app.service⟧
""",
        says="app.service",
    ),
    Case(
        "setting-that-the-program-refuses",
        """\
RUN echo 'PermitRootLogin maybe' > /etc/ssh/sshd_config.d/10-root.conf && \\
    ⟦sshd -t⟧ && \\
    systemctl reload ssh
""",
        says="unsupported option",
    ),
    Case("file-that-nobody-made", "RUN chmod +x ⟦/usr/local/bin/agent⟧\n", says="agent"),
    Case(
        "file-in-the-third-line",
        """\
RUN mkdir -p /opt/app && \\
    # the archive is not here
    tar -xzf ⟦/opt/app.tar.gz⟧ -C /opt/app && \\
    rm /opt/app.tar.gz
""",
        says="app.tar.gz",
    ),
    Case(
        "directory-of-root",
        """\
RUN useradd --create-home app
USER app
WORKDIR /home/app
RUN echo key=1 > settings && cp settings ⟦/etc/app.conf⟧
""",
        says="Permission denied",
    ),
    Case(
        "expression-without-its-end",
        "RUN echo a > /opt/a && ⟦sed -i 's/a/b' /opt/a⟧ && cat /opt/a\n",
        says="unterminated",
    ),
    Case(
        "checksum",
        """\
WORKDIR /opt
RUN echo text > file.txt && \\
    echo "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f  file.txt" > sums && \\
    ⟦sha256sum -c sums⟧
""",
        says="file.txt: FAILED",
    ),
    Case(
        "in-a-loop",
        """\
RUN for each in /etc/hostname /etc/nothing; do \\
      ⟦cat "$each"⟧ || exit 3; \\
    done
""",
        says="/etc/nothing",
    ),
    Case(
        "in-a-condition",
        "RUN if [ -e /etc/hostname ]; then install -m 0644 ⟦/opt/nothing⟧ /opt/app; fi\n",
        says="/opt/nothing",
    ),
    Case(
        "status-of-its-own",
        "RUN set -e; test -e /etc/hostname; ⟦test -e /etc/nothing⟧; echo never\n",
    ),
    Case(
        "chinese",
        "RUN echo 开始 && \\\n\t⟦cat /opt/没有⟧ # 没有\n",
        says="No such file",
    ),
    Case(
        "shuts-down",
        "RUN touch /opt/a\nRUN ⟦systemctl reboot⟧\nRUN test -e /opt/a\n",
        "BR105",
    ),
    Case(
        "entry-point",
        'RUN mkdir -p /opt/app\nENTRYPOINT [⟦"/opt/app/serve"⟧]\n',
        "BR114",
        "/opt/app/serve",
        status=0,
    ),
    Case(
        "group-that-is-there",
        "RUN true && useradd --create-home ⟦operator⟧\n",
        says="group operator exists",
    ),
    Case(
        "script-without-permission",
        """\
RUN printf '%s\\n' '#!/bin/sh' 'echo done' > /usr/local/bin/setup && \\
    ⟦/usr/local/bin/setup⟧
""",
        says="Permission denied",
    ),
    Case(
        "archive-for-another-processor",
        """\
RUN printf '\\177ELF\\002\\001\\001' > /usr/local/bin/agent && chmod +x /usr/local/bin/agent && \\
    ⟦/usr/local/bin/agent --version⟧
""",
    ),
)

SERVICE = """\
RUN printf '%s\\n' '[Unit]' 'Description=Clock' '[Service]' \\
      'ExecStart=/bin/sh -c "while :; do date > /var/lib/clock; sleep 1; done"' \\
      '[Install]' 'WantedBy=multi-user.target' > /etc/systemd/system/clock.service && \\
    systemctl daemon-reload && \\
    systemctl enable --now clock.service
RESTART
RUN systemctl is-active clock.service && test -e /var/lib/clock
"""

GOOD = (
    Case("service-behind-a-restart", SERVICE, ""),
    Case(
        "user-with-a-home-and-variables",
        """\
ENV APP_HOME="/srv/app" \\
    PATH="/srv/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
RUN useradd --create-home --home-dir "$APP_HOME" app
USER app
WORKDIR /srv/app
RUN mkdir bin && printf '%s\\n' '#!/bin/sh' 'echo "$HOME"' > bin/where && chmod +x bin/where
RUN test "$(where)" = /srv/app && test "$PWD" = /srv/app && test "$(id -un)" = app
""",
        "",
    ),
    Case(
        "downloaded-file",
        f"COPY {BUCKET}/app/1.0/settings.conf /opt\nRUN grep -q 'port = 80' /opt/settings.conf\n",
        "",
        options=(f"--file={BUCKET}/app/1.0/settings.conf=settings.conf",),
        files=(("settings.conf", "port = 80\n"),),
    ),
    Case(
        "what-a-server-has",
        """\
RUN printf '%s\\n' '0 3 * * * root /usr/bin/true' > /etc/cron.d/nightly && \\
    systemctl is-active cron.service && \\
    printf '%s\\n' '/var/log/app.log {' '    missingok' '}' > /etc/logrotate.d/app && \\
    logrotate --debug /etc/logrotate.d/app && \\
    sshd -t && \\
    sudo -n true && \\
    cloud-init clean --logs
""",
        "",
    ),
    Case(
        "script-of-bash",
        """\
RUN bash -euo pipefail -c '\\
      files=(/etc/hostname /etc/hosts); \\
      [[ ${#files[@]} == 2 ]] && source /etc/os-release && echo "$ID"'
""",
        "",
    ),
    Case(
        "pipe-whose-first-part-fails",
        "RUN false | tee /tmp/log\nRUN test -e /tmp/log && rm /tmp/log\n",
        "",
    ),
    Case(
        "daemon-that-stays",
        "RUN nohup sleep 300 &\nRUN (sleep 300 > /dev/null 2>&1 &) && pgrep -x sleep\n",
        "",
    ),
    Case(
        "test-behind-the-build",
        "RUN mkdir -p /opt/app && touch /opt/app/ready\n",
        "",
        request='TestContent = "RUN test -e /opt/app/ready"\n',
    ),
)

# What the container cannot do is no error; each is told, and the build goes on.
EXCUSED = (
    Case(
        "kernel-parameters",
        """\
RUN echo 'vm.overcommit_memory = 1' > /etc/sysctl.d/60-app.conf && \\
    ⟦sysctl -p /etc/sysctl.d/60-app.conf⟧ && \\
    touch /opt/behind
RUN test -e /opt/behind
""",
        "BR110",
        status=0,
    ),
    Case(
        "kernel-module",
        "RUN ⟦modprobe overlay⟧ && touch /opt/behind\nRUN test -e /opt/behind\n",
        "BR110",
        status=0,
    ),
    Case(
        "skipped-by-a-comment",
        "# buildlint: rehearse skip there is no such disk\n⟦RUN mkfs.ext4 /dev/vdb⟧\nRUN true\n",
        "BR113",
        "there is no such disk",
        status=0,
    ),
    Case(
        "address-inside-alibaba-cloud",
        "RUN ⟦curl -fsS --max-time 3 http://mirrors.cloud.aliyuncs.com/debian/dists/⟧\n",
        "BR110",
        status=0,
    ),
)

# What a step may do to a container, and to whoever watches it.
WILD = (
    Case(
        "much-output-in-one-line",
        "RUN head -c 100000000 /dev/zero | tr '\\0' x; cat ⟦/opt/nothing⟧\n",
        says="xxx",
    ),
    Case(
        "binary-output",
        "RUN head -c 100000 /dev/urandom; printf '\\033[31mred\\007\\n'; ⟦test -e /opt/nothing⟧\n",
        says="red",
    ),
    Case("kills-its-shell", "RUN echo before && ⟦kill -9 $$⟧\n", says="before"),
    Case("asks-for-a-reboot", "RUN true\nRUN ⟦exit 194⟧\nRUN true\n", "BR105"),
    Case("fills-a-disk", "RUN ⟦head -c 1000000000 /dev/zero⟧ > /dev/shm/full\n", says="space"),
    Case(
        "forks-without-end",
        "RUN f() { f | f & }; f; sleep 2; test -e /opt/nothing\n",
        says="Cannot fork",
    ),
)
# A step with which nothing can go on.
REMOVES_SHELL = Case("removes-its-shell", "RUN rm -f /bin/sh /usr/bin/sh\nRUN echo never\n", "")
