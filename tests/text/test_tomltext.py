"""TOML that is written: tomllib reads the same, and people can read it, too."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.text.messages import is_visible
from buildlint.text.tomltext import dumps

_texts = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("\n\r\t\"'\\ \x00\x7f\u202e\ufeff'''")
)
_values = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_texts, _values, max_size=5))
def test_tomllib_reads_the_same(values: dict[str, Any]) -> None:
    text = dumps(values)
    assert tomllib.loads(text) == values
    assert all(each in "\n\t" or is_visible(each) for each in text)


def test_it_looks_as_people_write_it() -> None:
    values = {
        "ImageOptions": {"ImageName": "web", "ImageTags": [{"Key": "a", "Value": ""}]},
        "RegionId": "cn-hangzhou",
        "ToRegionId": ["cn-beijing", "cn-shanghai"],
        "TestContent": "RUN a \\\n && b 'c'\n",
        "Description": "it's\n'''",
        "DeleteInstanceOnFailure": False,
        "Tag": [{"Key": "团队", "Value": "web"}, {"Key": "b", "Value": 'say "x"'}],
    }
    assert (
        dumps(values)
        == """\
RegionId = "cn-hangzhou"
ToRegionId = ["cn-beijing", "cn-shanghai"]
TestContent = '''
RUN a \\
 && b 'c'
'''
Description = \"\"\"
it's
'''\"\"\"
DeleteInstanceOnFailure = false

[ImageOptions]
ImageName = "web"

[[ImageOptions.ImageTags]]
Key = "a"
Value = ""

[[Tag]]
Key = "团队"
Value = "web"

[[Tag]]
Key = "b"
Value = "say \\"x\\""
"""
    )


@pytest.mark.parametrize(
    ("value", "error"), [(None, TypeError), ([None], TypeError), ("\ud800", UnicodeEncodeError)]
)
def test_what_toml_has_no_form_for_is_an_error(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        dumps({"a": value})
