"""疑似同事清单: the pairs that the night found, each with its reasons; a person says what they are, one by one."""

from typing import TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.casework.views.matter import BACK_TO_LIST, LINKS_REPEATS, pair_address
from xinfang.core.pagination import InvalidCursor
from xinfang.matters.queries.likely import WaitingPair, WaitingPairs, waiting_pairs
from xinfang.procedure.same_matter import WORKS_THROUGH_PAIRS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Channel, State
from xinfang.web.dates import chinese_date
from xinfang.web.list_pages import count_text, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

NAV_ROUTE = "likely-pairs"


class PairSide(TypedDict):
    """One of the two."""

    label: str
    number: str
    subject: str
    state: str
    came: str


class PairLine(TypedDict):
    """Two cases, and why they may be about one matter."""

    sides: list[PairSide]
    reasons: list[str]
    number: str
    other: str
    compare_url: str
    repeat_url: str


class PairsPage(TypedDict):
    """The list."""

    pairs: list[PairLine]
    count_text: str
    every: bool
    other_url: str
    not_compared: int
    back: str
    notes: list[str]
    page: dict[str, str]


@require_safe
@desk_page(*WORKS_THROUGH_PAIRS)
def likely_pairs(request: DeskRequest) -> HttpResponse:
    """Show what the night found, the newest first."""
    every = request.GET.get("all") == "1"
    given = {"all": "1" if every else ""}
    notes: list[str] = []
    found = _found(request, every, notes)
    links = request.actor.has(*LINKS_REPEATS)
    text = count_text(*found.count, "组")
    page: PairsPage = {
        "pairs": [_line(p, links=links) for p in found.pairs],
        "count_text": text,
        "every": every,
        "other_url": list_address(reverse(NAV_ROUTE), {"all": "" if every else "1"}),
        "not_compared": found.not_compared,
        "back": BACK_TO_LIST,
        "notes": notes,
        "page": pager_context(reverse(NAV_ROUTE), given, found.page, text),
    }
    return render_page(request, "casework/likely_pairs.html", page, here=NAV_ROUTE)


def _found(request: DeskRequest, every: bool, notes: list[str]) -> WaitingPairs:
    cursor, direction = cursor_from(request)
    try:
        return waiting_pairs(request.actor, every=every, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        return waiting_pairs(request.actor, every=every, cursor="", direction="after")


def _line(pair: WaitingPair, *, links: bool) -> PairLine:
    number, other = pair.later.number, pair.earlier.number
    return {
        "sides": [
            {
                "label": label,
                "number": p.number,
                "subject": p.subject or "（未写事由）",
                "state": State.label_of(p.state),
                "came": f"{Channel.label_of(p.channel)}　{chinese_date(p.received_on)}收到",
            }
            for label, p in (("本件", pair.later), ("该件", pair.earlier))
        ],
        "reasons": pair.reasons,
        "number": number,
        "other": other,
        "compare_url": pair_address(number, other, BACK_TO_LIST),
        "repeat_url": f"{reverse('step', args=[number, StepCode.LINK_REPEAT])}?first={other}" if links else "",
    }
