import pytest

from buildlint.service.systems import DEFAULT_PATH
from tests.lint.rules.helpers import FROM, after_fix, found

HOME = FROM + 'ENV APP_HOME="/opt/app"\n'


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ('ENV PATH="/opt/app/bin:$PATH"\n', "$PATH"),
        ('ENV PATH="/opt/app/bin:${PATH}"\n', "${PATH}"),
        ("ENV PATH /opt/app/bin:$PATH\n", "$PATH"),
        ('ENV LD_LIBRARY_PATH="/opt/lib:$LD_LIBRARY_PATH"\n', "$LD_LIBRARY_PATH"),
        ('ENV LD_LIBRARY_PATH="/opt/lib${LD_LIBRARY_PATH:+:$X}"\n', "${LD_LIBRARY_PATH"),
        ('ENV CACHE="$HOME/.cache"\n', "$HOME"),
        ('ENV CONF="$APP_HOME/conf"\n', "$APP_HOME"),
        ('ENV CONF="${APP_HOME}/conf" LOG="/var/log"\n', "${APP_HOME}"),
        ('ENV 中文="值" A="值 $APP_HOME"\n', "$APP_HOME"),
        ('ENV A="1" \\\n\tB="\\$APP_HOME $APP_HOME"\n', "$APP_HOME"),
        ('ENV B_HOME="/opt/b" B_CONF="$B_HOME/conf"\n', "$B_HOME"),
    ],
)
def test_a_variable_in_a_value_is_found(line: str, marked: str) -> None:
    assert ("BL570", marked) in found(HOME + line + "RUN env\n")


@pytest.mark.parametrize(
    "line",
    [
        f'ENV PATH="/opt/app/bin:{DEFAULT_PATH}"\n',
        'ENV PRICE="5$"\n',
        'ENV PATTERN="^v[0-9]+$"\n',
        'ENV A="\\$APP_HOME"\n',
        'ENV ARGUMENT="$1"\n',
        'ENV PID="$$"\n',
        # Written for another program, or replaced before the template is sent.
        'ENV FORMAT="$remote_addr - $request"\n',
        'ENV VERSION="${IMAGE_VERSION}"\n',
        'ENV A="APP_HOME"\n',
        'ENV A="$APP_HOMES"\n',
        'LABEL home="$APP_HOME"\n',
    ],
)
def test_what_only_looks_like_a_known_variable_is_not(line: str) -> None:
    assert found(HOME + line + "RUN env\n") == []


def test_a_variable_in_single_quotes_is_meant_as_it_is() -> None:
    assert found(HOME + "ENV A '$APP_HOME'\nRUN env\n") == []


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("WORKDIR $APP_HOME\n", "$APP_HOME"),
        ("WORKDIR ${APP_HOME}/src\n", "${APP_HOME}"),
        ("WORKDIR $HOME\n", "$HOME"),
        ("WORKDIR ~\n", "~"),
        ("WORKDIR ~/app\n", "~"),
        ("COPY https://example.com/app.tar.gz $APP_HOME\n", "$APP_HOME"),
        ("COPY https://example.com/app.tar.gz $APP_HOME/lib/\n", "$APP_HOME"),
        ("COPY https://example.com/app.tar.gz ~/\n", "~"),
        ("COPY https://example.com/$APP_HOME.tar.gz /opt\n", "$APP_HOME"),
        ("COPY /opt/app.conf $HOME\n", "$HOME"),
        ("USER $APP_HOME\n", "$APP_HOME"),
    ],
)
def test_a_variable_where_no_shell_reads_is_found(line: str, marked: str) -> None:
    assert ("BL571", marked) in found(HOME + line + "RUN pwd\n")


@pytest.mark.parametrize(
    "line",
    [
        "WORKDIR /opt/app\n",
        "WORKDIR ${APP_DIR}\n",
        "WORKDIR /opt/~app\n",
        "WORKDIR /opt/app~\n",
        "WORKDIR /opt/$\n",
        "WORKDIR /opt/\\$APP_HOME\n",
        "COPY https://example.com/~me/app.tar.gz /opt\n",
        "COPY https://example.com/app.tar.gz /opt/$VERSION\n",
        "RUN cd $APP_HOME && cp a ~/b\n",
        "CMD exec $APP_HOME/bin/app\n",
    ],
)
def test_other_paths_are_not(line: str) -> None:
    assert "BL571" not in {code for code, _ in found(HOME + line + "RUN pwd\n")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('ENV PATH="/a:$PATH"\nRUN a\n', f'ENV PATH="/a:{DEFAULT_PATH}"\nRUN a\n'),
        ('ENV C="$APP_HOME/c:$APP_HOME/d"\nRUN a\n', 'ENV C="/opt/app/c:/opt/app/d"\nRUN a\n'),
        ("WORKDIR ${APP_HOME}/src\nRUN a\n", "WORKDIR /opt/app/src\nRUN a\n"),
        # A value that the template does not know stays.
        ('ENV C="$APP_HOME:$HOME"\nRUN a\n', 'ENV C="$APP_HOME:$HOME"\nRUN a\n'),
        ('ENV C="${APP_HOME:-/opt}"\nRUN a\n', 'ENV C="${APP_HOME:-/opt}"\nRUN a\n'),
    ],
)
def test_a_known_value_is_written_out_if_that_is_asked_for(before: str, after: str) -> None:
    assert after_fix(HOME + before) == HOME + before
    assert after_fix(HOME + before, unsafe=True) == HOME + after


def test_each_value_of_a_path_builds_on_the_one_before() -> None:
    text = 'ENV PATH="/a:$PATH"\nRUN a\nENV PATH="/b:$PATH"\nRUN env\n'
    fixed = f'ENV PATH="/a:{DEFAULT_PATH}"\nRUN a\nENV PATH="/b:/a:{DEFAULT_PATH}"\nRUN env\n'
    assert after_fix(FROM + text, unsafe=True) == FROM + fixed


def test_a_continuation_in_a_value_is_reported_as_a_whole() -> None:
    assert ("BL570", '"/a:\\\n$PATH"') in found(FROM + 'ENV PATH="/a:\\\n$PATH"\nRUN env\n')
