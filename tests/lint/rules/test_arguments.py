import pytest

import buildlint
from tests.lint.rules.helpers import FROM, fixed, found, message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a \\\n  && cat <<'EOF' \\\n  > /x\nhello\nEOF\n", [("BL320", "<<'EOF'")]),
        ("RUN cat << EOF\nhello\nEOF\n", [("BL320", "<< EOF")]),
        ("RUN cat <<-EOF\n\thello\n\tEOF\n", [("BL320", "<<-EOF")]),
        ("RUN \\\n  --mount=type=cache \\\n  make\n", [("BL321", "--mount=type=cache")]),
        ("RUN --network=none\n", [("BL321", "--network=none")]),
        ('RUN ["a", "b"]\n', [("BL322", '["a", "b"]')]),
        ("RUN [ -f /a ] && b\n", []),
        ("RUN [[ -f /a ]] && b\n", []),
        ("RUN make --jobs=2\n", []),
        ("RUN cat <<< a\n", []),
        ("RUN echo $((1<<2))\n", []),
        ("WORKDIR /a /b c\n", [("BL340", "/b c")]),
        ("WORKDIR /a # b c\n", [("BL340", "# b c")]),
        ("USER a # b\n", [("BL360", "# b")]),
        ("WORKDIR a/b\n", []),
        ("USER a b\n", [("BL360", "b")]),
        ("USER a:b\n", [("BL361", ":b")]),
        ("USER :b\n", [("BL361", ":b")]),
        ("CMD ['a']\n", [("BL370", "'a']")]),
        ('ENTRYPOINT ["a"\n', [("BL371", '["a"')]),
        ('CMD [\v"a"]\n', [("BL370", '"a"]')]),
        ("CMD a [b]\n", []),
        ("COMPONENT a\n", [("BL390", "a")]),
        ("COMPONENT ic-1 --a\n", [("BL390", "--a")]),
        ("COMPONENT acs:ecs:cn-hangzhou:1:image/a/1.0.0\n", [("BL390", ":image/a/1.0.0")]),
        ("COMPONENT ic-1 --a b --c 'd e'\n", []),
        ("COMPONENT acs:ecs:cn-hangzhou:1:imagecomponent/a:1.*.*\n", []),
    ],
)  # fmt: skip
def test_arguments_are_checked(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected


@pytest.mark.parametrize("command", ["WORKDIR /a", "USER a"])
def test_words_too_many_are_named_and_a_comment_is_explained(command: str) -> None:
    assert "remove `b #c`" in message(f"{FROM}{command} b #c\n")
    assert "`#` starts a comment only" in message(f"{FROM}{command} # b c\n")


def test_a_group_without_a_user_cannot_just_be_deleted() -> None:
    (diagnostic,) = buildlint.check(FROM + "USER :b\n")
    assert diagnostic.fix is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('RUN ["echo", "a b", "$HOME"]\n', "RUN echo 'a b' '$HOME'\n"),
        ("USER a:b\n", "USER a\n"),
    ],
)
def test_fixes_write_what_was_meant(text: str, expected: str) -> None:
    assert fixed(FROM + text) == FROM + expected
    assert found(FROM + expected) == []


def test_an_exec_form_that_no_line_can_hold_has_no_fix() -> None:
    (diagnostic,) = buildlint.check(FROM + 'RUN ["echo", "a\\nb"]\n')
    assert diagnostic.rule == "BL322"
    assert diagnostic.fix is None
