import pytest

from tests.lint.rules.helpers import FROM, checked, found


def of(commands: str, *rules: str) -> list[tuple[str, str]]:
    return found(f"{FROM}{commands}\n", extend_select=rules)


def caches(commands: str) -> list[str]:
    return [text for rule, text in of(commands, "BL901") if rule == "BL901"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get -y install nginx", "apt-get -y install"),
        ("DEBIAN_FRONTEND=noninteractive apt-get dist-upgrade -y", "apt-get dist-upgrade"),
        ("sudo dnf install -y nginx", "dnf install"),
        ("yum -y group install 'Development Tools'", "yum -y group install"),
        ("dnf -y upgrade", "dnf -y upgrade"),
        ("dnf -c /opt/dnf.conf install nginx", "dnf -c /opt/dnf.conf install"),
        ("dnf install -y nginx && ls /var/cache/dnf /var/cache/dnf", "dnf install"),
        ("dnf install -y nginx; rm -f /opt/a; ls /var/cache/dnf", "dnf install"),
        ("zypper -n in nginx", "zypper -n in"),
        ("pip3.11 install flask==3.0.0", "pip3.11 install"),
        ("python3 -m pip install flask==3.0.0", "python3 -m pip install"),
        ("npm install -g pm2@5.4.2", "npm install"),
        ("npm --prefix /srv/app ci", "npm --prefix /srv/app ci"),
    ],
)
def test_a_cache_that_nothing_empties_is_marked_at_what_filled_it(text: str, marked: str) -> None:
    assert caches(f"RUN {text}") == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install -y nginx && apt-get clean",
        "apt-get install -y nginx && apt clean",
        "apt-get install -y nginx && apt-get -y distclean",
        "apt-get install -y nginx && rm -rf /var/cache/apt/archives/*.deb",
        "apt-get install -y nginx && rm -rf /var/lib/apt/lists/* /var/cache/* /tmp/*",
        "apt install -y nginx",
        "apt-get install -y -s nginx",
        "apt-get update && apt-get purge -y telnet",
        "dnf install -y nginx && dnf -y clean all",
        "yum install -y nginx && yum clean all && rm -rf /var/cache/yum",
        "yum install -y nginx && dnf clean all --enablerepo='*'",
        "dnf install -y nginx && rm -rf /var/cache/dnf",
        "dnf install -y --installroot=/mnt/root nginx",
        "zypper -n install nginx && zypper clean --all",
        "pip install --no-cache-dir flask==3.0.0",
        "PIP_NO_CACHE_DIR=1 pip install flask==3.0.0",
        "pip install flask==3.0.0 && pip cache purge",
        "pip install flask==3.0.0 && rm -rf ~/.cache",
        "npm ci && npm cache clean --force",
        "npm ci && rm -rf /root/.npm /tmp/*",
        "npm ci --cache /var/tmp/npm",
        "npm run install && echo dnf install nginx",
        "pip --version",
        "ansible-playbook site.yml && dnf install -y nginx && ./cleanup.sh",
    ],
)
def test_a_cache_that_is_emptied_or_never_filled_is_fine(text: str) -> None:
    assert caches(f"RUN {text}") == []


def test_cleaning_counts_in_a_later_run_but_not_in_an_earlier_one() -> None:
    assert caches("RUN dnf install -y nginx\nRUN dnf clean all") == []
    assert caches("RUN dnf clean all\nRUN dnf install -y nginx") == ["dnf install"]
    assert caches("RUN dnf clean all && yum -y install nginx") == ["yum -y install"]


def test_each_cache_is_marked_once_at_what_filled_it_last() -> None:
    text = "RUN dnf install -y a\nRUN pip install flask==3.0.0 && yum install -y b"
    assert caches(text) == ["pip install", "yum install"]


@pytest.mark.parametrize(
    ("family", "text", "path", "advice"),
    [
        ("acs:centos_7_9_x64", "yum install -y nginx", "/var/cache/yum", "yum clean all"),
        ("acs:rocky_linux_9_7_x64", "yum install -y nginx", "/var/cache/dnf", "yum clean all"),
        ("acs:rocky_linux_9_7_x64", "dnf install -y nginx", "/var/cache/dnf", "dnf clean all"),
        ("own", "yum install -y nginx", "/var/cache", "yum clean all"),
        ("own", "dnf install -y a && yum install -y b", "/var/cache", "yum clean all"),
        ("own", "microdnf install -y nginx", "/var/cache/dnf", "microdnf clean all"),
        ("own", "apt-get install -y nginx", "/var/cache/apt/archives", "apt-get clean"),
        ("own", "aptitude install -y nginx", "/var/cache/apt/archives", "apt-get clean"),
        ("own", "pip3 install flask", "~/.cache/pip", "pip3 cache purge"),
        ("own", "python3 -m pip install flask", "~/.cache/pip", "python3 -m pip cache purge"),
        ("own", "npm ci", "~/.npm", "npm cache clean --force"),
    ],
)
def test_the_advice_names_a_program_that_is_there(
    family: str, text: str, path: str, advice: str
) -> None:
    template = f"FROM IMAGE_FAMILY:{family}\nRUN {text}\n"
    (finding,) = [each for each in checked(template, None, ["BL901"]) if each.rule == "BL901"]
    assert (finding.message.fields["path"], finding.message.fields["advice"]) == (path, advice)


def test_a_comment_of_the_template_spares_no_cache() -> None:
    assert caches("# docker-clean\nRUN apt-get install -y nginx") == ["apt-get install"]


