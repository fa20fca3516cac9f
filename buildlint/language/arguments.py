"""Arguments to typed nodes: each command's grammar, run on the joined text behind its keyword."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

from buildlint.language import grammar
from buildlint.language.lalr import ParseError, Tree
from buildlint.language.syntax import (
    WHITESPACE,
    Cmd,
    Component,
    Copy,
    Entrypoint,
    Env,
    ExecForm,
    From,
    HereDocument,
    ImageReference,
    Instruction,
    Invalid,
    Item,
    Label,
    Location,
    LogicalText,
    Pair,
    Parameter,
    Quoting,
    Reason,
    ResourceName,
    Restart,
    Run,
    Token,
    User,
    Value,
    Word,
    Workdir,
)
from buildlint.text.span import Span

Tokens = tuple[Token, ...]


def instruction(tokens: Tokens, keyword: Word, text: LogicalText | None) -> Instruction:
    """Build the node of a command from its arguments, None if it has none.

    Arguments that do not fit the command's grammar give an `Invalid`.
    """
    command = keyword.text.upper()
    if command == "RESTART":
        return Restart(tokens, keyword, text)
    build = _BUILDERS.get(command)
    if build is None:
        return Invalid(tokens, keyword, text, Reason.UNKNOWN_COMMAND, keyword.span, ())
    if text is None:
        return Invalid(tokens, keyword, text, Reason.NO_ARGUMENTS, keyword.span, ())
    try:
        return build(tokens, keyword, text)
    except ParseError as error:
        place, expected = _failure(error, text)
        return Invalid(tokens, keyword, text, Reason.MALFORMED, place, expected)


def nothing(tokens: Tokens) -> Invalid:
    """Build the node of continuations that no command follows."""
    place = Span(tokens[0].start, tokens[-1].end)
    return Invalid(tokens, Word(place, ""), None, Reason.NO_COMMAND, place, ())


def here_documents(item: Item) -> Sequence[HereDocument]:
    """Find the here-documents that an item opens, those of Docker's ADD and ONBUILD included."""
    if isinstance(item, Run | Copy):
        return item.here_documents
    if isinstance(item, Instruction) and item.command in ("ADD", "ONBUILD") and item.arguments:
        return _here_documents(item.arguments)
    return ()


def _failure(error: ParseError, text: LogicalText) -> tuple[Span, tuple[str, ...]]:
    """Where parsing stopped, to the end of that word, and what would have fitted there."""
    start = error.place
    if start == len(text.text):
        # Something is missing: point at the last word.
        start = max(text.text.rfind(blank) for blank in WHITESPACE) + 1
    while text.text[start] in WHITESPACE:
        start += 1
    end = start
    while end < len(text.text) and text.text[end] not in WHITESPACE:
        end += 1
    return text.at(start, end), tuple(sorted(error.expected))


# --- from parse trees to parts -------------------------------------------------------------------


# The same text is parsed again and again: while it is fixed, formatted, or edited elsewhere.
@lru_cache(maxsize=512)
def _tree(name: str, text: str) -> Tree:
    return grammar.load(name).parse(text)


def _tokens(tree: Tree, *kinds: str) -> list[Token]:
    """The tokens of these kinds directly under a tree."""
    return [child for child in tree.children if isinstance(child, Token) and child.kind in kinds]


def _trees(tree: Tree, *names: str) -> list[Tree]:
    return [child for child in tree.children if isinstance(child, Tree) and child.name in names]


def _word(text: LogicalText, start: int, end: int) -> Word:
    return Word(text.at(start, end), text.text[start:end])


def _words(text: LogicalText, tree: Tree, *kinds: str) -> tuple[Word, ...]:
    return tuple([_word(text, start, end) for _, start, end in _tokens(tree, *kinds)])


def _first(text: LogicalText, tree: Tree, *kinds: str) -> Word | None:
    for _, start, end in _tokens(tree, *kinds):
        return _word(text, start, end)
    return None


def _only(text: LogicalText, tree: Tree, *kinds: str) -> Word:
    return _words(text, tree, *kinds)[0]


