"""Rehearsal: the steps of a build run in a throw-away container, before the build is paid for.

`engine` runs podman or docker, `images` says which container image is like which base image, and
`prepare` makes one that is more like an instance.
"""
