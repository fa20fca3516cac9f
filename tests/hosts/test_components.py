"""Components in YAML: what is found in a script is what the shell text alone has, at its places."""

import ast
import json
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from yaml import dump

from buildlint.hosts.tasks import unit
from buildlint.hosts.units import Subject, lint_unit, of_kind
from buildlint.hosts.wording import OF_TASKS, of_task
from buildlint.hosts.yaml.reading import read
from buildlint.hosts.yaml.rewriting import Characters, characters
from buildlint.hosts.yaml.tree import Scalar, nodes
from buildlint.language.component import ComponentFile
from buildlint.language.syntax import LogicalText, Run, Template, Token, Word
from buildlint.lint.context import Context
from buildlint.lint.linter import Policy, lint_parsed
from buildlint.service.contract import TASKS
from buildlint.text.diagnostics import INTERNAL_ERROR, Diagnostic, apply_edits
from buildlint.text.messages import use_language
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.paths import ROOT

POLICY = Policy(kind=TASKS)
RUN = "RUN "


def check(text: str) -> tuple[Diagnostic, ...]:
    return lint_unit(unit(Source("x.component.yaml", text), None), POLICY)


def tree(text: str) -> ComponentFile:
    found = unit(Source("x.component.yaml", text), None).component
    assert found
    return found


def marked(text: str) -> list[tuple[str, str]]:
    return [(each.rule, text[slice(*each.span)]) for each in check(text)]


def alone(script: str) -> tuple[Diagnostic, ...]:
    """What is found in a script that is a RUN, as no template could write it."""
    text = f"{RUN}{script}\n"
    body = LogicalText.of(script, len(RUN))
    whole = (Token("TEXT", 0, len(text)),)
    run = Run(whole, Word(Span(0, 3), "RUN"), body, (), 0, None, ())
    context = Context(Source("x", text), Template(text, (run,)), None, kind=TASKS)
    return tuple(map(of_task, lint_parsed(context, of_kind(POLICY.registry, TASKS))))


def script_in(text: str) -> Characters:
    """The characters of the script of the first task."""
    document = read(Source("x", text))
    scripts = [each for each in nodes(document.root) if isinstance(each, Scalar)]
    index = next(at for at, each in enumerate(scripts) if each.text == "commandContent")
    found = characters(document, scripts[index + 1])
    assert found
    return found


# --- how a script is written ---------------------------------------------------------------------

HEAD = "Tasks:\n- Name: 安装\n  Action: RunShellCommand\n  Properties:\n    commandContent: "
STYLES = ("|", "|-", "|+", "|2", "|4-", ">", ">-", ">+", "plain", "'", '"', "json")


def written(script: str, style: str) -> str:
    """Write a component with a script; a folded one may say something else than was wanted."""
    if style == "json":
        value = f"{json.dumps(script)}\n"
    elif style in ("'", '"'):
        value = str(dump(script, default_style=style, width=30, allow_unicode=True))
        value = value.replace("\n", "\n      ").rstrip() + "\n"
    elif style == "plain":
        value = " ".join(script.split()) + "\n"
    else:
        indent = " " * (4 + int(style[1]) if style[1:2].isdigit() else 7)
        body = script.rstrip("\n").replace("\n", "\n\n" if style[0] == ">" else "\n")
        lines = "".join(f"{indent}{each}\n" if each else "\n" for each in body.split("\n"))
        value = f"{style} # a script\n{lines}"
    return f"{HEAD}{value}Parameters: {{}}\n"


LINES = st.sampled_from(
    [
        "#!/bin/bash",
        "set -euo pipefail",
        "# 说明 'a",
        "yum install nginx",
        "  apt-get install -y curl; apt-get clean",
        "reboot",
        "cd /opt",
        "export A=1",
        'echo "你好 ${x}" && read answer',
        "curl -fsS https://example.com/a | tee /etc/b",
        "cat > /etc/app.conf <<'EOF'",
        "\tkey: value",
        "EOF",
        "if true; then",
        "fi",
        "wget http://100.100.100.200/latest/meta-data/ || :",
        "chmod 777 /etc/passwd",
        "install() { yum install vim; }",
        "for each in a b; do apt install $each; done",
        "top",
        'printf "a\\tb"',
        "dnf install \\",
        "  httpd",
        "",
    ]
)
SCRIPTS = st.lists(LINES, min_size=1, max_size=8).map("\n".join).filter(str.strip)


