import pytest

from tests.lint.rules.helpers import FROM, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "vi /etc/motd",
        "nano",
        "crontab -e",
        "visudo",
        "visudo -f /etc/sudoers.d/app",
        "passwd",
        "passwd root",
        "mysql_secure_installation",
        "mariadb-secure-installation",
        "fdisk /dev/vdb",
        "parted /dev/vdb",
        "ssh-keygen -t rsa -b 4096",
        "ssh-keygen -q -t ed25519 -f /root/.ssh/key",
        "read answer",
        "top",
    ],
)
def test_a_program_that_talks_with_somebody_is_found(text: str) -> None:
    assert of_run(text) == [("BL511", text)]


def test_each_program_of_a_run_is_looked_at() -> None:
    assert of_run("passwd -l a && passwd b") == [("BL511", "passwd b")]
    assert of_run("EDITOR=true visudo && passwd b") == [("BL511", "passwd b")]
    assert of_run("tail -f /a | head -n 1 && tail -f /b") == [("BL512", "tail -f /b")]


@pytest.mark.parametrize(
    "text",
    [
        "vim -es -c wq /etc/motd",
        "vi +wq /etc/motd",
        "EDITOR=tee visudo",
        "visudo -cf /etc/sudoers.d/app",
        "passwd -d root",
        "passwd $FLAGS root",
        "echo x | passwd root",
        "cat /root/answers | mysql_secure_installation",
        "mysql_secure_installation < /root/answers",
        "mysql_secure_installation --use-default",
        "fdisk -l /dev/vdb",
        "printf 'n\\n' | sudo fdisk /dev/vdb",
        "parted /dev/vdb print",
        "ssh-keygen -A",
        "ssh-keygen -lf /root/.ssh/key",
        "read -t 5 answer || true",
        "read name < /etc/hostname",
        "cat /etc/hosts | { read first; read second; }",
        "while read a; do read b; done < /etc/hosts",
        "exec < /etc/hosts; read first",
        "ask() { read answer; }; ask < /etc/hosts",
        "top -b -n 1",
        "crontab /root/crontab",
    ],
)
def test_a_program_that_is_answered_or_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_the_message_says_what_to_write_instead() -> None:
    assert message(f"{FROM}RUN passwd root\n") == (
        "`passwd` asks at a terminal, but the build has none, so it fails or hangs; "
        "pipe the password into `chpasswd`, or lock the account with `passwd -l`"
    )


@pytest.mark.parametrize(
    "text",
    [
        "ssh deploy@10.0.0.8 uptime",
        "ssh -p 2222 -i /root/key 10.0.0.8",
        'scp "$FILE" deploy@10.0.0.8:/srv/',
        "scp -r 10.0.0.8:/srv/app /srv",
        "sftp deploy@10.0.0.8",
        "git clone git@github.com:acme/site.git /srv/site",
        "git -C /srv pull ssh://git@git.example.com/site.git",
        "ssh-keygen",
        "ssh-keygen -t ed25519 -f /root/.ssh/id",
        "ssh-keygen -a 100 -t ed25519 -f /root/.ssh/id",
        "git fetch git@github.com:acme/site.git",
        "git ls-remote git@github.com:acme/site.git",
        "ssh-keygen -qN '' -t rsa",
        "ssh-keygen -t ed25519 -f /root/.ssh/id -Ckey",
    ],
)
def test_ssh_asks_for_the_key_of_a_host_or_a_phrase(text: str) -> None:
    assert of_run(f"mkdir -p /root/.ssh && {text}") == [("BL511", text)]


