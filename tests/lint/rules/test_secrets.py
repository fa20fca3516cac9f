"""Keys, tokens and passwords are found, and printed by nothing."""

import pytest

import buildlint
from buildlint.lint.reporters import FORMATS, Style, report
from buildlint.text.diagnostics import Diagnostic
from tests.lint.rules.helpers import FROM, REQUEST, found, message

KEY = "LTAI5tPq7Wd3Zk9Lm2Rx6Vb8"
TOKEN = "ghp_Qm4Vx8Rb2Zt6Kw1Nc9Lj5Hd3Fs7Gp0YeUaTi"
PRIVATE_KEY = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
PASSWORD = "q7Zm2Kx9"

TEMPLATES = {
    KEY: f"# {KEY}\nRUN aliyun configure set --access-key-id {KEY}\n",
    TOKEN: f"RUN git clone https://{TOKEN}@github.com/starlake/site.git /srv\n",
    PRIVATE_KEY: (
        f"RUN printf '%s' '-----BEGIN RSA PRIVATE KEY-----\\n{PRIVATE_KEY}\\n"
        "-----END RSA PRIVATE KEY-----' > /root/.ssh/id_rsa\n"
    ),
    # BL332 quotes the value: in its message, and in its fix.
    PASSWORD: f"ENV DB_PASSWORD={PASSWORD}\nRUN useradd app && chmod 777 /srv\n",
}


def check(template: str) -> tuple[Diagnostic, ...]:
    return buildlint.check(FROM + template)


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("secret", [KEY, TOKEN, PRIVATE_KEY])
def test_no_format_prints_a_secret(secret: str, output_format: str) -> None:
    diagnostics = check(TEMPLATES[secret])
    assert any(each.rule.startswith("BL70") for each in diagnostics)
    assert secret not in report(diagnostics, output_format, Style())


@pytest.mark.parametrize("output_format", FORMATS)
def test_what_other_rules_say_of_the_same_line_holds_no_secret(output_format: str) -> None:
    diagnostics = check(f"ENV DB_PASSWORD={PASSWORD} APP=x\n")
    assert {each.rule for each in diagnostics} == {"BL332", "BL703"}
    assert PASSWORD not in report(diagnostics, output_format, Style())


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_secret_stays_masked_where_its_rule_is_ignored(output_format: str) -> None:
    diagnostics = buildlint.check(FROM + f"ENV DB_PASSWORD={PASSWORD}\n", ignore=["BL703"])
    assert [each.rule for each in diagnostics] == ["BL332"]
    assert PASSWORD not in report(diagnostics, output_format, Style())


def test_a_secret_is_masked_in_a_command_that_only_docker_has() -> None:
    diagnostics = check(f"ARG DB_PASSWORD={PASSWORD}\n")
    assert {each.rule for each in diagnostics} == {"BL301", "BL703"}
    assert PASSWORD not in report(diagnostics, "full", Style())


def test_the_mask_keeps_every_place() -> None:
    text = report(check(f'ENV DB_PASSWORD="{PASSWORD}"\n'), "full", Style())
    assert '2 | ENV DB_PASSWORD="********"\n' in text
    assert "  |                  ^^^^^^^^\n" in text


@pytest.mark.parametrize("secret", [KEY, TOKEN, PRIVATE_KEY, PASSWORD])
def test_no_message_holds_a_secret(secret: str) -> None:
    assert all(secret not in str(each.message) for each in check(TEMPLATES[secret]))


def test_a_fix_still_writes_what_was_there() -> None:
    fixes = [each.fix for each in check(f"ENV DB_PASSWORD={PASSWORD}\n") if each.fix]
    assert [edit.text for fix in fixes for edit in fix.edits] == [f'"{PASSWORD}"']


def test_the_message_names_what_it_is() -> None:
    assert "an Alibaba Cloud AccessKey ID (`LTAI…`)" in message(FROM + f"RUN echo {KEY}\n")
    assert "DB_PASSWORD" in message(FROM + f'ENV DB_PASSWORD="{PASSWORD}"\n')


