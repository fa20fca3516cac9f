"""The version of the package: hatch, `--version` and the outputs that name it read it here."""

__version__ = "0.1.0"
