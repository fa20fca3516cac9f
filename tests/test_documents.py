"""How console blocks of documents are updated."""

from tests.documents import Console, shortened

BEFORE = "one\ntwo\n…\nabout apples: red\n…\nlast\n"


def test_a_whole_output_is_replaced() -> None:
    assert shortened("new\n", "old\nlines\n") == "new\n"


def test_lines_are_left_out_between_head_similar_lines_and_tail() -> None:
    output = "1\n2\n3\nabout pears: green\nabout apples: green\n4\n5\n"
    assert shortened(output, BEFORE) == "1\n2\n…\nabout apples: green\n…\n5\n"


def test_lines_are_left_out_at_the_start_and_at_the_end() -> None:
    assert shortened("1\n2\nsame\n3\n", "…\nsame\n…\n") == "…\nsame\n…\n"


def test_what_is_updated_matches_its_output() -> None:
    output = "1\n2\n3\nabout apples: green\n4\n5\n"
    assert not Console("", "", BEFORE).matches(output)
    assert Console("", "", shortened(output, BEFORE)).matches(output)
