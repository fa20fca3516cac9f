"""What to do about errors that only the service decides."""

from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import SERVICE_ONLY_CODES, ServiceCode
from buildlint.service.refusals import ADVICE


def test_every_code_that_only_the_service_decides_has_advice() -> None:
    assert {*SERVICE_ONLY_CODES} <= {*ADVICE}


def test_a_code_has_either_advice_or_rules() -> None:
    assert not {*ADVICE} & {*ServiceCode}
    assert not {*ADVICE} & {rule.service_code for rule in REGISTRY.rules.values()}
