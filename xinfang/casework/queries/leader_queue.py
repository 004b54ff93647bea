"""A leader's queue: each case that waits for their word as a card.

A card has a summary, the proposal and the answers to choose from.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NotRequired, TypedDict

from django.urls import reverse

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Deadline, Event, Petition, Request
from xinfang.cases.queries.inbox import InboxItem, TaskWords
from xinfang.cases.queries.list_rows import CaseLine
from xinfang.cases.queries.petitions import answers_of
from xinfang.procedure.articles import cite
from xinfang.procedure.facts import Actor
from xinfang.procedure.limits import EXTENSION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Conclusion, Disposition, ReviewResult
from xinfang.web.dates import dates_in_chinese, short_date

MAX_SUMMARY_CHARACTERS = 120
MAX_REQUEST_CHARACTERS = 60
MAX_REQUESTS = 3
"""Requests that a card tells; of more it says how many there are."""
_TOLD_BY = (
    StepCode.PROPOSE,
    StepCode.REQUEST_EXTENSION,
    StepCode.DRAFT_REPLY,
    StepCode.DRAFT_REVIEW,
    StepCode.DRAFT_DUTY_REPLY,
    StepCode.REVIEW_REPLY,
    StepCode.CLOSE,
    StepCode.ASK_TO_MEET,
    StepCode.CIRCULATE_SHEET,
    StepCode.GIVE_LEGAL_ADVICE,
)
LatestAnswers = Mapping[tuple[int, str], dict[str, Any]]
"""What the latest event of a step says, by case and step. Events hold no personal data."""


class Another(TypedDict):
    """An answer that is given on the step's own form."""

    label: str
    query: str


class QueueAnswers(TypedDict):
    """What is told of one case, and the answers to choose from; `yes` where one may be given at once."""

    with_summary: NotRequired[bool]
    said_by: str
    said: str
    said_more: NotRequired[str]
    said_name: NotRequired[str]
    said_lines: NotRequired[list[str]]
    hidden: NotRequired[dict[str, str]]
    yes: NotRequired[str]
    ask: NotRequired[str]
    answers: list[Another]


class Card(CaseLine, QueueAnswers):
    """A case as a card: its line, a summary, the answers."""

    words: str
    summary: str
    requests: list[str]
    requests_left: int
    step: str
    key: str
    seen: int
    action: str


def queue_cards(
    cases: Sequence[InboxItem], rows: Sequence[CaseLine], actor: Actor, day: date, key: Callable[[], str]
) -> list[Card]:
    """Return the cards of these cases, in their order (5 queries).

    Tasks without a card of their own stay in the list.
    """
    wanted = [c for c in cases if any(t.step in _CARDS for t in c.tasks)]
    if not wanted:
        return []
    names = _Names()
    told = _told([c.petition.pk for c in wanted])
    asked = _asked([c.petition for c in wanted])
    # Only the cases are in the query, not the clock or that it runs: with those, SQLite would read that part of all
    # deadlines there are.
    runs = Deadline.objects.filter(petition_id__in=[c.petition.pk for c in wanted]).order_by("due", "id")
    columns = runs.values_list("petition_id", "clock", "due", "stopped_on")
    limits: dict[int, date] = {}
    for pk, clock, due, stopped in columns:
        if clock == "handling" and stopped is None:
            limits.setdefault(pk, due)  # the first of them
    by_number = {r["number"]: r for r in rows}
    cards: list[Card] = []
    for case in wanted:
        for task in case.tasks:
            if task.step not in _CARDS:
                continue
            p = case.petition
            card = _CARDS[task.step](p, task, told, names, actor, limits.get(p.pk))
            if "ask" in card:
                card["ask"] = f"{p.number} {by_number[p.number]['subject']}：{card['ask']}"
            cards.append(
                {
                    **by_number[p.number],
                    "words": task.words,
                    "summary": _short(p.body) if card.get("with_summary", True) else "",
                    "requests": [_short(text, MAX_REQUEST_CHARACTERS) for text in asked[p.pk][:MAX_REQUESTS]],
                    "requests_left": max(0, len(asked[p.pk]) - MAX_REQUESTS),
                    "step": task.step,
                    "key": key(),
                    "seen": p.revision,
                    "action": reverse("step", args=[p.number, task.step]),
                    **card,
                }
            )
    return cards


class _Names:
    """Units and people by code and key; both tables are small (2 queries)."""

    def __init__(self) -> None:
        self.units = dict(Unit.objects.values_list("code", "name"))
        self.people: dict[str, str] = {}
        self.codes: dict[int, str] = {}
        for pk, code, name in Staff.objects.values_list("pk", "username", "name"):
            self.people[code] = name
            self.codes[pk] = code


def _told(ids: Sequence[int]) -> LatestAnswers:
    found: dict[tuple[int, str], dict[str, Any]] = {}
    events = Event.objects.filter(petition_id__in=ids, code__in=_TOLD_BY, stage__in=("done", "proposed"))
    for pk, code, said in answers_of(events.order_by("petition_id", "seq")):
        found[(pk, code)] = said
    return found


def _asked(cases: Sequence[Petition]) -> dict[int, list[str]]:
    """Return what each case asks for; nothing of a sealed one, whose card says no more than its line (N30)."""
    found: dict[int, list[str]] = {p.pk: [] for p in cases}
    rows = Request.objects.filter(petition__in=[p.pk for p in cases if not p.sealed])
    for pk, text in rows.order_by("petition_id", "number").values_list("petition_id", "text"):
        found[pk].append(text)
    return found


