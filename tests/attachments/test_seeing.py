"""Attachments seen in the page: drawn here, by a limited program; turned and ordered as a view, the file untouched."""

import io
import time
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from tests.attachments import drawn, made
from tests.urls import url
from tests.world import make_department, register, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments import page_images, stores
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.models import Attachment
from xinfang.attachments.page_images import PageImageCache, RenderingFailed, render_page_image
from xinfang.cases.models import AccessLogEntry, Event
from xinfang.core import file_store
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import AccessKind, Material

pytestmark = pytest.mark.django_db
SHOWN = (("file-see",), ("file-page", 1), ("file-thumbnail",))
"""Routes of what is shown of an attachment."""
DAY = date(2026, 3, 2)


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(DAY)
    walk(found, "signed", DAY)
    return found


def signed_in(username: str = "handler") -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def add(number: str, data: bytes, name: str) -> Attachment:
    staff = Staff.objects.get(username="clerk")
    return attach(number, data, name, what=Material.EVIDENCE, by=who("clerk"), staff=staff)


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg))
    assert picture.format == "JPEG"
    return picture.convert("RGB")


def marked_corner(picture: Image.Image) -> str:
    """Which corner of `drawn.coloured` is where now."""
    w, h = picture.size
    corners = {"left up": (5, 5), "right up": (w - 6, 5), "left down": (5, h - 6), "right down": (w - 6, h - 6)}
    [found] = [name for name, at in corners.items() if picture.getpixel(at)[1] < 128]
    return found


class TestDrawn:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
    def test_every_picture_that_browsers_or_scanners_make(self, form):
        target = io.BytesIO()
        Image.open(io.BytesIO(drawn.coloured())).save(target, form)
        kind = {"JPEG": "jpg"}.get(form, form.lower())
        found = render_page_image(target.getvalue(), kind, 1, 160)
        assert found.pages == 1 and opened(found.jpeg).size == (160, 107)
        assert marked_corner(opened(found.jpeg)) == "left up"

    @pytest.mark.parametrize(("turned", "corner"), [(90, "right up"), (180, "right down"), (270, "left down")])
    def test_turned_clockwise(self, turned, corner):
        assert marked_corner(opened(render_page_image(drawn.coloured(), "png", 1, 160, turned).jpeg)) == corner

    def test_as_the_phone_was_held(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # the camera lay on its side
        data = drawn.jpeg(Image.open(io.BytesIO(drawn.coloured())), exif=exif)
        assert marked_corner(opened(render_page_image(data, "jpg", 1, 160).jpeg)) == "right up"

    def test_pages_of_a_pdf_and_their_own_text(self):
        data = drawn.pdf_with_text("first page of it", "second page of it")
        assert render_page_image(data, "pdf", 0, 1).pages == 2
        second = render_page_image(data, "pdf", 2, 1000)
        assert second.text.strip() == "second page of it" and max(opened(second.jpeg).size) == 1000
        with pytest.raises(RenderingFailed):
            render_page_image(data, "pdf", 3, 160)

    def test_pages_of_a_tiff(self):
        target = io.BytesIO()
        first, second = Image.new("L", (50, 80), 255), Image.new("L", (80, 50), 0)
        first.save(target, "TIFF", save_all=True, append_images=[second])
        assert opened(render_page_image(target.getvalue(), "tiff", 2, 160).jpeg).size == (80, 50)

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("png", made.png()[:40]),
            ("png", made.png(30_000, 30_000)),
            ("jpg", made.jpg(20_000, 20_000)),
            ("pdf", made.pdf()),
            ("pdf", b"%PDF-1.7\n" + b"[" * 200_000),
            ("tiff", made.tiff()),
        ],
    )
    def test_damaged_or_monstrous(self, kind, data):
        with pytest.raises(RenderingFailed):
            render_page_image(data, kind, 1, 160)

    def test_one_that_never_ends_is_ended(self, monkeypatch, tmp_path):
        endless = tmp_path / "endless.py"
        endless.write_text("while True: pass")
        monkeypatch.setattr(page_images, "_PROGRAM", str(endless))
        monkeypatch.setattr(page_images, "_SECONDS", 1)
        began = time.monotonic()
        with pytest.raises(RenderingFailed):
            render_page_image(b"x", "png", 1, 160)
        assert time.monotonic() - began < 10

    def test_nothing_of_our_environment_reaches_it(self, monkeypatch, tmp_path):
        shows = tmp_path / "shows.py"
        shows.write_text(
            "import os, json; print(json.dumps({'pages': 1, 'text': ' '.join(os.environ), 'written': ''}))"
        )
        monkeypatch.setattr(page_images, "_PROGRAM", str(shows))
        monkeypatch.setenv("XINFANG_SECRET_KEY", "k" * 50)
        assert "XINFANG" not in render_page_image(b"x", "png", 1, 160).text

    def test_memory_is_bounded(self):
        kept, made_now = PageImageCache(10_000), []

        def make(n: int):
            made_now.append(n)
            return page_images.RenderedPage(1, "", bytes(3000))

        for n in (1, 2, 1, 3, 1, 4, 2):
            kept.get((n,), lambda n=n: make(n))
        assert made_now == [1, 2, 3, 4, 2]

    def test_what_cannot_be_drawn_is_not_tried_again_for_a_while(self, monkeypatch):
        kept, tried, now = PageImageCache(10_000), [], [1000.0]
        monkeypatch.setattr(page_images, "monotonic", lambda: now[0])

        def fails(data: bytes = b"x"):
            tried.append(now[0])
            return render_page_image(data, "png", 1, 160)

        for later in (0, 299, 2):
            now[0] += later
            with pytest.raises(RenderingFailed):
                kept.get(("a",), fails)
        assert tried == [1000.0, 1301.0]
        now[0] += 301
        for _ in range(2):
            assert kept.get(("a",), lambda: fails(made.png())).jpeg
        assert len(tried) == 3

    def test_what_cannot_be_read_is_tried_again(self):
        kept, tried = PageImageCache(10_000), []

        def fails():
            tried.append(1)
            raise RenderingFailed

        for _ in range(2):
            with pytest.raises(RenderingFailed):
                kept.get(("a",), fails)
        assert len(tried) == 2

    def test_what_is_known_of_failures_is_bounded(self, monkeypatch):
        monkeypatch.setattr(page_images, "_PROGRAM", "/nowhere")
        monkeypatch.setattr(page_images, "_FAILURES", 2)
        kept, tried = PageImageCache(10_000), []

        def fails(n: int):
            tried.append(n)
            return render_page_image(b"x", "png", 1, 160)

        for n in (1, 2, 1, 3, 2, 1):
            with pytest.raises(RenderingFailed):
                kept.get((n,), lambda n=n: fails(n))
        assert tried == [1, 2, 3, 1]


