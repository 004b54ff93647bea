"""The papers that the steps of a demo case owe: made, checked, signed, numbered, and posted or handed over.

What a step of today owes stays where it is, so that the inboxes of the demo show a paper on its way.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count

from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers.actions.paper_texts import decide_on_paper, issue_paper, make_paper, may_issue, submit_paper
from xinfang.papers.models import Paper
from xinfang.procedure.actor_rules import ActorRule
from xinfang.procedure.facts import Actor, CaseEvent, Facts
from xinfang.procedure.papers import PAPERS, UNFINISHED_STAGES, checkers, goes_to_each, signers
from xinfang.procedure.rules import Refused
from xinfang.procedure.steps.papers import CheckPaper, SignPaper
from xinfang.procedure.steps.service import SendPaper
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import DispatchMethod, PaperKind, PaperStage

BETWEEN_ACTS = timedelta(minutes=3)
"""From one act on a paper to the next."""


def send_what_is_owed(number: str, when: datetime, *, clerk: Actor, people: Iterable[Callable[[], Actor]]) -> None:
    """Take each paper that leaves the house, and that a step of this case owes, as far as the post office.

    `when` is the aware time of the step; `people` make the actors among whom checkers and signers are found.
    """
    times = (when + n * BETWEEN_ACTS for n in count(1))
    for kind, owed_by in list(_owed(_facts(number))):
        paper = _made(number, kind, owed_by, clerk, next(times))
        _as_far_as_issued(number, paper, clerk, people, times)
        _post(number, paper.place, kind, clerk, next(times))


def _facts(number: str) -> Facts:
    return facts_of(Petition.objects.get(number=number))


def _owed(facts: Facts) -> Iterator[tuple[PaperKind, int]]:
    """Yield what leaves the house and hasn't left yet, with the event that owes it."""
    told = facts.contact_clear_since is not None
    for event in facts.history:
        for kind in event.owes:
            leaves = PAPERS[kind].outward and not event.tells_without_paper and (told or not PAPERS[kind].served)
            if leaves and not facts.sealed and not _left(kind, event, facts):
                yield kind, event.seq


def _left(kind: PaperKind, event: CaseEvent, facts: Facts) -> bool:
    return any(p.kind is kind and p.owed_by == event.seq and p.left_on for p in facts.papers)


def _made(number: str, kind: PaperKind, owed_by: int, clerk: Actor, now: datetime) -> Paper:
    made = Paper.objects.filter(petition__number=number, kind=kind.value, owed_by=owed_by).first()
    return made or make_paper(number, kind, by=clerk, owed_by=owed_by, now=now)


def _as_far_as_issued(
    number: str, paper: Paper, clerk: Actor, people: Iterable[Callable[[], Actor]], times: Iterator[datetime]
) -> None:
    while (facts := _facts(number)) and (known := facts.paper(paper.place)) and known.stage in UNFINISHED_STAGES:
        paper.refresh_from_db()
        now = next(times)
        if known.stage is PaperStage.DRAFT:
            submit_paper(number, paper.place, by=clerk, revision=paper.revision, now=now)
        elif known.stage is PaperStage.SIGNED:
            assert may_issue(facts, paper.place, clerk)
            issue_paper(number, paper.place, by=clerk, now=now)
        else:
            checks = known.stage is PaperStage.CHECKING
            whos = (checkers if checks else signers)(known.kind, facts)
            step = CheckPaper(paper=paper.place) if checks else SignPaper(paper=paper.place)
            _decided(number, paper, step, whos, facts, people, now)


def _decided(
    number: str,
    paper: Paper,
    step: CheckPaper | SignPaper,
    whos: tuple[ActorRule, ...],
    facts: Facts,
    people: Iterable[Callable[[], Actor]],
    now: datetime,
) -> None:
    """Let the first decide who is asked; where that is who submitted it, the one who acts in their place."""
    everybody = [make() for make in people]
    asked = [actor for who in whos for actor in everybody if who.includes(actor, facts)]
    for by in (*asked, *everybody):
        try:
            decide_on_paper(number, paper.place, step, by=by, revision=paper.revision, now=now)
            return
        except (Refused, NotVisible) as e:
            why = e
    raise why


def _post(number: str, place: int, kind: PaperKind, clerk: Actor, now: datetime) -> None:
    by_post = PAPERS[kind].served
    facts = _facts(number)
    paper = facts.paper(place)
    step = SendPaper(
        paper=place,
        persons=tuple(sorted(facts.still_to_get(paper))) if paper and goes_to_each(paper) else (),
        sent_on=today(now),
        method=DispatchMethod.POST if by_post else DispatchMethod.EXCHANGE,
        mail_number=_mail_number(number, place) if by_post else "",
    )
    perform(step, number, by=clerk, now=now)


def _mail_number(number: str, place: int) -> str:
    """Return an invented number of the post office."""
    return f"XA{int(number[-6:]) * 100 + place:08d}15"
