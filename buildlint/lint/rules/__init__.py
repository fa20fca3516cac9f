"""The rules, by subject; `REGISTRY` knows them all, and imports a module when it is needed."""

from buildlint.lint.rules.registry import REGISTRY

__all__ = ["REGISTRY"]