class TestSeen:
    def test_a_page_with_its_ways(self, number):
        add(number, drawn.pdf_with_text(*(f"page {n} of the scan" for n in range(1, 4))), "来信.pdf")
        client = signed_in()
        page = client.get(f"{url('file-see', number, 1)}?page=2").content.decode()
        assert "第 2 页，共 3 页" in page and f"{url('file-page', number, 1, 2)}?zoom=0" in page
        assert all(f"{url('file-see', number, 1)}?page={n}" in page for n in (1, 3))
        assert "<iframe" not in page and "<object" not in page
        for said in ("0", "-1", "x", "99999", "２"):
            assert client.get(f"{url('file-see', number, 1)}?page={said}").status_code == 200
        assert "画不出来" in client.get(f"{url('file-see', number, 1)}?page=44").content.decode()

    def test_the_picture_can_be_nothing_but_a_picture_and_leaves_a_look(self, number):
        add(number, drawn.coloured(), "图.png")
        answer = signed_in().get(f"{url('file-page', number, 1, 1)}?zoom=2")
        assert answer["Content-Type"] == "image/jpeg" and answer["Cache-Control"] == "no-store"
        assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
        assert marked_corner(opened(answer.content)) == "left up"
        look = AccessLogEntry.objects.filter(what=AccessKind.FILE.value).get()
        assert (look.by.username, look.detail) == ("handler", {"place": 1, "page": 1})

    def test_a_thumbnail_is_too_small_to_be_read(self, number):
        add(number, drawn.jpeg(drawn.letter()), "来信.jpg")
        answer = signed_in().get(url("file-thumbnail", number, 1))
        assert max(opened(answer.content).size) == 160
        assert not AccessLogEntry.objects.filter(what=AccessKind.FILE.value).exists()

    def test_the_policy_is_asked_each_time_also_for_what_was_drawn_before(self, number):
        add(number, drawn.coloured(), "图.png")
        addresses = [url(name, number, 1, *more) for name, *more in (*SHOWN, ("file-reading",))]
        handler = signed_in()
        assert {handler.get(a).status_code for a in addresses} == {200}
        for username in ("handler2", "leader2", "auditor", "admin"):
            assert {signed_in(username).get(a).status_code for a in addresses} == {404}, username
        other, clerk = register(DAY), signed_in("clerk")
        add(other, drawn.coloured(), "图.png")
        addresses = [a.replace(number, other) for a in addresses]
        assert {clerk.get(a).status_code for a in addresses} == {200}
        take(other, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
        assert {clerk.get(a).status_code for a in addresses} == {404}

    def test_what_cannot_be_drawn_has_no_such_page(self, number):
        add(number, made.docx(), "说明.docx")
        client = signed_in()
        for name, *more in SHOWN:
            assert client.get(url(name, number, 1, *more)).status_code == 404
        assert url("file-thumbnail", number, 1) not in client.get(url("petition", number)).content.decode()

    def test_an_erased_file_is_gone_although_it_was_drawn(self, number):
        add(number, drawn.coloured(), "图.png")
        client = signed_in()
        assert client.get(url("file-thumbnail", number, 1)).status_code == 200
        Attachment.objects.update(wrapped_key=None)
        assert client.get(url("file-thumbnail", number, 1)).status_code == 404

    def test_a_damaged_file_is_told(self, number):
        row = add(number, drawn.coloured("blue"), "图.png")
        file_store.path_of(row.address).write_bytes(b"x")
        client = signed_in()
        assert "画不出来" in client.get(url("file-see", number, 1)).content.decode()
        assert client.get(url("file-thumbnail", number, 1)).status_code == 422


class TestArranged:
    def test_turned_for_everybody_and_the_file_untouched(self, number):
        row = add(number, drawn.coloured(), "图.png")
        events = Event.objects.count()
        client = signed_in()
        answer = client.post(url("file-arrange", number, 1), {"turn": "right", "page": "1", "zoom": "1"})
        assert answer["Location"] == f"{url('file-see', number, 1)}?page=1&zoom=1"
        shown = signed_in("clerk").get(url("file-page", number, 1, 1))
        assert marked_corner(opened(shown.content)) == "right up"
        for _ in range(2):
            client.post(url("file-arrange", number, 1), {"turn": "left"})
        assert marked_corner(opened(client.get(url("file-page", number, 1, 1)).content)) == "left down"
        assert b"".join(stores.read_attachment(row)) == drawn.coloured() and Event.objects.count() == events

    def test_moved_in_the_list_and_the_numbers_stay(self, number):
        for n in range(3):
            add(number, made.png(8 + n, 8), f"图{n + 1}.png")
        client = signed_in()

        def order() -> list[int]:
            page = client.get(url("petition", number)).content.decode()
            return sorted((1, 2, 3), key=lambda n: page.index(f"图{n}.png"))

        assert order() == [1, 2, 3]
        client.post(url("file-arrange", number, 3), {"move": "up"})
        assert order() == [1, 3, 2]
        client.post(url("file-arrange", number, 1), {"move": "down"})
        assert order() == [3, 1, 2]
        client.post(url("file-arrange", number, 3), {"move": "up"})
        assert order() == [3, 1, 2]
        add(number, made.docx(), "新来的.docx")
        page = client.get(url("petition", number)).content.decode()
        assert page.index("新来的.docx") > page.index("图2.png")
        assert next((a.place, a.name) for a in Attachment.objects.order_by("place")) == (1, "图1.png")

    def test_nothing_said(self, number):
        add(number, made.png(), "图.png")
        answer = signed_in().post(url("file-arrange", number, 1), {"turn": "upside"}, follow=True)
        assert "没有改变" in answer.content.decode()
