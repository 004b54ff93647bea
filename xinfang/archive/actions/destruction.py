"""The destruction of a file, which erases the person and leaves the chain valid.

Destroyed are the keys, and with them everything encrypted under them (personal fields, the text of events, papers,
attachments and their names), the files themselves, the text of events itself, the case's words in other rows, drafts,
and its entry in the search index. What remains is that it happened: the events with their hashes, which say what was
done and when, and nothing that was written. Copies in backups are destroyed with those backups.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Model

from xinfang.attachments.models import Attachment, OcrJob, Upload
from xinfang.cases.actions.decided_step import prove_end
from xinfang.cases.models import Deadline, EventText, Petition, Petitioner, Request
from xinfang.core import file_store
from xinfang.papers.models import PaperText
from xinfang.search import index as search_index
from xinfang.search.answered import NOTHING
from xinfang.search.index_merge import merge_index
from xinfang.web.models import Draft

DESTROYED_SUBJECT = "（已按保管期限销毁）"
"""What lists show in place of what the case was about."""
_ERASED: dict[type[Model], dict[str, object]] = {
    Petition: {
        "subject": DESTROYED_SUBJECT,
        "body": "",
        "sender": "",
        "sender_number": "",
        "external_number": "",
        "inquiry_mark": "",
        "inquiry_sealed": None,
        "reception_place": "",
    },
    Petitioner: {
        "name": "",
        "name_sealed": None,
        "phone_sealed": None,
        "address_sealed": None,
        "id_number_sealed": None,
        "language": "",
    },
    Request: {"text": "", "finding": "", "basis": "", "changed": "", "carried_out": ""},
    # Nothing is to be warned of any more.
    Deadline: {"next_alert": None},
}
"""What is left in the columns of a destroyed file."""
_together: ContextVar[bool] = ContextVar("files are destroyed together", default=False)


def erase_case(petition: Petition) -> None:
    """Erase what the destruction of a file takes with it.

    Called with the case locked, in the transaction of the step.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What is overwritten or removed is overwritten on the disk, too.
            cursor.execute("PRAGMA secure_delete = ON")
    gone: list[Path] = [file_store.path_of(a) for a in petition.attachments.values_list("address", flat=True)]
    petition.wrapped_key = None
    EventText.objects.filter(event__petition=petition).delete()
    for model, values in _ERASED.items():
        if model is not Petition:
            model._default_manager.filter(petition=petition).update(**values)
    for field, value in _ERASED[Petition].items():
        setattr(petition, field, value)
    prove_end(petition)
    petition.save(update_fields=["wrapped_key", "head_mac", *_ERASED[Petition]])
    OcrJob.objects.filter(attachment__petition=petition).update(text_sealed=None)
    PaperText.objects.filter(paper__petition=petition).delete()
    Upload.objects.filter(petition=petition).delete()
    Attachment.objects.filter(petition=petition).update(wrapped_key=None, name_sealed=b"")
    Draft.objects.filter(form__contains=petition.number).delete()
    search_index.index_petition(petition, requests=[], people=[])
    search_index.index_answers(petition.pk, NOTHING)
    transaction.on_commit(lambda: _remove(gone))


def erase_rows(rows: Iterable[Model]) -> None:
    """Erase the same in rows that were made again from the events and are not saved."""
    for row in rows:
        for field, value in _ERASED.get(type(row), {}).items():
            setattr(row, field, value)


def _remove(gone: list[Path]) -> None:
    for file in gone:
        file_store.remove_file(file)
    if not _together.get():
        wipe_erased_pages()


@contextmanager
def wipe_once_at_the_end() -> Iterator[None]:
    """Wipe what was erased from the disk once, at the end of destroying several files."""
    token = _together.set(True)
    try:
        yield
    finally:
        _together.reset(token)
        wipe_erased_pages()


def wipe_erased_pages() -> None:
    """Take what was erased out of the pages of the index and of the write-ahead log."""
    merge_index()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # Others may be reading just now; the next checkpoint does the rest.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