# --- one builder a command -----------------------------------------------------------------------


def _from(tokens: Tokens, keyword: Word, text: LogicalText) -> From:
    tree = _tree("from", text.text)
    images = tuple(_image(text, image) for image in _trees(tree, "image"))
    return From(tokens, keyword, text, _words(text, tree, "FLAG"), images)


def _image(text: LogicalText, tree: Tree) -> ImageReference:
    start, end = tree.bounds
    whole = _word(text, start, end)
    return ImageReference(
        whole.span,
        whole.text,
        _first(text, tree, "TYPE") or _word(text, start, start),
        _first(text, tree, "IMAGE"),
        has_colon=bool(_tokens(tree, "COLON")),
    )


def _run(tokens: Tokens, keyword: Word, text: LogicalText) -> Run:
    tree = _tree("run", text.text)
    shell = next((token.start for token in _tokens(tree, "SHELL")), None)
    exec_form = None
    if shell == 0 and text.text.startswith("["):
        try:
            exec_form = _exec_form(text)
        except ParseError:
            exec_form = None  # a shell command such as [ -f file ] && …
    flags = _words(text, tree, "FLAG")
    return Run(tokens, keyword, text, flags, shell, exec_form, _here_documents(text))


def _here_documents(text: LogicalText) -> tuple[HereDocument, ...]:
    if "<<" not in text.text:
        return ()
    return tuple(
        _here_document(text, tree) for tree in _trees(_tree("shell", text.text), "here_document")
    )


def _here_document(text: LogicalText, tree: Tree) -> HereDocument:
    operator, delimiter = _words(text, tree, "OPERATOR", "DELIMITER")
    word = re.sub(r"\\(.)|['\"]", r"\1", delimiter.text)
    return HereDocument(text.at(*tree.bounds), word, strips_tabs=operator.text.startswith("<<-"))


def _exec_form(text: LogicalText) -> ExecForm | None:
    for array in _trees(_tree("command", text.text), "array"):
        return ExecForm(text.at(*array.bounds), _words(text, array, "STRING"))
    return None


def _env(tokens: Tokens, keyword: Word, text: LogicalText) -> Env:
    parted = _parted(text)
    tree = _tree("env", parted.text)
    for single in _trees(tree, "single"):
        rest = _only(text, single, "REST")
        value = Value(rest.span, rest.text, Quoting.NONE)
        return Env(
            tokens,
            keyword,
            text,
            (Pair(text.span, _only(text, single, "NAME"), value),),
            is_single=True,
        )
    return Env(tokens, keyword, text, _pairs(parted, tree), is_single=False)


def _label(tokens: Tokens, keyword: Word, text: LogicalText) -> Label:
    parted = _parted(text)
    return Label(tokens, keyword, text, _pairs(parted, _tree("label", parted.text)))


_NEXT_PAIR = re.compile(r"(?<=\")[A-Za-z_][\w.-]*+=")


def _parted(text: LogicalText) -> LogicalText:
    """Put a blank between pairs that only a continuation parts, in the place of its backslash.

    The service's own example of LABEL ends a line in a quote and a backslash, and goes on with the
    next name in column 1.
    """
    places = [offset for offset in text.offsets[1:] if _NEXT_PAIR.match(text.text, offset)]
    if not places:
        return text
    pieces: list[Span] = []
    words: list[str] = []
    for offset, piece in zip(text.offsets, text.pieces, strict=True):
        if offset in places:
            pieces.append(Span(pieces[-1].end, pieces[-1].end + 1))
            words.append(" ")
        pieces.append(piece)
        words.append(text.text[offset : offset + piece.end - piece.start])
    offsets = accumulate(map(len, words[:-1]), initial=0)
    return LogicalText("".join(words), tuple(pieces), tuple(offsets))


def _pairs(text: LogicalText, tree: Tree) -> tuple[Pair, ...]:
    return tuple(_pair(text, pair) for pair in _trees(tree, "pair"))


_NAME_KINDS = ("NAME", "DOUBLE_QUOTED", "SINGLE_QUOTED", "UNCLOSED")