@pytest.mark.parametrize(
    "text",
    [
        "ssh -o BatchMode=yes 10.0.0.8 uptime",
        "ssh -oBatchMode=yes 10.0.0.8 uptime",
        "ssh -o 'StrictHostKeyChecking no' 10.0.0.8 uptime",
        "ssh -V",
        "ssh -G 10.0.0.8",
        "ssh -F /srv/ssh.conf 10.0.0.8",
        "ssh $SSH_OPTIONS 10.0.0.8",
        "scp /srv/a /srv/b",
        "scp -B /srv/a 10.0.0.8:/srv",
        "sftp -b /srv/batch 10.0.0.8",
        "ssh-keyscan 10.0.0.8 >> /etc/ssh/ssh_known_hosts && ssh 10.0.0.8 uptime",
        "GIT_SSH_COMMAND='ssh -i /root/key' git clone git@github.com:acme/site.git",
        "git clone https://git@github.com/acme/site.git",
        "git --version",
        "git remote add origin git@github.com:acme/site.git",
        "git config user.email git@example.com:8080",
        "ssh-keygen -qN '' -f /root/.ssh/id",
        "ssh-keygen -qf /root/.ssh/id -N ''",
        "ssh-keygen -l -f /root/.ssh/id.pub",
    ],
)
def test_ssh_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


def reported(text: str) -> list[str]:
    """What BL511 marks in a RUN."""
    return [marked for rule, marked in of_run(text) if rule == "BL511"]


# --- what asks, and what does not ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("update-alternatives --config java", "update-alternatives --config java"),
        ("sudo update-alternatives --config editor", "update-alternatives --config editor"),
        ("alternatives --config python", "alternatives --config python"),
        ("/usr/sbin/alternatives --config python3", "/usr/sbin/alternatives --config python3"),
        ("mysql -u root -p -e 'select 1'", "mysql -u root -p -e 'select 1'"),
        ("mysql -p shop", "mysql -p shop"),
        ("mysqldump --password shop > /root/shop.sql", "mysqldump --password shop"),
        ("mysqladmin -u root -p shutdown", "mysqladmin -u root -p shutdown"),
        ("mariadb -uroot -p", "mariadb -uroot -p"),
        ("htpasswd -c /etc/nginx/users admin", "htpasswd -c /etc/nginx/users admin"),
        ("htpasswd -B -C 12 /etc/nginx/users admin", "htpasswd -B -C 12 /etc/nginx/users admin"),
        ("htpasswd -n admin > /etc/nginx/users", "htpasswd -n admin"),
        ("openssl req -new -key k.pem -out c.csr", "openssl req -new -key k.pem -out c.csr"),
        ("openssl req -x509 -nodes -newkey rsa:2048 -keyout k -out c", ...),
        ("openssl req -new -newkey rsa:2048 -subj /CN=a -keyout k -out c", ...),
        ("openssl req -x509 -batch -newkey rsa:2048 -keyout k -out c", ...),
        ("certbot --nginx -d www.example.com", "certbot --nginx -d www.example.com"),
        ("certbot certonly --standalone -d www.example.com", ...),
        ("certbot -n --nginx -d www.example.com -m root@example.com", ...),
        ("cd /srv/app && npm init", "npm init"),
        ("npm init --prefix /srv/app", "npm init --prefix /srv/app"),
        ("docker run -it --rm alpine sh", "docker run -it --rm alpine sh"),
        ("docker run -i -t alpine", "docker run -i -t alpine"),
        ("docker run --rm --name a -v /srv:/srv -ti alpine ls", ...),
        ("docker run --interactive --tty alpine", "docker run --interactive --tty alpine"),
        ("docker run --interactive=true --tty=true alpine", ...),
        ("docker container run -it alpine", "docker container run -it alpine"),
        ("docker exec -it web nginx -s reload", "docker exec -it web nginx -s reload"),
        ("docker exec -u root -e A=1 -it web sh", "docker exec -u root -e A=1 -it web sh"),
        ("cryptsetup luksFormat /dev/vdb", "cryptsetup luksFormat /dev/vdb"),
        ("cryptsetup -q -c aes-xts-plain64 luksFormat /dev/vdb", ...),
        ("cryptsetup luksOpen /dev/vdb data", "cryptsetup luksOpen /dev/vdb data"),
        ("cryptsetup open /dev/vdb data", "cryptsetup open /dev/vdb data"),
        ("make -C /usr/src/linux menuconfig", "make -C /usr/src/linux menuconfig"),
        ("make nconfig", "make nconfig"),
        ("/opt/mssql/bin/mssql-conf setup", "/opt/mssql/bin/mssql-conf setup"),
        ("/opt/oracle/database/runInstaller", "/opt/oracle/database/runInstaller"),
        ("runInstaller -responseFile /root/db.rsp", "runInstaller -responseFile /root/db.rsp"),
        ("dbca -createDatabase", "dbca -createDatabase"),
        ("if true; then mysql -p; fi", "mysql -p"),
        ("bash -c 'htpasswd -c /etc/users admin'", "htpasswd -c /etc/users admin"),
    ],
)
def test_a_program_that_asks_is_found(text: str, marked: object) -> None:
    assert reported(text) == [text if marked is ... else marked]


