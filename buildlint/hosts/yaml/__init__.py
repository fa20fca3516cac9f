"""YAML files as hosts: trees with exact places, read by PyYAML, and strings to which fixes go back.

The services that read such files are written in Java. Their library, SnakeYAML, is a port of
PyYAML: both read YAML 1.1.
"""
