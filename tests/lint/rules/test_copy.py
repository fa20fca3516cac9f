import pytest

from tests.lint.rules.helpers import FROM, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
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
        ("COPY https://a/b#c?d /f\n", []),
        ("COPY /a https://b/c?d\n", [("BL350", "https://b/c?d")]),
        ("COPY /a /b # a comment\n", [("BL350", "# a comment")]),
        ("COPY . /a\n", [("BL355", ".")]),
        ("COPY /a?b /c\n", []),
    ],
)  # fmt: skip
def test_copy_takes_a_source_and_a_directory(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected
