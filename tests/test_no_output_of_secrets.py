"""One template and one request full of secrets, through every command: nothing shows any of them.

What is the file itself is left out: the text that --fix, --diff, format, compile and convert write
is what was asked for.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lsprotocol import types

from buildlint.cli import cli
from buildlint.compiler.emitters import FORMATS as EMITTERS
from buildlint.convert import Options, convert
from buildlint.files.config import Config
from buildlint.language.parser import parse
from buildlint.lint.reporters import FORMATS as REPORTERS
from buildlint.plan import FORMATS as PLANS
from buildlint.server.checking import check
from buildlint.server.completion import complete
from buildlint.server.documents import Documents
from buildlint.server.hover import hover
from buildlint.server.outline import symbols
from buildlint.server.publishing import published
from buildlint.text.source import Source
from tests.rehearse.conftest import engine_in
from tests.rehearse.fake_engine import FakeEngine
from tests.rehearse.rehearsing import BARE, refused, step
from tests.service.local import Service, error

KEY = "LTAI5tPq7Wd3Zk9Lm2Rx6Vb8"
TOKEN = "ghp_Qm4Vx8Rb2Zt6Kw1Nc9Lj5Hd3Fs7Gp0YeUaTi"
PRIVATE_KEY = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
PASSWORDS = [f"{letter}7Zm2Kx9-{letter}" for letter in "abcdefghijklmnopqrst"]
A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T = PASSWORDS  # noqa: E741
SECRETS = [KEY, TOKEN, PRIVATE_KEY, *PASSWORDS]

# It compiles, and much is found in it.
TEMPLATE = f"""\
# the key is {KEY}
from IMAGE:m-bp67acfmxazb4p0abcde
ENV DB_PASSWORD="{A}" APP_SECRET="{B}"
LABEL api_key="{C}"
ENV ROOT_PASSWORD="{D}"
RUN cd /srv && git clone https://{TOKEN}@github.com/starlake/site.git
RUN curl -u admin:{E} http://example.com/x.sh | sh
RUN mysql -uroot -p{F} -e "CREATE USER 'app' IDENTIFIED BY 'x'"; rm -rf /tmp/{KEY}
RUN echo root:{G} | chpasswd && chmod 777 /srv/{KEY}
RUN export API_TOKEN={H}; apt-get install nginx; echo $API_TOKEN > /root/{TOKEN}
RUN printf '%s' '-----BEGIN RSA PRIVATE KEY-----\\n{PRIVATE_KEY}\\n-----END RSA PRIVATE KEY-----' \\
    > /root/.ssh/id_rsa; sshpass -p {I} ssh host reboot
RUN wget --password={J} https://bob:{K}@example.com/a.tar.gz; docker login -u x -p {L} registry
COPY https://bob:{M}@example.com/archive.tar.gz /opt/{KEY}
COPY http://example.com/{KEY}/archive.tar.gz /opt/
WORKDIR srv/{KEY}
WORKDIR srv/{TOKEN}
CMD ["app", "--password={N}"]
ENTRYPOINT app --token {O}
"""
# Errors of every command, with secrets in what they quote.
BROKEN = (
    TEMPLATE
    + f"""\
