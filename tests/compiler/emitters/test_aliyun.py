"""The command line of the Alibaba Cloud CLI; tests/clients/test_shells.py runs it."""

from buildlint.compiler.emitters import emit
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
