"""Drawing the sample of a month."""

from datetime import date, datetime, timedelta

from django.db import transaction

from xinfang.accounts.queries.actors import staff_with_role
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Event
from xinfang.core.clock import today
from xinfang.department.queries import effective_setting
from xinfang.notifications.actions import notify
from xinfang.procedure.steps.sampling import SAMPLED_STEPS
from xinfang.procedure.words import Role

from .models import MonthlySample, SampledDecision

SIZE_SETTING = "monthly_sample"
NOTIFICATION_KIND = "sample"


def draw_monthly_sample(now: datetime) -> int:
    """Draw the sample of last month, from this month's first working day on; returns how many were drawn.

    In the order of the hashes of their events, which nobody chooses: what is drawn can be drawn once more by anybody
    who has the records. 1 query on a day on which it was drawn before.
    """
    day = today(now)
    this_month = day.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    if MonthlySample.objects.filter(month__gte=last_month).exists():
        return 0
    if day < calendar().next_working_day_from(this_month):
        return 0
    decisions = decisions_of(last_month)
    drawn = decisions[: int(effective_setting(SIZE_SETTING, day))]
    with transaction.atomic():
        sample, is_mine = MonthlySample.objects.get_or_create(
            month=last_month, defaults={"drawn_at": now, "decisions": len(decisions)}
        )
        if not is_mine:
            return 0
        SampledDecision.objects.bulk_create(SampledDecision(sample=sample, event_id=pk) for pk in drawn)
        if drawn:
            text = (
                f"{last_month.year}年{last_month.month}月的存信、不予受理、告知共 {len(decisions)} 件，"
                f"抽取 {len(drawn)} 件，请在“抽查”页逐件审看。"
            )
            told = staff_with_role((Role.PRINCIPAL_LEADER,), (), day)
            notify(told, None, kind=NOTIFICATION_KIND, text=text, once=f"sample:{last_month}", now=now)
    return len(drawn)


def decisions_of(month: date) -> list[int]:
    """Return the events by which matters of a month were filed, declined or sent elsewhere, in the order of hashes."""
    ends = (month + timedelta(days=31)).replace(day=1)
    events = Event.objects.filter(
        code__in=SAMPLED_STEPS, stage__in=("done", "confirmed"), happened_on__gte=month, happened_on__lt=ends
    ).exclude(petition__sealed=True)
    return list(events.order_by("hash").values_list("pk", flat=True))
