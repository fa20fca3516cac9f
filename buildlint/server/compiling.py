"""Compiling what is open."""

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompileError, compile_files
from buildlint.files.addresses import chosen, described, refuse_flaws
from buildlint.files.loading import no_request
from buildlint.files.streams import Unusable
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.reporters import Style, report
from buildlint.server.checking import Checked


def compiled(checked: Checked) -> str:
    """Return the parameters of the API call as JSON.

    Of a host file, the only template is compiled; its region is not known there. Raises Unusable,
    which tells what stands in the way.
    """
    try:
        pipeline, _ = compile_files(_pipeline(checked), checked.policy)
    except CompileError as error:
        raise Unusable(report(list(error.diagnostics), "concise", Style(quiet=True))) from error
    return emit(pipeline, "json")


def _pipeline(checked: Checked) -> Pipeline:
    """Return what is compiled. Raises Unusable."""
    files, document = checked.files, checked.template
    if isinstance(files, Pipeline):
        return files.replace(request=files.request or no_request(document.path))
    files = files.replace(around=files.around.replace(takes_defaults=True))
    refuse_flaws(files)
    if document.is_host:
        resource = chosen(files, None)
    else:
        path = document.source.path
        resources = files.found.resources
        resource = next(each for each in resources if each.text and each.text.home.path == path)
    found = described(files, resource)
    if found.missing:
        raise Unusable("\n".join(found.missing))
    return found.pipeline
