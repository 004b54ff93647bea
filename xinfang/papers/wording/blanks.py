"""What the program can't know is left to the drafter, in a form that nobody overlooks: 【待填：听证的地点】."""

import re

_BLANK = re.compile(r"【待填：[^】]*】")


def unfilled_blanks(text: str) -> tuple[str, ...]:
    """Return what must still be filled in before this text goes out, in order."""
    return tuple(_BLANK.findall(text))
