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


def test_what_the_tool_may_not_know_is_forced_and_said() -> None:
    new = {"ImageOptions": {"ImageTags": [{"Key": "a"}]}, "Spot": True}
    comment, *lines = emit(CompiledPipeline({"RegionId": "a", **new}), "aliyun").splitlines()
    assert comment == "# --force: the list of parameters of this tool may lack ImageOptions, Spot."
    assert lines == [
        "aliyun ecs CreateImagePipeline \\",
        "  --RegionId=a \\",
        "  --ImageOptions.ImageTags.1.Key=a \\",
        "  --Spot=true \\",
        "  --force",
    ]


@pytest.mark.parametrize(("letters", "is_long"), [(16_000, False), (16_400, True)])
def test_a_call_that_may_be_too_long_for_a_url_is_told(letters: int, *, is_long: bool) -> None:
    pipeline = CompiledPipeline({"RegionId": "a", "BuildContent": "a" * letters})
    comment = "# This tool sends 16,424 bytes in the URL, which may be too long for the service; "
    assert emit(pipeline, "aliyun").startswith(comment) is is_long


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