@pytest.mark.parametrize(
    "run",
    [
        f"DB_PASSWORD={PASSWORD} app init",
        f"app init --db-password={PASSWORD}",
        f"app init --db-password {PASSWORD}",
        f"app init --db-password '{PASSWORD}'",
        f"curl -fsS https://ci:{PASSWORD}@repo.starlake.cn/x",
        f'echo "root:{PASSWORD}" | chpasswd',
        f"echo {PASSWORD} | passwd --stdin root",
        f"mysql -uroot -p{PASSWORD} -e 'SELECT 1'",
        f"sudo mysqldump '-p{PASSWORD}' shop",
        f'mysqladmin -p"{PASSWORD}" status',
        f"curl -fsSu ci:{PASSWORD} https://repo.starlake.cn/x",
        f"curl --user 'ci:{PASSWORD}' https://repo.starlake.cn/x",
        f"curl -uci:{PASSWORD} https://repo.starlake.cn/x",
        f"wget -q --password={PASSWORD} https://repo.starlake.cn/x",
        f"sshpass -p {PASSWORD} ssh 10.0.0.8",
        f"redis-cli -a {PASSWORD} ping",
        f"docker login -u ci -p {PASSWORD} registry.starlake.cn",
        f"docker login -u ci --password {PASSWORD} registry.starlake.cn",
        f"useradd -m -p {PASSWORD} deploy",
    ],
)
def test_a_password_is_marked_alone(run: str) -> None:
    assert found(f"{FROM}RUN {run}\n") == [("BL703", PASSWORD)]


def test_a_password_that_is_spelled_another_way_is_masked_with_its_word() -> None:
    assert found(f"{FROM}RUN sshpass -p q7\\Zm2Kx9 true\n") == [("BL703", "q7\\Zm2Kx9")]


def test_the_message_names_the_program() -> None:
    assert "the password passed to `mysql`" in message(f"{FROM}RUN mysql -p{PASSWORD} shop\n")


def test_the_command_of_an_image_is_looked_at() -> None:
    template = f'{FROM}CMD ["/bin/app", "--token={PASSWORD}"]\n'
    assert found(template) == [("BL703", PASSWORD)]


@pytest.mark.parametrize("padding", range(20, 60))
def test_a_message_that_cuts_a_secret_short_shows_no_part_of_it(padding: int) -> None:
    (first, _) = check(f"ENV DB_PASSWORD={PASSWORD}{'b' * padding}\n")
    assert PASSWORD[:4] not in str(first.message)


def test_a_password_behind_a_continuation_is_marked() -> None:
    assert found(f"{FROM}RUN true && \\\n    A_TOKEN={PASSWORD} app\n") == [("BL703", PASSWORD)]


@pytest.mark.parametrize(
    "text",
    [
        "RUN A_TOKEN=$T app",
        "RUN app --password-file /run/password",
        "RUN app --token /run/token",
        "RUN app --token -v",
        "RUN adduser --disabled-password deploy",
        "RUN mysqladmin --skip-password status && psql --no-password postgres",
        "RUN app --password '<password>'",
        "RUN app --secret id=npm,src=/run/npm",
        "RUN echo 'the password is in KMS'",
        'RUN mysql -p"$PASSWORD" -e "SELECT 1"',
        "RUN mysql -p shop_2024 -P3306 < /srv/shop.sql",
        "RUN mysql -pchangeme shop",
        "RUN echo | htpasswd -ci /etc/nginx/users admin_2024",
        "RUN echo | htpasswd -n admin_2024 > /etc/nginx/users",
        "RUN curl -u ci: https://repo.starlake.cn/x",
        'RUN curl -u "ci:$PASSWORD" https://repo.starlake.cn/x',
        "RUN curl -fsS -oubuntu:2204 https://repo.starlake.cn/x",
        "RUN sshpass -e scp -o BatchMode=no a 10.0.0.8:/a",
        "RUN docker run -d -p 8080:8080 --name a mysql -p3306",
        "RUN redis-cli -p 6379 -a",
        "RUN mkdir -p8080 /srv",
        "RUN echo 'LTAIxxxxxxxxxxxxxxxx' LTAI5t",
        "RUN echo AKIAIOSFODNN7EXAMPLE",
        'ENV TOKEN="" A_PASSWORD="changeme"',
        "LABEL password.policy=strong",
        'RUN build PfxPassword="PfxPassword"',
        "RUN build --pfx-password PfxPassword",
        'ENV APP_DB_PASSWORD="db_password"',
        "COMPONENT ic-bp67acfmxazb4p0abcde --db_password DbPassword",
        'ENV DB_PASSWORD="__DB_PASSWORD__" A_TOKEN="%TOKEN%" B_TOKEN="##A_B##"',
        'ENV DB_PASSWORD="insert-password" A_TOKEN="put_it_here" B_TOKEN="enter_it"',
    ],
)
def test_what_holds_no_secret_is_silent(text: str) -> None:
    assert found(f"{FROM}{text}\n") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "PfxPassword"),
        ("DB_PASSWORD", "DB_PASSWORD1"),
        ("ROOT_PASSWORD", "ROOT"),
        ("DB_PASSWORD", "insertion99"),
        ("DB_PASSWORD", "nowhere9here"),
        ("DB_PASSWORD", "__q7Zm_2Kx9"),
    ],
)
def test_a_value_that_is_more_or_less_than_the_name_is_a_secret(name: str, value: str) -> None:
    template = f'{FROM}ENV {name}="{value}"\n'
    assert found(template) == [("BL703", value)]
    # The name is told, whatever the secrets are.
    assert message(template).startswith(f"the value of `{name}` is visible")


