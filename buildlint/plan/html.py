"""The plan as one web page: it needs no other file, runs no script and asks no other host."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from buildlint.plan import words
from buildlint.plan.model import Plan, Step
from buildlint.plan.words import Change, Gauge, Row
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import N_, printable, translated

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="buildlint">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{summary}</p>
</header>
<main>
{main}
</main>
</body>
</html>
"""
_STYLE = Path(__file__).with_name("page.css")


def render(plan: Plan) -> str:
    """Write the page in the language of the process."""
    around = (*_head(plan), *_settings(plan))
    steps = (*_findings(plan), *_steps(plan))
    main = ("<div>", *around, "</div>", "<div>", *steps, "</div>")
    return _PAGE.format(
        # The catalogue knows its own language.
        language=translated(N_("en")),
        title=escape(words.title(plan)),
        summary=escape(words.summary(plan)),
        style=_STYLE.read_text("utf-8"),
        main="\n".join(main),
    )


# --- the head ------------------------------------------------------------------------------------


def _head(plan: Plan) -> Iterator[str]:
    yield '<div class="cards">'
    for base in words.base_rows(plan):
        yield (
            f'<div class="card base"><span class="name">{escape(base.label)}</span> '
            f'<code class="big">{escape(base.value)}</code> {_note(base.note)}</div>'
        )
    for gauge in words.gauges(plan):
        yield _gauge(gauge)
    yield "</div>"


def _gauge(gauge: Gauge) -> str:
    return (
        f'<div class="card"><span class="name">{escape(gauge.label)}</span> '
        f'<span class="big">{escape(gauge.text)}</span>'
        f'<div class="bar {gauge.level}" role="meter" aria-label="{escape(gauge.label)}" '
        f'aria-valuemin="0" aria-valuemax="{gauge.limit}" aria-valuenow="{gauge.value}" '
        f'aria-valuetext="{escape(gauge.text)}">'
        f'<i style="width: {min(gauge.share, 1):.1%}"></i></div></div>'
    )


def _settings(plan: Plan) -> Iterator[str]:
    for heading, rows in (
        (N_("Settings"), words.setting_rows(plan)),
        (N_("Network"), words.network_rows(plan)),
    ):
        yield f'<section><h2>{escape(translated(heading))}</h2>\n<dl class="card">'
        for label, group in groupby(rows, lambda row: row.label):
            values = _list("values", map(_value, group))
            yield f"<div><dt>{escape(label)}</dt><dd>{values}</dd></div>"
        yield "</dl></section>"


def _value(row: Row) -> str:
    return f"<li>{escape(row.value)} {_note(words.remark(row))}</li>"


def _note(text: str) -> str:
    return f'<span class="note">{escape(text)}</span>' if text else ""


def _list(kind: str, items: Iterable[str]) -> str:
    """Write a list of items, `<li>` and all; nothing if there are none."""
    rows = "".join(items)
    return f'<ul class="{kind}">{rows}</ul>' if rows else ""


# --- diagnostics ---------------------------------------------------------------------------------


def _findings(plan: Plan) -> Iterator[str]:
    if plan.diagnostics:
        heading = escape(translated(N_("General")))
        items = [_diagnostic(each, f"{each.source.path}:") for each in plan.diagnostics]
        yield f"<section><h2>{heading}</h2>\n{_list('found', items)}</section>"


def _diagnostic(found: Diagnostic, path: str = "") -> str:
    line, column, _ = found.source.position(found.span.start)
    place = escape(printable(f"{path}{line}:{column}"))
    label = escape(f"{found.severity} {found.rule} {found.name}")
    message = escape(str(found.message))
    text = f'<span class="note">{place}</span> <b>{label}</b> {message}'
    return f'<li class="{found.severity}">{text}</li>'


# --- steps ---------------------------------------------------------------------------------------


def _steps(plan: Plan) -> Iterator[str]:
    yield f'<section><h2>{escape(translated(N_("Steps")))}</h2>\n<ol class="steps">'
    for step in plan.steps:
        yield "\n".join(filter(None, _step(step)))
    yield "</ol></section>"


def _step(step: Step) -> Iterator[str]:
    keyword = words.keyword(step)
    arguments = "\n".join(words.command_lines(step))[len(keyword) + 1 :]
    yield f'<li class="card {words.worst(step.diagnostics) or ""}" value="{step.number}">'
    yield f'<span class="number">{step.number}</span>\n<div>'
    yield f'<div class="head"><h3>{escape(keyword)}</h3>{_note(words.place(step))}</div>'
    # HTML drops a line end at the very beginning.
    yield f"<pre>\n{escape(arguments)}</pre>" if arguments else ""
    if purpose := words.purpose(step):
        yield f'<p class="purpose">{escape(purpose)}</p>'
    yield _list("changes mono", map(_change, words.changes(step)))
    facts = [f"<li>{_labelled(row)}</li>" for row in words.whereabouts(step)]
    facts += [f"<li>{_labelled(row)}</li>" for row in words.leaves(step.leaves)]
    facts += [f'<li class="{need.reach}">{_labelled(words.need(need))}</li>' for need in step.needs]
    yield _list("facts", facts)
    if variables := words.environment(step):
        yield f"<details><summary>{escape(translated(N_('Variables')))}</summary>"
        yield _list("values mono", (f"<li>{escape(each)}</li>" for each in variables))
        yield "</details>"
    yield _list("found", map(_diagnostic, step.diagnostics))
    yield "</div></li>"


def _change(change: Change) -> str:
    kind = "new" if change.old is None else "changed"
    return f'<li class="{kind}">{escape(str(change))}</li>'


def _labelled(row: Row) -> str:
    return escape(words.labelled(row))
