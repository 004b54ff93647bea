"""What was typed into a search box, kept in the session under a key.

It may be a name or a telephone number, so it is never in an address: an address holds the key alone.
"""

import secrets
from collections.abc import Mapping

from django.contrib import messages
from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.search.field_filters import TypedFilters
from xinfang.web.list_pages import list_address

MAX_QUERY_CHARACTERS = 200
SEARCHES_REMEMBERED = 20
"""This many searches of one session can be gone back to."""
_SESSION = "searches"


def keep_words(request: DeskRequest, typed: str) -> str:
    """Keep what was typed, the oldest falling out; returns its key."""
    key = secrets.token_urlsafe(9)
    asked: dict[str, str] = request.session.get(_SESSION, {})
    request.session[_SESSION] = dict([*asked.items(), (key, typed[: MAX_QUERY_CHARACTERS + 1])][-SEARCHES_REMEMBERED:])
    return key


def kept_words(request: DeskRequest, key: str) -> str | None:
    """Return what was typed under this key, as far as it is looked for; None where it isn't kept any more."""
    typed: str | None = request.session.get(_SESSION, {}).get(key)
    return None if typed is None else typed[:MAX_QUERY_CHARACTERS].strip()


def was_cut(request: DeskRequest, key: str) -> bool:
    """Tell whether more was typed than is looked for."""
    return len(request.session.get(_SESSION, {}).get(key, "")) > MAX_QUERY_CHARACTERS


def list_with(request: DeskRequest, asked: TypedFilters, given: Mapping[str, str]) -> str:
    """Return the address of the list of cases, narrowed by what was typed; what couldn't be read is said there."""
    for problem in asked.problems:
        messages.warning(request, problem)
    words = keep_words(request, asked.words) if asked.words else ""
    return list_address(reverse("petitions"), {**given, **asked.given, "words": words})
