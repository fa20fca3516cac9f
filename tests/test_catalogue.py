"""The catalogue of translations: complete, and written and compiled as gettext reads it."""

import gettext
import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest

from tests.paths import ROOT


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "docs" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogue = load()

TEXTS = {"plain": ["a.py"], 'a "quoted" \\ {field}': ["a.py", "b.py"], "two\n\nlines": ["b.py"]}
TRANSLATIONS = {
    "plain": catalogue.Translation("普通"),
    'a "quoted" \\ {field}': catalogue.Translation('“引用” \\ {field}\t"'),
    "two\n\nlines": catalogue.Translation("两\n\n行\n"),
}


def test_marked_texts_are_collected_in_the_order_of_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "buildlint").mkdir()
    source = 'a = N_(\n    "one "\n    "text"\n)\nb = N_("another")\n'
    (tmp_path / "buildlint" / "b.py").write_text(source, "utf-8")
    (tmp_path / "buildlint" / "a.py").write_text('c = N_("another")\n', "utf-8")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    assert list(catalogue.texts().items())[:2] == [
        ("another", ["buildlint/a.py", "buildlint/b.py"]),
        ("one text", ["buildlint/b.py"]),
    ]


def test_a_mark_around_something_else_than_a_literal_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "buildlint").mkdir()
    (tmp_path / "buildlint" / "a.py").write_text('\na = N_(f"{b}")\n', "utf-8")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=r"a\.py:2: N_ takes a literal text"):
        catalogue.texts()


def test_what_is_written_is_read_again() -> None:
    po = catalogue.write_po(TEXTS, TRANSLATIONS)
    read = catalogue.read_po(po)
    assert {text: read[text] for text in TEXTS} == TRANSLATIONS
    assert catalogue.write_po(TEXTS, read) == po


def test_entries_are_written_for_people() -> None:
    po = catalogue.write_po(TEXTS, {"two\n\nlines": catalogue.Translation("两", is_fuzzy=True)})
    assert po == (
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
        '\n#: a.py\nmsgid "plain"\nmsgstr ""\n'
        '\n#: a.py\n#: b.py\nmsgid "a \\"quoted\\" \\\\ {field}"\nmsgstr ""\n'
        '\n#: b.py\n#, fuzzy\nmsgid ""\n"two\\n"\n"\\n"\n"lines"\nmsgstr "两"\n'
    )


def test_a_text_that_is_gone_is_dropped_and_a_new_one_is_empty() -> None:
    read = catalogue.read_po(catalogue.write_po({"new": ["a.py"]}, TRANSLATIONS))
    assert set(read) == {"", "new"}
    assert read["new"] == catalogue.Translation()


def test_gettext_reads_what_is_compiled() -> None:
    content = catalogue.write_mo(
        {
            **TRANSLATIONS,
            "empty": catalogue.Translation(),
            "fuzzy": catalogue.Translation("模糊", is_fuzzy=True),
        }
    )
    read = gettext.GNUTranslations(io.BytesIO(content))
    assert {text: read.gettext(text) for text in TEXTS} == {
        text: translation.text for text, translation in TRANSLATIONS.items()
    }
    assert [read.gettext(text) for text in ("empty", "fuzzy")] == ["empty", "fuzzy"]


@pytest.mark.parametrize(
    ("text", "translation", "problem"),
    [
        ("{a} and {b}", "{b}、{a}、{b}", None),
        ("{{Key}} of {a}", "{a} 的 {{Key}}", None),
        ("a", "", "no translation: a"),
        ("{a}", "甲", "the translation has other fields: {a}"),
        ("{a}", "{甲}", "the translation has other fields: {a}"),
        ("{a}", "{a", "the translation has other fields: {a}"),
        ("{{a}}", "{a}", "the translation has other fields: {{a}}"),
    ],
)
def test_a_translation_has_the_fields_of_its_text(
    text: str, translation: str, problem: str | None
) -> None:
    problems = catalogue.problems({text: catalogue.Translation(translation)})
    assert list(problems) == ([problem] if problem else [])


def test_a_fuzzy_translation_is_a_problem() -> None:
    fuzzy = catalogue.Translation("甲", is_fuzzy=True)
    assert list(catalogue.problems({"a": fuzzy})) == ["the translation is fuzzy: a"]


def test_check_changes_nothing_and_finds_stale_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    po, mo = tmp_path / "buildlint.po", tmp_path / "buildlint.mo"
    po.write_bytes(catalogue.PO.read_bytes())
    mo.write_bytes(b"")
    for name, path in (("ROOT", tmp_path), ("PO", po), ("MO", mo)):
        monkeypatch.setattr(catalogue, name, path)
    monkeypatch.setattr(catalogue, "texts", lambda: {"plain": ["a.py"]})
    assert catalogue.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "buildlint.po is not up to date\nbuildlint.mo is not up to date\nno translation: plain\n"
    )
    assert mo.read_bytes() == b""
    assert catalogue.main([]) == 1
    po.write_text(po.read_text("utf-8").replace('msgstr ""\n', 'msgstr "普通"\n'), "utf-8")
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 0