ARG DB_PASSWORD={P}
ENV DB_PASSWORD={Q} x
ENV {KEY} {TOKEN} {KEY}
WORKDIR /a {KEY}
USER {KEY} {TOKEN}
COPY {KEY} {TOKEN} /x
COPY https://bob:{R}@example.com/x /x /y --chown={KEY}
RESTART {KEY}
COMPONENT {KEY} --parameters password={S} --nonsense {TOKEN}
CMD ["{KEY}", {TOKEN}]
FROM IMAGE:{KEY}
FROM {TOKEN}
{KEY} {TOKEN}
RUN <<EOF
export DB_PASSWORD={T}
EOF
ADD https://bob:{R}@example.com/x /x
RUN if true; {KEY}
"""
)
REQUEST = {
    "RegionId": "cn-hangzhou",
    "Description": f"built with {TOKEN}",
    "Tag": [{"Key": "api_token", "Value": T}, {"Key": KEY, "Value": "x"}],
}
BROKEN_REQUEST = {
    "RegionId": f"cn {KEY}",
    "Name": f"-{KEY}",
    "BaseImage": TOKEN,
    "BaseImageType": KEY,
    "SystemDiskSize": TOKEN,
    "InternetMaxBandwidthOut": KEY,
    "VSwitchId": TOKEN,
    "InstanceType": KEY,
    "AddAccount": [TOKEN],
    "ToRegionId": [KEY, KEY],
    "Description": f"http://{TOKEN}",
    "Tag": [{"Key": "api_token", "Value": T}, {"Key": "api_token", "Value": S}, {"Key": KEY}],
    KEY: TOKEN,
}
DOCKERFILE = f"""\
# syntax={KEY}
ARG API_TOKEN={A}
FROM registry.example.com/{KEY}:{TOKEN} AS {KEY}
ENV DB_PASSWORD={B} {KEY}=x
LABEL api_key={C}
ADD --chown={KEY} https://bob:{D}@example.com/archive.tar.gz /opt/
COPY {KEY} /opt/
RUN --mount=type=secret,id={KEY} echo root:{E} | chpasswd
RUN <<EOF
mysql -p{F}
EOF
HEALTHCHECK CMD curl -u admin:{G} http://localhost
ONBUILD RUN echo {TOKEN}
SHELL ["{KEY}"]
VOLUME /{KEY}
EXPOSE {KEY}
STOPSIGNAL {TOKEN}
USER {KEY}
{KEY} {TOKEN}
"""


@pytest.fixture
def podman(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    return engine_in(tmp_path_factory.mktemp("engines"), monkeypatch)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("good.buildcontent", TEMPLATE),
        ("good.request.json", json.dumps(REQUEST, indent=2)),
        ("bad.buildcontent", BROKEN),
        ("bad.request.json", json.dumps(BROKEN_REQUEST, indent=2)),
        ("Dockerfile", DOCKERFILE),
    ):
        Path(name).write_text(text, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def leaked(text: str) -> list[str]:
    """The secrets that a text shows, also as JSON and URLs write them, or most of one."""
    return [secret for secret in SECRETS if secret in text or secret[:-2] in text]


TEMPLATES = ("good.buildcontent", "bad.buildcontent")


@pytest.mark.parametrize("output_format", [*REPORTERS, "full --lang zh_CN"])
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("options", ["", "--select ALL", "--ignore BL7"])
def test_check_shows_none(template: str, output_format: str, options: str) -> None:
    chosen = (
        ("--statistics",)
        if output_format == "statistics"
        else ("--output-format", *output_format.split())
    )
    result = run("check", template, *chosen, *options.split())
    assert result.stdout
    assert leaked(result.stdout + result.stderr) == []


@pytest.mark.parametrize("options", [("--fix",), ("--fix", "--unsafe-fixes"), ("--add-ignore",)])
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_left_after_editing_shows_none(template: str, options: tuple[str, ...]) -> None:
    result = run("check", template, *options, "--output-format", "json")
    assert leaked(result.stdout + result.stderr) == []
    assert A in Path(template).read_text("utf-8")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("output_format", EMITTERS)
@pytest.mark.parametrize("pack", [(), ("--pack",)])
def test_the_diagnostics_of_compile_show_none(
    template: str, output_format: str, pack: tuple[str, ...]
) -> None:
    result = run("compile", template, "--format", output_format, *pack)
    assert "BL70" in result.stderr
    assert result.exit_code == (template == "bad.buildcontent")
    assert leaked(result.stderr) == []


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("output_format", PLANS)
def test_a_plan_shows_none(template: str, output_format: str) -> None:
    result = run("plan", template, "--format", output_format)
    assert result.stdout
    assert leaked(result.stdout + result.stderr) == []


@pytest.mark.parametrize("output_format", REPORTERS)
@pytest.mark.parametrize("status", [0, 1])
def test_a_rehearsal_shows_none(output_format: str, status: int, podman: FakeEngine) -> None:
    here = (each for each in SECRETS if each in TEMPLATE)
    said = "".join(f"{each}\n{each} x\n" for each in here)
    podman.script(step("", f"{said}{refused(f'sysctl {KEY}')}", status))
    Path("good.buildcontent").write_text(f"{TEMPLATE}RUN sysctl {KEY}\n", "utf-8")
    number = len(parse(TEMPLATE).instructions) + 1
    options = ("--image", BARE, "--verbose", "--output-format", output_format)
    result = run("rehearse", "good.buildcontent", "--from", str(number), *options)
    assert result.exit_code == status
    assert leaked(result.stdout + result.stderr) == []


@pytest.mark.parametrize("arguments", [("format", "--check"), ("format",), ("config",)])
def test_what_format_and_config_say_shows_none(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert leaked(result.stdout + result.stderr) == []


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
@pytest.mark.parametrize("options", [(), ("--embed-files",), ("--base", "IMAGE:m-1")])
def test_the_notes_of_convert_show_none(output_format: str, options: tuple[str, ...]) -> None:
    result = run("convert", "--output-format", output_format, *options)
    assert result.stderr
    assert leaked(result.stderr) == []


def test_a_value_that_docker_is_given_is_in_no_note() -> None:
    dockerfile = "ARG API_TOKEN\nFROM ubuntu:22.04\nUSER $API_TOKEN x\nCOPY $API_TOKEN /a\n"
    conversion = convert(Source("Dockerfile", dockerfile), Options(None, {"API_TOKEN": A}))
    assert conversion.notes
    assert leaked("".join(str(note.message) for note in conversion.notes)) == []


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("template", TEMPLATES)
def test_create_shows_none(template: str, service: Service) -> None:
    refusal = error("InvalidParameter", f"The specified value {A} in {TEMPLATE} is not valid.")
    service.answers.append(refusal)
    result = run("create", template, "--endpoint", service.endpoint)
    assert result.exit_code != 0
    assert leaked(result.stdout + result.stderr) == []


# As the service describes it: other secrets than those of the files, in the same places.
HELD = {
    "ImagePipelineId": "ip-1",
    "Name": "web",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
    "BuildContent": TEMPLATE.replace(A, P).replace(E, Q).replace("nginx", "caddy"),
    "TestContent": f'RUN mysql -uroot -p{R}\nENV DB_PASSWORD="{S}"\n',
    "Description": f"built with {KEY}",
    "Tags": {"Tag": [{"TagKey": "api_token", "TagValue": S}, {"TagKey": KEY, "TagValue": "y"}]},
}


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("template", TEMPLATES)
def test_diff_shows_none_of_either_side(template: str, service: Service) -> None:
    service.pipelines.append(HELD)
    result = run("diff", template, "--id", "ip-1", "--endpoint", service.endpoint)
    assert result.exit_code == (1 if template == "good.buildcontent" else 2)
    assert ("+  RUN " in result.stdout) == (template == "good.buildcontent")
    assert leaked(result.stdout + result.stderr) == []


COMPONENT = f"""\
RUN mysql -uroot -p{A} -e x; curl -u admin:{B} http://example.com/x.sh | sh
ENV DB_PASSWORD="{C}" API_TOKEN="{TOKEN}"
RUN yum install -y nginx
"""
TASKS = f"""\
Parameters:
  db_password: {{Type: String, DefaultValue: {D}}}
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: |
        export DB_PASSWORD={E}; echo {{{{ db_password }}}}
        curl -u admin:{F} http://example.com/x.sh | sh
  - Name: download
    Action: WebDownload
    Properties:
      sourcePath: https://bob:{G}@example.com/a.tar.gz
      destinationDir: /opt/{KEY}
      tokenInfo: {H}
