"""Pictures of an event, and its written report as it was sent.

They are kept encrypted outside the database, their hash in the log.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import require_no_virus, write_content
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.incidents.actions.act import IncidentStepResult, lock_incident, take_incident_step, why_not_at_incident
from xinfang.incidents.models import IncidentFile
from xinfang.incidents.queries.incidents import incident_facts
from xinfang.incidents.report import report_content
from xinfang.papers.pdf import render_pdf
from xinfang.papers.series import next_document_number
from xinfang.papers.source import PaperError
from xinfang.papers.wording import unfilled_blanks
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.facts import Actor
from xinfang.procedure.incidents.on_site import AddPicture
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.incidents.words import ReportStage
from xinfang.procedure.incidents.written import DraftReport, SendReport
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.words import PaperKind
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

_PICTURES = "image/"


@translate_disk_full
def add_picture(
    number: str,
    data: bytes,
    name: str,
    *,
    by: Actor,
    staff: Staff,
    idempotency_key: str = "",
    seen_at: datetime | None = None,
) -> IncidentStepResult:
    """Keep a picture of the place and write its hash into the log.

    Raises:
        NotAccepted: the file is no picture, is too big or damaged, or holds a virus.
        Refused: the rules don't allow it, with all reasons.
        NotVisible: the event isn't this person's to see.
    """
    checked = check_file(data, name, most=settings.UPLOAD_MB * 2**20)
    if not checked.kind.content_type.startswith(_PICTURES):
        raise NotAccepted(f"这里只接收照片，“{checked.kind.label}”请登记信访件后作为附件添加。")
    require_no_virus(data, number, staff)
    step = AddPicture(digest=sm3(data).hex(), kind=checked.kind.code)
    return _kept(
        number, data, checked.kind.code, IncidentFile.What.PICTURE, lambda: step, by, staff, idempotency_key, seen_at
    )


def _kept(
    number: str,
    data: bytes,
    kind: str,
    what: str,
    step: Callable[[], IncidentStep],
    by: Actor,
    staff: Staff,
    key: str,
    seen_at: datetime | None = None,
) -> IncidentStepResult:
    file_key, wrapped = keyring().new_key()
    fresh = write_content(data, file_key)
    try:
        with transaction.atomic():
            incident = lock_incident(number, by)
            acted = take_incident_step(step(), number, by=by, staff=staff, idempotency_key=key, seen_at=seen_at)
            if acted.again:
                return acted
            digest, place = sm3(data).hex(), incident.files.count() + 1
            # A picture sent again on purpose lies there again: its line of the log is another one.
            address = file_store.content_address(f"{number}#{place}", digest)
            IncidentFile.objects.create(
                incident=incident,
                place=place,
                what=what,
                kind=kind,
                size=len(data),
                digest=digest,
                address=address,
                wrapped_key=wrapped,
            )
            # Last, and under the event's lock: everybody who reads the row finds the file.
            file_store.move_into_place(fresh, address)
            return acted
    finally:
        file_store.remove_file(fresh)


def readable_report(text: str) -> None:
    """Check that a draft can become a paper.

    Raises:
        Refused: it can't, with what is wrong in it.
    """
    try:
        render_pdf(report_content(text))
    except PaperError as e:
        raise Refused([Reason(str(e), (REGULATION[25],), "请改正后再提交；您填写的内容仍在本页。", "report")]) from None


@translate_disk_full
def draft_report(number: str, text: str, *, by: Actor, staff: Staff, idempotency_key: str = "") -> IncidentStepResult:
    """Keep the office's draft, checked as a paper before a leader is asked to sign it.

    Raises:
        Refused: it can't become a paper, or the rules don't allow it.
        NotVisible: the event isn't this person's to see.
    """
    readable_report(text)
    return take_incident_step(DraftReport(text=text), number, by=by, staff=staff, idempotency_key=idempotency_key)


@translate_disk_full
def send_report(number: str, body: str, *, by: Actor, staff: Staff, idempotency_key: str = "") -> IncidentStepResult:
    """Give the signed report its number, freeze it as a PDF and write both into the log.

    Raises:
        Refused: the rules don't allow it, or blanks of the text are still to be filled.
        NotVisible: the event isn't this person's to see.
    """
    with transaction.atomic():
        incident = lock_incident(number, by)
        facts = incident_facts(incident)
        if facts.report_stage is ReportStage.SENT and idempotency_key:
            return take_incident_step(
                SendReport(body=body), number, by=by, staff=staff, idempotency_key=idempotency_key
            )
        if reasons := why_not_at_incident(SendReport, incident, facts, by=by):
            raise Refused(reasons)
        if open_blanks := unfilled_blanks(facts.report_text):
            said = "、".join(f"【{b}】" for b in open_blanks)
            raise Refused([Reason(f"专报中还有待填的内容：{said}", (HOUSE_RULES[18],), "请重新拟稿并签发。", "report")])
        series = PAPERS[PaperKind.URGENT_REPORT].series
        given = next_document_number(series, today(timezone.now()).year)
        data = render_pdf(report_content(facts.report_text, number=given))
        step = SendReport(body=body, document_number=given, digest=sm3(data).hex())
        return _kept(number, data, "pdf", IncidentFile.What.REPORT, lambda: step, by, staff, idempotency_key)
