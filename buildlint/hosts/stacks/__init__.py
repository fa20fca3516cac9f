"""Templates in the stacks of ROS and Pulumi, which are written in YAML or JSON."""

from buildlint.hosts.hosted import Found
from buildlint.hosts.stacks.looks import looks_like_stack
from buildlint.hosts.stacks.pulumi import PulumiReader
from buildlint.hosts.stacks.ros import RosReader
from buildlint.hosts.stacks.trees import tree_of
from buildlint.hosts.surroundings import Surroundings
from buildlint.language.broken import Broken
from buildlint.text.source import Source


def find(source: Source, around: Surroundings) -> Found:
    """Find the resources that a file declares.

    A flaw is what is wrong in one of these, or with a file that plainly is a template of ROS or a
    program of Pulumi: others are not told about theirs.
    """
    tree = tree_of(source)
    if isinstance(tree, Broken):
        return Found((), (tree,) if looks_like_stack(source) else ())
    declared = [
        each for reader in (RosReader, PulumiReader) for each in reader(tree, around).declared()
    ]
    flaws = tuple(
        Broken(place, message)
        for place, message in tree.document.problems
        if any(each.holds(place.start) for each in declared)
    )
    return Found(tuple(each.resource for each in declared), flaws)
