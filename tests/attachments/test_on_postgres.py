"""Attachments on a real PostgreSQL: binary columns, the lock of the case, and two who send the same file at once."""

import threading
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from tests import postgres
from tests.attachments import drawn, made
from tests.world import make_department, register, take, who
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.actions.finished_uploads import attach_upload, move_attachment, rotate_attachment
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Petition
from xinfang.core import file_store
from xinfang.operations.actions import ocr_worker as job
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.search import index
from xinfang.search.finding import find_page


@pytest.fixture
def on_postgres(django_db_blocker, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    with django_db_blocker.unblock(), postgres.server() as description, postgres.as_default(description):
        postgres.migrate()
        make_department()
        yield description


def add(number: str, data: bytes) -> Attachment:
    staff = Staff.objects.get(username="clerk")
    return attach(number, data, "来信.pdf", what=Material.LETTER, by=who("clerk"), staff=staff)


def test_kept_withdrawn_and_read_again(on_postgres):
    number = register(date(2026, 3, 2))
    found = add(number, made.pdf())
    take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=1, reason="传错了")
    again = Attachment.objects.get(pk=found.pk)
    assert again.name == "来信.pdf" and again.withdrawal is not None
    assert b"".join(stores.read_attachment(again)) == made.pdf()
    assert add(number, made.pdf()).place == 2 and file_store.check_files() == []


def test_the_same_file_from_two_at_once_is_one_attachment(on_postgres):
    number = register(date(2026, 3, 2))
    together, outcomes = threading.Barrier(2), []

    def send() -> None:
        with postgres.as_default(on_postgres):
            together.wait()
            try:
                outcomes.append(str(add(number, made.pdf()).place))
            except Refused as e:
                outcomes.append(e.reasons[0].code)
            finally:
                connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["1", "not_attached_already"]
    assert file_store.check_files() == [] and len([p for p in settings.FILES_DIR.rglob("*") if p.is_file()]) == 1


def test_pieces_reading_and_search(on_postgres, monkeypatch):
    """The queue's claims, sealed texts in binary columns, and what search finds of a scan."""
    monkeypatch.setattr(settings, "OCR", True)
    monkeypatch.setattr(job, "_NICE", 0)
    number = register(date(2026, 3, 2))
    staff, case = Staff.objects.get(username="clerk"), Petition.objects.get(number=number)
    data = drawn.pdf_with_text("Grassland subsidy was never paid")
    upload = chunks.begin_upload(staff, case, "a" * 32, name="来信.pdf", size=len(data), what=Material.LETTER)
    assert (
        chunks.begin_upload(staff, case, "a" * 32, name="来信.pdf", size=len(data), what=Material.LETTER).pk
        == upload.pk
    )
    chunks.put_chunk(upload, 0, data)
    row = attach_upload(upload, by=who("clerk"), staff=staff)
    assert b"".join(stores.read_attachment(row)) == data and upload.added == row
    assert job.run_ocr_worker(threading.Event(), once=True) == job.OcrReport(done=1)
    assert [p.number for p in find_page("grassland subsidy", Petition.objects.all(), 5)] == [number]
    move_attachment(row, 1)
    rotate_attachment(row, 90)
    assert index.check_index() == [] and Attachment.objects.select_related("view").get().view.turned == 90
    assert chunks.remove_expired_uploads(timezone.now() + timedelta(days=2)) == 1
