"""What of which list is to be exported, as a page says it: by filters, one by one, or kept in the session.

What somebody searched for may be a name, so it is never in an address: the keys of what was found are kept in the
session, and the address holds a key.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.http import QueryDict
from django.urls import reverse

from xinfang.procedure.facts import Actor
from xinfang.registers.columns import LEDGER
from xinfang.registers.exported_lists import CASES, ExportedList, exported_list, keys_of_numbers
from xinfang.registers.standard import BY_CODE
from xinfang.web.list_pages import list_address

if TYPE_CHECKING:
    from xinfang.accounts.pages import DeskRequest

MAX_PICKED = 2_000
"""Cases kept in a session for one export."""
KEPT_SELECTIONS = 5
_SESSION = "list-selections"


class KeptSelection(TypedDict):
    """Cases that were found by other than the filters of a list."""

    title: str
    register: str
    keys: list[int]


@dataclass(frozen=True)
class Selection:
    """What is to be exported. `again` are the fields that say the same once more."""

    of: ExportedList
    title: str
    criteria: Mapping[str, str]
    columns: Sequence[str]
    picked: list[int] | None
    again: list[tuple[str, str]]

    @property
    def address(self) -> str:
        """The address of the page that asks how it is to be exported."""
        query = QueryDict(mutable=True)
        for name, value in self.again:
            query.appendlist(name, value)
        return f"{reverse('list-export')}?{query.urlencode()}"


def keep_selection(request: "DeskRequest", title: str, keys: Sequence[int], register: str = "") -> str:
    """Keep these cases in the session, the oldest falling out; returns the address that exports them."""
    key = secrets.token_urlsafe(9)
    kept: dict[str, Any] = request.session.get(_SESSION, {})
    one: KeptSelection = {"title": title, "register": register, "keys": list(keys[:MAX_PICKED])}
    request.session[_SESSION] = dict([*kept.items(), (key, one)][-KEPT_SELECTIONS:])
    return list_address(reverse("list-export"), {"kept": key})


def read_selection(request: "DeskRequest", asked: QueryDict) -> Selection | None:
    """Return what an address or a form asks for; None where it names no list, or one that is forgotten."""
    of = exported_list(asked.get("list", CASES.code))
    if of is None:
        return None
    register = BY_CODE.get(asked.get("register", ""))
    title = register.title if register else f"{of.label}清单"
    columns: Sequence[str] = register.columns if register else LEDGER if of is CASES else [c.code for c in of.columns]
    criteria = {name: asked.get(name, "").strip()[:60] for name in of.names if asked.get(name, "").strip()}
    again = [("list", of.code), *([("register", register.code)] if register else []), *criteria.items()]
    if (kept := asked.get("kept", "")) and of is CASES:
        one: KeptSelection | None = request.session.get(_SESSION, {}).get(kept)
        if one is None:
            return None
        known = BY_CODE.get(one["register"])
        return Selection(
            of, one["title"], {}, known.columns if known else LEDGER, one["keys"], [("list", of.code), ("kept", kept)]
        )
    numbers = [n.strip()[:20] for n in asked.getlist("case") if n.strip()][:MAX_PICKED]
    if of is CASES and (numbers or asked.get("picked")) and not asked.get("all"):
        again += [("picked", "1"), *(("case", number) for number in numbers)]
        return Selection(of, title, {}, columns, keys_of_numbers(request.actor, numbers), again)
    return Selection(of, title, criteria, columns, None, again)


def may_export(actor: Actor, code: str = CASES.code) -> bool:
    """Tell whether a page offers this person to export a list."""
    of = exported_list(code)
    return of is not None and actor.has(*of.roles)