def _pair(text: LogicalText, tree: Tree) -> Pair:
    start, end = tree.bounds
    name = _first(text, tree, *_NAME_KINDS) or _word(text, start, start)
    value = None
    for equals in _tokens(tree, "EQUALS"):
        whole = _word(text, equals.end, end)
        parts = [token for parts in _trees(tree, "value") for token in _tokens(parts, *_QUOTING)]
        value = Value(whole.span, whole.text, _quoting([part.kind for part in parts]))
    return Pair(text.at(start, end), name, value)


_QUOTING = {
    "DOUBLE_QUOTED": Quoting.DOUBLE,
    "SINGLE_QUOTED": Quoting.SINGLE,
    "BARE": Quoting.NONE,
    "UNCLOSED": Quoting.UNCLOSED,
}


def _quoting(kinds: Sequence[str]) -> Quoting:
    if "UNCLOSED" in kinds:
        return Quoting.UNCLOSED
    if not kinds:
        return Quoting.NONE
    return _QUOTING[kinds[0]] if len(kinds) == 1 else Quoting.MIXED


def _workdir(tokens: Tokens, keyword: Word, text: LogicalText) -> Workdir:
    return Workdir(tokens, keyword, text, _words(text, _tree("workdir", text.text), "WORD"))


def _copy(tokens: Tokens, keyword: Word, text: LogicalText) -> Copy:
    tree = _tree("copy", text.text)
    locations = tuple(_location(text, place) for place in _trees(tree, "url", "path"))
    flags = _words(text, tree, "FLAG")
    return Copy(tokens, keyword, text, flags, locations, _copied_here_documents(text, locations))


def _copied_here_documents(
    text: LogicalText, locations: Sequence[Location]
) -> tuple[HereDocument, ...]:
    """Here-documents among the sources: COPY has no shell, so only words that start with `<<`."""
    starts = {location.span.start for location in locations if location.text.startswith("<<")}
    return tuple(found for found in _here_documents(text) if found.span.start in starts)


def _location(text: LogicalText, tree: Tree) -> Location:
    whole = _word(text, *tree.bounds)
    scheme, query = _first(text, tree, "SCHEME"), _first(text, tree, "QUERY")
    return Location(whole.span, whole.text, scheme, query)


def _user(tokens: Tokens, keyword: Word, text: LogicalText) -> User:
    tree = _tree("user", text.text)
    names = _words(text, tree, "NAME", "WORD")
    return User(tokens, keyword, text, names, _first(text, tree, "GROUP"))


def _cmd(tokens: Tokens, keyword: Word, text: LogicalText) -> Cmd:
    return Cmd(tokens, keyword, text, _exec_form(text))


def _entrypoint(tokens: Tokens, keyword: Word, text: LogicalText) -> Entrypoint:
    return Entrypoint(tokens, keyword, text, _exec_form(text))


def _component(tokens: Tokens, keyword: Word, text: LogicalText) -> Component:
    tree = _tree("component", text.text)
    parameters = tuple(_parameter(text, parameter) for parameter in _trees(tree, "parameter"))
    for resource in _trees(tree, "resource"):
        reference = _word(text, *resource.bounds)
        name = ResourceName(
            *(_only(text, resource, kind) for kind in ("REGION", "ACCOUNT", "NAME", "VERSION"))
        )
        return Component(tokens, keyword, text, reference, name, parameters)
    return Component(tokens, keyword, text, _only(text, tree, "ID"), None, parameters)


def _parameter(text: LogicalText, tree: Tree) -> Parameter:
    (value,) = _trees(tree, "value")
    return Parameter(_only(text, tree, "OPTION"), _word(text, *value.bounds))


_BUILDERS: dict[str, Callable[[Tokens, Word, LogicalText], Instruction]] = {
    "FROM": _from,
    "RUN": _run,
    "ENV": _env,
    "WORKDIR": _workdir,
    "COPY": _copy,
    "USER": _user,
    "LABEL": _label,
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "COMPONENT": _component,
}
