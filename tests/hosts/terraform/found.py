"""What the tests of Terraform's files share: finding resources, and values in them."""

from collections.abc import Mapping

from buildlint.hosts.hosted import Found, Hosted
from buildlint.hosts.resources import Resource
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.terraform import find
from buildlint.hosts.values import Value, plain, unknown_in
from buildlint.text.source import Place, Source
from tests.hosts.terraform.written import hcl


def around(files: Mapping[str, str], *, takes_defaults: bool = False) -> Surroundings:
    """What is in a directory: what is not Terraform's own is only found by its name."""
    sources = {name: Source(name, text) for name, text in files.items()}
    listed = [each for name, each in sources.items() if name.endswith((".tf", ".tf.json"))]
    return Surroundings(lambda: listed, sources.get, takes_defaults=takes_defaults)


def hosted(text: str, files: Mapping[str, str] | None = None, name: str = "main.tf") -> Hosted:
    """Read a configuration among other files."""
    return Hosted(Source(name, text), find, around(files or {}))


def found(text: str, files: Mapping[str, str] | None = None, name: str = "main.tf") -> Found:
    """Find what a configuration declares."""
    return hosted(text, files, name).found


def resource(text: str, files: Mapping[str, str] | None = None, name: str = "main.tf") -> Resource:
    """Find the only resource of a configuration that has no flaws."""
    result = found(text, files, name)
    assert result.flaws == ()
    (only,) = result.resources
    return only


def value(
    expression: str, files: Mapping[str, str] | None = None, *, takes_defaults: bool = False
) -> Value:
    """Return what an expression says."""
    directory = around(files or {}, takes_defaults=takes_defaults)
    result = find(Source("main.tf", hcl(expression)), directory)
    assert result.flaws == ()
    return result.resources[0].arguments[0].value


def said(
    expression: str, files: Mapping[str, str] | None = None, *, takes_defaults: bool = False
) -> object:
    """Return what an expression says as JSON has it; all of it must be known."""
    result = value(expression, files, takes_defaults=takes_defaults)
    assert list(unknown_in(result)) == []
    return plain(result)


def unknown(expression: str, files: Mapping[str, str] | None = None) -> list[str]:
    """Return what nobody knows in an expression."""
    return [each.name for each in unknown_in(value(expression, files))]


def flaws(text: str, name: str = "main.tf") -> list[tuple[str, str]]:
    """Return what is wrong with a configuration: the message, and the characters at its place."""
    return [(str(each.message), text[slice(*each.span)]) for each in found(text, name=name).flaws]


def marked(place: Place) -> str:
    """The characters at a place."""
    return place.source.text[slice(*place.span)]
