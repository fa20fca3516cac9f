"""What docker is told to run: shared by rules."""

# The letters of long options, and long options that take no value besides these.
_LETTERS = {"--detach": "d", "--interactive": "i", "--publish": "p", "--tty": "t"}
_PLAIN = (
    *("--detach", "--disable-content-trust", "--init", "--interactive", "--no-healthcheck"),
    *("--oom-kill-disable", "--privileged", "--publish-all", "--quiet", "--read-only", "--rm"),
    *("--sig-proxy", "--tty", "--use-api-socket"),
)
_PLAIN_LETTERS = frozenset("diPqt")


def docker_options(words: list[str]) -> tuple[frozenset[str], list[str]]:
    """The letters of the options behind `docker run` or `docker exec`, and what is behind these.

    Any long option that is not known takes a value. Source: docker-run(1), docker-exec(1).
    """
    found: set[str] = set()
    index = 0
    while index < len(words) and words[index].startswith("-"):
        word = words[index]
        index += 1
        if word.startswith("--"):
            name, separator, value = word.partition("=")
            if value != "false":
                found.update(_LETTERS.get(name, ""))
            index += not separator and name not in _PLAIN
            continue
        for place, letter in enumerate(word[1:], 2):
            found.add(letter)
            if letter not in _PLAIN_LETTERS:
                # The rest of the word is its value, or the next word is.
                index += place == len(word)
                break
    return frozenset(found), words[index:]
