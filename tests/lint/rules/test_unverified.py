"""What comes from others, and is not verified: by flags, and by the files of repositories."""

import pytest

from tests.lint.rules.helpers import FROM, found


def of_run(text: str) -> list[str]:
    return [marked for rule, marked in found(f"{FROM}RUN {text}\n") if rule == "BL712"]


LIST = "/etc/apt/sources.list.d/app.list"
REPO = "/etc/yum.repos.d/app.repo"
DEB = "deb [trusted=yes] https://repo.example.com/ ./"
BASE_URL = "baseurl=https://repo.example.com/el8"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"echo '{DEB}' > {LIST}", "trusted=yes"),
        (f"echo '{DEB}' | sudo tee {LIST}", "trusted=yes"),
        (f'printf "%s\\n" "{DEB}" >> {LIST}', "trusted=yes"),
        (f"echo 'deb [arch=amd64 trusted=yes] https://e.com/ ./' > {LIST}", "trusted=yes"),
        (f"echo 'deb [trusted=yes arch=amd64] https://e.com/ ./' > {LIST}", "trusted=yes"),
        (f"bash -c 'echo \"{DEB}\" > {LIST}'", "trusted=yes"),
        (f"if true; then echo '{DEB}' > {LIST}; fi", "trusted=yes"),
        (f"add-apt-repository -y '{DEB}'", "trusted=yes"),
        (f"sudo apt-add-repository '{DEB}'", "trusted=yes"),
        (f"sed -i 's/^deb /deb [trusted=yes] /' {LIST}", "trusted=yes"),
        (f"printf '%s\\n' 'URIs: https://e.com/' 'Trusted: yes' > {LIST}", "Trusted: yes"),
        (f"printf 'URIs: https://e.com/\\nTrusted: yes\\n' > {LIST}", "Trusted: yes"),
    ],
)
def test_an_apt_repository_that_is_trusted_without_a_key_is_found(text: str, marked: str) -> None:
    assert of_run(text) == [marked]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"printf '%s\\n' '[a]' '{BASE_URL}' 'gpgcheck=0' > {REPO}", "gpgcheck=0"),
        (f"printf '[a]\\n{BASE_URL}\\ngpgcheck=0\\n' > {REPO}", "gpgcheck=0"),
        (f"echo 'gpgcheck = 0' >> {REPO}", "gpgcheck = 0"),
        (f"echo 'gpgcheck=False' | tee -a {REPO}", "gpgcheck=False"),
        (f"sed -i 's/gpgcheck=1/gpgcheck=0/' {REPO}", "gpgcheck=0"),
        (f"sudo sed -i -e 's|^gpgcheck=.*|gpgcheck=0|' {REPO}", "gpgcheck=0"),
        (f"sed -i '$a gpgcheck=no' {REPO}", "gpgcheck=no"),
        (f"echo 'sslverify=0' >> {REPO}", "sslverify=0"),
        (f"echo 'sslverify=false' >> {REPO}", "sslverify=false"),
        ("dnf install -y --setopt=gpgcheck=0 nginx", "--setopt=gpgcheck=0"),
        ("yum install -y --setopt=app.gpgcheck=0 nginx", "--setopt=app.gpgcheck=0"),
        ("yum --setopt '*.gpgcheck=0' install -y nginx", "'*.gpgcheck=0'"),
        ("dnf config-manager --save --setopt=gpgcheck=0", "--setopt=gpgcheck=0"),
        ("yum-config-manager --setopt=app.sslverify=false", "--setopt=app.sslverify=false"),
    ],
)
def test_a_yum_repository_whose_signatures_are_not_checked_is_found(text: str, marked: str) -> None:
    assert of_run(text) == [marked]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get install -y --force-yes nginx", "--force-yes"),
        ("apt-get --force-yes -y dist-upgrade", "--force-yes"),
        ("sudo apt-get install -yq --force-yes nginx", "--force-yes"),
        ("aptitude install -y --allow-unauthenticated nginx", "--allow-unauthenticated"),
        ("apt-get update --allow-insecure-repositories", "--allow-insecure-repositories"),
        ("yum -y --nogpgcheck install nginx", "--nogpgcheck"),
        ("microdnf install -y --nogpgcheck nginx", "--nogpgcheck"),
        ("dnf5 install -y --nogpgcheck nginx", "--nogpgcheck"),
        ("yum-config-manager --nogpgcheck --add-repo https://e.com/a.repo", "--nogpgcheck"),
        ("zypper --no-gpg-checks install -y nginx", "--no-gpg-checks"),
        ("zypper addrepo --no-gpgcheck https://e.com/ app", "--no-gpgcheck"),
        ("zypper ar -G https://e.com/ app", "-G"),
        ("zypper mr --gpgcheck-allow-unsigned app", "--gpgcheck-allow-unsigned"),
        ("bash -c 'apt-get install -y --force-yes nginx'", "--force-yes"),
    ],
)
def test_flags_that_switch_the_check_off_are_found(text: str, marked: str) -> None:
    assert of_run(text) == [marked]


