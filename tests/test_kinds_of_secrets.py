"""Every kind of secret of the table, in every place where one may stand: nothing shows any."""

import json
import string
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import pytest

from buildlint.convert import Options, convert
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy, lint
from buildlint.lint.reporters import FORMATS, Style, report
from buildlint.lint.rules import REGISTRY
from buildlint.lint.secrets import kinds
from buildlint.plan import FORMATS as PLANS
from buildlint.plan import render
from buildlint.plan.model import make
from buildlint.service.request import Request, RequestError, empty, from_mapping, load, override
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source

from re import _constants as op, _parser  # isort: skip

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
KEY = "LTAI5tPq7Wd3Zk9Lm2Rx6Vb8"
EVERY_RULE = Policy(REGISTRY.select(["ALL"]))


def outputs(text: str, request: Request | None = None) -> Iterator[str]:
    """What check, plan and convert say about a template."""
    source = Source("web.buildcontent", text)
    yield from reported(lint(source, request, EVERY_RULE))
    plan = make(Pipeline(source, request))
    yield from (render(plan, each) for each in PLANS)
    yield from reported(convert(Source("Dockerfile", text), Options()).notes)


def reported(diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
    yield from (report(diagnostics, each, Style()) for each in FORMATS)
    yield from (str(each.message) for each in diagnostics)
    yield from (str(each.fix.message) for each in diagnostics if each.fix)


def shown(secrets: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The secrets that texts show, or most of one, also as JSON and TOML write them."""
    whole = "\n".join(texts)
    return {each for each in secrets if any(form in whole for form in spellings(each))}


def spellings(secret: str) -> Iterator[str]:
    for text in (secret, secret[:-2] if len(secret) > 8 else secret):
        yield from (text, text.replace("Z", "\\u005a"), text.replace("/", "\\/"))
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1].replace("Z", "\\u005a")


# --- shapes --------------------------------------------------------------------------------------


def example(pattern: str) -> str:
    """Make a text of a shape, the same one each time."""
    return "".join(_characters(_parser.parse(pattern), Random(pattern)))


def _characters(pattern: Any, chosen: Random) -> Iterator[str]:
    for code, argument in pattern:
        if code is op.LITERAL:
            yield chr(argument)
        elif code is op.IN:
            yield chosen.choice([*_of_set(argument)])
        elif code in (op.MAX_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, repeated = argument
            for _ in range(max(least, min(most, 12)) if most > 1 else 0):
                yield from _characters(repeated, chosen)
        elif code is op.SUBPATTERN:
            yield from _characters(argument[3], chosen)
        elif code is op.BRANCH:
            yield from _characters(chosen.choice(argument[1]), chosen)
        else:
            assert code is op.ASSERT, code


def _of_set(items: Any) -> Iterator[str]:
    for code, argument in items:
        if code is op.LITERAL:
            yield chr(argument)
        elif code is op.RANGE:
            yield from map(chr, range(argument[0], argument[1] + 1))
        else:
            is_digit = argument is op.CATEGORY_DIGIT
            yield from string.digits if is_digit else string.ascii_letters + string.digits


SHAPES = [
    example(each.pattern)
    for each in (*kinds.ACCESS_KEY_IDS, *kinds.OTHER_KEY_IDS, *kinds.TOKENS, kinds.PASSWORD_HASH)
]
BEFORE = "https://oapi.dingtalk.com/robot/send?access_token="
WEBHOOKS = [
    (before, example(each.pattern))
    for before, each in zip(
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
            "https://open.feishu.cn/open-apis/bot/v2/hook/",
            "https://hooks.slack.com/services/",
        ),
        kinds.WEBHOOKS,
        strict=True,
    )
]


@pytest.mark.parametrize(
    "place",
    [
        "# {}",
        "# buildlint: ignore[{}]",
        "RUN app {}; cd /x",
        'RUN app "{}"; cd /x',
        "RUN app -i{}; cd /x",
        "RUN printf 'x\\n{}'; cd /x",
        "CMD app '{}'",
        "COPY {} /x /y",
        "COPY https://x/{}/a /y --chown=a",
        "ENV A={}",
        "LABEL {}",
        "USER {} x",
        "WORKDIR a/{}",
        "FROM {}",
        "COMPONENT {} x",
        "RESTART {}",
        "DEPLOY {}",
    ],
)
def test_a_secret_with_a_shape_is_shown_nowhere(place: str) -> None:
    lines = (place.format(f"{BEFORE * (len(each) == 64)}{each}") for each in SHAPES)
    assert shown(SHAPES, outputs(FROM + "\n".join(lines) + "\n")) == set()


@pytest.mark.parametrize("place", ["RUN curl {}; cd /x", "COPY {} /x /y", "DEPLOY {}"])
def test_the_address_of_a_hook_is_shown_nowhere(place: str) -> None:
    lines = [place.format(before + secret) for before, secret in WEBHOOKS]
    secrets = [secret for _, secret in WEBHOOKS]
    assert shown(secrets, outputs(FROM + "\n".join(lines) + "\n")) == set()


BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA"
ENCRYPTED = r"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A1B2C3D4E5F60718293A4B5C6D7E8F9\n\n"


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("PRIVATE KEY", ""),
        ("RSA PRIVATE KEY", ENCRYPTED),
        ("ENCRYPTED PRIVATE KEY", ""),
        ("OPENSSH PRIVATE KEY", ""),
        ("PGP PRIVATE KEY BLOCK", r"Version: GnuPG v2\n\n"),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "RUN printf '{escaped}' > f; cd /x",
        'ENV K="{escaped}" x',
        "DEPLOY {escaped}",
        "RUN cat > f <<EOF\n{lines}\nEOF",
        "COPY <<EOF /x\n{lines}\nEOF",
        "{lines}",
        "RUN {echoes} cd /x",
    ],
)
def test_a_private_key_is_shown_nowhere(place: str, label: str, before: str) -> None:
    key = rf"-----BEGIN {label}-----\n{before}{BODY}\n{BODY}\n-----END {label}-----"
    lines = key.split(r"\n")
    echoes = "".join(f"echo '{line}' >> f && \\\n " for line in lines)
    text = place.format(escaped=key, lines="\n".join(lines), echoes=echoes)
    assert shown([BODY], outputs(f"{FROM}{text}\n")) == set()


@pytest.mark.parametrize("secret", ["aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1", "q7Zm2Kx9-aB", "q7zm2kx9ab"])
@pytest.mark.parametrize(
    "place",
    [
        f"RUN ossutil config -e oss-cn-hangzhou.aliyuncs.com -i {KEY} -k {{}}; cd /x",
        f"RUN aliyun configure set --access-key-id {KEY} --access-key-secret {{}}; cd /x",
        f"RUN app -s {{}} -i {KEY}; cd /x",
        f"RUN app {KEY}:{{}}; cd /x",
        f"DEPLOY -i {KEY} -k {{}}",
        f'CMD ["app", "{KEY}", "{{}}"',
    ],
)
def test_what_stands_next_to_a_key_id_is_shown_nowhere(place: str, secret: str) -> None:
    assert shown([secret], outputs(f"{FROM}{place.format(secret)}\n")) == set()


# --- names ---------------------------------------------------------------------------------------

# All are different, so that each has to be found by itself.
VALUES = (
    *("q7Zm2Kx9", "r7 Zm 2Kx9!w", "pä55wört-Ü9x", "密码t7Zm2Kx9", "u7|m(x)9^Z&;w", "v@55/w0rd:9X"),
    *("-w7Zm2Kx9w", "@x7Zm2Kx9w", "~y7Zm2Kx9", "hunter22x", "correct horse battery"),
    *("%a7Zm2Kx9", "/b7Zm2Kx9", "c7Zm2Kx9==", "{d7Zm!2Kx9}", "e7Zm$2Kx9", "your-f7Zm2Kx9"),
    *("g7...Zm2Kx9", "h7`Zm`2Kx9", "87654321", "hunter"),
)
NAMES = (
    *("DB_PASS", "MYSQL_PWD", "DB_PASSWORD_PROD", "PRIVATE_KEY", "ACCESS_KEY", "APP_CREDENTIALS"),
    *("api-key", "clientSecret", "spring.datasource.password", "DBPASSWORD", "REDIS_AUTH_TOKEN"),
)
PLACES = (
    'ENV {name}="{value}" x',
    "ENV {name}={value}",
    "ENV {name} {value}",
    "ENV {name}=“{value}”",
    'ENV {name}="{value}',
    'LABEL {name}="{value}" x',
    '{name}="{value}"',
    "    {name}={value} \\\n",
    "ARG {name}={value}",
    "RUN {name}='{value}' app; rm -rf /tmp/x{value}",
    "RUN app --{name}='{value}' && cd /x",
    "RUN app --{name} '{value}' && cd /x",
    "RUN export {name}='{value}'",
    'CMD ["app", "--{name}", "{value}"]',
    'ENTRYPOINT ["app", "--{name}={value}"]',
    'CMD ["app", "--{name}", "{value}"',
    "CMD ['app', '--{name}', '{value}']",
    "COMPONENT ic-bp67acfmxazb4p0abcde --{name} {value}",
    'RUN echo \'{{"{name}":"{value}"}}\' > f',
    'RUN echo "{{\\"{name}\\": \\"{value}\\"}}" > f',
    "RUN printf '{name}: {value}\\n' > f",
    "RUN printf '[client]\\n{name} = {value}\\n' > f",
    "{name}: {value}",
    "{name} {value}",
    "DEPLOY --{name} {value}",
    "RUN curl -H 'X-{name}: {value}' http://x.com; cd /x",
    "RUN curl -H 'Authorization: Bearer {value}' http://x.com; cd /x",
    'RUN curl --header "Authorization: Basic {value}" http://x.com; cd /x',
    "HEALTHCHECK CMD curl -H 'PRIVATE-TOKEN: {value}' http://x",
    "RUN <<EOF\nexport {name}={value}\nEOF",
    "COPY <<EOF /x\n{name}: {value}\nEOF",
    "RUN app \\\n# {name}={value}\n  --x",
    "# buildlint: ignore {name}={value}",
    "RUN echo ${{{name}:-{value}}} && cd /x",
    'RUN app "Server=x;Uid=root;{name}={value};Database=y"; cd /x',
    "COPY https://bob:{value}@example.com/x /x /y",
    "FROM https://bob:{value}@example.com/x",
    "RUN echo 'root:{value}' | chpasswd; cd /x",
    "RUN chpasswd <<< 'root:{value}'; cd /x",
    "RUN mysql -uroot -p'{value}' -e x; cd /x",
    "RUN mysql -e \"CREATE USER a IDENTIFIED BY '{value}'\"; cd /x",
    "RUN curl -u 'admin:{value}' http://x; cd /x",
    'RUN ["mysql", "-p{value}"]',
)


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_with_a_name_is_shown_nowhere(place: str) -> None:
    for index, value in enumerate(VALUES):
        text = place.format(name=NAMES[index % len(NAMES)], value=value)
        assert shown([value], outputs(f"{FROM}{text}\nRUN true\n")) == set(), text


@pytest.mark.parametrize("place", ["COPY https://a.cn/x?b=c&{name}={value} /x", "RUN curl '{url}'"])
@pytest.mark.parametrize(
    "name",
    [
        *("Signature", "token", "access_token", "X-Amz-Signature", "x-oss-signature", "sig"),
        *("OSSAccessKeyId", "SecurityToken", "X-Amz-Security-Token", "private_token"),
    ],
)
def test_a_secret_in_a_query_is_shown_nowhere(place: str, name: str) -> None:
    for value in ("q7Zm2Kx9%2BaB%3D", "u7|m(x)9^Z&;w", "hunter22x"):
        url = f"https://a.cn/x?Expires=1&{name}={value}"
        text = place.format(name=name, value=value, url=url)
        assert value[:6] not in "\n".join(outputs(f"{FROM}{text}; cd /x\n"))


@pytest.mark.parametrize(
    "text", ["USER app:{}", "USER app {}", "FROM https://{}@r.cn/x", "DEPLOY https://{}@r.cn/x"]
)
@pytest.mark.parametrize("secret", ["q7Zm2Kx9aB3dE5fG7hJ9", "0123456789abcdef0123456789abcdef"])
def test_a_secret_behind_a_user_or_in_the_place_of_one_is_shown_nowhere(
    text: str, secret: str
) -> None:
    assert shown([secret], outputs(f"{FROM}{text.format(secret)}\n")) == set()


# --- requests ------------------------------------------------------------------------------------

REQUESTS: tuple[dict[str, object], ...] = (
    {"Password": "{}"},
    {"Foo": {"db_password": "{}"}},
    {"Foo": ["x", {"token": "{}"}]},
    {"Passwords": ["{}"]},
    {"Tag": [{"Key": "api_token", "Value": "{}"}]},
    {"Tag": {"Key": "api_token", "Value": "{}"}},
    {"Description": "password={}"},
    {"Description": "http://bob:{}@x/y"},
    {"Name": "-token: {}!"},
    {"BuildContent": 'FROM x\nENV DB_PASSWORD="{}"\nDEPLOY'},
)


def filled(value: object, secret: str) -> object:
    if isinstance(value, str):
        return value.replace("{}", secret)
    if isinstance(value, list):
        return [filled(each, secret) for each in value]
    assert isinstance(value, dict)
    return {key: filled(each, secret) for key, each in value.items()}


def written(values: object) -> Iterator[Source]:
    """A request in the spellings that JSON and TOML allow."""
    plain = json.dumps(values, indent=1, ensure_ascii=False)
    escaped = plain.replace("/", "\\/").replace("Z", "\\u005a")
    for text in (plain, escaped, json.dumps(values)):
        yield Source("web.request.json", text)
    assert isinstance(values, dict)
    if all(isinstance(each, str) for each in values.values()):
        pairs = [(key, json.dumps(each, ensure_ascii=False)) for key, each in values.items()]
        lines = (f"{key} = {each}" for key, each in pairs)
        long = (f"{key} = {each.replace('Z', chr(92) + 'U0000005A')}" for key, each in pairs)
        yield Source("web.request.toml", "\n".join(lines))
        yield Source("web.request.toml", "\n".join(long))


@pytest.mark.parametrize("values", REQUESTS)
def test_a_secret_in_a_request_is_shown_nowhere(values: dict[str, object]) -> None:
    for secret in (*VALUES[:-1], 'a/b7Zm\\Kx9"q'):
        for source in written(filled(values, secret)):
            texts = outputs("RUN true\nDEPLOY\n", load(source))
            assert shown([secret], texts) == set(), source.text


def test_a_number_that_is_a_secret_is_shown_nowhere() -> None:
    request = from_mapping({"RegionId": "cn-hangzhou", "DbPassword": 4815162342})
    assert shown(["4815162342"], outputs("RUN true\nDEPLOY\n", request)) == set()


@pytest.mark.parametrize("assignment", ["Tag.9.Value=q7Zm2Kx9", "Name.b=q7Zm2Kx9", "=q7Zm2Kx9"])
def test_what_cannot_be_set_is_told_without_its_value(assignment: str) -> None:
    with pytest.raises(RequestError) as error:
        override(empty("web.request.toml"), assignment)
    assert "q7Zm2Kx9" not in str(error.value)


def test_what_is_set_and_wrong_is_told_without_its_value() -> None:
    request = override(empty("web.request.toml"), "DbPassword=q7Zm2Kx9")
    assert shown(["q7Zm2Kx9"], outputs("RUN true\nDEPLOY\n", request)) == set()


# --- convert -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["USER ${} x", "COPY ${} /a", "FROM ${}", "WORKDIR $({}", "LABEL ${}=x", "STOPSIGNAL ${}"],
)
@pytest.mark.parametrize("value", ["q7Zm2Kx9", "hunter", KEY, "r7 Zm!2Kx9"])
def test_a_value_that_docker_is_given_is_in_no_note(line: str, value: str) -> None:
    text = f"ARG DB_PASS\nFROM ubuntu:22.04\nARG DB_PASS\n{line.replace('{}', 'DB_PASS')}\n"
    notes = convert(Source("Dockerfile", text), Options(None, {"DB_PASS": value})).notes
    assert notes
    assert shown([value], reported(notes)) == set()


# --- near misses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'ENV PASSWORD_FILE="/run/secrets/db" DB_PASSWORD_MIN_LENGTH="12" TOKEN_URL="a.cn/t"',
        'ENV SECRET_NAME="web-db" AWS_ACCESS_KEY_ID_FILE="k" PWD="/srv/App2" OLDPWD="/srv/App1"',
        'ENV MAX_TOKENS="4096" PUBLIC_KEY="q7Zm2Kx9" GPG_KEY="E3FF2839C048B25C" KEY="q7Zm2Kx9"',
        'ENV PASSWORD_HASH="q7Zm2Kx9" TOKENIZER="bert9-Base" BYPASS="q7Zm2Kx9" COMPASS="N9-aBcD"',
        'ENV DB_PASSWORD="${DB_PASSWORD}" A_TOKEN="<your-token>" B_SECRET="{{ secret }}"',
        "RUN curl --user-agent=abcd:efgh9X https://a.cn/x",
        "RUN mysql -protocol=tcp shop",
        "RUN app --password-min-length=12345 --token-ttl 86400 --pass-through=q7Zm2Kx9",
        "RUN [ \"$DB_PASSWORD\" == 'q7Zm2Kx9' ]",
        "RUN getopt --long dbpassword:,token:,redis",
        'RUN echo "Enter the password: then press a key"',
        "RUN echo 'web ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/web",
        "RUN gpg --recv-keys B42F6819007F00F88E364FD4036A9C25BF357DD4",
        "RUN grep -q 'BEGIN PRIVATE KEY' /etc/key.pem",
        "RUN docker pull https://r.cn:5000/web@sha256:0123",
        "USER app:www-data",
        "RUN chown -R app:app /srv/App2",
    ],
)
def test_near_misses_are_not_reported(text: str) -> None:
    found = lint(Source("web.buildcontent", f"{FROM}{text}\n"), None)
    assert [each for each in found if each.rule.startswith("BL70")] == []


@pytest.mark.parametrize(
    "text",
    [
        'ENV DB_PASS="q7Zm2Kx9" MYSQL_PWD="r7Zm2Kx9" DB_PASSWORD_PROD="s7Zm2Kx9"',
        'ENV PRIVATE_KEY="q7Zm2Kx9" ACCESS_KEY="r7Zm2Kx9" APP_CREDENTIALS="s7Zm2Kx9"',
        'ENV DB_PASSWORD="q7|m(x)9^Z" A_TOKEN="p@55 w0rd:9X" B_SECRET=\'密码q7Zm2Kx9\'',
        'CMD ["app", "--password", "q7Zm2Kx9", "--token=r7Zm2Kx9", "--api-key", "s7Zm2Kx9"]',
        "RUN curl -H 'X-Api-Key: q7Zm2Kx9' -H 'PRIVATE-TOKEN: r7Zm2Kx9' -H 'token: s7Zm2Kx9' a.cn",
        'RUN echo \'{"password":"q7Zm2Kx9","token": "r7Zm2Kx9","secret":"s7Zm2Kx9"}\' > /etc/a',
        "RUN printf 'password: q7Zm2Kx9\\ntoken: r7Zm2Kx9\\nsecret: s7Zm2Kx9\\n' > /etc/a",
    ],
)
def test_passwords_are_reported_each(text: str) -> None:
    found = lint(Source("web.buildcontent", f"{FROM}{text}\n"), None)
    assert [each.rule for each in found].count("BL703") == 3


def test_a_word_that_is_no_secret_hides_no_image() -> None:
    text = 'FROM ubuntu:22.04\nENV X_PASSWORD="ubuntu" A=x\nRUN apt-get install ubuntu-keyring\n'
    (told,) = (
        str(each.message)
        for each in lint(Source("web.buildcontent", text), None)
        if each.rule == "BL205"
    )
    assert "ubuntu:22.04" in told
    full = report(lint(Source("web.buildcontent", text), None, EVERY_RULE), "full", Style())
    assert "FROM ubuntu:22.04" in full
    assert 'X_PASSWORD="ubuntu"' not in full


def test_a_secret_is_hidden_wherever_else_it_is_written() -> None:
    text = f'{FROM}ENV DB_PASSWORD="q7Zm2Kx9"\nRUN chmod 777 /srv/q7Zm2Kx9\nDEPLOY q7Zm2Kx9\n'
    assert shown(["q7Zm2Kx9"], outputs(text)) == set()
