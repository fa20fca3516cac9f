import pytest

from tests.lint.rules.helpers import FROM, checked, found


def of(text: str) -> list[str]:
    """What the rule marks."""
    return [marked for code, marked in found(FROM + text) if code == "BL507"]


@pytest.mark.parametrize(
    ("text", "marked", "replacement"),
    [
        ("RUN apt-get install\u3000-y nginx\n", "\u3000", " "),
        ("RUN systemctl\u00a0enable nginx\n", "\u00a0", " "),
        ("RUN systemctl enable \u00a0nginx\n", "\u00a0", " "),
        ("RUN id\u200b root\n", "\u200b", ""),
        ("RUN apt-get install \u2013y nginx\n", "\u2013", "-"),
        ("RUN java \u2013jar /a\n", "\u2013", "-"),
        ("RUN tar \u2014exclude=a -cf /b /c\n", "\u2014", "--"),
        ("RUN apt-get install -y \u2013no-install-recommends nginx\n", "\u2013", "--"),
        ("RUN yum install -y docker\u2013ce\n", "\u2013", "-"),
        ("RUN apt\u2013get update\n", "\u2013", "-"),
        ("RUN \\\n  a $(b \u2212c)\n", "\u2212", "-"),
    ],
)
def test_a_look_alike_is_marked_and_replaced(text: str, marked: str, replacement: str) -> None:
    assert of(text) == [marked]
    (diagnostic,) = (each for each in checked(FROM + text) if each.rule == "BL507")
    assert diagnostic.fix
    assert diagnostic.fix.safe
    assert [edit.text for edit in diagnostic.fix.edits] == [replacement]


def test_quotes_are_replaced_in_pairs() -> None:
    text = "RUN sed -i \u201cs/a b/c/\u201d /d && git tag \u2018e\u2019\n"
    assert of(text) == ["\u201cs/a b/c/\u201d", "\u2018e\u2019"]
    fixes = [each.fix for each in checked(FROM + text) if each.fix]
    assert [edit.text for each in fixes for edit in each.edits] == ['"', '"', "'", "'"]


@pytest.mark.parametrize(
    "text",
    [
        "RUN echo 你好\u3000世界 \u201ca\u201d \u2013b\n",
        "RUN printf a\u00a0b\n",
        "RUN sed -i 's/\u2013/-/; s/\u201c/\"/' /a\n",
        'RUN a "b\u00a0c" d # e\u00a0f\n',
        "RUN mkdir /我的\u3000文件\n",
        "RUN grep -c \u2013 /a\n",
        "RUN git tag a\u2013b\n",
        "RUN a \\\u00a0b\n",
        "RUN a don\u2019t\n",
        "RUN ./a\u2013b\n",
        "RUN A=b\u3000c\n",
        "RUN a `# b\u2014c` d\n",
        "# a\u00a0b\nRUN a\n",
    ],
)
def test_what_is_text_is_passed_over(text: str) -> None:
    assert of(text) == []


def test_a_dash_that_is_to_be_an_option_is_no_missing_option() -> None:
    assert found(FROM + "RUN apt-get install \u2013y nginx\n") == [("BL507", "\u2013")]
