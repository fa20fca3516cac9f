"""Texts in the languages of their readers: which language is used, and that nothing is left out."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import buildlint
from buildlint.lint.explain import as_json, markdown
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Rule
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import LANGUAGES, N_, Message, translated, use_language
from buildlint.text.source import Source
from tests.documents import READMES, links
from tests.lint.rules.test_examples import run
from tests.paths import ROOT

ENGLISH = N_("RESTART has arguments")
CHINESE = "RESTART 有参数"
VARIABLES = ("BUILDLINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
RULES = sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)

TEMPLATE = """\
from ubuntu:22.04
ENV APP_HOME=/srv/商店
RUM apt-get update
COPY https://example.com/a?v=3 /srv
RESTART now
"""
REQUEST = {"RegionId": "cn-hangzhou", "Name": "网站 web", "SystemDiskSize": 10}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


# --- the choice of the language ------------------------------------------------------------------


def test_texts_are_english_until_a_language_is_chosen() -> None:
    script = (
        "import sys\nfrom buildlint.text.messages import translated\n"
        f"assert translated({ENGLISH!r}) == {ENGLISH!r}\nassert 'gettext' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], env={"LANG": "zh_CN.UTF-8"}, check=True)


def test_english_costs_no_import() -> None:
    script = (
        "import sys\nfrom buildlint.text.messages import use_language\nuse_language('en')\n"
        "use_language(None)\nassert 'gettext' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], env={}, check=True)


def test_a_language_can_be_chosen_and_given_up() -> None:
    use_language("zh_CN")
    assert translated(ENGLISH) == CHINESE
    use_language("en")
    assert translated(ENGLISH) == ENGLISH


@pytest.mark.parametrize("language", ["fr", "zh", "", "../zh_CN"])
def test_an_unknown_language_is_refused_with_the_known_ones(language: str) -> None:
    use_language("zh_CN")
    with pytest.raises(ValueError, match=re.escape(", ".join(LANGUAGES))):
        use_language(language)
    assert translated(ENGLISH) == CHINESE


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN"}, CHINESE),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "zh-Hans"}, CHINESE),
        ({"LANG": "zh_Hans_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.GB18030@pinyin"}, CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, ENGLISH),
        ({"LANG": "zha"}, ENGLISH),
        ({"LANG": "de_DE.UTF-8"}, ENGLISH),
        ({"LANG": "C.UTF-8"}, ENGLISH),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, CHINESE),
        ({"LC_ALL": "C", "BUILDLINT_LANG": "zh_CN"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "BUILDLINT_LANG": "en"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "BUILDLINT_LANG": ""}, CHINESE),
    ],
)
def test_the_environment_chooses(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    use_language(None)
    assert translated(ENGLISH) == expected


# --- fields --------------------------------------------------------------------------------------


def test_fields_are_kept_and_never_translated() -> None:
    message = Message(
        N_("RESTART takes no arguments; remove `{arguments}`"), {"arguments": "{x} ## Why"}
    )
    assert str(message) == "RESTART takes no arguments; remove `{x} ## Why`"
    use_language("zh_CN")
    assert str(message) == "RESTART 不接受参数；请删除 `{x} ## Why`"


def test_a_text_without_translation_stays_as_it_is() -> None:
    use_language("zh_CN")
    assert str(Message("no such {thing}", {"thing": "text"})) == "no such text"


# --- a run, and every rule -----------------------------------------------------------------------


def is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def messages(found: Diagnostic) -> list[Message]:
    return [found.message, *([found.fix.message] if found.fix else [])]


def without_texts(found: Diagnostic) -> Diagnostic:
    fix = found.fix.replace(message=Message("")) if found.fix else None
    return found.replace(source=Source("", ""), message=Message(""), fix=fix)


def test_a_chinese_run_says_the_same_in_chinese() -> None:
    english = buildlint.check(TEMPLATE, REQUEST)
    english_texts = [str(message) for found in english for message in messages(found)]
    use_language("zh_CN")
    chinese = buildlint.check(TEMPLATE, REQUEST)
    chinese_texts = [str(message) for found in chinese for message in messages(found)]
    assert {found.rule for found in chinese} > {"BL205", "BL302", "BL305", "BL332", "BL409"}
    assert list(map(without_texts, chinese)) == list(map(without_texts, english))
    assert all(map(is_chinese, chinese_texts))
    assert not set(chinese_texts) & set(english_texts)


@every_rule
def test_a_rule_is_explained_in_chinese(rule: Rule) -> None:
    use_language("zh_CN")
    for text in (rule.summary, rule.explanation):
        assert translated(text) != text
        assert is_chinese(translated(text))


@every_rule
def test_what_a_rule_finds_is_told_in_chinese(rule: Rule) -> None:
    found = run(rule, rule.bad)
    use_language("zh_CN")
    for diagnostic in found:
        for message in messages(diagnostic):
            assert translated(message.template) != message.template
            assert is_chinese(translated(message.template))


def test_the_page_of_a_rule_is_chinese_but_for_its_code() -> None:
    rule = REGISTRY.rules["BL406"]
    use_language("zh_CN")
    page = markdown(rule)
    assert page.startswith("# BL406 malformed-name\n\nName 的格式不正确。\n\n- 级别：error\n")
    assert "- 服务端错误码：`InvalidName.Malformed`（HTTP 400）\n" in page
    assert re.findall("^## .*", page, re.MULTILINE) == ["## 原因", "## 错误示例", "## 正确示例"]
    assert "\n对应的请求文件：\n\n```toml\n" in page
    assert rule.bad.template in page


def test_what_is_left_out_of_a_page_is_counted_in_chinese() -> None:
    use_language("zh_CN")
    assert "\n……（省略 122 行）\n" in markdown(REGISTRY.rules["BL102"])
    assert re.search(r"x……（省略 [\d,]+ 个字符）\n", markdown(REGISTRY.rules["BL101"]))


def test_the_json_of_a_rule_keeps_its_keys_and_codes() -> None:
    rule = REGISTRY.rules["BL305"]
    english = as_json(rule)
    use_language("zh_CN")
    chinese = as_json(rule)
    assert [key for key in english if english[key] != chinese[key]] == ["summary", "explanation"]


# --- the README ----------------------------------------------------------------------------------


def outline(readme: str) -> list[str]:
    """The levels of headings, and the blocks of code without comments and output."""
    text = (ROOT / readme).read_text("utf-8")
    text = re.sub(
        r"^(```(?:console|text)\n\$ .*\n)(?:(?!```).*\n)*", r"\1", text, flags=re.MULTILINE
    )
    found = re.findall(r"^(#+) |^(```.*?^```)$", text, re.MULTILINE | re.DOTALL)
    return [heading or re.sub(" +# .*", "", block) for heading, block in found]


def test_the_chinese_readme_has_the_same_sections_and_examples() -> None:
    assert outline("README.zh-CN.md") == outline("README.md")


def test_the_chinese_readme_links_to_the_same_files() -> None:
    chinese, english = ([path for path, _ in links(readme)] for readme in READMES)
    others = {ROOT / readme for readme in READMES}
    assert [path for path in chinese if path not in others] == [
        path for path in english if path not in others
    ]
