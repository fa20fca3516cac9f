"""Templates that are made to be slow: what somebody may send to a service that checks templates."""

from typing import NamedTuple

from buildlint.lint.rules.examples import FROM


class Shape(NamedTuple):
    """A text that begins, repeats a part, and ends."""

    begin: str
    part: str
    end: str = "\n"

    def text(self, size: int) -> str:
        """Make a template of nearly so many bytes."""
        return f"{FROM}{self.begin}{self.part * (size // len(self.part))}{self.end}"


SHAPES = {
    "backslashes": Shape("RUN echo ", "\\\\"),
    "quotes": Shape("RUN echo ", "'\""),
    "substitutions": Shape("RUN echo ", "$("),
    "expansions": Shape("RUN echo ", "${a:-"),
    "subshells": Shape("RUN ", "( "),
    "conditions": Shape("RUN ", "if a; then "),
    "commands": Shape("RUN true", " && apt-get install -y x"),
    "statements": Shape("RUN true", "; apt-get install -y x"),
    "downloads": Shape("RUN true", " && curl http://a/b | sh"),
    "deletions": Shape("RUN true", " && rm -rf /tmp/x"),
    "pipes": Shape("RUN a", " | b"),
    "redirections": Shape("RUN a", " > b"),
    "here-documents": Shape("RUN cat", " <<A"),
    "continuations": Shape("RUN a", " \\\n a"),
    "variables": Shape("", "ENV a=$b\n"),
    "labels": Shape("LABEL", " a=b"),
    "unknown commands": Shape("", "NOPE a\n"),
    "comments": Shape("", "# a\n"),
    "keys": Shape("", "# LTAI5tABCDEFGHIJKLMNOPQR\n"),
    "a word": Shape("RUN ", "a"),
}
