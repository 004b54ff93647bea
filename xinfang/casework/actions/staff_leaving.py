"""When somebody leaves, their open work goes to somebody else.

It goes case by case, through `perform`, so that each case says why.
"""

from dataclasses import dataclass

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import CaseVisibility, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused, Step
from xinfang.procedure.step_schema import StaffCode, clean_text
from xinfang.procedure.steps.supervision import ChangeHandler, ChangeLeader
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role, State


@dataclass(frozen=True)
class ReassignedWork:
    """The numbers that went over, and those that could not with every reason."""

    moved: tuple[str, ...]
    refused: tuple[tuple[str, tuple[str, ...]], ...]


def reassign_open_work(staff: Staff, to: Staff, *, reason: str, by: Staff) -> ReassignedWork:
    """Give `to` every open petition that `staff` handles or leads, as far as `by` may see it and the rules allow it.

    Each petition is its own transaction: one that is refused stays where it was and is reported.

    Raises:
        AdminChangeRefused: `by` may not do this, `to` can't take the work over, or the reason is missing or too long.
    """
    actor = actor_of(by)
    _check(staff, to, actor)
    try:
        reason = clean_text(reason, "理由", 2000, lines=True)
    except ValueError as e:
        raise AdminChangeRefused(str(e)) from None
    if not reason:
        raise AdminChangeRefused("请填写“理由”。")
    seen = visible_to(actor)
    code = StaffCode(to.get_username())
    work: list[tuple[str, Step]] = [
        (n, ChangeHandler(handler=code, reason=reason))
        for n in seen.filter(handler=staff, state__in=[s.value for s in ChangeHandler.rule.when])
        .order_by("id")
        .values_list("number", flat=True)
    ]
    work += [(n, ChangeLeader(leader=code, reason=reason)) for n in _led(staff, actor)]
    moved: list[str] = []
    refused: list[tuple[str, tuple[str, ...]]] = []
    for number, step in work:
        try:
            perform(step, number, by=actor)
            moved.append(number)
        except Refused as r:
            refused.append((number, tuple(map(str, r.reasons))))
        except NotVisible:
            # It was sealed between the list and the step.
            continue
    who = f"{staff.name}（{staff.get_username()}）"
    audit_log.record(by, "移交在办事项", who, to=str(code), reason=reason, moved=len(moved), refused=len(refused))
    return ReassignedWork(tuple(dict.fromkeys(moved)), tuple(refused))


def _check(staff: Staff, to: Staff, actor: Actor) -> None:
    if not actor.has(Role.OFFICE_HEAD, Role.OFFICE, Role.UNIT_HEAD):
        raise AdminChangeRefused("移交在办事项由办公室或处室（单位）负责人办理，您目前没有这项职责。")
    if staff.pk == to.pk:
        raise AdminChangeRefused("接手人不能是本人。")
    if not actor_of(to).duties:
        raise AdminChangeRefused(f"{to.name}目前没有任何职责，不能接手。")


def _led(staff: Staff, actor: Actor) -> list[str]:
    """Return the petitions this leader leads, and those that wait for their word."""
    states = [s.value for s in ChangeLeader.rule.when]
    seen = visible_to(actor)
    led = list(seen.filter(responsible_leader=staff, state__in=states).order_by("id").values_list("number", flat=True))
    asked = Petition.objects.filter(
        pk__in=CaseVisibility.objects.filter(staff=staff, why=CaseVisibility.Why.INSTRUCTS).values("petition_id")
    )
    waiting = [
        p.number
        for p in seen.filter(pk__in=asked.values("pk"), state=State.PROPOSED.value).order_by("id")
        if facts_of(p).proposed_leader == staff.get_username()
    ]
    return [*led, *(n for n in waiting if n not in led)]
