"""What the last lines of a failed step mean."""

import pytest

from buildlint.rehearse.excuses import internal_host, missing_in, unreached_host
from buildlint.rehearse.hints import hint


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("E: Unable to locate package ngnix", "there is no package `ngnix`"),
        ("E: Package 'python' has no installation candidate", "there is no package `python`"),
        ("Error: Unable to find a match: x\nNo match for argument: ngnix", "no package `ngnix`"),
        ("No package ngnix available.", "there is no package `ngnix`"),
        ("ERROR: No matching distribution found for flaskk", "there is no package `flaskk`"),
        ("Failed to enable unit: Unit file crond.service does not exist.", "unit `crond.service`"),
        ("Failed to stop crond.service: Unit crond.service not loaded.", "unit `crond.service`"),
        ("Failed to start ngnix.service: Unit ngnix.service not found.", "unit `ngnix.service`"),
        ("Unit foo.service could not be found.", "there is no unit `foo.service`"),
        ("foo: unrecognized service", "there is no unit `foo`"),
        ("/var/lib/buildlint/step: 3: ngnix: not found", "there is no program `ngnix`"),
        ("bash: line 1: ngnix: command not found", "there is no program `ngnix`"),
        ("chown: invalid user: 'web:web'", "there is no user `web`"),
        ("chown: invalid user: ‘web’", "there is no user `web`"),
        ("useradd: group 'web' does not exist", "there is no group `web`"),
        ("su: user web does not exist or the user entry lacks fields", "there is no user `web`"),
        ("sudo: unknown user web", "there is no user `web`"),
        ("chgrp: invalid group: 'web'", "there is no group `web`"),
        ("/x/step: 2: VERSION: parameter not set", "variable `VERSION` has no value"),
        ("/x/step: line 2: VERSION: unbound variable", "variable `VERSION` has no value"),
        ('/x/step: 1: Syntax error: "(" unexpected', "the shell reports a syntax error"),
        ("/x/step: 1: Bad substitution", "the shell reports a syntax error"),
        ("curl: (6) Could not resolve host: exampel.com", "there is no host `exampel.com`"),
        ("wget: unable to resolve host address ‘exampel.com’", "no host `exampel.com`"),
        ("curl: (22) The requested URL returned error: 404", "the server answers `404`"),
        ("2026-11-29 10:00:00 ERROR 404: Not Found.", "the server answers `404`"),
        ("tar: x: Cannot write: No space left on device", "the disk is full"),
        ("touch: cannot touch '/etc/x': Permission denied", "user `web` may not access `/etc/x`"),
        ("/x/step: 1: cd: can't cd to /srv/a", "`/srv/a` does not exist here"),
        ("cat: /etc/x: No such file or directory", "`/etc/x` does not exist here"),
        ("cat: x.conf: No such file or directory", "`x.conf` does not exist here"),
        ("cp: cannot stat '/opt/a b': No such file or directory", "does not exist here"),
        ("error: stat of /var/log/app.log failed: No such file or directory", "/var/log/app.log"),
        ("cp: cannot create regular file '/a/b': No such file or directory", "directory of `/a/b`"),
        ("/x/step: 1: cannot create /a/b: Directory nonexistent", "the directory of `/a/b`"),
        ("mkdir: cannot create directory ‘/a/b’: No such file or directory", "directory of `/a/b`"),
    ],
)
def test_a_line_that_is_known(line: str, said: str) -> None:
    found = hint(line.split("\n"), "web")
    assert found is not None
    assert said in str(found)


@pytest.mark.parametrize(
    "line", ["", "done", "make: *** [all] Error 2", "nginx: test failed", "404"]
)
def test_a_line_that_is_not(line: str) -> None:
    assert hint([line], "root") is None


def test_the_last_line_that_is_known_counts() -> None:
    lines = ["cat: /a: No such file or directory", "E: Unable to locate package ngnix", "x"]
    assert "ngnix" in str(hint(lines, "root"))
    assert hint(["cat: /a: No such file or directory", *"123456"], "root") is None


@pytest.mark.parametrize(
    ("line", "is_bare", "name"),
    [
        ("x: 1: sudo: not found", True, "sudo"),
        ("x: 1: sudo: not found", False, None),
        ("x: 1: ngnix: not found", True, None),
        ("sed: can't read /etc/ssh/sshd_config: No such file or directory", True, "/etc/ssh"),
        ("sed: can't read /etc/ssh/sshd_config: No such file or directory", False, None),
        ("sed: can't read /etc/default/grub: No such file or directory", False, "/etc/default"),
        ("ls: cannot access '/boot/vmlinuz': No such file or directory", False, "/boot"),
        ("System has not been booted with systemd as init system (PID 1).", False, ""),
    ],
)
def test_what_a_container_lacks(line: str, is_bare: bool, name: str | None) -> None:
    found = missing_in([line], is_bare=is_bare)
    assert (found is None) == (name is None)
    if found and name:
        assert found[1]["name"].startswith(name)


def test_hosts_that_a_container_does_not_reach() -> None:
    unknown = ["curl: (6) Could not resolve host: x.internal"]
    assert internal_host(unknown, "") == "x.internal"
    assert internal_host(["curl: (28) Connection timed out"], "curl 100.100.100.200") is not None
    assert internal_host(["curl: (7) Failed to connect to 127.0.0.1 port 1"], "") is None
    assert internal_host(["fine"], "curl 10.0.0.1") is None
    answer = ["curl: (22) The requested URL returned error: 404"]
    assert internal_host(answer, "curl -f http://100.100.100.200/x") == "100.100.100.200"
    assert internal_host(answer, "curl -f http://100.100.100.200 https://example.com") is None
    assert internal_host(answer, "curl -f https://example.com/x.sh") is None
    assert unreached_host(["curl: (6) Could not resolve host: example.com"]) == "example.com"
    assert unreached_host(["fine"]) is None
