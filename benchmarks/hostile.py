"""Templates that are made to be slow: what somebody may send to a service that checks templates."""

from typing import NamedTuple

from buildlint.lint.rules.examples import FROM


class Shape(NamedTuple):
    """A text that begins, repeats a part, and ends; `{number}` in the part counts."""

    begin: str
    part: str
    end: str = "\n"

    def text(self, size: int, base: str = FROM) -> str:
        """Make a template of nearly so many bytes, which begins with a FROM."""
        count = size // len(self.part)
        parts = self.part * count
        if "{number}" in self.part:
            parts = "".join(self.part.replace("{number}", str(number)) for number in range(count))
        return f"{base}{self.begin}{parts}{self.end}"


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
    "heredocs": Shape("RUN cat", " <<A"),
    "continuations": Shape("RUN a", " \\\n a"),
    "variables": Shape("", "ENV a=$b\n"),
    "labels": Shape("LABEL", " a=b"),
    "unknown commands": Shape("", "NOPE a\n"),
    "comments": Shape("", "# a\n"),
    "keys": Shape("", "# LTAI5tABCDEFGHIJKLMNOPQR\n"),
    "a word": Shape("RUN ", "a"),
    "nulls": Shape("RUN echo ", "\0"),
    "open pipes": Shape("RUN a", "|a", "|\n"),
    "brackets": Shape("RUN echo ", ")"),
    "wrappers": Shape("RUN ", "sudo ", "x\n"),
    "environments": Shape("RUN ", "env ", "x\n"),
    "arguments by xargs": Shape("RUN ", "xargs ", "x\n"),
    "piped downloads": Shape("RUN a", " | curl http://a/b"),
    "substituted downloads": Shape("RUN true", ' && bash -c "$(curl http://a/b)"'),
    "calls": Shape("RUN f() { a; }", "; f"),
    "functions": Shape("RUN true", "; f() { a; }"),
    "texts": Shape("RUN true", "; bash -c 'a'"),
    "kernels": Shape("RUN true", "; a=$(uname -r)"),
    "interfaces": Shape("RUN true", "; ip link set eth0 down"),
    "assignments": Shape("RUN true", "; A=b"),
    "values": Shape('ENV A="b"\nRUN true', "; echo $A"),
    "swallowed commands": Shape("", "RUN a \\\n\n", "RUN a\n"),
    "words of RUN": Shape("RUN a", " 'a b'"),
    "start commands": Shape("", "CMD a\n"),
    "directories": Shape("", "WORKDIR a\n"),
    "users": Shape("", "USER a\nRUN a\n"),
    "questions": Shape("", "RUN apt-get install postfix\n"),
    "lower case": Shape("", "run a\n"),
    "suppressions": Shape("", "# buildlint: ignore[BL801]\nrun a\n"),
    "suppressions of the file": Shape("", "# buildlint: ignore-file[BL801]\n"),
    "suppressed codes": Shape("# buildlint: ignore[BL801", ", BL305", "]\nRUN a\n"),
    "comments in a command": Shape("RUN a", " \\\n# a\n a"),
}
# For what changes a template, or tells more of it than what is wrong.
OTHER_SHAPES = {
    name: SHAPES[name]
    for name in ("variables", "directories", "users", "commands", "start commands", "lower case")
} | {
    "different variables": Shape("ENV", " A{number}=b"),
    "lines of variables": Shape("", "ENV A{number}=b\n"),
    "doubled values": Shape("ENV A=b\n", "ENV A=$A$A\n"),
}
