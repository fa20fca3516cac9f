"""The command line of the Alibaba Cloud CLI; tests/clients/test_shells.py runs it."""

import pytest

from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompiledPipeline

PIPELINE = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BuildContent": "FROM IMAGE:m-1\nRUN echo 'a' $B",
        "SystemDiskSize": 40,
        "DeleteInstanceOnFailure": False,
        "Tag": [{"Key": "team", "Value": ""}],
        "AddAccount": ["1", "2"],
    }
)


def test_each_parameter_is_a_flag_on_a_line_of_its_own() -> None:
    assert emit(PIPELINE, "aliyun") == (
        "aliyun ecs CreateImagePipeline \\\n"
        "  --RegionId=cn-hangzhou \\\n"
        "  --BuildContent='FROM IMAGE:m-1\n"
        "RUN echo '\"'\"'a'\"'\"' $B' \\\n"
        "  --SystemDiskSize=40 \\\n"
        "  --DeleteInstanceOnFailure=false \\\n"
        "  --Tag.1.Key=team \\\n"
        "  --Tag.1.Value='' \\\n"
        "  --AddAccount.1=1 \\\n"
        "  --AddAccount.2=2\n"
    )


@pytest.mark.parametrize(
    ("values", "path", "name", "offset"),
    [
        ({"Description": "网\0站"}, ("Description",), "Description", 3),
        ({"BuildContent": "FROM IMAGE:m-1\nRUN a\0b\0"}, ("BuildContent",), "BuildContent", 20),
        (
            {"Tag": [{"Key": "a"}, {"Key": "b", "Value": "\0"}]},
            ("Tag", 1, "Value"),
            "Tag.2.Value",
            0,
        ),
        ({"AddAccount": ["1", "2\0"]}, ("AddAccount", 1), "AddAccount.2", 1),
    ],
)
def test_a_value_that_no_argument_can_contain_is_an_error(
    values: dict[str, object], path: tuple[str | int, ...], name: str, offset: int
) -> None:
    with pytest.raises(EmitError, match=f"^{name} contains a NUL character") as error:
        emit(CompiledPipeline(values), "aliyun")
    assert (error.value.path, error.value.offset) == (path, offset)
