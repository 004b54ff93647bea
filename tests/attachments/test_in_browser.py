"""Attachments in a real browser: several at once, dropped or chosen, each with its own word; the page passes axe."""

import math
import os
import re
import struct
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import expect

from tests.attachments import drawn, made
from tests.attachments.forms import Form
from tests.attachments.mails import eml
from tests.browser import page_width
from tests.urls import url
from tests.world import make_department, register, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.actions.chunks import CHUNK_BYTES
from xinfang.attachments.models import Attachment
from xinfang.cases.models import AccessLogEntry
from xinfang.procedure.words import Material

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(date(2026, 3, 2))
    walk(found, "signed", date(2026, 3, 2))
    return found


@pytest.fixture
def opened(open_page, client, live_server, number):
    """The case on a handler's screen."""

    def open_case(**options):
        client.force_login(Staff.objects.get(username="handler"))
        page = open_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(url("petition", number))
        return page

    return open_case


def chosen(*files: tuple[str, bytes]):
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]


def test_chosen_files_are_added_and_shown(opened, number, axe):
    page = opened()
    page.set_input_files("#file-choose", chosen(("来信.pdf", made.pdf()), ("照片.png", made.png())))
    page.select_option("#file-what", "letter")
    page.get_by_role("button", name="添加附件").click()
    page.get_by_role("heading", name="附件（2）").wait_for()
    assert page.get_by_role("link", name="来信.pdf").is_visible()
    assert {a.what for a in Attachment.objects.all()} == {"letter"}
    axe(page)


def test_a_seal_is_seen_on_the_page_and_a_mail_is_kept_to_be_saved(opened, number, axe):
    form = Form()
    form.seal()
    page = opened()
    page.set_input_files(
        "#file-choose",
        chosen(("答复函.pdf", form.done()), ("来信.eml", eml()), ("微信图片.jfif", drawn.jpeg(drawn.letter()))),
    )
    page.get_by_role("button", name="添加附件").click()
    page.get_by_role("heading", name="附件（3）").wait_for()
    kinds = dict(Attachment.objects.values_list("place", "kind"))
    assert sorted(kinds.values()) == ["eml", "jpg", "pdf"]
    [mail] = [place for place, kind in kinds.items() if kind == "eml"]
    assert page.goto(url("file-see", number, mail)).status == 404
    [sealed] = [place for place, kind in kinds.items() if kind == "pdf"]
    page.goto(url("file-see", number, sealed))
    red = page.locator(".leaf img, figure img, main img").first.evaluate(
        """async (img) => {
          await img.decode();
          const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight), pen = canvas.getContext("2d");
          pen.drawImage(img, 0, 0);
          const rows = pen.getImageData(0, 0, canvas.width, canvas.height).data;
          let red = 0;
          for (let n = 0; n < rows.length; n += 4) red += rows[n] > 150 && rows[n + 1] < 100;
          return red;
        }"""
    )
    assert red > 1000
    axe(page)


def test_a_refused_file_is_named_with_its_reason_and_the_others_are_kept(opened, number, axe):
    page = opened()
    page.set_input_files("#file-choose", chosen(("坏.jpg", b"<html><script>"), ("好.pdf", made.pdf())))
    page.get_by_role("button", name="添加附件").click()
    lines = page.locator("[data-upload-list] li")
    lines.filter(has_text="好.pdf：已添加").wait_for()
    assert "内容却是网页" in lines.filter(has_text="坏.jpg").inner_text()
    axe(page)
    page.get_by_role("link", name=re.compile("刷新本页")).click()
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_dropped_files_are_added(opened):
    page = opened()
    data = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['如实记录'], '记录.txt')); return t; }"
    )
    page.dispatch_event("form[data-upload]", "drop", {"dataTransfer": data})
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_without_scripts(opened, number):
    page = opened(java_script_enabled=False)
    page.set_input_files("#file-choose", chosen(("来信.pdf", made.pdf()), ("坏.exe", b"MZ")))
    page.get_by_role("button", name="添加附件").click()
    assert page.get_by_role("alert").inner_text().count("坏.exe") == 1
    page.get_by_role("link", name=re.compile("回到")).click()
    page.get_by_role("heading", name="附件（1）").wait_for()


