"""What the home page says to one person beside their tasks: each feature answers the question of its own people.

A feature that has something to say has a `home_part.py` with `parts(request)`, found by `core.features`; what it says
on the board of limits is in `board_part.py`.
"""

from typing import TYPE_CHECKING, NotRequired, TypedDict

from xinfang.core.features import modules

if TYPE_CHECKING:
    from xinfang.accounts.pages import DeskRequest


class HomeRow(TypedDict):
    """A fact, and where more of it is; `kind` is that of a chip: late, soon, ok or plain."""

    label: str
    value: str
    url: NotRequired[str]
    kind: NotRequired[str]


class HomePart(TypedDict):
    """A few facts under a heading."""

    title: str
    rows: list[HomeRow]


def home_parts(request: "DeskRequest") -> list[HomePart]:
    """Return what every feature says to this person, from the lowest layer up; most say nothing to most."""
    return [part for feature in modules("home_part") for part in feature.parts(request) if part["rows"]]


def board_parts(request: "DeskRequest") -> list[HomePart]:
    """Return what every feature says on the board of limits, beside the cases that the board counts."""
    return [part for feature in modules("board_part") for part in feature.parts(request) if part["rows"]]
