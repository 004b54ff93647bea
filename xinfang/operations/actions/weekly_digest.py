"""The weekly digest: one notice a person and week with how much is open, due, overdue and unanswered. Counts only.

It is given by the first sweep of the week, from the weekday on that is set; a missed day changes nothing, and two
workers give it once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, Q

from xinfang.accounts.models import Absence, Duty, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases.queries.due_columns import late, something_runs, within
from xinfang.cases.queries.petition_filter import ENDED_STATE_CODES, OPEN_STATE_CODES
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import today
from xinfang.department.queries import SETTINGS, effective_setting
from xinfang.notifications.actions import notify_each
from xinfang.procedure.articles import HOUSE_RULES, cite
from xinfang.procedure.calendar import WEEKDAYS
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role
from xinfang.supervision.models import WeeklyDigest

DAY_SETTING = "weekly_digest_day"
NOTIFICATION_KIND = "weekly"
TOLD_OF_WHOLE_DEPARTMENT = (Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
"""Who is told of the whole department; the others of what they lead, or of their unit."""
RECEIVES_DIGEST = (*TOLD_OF_WHOLE_DEPARTMENT, Role.LEADER, Role.UNIT_HEAD)
_WEEK = timedelta(days=7)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DigestNumbers:
    """How many cases are open, due until the week ends (today included), overdue, and pressed without an answer yet."""

    open: int
    due: int
    late: int
    unanswered: int

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell; what is only due this week is open as well."""
        return bool(self.open or self.late or self.unanswered)


def first_day_of_week(day: date) -> date:
    """Return the day on which the week of this day begins by the setting (1 query)."""
    names = [f"星期{name}" for name in WEEKDAYS]
    value = effective_setting(DAY_SETTING, day)
    weekday = names.index(value if value in names else SETTINGS[DAY_SETTING].default)
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def send_weekly_digest(now: datetime) -> int:
    """Give the digest of this week if nobody has; returns to how many people (1 index look-up when it was given)."""
    day = today(now)
    # A week that lies ahead was begun while the clock was; it must not keep this one from being told.
    latest = WeeklyDigest.objects.filter(begins__lte=day).values_list("begins", flat=True).first()
    if latest is not None and day < latest + _WEEK:
        return 0
    begins = first_day_of_week(day)
    if latest is not None and begins < latest + _WEEK:
        # The weekday was changed: a week is never told twice.
        return 0
    # Counted before the transaction, so that nobody waits for it.
    told = {
        pk: numbers for pk, actor in _people(day).items() if (numbers := digest_numbers(actor, day, begins)).anything
    }
    with transaction.atomic():
        _, is_mine = WeeklyDigest.objects.get_or_create(begins=begins, defaults={"sent_at": now, "people": len(told)})
        if not is_mine:
            return 0
        texts = {pk: digest_text(numbers, begins) for pk, numbers in told.items()}
        notify_each(texts, None, kind=NOTIFICATION_KIND, once=f"weekly:{begins}", now=now)
    _log.info("weekly_digest", people=len(told))
    return len(told)


def digest_text(numbers: DigestNumbers, begins: date) -> str:
    """Return the digest in one sentence, without any case, person or unit."""
    return (
        f"{begins.month}月{begins.day}日起一周督办提要：未办结 {numbers.open} 件，本周到期 {numbers.due} 件，"
        f"已超期 {numbers.late} 件，督办未反馈 {numbers.unanswered} 件。详见“督办”页（{cite((HOUSE_RULES[5],))}）。"
    )


def digest_numbers(actor: Actor, day: date, begins: date) -> DigestNumbers:
    """Return what this person's digest says: of the cases they may see, those in their charge (2 queries).

    What is due or late is so in ended cases too, as on the boards: a notice that is still owed, a file to hand in.
    """
    cases = visible_to(actor, each=True).filter(sealed=False)
    if not actor.has(*TOLD_OF_WHOLE_DEPARTMENT):
        # A leader or the head of a unit: only their own cases and those of the person they deputise for.
        units = [d.unit for d in actor.duties if d.role is Role.UNIT_HEAD and d.unit]
        leaders = [d.acting_for or actor.code for d in actor.duties if d.role is Role.LEADER]
        cases = cases.filter(Q(handling_unit__code__in=units) | Q(responsible_leader__username__in=leaders))
    last = begins + _WEEK - timedelta(days=1)
    dated = {
        "due": Count("pk", filter=within(day, (last - day).days)),
        "late": Count("pk", filter=late(day)),
    }
    # Two questions, because one with "or" would read every case there ever was.
    unended = cases.filter(state__in=OPEN_STATE_CODES).aggregate(
        open=Count("pk"), unanswered=Count("pk", filter=Q(supervised=True)), **dated
    )
    ended = cases.filter(something_runs(), state__in=ENDED_STATE_CODES).aggregate(**dated)
    return DigestNumbers(**{name: number + ended.get(name, 0) for name, number in unended.items()})


def _people(day: date) -> dict[int, Actor]:
    """Return who receives one: everybody who holds such a duty today, and their deputies."""
    duties = Duty.objects.on(day).filter(role__in=[r.value for r in RECEIVES_DIGEST], staff__is_active=True)
    held = set(duties.values_list("staff_id", flat=True))
    away = Absence.objects.filter(since__lte=day, until__gte=day, staff__in=held)
    staff = Staff.objects.filter(pk__in=held | set(away.values_list("deputy_id", flat=True)), is_active=True)
    actors = {s.pk: actor_of(s, day) for s in staff.order_by("pk")}
    return {pk: actor for pk, actor in actors.items() if actor.has(*RECEIVES_DIGEST)}
