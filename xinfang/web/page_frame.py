"""The frame around every page: who is signed in, the navigation, what the features add to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from xinfang.core.addresses import address_of
from xinfang.core.clock import today
from xinfang.core.features import modules
from xinfang.core.snapshots import read_snapshot
from xinfang.procedure.calendar import WEEKDAYS
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role

from .dates import chinese_date

if TYPE_CHECKING:
    from xinfang.accounts.pages import DeskRequest

View = Callable[..., HttpResponseBase]
R = TypeVar("R", bound=HttpResponseBase)
MAX_BADGE_COUNT = 99
"""So far are tasks and messages counted that wait for somebody; more of them is told with a plus."""


class OtherPageFirst(XinfangError):
    """A page can't be shown before the reader has been on another one."""

    def url(self, request: HttpRequest) -> str:
        """Return the address of that page.

        Raises:
            NotImplementedError: the subclass doesn't say which page it is.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the navigation.

    `order` places it, in the order of a working day; a feature lists its own in `navigation.ENTRIES`.
    """

    order: int
    label: str
    route: str
    """The name of the route that it leads to."""
    roles: tuple[Role, ...] = ()
    """Who finds it; empty: everybody."""
    key: str = ""
    """The key that leads there."""


SECONDARY_ORDER = 200
"""Entries from this order on are below the dividing line: what is looked up and set."""


def in_one_snapshot(view: Callable[..., R]) -> Callable[..., R]:
    """Make all answers of a page that joins several queries come from one moment, where it is only looked at.

    It is written below `desk_page`. What such a page writes goes through `moments.afterwards`.
    """

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> R:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with read_snapshot():
            return view(request, *args, **kwargs)

    return page


def render_page(
    request: "DeskRequest",
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    here: str = "",
    status: int = 200,
    waiting: int | None = None,
) -> HttpResponse:
    """Render a page inside the frame; `here` is the route of the navigation entry it belongs to.

    `waiting` is how many cases wait for this person, where the page has counted them already.
    """
    return render(request, template, {**frame_context(request, here, waiting), **(context or {})}, status=status)


def frame_context(request: "DeskRequest", here: str, waiting: int | None = None) -> dict[str, Any]:
    """Return the context of base.html: `page_frame_part.part(request, waiting)` of every feature that has one.

    2 queries: unread messages, tasks unless they were counted; office and leaders 1 more: events; the system
    administrator a few small ones: the clock.
    """
    day = today()
    context: dict[str, Any] = {
        "department": settings.DEPARTMENT,
        "today_text": f"{chinese_date(day)} 星期{WEEKDAYS[day.weekday()]}",
        "search_text": "",
    }
    for feature in modules("page_frame_part"):
        context |= feature.part(request, waiting)
    context["nav"] = navigation_entries(request.actor, here, context.pop("badges", {}))
    return context


def badge_text(number: int) -> str:
    """Return a number for a badge; empty for none."""
    return f"{MAX_BADGE_COUNT}+" if number > MAX_BADGE_COUNT else str(number or "")


def navigation_entries(actor: Actor, here: str, badges: dict[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """Return the entries this person can use. `badges`: how many of what wait behind an entry, by its route."""
    entries = sorted((e for feature in modules("navigation") for e in feature.ENTRIES), key=lambda e: e.order)
    nav: list[dict[str, Any]] = []
    for e in entries:
        if e.roles and not actor.has(*e.roles):
            continue
        if e.order >= SECONDARY_ORDER and not any("divider" in n for n in nav):
            nav.append({"divider": True})
        entry: dict[str, Any] = {"label": e.label, "url": address_of(e.route), "current": e.route == here}
        count, words = badges.get(e.route, (0, ""))
        if count:
            entry["badge"], entry["badge_text"] = badge_text(count), words
        if e.key:
            entry["key"] = e.key
        nav.append(entry)
    return nav
