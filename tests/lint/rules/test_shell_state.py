import pytest

from tests.lint.rules.helpers import FROM, found, message


@pytest.mark.parametrize(
    ("lines", "marked"),
    [
        ('RUN export V=1 && make\nRUN test -n "$V"\n', "$V"),
        ("RUN V=1.2 && make\nRUN make V=${V}/x\n", None),
        ("RUN V=1.2 && make\nRUN cp a /opt/${V}/x\n", "${V}"),
        ("RUN V=1.2; make || exit 1\nRUN cp a /opt/app-$V.jar\n", "$V"),
        ("RUN make && VERSION=$(cat /opt/version) && echo $VERSION\nRUN echo ${#VERSION}\n",
         "${#VERSION}"),
        ("RUN make && 值=1 V=2\nRUN echo 'ä' \"$V\"\n", None),
        ("RUN V=2 && echo ä\nRUN echo 'ä' \"ö $V\"\n", "$V"),
        ("RUN V=2 && make\nRUN cd /opt && \\\n\tcp a $V\n", "$V"),
        ('RUN V=2 && make\nRUN bash -c "echo $V"\n', "$V"),
        ("RUN make && V=2 && test $V = 2\nRUN echo $V\n", "$V"),
        ("RUN retry_all() { make; } && retry_all\nRUN retry_all\n", "retry_all"),
        ("RUN function fetch_it { curl -fO $1; } && fetch_it a\nRUN cd /opt && fetch_it b\n", None),
        ("RUN fetch_it() { curl -fO $1; } && fetch_it a\nRUN cd /opt && fetch_it b\n", "fetch_it"),
        ("RUN alias k=kubectl && make\nRUN k get nodes\n", "k"),
        ("RUN V=2 && make\nRESTART\nUSER app\nRUN echo $V\n", "$V"),
    ],
)  # fmt: skip
def test_state_of_an_earlier_run_is_found(lines: str, marked: str | None) -> None:
    codes = [each for each in found(FROM + lines) if each[0] == "BL572"]
    assert codes == ([("BL572", marked)] if marked else [])


@pytest.mark.parametrize(
    "lines",
    [
        'ENV V="1"\nRUN V=2 && make\nRUN echo $V\n',
        "RUN V=2 && make\nRUN V=3 && echo $V\n",
        "RUN V=2 && make\nRUN for V in a b; do echo $V; done\n",
        "RUN V=2 && make\nRUN read V < /opt/version && echo $V\n",
        "RUN V=2 && make\nRUN echo ${V:-3}\n",
        "RUN V=2 && make\nRUN echo ${V-3} ${V:+x}\n",
        "RUN VERSION=2 && make\nRUN echo ${VERSION-3} ${VERSION:+x}\n",
        "RUN VERSION=2 && make\nRUN echo $VERSIONS ${VERSION_ID}\n",
        "RUN V=2 && make\nRUN . /opt/settings && echo $V\n",
        "RUN V=2 && make\nRUN echo '$V' \\$V\n",
        "RUN V=2 && make\nRUN awk '{print $V}' /opt/a\n",
        "RUN echo 'V=2' && make\nRUN echo $V\n",
        'RUN echo "a; V=2" && make\nRUN echo $V\n',
        "RUN make V=2\nRUN echo $V\n",
        "RUN env V=2 make\nRUN echo $V\n",
        "RUN V=2 make\nRUN echo $V\n",
        "ARG V\nRUN V=2 && make\nRUN echo $V\n",
        "RUN if make; then V=2; fi\nRUN echo $V\n",
        "RUN V=${V:-1}; make || exit\nRUN echo $V\n",
        "RUN V=${V#v}; make || exit\nRUN echo $V\n",
        "RUN PATH=/opt/bin:$PATH && make\nRUN echo $PATH\n",
        "RUN LANG=C && make\nRUN echo $LANG\n",
        "RUN http_proxy=http://10.0.0.1 && make\nRUN echo $http_proxy\n",
        "RUN V=2 && echo V=2 >> /etc/environment\nRUN su - app -c 'true' && echo $V\n",
        "RUN V=2 && make\nCOMPONENT ic-bp67acfmxazb4p0abcde\nRUN echo $V\n",
        "RUN fetch_it() { curl -fO $1; } && fetch_it a\nRUN fetch_it() { true; } && fetch_it\n",
        "RUN fetch_it() { true; } && fetch_it && cp a /usr/local/bin/fetch_it\nRUN fetch_it\n",
        'RUN docker() { podman "$@"; } && docker ps\nRUN docker ps\n',
        "RUN alias ls='ls -l' && ls\nRUN ls\n",
        # BL530 has said so.
        "RUN export V=1\nRUN echo $V\n",
    ],
)
def test_state_that_may_come_from_elsewhere_is_not(lines: str) -> None:
    assert "BL572" not in dict(found(FROM + lines))


def test_the_run_that_sets_it_is_named() -> None:
    assert "`$V` is set only in that of line 3" in message(
        FROM + "\nRUN V=2 && make\nRUN echo $V\n"
    )