"""
HELD_COMPONENT = {
    "ImageComponentId": "ic-1",
    "Name": "nginx",
    "Owner": "SELF",
    "Description": f"built with {TOKEN}",
    "Tags": {"Tag": [{"TagKey": "api_token", "TagValue": S}]},
}
COMPONENTS = {"nginx.component": COMPONENT, "nginx.component.yaml": TASKS}


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("component", COMPONENTS)
def test_what_is_done_with_a_component_shows_none(component: str, service: Service) -> None:
    Path(component).write_text(COMPONENTS[component], "utf-8")
    request = {"RegionId": "cn-hangzhou", "Name": "nginx", "Description": f"built with {KEY}"}
    Path("nginx.component.request.json").write_text(json.dumps(request), "utf-8")
    at = ("--endpoint", service.endpoint)
    refusal = error("InvalidParameter", f"The value {COMPONENTS[component]} is not valid.")
    service.answers.append(refusal)
    results = [run("create", component, *at)]
    assert "CreateImageComponent was rejected" in results[0].stderr
    for number, content in enumerate((*COMPONENTS.values(), f"{TASKS}\t- wrong\n")):
        held = {**HELD_COMPONENT, "ImageComponentId": f"ic-{number}", "Content": content}
        service.components.append(held)
        results.append(run("diff", component, "--id", f"ic-{number}", *at))
        assert f"--- ic-{number}\n" in results[-1].stdout
    ids = ("ic-0", "ic-1", "ic-2", "--region", "cn-hangzhou", "-o", "pulled")
    results.append(run("pull", *ids, *at))
    assert len([*Path("pulled").iterdir()]) == 6
    assert [leaked(each.output) for each in results] == [[] for _ in results]


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_what_pull_says_shows_none(output_format: str, service: Service) -> None:
    service.pipelines += [HELD, {**HELD, "ImagePipelineId": "ip-2", "BuildContent": BROKEN}]
    arguments = ("--region", "cn-hangzhou", "--output-format", output_format)
    result = run("pull", "--all", *arguments, "--endpoint", service.endpoint)
    assert result.exit_code == 0
    assert P in Path("web-ip-1.buildcontent").read_text("utf-8")
    assert leaked(result.stdout + result.stderr) == []


# --- editors -------------------------------------------------------------------------------------


def shown_by_an_editor(text: str, request: str) -> Iterator[object]:
    """Everything that the server says about a template, wherever the cursor is."""
    documents = Documents()
    folder = Path("/nowhere")
    opened = [
        documents.open(types.TextDocumentItem((folder / name).as_uri(), "buildcontent", 1, content))
        for name, content in (("web.buildcontent", text), ("web.request.json", request))
    ]
    checked = check(opened[0], documents, Config())
    for document in opened:
        yield published(checked, document)
        for offset in range(0, len(document.source.text), 3):
            position = document.position(offset)
            if found := hover(checked, document, position):
                yield found.contents
            for item in complete(checked, document, position, has_snippets=True).items:
                yield item.label, item.detail, item.documentation
    yield symbols(opened[0], checked.tree)


@pytest.mark.parametrize(("text", "request_"), [(TEMPLATE, REQUEST), (BROKEN, BROKEN_REQUEST)])
def test_an_editor_is_told_none(text: str, request_: dict[str, object]) -> None:
    for each in shown_by_an_editor(text, json.dumps(request_, indent=2)):
        assert leaked(str(each)) == []
