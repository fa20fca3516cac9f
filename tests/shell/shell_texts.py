"""Shell texts for the property tests, full of what a shell of its own keeps to itself."""

from hypothesis import strategies as st

_word = st.sampled_from(
    [
        "a",
        "中文",
        "'b  c'",
        '"d \\" e"',
        "f\\ g",
        "'it'\\''s'",
        '"$x"',
        "$y",
        "${x:-没有}",
        '"$(pwd)"',
        "`echo h`",
        "'$z `no` \\ \"q\"'",
        "*",
        "~",
        "$((1 + 2))",
        "'# none'",
        "a#b",
        "'<<E'",
        '"\\\\"',
        "$#",
        '"$@"',
        "$?",
        "$-",
        "$HOME",
    ]
)
_file = st.sampled_from(["f", "'f 1'", "文件", "d/f", "d/../f"])
_folder = st.sampled_from(["d", "d/e", "目录", "d/..", "."])

_simple = st.one_of(
    st.builds("echo {} {}".format, _word, _word),
    st.builds("printf '%s\\n' {}".format, _word),
    st.builds("echo {} > {}".format, _word, _file),
    st.builds("echo {} >> {}".format, _word, _file),
    st.builds("cat {}".format, _file),
    st.builds("rm -f {}".format, _file),
    st.builds("mkdir -p {}".format, _folder),
    st.builds("cd {}".format, _folder),
    st.builds("x={}".format, _word),
    st.builds("export y={}".format, _word),
    st.builds("exit {}".format, st.sampled_from(["", "0", "3"])),
    st.builds("trap 'echo {}' EXIT".format, st.sampled_from(["bye", '"$x"', "再见", "$?"])),
    st.sampled_from(
        [
            "true",
            "false",
            "(exit 7)",
            "no-such-program",
            "set -e",
            "set +e",
            "set -u",
            "set -f",
            "set -eu",
            "set -o pipefail",
            "shopt -s nullglob",
            "set -- 1 2",
            "shift",
            "umask 077",
            "pwd",
            "ls",
            "env | sort | grep ^y=",
            "read x",
            "unset x",
            "readonly x",
            "exec echo gone",
            "exec > out",
            "exec 2>&1",
            "alias f='echo alias'",
            "echo $z",
            'echo "$OLDPWD"',
            "return 4",
            "cat",
            "wait",
            "trap - EXIT",
            "trap '' TERM",
            "eval 'echo \"$x\"; false'",
            "cat <<< here",
        ]
    ),
)


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} && {}".format, inner, inner),
        st.builds("{} || {}".format, inner, inner),
        st.builds("{}; {}".format, inner, inner),
        st.builds("! {}".format, _simple),
        st.builds("( {} )".format, inner),
        st.builds("{{ {}; }}".format, inner),
        st.builds("{{ {}; }} | cat".format, inner),
        st.builds("x=$( {} )".format, inner),
        st.builds("if {}; then {}; else {}; fi".format, inner, inner, inner),
        st.builds("for i in 1 2 3; do {}; done".format, inner),
        st.builds("for i in 1 2; do {} && break; {}; done".format, inner, inner),
        # No text writes to what its loop reads, or calls itself: it would not come to an end.
        st.builds("seq 2 > two; while read x; do {}; done < two".format, inner),
        st.builds("case $x in a) {} ;; *) {} ;; esac".format, inner, inner),
        st.builds("{{ f() {{ {}; }} && f; }}".format, inner),
    )


_statement = st.recursive(_simple, _around, max_leaves=6)
_separator = st.sampled_from(["; ", "; ", ";\\\n", " && \\\n    ", "; \\\n# 注释\n"])
_end = st.sampled_from(["", "", "", ";", " # the end", " # it's"])


@st.composite
def shell_text(draw: st.DrawFn) -> str:
    """The text of a RUN; it may be wrong, and fail in many ways."""
    parts = [draw(_statement)]
    for statement in draw(st.lists(_statement, max_size=4)):
        parts += draw(_separator), statement
    return "".join([*parts, draw(_end)])


_between = st.sampled_from(['ENV x="甲"', 'ENV y="1"', "WORKDIR d", "WORKDIR 目录", "USER root"])


@st.composite
def script_template(draw: st.DrawFn) -> str:
    """A template of RUNs, some with other commands between them."""
    commands = ["FROM IMAGE:m-bp67acfmxazb4p0abcde"]
    for text in draw(st.lists(shell_text(), min_size=2, max_size=6)):
        if draw(st.integers(0, 4)) == 0:
            commands.append(draw(_between))
        commands.append(f"RUN {text}")
    return "\n".join(commands) + "\n"
