"""What bash reads and dash, the /bin/sh of Debian and Ubuntu, does not, or reads otherwise.

It was tried with dash 0.5.11, 0.5.12 and 0.5.12-12, those of Debian 11 to 13; the tests try it
again with the one that is installed.
"""
