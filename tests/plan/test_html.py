"""The plan as a page: all of it is text, and nothing in it leads elsewhere."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from buildlint.files.reading import read
from buildlint.hosts.pipelines import Pipeline
from buildlint.plan import render
from buildlint.plan.model import make
from buildlint.service.request import from_mapping
from buildlint.text.messages import use_language
from buildlint.text.source import Source
from tests.paths import FIXTURES

PAGES = sorted((FIXTURES / "plan").glob("*.plan.html"))
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
VOID = {"meta"}


class Page(HTMLParser):
    """The elements of a page, its text, and those that are open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data

    def attributes(self, name: str) -> Iterator[str | None]:
        return (attributes[name] for _, attributes in self.elements if name in attributes)


def page(text: str, request: dict[str, object] | None = None) -> str:
    asked = None if request is None else from_mapping(request)
    return render(make(Pipeline(Source("a.buildcontent", text), asked)), "html")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_element_is_closed_and_nothing_leads_elsewhere(path: Path) -> None:
    text = read(path).text
    parsed = Page(text)
    assert parsed.open == []
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"script", "link", "img", "a", "iframe", "form", "object", "base"}
    names = {name for _, attributes in parsed.elements for name in attributes}
    assert not names & {"href", "src", "srcset", "action", "background", "data", "poster", "cite"}
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in text
    assert "@import" not in text
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert policy in parsed.attributes("content")


NASTY = "</pre><script>alert(1)</script>&amp;\"'><b onclick=x>"


def test_what_the_files_say_is_text() -> None:
    commands = ("RUN echo {}", 'ENV A="{}"', "WORKDIR /{}", "USER {}", "RUN a", "X{}")
    text = FROM + "".join(f"{command}\n".replace("{}", NASTY) for command in commands)
    parsed = Page(page(text, {"RegionId": NASTY, "Tag": [{"Key": NASTY, "Value": NASTY}]}))
    assert "script" not in {tag for tag, _ in parsed.elements}
    assert "onclick" not in {name for _, each in parsed.elements for name in each}
    assert parsed.words.count("alert(1)") >= 8


def test_the_page_has_the_language_of_its_words() -> None:
    assert Page(page(FROM)).elements[0] == ("html", {"lang": "en"})
    use_language("zh_CN")
    parsed = Page(page(FROM))
    assert parsed.elements[0] == ("html", {"lang": "zh-CN"})
    assert "步骤" in parsed.words


def test_headings_and_lists_give_the_page_its_outline() -> None:
    tags = [tag for tag, _ in Page(page(FROM + "RUN true\n")).elements]
    assert tags.count("h1") == 1
    assert tags.count("h3") == 2
    assert tags.index("h1") < tags.index("h2") < tags.index("ol") < tags.index("h3")


@pytest.mark.parametrize(("count", "level"), [(1, "within"), (110, "nearly"), (128, "over")])
def test_a_gauge_says_how_full_it_is(count: int, level: str) -> None:
    gauges = [
        each for _, each in Page(page("FROM IMAGE:m-1\n" * count)).elements if each.get("role")
    ]
    assert gauges[1]["class"] == f"bar {level}"
    assert gauges[1]["aria-valuenow"] == str(count)
