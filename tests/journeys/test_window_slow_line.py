"""A phone on a slow line that breaks: the file goes on where it stopped, and the receipt lists what arrived."""

import os
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.attachments.made import png, wav
from tests.urls import url
from tests.window.standing import WRITTEN
from xinfang.attachments.models import Attachment, Upload
from xinfang.attachments.stores import read_attachment
from xinfang.vault.sm_ciphers import sm3

pytestmark = pytest.mark.usefixtures("department")
PHONE_SIZE = {"width": 390, "height": 844}
UP = 600 * 1024
"""Bytes a second that the line carries up."""


def line(devtools: Any, *, offline: bool = False, up: int = UP) -> None:
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": offline, "latency": 300, "downloadThroughput": 4 * UP, "uploadThroughput": up},
    )


def test_a_file_goes_on_after_a_broken_line_and_the_receipt_names_it_with_its_digest(open_page: Any) -> None:
    page = open_page(viewport=PHONE_SIZE, line_breaks=True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url("window-submit"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    line(devtools)
    recording = wav() + os.urandom(5 * 2**20)
    files = [
        {"name": "录音.wav", "mimeType": "audio/wav", "buffer": recording},
        {"name": "照片.png", "mimeType": "image/png", "buffer": png()},
    ]
    chosen = page.locator("[data-chosen-files]")
    with page.expect_response(lambda a: "/pieces/" in a.url and a.request.method == "POST", timeout=60_000):
        page.locator("#files").set_input_files(files)
        expect(chosen).to_contain_text("录音.wav")
        for name in ("subject", "body", "phone"):
            page.locator(f"#{name}").fill(str(WRITTEN[name]))
    line(devtools, offline=True)
    expect(chosen).to_contain_text("网络断开，正在重试", timeout=30_000)
    there = Upload.objects.get().received
    assert there >= 2 * 2**20, "what was there before the line broke stays"
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("文件还在上传，传完会自动提交")).to_be_visible()
    line(devtools, up=8 * UP)
    page.wait_for_url(f"**{url('window-receipt')}", timeout=60_000)
    kept = {a.name: a for a in Attachment.objects.all()}
    assert set(kept) == {"录音.wav", "照片.png"} and not Upload.objects.exists()
    assert b"".join(read_attachment(kept["录音.wav"])) == recording
    said = page.locator("[data-receipt]").inner_text()
    assert sm3(recording).hex() in re.sub(r"\s", "", said) and "没有收到的文件" not in said


def test_who_does_not_want_to_wait_sends_the_text_and_is_told_what_is_missing(open_page: Any) -> None:
    page = open_page(viewport=PHONE_SIZE, line_breaks=True)
    page.goto(url("window-submit"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    line(devtools, up=100 * 1024)
    recording = wav() + os.urandom(5 * 2**20)
    page.locator("#files").set_input_files({"name": "录音.wav", "mimeType": "audio/wav", "buffer": recording})
    for name in ("subject", "phone"):
        page.locator(f"#{name}").fill(str(WRITTEN[name]))
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("button", name="不等了，先提交").click()
    page.wait_for_url(f"**{url('window-receipt')}", timeout=60_000)
    expect(page.locator("[data-receipt]")).to_contain_text("没有收到的文件")
    expect(page.locator("[data-receipt]")).to_contain_text("录音.wav")
