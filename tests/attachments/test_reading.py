"""Scans are read by a worker of their own.

Claimed once, gone on with after a crash, found by search, never of sealed cases.
"""

import io
import signal
import subprocess
import sys
import threading
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.attachments import drawn, made
from tests.attachments.forms import Form
from tests.urls import url
from tests.world import make_department, register, take, who
from xinfang.accounts.models import Staff
from xinfang.attachments.actions import ocr_jobs as queue
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.models import Attachment, OcrJob
from xinfang.cases.models import Petition
from xinfang.core import background
from xinfang.operations.actions import ocr_worker as job
from xinfang.operations.actions.sweep import run_sweep
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.search import index
from xinfang.search.finding import find_page

DAY = date(2026, 3, 2)
State = OcrJob.State


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    monkeypatch.setattr(settings, "OCR", True)
    monkeypatch.setattr(job, "_NICE", 0)  # a test's own process goes on at its pace
    make_department()
    return register(DAY)


def add(number: str, data: bytes, name: str = "来信.pdf", what: Material = Material.LETTER) -> Attachment:
    staff = Staff.objects.get(username="clerk")
    return attach(number, data, name, what=what, by=who("clerk"), staff=staff)


def work() -> job.OcrReport:
    return job.run_ocr_worker(threading.Event(), once=True)


def hits(words: str) -> set[str]:
    return {p.number for p in find_page(words, Petition.objects.all(), 10)}


@pytest.mark.django_db
class TestQueue:
    def test_pictures_and_pdf_from_outside_are_queued(self, number, monkeypatch):
        add(number, drawn.pdf_with_text("some words of a letter"))
        add(number, made.png(), "图.png")
        add(number, made.docx(), "说明.docx")
        add(number, drawn.pdf_with_text("a paper of our own making"), "告知书.pdf", Material.PAPER)
        assert [r.attachment.place for r in OcrJob.objects.select_related("attachment")] == [1, 2]
        monkeypatch.setattr(settings, "OCR", False)
        add(number, drawn.pdf_with_text("no longer read by us"), "三.pdf")
        assert OcrJob.objects.count() == 2

    def test_what_came_before_is_queued_when_a_worker_starts(self, number, monkeypatch):
        monkeypatch.setattr(settings, "OCR", False)
        add(number, drawn.pdf_with_text("a letter from before"))
        monkeypatch.setattr(settings, "OCR", True)
        assert (queue.queue_ocr_of_older(), queue.queue_ocr_of_older()) == (1, 0)

    def test_one_is_claimed_by_one_worker(self, number):
        add(number, drawn.pdf_with_text("some words of a letter"))
        assert queue.claim_job("one") is not None and queue.claim_job("two") is None

    def test_a_silent_worker_loses_its_claim_and_cannot_write_any_more(self, number):
        add(number, drawn.pdf_with_text("some words of a letter"))
        now = timezone.now()
        first = queue.claim_job("one", now - queue.SILENT - timedelta(seconds=1))
        second = queue.claim_job("two", now)
        assert second.pk == first.pk
        for late in (
            lambda: queue.save_pages(first, ["x"], 1),
            lambda: queue.finish_job(first),
            lambda: queue.fail_job(first, "x"),
        ):
            with pytest.raises(queue.OcrJobLost):
                late()
        queue.save_pages(second, ["words"], 1)
        queue.finish_job(second)
        assert OcrJob.objects.get().texts() == ["words"]

    def test_what_kills_every_worker_is_given_up(self, number):
        add(number, drawn.pdf_with_text("some words of a letter"))
        now = timezone.now()
        for n in range(queue.MAX_OCR_TRIES):
            assert queue.claim_job(f"{n}", now + n * (queue.SILENT + timedelta(minutes=1)))
        assert queue.claim_job("last", now + timedelta(hours=2)) is None
        found = OcrJob.objects.get()
        assert found.state == State.FAILED and "没有读完" in found.error

    def test_after_a_crash_it_goes_on_with_the_next_page(self, number, monkeypatch):
        add(number, drawn.pdf_with_text(*(f"this is page number {n} of the letter" for n in range(1, 5))))
        draw, pages, died = job.render_page_image, [], []

        def dies(data, kind, page, *args, **kwargs):
            pages.append(page)
            if page == 3 and not died:
                died.append(page)
                raise MemoryError
            return draw(data, kind, page, *args, **kwargs)

        monkeypatch.setattr(job, "render_page_image", dies)
        with pytest.raises(MemoryError):
            work()
        left = OcrJob.objects.get()
        assert (left.state, left.page_done, left.pages) == (State.RUNNING, 2, 4)
        OcrJob.objects.update(started_at=timezone.now() - queue.SILENT - timedelta(seconds=1))
        pages.clear()
        assert work() == job.OcrReport(done=1)
        assert pages == [0, 3, 4]
        assert [t.split()[4] for t in OcrJob.objects.get().texts()] == ["1", "2", "3", "4"]

    def test_told_to_stop_it_gives_back_what_it_has(self, number, monkeypatch):
        add(number, drawn.pdf_with_text(*(f"this is page number {n} of the letter" for n in range(1, 4))))
        stop, keep = threading.Event(), queue.save_pages

        def stops(reading, texts, pages):
            keep(reading, texts, pages)
            if len(texts) == 2:
                stop.set()

        monkeypatch.setattr(queue, "save_pages", stops)
        job.run_ocr_worker(stop, once=False)
        left = OcrJob.objects.get()
        assert (left.state, left.page_done, left.tries) == (State.WAITING, 2, 0)
        monkeypatch.setattr(queue, "save_pages", keep)
        assert work().done == 1

    @pytest.mark.parametrize(("name", "data"), [("空.pdf", made.pdf()), ("坏.jpg", made.jpg())])
    def test_what_cannot_be_drawn_says_so_on_the_page(self, number, name, data):
        add(number, data, name)
        assert work() == job.OcrReport(failed=1)
        client = Client()
        client.force_login(Staff.objects.get(username="clerk"))
        page = client.get(url("petition", number)).content.decode()
        assert "没有识别文字" in page and "画不出来" in page

    def test_without_the_extra_a_clear_sentence(self, number, monkeypatch):
        monkeypatch.setitem(sys.modules, "rapidocr", None)
        monkeypatch.setattr(job, "_engine", None)
        add(number, made.png(200, 200), "图.png")
        assert work() == job.OcrReport(failed=1)
        assert "xinfang[ocr]" in OcrJob.objects.get().error

    def test_progress_is_told(self, number):
        add(number, drawn.pdf_with_text("page one of the letter", "page two of the letter"))
        client = Client()
        client.force_login(Staff.objects.get(username="clerk"))

        def line() -> str:
            return client.get(url("file-reading", number, 1)).content.decode()

        assert "等待识别" in line() and "every 4s" in line()
        claimed = queue.claim_job("one")
        queue.save_pages(claimed, ["page one"], 2)
        assert "第 2 页，共 2 页" in line() and "<progress" in line()
        queue.save_pages(claimed, ["page one", "page two"], 2)
        queue.finish_job(claimed)
        assert "可以搜索" in line() and "every" not in line()
        seen = client.get(f"{url('file-see', number, 1)}?page=2").content.decode()
        assert "page two" in seen and "未经核对" in seen and "page one" not in seen


