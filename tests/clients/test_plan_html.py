"""The page of `buildlint plan --format html` in a real browser."""

import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from buildlint.files.beside import request_beside
from buildlint.files.reading import read
from buildlint.hosts.pipelines import Pipeline
from buildlint.plan import render
from buildlint.plan.model import Plan, make
from buildlint.service.request import load
from buildlint.text.messages import use_language
from buildlint.text.source import Source
from tests import needs
from tests.clients.pictures import IMAGES, pixels
from tests.paths import FIXTURES

FIXTURES = FIXTURES / "plan"
_TIMEOUT = 120

# A page that shows another one as wide as a telephone, and writes down what it sees of it.
_FRAME = """\
<!DOCTYPE html>
<meta charset="utf-8">
<iframe id="frame" width="{width}" height="800" style="border: 0" srcdoc="{page}"></iframe>
<pre id="seen"></pre>
<script>
const frame = document.getElementById("frame");
frame.addEventListener("load", () => {{
  const page = frame.contentDocument;
  const all = [...page.body.querySelectorAll("*")];
  const style = (selector) => frame.contentWindow.getComputedStyle(page.querySelector(selector));
  document.getElementById("seen").textContent = JSON.stringify({{
    text: page.body.innerText,
    width: page.documentElement.scrollWidth,
    outside: all.filter((each) => each.getBoundingClientRect().right > {width}).length,
    steps: page.querySelectorAll("ol.steps > li").length,
    variables: [...page.querySelectorAll("details")].map((each) => each.open),
    bar: parseFloat(style(".bar i").width) / parseFloat(style(".bar").width),
    paper: style("body").backgroundColor,
    resources: frame.contentWindow.performance.getEntriesByType("resource").length,
  }});
}});
</script>
"""


def planned(name: str) -> Plan:
    path = FIXTURES / f"{name}.buildcontent"
    beside = request_beside(path)
    request = load(_renamed(read(beside))) if beside else None
    return make(Pipeline(_renamed(read(path)), request))


def _renamed(source: Source) -> Source:
    return Source(Path(source.path).name, source.text)


class Browser:
    """Chromium without a window, in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.program = needs.program("chromium", "apt-get install chromium")
        self.home = home

    def look(self, page: str, *, width: int = 360, dark: bool = False) -> Any:
        """Show a page, and return what is seen of it."""
        frame = _FRAME.format(width=width, page=escape(page))
        printed = self._run(frame, "--dump-dom", dark=dark)
        seen = re.search(r'<pre id="seen">(.+?)</pre>', printed, re.DOTALL)
        assert seen, printed
        return json.loads(unescape(seen[1]))

    def photograph(self, page: str, picture: Path, *, width: int, height: int) -> None:
        """Take a picture of a page."""
        self._run(page, f"--screenshot={picture}", f"--window-size={width},{height}")

    def _run(self, page: str, *options: str, dark: bool = False) -> str:
        file = self.home / "page.html"
        file.write_text(page, "utf-8")
        command = [
            self.program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={self.home / 'profile'}",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            *options,
            file.as_uri(),
        ]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=_TIMEOUT, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return Browser(tmp_path_factory.mktemp("browser"))


def test_all_of_the_plan_is_seen(browser: Browser) -> None:
    plan = planned("shop")
    seen = browser.look(render(plan, "html"), width=1000)
    assert seen["steps"] == len(plan.steps) == 14
    lines = [line.strip() for line in seen["text"].splitlines()]
    for expected in (
        "Plan of shop.buildcontent with shop.request.toml",
        "Found 4 problems (3 warnings, 1 info) in 1 template and its request file.",
        "IMAGE_FAMILY:acs:ubuntu_22_04_x64",
        "named by FROM, shop.buildcontent:2",
        "github.com (step 12)",
        "apt-get update && \\",
        "DB_PASSWORD = *********************",
        "APP_HOME = /srv/shop/2.4.1 (was /srv/shop)",
        "Directory: /srv/shop",
        "Public internet: github.com (curl)",
        "Restarts the build instance.",
    ):
        assert expected in lines
    assert any(line.startswith("24:17 warning BL602") for line in lines)
    assert set(seen["variables"]) == {False}
    assert seen["bar"] == pytest.approx(plan.size / 16_384, abs=0.005)


def test_the_page_loads_nothing(browser: Browser) -> None:
    assert browser.look(render(planned("shop"), "html"))["resources"] == 0


@pytest.mark.parametrize("name", ["shop", "draft"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [320, 360, 800, 1200])
def test_nothing_is_wider_than_the_window(
    browser: Browser, name: str, language: str, width: int
) -> None:
    use_language(language)
    seen = browser.look(render(planned(name), "html"), width=width)
    assert (seen["width"], seen["outside"]) == (width, 0)


def test_long_words_break(browser: Browser) -> None:
    word = "a" * 500
    text = f'FROM IMAGE:{word}\nENV {word}="{word}"\nRUN curl https://{word}.com/\n{word}\n'
    seen = browser.look(render(make(Pipeline(Source(word, text), None)), "html"))
    assert (seen["width"], seen["outside"]) == (360, 0)


def test_it_is_dark_where_the_reader_wants_it_dark(browser: Browser) -> None:
    page = render(planned("shop"), "html")
    light, dark = (browser.look(page, dark=each)["paper"] for each in (False, True))
    assert light == "rgb(246, 247, 249)"
    assert dark == "rgb(18, 22, 28)"


def test_picture_of_the_documents(
    browser: Browser, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    folder = IMAGES if pytestconfig.getoption("--update-golden") else tmp_path
    picture = folder / "plan.png"
    browser.photograph(render(planned("shop"), "html"), picture, width=1100, height=860)
    assert len(set(pixels(picture))) > 100, "plan.png is blank"
    assert 0 < (IMAGES / "plan.png").stat().st_size < 150_000