REQUESTS: dict[str, dict[str, object]] = {
    KEY: {"Description": f"built with {KEY}"},
    TOKEN: {"Tag": [{"Key": "team", "Value": "web"}, {"Key": "ci", "Value": TOKEN}]},
    PASSWORD: {"Tag": [{"Key": "db_password", "Value": PASSWORD}]},
    'q7Zm"2Kx9': {"Tag": [{"Key": "db_password", "Value": 'q7Zm"2Kx9'}]},
}


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        (KEY, ("BL701", '"Description"')),
        (TOKEN, ("BL702", '"Value"')),
        (PASSWORD, ("BL703", '"Value"')),
    ],
)
def test_a_secret_in_a_request_is_found_at_its_key(secret: str, expected: tuple[str, str]) -> None:
    diagnostics = found("RUN true\n", {**REQUEST, **REQUESTS[secret]})
    assert [each for each in diagnostics if each[0].startswith("BL70")] == [expected]


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("secret", REQUESTS)
def test_no_format_prints_a_secret_of_a_request(secret: str, output_format: str) -> None:
    diagnostics = buildlint.check("RUN true\n", {**REQUEST, **REQUESTS[secret]})
    text = report(diagnostics, output_format, Style())
    assert "BL70" in text
    assert secret not in text
    assert secret.replace('"', '\\"') not in text


def test_a_message_about_a_request_holds_no_secret() -> None:
    diagnostics = buildlint.check("RUN true\n", {**REQUEST, "RegionId": KEY, KEY: 1})
    assert {each.rule for each in diagnostics} > {"BL701"}
    assert all(KEY not in str(each.message) for each in diagnostics)


@pytest.mark.parametrize(
    "parameters",
    [
        {"Description": "the password is in KMS, LTAI is not"},
        {"Tag": [{"Key": "secret.rotation", "Value": "90 days"}]},
        {"Tag": [{"Key": "token", "Value": "acme-${TOKEN}"}]},
        {"Tag": [{"Key": 1, "Value": PASSWORD}, "x"], "Name": PASSWORD},
        {"Tag": {"Key": "db_password", "Value": "${PASSWORD}"}},
        {"ClientToken": PASSWORD, "PasswordPolicy": PASSWORD, "TokenUrl": PASSWORD},
    ],
)
def test_a_request_without_a_secret_is_silent(parameters: dict[str, object]) -> None:
    diagnostics = found("RUN true\n", {**REQUEST, **parameters})
    assert not [each for each in diagnostics if each[0].startswith("BL70")]


def test_a_command_after_a_user_is_no_secret() -> None:
    found = buildlint.check(f"{FROM}USER app \\\nWORKDIR /opt\n")
    assert [each.rule for each in found if "WORKDIR" in str(each.message)] == ["BL006", "BL360"]