def _short(text: str, most: int = MAX_SUMMARY_CHARACTERS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def _instruct(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    proposal = told.get((p.pk, StepCode.PROPOSE), {})
    unit = names.units.get(proposal.get("unit", ""), "")
    leader = proposal.get("leader", "")
    name = names.people.get(leader, "")
    yes = "同意拟办意见，我包案" if leader == actor.code else f"同意拟办意见，由{name}包案"
    return {
        "said_by": "办公室拟办",
        "said": proposal.get("text", ""),
        "said_more": f"建议{unit}承办，包案领导：" if unit else "",
        "said_name": name if unit else "",
        "hidden": {"agree": "on"},
        "yes": yes,
        "ask": f"{yes}？",
        "answers": [
            {"label": "改由他人包案或承办…", "query": "?agree=1"},
            {"label": "退回，写明意见…", "query": "?agree=0"},
        ],
    }


def _extension(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    asked = told.get((p.pk, StepCode.REQUEST_EXTENSION), {})
    days = int(asked.get("days") or 0)
    unit = p.handling_unit.name if p.handling_unit else "承办单位"
    later = f"办结期限 {short_date(limit)} → {short_date(limit + timedelta(days=days))}。" if limit else ""
    return {
        "with_summary": False,
        "said_by": f"{unit}申请延期 {days} 日",
        "said": asked.get("reason", ""),
        "said_more": f"{later}延长不超过{EXTENSION}（{cite(EXTENSION.cites)}），只延长一次（本厅理解）。",
        "hidden": {"agree": "on", "days": str(days), "reason": asked.get("reason", "")},
        "yes": f"批准 {days} 日",
        "ask": f"批准延长 {days} 日？",
        "answers": [{"label": "不批准…", "query": "?agree=0"}],
    }


def _sign(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    reviewed = told.get((p.pk, StepCode.DRAFT_REVIEW))
    performed = told.get((p.pk, StepCode.DRAFT_DUTY_REPLY))
    draft = performed or told.get((p.pk, StepCode.DRAFT_REPLY), {})
    labels = {str(c.value): c.label for c in Conclusion}
    ways = {str(d.value): d.label for d in Disposition}
    findings = [
        f"诉求{f.get('request')}：{labels.get(f.get('conclusion') or '', '未作结论')}。{_short(f.get('finding', ''))}"
        for f in draft.get("findings", [])
    ]
    return {
        "with_summary": False,
        "said_by": "复查意见" if reviewed else "履行职责答复" if performed else "处理意见",
        "said": f"{ways[way]}。" if (way := draft.get("disposition", "")) in ways else "",
        "said_lines": _review_lines(reviewed) if reviewed else findings,
        "said_more": "已征求法律顾问意见。" if (p.pk, StepCode.GIVE_LEGAL_ADVICE) in told else "",
        "hidden": {"agree": "on"},
        "yes": "同意签发",
        "ask": "签发意见书？",
        "answers": [{"label": "看全文再定…", "query": ""}, {"label": "退回修改，写明意见…", "query": "?agree=0"}],
    }


def _review_lines(draft: Mapping[str, Any]) -> list[str]:
    lines = [f"{ReviewResult.label_of(draft.get('result', ''))}。{_short(draft.get('reason', ''))}"]
    if draft.get("order"):
        lines.append(f"至迟{dates_in_chinese(draft.get('term') or '')}：{_short(draft['order'])}")
    return lines


def _close(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    asked = told.get((p.pk, StepCode.CLOSE), {})
    return {
        "with_summary": False,
        "said_by": f"{p.handling_unit.name if p.handling_unit else '承办单位'}申请结案",
        "said": asked.get("text", ""),
        "said_more": "已告知信访人复查权利。" if asked.get("review_rights_told") else "",
        "hidden": {"agree": "on"},
        "yes": "同意结案",
        "ask": "同意销号结案？",
        "answers": [{"label": "不同意，写明理由…", "query": "?agree=0"}],
    }


def _meeting(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    asked = told.get((p.pk, StepCode.ASK_TO_MEET), {})
    return {
        "said_by": "信访人要求见厅领导",
        "said": asked.get("reason", ""),
        # Yes needs a time and no needs a reason, so both are written on the step's own form.
        "answers": [{"label": "同意，写明时间安排…", "query": ""}, {"label": "不安排，写明理由…", "query": "?agree=0"}],
    }


def _paper(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    verb = "核稿" if task.step == StepCode.CHECK_PAPER else "签发"
    return {
        "with_summary": False,
        "said_by": task.words,
        "said": f"看过文书后{verb}或退回。",
        # The address of the step leads to the paper: nobody signs what they haven't seen.
        "answers": [{"label": f"看文书，{verb}或退回…", "query": ""}],
    }


def _read(
    p: Petition, task: TaskWords, told: LatestAnswers, names: _Names, actor: Actor, limit: date | None
) -> QueueAnswers:
    asked = told.get((p.pk, StepCode.CIRCULATE_SHEET), {})
    return {
        "said_by": "办公室送圈阅",
        "said": asked.get("note", "") or "请阅。",
        "hidden": {},
        "yes": "已阅",
        "ask": "已阅？",
        "answers": [{"label": "写意见…", "query": ""}],
    }


_CARDS: dict[str, Callable[[Petition, TaskWords, LatestAnswers, _Names, Actor, date | None], QueueAnswers]] = {
    StepCode.INSTRUCT: _instruct,
    StepCode.GRANT_EXTENSION: _extension,
    StepCode.SIGN_REPLY: _sign,
    StepCode.CLOSE: _close,
    StepCode.DECIDE_MEETING: _meeting,
    StepCode.READ_SHEET: _read,
    StepCode.CHECK_PAPER: _paper,
    StepCode.SIGN_PAPER: _paper,
}
