"""The destruction of a file, which erases the person and leaves the chain whole.

Destroyed are the keys, and with them everything sealed under them (personal fields, the text of events, papers, attachments and
their names), the files themselves, the text of events itself, the case's words in other rows, drafts, and its place in the search
index. What remains is that it happened: the events with their hashes, which say what was done and when, and nothing that was written. Copies in backups go with those backups.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.db import connection, transaction

from xinfang.attachments.models import Attachment, Reading, Upload
from xinfang.cases.models import Deadline, EventText, Petition, Petitioner, Request
from xinfang.core import files
from xinfang.papers.models import PaperText
from xinfang.search import index as search_index
from xinfang.search.erasing import forget_for_good
from xinfang.web.models import Draft

SUBJECT = "（已按保管期限销毁）"
"""What stands in lists in place of what the case was about."""
_together: ContextVar[bool] = ContextVar("files are destroyed together", default=False)


def erase(petition: Petition) -> None:
    """Erase what the destruction of a file takes with it; called with the case locked, in the transaction of the step."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What is overwritten or removed is overwritten on the disk, too.
            cursor.execute("PRAGMA secure_delete = ON")
    gone: list[Path] = [files.place_of(a) for a in petition.attachments.values_list("address", flat=True)]
    petition.subject, petition.wrapped_key = SUBJECT, None
    petition.body = petition.external_number = petition.inquiry_code = petition.reception_place = ""
    petition.save(
        update_fields=["subject", "wrapped_key", "body", "external_number", "inquiry_code", "reception_place"]
    )
    Petitioner.objects.filter(petition=petition).update(
        name="", name_sealed=None, phone_sealed=None, address_sealed=None, id_number_sealed=None, language=""
    )
    EventText.objects.filter(event__petition=petition).delete()
    Request.objects.filter(petition=petition).update(text="", finding="", basis="", carried_out="")
    Reading.objects.filter(attachment__petition=petition).update(text_sealed=None)
    PaperText.objects.filter(paper__petition=petition).delete()
    Upload.objects.filter(petition=petition).delete()
    Attachment.objects.filter(petition=petition).update(wrapped_key=None, name_sealed=b"")
    Draft.objects.filter(form__contains=petition.number).delete()
    # Nothing is to be warned of any more.
    Deadline.objects.filter(petition=petition).update(next_alert=None)
    search_index.put(petition, requests=[], people=[])
    transaction.on_commit(lambda: _remove(gone))


def _remove(gone: list[Path]) -> None:
    for file in gone:
        files.drop(file)
    if not _together.get():
        wipe()


@contextmanager
def together() -> Iterator[None]:
    """Several files are destroyed one after the other: what was erased is wiped from the disk once, at the end."""
    token = _together.set(True)
    try:
        yield
    finally:
        _together.reset(token)
        wipe()


def wipe() -> None:
    """Take what was erased out of the pages of the index and of the write-ahead log."""
    forget_for_good()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # Others may be reading just now; the next checkpoint does the rest.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