def test_the_lists_of_apt_are_not_its_packages() -> None:
    text = "RUN apt-get install -y nginx && apt-get autoclean && rm -rf /var/lib/apt/lists/*"
    assert caches(text) == ["apt-get install"]


def test_settings_of_the_template_keep_a_cache_from_being_filled() -> None:
    pip = 'ENV PIP_NO_CACHE_DIR="1"\nRUN pip install flask==3.0.0'
    apt = (
        "RUN echo 'APT::Keep-Downloaded-Packages \"false\";' > /etc/apt/apt.conf.d/99keep\n"
        "RUN apt-get install -y nginx"
    )
    assert (caches(pip), caches(apt)) == ([], [])


def test_a_component_may_empty_a_cache() -> None:
    text = "RUN dnf install -y nginx\nCOMPONENT ic-bp67acfmxazb4p0abcde"
    assert caches(text) == []


@pytest.mark.parametrize(
    "text",
    ["history -c", "history -cw", "history -c && history -w", "history -c && unset HISTFILE"],
)
def test_clearing_the_history_of_a_script_is_found(text: str) -> None:
    (finding,) = of(f"RUN true && {text}", "BL903")
    assert finding == ("BL903", text.partition(" &&")[0])


@pytest.mark.parametrize(
    "text",
    [
        "history -c && rm -f /root/.bash_history",
        "export HISTFILE=/root/.ash && history -c",
        "set -o history && history -c",
        "echo history -c",
    ],
)
def test_a_history_that_is_emptied_otherwise_is_fine(text: str) -> None:
    assert of(f"RUN {text}", "BL903") == []


KEYS = "/root/.ssh/authorized_keys"


@pytest.mark.parametrize(
    "text",
    [
        f"echo 'ssh-ed25519 AAAA' >> {KEYS}",
        f"true && printf '%s\\n' 'ssh-ed25519 AAAA' > {KEYS}",
        f"echo 'ssh-ed25519 AAAA' | tee -a {KEYS}",
        f"cp /opt/keys/team.pub {KEYS}",
        f"install -m 0600 /opt/keys/team.pub {KEYS}",
        f"curl -fsS -o {KEYS} https://example.com/team.pub",
        f"curl -fsS --output {KEYS} https://example.com/team.pub",
        f"wget -q -O {KEYS} https://example.com/team.pub",
        f"printf '# team\\nssh-ed25519 AAAA\\n' > {KEYS}",
        f"printf '%s\\n' '# team' 'ssh-ed25519 AAAA' > {KEYS}",
        f"echo '#' | tee /root/a; echo ssh-ed25519 AAAA | tee {KEYS}",
        f'echo "$KEY" > {KEYS}',
        f"tee {KEYS} < /opt/keys/team.pub",
    ],
)
def test_a_key_that_may_log_in_is_found(text: str) -> None:
    assert of(f"RUN {text}", "BL911") == [("BL911", KEYS)]


@pytest.mark.parametrize(
    "text",
    [
        f": > {KEYS}",
        f"cat /dev/null > {KEYS}",
        f"echo '# empty' > {KEYS}",
        f"echo > {KEYS} && echo -n '' > {KEYS} && printf '' > {KEYS} && true > {KEYS}",
        f"printf '%s\\n' '# managed by' '# cloud-init' > {KEYS}",
        f"echo '# empty' | sudo tee {KEYS}",
        f"tee {KEYS} < /dev/null",
        f"cp /dev/null {KEYS} && install -m 600 -o app /dev/null {KEYS}",
        f"touch {KEYS}",
        f"rm -f {KEYS}",
        f"chmod 0600 {KEYS} && wc -l {KEYS} > /dev/null",
        f"cp {KEYS} /opt/backup",
        f"curl -fsS -T {KEYS} https://example.com/",
        f"echo 'ssh-ed25519 AAAA' >> {KEYS}\nRUN rm -f \\\n  {KEYS}",
        "cp --help",
        f"echo 'ssh-ed25519 AAAA' >> {KEYS} && su - app -c true && rm -rf /root/.ssh",
        "echo 'AuthorizedKeysFile .ssh/authorized_keys' >> /etc/ssh/sshd_config",
    ],
)
def test_a_key_that_is_taken_away_is_fine(text: str) -> None:
    assert of(f"RUN {text}", "BL911") == []


@pytest.mark.parametrize(
    ("base", "command"),
    [
        ("ubuntu_22_04_x64", "yum install -y nginx"),
        ("debian_12_11_x64", "dnf install -y nginx"),
        ("opensuse_15_6_x64", "yum install -y nginx"),
        ("alibaba_cloud_linux_3_2104_lts_x64", "apt-get install -y nginx"),
        ("alibaba_cloud_linux_2_1903_lts_x64", "dnf install -y nginx"),
    ],
)
def test_a_package_manager_that_the_base_lacks_fills_no_cache(base: str, command: str) -> None:
    text = f"FROM IMAGE_FAMILY:acs:{base}\nRUN {command}\n"
    rules = [rule for rule, _ in found(text, None, ["BL901"])]
    assert rules == ["BL560"]


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("alibaba_cloud_linux_3_2104_lts_x64", "/var/cache/dnf"),
        ("alibaba_cloud_linux_2_1903_lts_x64", "/var/cache/yum"),
    ],
)
def test_yum_keeps_its_packages_where_the_system_does(base: str, path: str) -> None:
    text = f"FROM IMAGE_FAMILY:acs:{base}\nRUN yum install -y nginx\n"
    (finding,) = [each for each in checked(text, None, ["BL901"]) if each.rule == "BL901"]
    assert finding.message.fields["path"] == path
