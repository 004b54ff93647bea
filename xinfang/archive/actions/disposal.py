"""Disposal lists: the archive room proposes files whose period is over, the head of the office decides on each list.

Each case has the proposal and the decision as steps of its own; the list only binds them together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import staff_with_role
from xinfang.archive.actions.destruction import wipe_once_at_the_end
from xinfang.archive.models import ArchiveVolume, DisposalList
from xinfang.archive.series import DISPOSALS
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.perform import perform
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.notifications.actions import end_notifications, notify
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_schema import InvalidAnswer, load_step
from xinfang.procedure.steps.retention import Destroy
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role

MAX_FILES_PER_LIST = 200
"""Files on one list, so that a person can look at each."""


@dataclass(frozen=True)
class DisposalOutcome:
    """How a decision went: the numbers of the cases it took effect on, and sentences for those where it could not."""

    done: tuple[str, ...]
    left: tuple[str, ...]


@translate_disk_full
def propose_disposal(numbers: Iterable[str], *, reason: str, by: Actor, staff: Staff) -> DisposalList:
    """Put files on a new list and propose the destruction of each; all of them or none.

    Raises:
        AdminChangeRefused: no files, too many, or one that may not be destroyed; with every reason.
    """
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise AdminChangeRefused("没有选择案卷。请先勾选要列入销毁清单的案卷。")
    if len(wanted) > MAX_FILES_PER_LIST:
        raise AdminChangeRefused(f"一份清单最多 {MAX_FILES_PER_LIST} 卷，这次选了 {len(wanted)} 卷。请分成几份。")
    try:
        step = load_step(Destroy, {"reason": reason})
    except InvalidAnswer as e:
        raise AdminChangeRefused(*e.problems.values()) from None
    wrong = []
    with transaction.atomic():
        now = timezone.now()
        made = DisposalList.objects.create(
            number=DISPOSALS.next(today(now).year), reason=step.reason, proposed_by=staff, proposed_at=now
        )
        for number in wanted:
            try:
                done = perform(step, number, by=by, now=now)
            except Refused as e:
                wrong += [f"{number}：{r}" for r in e.reasons]
            except NotVisible:
                wrong.append(f"{number}：没有这一件。")
            else:
                ArchiveVolume.objects.filter(petition=done.petition).update(listed=made)
        if wrong:
            raise AdminChangeRefused(*wrong)
        audit_log.record(staff, "提出销毁清单", made.number, files=len(wanted))
        words = f"有一份档案销毁清单等待您审批：{made.number}，共 {len(wanted)} 卷。"
        heads = [pk for pk in staff_with_role([Role.OFFICE_HEAD], (), today(now)) if pk != staff.pk]
        notify(heads, None, kind="disposal_waiting", text=words, about=f"disposal:{made.pk}", now=now)
    return made


def decide_disposal(made: DisposalList, *, agree: bool, opinion: str, by: Actor, staff: Staff) -> DisposalOutcome:
    """Agree to a list, or refuse it and say why.

    Each file is a transaction of its own: what was done stays done, the rest can be decided again.

    Raises:
        AdminChangeRefused: the list was decided already, this person may not decide on it, or the reason is missing.
    """
    if made.outcome:
        raise AdminChangeRefused(f"清单 {made.number} {made.get_outcome_display()}，不必再办。请刷新后查看。")
    if not by.has(Role.OFFICE_HEAD):
        raise AdminChangeRefused("销毁清单由办公室主任审批，您目前没有这项职责。")
    if made.proposed_by_id == staff.pk:
        raise AdminChangeRefused("自己提出的清单须由另一人审批。")
    try:
        step = load_step(SecondPerson, {"agree": agree, "opinion": opinion})
    except InvalidAnswer as e:
        raise AdminChangeRefused(*e.problems.values()) from None
    if not step.agree and not step.opinion:
        raise AdminChangeRefused("不同意的，请写明理由，机要室会看到。")
    done, left = [], []
    with wipe_once_at_the_end():
        for number in _waiting(made):
            try:
                perform(step, number, by=by, code=Destroy.rule.code)
            except Refused as e:
                left += [f"{number}：{r}" for r in e.reasons]
            except NotVisible:
                # The proposer sees it, the head doesn't: they recused themselves, or it complains of them.
                left.append(f"{number}：您应当回避此件，请由代行办公室主任职责的人员审批。")
            else:
                done.append(number)
    _close(made, step, staff, len(done))
    return DisposalOutcome(tuple(done), tuple(left))


def _waiting(made: DisposalList) -> list[str]:
    """Return the files of a list that nobody has decided on yet."""
    found = []
    for file in made.files.select_related("petition").order_by("volume"):
        if file.destroyed_on is None and Destroy.rule.code in facts_of(file.petition).pending:
            found.append(file.petition.number)
    return found


@transaction.atomic
def _close(made: DisposalList, step: SecondPerson, staff: Staff, count: int) -> None:
    row = DisposalList.objects.select_for_update().get(pk=made.pk)
    if not row.outcome and not _waiting(row):
        outcome = DisposalList.Outcome
        row.outcome = outcome.APPROVED if step.agree else outcome.REFUSED
        row.decided_by, row.decided_at, row.opinion = staff, timezone.now(), step.opinion
        row.save(update_fields=["outcome", "decided_by", "decided_at", "opinion"])
        words = f"销毁清单 {row.number}：{row.get_outcome_display()}。"
        end_notifications(None, {f"disposal:{row.pk}": f"此清单{row.get_outcome_display()}"}, row.decided_at)
        notify([row.proposed_by_id], None, kind="disposal_decided", text=words, now=timezone.now())
    if count:
        audit_log.record(staff, "批准销毁" if step.agree else "不同意销毁", row.number, files=count)