@pytest.mark.django_db
class TestFound:
    TEXT = "Grassland subsidy was never paid, call 13900001111 or 150102199001011234"

    def test_by_search_without_long_numbers_and_after_later_steps(self, number):
        add(number, drawn.pdf_with_text(self.TEXT))
        assert hits("Grassland") == set()
        work()
        assert hits("grassland subsidy") == {number}
        assert hits("13900001111") == set() and hits("19900101") == set()
        take(number, StepCode.CORRECT, "clerk", what="subject", new_value="请求核实补助", reason="改错字")
        assert hits("Grassland") == {number} and index.check_index() == []
        index.rebuild_index()
        assert hits("Grassland") == {number} and index.check_index() == []

    def test_never_of_a_sealed_case(self, number):
        add(number, drawn.pdf_with_text(self.TEXT))
        take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
        assert work().done == 1
        assert hits("Grassland") == set() and index.check_index() == []

    def test_sealed_afterwards_it_is_forgotten(self, number):
        add(number, drawn.pdf_with_text(self.TEXT))
        work()
        take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
        assert hits("Grassland") == set() and index.check_index() == []

    def test_the_text_is_kept_encrypted_and_goes_with_the_files_key(self, number):
        add(number, drawn.pdf_with_text(self.TEXT))
        work()
        row = OcrJob.objects.get()
        assert b"Grassland" not in bytes(row.text_sealed) and "Grassland" in row.texts()[0]
        Attachment.objects.update(wrapped_key=None)
        assert OcrJob.objects.get().texts() == []

    def test_what_was_written_into_a_forms_fields_and_over_its_page(self, number):
        form = Form()
        form.text("请求补发科技特派员补助", drawn=False)
        form.note("收到第二次来信")
        add(number, form.done(), "填写的登记表.pdf")
        assert work() == job.OcrReport(done=1)
        assert hits("补发科技特派员补助") == {number} and hits("收到第二次来信") == {number}

    def test_a_remark_over_a_scan_does_not_stand_for_what_the_scan_says(self, number):
        import pikepdf

        form = Form()
        form.note("以上内容已由窗口人员当面与来访人逐字核对无误", F=4, Rect=[100, 20, 400, 40])
        with pikepdf.open(io.BytesIO(drawn.pdf_of(drawn.letter()))) as scan:
            scan.pages[0].obj.Annots = scan.copy_foreign(form.pdf.make_indirect(form.page.obj.Annots))
            whole = io.BytesIO()
            scan.save(whole)
        add(number, whole.getvalue())
        assert work() == job.OcrReport(done=1)
        assert hits("督促有关单位") == {number} and hits("当面与来访人逐字核对") == {number}

    def test_what_the_picture_says_too_is_given_once(self):
        assert (
            job.joined_text("姓名：巴特尔·苏和\n2026 年", "巴特尔·苏和\n未读出的值")
            == "姓名：巴特尔·苏和\n2026 年\n未读出的值"
        )
        assert job.joined_text("", "值") == "值" and job.joined_text("只有页面", "") == "只有页面"

    def test_a_real_scan_lying_askew(self, number):
        add(number, drawn.pdf_of(drawn.letter(askew=2)))
        assert work() == job.OcrReport(done=1)
        text = OcrJob.objects.get().texts()[0]
        lines = text.split("\n")
        assert lines[0] == "关于科技特派员补助未发放问题的反映信"
        assert lines[2].startswith("　　本人其木格") and "15000000001" in text
        assert hits("督促有关单位") == {number}