def test_the_original_is_shown_where_nothing_runs(opened, number, live_server):
    attach(
        number, made.png(), "图.png", what=Material.OTHER, by=who("clerk"), staff=Staff.objects.get(username="clerk")
    )
    picture = opened()
    picture.goto(url("file", number, 1))
    assert picture.evaluate("document.images[0].naturalWidth") == 8
    # Sandboxed: an origin of its own, without the session.
    assert picture.evaluate("self.origin") == "null"


def given(number: str, data: bytes, name: str) -> None:
    attach(number, data, name, what=Material.OTHER, by=who("clerk"), staff=Staff.objects.get(username="clerk"))


def drawn_width(page) -> int:
    return page.locator("[data-sheet] img").evaluate("async (i) => { await i.decode(); return i.naturalWidth; }")


@pytest.mark.parametrize("width", [1440, 390])
def test_seen_page_by_page_from_the_keyboard(opened, number, axe, width):
    given(number, drawn.pdf_with_text("first page of it", "second page of it"), "来信.pdf")
    page = opened(viewport={"width": width, "height": 900})
    page.get_by_role("link", name="来信.pdf").click()
    page.get_by_text("第 1 页，共 2 页").wait_for()
    upright = drawn_width(page)
    axe(page)
    page.keyboard.press("ArrowRight")
    page.get_by_text("第 2 页，共 2 页").wait_for()
    page.keyboard.press("+")
    page.locator("[aria-current=true]", has_text="放大").wait_for()
    assert drawn_width(page) > upright
    with page.expect_navigation():
        page.keyboard.press("]")
    picture = page.locator("[data-sheet] img")
    assert picture.evaluate("async (i) => { await i.decode(); return i.naturalWidth > i.naturalHeight; }")
    page.get_by_text("第 2 页，共 2 页").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("第 1 页，共 2 页").wait_for()
    assert page_width(page) <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_the_panel_shows_thumbnails_and_an_order(opened, number, axe, width):
    given(number, drawn.coloured(), "甲.png")
    given(number, made.docx(), "乙.docx")
    page = opened(viewport={"width": width, "height": 900})
    picture = page.locator(".thumbnail img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 160
    axe(page)
    assert page_width(page) <= width
    with page.expect_navigation():
        page.get_by_role("button", name="附件2上移").click()
    assert page.locator(".files .file-name").first.inner_text().split() == ["2", "乙.docx"]


def test_a_pasted_picture_is_added(opened):
    page = opened()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5E"
                + "rkJggg==";
            const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
            data.items.add(new File([bytes], "image.png", { type: "image/png" }));
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            document.dispatchEvent(new ClipboardEvent("paste", pasted));
        }"""
    )
    page.get_by_role("heading", name="附件（1）").wait_for()
    assert page.get_by_role("link", name=re.compile(r"^粘贴的图片\d+\.png$")).is_visible()


def test_a_phone_takes_a_photograph(opened):
    page = opened(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    camera = page.get_by_label("或者拍照")
    assert camera.is_visible() and camera.get_attribute("capture") == "environment"
    camera.set_input_files(chosen(("photo.png", made.png())))
    page.get_by_role("heading", name="附件（1）").wait_for()


def pieces_of(page) -> list[int]:
    """Collects the offsets of the chunks that go out."""
    sent: list[int] = []

    def note(request) -> None:
        if request.method == "POST" and resolve(urlsplit(request.url).path).url_name == "file-pieces":
            found = re.search(rb'name="offset"\r\n\r\n(\d+)', (request.post_data_buffer or b"")[:2000])
            sent.append(int(found[1]) if found else -1)

    page.on("request", note)
    return sent


def test_a_broken_line_is_taken_up_again(browser, client, live_server, number):
    data = made.wav() + os.urandom(3 * CHUNK_BYTES)
    # Without the usual watch over the console: there the browser says that the connection is broken.
    client.force_login(Staff.objects.get(username="handler"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(url("petition", number))
    sent, cut = pieces_of(page), []

    def sometimes(route) -> None:
        # The second chunk is cut off twice on its way.
        if route.request.method == "POST" and len(sent) in (2, 3):
            cut.append(len(sent))
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/pieces/**", sometimes)
    page.set_input_files("#file-choose", chosen(("录音.wav", data)))
    page.get_by_role("button", name="添加附件").click()
    page.get_by_role("heading", name="附件（1）").wait_for(timeout=30_000)
    context.close()
    assert cut == [2, 3] and sent == [0, CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES]
    assert b"".join(stores.read_attachment(Attachment.objects.get())) == data


def test_a_reload_in_the_middle_goes_on_with_the_same_file(opened, number, tmp_path, monkeypatch):
    data = made.wav() + os.urandom(2 * CHUNK_BYTES)
    # A file of the disk: chosen again it has the same date, as for a person.
    file = tmp_path / "录音.wav"
    file.write_bytes(data)
    page = opened()
    sent = pieces_of(page)
    page.route("**/files/pieces/**", lambda route: route.continue_() if len(sent) < 2 else None)
    page.set_input_files("#file-choose", file)
    with page.expect_request(lambda request: request.method == "POST" and len(sent) == 2):
        page.get_by_role("button", name="添加附件").click()
    page.reload()
    page.unroute("**/files/pieces/**")
    page.get_by_text("没有传完").wait_for()
    kept, put = [], chunks.put_chunk
    monkeypatch.setattr(
        chunks, "put_chunk", lambda upload, offset, piece: kept.append(offset) or put(upload, offset, piece)
    )
    page.set_input_files("#file-choose", file)
    page.get_by_role("button", name="添加附件").click()
    page.get_by_role("heading", name="附件（1）").wait_for()
    assert kept == [CHUNK_BYTES, 2 * CHUNK_BYTES]
    assert b"".join(stores.read_attachment(Attachment.objects.get())) == data


def test_text_becomes_page_content_only_through_the_policy(browser, live_server):
    # Without the usual watch over the console: each of these is to be refused, and the browser says so there.
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(url("login"))
    tried = page.evaluate(
        """() => {
            const refused = (act) => {
                try { act(); return false; }
                catch (error) { return error instanceof TypeError || error instanceof EvalError; }
            };
            const box = document.createElement("div");
            box.innerHTML = "<p>文字里可以写 one = 1</p>";
            return {
                kept: box.textContent,
                script: refused(() => { box.innerHTML = "<script>1</" + "script>"; }),
                handler: refused(() => { box.innerHTML = "<img src=x onerror=alert(1)>"; }),
                address: refused(() => { document.createElement("script").src = "/static/js/main.js"; }),
                text: refused(() => { document.createElement("script").text = "1"; }),
                second: refused(() => trustedTypes.createPolicy("other", { createHTML: (t) => t })),
            };
        }"""
    )
    context.close()
    assert tried == {
        "kept": "文字里可以写 one = 1",
        "script": True,
        "handler": True,
        "address": True,
        "text": True,
        "second": True,
    }


_LENGTH = """sound => new Promise(done => {
  sound.onloadedmetadata = () => done(sound.duration);
  sound.preload = "auto";
  sound.load();
})"""


def spoken(seconds: int = 1) -> bytes:
    """A tone of 8 kHz, 16 bits, one channel."""
    rate = 8000
    samples = b"".join(struct.pack("<h", int(8000 * math.sin(n / 4))) for n in range(rate * seconds))
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_recording_is_played_on_the_page_and_the_look_is_logged(opened, number):
    page = opened()
    given(number, spoken(), "来访录音.wav")
    page.reload()
    player = page.locator("audio")
    expect(player).to_have_count(1)
    seconds = player.evaluate(_LENGTH)
    assert seconds == pytest.approx(1, abs=0.1)
    assert AccessLogEntry.objects.filter(petition__number=number, what="file").exists()
