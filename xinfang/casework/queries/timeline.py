"""What happened in a case, day by day, the latest first; what was done to one paper on one day is one entry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict

from django.utils import timezone

from xinfang.cases.answers import render_answers
from xinfang.cases.models import Event, RequiredPaper
from xinfang.papers.queries.overview import PAPER_CODES
from xinfang.procedure.facts import CaseEvent, Directory, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.corrections import corrected_in_words, in_words
from xinfang.procedure.words import CorrectionOf, Role
from xinfang.web.dates import dates_in_chinese, short_date

MAX_TIMELINE_CHARACTERS = 160
"""An entry of the timeline holds this many characters; the whole text is folded below it."""
ATTACHED = STEPS[StepCode.ATTACH].rule.label


class Item(TypedDict):
    """An event in the timeline, or all that happened to one paper on one day: `parts`, the latest first."""

    id: str
    label: str
    text: str
    who: str
    late_entry: str
    whole: list[dict[str, str]]
    papers: list[str]
    corrected: str
    paper: int
    parts: list["Item"]


class TimelineDay(TypedDict):
    """What happened on one day."""

    day_text: str
    events: list[Item]


CORRECTED_STEP = {
    CorrectionOf.SERVED_ON: (StepCode.SERVE,),
    CorrectionOf.ACCEPTED_ON: (StepCode.ACCEPT, StepCode.ACCEPT_DUTY),
}
"""Which event a correction amends; everything else was said at registration."""
FIRST_STEPS = (StepCode.REGISTER, StepCode.IMPORT_HISTORY)
SHOWN_ELSEWHERE = (
    *FIRST_STEPS,
    StepCode.ATTACH,
    StepCode.GIVE_LEGAL_ADVICE,
    StepCode.SEEK_LEGAL_ADVICE,
    StepCode.WARN,
    StepCode.MARK_OVERDUE,
    StepCode.ESCALATE,
    StepCode.RECOMPUTE_DEADLINE,
)
"""Events whose answers are shown elsewhere on the page, or in their entry."""


def timeline(
    facts: Facts, events: Sequence[Event], papers: Iterable[RequiredPaper], directory: Directory, today: date
) -> list[TimelineDay]:
    """Return the days of the case, the latest first, each with what happened on it."""
    owed: dict[int, list[str]] = defaultdict(list)
    for paper in papers:
        owed[paper.event_id].append(paper.label)
    corrected = _corrections(facts, today)
    named = {p.number: p.kind.label for p in facts.papers}
    made = _papers_made(facts)
    frozen = {digest: p.number for p in facts.papers for digest in p.files}
    days: dict[date, list[Item]] = {}
    pairs = sorted(zip(events, facts.history, strict=True), key=lambda p: (p[1].happened_on, p[1].seq), reverse=True)
    for event, h in pairs:
        taken_back = h.stage == "refused" and facts.history[h.told_at - 1].by == h.by
        item = _item(event, h, owed[event.pk], corrected.get(h.seq, ""), directory, today, taken_back=taken_back)
        if h.code == StepCode.ATTACH:
            item["paper"] = frozen.get(h.step.digest, 0)
        elif h.code in PAPER_CODES:
            item["paper"] = made.get(h.seq) or getattr(h.step, "paper", None) or 0
        if item["paper"] in named:
            # Its number in the case says nothing to a reader.
            item["text"] = item["text"].replace(f"文书{item['paper']}", named[item["paper"]], 1)
        days.setdefault(h.happened_on, []).append(item)
    return [{"day_text": short_date(day, today.year), "events": _by_paper(items, named)} for day, items in days.items()]


def _papers_made(facts: Facts) -> dict[int, int]:
    """Return the number of each paper by the event that made it."""
    begun = [h for h in facts.history if h.code in (StepCode.MAKE_PAPER, StepCode.FILE_PAPER_SCAN) and h.took_effect]
    return {h.seq: number for number, h in enumerate(begun, 1)}


def _by_paper(items: list[Item], named: Mapping[int, str]) -> list[Item]:
    """Return the items of a day with those of one paper folded into one, where its latest is."""
    found: list[Item] = []
    of_paper: dict[int, Item] = {}
    for item in items:
        place = item["paper"]
        if place not in named:
            found.append(item)
            continue
        if place not in of_paper:
            of_paper[place] = {**item, "parts": []}
            found.append(of_paper[place])
        of_paper[place]["parts"].append(item)
    return [_folded(item, named[item["paper"]]) if len(item["parts"]) > 1 else item for item in found]


def _folded(item: Item, name: str) -> Item:
    parts = item["parts"]
    done = list(dict.fromkeys(p["label"] for p in reversed(parts) if p["label"] != ATTACHED))
    verbs = "、".join(label.removesuffix("文书") for label in done)
    people = list(dict.fromkeys(p["who"] for p in reversed(parts)))
    return {
        **item,
        "id": f"{item['id']}-paper",
        "label": name,
        "text": verbs,
        "who": "、".join(people),
        "whole": [],
        "papers": [],
        "late_entry": "",
        "corrected": "",
    }


SYSTEM_STEPS = (*FIRST_STEPS, StepCode.WARN, StepCode.MARK_OVERDUE, StepCode.ESCALATE, StepCode.RECOMPUTE_DEADLINE)
STAGES = {"proposed": "提出：", "confirmed": "确认：", "refused": "不同意："}


def _item(
    event: Event,
    h: CaseEvent,
    papers: list[str],
    corrected: str,
    directory: Directory,
    today: date,
    *,
    taken_back: bool,
) -> Item:
    text = h.answer.opinion if h.answer else h.step.says(directory)
    if h.code in SYSTEM_STEPS:
        text = dates_in_chinese(text)
    recorded = timezone.localtime(event.recorded_at).date()
    late = h.happened_on < recorded
    whole = [] if h.code in SHOWN_ELSEWHERE or h.answer else render_answers(h.step, directory)
    cut = len(text) > MAX_TIMELINE_CHARACTERS
    stage = "收回：" if taken_back else STAGES.get(h.stage, "")
    return {
        "id": f"e{h.seq}",
        "label": f"{stage}{STEPS[h.code].rule.label}",
        "text": f"{text[:MAX_TIMELINE_CHARACTERS]}…" if cut else text,
        "who": _who(event),
        "late_entry": f"{short_date(recorded, today.year)}补录" if late else "",
        # One short answer is already in the entry.
        "whole": whole if cut or len(whole) > 1 else [],
        "papers": papers,
        "corrected": corrected,
        "paper": 0,
        "parts": [],
    }


def _who(event: Event) -> str:
    if event.by is None:
        return "系统" if event.by_role == Role.SYSTEM.value else "信访人"
    acting = f"（代{event.acting_for.name}）" if event.acting_for else ""
    entered = f"，{event.entered_by.name}录入" if event.entered_by else ""
    return f"{event.by.name}{acting}{entered}"


def _corrections(facts: Facts, today: date) -> dict[int, str]:
    """Return what later corrections say of an event, by its number."""
    found: dict[int, list[str]] = defaultdict(list)
    for h in facts.history:
        if h.code != StepCode.CORRECT or not h.took_effect:
            continue
        codes = CORRECTED_STEP.get(h.step.what, FIRST_STEPS)
        amended = next((e for e in reversed(facts.history[: h.seq - 1]) if e.code in codes), None)
        if amended:
            before = in_words(h.step.what, h.step.old_value or h.step.old_text)
            value = f"{f'{before} → ' if before else ''}{corrected_in_words(h.step).strip('（）')}"
            found[amended.seq].append(f"{short_date(h.happened_on, today.year)}更正：{h.step.what.label}（{value}）")
    return {seq: "；".join(lines) for seq, lines in found.items()}


def changes_since(facts: Facts, events: Sequence[Event], seen: int, directory: Directory) -> list[str]:
    """Return what others did after the event that a form had seen, one sentence each."""
    return [
        f"{timezone.localtime(e.recorded_at):%H:%M}　{_who(e)}：{STAGES.get(h.stage, '')}{STEPS[h.code].rule.label}"
        for e, h in zip(events, facts.history, strict=True)
        if h.seq > seen
    ]
