import pytest

from tests.lint.rules.helpers import FROM, found


def of(commands: str) -> list[str]:
    diagnostics = found(f"{FROM}{commands}\n", extend_select=["BL902"])
    return [text for rule, text in diagnostics if rule == "BL902"]


URL = "https://example.com/a.tar.gz"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"curl -fsSL -o /tmp/a.tar.gz {URL}", "/tmp/a.tar.gz"),
        (f"curl -fsSLo /tmp/a.tar.gz {URL}", "/tmp/a.tar.gz"),
        (f"wget -qO /var/tmp/a.tar.gz {URL}", "/var/tmp/a.tar.gz"),
        (f"wget -q -P /tmp {URL}", URL),
        (f"cd /tmp && wget -q {URL}", URL),
        (f"cd /tmp && curl -fsSLO {URL}", URL),
        (f"cd tmp && wget -q {URL}", URL),
        (f"cd /var && cd tmp && wget -q {URL}", URL),
        (f"cd /var && wget -q -P tmp {URL}", URL),
        (f"cd /tmp && curl -fsSLo a.tar.gz {URL}", "a.tar.gz"),
        ("cd /tmp && tar -xzf a.tar.gz -C a", "a"),
        ("cd /tmp && git clone https://example.com/a.git a", "a"),
        ("git clone -b main --depth 1 https://example.com/a.git /tmp/a", "/tmp/a"),
        ("git clone https://example.com/a.git /tmp/a", "/tmp/a"),
        ("tar -xzf /opt/a.tar.gz -C /tmp/a", "/tmp/a"),
        ("tar --extract --file /opt/a.tar.gz --directory /tmp/a", "/tmp/a"),
        (f"wget -q --directory-prefix /tmp {URL}", URL),
        ("unzip -q /opt/a.zip -d /tmp/a", "/tmp/a"),
        ("true && nginx -T > /tmp/nginx.txt", "/tmp/nginx.txt"),
        ("nginx -T | tee /tmp/nginx.txt", "/tmp/nginx.txt"),
    ],
)
def test_a_temporary_file_that_stays_is_marked(text: str, marked: str) -> None:
    assert of(f"RUN {text}") == [marked]


@pytest.mark.parametrize(
    "removal",
    [
        "rm -f /tmp/a.tar.gz",
        "rm /tmp/*.tar.gz",
        "rm -rf /tmp/*",
        "rm -rf /tmp/{a,b}.tar.gz",
        "cd /tmp && rm -f a.tar.gz",
        "cd /tmp && rm -rf *",
        'rm -f "/tmp/$NAME"',
        'rm -f "$ARCHIVE"',
        'cd /tmp && rm -f "a.$EXTENSION"',
        "cd /tmp && rm -rf .",
        "rm -rf /tmp/",
        "mv /tmp/a.tar.gz /opt",
        "find /tmp -mindepth 1 -delete",
        "ls /tmp/*.tar.gz | xargs rm -f",
        "bash -c 'rm -rf /tmp/*'",
        "/opt/cleanup.sh",
    ],
)
def test_a_temporary_file_that_is_deleted_is_fine(removal: str) -> None:
    assert of(f"RUN curl -o /tmp/a.tar.gz {URL} && tar xf /tmp/a.tar.gz && {removal}") == []
    assert of(f"RUN curl -o /tmp/a.tar.gz {URL}\nRUN {removal}") == []
    assert of(f"RUN {removal}\nRUN curl -o /tmp/a.tar.gz {URL}") == ["/tmp/a.tar.gz"]


@pytest.mark.parametrize(
    "removal",
    [
        "rm -f /tmp/b.tar.gz",
        "rm -f /tmp/a.tar.gz.sig",
        "rm -rf /opt/tmp/* /var/tmp/*",
        "rm -f b.tar.gz",
        'rm -f "/opt/$NAME"',
        'rm -f "/tmp/b.$EXTENSION"',
        "docker rm -f web",
        "ls /opt | xargs touch",
    ],
)
def test_deleting_something_else_does_not_help(removal: str) -> None:
    assert of(f"RUN curl -o /tmp/a.tar.gz {URL} && {removal}") == ["/tmp/a.tar.gz"]


@pytest.mark.parametrize(
    "text",
    [
        f"curl -o /opt/a.tar.gz {URL}",
        f"cd /opt && wget -q {URL}",
        f"cd /tmp && curl -fsSL {URL} | tar xz -C /opt",
        f"cd /tmp && wget -qO - {URL} | tar xz -C /opt",
        'work=$(mktemp -d) && make DESTDIR="$work"',
        "tar -czf /opt/a.tar.gz -C /tmp .",
        "echo a > /dev/null && echo b > /tmpfile",
        "trap 'rm -rf /tmp/a' EXIT && mkdir /tmp/a",
        "ls /tmp > /opt/list",
        "git clone https://example.com/a.git",
        f'curl -fsSL -o "/tmp/$NAME" {URL}',
        'tar -xzf /opt/a.tar.gz -C "/tmp/$NAME"',
        'git clone https://example.com/a.git "/tmp/$NAME"',
        f"cd /tmp && wget -q '{URL}?v=1/2' && rm -f a.tar.gz",
    ],
)
def test_what_is_not_written_there_is_fine(text: str) -> None:
    assert of(f"RUN {text}") == []


def test_what_is_unpacked_is_deleted_by_any_name_in_its_folder() -> None:
    assert of("RUN tar xzf /opt/a.tar.gz -C /tmp && make -C /tmp/a-1.2 && rm -rf /tmp/a-1.2") == []
    assert of("RUN tar xzf /opt/a.tar.gz -C /tmp && cd /tmp && rm -rf a-1.2") == []
    assert of("RUN tar xzf /opt/a.tar.gz -C /tmp/a && rm -rf /tmp/b") == ["/tmp/a"]


def test_a_folder_of_workdir_counts() -> None:
    assert of(f"WORKDIR /tmp\nWORKDIR build\nRUN wget -q {URL}") == [URL]
    assert of(f"WORKDIR /tmp\nWORKDIR /opt\nRUN wget -q {URL}") == []


def test_a_copy_to_a_temporary_folder_counts() -> None:
    copied = "COPY https://example.com/a.rpm /tmp\nRUN rpm -i /tmp/a.rpm"
    assert of(copied) == ["/tmp"]
    assert of(f"{copied} && rm -f /tmp/a.rpm") == []
    assert of("COPY https://example.com/a.rpm /opt\nRUN rpm -i /opt/a.rpm") == []


def test_a_restart_may_empty_tmp_and_a_component_everything() -> None:
    written = "RUN echo a > /tmp/a && echo b > /var/tmp/b\n"
    assert of(f"{written}RESTART\nRUN id") == ["/var/tmp/b"]
    assert of(f"{written}COMPONENT ic-bp67acfmxazb4p0abcde") == []
