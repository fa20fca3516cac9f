"""Texts for the property tests: from noise to templates that compile."""

from hypothesis import strategies as st

# What the grammars treat specially, and a little of what they do not.
FRAGMENTS = [
    "\\", "\n", "\r", " ", "\t", "\v", "\f", "\u3000", "\x85", "\ufeff", "#", "a", "中", "😀",
    "\\\n", "\\ \n", "\\\r\n", "\\\\\n", '"', "'", "=", "[", "]", ",", ":", "/", "?", "--", "<<E",
    "E\n", "$((", "))", "FROM ", "IMAGE:m-1", "RUN ", "run ", "ENV ", 'A="b"', "WORKDIR ", "COPY ",
    "http://", "USER ", "LABEL ", "CMD ", "ENTRYPOINT ", "RESTART", "COMPONENT ", "ic-1", "ADD ",
    "acs:ecs:",
]  # fmt: skip

noise = st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=25).map("".join)

# Shell text full of continuations, comments and quotes: nearly always one RUN.
noisy_run = st.lists(
    st.sampled_from([part for part in FRAGMENTS if part[0] == "\\" or part[-1] != "\n"]),
    max_size=25,
).map(lambda parts: f"RUN x{''.join(parts)}")

# --- templates that compile ----------------------------------------------------------------------

_shell_word = st.sampled_from(
    [
        "apt-get",
        "install",
        "-y",
        "nginx",
        "&&",
        "|",
        "echo",
        "'a b'",
        '"c d"',
        "$HOME",
        "#x",
        "中文",
    ]
)
_name = st.sampled_from(["A", "PATH", "JAVA_HOME", "_x"])
_quoted = st.sampled_from(['""', '"a"', '"a b"', '"a \\" b"', '"中文，值"', '"$PATH:/x"'])
_pair = st.tuples(_name, _quoted).map("=".join)
_path = st.sampled_from(["/", "/opt/app", "srv/www", "/opt/应用"])
_source = st.sampled_from(["https://example.com/a.tar.gz", "/tmp/a", "ftp://example.com/x"])
_json_string = st.sampled_from(['"a"', '"b c"', '"\\u4e2d"', '"中"', '"\\\\"'])

Words = tuple[str, ...]


def _words(keyword: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[Words]:
    return st.tuples(st.just(keyword), *parts)


def _many(keyword: str, part: st.SearchStrategy[str]) -> st.SearchStrategy[Words]:
    return st.lists(part, min_size=1, max_size=4).map(lambda parts: (keyword, *parts))


# A command whose arguments are words: the layout between them means nothing.
word_command: st.SearchStrategy[Words] = st.one_of(
    _many("ENV", _pair),
    _words("ENV", _name, st.sampled_from(["value", '"x"', "中文"])),
    _many("LABEL", _pair),
    _words("WORKDIR", _path),
    _words("COPY", _source, _path),
    _words("USER", st.sampled_from(["root", "app"])),
    st.just(("RESTART",)),
    _words("COMPONENT", st.sampled_from(["ic-bp67acfmxazb4p0abcde"])),
    _words("COMPONENT", st.just("ic-1"), st.just("--version"), st.sampled_from(["1.2", '"a b"'])),
    _words("COMPONENT", st.just("acs:ecs:cn-hangzhou:1:imagecomponent/nginx/1.*.2")),
)

# A command whose argument is shell text or a JSON array: one word here, kept as it is.
shell_command: st.SearchStrategy[Words] = st.one_of(
    st.tuples(
        st.sampled_from(["RUN", "CMD", "ENTRYPOINT"]),
        # At the start of a line, #x would be a comment.
        st.lists(_shell_word, max_size=6).map(lambda words: " ".join(["true", *words])),
    ),
    st.tuples(
        st.sampled_from(["CMD", "ENTRYPOINT"]),
        st.lists(_json_string, min_size=1, max_size=3).map(lambda items: f"[{','.join(items)}]"),
    ),
)

from_command: st.SearchStrategy[Words] = st.sampled_from(
    [("FROM", "IMAGE:m-bp67acfmxazb4p0abcde"), ("FROM", "IMAGE_FAMILY:acs:ubuntu_22_04_x64")]
)

commands: st.SearchStrategy[list[Words]] = st.builds(
    lambda first, rest: [*first, *rest],
    st.lists(from_command, max_size=1),
    st.lists(word_command | shell_command, max_size=6),
)

# --- layout --------------------------------------------------------------------------------------

_between_lines = st.sampled_from(
    ["", "# comment\n", "\n", "   \n", "\t# 注释 \\\n", "# a\n\n# b\n"]
)
_gap = st.builds(
    lambda before, continuation, after: before + continuation + after,
    st.sampled_from([" ", "  ", "\t"]),
    st.sampled_from(["", "\\\n", "\\  \n", "\\\n# why\n", "\\\n\n  # why\n"]),
    st.sampled_from(["", "    ", "\t"]),
)
_line_end = st.sampled_from(["\n", " \n", "\t\n"])


@st.composite
def laid_out(draw: st.DrawFn, words: list[Words]) -> str:
    "Replace with commands with a layout of its own; the meaning is that of `plain`."
    parts = [draw(st.sampled_from(["", "\ufeff"]))]
    for keyword, *arguments in words:
        parts += draw(_between_lines), draw(st.sampled_from(["", "  "])), keyword
        for argument in arguments:
            parts += draw(_gap), argument
        parts.append(draw(_line_end))
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text


def plain(words: list[Words]) -> str:
    "Replace with commands as plainly as can be."
    return "".join(f"{' '.join(command)}\n" for command in words)
