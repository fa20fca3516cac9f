"""A template for all clients: clean, broken, and mended."""

CLEAN = 'FROM IMAGE:m-bp67acfmxazb4p0abcde\nENV A="1"\n'
BROKEN = CLEAN + "RESTART now\n"
MENDED = CLEAN + "RESTART\n"
# The place of its mistake, as reports write it after the path.
MISTAKE = ":3:9"
