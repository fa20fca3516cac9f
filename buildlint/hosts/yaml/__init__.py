"""YAML files as hosts.

`reading.read` makes a tree of a file, with exact places; `rewriting.characters` tells the places
of the characters of a scalar, and what makes edits of it in the file.

The services that read such files are written in Java. Their library, SnakeYAML, is a port of
PyYAML: both read YAML 1.1.
"""