@pytest.mark.parametrize(
    "text",
    [
        "update-alternatives --set java /usr/lib/jvm/java-17/bin/java",
        "update-alternatives --install /usr/bin/java java /opt/java/bin/java 1",
        "update-alternatives --auto java",
        "update-alternatives --config java | head -n 1",
        "echo 2 | update-alternatives --config java",
        "alternatives --config java <<< 2",
        "alternatives --display java",
        "mysql -u root -e 'select 1'",
        'mysql -u root -p"$PASSWORD" -e "select 1"',
        "mysql --password=$PASSWORD shop",
        "mysql -u root -p < /root/schema.sql",
        "mysql --defaults-extra-file=/root/my.cnf -P 3306 shop",
        "mysqladmin -u root password x",
        "mysql $OPTIONS -p shop",
        "htpasswd -i /etc/users admin < /root/password",
        "echo x | htpasswd -ci /etc/users admin",
        "htpasswd -D /etc/users admin",
        "htpasswd --help",
        "openssl req -new -key k -subj /CN=a -out c",
        "openssl req -x509 -nodes -newkey rsa:2048 -subj=/CN=a -keyout k -out c",
        "openssl req -x509 -newkey rsa:2048 -passout env:P -subj /CN=a -keyout k -out c",
        "openssl req -new -config /root/req.cnf -nodes -keyout k -out c",
        "openssl req -in c.csr -noout -subject",
        "openssl req -x509 -in c.csr -key k -out c",
        "openssl x509 -req -in c.csr -signkey k -out c",
        "openssl genrsa -out k 2048",
        "OPENSSL_CONF=/root/req.cnf openssl req -new -nodes -keyout k -out c",
        "certbot -n --agree-tos -m root@example.com --nginx -d www.example.com",
        "certbot renew --quiet",
        "certbot -q renew",
        "certbot certificates",
        "certbot --version",
        "npm init -y",
        "npm init --yes --prefix /srv/app",
        "npm init vite@latest app",
        "npm init $FLAGS",
        "npm config set yes=true && npm init",
        "docker run --rm alpine true",
        "docker run -i alpine cat",
        "docker run -t alpine true",
        "docker run -dit alpine",
        "docker run -d -it alpine",
        "docker run --rm alpine tar -it",
        "docker run -e -it alpine true",
        "docker run -i --tty=false alpine cat",
        "docker run --name -it alpine true",
        "docker exec web nginx -s reload",
        "docker ps -it",
        "docker run $FLAGS -it alpine",
        "podman run -it alpine true",
        "if [ -t 0 ]; then docker run -it alpine; fi",
        "cryptsetup luksFormat /dev/vdb /root/key",
        "cryptsetup luksFormat --key-file /root/key /dev/vdb",
        "cryptsetup -d /root/key luksOpen /dev/vdb data",
        "echo x | cryptsetup luksFormat /dev/vdb",
        "cryptsetup status data",
        "cryptsetup luksDump /dev/vdb",
        "make olddefconfig",
        "make defconfig && make",
        "make -f menuconfig.mk all",
        "/opt/mssql/bin/mssql-conf -n setup accept-eula",
        "/opt/mssql/bin/mssql-conf set network.tcpport 1433",
        "/opt/oracle/database/runInstaller -silent -responseFile /root/db.rsp",
        "runInstaller -help",
        "dbca -silent -createDatabase",
        "echo 'mysql -p'",
        "which htpasswd npm",
    ],
)
def test_a_program_that_is_told_all_is_fine(text: str) -> None:
    assert reported(text) == []


