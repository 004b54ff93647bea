"""A department with few petitions made at random: rows as the projections would leave them, without their histories."""

from datetime import date, timedelta
from random import Random

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Deadline, Event, Petition, Request
from xinfang.categories.models import Category
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import FilingReason, Purpose, Source, State

FIRST, TODAY = date(2025, 9, 1), date(2026, 11, 20)
_PLAIN = (
    StepCode.ACCEPT, StepCode.REDIRECT, StepCode.FORWARD, StepCode.OBJECTION_UPHELD, StepCode.REFUSE_FURTHER,
    StepCode.WITHDRAW, StepCode.REOPEN, StepCode.SUPERVISE, StepCode.ANSWER_SUPERVISION, StepCode.SEND_BACK,
    StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_FINAL_REVIEW, StepCode.ASK_TO_MEET, StepCode.ASSIGN,
)  # fmt: skip


def populate(random: Random, count: int, first: date = FIRST) -> None:
    """Add this many petitions, received between a day and today."""
    units = [*Unit.objects.all(), None]
    leaders = [*Staff.objects.filter(duties__role__in=("leader", "principal_leader")).distinct(), None, None]
    categories = [*Category.objects.all()[:40], None]
    offset = Petition.objects.count()
    for n in range(count):
        channel = random.choice(("online", "online", "letter", "letter", "visit", "visit", "phone", "fax"))
        matter = random.choice(("claim", "claim", "claim", "suggestion", "report", ""))
        received = first + timedelta(random.randrange((TODAY - first).days))
        replied = received + timedelta(random.randrange(10, 60)) if random.random() < 0.4 else None
        accepted = replied - timedelta(9) if replied else None
        petition = Petition.objects.create(
            number=f"R{offset + n:05d}",
            state=random.choice([State.HANDLING, State.REGISTERED, State.ARCHIVED, State.CLOSED]).value,
            channel=channel,
            source=random.choice([Source.DIRECT] * 4 + list(Source)).value,
            received_on=received,
            registered_at=f"{received}T09:00+08:00",
            subject="某事",
            group_size=random.choice((1, 1, 1, 2, 4, 7, 12)),
            category=random.choice(categories),
            matter_class=matter,
            sealed=matter == "report",
            purpose=random.choice([p.value for p in Purpose] + [""]) if matter else "",
            repeat_of=Petition.objects.order_by("?").first() if random.random() < 0.3 else None,
            handling_unit=random.choice(units),
            responsible_leader=random.choice(leaders),
            accepted_on=accepted,
            replied_on=replied,
            next_due=TODAY + timedelta(random.randrange(-20, 60)),
            supervised=random.random() < 0.1,
        )  # fmt: skip
        _steps(random, petition, received, replied)


def _steps(random: Random, petition: Petition, received: date, replied: date | None) -> None:
    seq = 0

    def step(code: str, stage: str = "done", on: date | None = None, after: str = "", **data: object) -> None:
        nonlocal seq
        seq += 1
        day = on or received + timedelta(random.randrange(60))
        Event.objects.create(
            petition=petition, seq=seq, code=code, stage=stage, data=data, happened_on=day,
            recorded_at=f"{day}T10:00+08:00", by_role="office", state_before=petition.state,
            state_after=after or petition.state,
        )  # fmt: skip

    step(StepCode.REGISTER, on=received)
    if petition.sealed:
        step(StepCode.HAND_OVER)
        return
    for code in random.sample(_PLAIN, random.randrange(3)):
        step(code)
    if random.random() < 0.1:
        step(StepCode.ROUTE, after=random.choice([State.ROUTED, State.DECLINED]).value)
    if random.random() < 0.15:
        step(StepCode.FILE_WITHOUT_ACTION, "proposed", ground=random.choice(list(FilingReason)).value)
        step(StepCode.FILE_WITHOUT_ACTION, "confirmed")
    if random.random() < 0.2:
        step(StepCode.RATE, office_rating=random.choice((0, 1, 3)), unit_rating=random.choice((0, 1, 3)))
    if random.random() < 0.15:
        step(random.choice((StepCode.FIRST_REVIEW, StepCode.FINAL_REVIEW)), result=random.choice(("upheld", "revoked")))
    if random.random() < 0.1:
        step(StepCode.REPORT_UP, completion=random.random() < 0.5)
    if random.random() < 0.1:
        step(StepCode.DECIDE_MEETING, agree=random.random() < 0.7)
    if replied:
        step(StepCode.ISSUE_REPLY, on=replied - timedelta(1))
        step(random.choice((StepCode.SERVE, StepCode.SEND_PAPER)), on=replied)
        for number in range(random.choice((1, 1, 2, 3))):
            conclusion = random.choice(("support", "explain", "refuse"))
            done = "已执行" if conclusion == "support" and random.random() < 0.5 else ""
            Request.objects.create(
                petition=petition, number=number + 1, text="某项", conclusion=conclusion, carried_out=done
            )
    for clock in random.sample(("notice", "handling", "simple_handling", "suggestion", "rating", "supervision"), 2):
        due = received + timedelta(random.randrange(10, 60))
        stopped = due + timedelta(random.randrange(-9, 9)) if random.random() < 0.7 else None
        Deadline.objects.create(
            petition=petition,
            clock=clock,
            occurrence=1,
            started_on=received,
            due=due,
            alarm=due,
            stopped_on=stopped,
            stopped_by=2 if stopped and random.random() < 0.8 else None,
        )
