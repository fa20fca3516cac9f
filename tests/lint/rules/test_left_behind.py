import pytest

from tests.lint.rules.helpers import FROM, found


def lost(text: str) -> list[str]:
    """What BL516 marks in a template."""
    return [marked for rule, marked in found(FROM + text) if rule == "BL516"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("RUN nohup java -jar /opt/app.jar &\n", "java -jar /opt/app.jar"),
        ("RUN nohup /opt/app/serve > /var/log/app.log 2>&1 &\n", "/opt/app/serve"),
        ("RUN cd /srv && nohup ./serve --port 80 &\n", "./serve --port 80"),
        ("RUN setsid /opt/app/serve &\n", "/opt/app/serve"),
        ("RUN sudo nohup mongod --dbpath /data &\n", "mongod --dbpath /data"),
        ("RUN nohup sudo -u app /opt/app/serve &\n", "/opt/app/serve"),
        ("RUN true; nohup bash /opt/start.sh &\n", "bash /opt/start.sh"),
        ("RUN if true; then nohup /opt/app/serve & fi\n", "/opt/app/serve"),
        ("RUN (nohup /opt/app/serve &)\n", "/opt/app/serve"),
        ("RUN nohup celery worker --loglevel=info > /root/log &\nCMD serve\n", ...),
        ("RUN nohup /opt/app/serve &\nRESTART\nRUN true\n", "/opt/app/serve"),
        ("RUN nohup /opt/app/serve \\\n  > /var/log/app.log &\n", "/opt/app/serve"),
    ],
)
def test_a_process_that_the_last_run_leaves_is_found(text: str, marked: object) -> None:
    expected = "celery worker --loglevel=info" if marked is ... else marked
    assert lost(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "RUN nohup /opt/app/serve & sleep 5 && curl -f http://127.0.0.1/\n",
        "RUN nohup /opt/app/serve &\nRUN curl -f http://127.0.0.1/\n",
        "RUN nohup /opt/app/serve & wait\n",
        "RUN nohup /opt/app/serve\n",
        "RUN nohup /opt/app/serve & echo $! > /run/app.pid\n",
        "RUN /opt/app/prepare &\n",
        "RUN systemctl enable app\n",
        "RUN echo 'nohup /opt/app/serve &' > /opt/start.sh\n",
        "RUN nohup /opt/app/serve &\nCOMPONENT ic-bp67acfmxazb4p0abcde\n",
        "RUN setsid /opt/app/prepare\n",
        "RUN ssh -o BatchMode=yes 10.0.0.8 'nohup /opt/app/serve &'\n",
        "RUN bash -c 'nohup /opt/app/serve &'\n",
    ],
)
def test_a_process_that_may_be_used_is_fine(text: str) -> None:
    assert lost(text) == []
