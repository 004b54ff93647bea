"""A case as its petitioner reads it: where it is, what they are owed and by when, which papers they were sent.

Only what is named here is shown; whatever else a case holds never reaches a page of the window.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from xinfang.calendars.queries import calendar
from xinfang.cases.access import CaseView, open_case
from xinfang.core.clock import today
from xinfang.procedure.facts import CaseEvent, Facts, PaperFacts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.electronic import may_be_opened
from xinfang.procedure.steps.messages import conversation
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.what_is_due import what_is_due
from xinfang.procedure.window_words import (
    PLAIN_CLOCKS,
    PLAIN_RIGHTS,
    PLAIN_STATES,
    PLAIN_STEPS,
    REPORT_OF_WRONGDOING,
    PlainState,
)
from xinfang.procedure.words import PaperStage, State
from xinfang.web.dates import chinese_date, dates_in_chinese
from xinfang.window.session import ProvenCase


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that the petitioner is owed by a day, or may do until then, with the account of that day."""

    what: str
    due: str
    state: str
    late: bool
    provisional: bool
    derivation: list[tuple[str, str]]
    cites: list[str]


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A paper that left the house for the petitioner."""

    place: int
    label: str
    number: str
    left: str
    has_file: bool
    to_open: bool
    """Whether it waits here to be opened, which is its service."""


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """What the petitioner wrote, and its answer; empty while there is none."""

    day: str
    kind: str
    text: str
    answered: str
    answer: str


@dataclass(frozen=True, slots=True)
class Told:
    """What happened on a day, in plain words."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the petitioner's page of a case shows of it."""

    number: str
    subject: str
    received: str
    requests: list[str]
    state: PlainState
    owed: list[Owed]
    done: list[Owed]
    rights: list[Owed]
    papers: list[SentPaper]
    messages: list[OwnMessage]
    told: list[Told]
    extension: str
    review: str
    """To whom a review is asked for, with the address, and what to attach; empty where there is none to ask for."""
    parts: list[str]
    sealed: bool
    files: int = 0
    notes: list[str] = field(default_factory=list)


def open_own_case(proven: ProvenCase) -> CaseView:
    """Return the case that was proven, as its petitioner may see it.

    Raises:
        NotVisible: there is no such case any more.
        VaultError: its text can't be read.
    """
    return open_case(proven.actor, proven.number)


def progress_of(case: CaseView) -> Progress:
    """Return what the petitioner's page shows (2 queries beside the case)."""
    facts, day = case.facts, today()
    due = what_is_due(facts, calendar())
    hidden = facts.sealed
    return Progress(
        number=facts.number,
        subject=facts.subject,
        received=chinese_date(facts.received_on),
        requests=[r.text for r in facts.requests],
        state=REPORT_OF_WRONGDOING if hidden else PLAIN_STATES[_state(facts)],
        owed=[] if hidden else [_owed(r, day, PLAIN_CLOCKS) for r in due.running if r.clock.code in PLAIN_CLOCKS],
        done=[] if hidden else [
            _owed(r, day, PLAIN_CLOCKS) for r in due.stopped if r.clock.code in PLAIN_CLOCKS and not r.fell_away
        ],
        rights=[] if hidden else [_owed(r, day, PLAIN_RIGHTS) for r in due.running if r.clock.code in PLAIN_RIGHTS],
        papers=[] if hidden else list(_sent(facts)),
        messages=list(_messages(facts)),
        told=[] if hidden else list(_told(facts)),
        extension="" if hidden else _extension(facts),
        review="" if hidden else _review(facts),
        parts=[] if hidden else [
            f"第{'、'.join(str(r.number) for r in part.requests)}项要求已经分出，另行办理，去向写在分件去向告知书上。"
            for part in facts.parts
        ],
        sealed=hidden,
        files=sum(not f.withdrawn for f in facts.files if not f.by),
    )  # fmt: skip


def _state(facts: Facts) -> State:
    assert facts.state is not None
    return facts.state


def _owed(run: ClockRun, day: date, words: dict[str, str]) -> Owed:
    late = run.overdue(day)
    if run.stopped_on is not None:
        days = (run.stopped_on - run.due.due).days
        state = f"已于{chinese_date(run.stopped_on)}办到" + (f"，超过期限{days}天" if late else "")
    else:
        left = (run.due.due - day).days
        state = f"已超过{-left}天" if left < 0 else "今天到期" if left == 0 else f"还有{left}天"
    return Owed(
        what=words[run.clock.code],
        due=chinese_date(run.due.due),
        state=state,
        late=late,
        provisional=run.due.provisional and run.stopped_on is None,
        derivation=[(chinese_date(d.day), dates_in_chinese(d.why)) for d in run.due.derivation],
        cites=[str(a) for a in run.cites],
    )


def sent_papers(facts: Facts) -> list[PaperFacts]:
    """Return the papers that left the house for the petitioner and weren't taken back."""
    shown = (PaperStage.ISSUED, PaperStage.SERVED)
    return [p for p in facts.papers if PAPERS[p.kind].served and p.left_on is not None and p.stage in shown]


def _sent(facts: Facts) -> Iterator[SentPaper]:
    waiting = may_be_opened(facts)
    for paper in sent_papers(facts):
        yield SentPaper(
            paper.number, paper.kind.label, paper.document_number, chinese_date(paper.left_on), bool(paper.files),
            paper.number in waiting,
        )  # fmt: skip


def _messages(facts: Facts) -> Iterator[OwnMessage]:
    for message, event, answer in conversation(facts):
        yield OwnMessage(
            chinese_date(message.left_on), message.kind.label, event.step.text,
            chinese_date(answer.happened_on) if answer else "", answer.step.text if answer else "",
        )  # fmt: skip


def _told(facts: Facts) -> Iterator[Told]:
    for happened in sorted(facts.history, key=lambda h: (h.happened_on, h.seq)):
        text = _plain(happened, facts)
        if text:
            yield Told(chinese_date(happened.happened_on), text)


def _plain(happened: CaseEvent, facts: Facts) -> str:
    if not happened.took_effect:
        return ""
    if happened.code in (StepCode.SEND_PAPER, StepCode.SERVE_PAPER):
        paper = facts.paper(happened.step.paper)
        if paper is None or not PAPERS[paper.kind].served:
            return ""
        return f"{'送达' if happened.code == StepCode.SERVE_PAPER else '发出'}{paper.kind.label}"
    if happened.code == StepCode.FOLLOW_REVIEW_REQUEST:
        return str(happened.step.news.label)
    return PLAIN_STEPS.get(StepCode(happened.code), "")


def reviewing_body(facts: Facts) -> str:
    """Return the body above, as the opinion names it with its address; empty before there is one."""
    drafted = facts.last(StepCode.DRAFT_REPLY)
    return str(drafted.step.review_body) if drafted is not None and facts.served_on is not None else ""


def _review(facts: Facts) -> str:
    body = reviewing_body(facts)
    if not body or facts.review_stage:
        return ""
    return f"请求复查找：{body}。附上书面意见的复印件，写明不同意什么、要求怎样改。在这里提出的，由本厅登记并转送。"


def _extension(facts: Facts) -> str:
    granted = facts.last(StepCode.GRANT_EXTENSION)
    if granted is None or not facts.extended_days:
        return ""
    return f"因情况复杂，办理期限延长{facts.extended_days}日。理由：{granted.step.reason}"
