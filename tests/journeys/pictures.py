"""The pictures of the READMEs and of the manual, from the demo department: `python -m tests.journeys.pictures`."""

import io
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import _CHROMIUM_FLAGS

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
OF_THE_MANUAL = ROOT / "xinfang" / "help" / "static" / "help"
PORT = 8199
HERE = f"http://127.0.0.1:{PORT}"


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "XINFANG_DATA": data, "XINFANG_MODE": "demo"}
        xinfang = str(Path(sys.executable).parent / "xinfang")
        subprocess.run([xinfang, "demo"], env=environment, check=True)
        server = subprocess.Popen([xinfang, "serve", "--port", str(PORT)], env=environment)
        try:
            _wait(server)
            _take()
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{HERE}/healthz", timeout=5).close()
            return
        except urllib.error.URLError:
            try:
                server.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
    raise SystemExit("the server did not start")


def _take() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    OF_THE_MANUAL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM_FLAGS)
        page = _as(browser, "bayaer")
        page.screenshot(path=PICTURES / "inbox.png")
        page.locator("tr", has_text="印发意见书").locator("a.what").first.click()
        page.wait_for_url("**/petitions/*/")
        page.locator("summary", has_text="为什么是").first.click()
        page.screenshot(path=PICTURES / "petition.png")
        browser.close()
        # The browser's own words, such as those of a field for a date, are those of who reads the manual.
        browser = p.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[*_CHROMIUM_FLAGS, "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )
        _take_for_the_manual(browser)
        browser.close()


def _as(browser: Browser, username: str, width: int = 1440, height: int = 900) -> Page:
    """The first page of a person of the demo, with the tour put away."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.goto(f"{HERE}/login/")
    page.locator(f'form:has(input[name=username][value="{username}"]) button').click()
    page.wait_for_load_state()
    page.get_by_role("button", name="收起", exact=True).click()
    page.wait_for_load_state()
    return page


def _take_for_the_manual(browser: Browser) -> None:
    clerk = _as(browser, "liumin")
    _keep(clerk, "inbox")
    _open(clerk, "受理并告知", "accept")
    _keep(clerk, "accept")
    clerk.locator("a.number, .number a, main a[href*='/petitions/']").first.click()
    clerk.wait_for_url("**/petitions/*/")
    _keep(clerk, "petition")
    clerk.goto(f"{HERE}/register/")
    clerk.get_by_role("radio", name="不涉及").check()
    clerk.locator("[name=subject]").fill("项目配套经费没有落实，请求说明")
    clerk.wait_for_load_state("networkidle")
    _keep(clerk, "register")
    clerk.goto(f"{HERE}/papers/")
    clerk.locator("main a", has_text="已印发").first.click()
    clerk.wait_for_load_state("networkidle")
    _keep(clerk, "papers")
    handler = _as(browser, "zhaowenbo")
    _open(handler, "拟写意见书", "draft_reply")
    _keep(handler, "draft")
    _keep(_as(browser, "linguodong", 390, 844), "leader-phone")
    _keep(_as(browser, "lizhenshan", 390, 844), "duty-phone")
    archivist = _as(browser, "tonglihua")
    archivist.goto(f"{HERE}/archive/")
    _keep(archivist, "archive")
    auditor = _as(browser, "xinglan")
    auditor.goto(f"{HERE}/log/")
    _keep(auditor, "log")


def _open(page: Page, words: str, code: str) -> None:
    """Follow what is asked in the inbox to its form."""
    page.get_by_role("link", name=words).first.click()
    page.wait_for_url(f"**/{code}/**")


def _keep(page: Page, name: str) -> None:
    """What a screen shows, no wider than a page of the manual, as WebP."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.thumbnail((1080, 1080))
    picture.save(OF_THE_MANUAL / f"{name}.webp", quality=72, method=6)
    (OF_THE_MANUAL / f"{name}.webp").chmod(0o644)


if __name__ == "__main__":
    main()
