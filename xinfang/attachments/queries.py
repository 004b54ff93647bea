"""The attachments of a case as its page shows them, and the scans that wait for a registration."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.filecheck import ACCEPTED_KINDS_TEXT, FILE_KINDS, MAIL_KINDS, accept_attribute
from xinfang.attachments.models import Attachment, OcrJob, Upload
from xinfang.attachments.models.uploads import CHUNK_BYTES, in_display_order
from xinfang.attachments.page_images import RENDERABLE_KINDS
from xinfang.cases.models import Petition
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.rules import DecisionContext, case_reasons
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.attachments import PAGED_KINDS, Attach, WithdrawAttachment
from xinfang.procedure.steps.scanned_papers import FilePaperScan, waiting_scans
from xinfang.procedure.visibility import may_open
from xinfang.procedure.words import Material, Role
from xinfang.web.dates import short_date

PLAYED = {"mp3": "audio", "wav": "audio", "aac": "audio", "m4a": "audio", "mp4": "video", "3gp": "video"}
"""Kinds that a browser plays, and how; amr it doesn't."""
OCR_DONE_TEXT = "已识别文字，可以搜索"


class ReadingView(TypedDict):
    """How far a scan was read; `again` while there is more to wait for."""

    words: str
    again: bool
    failed: bool
    done: int
    pages: int


class FileLine(TypedDict):
    """An attachment in the list of its case; `played` is audio or video where the page can play it."""

    place: int
    name: str
    number: str
    there: bool
    shown: bool
    played: str
    mail: bool
    facts: str
    digest: str
    withdrawn: str
    withdraw_url: str
    file_url: str
    reading: ReadingView | None


class FilesPanel(TypedDict):
    """The attachments on the page of a case."""

    rows: list[FileLine]
    of_papers: list[FileLine]
    may_add: bool
    unfinished: list[str]
    uses: list[tuple[str, str, bool]]
    accept: str
    taken: str
    most: int
    piece: int


def attachments_panel(
    petition: Petition, facts: Facts, actor: Actor, day: date, calendar: Calendar, directory: Directory
) -> FilesPanel:
    """Return what the panel of attachments shows.

    That is the list (1 query, none for a case without attachments), what this person hasn't finished sending (1 query),
    and whether this person may add one.
    """
    question = DecisionContext(step=None, facts=facts, actor=actor, today=day, calendar=calendar, directory=directory)
    may_withdraw = not case_reasons(WithdrawAttachment.rule, question)
    may_file = not case_reasons(FilePaperScan.rule, question) and StepCode.FILE_PAPER_SCAN not in facts.pending
    to_file = {f.number for f in waiting_scans(facts) if f.kind in PAGED_KINDS} if may_file else set()
    any_of_them = actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.SEALED_OFFICER)
    rows: list[FileLine] = []
    known = {f.number: f for f in facts.files}
    found = in_display_order(petition.attachments.select_related("event__by", "withdrawal__by", "view", "reading"))
    for row in found if known else ():
        fact = known[row.place]
        if not may_open(actor, facts, fact):
            continue
        mine = any_of_them or fact.by in actor.codes
        may = {StepCode.WITHDRAW_ATTACHMENT: mine and may_withdraw and not fact.withdrawn}
        may[StepCode.FILE_PAPER_SCAN] = row.place in to_file
        rows.append(_row(petition, row, facts, day, [code for code in may if may[code]]))
    may_add = not case_reasons(Attach.rule, question)
    unfinished = Upload.objects.filter(petition=petition, staff__username=actor.code, added=None) if may_add else ()
    of_papers = [r for r in rows if facts.frozen_as(r["digest"])]
    return {
        "rows": [r for r in rows if r not in of_papers],
        "of_papers": of_papers,
        "may_add": may_add,
        "unfinished": [u.name for u in unfinished],
        "uses": [(w.value, w.label, w is Material.OTHER) for w in Material],
        "accept": accept_attribute(FILE_KINDS),
        "taken": ACCEPTED_KINDS_TEXT,
        "most": settings.UPLOAD_MB,
        "piece": CHUNK_BYTES,
    }


def _row(petition: Petition, row: Attachment, facts: Facts, day: date, may: Sequence[StepCode]) -> FileLine:
    assert row.event is not None
    by = row.event.by.name if row.event.by else ""
    added = short_date(timezone.localtime(row.event.recorded_at).date(), day.year)
    withdrawn = ""
    if row.withdrawal is not None:
        when = short_date(timezone.localtime(row.withdrawal.recorded_at).date(), day.year)
        who = row.withdrawal.by.name if row.withdrawal.by else ""
        withdrawn = f"{when} {who}撤下：{facts.history[row.withdrawal.seq - 1].step.reason}"
    number, there = petition.number, row.wrapped_key is not None
    urls = {code: f"{reverse('step', args=[number, code])}?attachment={row.place}" for code in may}
    return {
        "place": row.place,
        "name": row.name,
        "number": number,
        "there": there,
        "shown": there and row.kind in RENDERABLE_KINDS,
        "mail": there and row.kind in MAIL_KINDS,
        "played": PLAYED.get(row.kind, "") if there else "",
        "facts": f"{row.get_what_display()} · {row.file_kind.label} · {size_text(row.size)} · {added} {by}添加",
        "digest": row.digest,
        "withdrawn": withdrawn,
        "withdraw_url": urls.get(StepCode.WITHDRAW_ATTACHMENT, ""),
        "file_url": urls.get(StepCode.FILE_PAPER_SCAN, ""),
        "reading": ocr_progress(getattr(row, "reading", None)) if there else None,
    }


def attachment_at(petition: Petition, place: int) -> Attachment | None:
    """Return the attachment of this number with its event, how it is shown and how far it was read (1 query)."""
    found = petition.attachments.select_related("event", "view", "reading").filter(place=place).first()
    if found is not None:
        found.petition = petition
    return found


def unregistered_scans(staff: Staff) -> QuerySet[Upload]:
    """Return this person's complete scans that no registration has taken yet, with how far they were read (1 query)."""
    return Upload.objects.filter(staff=staff, petition=None, added=None).exclude(kind="").select_related("reading")


def ocr_is_done(reading: OcrJob) -> bool:
    """Tell whether the whole scan was read."""
    return reading.state == OcrJob.State.DONE


def ocr_progress(reading: OcrJob | None) -> ReadingView | None:
    """Tell how far a scan was read, in words; `again` while there is more to wait for."""
    if reading is None:
        return None
    state = OcrJob.State
    if reading.state == state.RUNNING and reading.pages:
        words = f"正在识别文字：第 {min(reading.page_done + 1, reading.pages)} 页，共 {reading.pages} 页"
    else:
        words = {
            state.WAITING: "等待识别文字",
            state.RUNNING: "正在识别文字",
            state.DONE: OCR_DONE_TEXT,
            state.FAILED: f"没有识别文字：{reading.error}",
        }[state(reading.state)]
    return {
        "words": words,
        "again": reading.state in (state.WAITING, state.RUNNING),
        "failed": reading.state == state.FAILED,
        "done": reading.page_done,
        "pages": reading.pages,
    }


def size_text(size: int) -> str:
    """Write a size as 812 字节, 96 KB or 3.4 MB."""
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.0f} KB" if size < 2**20 else f"{size / 2**20:.1f} MB"
