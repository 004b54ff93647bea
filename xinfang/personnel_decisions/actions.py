"""Recording a decision about a unit or a member of staff, and a second person's word on it (H19, H20).

Nothing decides by itself.
"""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import directory, staff_with_role
from xinfang.attachments.actions.attach import require_no_virus, write_content
from xinfang.attachments.filecheck import CheckedFile, NotAccepted, check_file
from xinfang.attachments.page_images import RENDERABLE_KINDS
from xinfang.audit.actions import audit_log
from xinfang.calendars.queries import calendar
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.notifications.actions import end_notifications, notify
from xinfang.personnel_decisions.series import DECISIONS
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.personnel_decisions import (
    CONFIRMS_DECISIONS,
    DecisionContextFacts,
    DecisionQuestion,
    RecordedDecision,
    why_not_confirmed,
    why_not_recorded,
)
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

from .models import Decision, DecisionAnswer, DecisionKey
from .queries import decisions as rewards


@translate_disk_full
def record_decision(
    what: RecordedDecision,
    data: bytes,
    name: str,
    *,
    by: Actor,
    staff: Staff,
    idempotency_key: str = "",
    now: datetime | None = None,
) -> Decision:
    """Keep a decision with its file. `idempotency_key` makes a form that is sent twice one record.

    Raises:
        Refused: it may not be recorded, with every reason.
        NotAccepted: the file isn't taken, with a sentence about it.
        IntegrityError: the database refuses the row, and not because the same form was sent at the same moment.
    """
    if idempotency_key and (before := Decision.objects.filter(key=idempotency_key).first()):
        return before
    now = now or timezone.now()
    _check(what, by, now)
    checked = _checked(data, name, staff)
    fresh_key, wrapped = keyring().new_key()
    fresh = write_content(data, fresh_key)
    try:
        with transaction.atomic():
            corrected = Decision.objects.select_for_update().filter(number=what.corrects).first()
            # Under the lock: what may be corrected once is corrected once.
            _check(what, by, now)
            number, digest = DECISIONS.next(today(now).year), sm3(data).hex()
            row = Decision.objects.create(
                number=number,
                decided_on=what.decided_on,
                concerns=rewards.concerned_mark(unit=what.unit, person=what.person),
                corrects=corrected,
                by=staff,
                at=now,
                sealed=rewards.encrypt_content(what, checked.name, checked.kind.code, fresh_key),
                file_address=file_store.content_address(number, digest),
                file_digest=digest,
                file_size=len(data),
                key=idempotency_key or None,
            )
            DecisionKey.objects.create(decision=row, wrapped_key=wrapped)
            audit_log.record(staff, rewards.RECORDED, number, digest=_digest(row))
            others = [pk for pk in staff_with_role(CONFIRMS_DECISIONS, (), today(now)) if pk != staff.pk]
            words = f"有一条奖惩记录等待确认：{number}。"
            notify(others, None, kind="decision_waiting", text=words, about=f"decision:{number}", now=now)
            # Last, as a row that was refused leaves no file behind.
            file_store.move_into_place(fresh, row.file_address)
            return row
    except IntegrityError:
        # The same form, sent twice at one moment: the other one was first.
        if idempotency_key and (before := Decision.objects.filter(key=idempotency_key).first()):
            return before
        raise
    finally:
        file_store.remove_file(fresh)


@translate_disk_full
@transaction.atomic
def answer_decision(
    number: str, word: SecondPerson, *, by: Actor, staff: Staff, now: datetime | None = None
) -> DecisionAnswer:
    """Keep the second person's word: they agree, or not and why.

    Raises:
        NotVisible: this person doesn't read such a decision.
        Refused: they may not confirm it, with every reason.
    """
    now = now or timezone.now()
    Decision.objects.select_for_update().filter(number=number).first()
    row = rewards.readable_decisions(by).filter(number=number).first()
    if row is None:
        raise NotVisible(number)
    what = rewards.decrypt_decision(row).what
    if reasons := why_not_confirmed(rewards.decision_facts(row, what), by, agree=word.agree, opinion=word.opinion):
        raise Refused(reasons)
    sealed = rewards.encrypt_opinion(word.opinion, row.kept_key.open())
    said = DecisionAnswer.objects.create(decision=row, agree=word.agree, sealed=sealed, by=staff, at=now)
    digest = rewards.digest_of_answer(number, word.agree, staff.get_username(), now, sealed)
    audit_log.record(staff, rewards.CONFIRMED if word.agree else rewards.REFUSED, number, digest=digest)
    verb = "已经确认" if word.agree else "未获同意"
    end_notifications(None, {f"decision:{number}": f"此项记录{verb}"}, now)
    notify([row.by_id], None, kind="decision_answered", text=f"您记录的奖惩决定 {number} {verb}。", now=now)
    if word.agree:
        words = f"有一项与您或您所在单位有关的决定已经确认，请在“奖惩记录”中查看：{number}。"
        notify(_concerned(what, now), None, kind="decision_confirmed", text=words, now=now)
    return said


def log_file_access(decision: Decision, *, staff: Staff) -> None:
    """Write down that somebody opened the file of a decision: who read what about whom can be asked later."""
    with transaction.atomic():
        audit_log.record(staff, rewards.OPENED, decision.number)


def _concerned(what: RecordedDecision, now: datetime) -> list[int]:
    if what.person:
        return list(Staff.objects.filter(username=what.person).values_list("pk", flat=True))
    unit_ids = list(Unit.objects.filter(code=what.unit).values_list("pk", flat=True))
    return staff_with_role([Role.UNIT_HEAD], unit_ids, today(now)) if unit_ids else []


def _check(what: RecordedDecision, by: Actor, now: datetime) -> None:
    """Check that this may be recorded.

    Raises:
        Refused: it may not, with every reason.
    """
    old = rewards.readable_decisions(by).filter(number=what.corrects).first() if what.corrects else None
    again = old is not None and old.corrected_by.exclude(answer__agree=False).exists()
    seen = bool(rewards.what_is_about(by, what.about))
    given = DecisionContextFacts(
        about_seen=seen, corrected=rewards.decision_facts(old) if old else None, corrected_already=again
    )
    question = DecisionQuestion(
        step=what,
        facts=Facts(),
        actor=by,
        today=today(now),
        calendar=calendar(),
        directory=directory(today(now)),
        given=given,
    )
    if reasons := why_not_recorded(question):
        raise Refused(reasons)


def _checked(data: bytes, name: str, staff: Staff) -> CheckedFile:
    checked = check_file(data, name, most=settings.UPLOAD_MB * 2**20)
    if checked.kind.code not in RENDERABLE_KINDS:
        raise NotAccepted("决定文件应当是 PDF 或扫描图片，以便以后原样查看。请另存为 PDF 或扫描后再提交。")
    require_no_virus(data, "", staff)
    return checked


def _digest(row: Decision) -> str:
    return rewards.digest_of(
        row.number,
        row.decided_on,
        row.concerns,
        row.corrects.number if row.corrects else "",
        row.by.get_username(),
        row.at,
        bytes(row.sealed),
        row.file_address,
        row.file_digest,
        row.file_size,
    )
