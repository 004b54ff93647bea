"""What the shared parts of pages show: a field (parts/field.html), what is wrong (parts/errors.html), an article."""

from collections.abc import Sequence
from datetime import date
from typing import NotRequired, TypedDict

Choice = tuple[str, str, bool]
"""What is sent, what is shown, and whether it is selected."""


class Group(TypedDict):
    """Choices under a heading."""

    label: str
    choices: list[Choice]


class Field(TypedDict):
    """One field.

    `widget`: line (as without it), text, number, date, datetime, select, radio, checkbox, multi, hidden, password,
    datalist, file, tel, email, search. `attrs`: attributes of the control, such as maxlength.
    """

    name: str
    label: str
    id: NotRequired[str]
    widget: NotRequired[str]
    value: NotRequired[str | int | bool | date | None]
    required: NotRequired[bool]
    help: NotRequired[str]
    error: NotRequired[str]
    choices: NotRequired[Sequence[Choice]]
    groups: NotRequired[Sequence[Group]]
    attrs: NotRequired[dict[str, str | int | bool]]
    wide: NotRequired[bool]
    column: NotRequired[bool]
    on_value: NotRequired[str]
    phrases: NotRequired[Sequence[str]]


class Problem(TypedDict):
    """A reason why something can't be done: with its articles, what to do, and the id of the control to go to."""

    reason: str
    cites: NotRequired[list[str]]
    articles: NotRequired[list["CitedArticle"]]
    """The same with their sentences, where the reason comes from a rule."""
    todo: NotRequired[str]
    field: NotRequired[str]


class CitedArticle(TypedDict):
    """An article: what it is known by on the page of the rules, its name, and what it says."""

    id: str
    label: str
    says: str


class Cited(TypedDict):
    """An article under a title, with what it says."""

    label: str
    says: str
