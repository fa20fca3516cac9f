import pytest

from buildlint.lint.fixer import fix
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.text.source import Source
from tests.lint.rules.helpers import FROM, fixed, found, message


def of(text: str, *codes: str) -> list[str]:
    """What rules with these codes mark."""
    return [marked for code, marked in found(FROM + text) if code in codes]


def fixed_by(code: str, text: str) -> str:
    """What the fixes of one rule make of a text, round by round."""
    result = fix(Source("x", FROM + text), None, Policy(REGISTRY.select([code])), unsafe=True)
    return result.source.text.removeprefix(FROM)


# --- comments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("RUN yum install -y nginx # web \\\n    vim\n", "# web"),
        ("RUN cmd1 && cmd2 # && \\\n  cmd3\n", "# &&"),
        ("RUN a;# 中文 \\\n # dropped\n b\n", "# 中文"),
        ("RUN # all of it \\\n true\n", "# all of it"),
        ("RUN a \\\n b # c \\\n d # e \\\n f\n", "# c"),
        ('RUN echo "$(a # b \\\n)"\n', "# b"),
        ("RUN a && # b \\\n c\n", "# b"),
        ("RUN a # b \\  \r\n c\r\n", "# b"),
    ],
)
def test_a_comment_that_swallows_the_next_line_is_marked(text: str, comment: str) -> None:
    assert of(text, "BL502", "BL501") == [comment]


@pytest.mark.parametrize(
    "text",
    [
        "RUN a && \\\n # b\n c # d\n",
        "RUN a b#c \\\n $# ${#d} ${e#f} \\# '# g' \"# h\" \\\n i\n",
        "RUN a '\\\n # b' \\\n c\n",
        "RUN a `# b \\\n c` d\n",
        "RUN a $((16#ff)) \\\n b\n",
        "RUN cat <<EOF # b \\\n c\nEOF\n",
        'RUN ["a", "# b", \\\n "c"]\n',
        "RUN a # b \\\n   \\\n # c\n",
    ],
)
def test_a_number_sign_that_swallows_nothing_is_passed_over(text: str) -> None:
    assert of(text, "BL502") == []


def test_what_a_comment_swallows_is_named() -> None:
    text = FROM + "RUN yum install -y nginx # web \\\n    vim\n"
    assert "`vim` with it" in message(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a # b \\\n c\n", "# b\nRUN a \\\n c\n"),
        ("RUN a && \\\n  b # c && \\\n  d\n", "RUN a && \\\n  # c\n  b && \\\n  d\n"),
        ("RUN a && # b && \\\n c\n", "# b\nRUN a && \\\n c\n"),
        ("RUN a # && \\\n b\n", "RUN a && \\\n b\n"),
    ],
)
def test_the_fix_puts_the_comment_above_and_keeps_operators(text: str, expected: str) -> None:
    assert fixed(FROM + text) == FROM + expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('RUN echo "\\\n#!/bin/sh\\n\\\nexec a\\n" > /b\n', "#!/bin/sh\\n\\"),
        ('RUN echo "\\\n#!/bin/sh\nexec a" > /b\n', "#!/bin/sh"),
        ("RUN printf 'a\\n\\\n  # b\\n\\\nc\\n' > /d\n", "# b\\n\\"),
        ("RUN printf 'a\\\n# b\\n\\\n# c\\n\\\nd' > /d\n", "# b\\n\\\n# c\\n\\"),
    ],
)
def test_a_dropped_line_of_a_string_is_marked(text: str, line: str) -> None:
    assert of(text, "BL503") == [line]


@pytest.mark.parametrize(
    "text",
    [
        'RUN echo "a" \\\n# b \\\n"c"\n',
        'RUN echo "a \\\n # a remark\n b"\n',
        "RUN bash -c 'a; \\\n # b \\\n c'\n",
        "RUN a '\\\n # b \\\n c'\n",
        "RUN echo a \\\n# b \\\n c\n",
    ],
)
def test_a_comment_that_is_one_is_passed_over(text: str) -> None:
    assert of(text, "BL503") == []


# --- keywords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("RUN ./test.sh && RUN cd /src\n", ["RUN"]),
        ("RUN RUN true\n", ["RUN"]),
        ("RUN dnf -y upgrade && RESTART\n", ["RESTART"]),
        ("RUN a; sudo COPY b c || ENV d e\n", ["COPY", "ENV"]),
        ("RUN if a; then WORKDIR /b; fi\n", ["WORKDIR"]),
        ("RUN a && \\\n  USER b\n", ["USER"]),
    ],
)
def test_a_keyword_in_the_place_of_a_program_is_marked(text: str, keywords: list[str]) -> None:
    assert of(text, "BL506") == keywords


@pytest.mark.parametrize(
    "text",
    [
        "RUN env a=b run; user c; copy d; ENV=e; RUN=f true\n",
        "RUN echo RUN && grep RUN /a\n",
        "RUN case $A in RUN) b ;; COPY) c ;; esac\n",
        "RUN RUN() { a; }; RUN b\n",
        "RUN a 'b && RUN c' # && RUN d\n",
        "RUN a && \\\nRUN b\n",
    ],
)
def test_a_keyword_elsewhere_is_passed_over(text: str) -> None:
    assert of(text, "BL506") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a && RUN b\n", "RUN a && b\n"),
        ("RUN a && \\\n  USER b\n", "RUN a\nUSER b\n"),
        ("RUN a; RESTART\n", "RUN a\nRESTART\n"),
        ("RUN a || RESTART\n", "RUN a || RESTART\n"),
        ("RUN a && USER b && c\n", "RUN a && USER b && c\n"),
        ("RUN a && \\\n  # why\n  USER b\n", "RUN a && \\\n  # why\n  USER b\n"),
    ],
)
def test_the_fix_makes_a_line_of_a_keyword_at_the_end(text: str, expected: str) -> None:
    assert fixed_by("BL506", text) == expected


# --- literal line ends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a\\nRUN b\n", "RUN a\nRUN b\n"),
        ("RUN a \\n COPY b c\\nRESTART\\n\n", "RUN a\nCOPY b c\nRESTART\n"),
        ("RUN a\\r\\nRUN b\n", "RUN a\nRUN b\n"),
        ("RUN echo 'a\\nRUN b'\\nRUN c\n", "RUN echo 'a\\nRUN b'\nRUN c\n"),
    ],
)
def test_a_literal_line_end_becomes_one(text: str, expected: str) -> None:
    assert fixed_by("BL508", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "RUN printf 'a\\nRUN b'\n",
        'RUN printf "FROM a\\nRUN b\\n" > /c\n',
        "RUN a\\\\nRUN b\n",
        "RUN tr -d \\n < /a\n",
        "RUN a\\nRUNNER b\n",
        "RUN a\\nrun b\n",
    ],
)
def test_a_backslash_and_an_n_elsewhere_are_passed_over(text: str) -> None:
    assert of(text, "BL508") == []