# --- shells that read nothing --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("su - deploy", "su - deploy"),
        ("su deploy && ./build.sh", "su deploy"),
        ("su", "su"),
        ("sudo su", "su"),
        ("sudo su - && apt-get update", "su -"),
        ("su -s /bin/bash - deploy", "su -s /bin/bash - deploy"),
        ("su -l deploy", "su -l deploy"),
        ("newgrp docker", "newgrp docker"),
        ("usermod -aG docker deploy && newgrp docker && docker ps", "newgrp docker"),
        ("sudo -i", "sudo -i"),
        ("sudo -u deploy -i", "sudo -u deploy -i"),
        ("sudo -s && apt-get update", "sudo -s"),
        ("chroot /mnt", "chroot /mnt"),
        ("bash", "bash"),
        ("bash --login", "bash --login"),
        ("/bin/sh", "/bin/sh"),
        ("chroot /mnt /bin/bash", "/bin/bash"),
        ("if command -v bash; then bash; fi", "bash"),
    ],
)
def test_a_shell_that_has_nothing_to_read_is_found(text: str, marked: str) -> None:
    assert reported(text) == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "su - deploy -c ./build.sh",
        "su -c ./build.sh deploy",
        "su deploy --command=./build.sh",
        "su - deploy -- /root/build.sh",
        "su - deploy /root/build.sh",
        "su - deploy < /root/build.sh",
        "su - $NAME",
        "echo ./build.sh | su - deploy",
        "su --help",
        "sg docker -c 'docker ps'",
        "newgrp docker < /root/commands",
        "sudo -i apt-get update",
        "sudo -u deploy ./build.sh",
        "sudo -v",
        "sudo -l",
        "chroot /mnt ls",
        "chroot /mnt < /root/commands",
        "chroot --help",
        "curl -fsSL https://example.com/setup.sh | bash",
        "bash <<< 'echo a'",
        "bash --version",
        "bash -c true",
        "bash -s -- --yes < /root/setup.sh",
        "bash /root/setup.sh",
        "which bash sh",
        "command -v bash",
        "chsh -s /bin/bash deploy",
        "useradd -m -s /bin/bash deploy",
    ],
)
def test_a_shell_that_is_told_what_to_run_is_fine(text: str) -> None:
    assert reported(text) == []


# --- licences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("bash Miniconda3-latest-Linux-x86_64.sh", "bash Miniconda3-latest-Linux-x86_64.sh"),
        ("sh /tmp/Anaconda3-2024.02-1-Linux-x86_64.sh -p /opt/conda", ...),
        ("bash ~/miniconda.sh -p /opt/conda", "bash ~/miniconda.sh -p /opt/conda"),
        ("bash Miniforge3-Linux-x86_64.sh -u", "bash Miniforge3-Linux-x86_64.sh -u"),
        ("sudo bash miniconda.sh", "bash miniconda.sh"),
        ("bash Miniforge3-$(uname)-$(uname -m).sh", "bash Miniforge3-$(uname)-$(uname -m).sh"),
        ("bash miniconda3.sh", "bash miniconda3.sh"),
        ('bash "Miniconda3-${VERSION}-Linux-x86_64.sh"', ...),
        ("chmod +x miniconda.sh && ./miniconda.sh", "./miniconda.sh"),
        ("sh cuda_12.3.1_545.23.08_linux.run", "sh cuda_12.3.1_545.23.08_linux.run"),
        ("sh cuda_*_linux.run --toolkit", "sh cuda_*_linux.run --toolkit"),
        ("chmod +x cuda_12.run && sudo ./cuda_12.run --toolkit", "./cuda_12.run --toolkit"),
        ("sh NVIDIA-Linux-x86_64-550.54.15.run", "sh NVIDIA-Linux-x86_64-550.54.15.run"),
        ("sh NVIDIA-Linux-x86_64-550.54.15.run --dkms", ...),
        ("sh NVIDIA-Linux-x86_64-550.54.15.run --accept-license", ...),
        ("apt-get install -y msodbcsql18", "msodbcsql18"),
        ("apt-get install -y unixodbc-dev mssql-tools", "mssql-tools"),
        ("dnf install -y mssql-tools18 unixODBC-devel", "mssql-tools18"),
        ("yum install -y msodbcsql", "msodbcsql"),
        ("yum -d 0 install -y msodbcsql", "msodbcsql"),
        ("zypper install -y msodbcsql17", "msodbcsql17"),
        ("sudo apt-get install -y msodbcsql18=18.3.2.1-1", "msodbcsql18=18.3.2.1-1"),
        ("if true; then apt-get install -y msodbcsql18; fi", "msodbcsql18"),
    ],
)
def test_an_installer_asks_for_a_licence(text: str, marked: object) -> None:
    assert reported(text) == [text if marked is ... else marked]