@given(
    SCRIPTS,
    st.sampled_from(STYLES),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
@example("yum install nginx\napt-get install -y curl; apt-get clean\nreboot", ">", "\n", "")
@example("#!/bin/sh\n\ncd /opt\nread answer", '"', "\r\n", "\ufeff")
def test_what_is_found_in_a_script_stands_at_its_characters(
    script: str, style: str, end: str, mark: str
) -> None:
    file = mark + written(script, style).replace("\n", end)
    assume(not tree(file).flaws)  # a text that no plain scalar says
    content = script_in(file)
    assume(content.text.strip())
    expected, inside = alone(content.text), check(file)
    assert [each.rule for each in inside] == [each.rule for each in expected]
    for one, other in zip(inside, expected, strict=True):
        span = Span(other.span.start - len(RUN), min(other.span.end - len(RUN), len(content.text)))
        said = content.text[slice(*span)]
        assert one.span == content.at(span)
        assert one.message == other.message
        if "\n" not in said and "'" not in said and 'commandContent: "' not in file:
            assert " ".join(file[slice(*one.span)].split()) == " ".join(said.split())
        if one.fix and other.fix:
            after = apply_edits(file, one.fix.edits)
            wanted = apply_edits(f"{RUN}{content.text}\n", other.fix.edits)[len(RUN) : -1]
            assert script_in(after).text == wanted


@given(SCRIPTS, st.sampled_from(["|", "|-", "|4-"]))
@example("yum install nginx\nyum install vim", "|")
def test_a_fix_changes_nothing_outside_of_its_edits(script: str, style: str) -> None:
    file = written(script, style)
    assume(not tree(file).flaws)
    content = script_in(file)
    assume(content.text.strip())
    for one, other in zip(check(file), alone(content.text), strict=True):
        if not one.fix or not other.fix:
            assert one.fix is None
            continue
        # In a literal block without new lines, the edits are the same, elsewhere.
        if not any("\n" in new for _, new in other.fix.edits):
            expected = [
                (content.at(Span(span.start - len(RUN), span.end - len(RUN))), new)
                for span, new in other.fix.edits
            ]
            assert [tuple(each) for each in one.fix.edits] == expected


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_ignore_comment_in_a_script_is_about_its_task(style: str, end: str) -> None:
    lines = ("set -e", "# buildlint: ignore[BL510]", "yum install nginx")
    script = "".join(f"{each}\n" for each in lines)
    other = HEAD.replace("Tasks:\n", "").replace("安装", "b") + "yum install vim\n"
    file = written(script, style).replace("Parameters: {}\n", other).replace("\n", end)
    if "\n" not in script_in(file).text.strip():
        return  # a comment without a line of its own
    assert marked(file) == [("BL510", "yum install")]
    assert check(file)[0].span.end + 1 == file.index("vim")


def test_an_ignore_comment_that_silences_nothing_is_found_in_a_script() -> None:
    file = written("# buildlint: ignore[BL510]\necho a\n", "|")
    assert marked(file) == [("BL011", "BL510")]


# --- references ----------------------------------------------------------------------------------

FREE = (
    "yum install -y {{ x }}",
    "{{ x }}",
    "{{ x }} --version",
    "sudo {{ x }} && echo done",
    "cd /srv/{{ x }} && ls",
    "rm -rf /var/{{ x }}",
    "rm -rf {{ x }}/*",
    "echo '{{ x }}' > /etc/{{ x }}.conf",
    'echo "it\'s {{ x }}"',
    "systemctl {{ x }} nginx",
    "useradd -p '{{ x }}' app",
    "echo 'app:{{ x }}' | chpasswd",
    "mysql --password={{ x }} -e 'select 1'",
    "export TOKEN={{ x }} && ./configure",
    "PASSWORD='{{ x }}' ./setup",
    "curl -fsSO {{ x }}/app.tar.gz",
    "curl -fsSO https://{{ x }}/app.tar.gz",
    "chmod {{ x }} /etc/app",
    "chown {{x}}:{{x}} /etc/app",
    "for i in {{ x }}; do echo $i; done",
    "if [ {{ x }} = yes ]; then yum install -y nginx; fi",
    "apt-get install {{ x }} nginx",
    "cat <<'EOF' > /etc/a\n{{ x }}\nEOF\n",
    "echo $(( {{ x }} + 1 ))",
    "echo ${A:-{{ x }}}",
    "docker login -u app -p {{ x }} registry.example.com",
)


@pytest.mark.parametrize("script", FREE)
@pytest.mark.parametrize("style", ["|", "json"])
def test_no_rule_draws_a_conclusion_from_a_reference(script: str, style: str) -> None:
    text = written(script, style).replace("Parameters: {}", "Parameters: {x: {Type: String}}")
    assert marked(text) == []


@pytest.mark.parametrize(
    "path", ["{{ x }}/app", "https://{{ x }}/a", "{{ x }}", "http://a/{{ x }}"]
)
@pytest.mark.parametrize("directory", ["{{ x }}", "/opt/{{ x }}", "{{ x }}/a"])
def test_no_rule_draws_a_conclusion_from_a_reference_in_a_download(
    path: str, directory: str
) -> None:
    text = (
        "Parameters: {x: {Type: String}}\nTasks:\n- Name: a\n  Action: WebDownload\n"
        f"  Properties: {{sourcePath: '{path}', destinationDir: '{directory}'}}\n"
    )
    assert marked(text) == []


@pytest.mark.parametrize(
    "script",
    [
        "docker ps --format '{{.Names}}'",
        "docker inspect -f '{{ .State.Status }}' app",
        "docker inspect -f '{{range .Mounts}}{{.Source}}{{end}}' app",
        "echo '{{ item | default(1) }}' > /etc/a.j2",
        "echo '{{ a.b }}' '{{ a[0] }}' '{{- a -}}' '{{ \"x\" }}' '{{}}' '{{ }}' '{{{a}}}'",
        "echo ${A/{{/}}",
    ],
)
def test_templates_of_others_are_no_references(script: str) -> None:
    file = written(script, "|")
    assert marked(file) == []
    assert tree(file).references == ()


def test_a_reference_stands_at_its_characters_in_every_style() -> None:
    for style in STYLES:
        file = written("echo \"网\" {{ port }} '{{a.stdout}}'", style)
        found = [(each.name, file[slice(*each.span)]) for each in tree(file).references]
        assert found == [("port", "{{ port }}"), ("a.stdout", "{{a.stdout}}")]


# --- anything ------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    [
        *("Parameters", "Tasks", "Name", "Action", "Properties", "Type", "DefaultValue", "x"),
        *("commandContent", "sourcePath", "destinationDir", "timeout", "tokenInfo", "forceStop"),
        *("commandcontent", "name", "<<"),
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 700),
    st.floats(allow_nan=False),
    st.dates(),
    st.text(max_size=8),
    SCRIPTS,
    st.sampled_from(
        [
            *("RunShellCommand", "WebDownload", "Reboot", "reboot", "OSSDownload", "String"),
            *("{{ x }}", "{{ a.stdout }}", "Number", "10m", "https://a.cn/b", "网", "a"),
        ]
    ),
)
ANY = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
PROPERTIES = st.dictionaries(NAMES, VALUES | ANY, max_size=4)
TASK = st.fixed_dictionaries(
    {}, optional={"Name": VALUES, "Action": VALUES, "Properties": PROPERTIES | ANY, "x": ANY}
)
PARAMETER = st.fixed_dictionaries({}, optional={"Type": VALUES, "DefaultValue": ANY})
COMPONENTS = st.fixed_dictionaries(
    {"Tasks": st.lists(TASK | ANY, max_size=4) | ANY},
    optional={"Parameters": st.dictionaries(NAMES, PARAMETER | ANY, max_size=3) | ANY},
)


