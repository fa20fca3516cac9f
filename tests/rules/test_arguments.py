import pytest

import buildlint
from buildlint.diagnostics import apply_edits
from tests.rules.helpers import FROM, found


def fixed(text: str) -> str:
    """The text with every fix made."""
    edits = [
        edit
        for diagnostic in buildlint.check(FROM + text)
        if diagnostic.fix
        for edit in diagnostic.fix.edits
    ]
    return apply_edits(FROM + text, edits).removeprefix(FROM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RUN
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
        # ENV
        ("ENV A\n", [("BL330", "A")]),
        ('ENV A="1" B\n', [("BL330", "B")]),
        ('ENV 1A="1"\n', [("BL331", "1A")]),
        ('ENV 变量="1"\n', [("BL331", "变量")]),
        ('ENV ="1"\n', [("BL331", '="1"')]),
        ("ENV a-b c\n", [("BL331", "a-b")]),
        ("ENV A=1 \\\n# c\n\tB='二' \\\n\tC=\"3\"\n", [("BL332", "1"), ("BL332", "'二'")]),
        ("ENV A=\n", [("BL332", "A=")]),
        ('ENV A="1"x\n', [("BL332", '"1"x')]),
        ('ENV A="1\n', [("BL333", '"1')]),
        ("ENV A='1\n", [("BL333", "'1")]),
        ('ENV A="" B="a b" C="\\""\n', []),
        ("ENV A b c=d\n", []),
        # WORKDIR, USER
        ("WORKDIR /a /b c\n", [("BL340", "/b c")]),
        ("WORKDIR a/b\n", []),
        ("USER a b\n", [("BL360", "b")]),
        ("USER a:b\n", [("BL361", ":b")]),
        ("USER :b\n", [("BL361", ":b")]),
        # COPY
        ("COPY /a\n", [("BL350", "/a")]),
        ("COPY /a /b /c /d\n", [("BL350", "/b /c")]),
        ('COPY ["/a", "/b"]\n', [("BL350", '["/a", "/b"]')]),
        ("COPY --from=build /a /b\n", [("BL351", "--from=build")]),
        ("COPY --from=build\n", [("BL350", "COPY --from=build"), ("BL351", "--from=build")]),
        ("COPY https://a/b?c=d&e /f\n", [("BL352", "?c=d&e")]),
        ("COPY s3://a/b /f\n", [("BL353", "s3://")]),
        ("COPY HTTPS://a/b /f\n", []),
        ("COPY ftp://a/b /f\n", []),
        ("COPY <<EOF /a\nb\nEOF\n", [("BL354", "<<EOF")]),
        ("COPY . /a\n", [("BL355", ".")]),
        ("COPY /a?b /c\n", []),
        # CMD, ENTRYPOINT
        ("CMD ['a']\n", [("BL370", "'a']")]),
        ('ENTRYPOINT ["a"\n', [("BL371", '["a"')]),
        ("CMD a [b]\n", []),
        # LABEL
        ("LABEL a\n", [("BL380", "a")]),
        ('LABEL a="b" \\\n  c\n', [("BL380", "c")]),
        ('LABEL ="b"\n', [("BL380", '="b"')]),
        ('LABEL a="b\n', [("BL380", '"b')]),
        ('LABEL "a\n', [("BL380", '"a')]),
        ('LABEL a="b" \\\n  "c.d"="e f" \\\n  版本=1\n', []),
        # COMPONENT
        ("COMPONENT a\n", [("BL390", "a")]),
        ("COMPONENT ic-1 --a\n", [("BL390", "--a")]),
        ("COMPONENT acs:ecs:cn-hangzhou:1:image/a/1.0.0\n", [("BL390", ":image/a/1.0.0")]),
        ("COMPONENT ic-1 --a b --c 'd e'\n", []),
        ("COMPONENT acs:ecs:cn-hangzhou:1:imagecomponent/a:1.*.*\n", []),
    ],
)  # fmt: skip
def test_arguments_are_checked(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A=b\n", 'ENV A="b"\n'),
        ("ENV A=\n", 'ENV A=""\n'),
        ("ENV A='b c' B=d\n", 'ENV A="b c" B="d"\n'),
        ("ENV A='b\"c\\d'\n", 'ENV A="b\\"c\\\\d"\n'),
        ('ENV A=b"c d"e\n', 'ENV A="bc de"\n'),
        ("ENV A=b\\ c\n", 'ENV A="b c"\n'),
        ('RUN ["echo", "a b", "$HOME"]\n', "RUN echo 'a b' '$HOME'\n"),
        ("USER a:b\n", "USER a\n"),
    ],
)
def test_fixes_write_what_was_meant(text: str, expected: str) -> None:
    assert fixed(text) == expected
    assert found(FROM + expected) == []


@pytest.mark.parametrize(("text", "safe"), [("ENV A=b\n", True), ("ENV A=$B\\ c\n", False)])
def test_quoting_is_safe_where_quotes_change_nothing(text: str, *, safe: bool) -> None:
    (diagnostic,) = buildlint.check(FROM + text)
    assert diagnostic.fix
    assert diagnostic.fix.safe is safe