@pytest.mark.parametrize(
    "text",
    [
        f"echo 'deb [trusted=yes] file:/opt/repo ./' > {LIST}",
        f"echo 'deb [trusted=yes] http://mirrors.cloud.aliyuncs.com/app ./' > {LIST}",
        f"echo 'deb [trusted=yes] https://10.0.0.1/ ./' > {LIST}",
        f"echo 'deb [signed-by=/etc/apt/keyrings/a.gpg] https://e.com/ ./' > {LIST}",
        f"echo 'deb [trusted=no] https://e.com/ ./' > {LIST}",
        f"echo '# {DEB}' > {LIST}",
        f"echo '{DEB}'",
        f"grep trusted=yes {LIST}",
        f"sed -i 's/ \\[trusted=yes\\]//' {LIST}",
        f"sed -i '/trusted=yes/d' {LIST}",
        "add-apt-repository -y ppa:app/stable",
        "add-apt-repository -y 'deb [trusted=yes] file:/opt/repo ./'",
        f"printf '%s\\n' 'URIs: file:/opt/repo' 'Trusted: yes' > {LIST}",
        f"echo 'NotTrusted: yes' > {LIST}",
    ],
)
def test_an_apt_repository_that_is_local_or_checked_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"printf '%s\\n' '[a]' '{BASE_URL}' 'gpgcheck=1' > {REPO}",
        f"printf '%s\\n' '[a]' 'baseurl=file:///opt/repo' 'gpgcheck=0' > {REPO}",
        f"printf '[a]\\nbaseurl=http://10.0.0.1/repo\\ngpgcheck=0\\n' > {REPO}",
        f"echo 'baseurl=http://mirrors.cloud.aliyuncs.com/' > {REPO}; echo gpgcheck=0 >> {REPO}",
        # What is the default anyway.
        f"echo 'repo_gpgcheck=0' >> {REPO}",
        f"echo 'localpkg_gpgcheck=0' >> {REPO}",
        f"sed -i 's/gpgcheck=0/gpgcheck=1/' {REPO}",
        f"sed -i '/gpgcheck=0/d' {REPO}",
        f"echo '#gpgcheck=0' >> {REPO}",
        f"grep -r gpgcheck=0 {REPO}",
        "dnf install -y --setopt=repo_gpgcheck=0 nginx",
        "dnf install -y --setopt=gpgcheck=1 nginx",
        "dnf install -y --setopt=install_weak_deps=0 nginx",
        "echo gpgcheck=0",
    ],
)
def test_a_yum_repository_that_is_local_or_checked_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install -y --force-yes=false nginx",
        "apt-get install -y --allow-downgrades --allow-change-held-packages nginx",
        "apt-get install -y --fix-missing nginx",
        "zypper ar -g https://e.com/ app",
        "zypper --gpg-auto-import-keys refresh",
        "zypper install -y -G nginx",
        "echo apt-get install --force-yes",
        "dnf install -y --nobest nginx",
        "npm install --force",
        "git push --force",
    ],
)
def test_flags_that_only_look_like_it_are_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "curl -k https://localhost:8443/health",
        "curl https://127.0.0.1/ -sk",
        "curl -k 'https://[::1]:8443/'",
        "wget --no-check-certificate -qO- https://localhost/",
    ],
)
def test_a_server_of_the_machine_itself_needs_no_certificate(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "host", ["localhost.example.com", "127.0.0.1.example.com", "example.com/localhost"]
)
def test_a_host_whose_name_only_begins_like_the_machine_does(host: str) -> None:
    assert of_run(f"curl -k https://{host}/") == ["-k"]