@st.composite
def dumped(draw: st.DrawFn) -> str:
    """Draw a component of right and wrong parts, as YAML in some style."""
    value = draw(COMPONENTS | ANY)
    style = draw(st.sampled_from([None, "'", '"', "|", ">"]))
    flow = draw(st.sampled_from([None, True, False]))
    text = str(dump(value, default_style=style, default_flow_style=flow, allow_unicode=True))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def stand_in_the_file(text: str) -> None:
    source = Source("x.component.yaml", text)
    subject = Subject(source, lambda each: [unit(each, None)])
    for each in subject.check(source, POLICY):
        assert each.rule != INTERNAL_ERROR
        assert each.source is source
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert str(each.message)
        if each.fix:
            apply_edits(text, each.fix.edits)


@given(dumped())
def test_any_tree_is_checked(text: str) -> None:
    stand_in_the_file(text)


PIECES = st.sampled_from(
    [
        *("Tasks:\n", "- ", "  ", "Name: a\n", "Action: RunShellCommand\n", "Properties:\n"),
        *("commandContent: |\n", "yum install a\n", "{{ a }}", "&a ", "*a", "<<: ", "[", "]", "{"),
        *("}", "'", '"', "\t", "\r\n", "---\n", "# c\n", "!!int ", "? ", ": ", "\ufeff", "\0"),
        *("Parameters:\n", "x: {Type: String}\n", "WebDownload", "Reboot", "网", "\x85", "%"),
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=40))
@example("")
@example("Tasks: &a [*a]\n")
@example("Tasks: [{Name: a, Action: RunShellCommand, Properties: {<<: 1}}]\n")
def test_any_text_is_checked(text: str) -> None:
    stand_in_the_file(text)


# --- what is said --------------------------------------------------------------------------------


def test_what_is_said_otherwise_of_tasks_is_what_rules_say() -> None:
    said = {
        ast.literal_eval(node.args[0])
        for path in (ROOT / "buildlint" / "lint" / "rules").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_"
    }
    assert set(OF_TASKS) <= said
    for old, new in OF_TASKS.items():
        assert not NO_TASK.search(new)
        assert set(FIELD.findall(new)) <= set(FIELD.findall(old))


NO_TASK = re.compile(r"(?<!`)\b(?:RUN|RESTART|ENV|COPY|WORKDIR|template)\b")
FIELD = re.compile(r"{\w+}")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    "script",
    [
        "reboot",
        "cd /opt",
        "export A=1",
        "umask 077",
        "vim /etc/hosts",
        "read answer",
        "yum install -y nginx; true",
        "RUN yum install -y nginx",
        "ENV A=1",
    ],
)
def test_what_is_said_of_a_script_speaks_of_tasks(script: str, language: str) -> None:
    use_language(language)  # and back, by a fixture of all tests
    found = check(written(script, "|"))
    assert found
    for each in found:
        said = [str(part.message) for part in (each, each.fix) if part]
        assert not any(NO_TASK.search(text.replace("`RUN`", "")) for text in said), said