@pytest.mark.parametrize(
    "text",
    [
        "bash Miniconda3-latest-Linux-x86_64.sh -b -p /opt/conda",
        "bash Miniconda3-latest-Linux-x86_64.sh -bfp /opt/conda",
        "bash miniconda.sh -p /opt/conda -b",
        "bash miniconda.sh -h",
        "yes | bash miniconda.sh",
        "bash miniconda.sh $FLAGS",
        "bash install_miniconda.sh",
        "bash miniconda_setup.sh && bash anaconda-cleanup.sh",
        "bash -n miniconda.sh",
        "chmod +x miniconda.sh && ./miniconda.sh -b",
        "sh cuda_12.3.1_545.23.08_linux.run --silent --toolkit",
        "sh cuda_10.1.105_418.39_linux.run --toolkit --silent --override",
        "sh cuda_9.0.176_384.81_linux-run -silent",
        "sh cuda_12.3.1_545.23.08_linux.run --extract=/opt/cuda",
        "sh cuda_12.3.1_545.23.08_linux.run --help",
        "bash cuda_setup.sh",
        "sh NVIDIA-Linux-x86_64-550.54.15.run -s",
        "sh NVIDIA-Linux-x86_64-550.54.15.run --silent --dkms",
        "sh NVIDIA-Linux-x86_64-550.54.15.run --ui=none --no-questions",
        "sh NVIDIA-Linux-x86_64-550.54.15.run --extract-only",
        "chmod +x NVIDIA-Linux-x86_64-550.54.15.run && rm NVIDIA-Linux-x86_64-550.54.15.run",
        "ACCEPT_EULA=Y apt-get install -y msodbcsql18",
        "sudo ACCEPT_EULA=Y dnf install -y mssql-tools18",
        "export ACCEPT_EULA=Y && apt-get install -y msodbcsql18",
        "debconf-set-selections < /root/answers && apt-get install -y msodbcsql18",
        "apt-get install -y mssql-server",
        "apt-get remove -y msodbcsql18",
        "apt-get install -y --download-only msodbcsql18",
        "apt-get install --just-print -y msodbcsql18",
        "yum install -y --downloadonly msodbcsql",
        "zypper install -y -D msodbcsql17",
        "apt-cache policy msodbcsql18",
        "curl -fsSLO https://repo.anaconda.com/miniconda/Miniconda3-latest-Linux-x86_64.sh",
    ],
)
def test_an_installer_that_is_told_yes_is_fine(text: str) -> None:
    assert reported(text) == []


def test_an_env_accepts_a_licence() -> None:
    env = 'ENV ACCEPT_EULA="Y"\n'
    assert found(f"{FROM}{env}RUN apt-get install -y msodbcsql18\n") == []


@pytest.mark.parametrize(
    ("text", "result", "advice"),
    [
        ("mysql -p shop", "so it is empty", "put it into a file for `--defaults-extra-file`"),
        ("alternatives --config java", "so nothing changes", "use `--set NAME PATH`"),
        ("su - deploy", "which ends at once", "put the commands into `su -c`"),
        ("bash miniconda.sh", "so it fails or hangs", "add `-b`, which accepts the license"),
    ],
)
def test_the_message_says_what_comes_of_the_question(text: str, result: str, advice: str) -> None:
    assert message(f"{FROM}RUN {text}\n").endswith(f", {result}; {advice}")


# They ask, take empty input for the default, and do what they are told.
@pytest.mark.parametrize(
    "text", ["adduser deploy", "conda install numpy", "conda remove numpy", "conda create -n a"]
)
def test_a_program_that_goes_on_with_its_default_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_the_place_is_exact_among_other_characters() -> None:
    text = f"{FROM}RUN echo 仅供内部使用 && \\\n\tsu \\\n\t  - deploy && true\n"
    assert found(text) == [("BL511", "su \\\n\t  - deploy")]
