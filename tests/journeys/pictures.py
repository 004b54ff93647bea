"""The pictures of the READMEs, from the demo department: `python -m tests.journeys.pictures`."""

import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import _CHROMIUM_FLAGS

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
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
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page.goto(f"{HERE}/login/")
        page.locator('form:has(input[name=username][value="bayaer"]) button').click()
        page.wait_for_url(f"{HERE}/")
        page.screenshot(path=PICTURES / "inbox.png")
        page.locator("tr", has_text="印发意见书").locator("a.what").first.click()
        page.wait_for_url("**/petitions/*/")
        page.locator("summary", has_text="为什么是").first.click()
        page.screenshot(path=PICTURES / "petition.png")
        browser.close()


if __name__ == "__main__":
    main()