@pytest.mark.django_db(transaction=True)
class TestCommand:
    def command(self, *more: str, **env: str) -> subprocess.Popen:
        import os

        with_db = {
            **os.environ,
            "XINFANG_DATABASE_URL": "",
            "XINFANG_OCR": "on",
            "READ_DATABASE": settings.DATABASES["default"]["NAME"],
            "READ_FILES": str(settings.FILES_DIR),
            "READ_KEYS": str(settings.KEYS_DIR),
        }
        program = (
            "import os, sys; from pathlib import Path; from django.conf import settings;"
            "settings.FILES_DIR = Path(os.environ['READ_FILES']); settings.KEYS_DIR = Path(os.environ['READ_KEYS']);"
            "settings.DATABASES['default']['NAME'] = os.environ['READ_DATABASE'];"
            "from xinfang.operations.main import main; sys.exit(main(sys.argv[1:]))"
        )
        command = [sys.executable, "-c", program, "read-scans", "--json", *more]
        return subprocess.Popen(
            command, env={**with_db, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def test_two_at_once_read_each_once(self, number):
        for n in range(6):
            add(number, drawn.pdf_with_text(f"letter number {n} with its words"), f"{n}.pdf")
        both = [self.command("--once") for _ in range(2)]
        said = [one.communicate(timeout=120) for one in both]
        assert [one.returncode for one in both] == [0, 0], said
        import json

        assert sum(json.loads(out)["done"] for out, _ in said) == 6
        assert set(OcrJob.objects.values_list("state", "tries")) == {("done", 0)}

    def test_it_ends_when_told_to(self, number):
        running = self.command()
        add(number, drawn.pdf_with_text("a letter with words in it"))
        for _ in range(600):
            if OcrJob.objects.filter(state=State.DONE).exists():
                break
            with pytest.raises(subprocess.TimeoutExpired):  # it goes on waiting for more
                running.wait(timeout=0.2)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=30)
        assert running.returncode == 0 and '"done": 1' in out, (out, err)

    def test_where_it_is_off(self, number):
        off = self.command("--once", XINFANG_OCR="off")
        _, err = off.communicate(timeout=60)
        assert off.returncode == 2 and "XINFANG_OCR" in err


@pytest.mark.django_db
def test_the_schedule_starts_a_reader_only_where_something_waits_alone(number, monkeypatch):
    started = []
    monkeypatch.setattr(background.subprocess, "Popen", lambda command, **_: started.append(command[-2:]))
    assert not job.start_ocr_if_needed()
    add(number, drawn.pdf_with_text("some words of a letter"))
    add(number, drawn.pdf_with_text("more words of a letter"), "二.pdf")
    assert job.start_ocr_if_needed() and started == [["read-scans", "--once"]]
    queue.claim_job("one")
    assert not job.start_ocr_if_needed()
    monkeypatch.setattr(settings, "OCR", False)
    assert not job.start_ocr_if_needed()
    run_sweep()
