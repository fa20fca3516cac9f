"""The files of a pipeline: what is checked in each of them, once."""

import pytest

from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.request import load, override
from buildlint.text.source import Source

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
TEMPLATE = Source("web.buildcontent", f"{FROM}run a\n")
TEST = Source("web.test.buildcontent", "run b\n")
REQUEST = load(Source("web.request.toml", 'RegionId = "cn-hangzhou"\nTestContent = "run c"\n'))
WHOLE = load(
    Source(
        "web.request.toml",
        f'RegionId = "cn-hangzhou"\nBuildContent = """\n{FROM}run d\n"""\nTestContent = "run e"\n',
    )
)
ALL = (
    Pipeline(TEMPLATE),
    Pipeline(TEMPLATE, test=TEST),
    Pipeline(TEMPLATE, REQUEST),
    Pipeline(TEMPLATE, REQUEST.without("TestContent"), TEST),
    Pipeline(None, WHOLE),
    Pipeline(TEMPLATE, override(REQUEST, "TestContent=run f")),
)


def found(files: Pipeline) -> list[tuple[str, int]]:
    return [
        (each.source.path, each.source.position(each.span.start).line)
        for each in files.check(Policy())
        if each.rule == "BL801"
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        *zip(
            ALL,
            [
                [("web.buildcontent", 2)],
                [("web.buildcontent", 2), ("web.test.buildcontent", 1)],
                [("web.buildcontent", 2), ("web.request.toml", 2)],
                [("web.buildcontent", 2), ("web.test.buildcontent", 1)],
                [("web.request.toml", 4), ("web.request.toml", 6)],
                [("--set", 1), ("web.buildcontent", 2)],
            ],
            strict=True,
        )
    ],
)
def test_each_text_is_checked_where_it_stands(
    files: Pipeline, expected: list[tuple[str, int]]
) -> None:
    assert found(files) == expected


@pytest.mark.parametrize("files", ALL)
def test_the_parts_of_a_pipeline_are_checked_as_the_whole_is(files: Pipeline) -> None:
    subjects = filter(None, map(files.subject, files.files))
    apart = [each for subject in subjects for each in subject.check(subject.source, Policy())]
    assert sorted(each.sort_key for each in apart) == [
        each.sort_key for each in files.check(Policy())
    ]


def test_a_test_in_a_file_and_in_the_request_is_an_error_in_the_request() -> None:
    diagnostics = Pipeline(TEMPLATE, REQUEST, TEST).check(Policy())
    (each,) = (each for each in diagnostics if each.rule == "BL449")
    assert each.source is REQUEST.source
    assert each.source.text[slice(*each.span)] == "TestContent"


def test_the_template_in_a_request_is_not_one_too_many() -> None:
    assert "BL419" not in {each.rule for each in Pipeline(None, WHOLE).check(Policy())}
    assert "BL419" in {each.rule for each in Pipeline(TEMPLATE, WHOLE).check(Policy())}


@pytest.mark.parametrize("value", ["7", "true", '["RUN a"]'])
def test_a_template_that_is_no_text_is_an_error_at_its_key(value: str) -> None:
    text = f'RegionId = "cn-hangzhou"\nBuildContent = {value}\n'
    diagnostics = Pipeline(None, load(Source("web.request.toml", text))).check(Policy())
    (each,) = (each for each in diagnostics if each.rule == "BL402")
    assert each.source.text[slice(*each.span)] == "BuildContent"


def test_a_request_that_is_edited_is_still_for_its_call() -> None:
    source = Source("nginx.component.request.toml", 'ComponentVersion = "1.0.0"\n')
    for request, call in (
        (load(source, CREATE_COMPONENT), CREATE_COMPONENT),
        (None, CREATE_PIPELINE),
    ):
        edited = Pipeline(Source("nginx.component", "RUN a\n"), request).edited("request", source)
        assert edited.request
        assert edited.request.call is call
