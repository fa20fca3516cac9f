"""Settings of the test run."""

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from buildlint.text.messages import use_language
from tests import needs
from tests.service.local import ID, SECRET, TOKEN, Service, serving

settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("thorough" if os.environ.get("CI") else "quick")


NO_SKIPS = "BUILDLINT_NO_SKIPS"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected files of fixtures/"
    )


def pytest_configure() -> None:
    """Let the programs that tests start be interrupted.

    A script's background ignores interrupts, and so does whatever is started there.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Let each processor have a worker, but for a run of single files, which none would help."""
    is_of_files = all(Path(each.partition("::")[0]).is_file() for each in config.args)
    return 0 if is_of_files else os.cpu_count() or 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a skipped test fail where none may be skipped."""
    report = yield
    is_excused = needs.NO_CONTAINERS in str(report.longrepr)
    if report.skipped and os.environ.get(NO_SKIPS) and not is_excused:
        report.outcome = "failed"
        report.longrepr = f"skipped, and {NO_SKIPS} is set: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English in every test that does not ask for another language, wherever it runs."""
    monkeypatch.setenv("BUILDLINT_LANG", "en")
    yield
    use_language("en")


@pytest.fixture
def service() -> Iterator[Service]:
    """A service of this machine in the place of Alibaba Cloud's."""
    with serving() as service:
        yield service


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", os.fspath(folder))
    return folder


@pytest.fixture
def credentials(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials where the SDK has kept those of the environment since it was imported.

    Nothing else is known of an account: there is no region, and no profile.
    """
    from alibabacloud_credentials.utils import auth_util  # noqa: PLC0415 - few tests need it

    monkeypatch.setattr(auth_util, "environment_access_key_id", ID)
    monkeypatch.setattr(auth_util, "environment_access_key_secret", SECRET)
    monkeypatch.setattr(auth_util, "environment_security_token", TOKEN)
    # Nobody asks the network for a RAM role.
    monkeypatch.setattr(auth_util, "environment_ecs_metadata_disabled", "true")
    proxies = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    for name in (*proxies, "ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two calls."""
    from buildlint.service import client  # noqa: PLC0415 - few tests need it

    monkeypatch.setattr(client, "PAUSES", (0,) * len(client.PAUSES))
    monkeypatch.setattr(client, "INTERVAL", 0)
