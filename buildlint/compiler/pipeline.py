"""A template or component, and its request, to the parameters of one call."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from buildlint.hosts.pipelines import Pipeline
from buildlint.language.parser import parse
from buildlint.lint.context import Context
from buildlint.lint.linter import DEFAULT_POLICY, Policy, lint_parsed
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.calls import CREATE_PIPELINE, Call
from buildlint.service.contract import TEST_CONTENT, FromSemantics
from buildlint.service.declared import Parameter
from buildlint.service.effective import without_base
from buildlint.service.request import Request, from_mapping
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.source import Source

if TYPE_CHECKING:
    from buildlint.compiler.packer import Packed

# The errors that packing can cure.
_OVER_A_LIMIT = ("BL101", "BL102", "BL457")


@dataclass(frozen=True)
class CompiledPipeline:
    """The parameters of the call, by the API's names and in its JSON types; nothing unset.

    `BuildContent` begins with the FROM that `BaseImageType` and `BaseImage` name, so the result
    means the same whether the service lets FROM decide or the two parameters. `packed` says what
    was done to make it fit, where that was asked for. `call` is what the parameters are for.
    """

    parameters: Mapping[str, Any]
    packed: "Packed | None" = field(default=None, compare=False)
    call: Call = CREATE_PIPELINE

    @property
    def build_content(self) -> str:
        """The effective content."""
        return str(self.parameters[self.call.content])


class CompileError(ValueError):
    """The template or the request has errors; `diagnostics` hold them and everything else found.

    `packed` is the content that is over a limit even so, where packing was asked for.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], packed: "Packed | None" = None) -> None:
        super().__init__("\n".join(str(found.message) for found in diagnostics))
        self.diagnostics = diagnostics
        self.packed = packed


def compile(  # noqa: A001 - the public name of what this product does
    text: str,
    request: Mapping[str, object],
    *,
    path: str = "<template>",
    from_semantics: FromSemantics = FromSemantics.OVERRIDE,
    pack: bool = False,
) -> CompiledPipeline:
    """Compile the text of a template and its request.

    `request` has the names and types of the API's parameters. `from_semantics` says what the
    service makes of FROM. With `pack`, a content over a limit is made to fit. Raises CompileError
    when either has an error.
    """
    policy = Policy(semantics=from_semantics)
    files = Pipeline(Source(path, text), from_mapping(request))
    pipeline, _ = compile_files(files, policy, packs=pack)
    return pipeline


def compile_files(
    files: Pipeline, policy: Policy = DEFAULT_POLICY, *, packs: bool = False
) -> tuple[CompiledPipeline, tuple[Diagnostic, ...]]:
    """Compile a template and its request; warnings and infos come beside the result.

    With `packs`, only the packed content is held to the limits. Raises CompileError, and
    LookupError without a request.
    """
    unit = files.unit
    context = unit.context(policy)
    request = context.request
    if request is None:
        raise LookupError
    diagnostics = files.check(policy)
    but = _OVER_A_LIMIT if packs else ()
    if not _has_errors(diagnostics, but):
        diagnostics += _wrongly_typed(context, policy.registry)
    if _has_errors(diagnostics, but):
        raise CompileError(diagnostics)
    packed = None
    if packs and context.component is None:
        from buildlint.compiler.packer import (  # noqa: PLC0415 - few templates are over a limit
            pack,
        )

        packed = pack(context.content)
        if packed.fits:
            diagnostics = tuple(each for each in diagnostics if each.rule not in _OVER_A_LIMIT)
        elif _has_errors(diagnostics):
            raise CompileError(diagnostics, packed)
    call = request.call
    component = context.component
    text = component.content if component else (packed or context.content).text
    values = {**request.values, call.content: text}
    if request.test:
        values[TEST_CONTENT] = without_base(parse(request.test)).text
    if context.base is not None:
        values |= {
            "BaseImageType": context.base.image.type,
            "BaseImage": context.base.image.image,
        }
    elif unit.kind.has_from and not request.imports_base:
        raise CompileError((*diagnostics, _no_base_image(request)))
    return CompiledPipeline(_ordered(values, call.parameters), packed, call), diagnostics


def _has_errors(diagnostics: Iterable[Diagnostic], but: Collection[str] = ()) -> bool:
    """Whether there are errors, besides those of some rules."""
    return any(found.severity is Severity.ERROR and found.rule not in but for found in diagnostics)


# Without them, the values would not have the API's types, nor each tag a key of its own.
_TYPES = ("BL402", "BL409", "BL410", "BL414", "BL416", "BL439")


def _wrongly_typed(context: Context, registry: Registry) -> tuple[Diagnostic, ...]:
    """What the rules about types find although they were left out, or less was made of them."""
    rules = [code for code in _TYPES if registry.rules.get(code) != REGISTRY.rules[code]]
    return lint_parsed(context, REGISTRY.select(rules)) if rules else ()


def _no_base_image(request: Request) -> Diagnostic:
    """Say that nothing names the base image; the rules do, unless they were left out."""
    rule = REGISTRY.rules["BL404"]
    text = N_(
        "no base image: set FROM in the template, or BaseImageType and BaseImage in the request"
    )
    source, span = request.place("BaseImage")
    return Diagnostic(
        source, span, rule.code, rule.name, Severity.ERROR, rule.service_code, Message(text)
    )


def _ordered(values: Mapping[str, Any], known: Mapping[str, Parameter]) -> dict[str, Any]:
    """Put parameters in the order of their declarations, and what is not known behind them.

    On the wire a list is its numbered items: an empty one is no different from none.
    """
    names = [*(name for name in known if name in values), *(n for n in values if n not in known)]
    plain = {name: _plain(values[name], known.get(name)) for name in names}
    return {name: value for name, value in plain.items() if value != []}


def _plain(value: Any, about: Parameter | None) -> Any:  # noqa: ANN401 - JSON
    """Account ids may be numbers in a file; the API takes strings."""
    if isinstance(value, dict):
        return _ordered(value, about.fields if about else {})
    if isinstance(value, list):
        return [_plain(item, about.item if about else None) for item in value]
    return str(value) if about and about.takes_integers else value
