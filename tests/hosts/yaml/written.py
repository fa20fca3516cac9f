"""A writer of YAML for tests: any text in any style, as people and programs write it."""

from hypothesis import strategies as st
from yaml import dump

# What means something in YAML, what is written in another way, and what people write.
ALPHABET = st.sampled_from(list("ab-:#'\"\\{}[],&*!|>%@`?=~019.yn$é网\U0001f433") + [" ", "\n"] * 6)
RARE = st.sampled_from("\t\t\r\x85\u2028\u2029\x1b\xa0\ufeff\ue000")
TEXTS = st.text(st.one_of(*[ALPHABET] * 7, RARE), max_size=25)
LINE_ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\x85"])
CHOMPINGS = ("", "-", "+")


@st.composite
def scalars(draw: st.DrawFn) -> tuple[str, int]:
    """Draw a scalar as it is written behind `- ` and further; it may be wrong YAML."""
    text = draw(TEXTS)
    base = draw(st.integers(0, 3))
    match draw(st.sampled_from(["plain", "single", "double", "block", "block", "dumped"])):
        case "plain":
            return _spread(draw, text.strip() or "x", base), base
        case "single":
            return f"'{_spread(draw, text.replace(chr(39), chr(39) * 2), base)}'", base
        case "double":
            parts = (_escaped(draw, each) for each in text)
            return f'"{_spread(draw, "".join(parts), base)}"', base
        case "dumped":
            style = draw(st.sampled_from([None, "'", '"', "|", ">"]))
            width = draw(st.sampled_from([5, 20, 80]))
            written = dump(text, default_style=style, width=width, allow_unicode=True)
            end = draw(st.sampled_from(["", " "]))
            return f"\n{' ' * base}".join(written.removesuffix("...\n").split("\n")) + end, base
        case _:
            return _block(draw, text, base), base


def _spread(draw: st.DrawFn, text: str, base: int) -> str:
    """Put line ends with white space around them between the words."""
    blanks = st.sampled_from(["", " ", "  ", "\t", " \t"])
    end = draw(LINE_ENDS)
    lines = text.split("\n")
    return end.join(
        line + draw(blanks)
        if not index
        else f"{' ' * (base + 1)}{draw(blanks)}{line}{draw(blanks)}"
        for index, line in enumerate(lines)
    )


def _escaped(draw: st.DrawFn, character: str) -> str:
    code = ord(character)
    choices = [f"\\U{code:08x}"]
    if code <= 0xFFFF:
        choices.append(f"\\u{code:04X}")
    if code <= 0xFF:
        choices.append(f"\\x{code:02x}")
    if character not in '"\\' and character.isprintable():
        choices += [character] * 6
    if character in "\n \t":
        choices += [character, "\\\n", "\\  \n" if character == " " else character]
    if character in '"\\/ \t':
        choices.append(f"\\{character}")
    choices += [f"\\{each}" for each, said in LETTERS.items() if said == character]
    return draw(st.sampled_from(choices))


LETTERS = dict(zip("0abtnvfreNLP_", "\0\a\b\t\n\v\f\r\x1b\x85\u2028\u2029\xa0", strict=True))


def _block(draw: st.DrawFn, text: str, base: int) -> str:
    """Write a block scalar; its indentation is told if the text needs that, and sometimes else."""
    indent = draw(st.integers(1, 4))
    needs_number = text[:1] in (" ", "\n", "\t") and draw(st.booleans())
    number = str(indent) if needs_number or draw(st.integers(0, 3)) == 0 else ""
    signs = draw(st.permutations([number, draw(st.sampled_from(CHOMPINGS))]))
    comment = draw(st.sampled_from(["", "", " ", " # a comment", "\t"]))
    end = draw(LINE_ENDS)
    header = f"{draw(st.sampled_from('|>'))}{''.join(signs)}{comment}{end}"
    lines = []
    for line in text.split("\n"):
        if line:
            lines.append(" " * (base + indent) + line)
        else:
            lines.append(" " * draw(st.integers(0, base + indent)))
    return header + end.join(lines)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw a file with a scalar somewhere in it."""
    written, base = draw(scalars())
    before, after = draw(st.sampled_from(PLACES))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", ""]))
    pad = " " * base
    mark = draw(st.sampled_from(["", "", "", "\ufeff"]))
    tag = draw(st.sampled_from(["", "", "", "!Sub ", "!!str ", "&a ", "&b !Sub\n     "]))
    return mark + before.replace("_", pad) + tag + written + end + after.replace("_", pad)


# What stands before a scalar and behind it; `_` is its indentation.
PLACES = (
    ("", ""),
    ("--- ", ""),
    ("_a: ", "_b: 1\n"),
    ("_- ", "_- 1\n"),
    ("_? ", "_: 1\n"),
    ("a:\n _- b: 1\n _  c: ", " _  d: 1\n"),
    ("a:\n_- ", "_- x\nb: 1\n"),
    ("# c\n\n_网: ", "\n# c\n_c: 1\n"),
    ("a: [ ", " , 1]\n"),
    ("a: {b: ", "\n , c: 1}\n"),
)
