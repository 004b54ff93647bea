"""The root of every exception of this program, and those that belong to no single part of it."""

from typing import Any


class XinfangError(Exception):
    """Something the program itself raises. Its text, where it has one, is a sentence for people."""


class EditConflict(XinfangError):
    """Somebody else saved since this was opened, and nothing was overwritten.

    `theirs` is what they saved, where it is shown.
    """

    def __init__(self, theirs: Any = None) -> None:
        super().__init__("您打开之后，另有人作了修改")
        self.theirs = theirs
