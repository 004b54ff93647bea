"""What every test stands on: settings of its own, a real browser, a real accessibility check."""

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# Settings read the environment once, so it is prepared before Django loads. Every worker gets a folder of its own,
# and nothing a developer has exported leaks in.
for _name in [n for n in os.environ if n.startswith("XINFANG_") and not n.startswith("XINFANG_TEST_")]:
    del os.environ[_name]
_data = Path(tempfile.mkdtemp(prefix="xinfang-test-"))
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["XINFANG_DATA"] = str(_data)
os.environ["XINFANG_MODE"] = "test"
os.environ["XINFANG_LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "xinfang.config.settings"
os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = "127.0.0.1"

from django.conf import settings  # noqa: E402 - only now may Django look at the environment

# A file, not memory: the live server's threads and the test then see one database, as in production.
settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(_data / "test.sqlite3")
# Hundreds of tests log in; how slow a password is to guess is Django's own concern.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests ask more often than people do; tests/web turns the limits on.
settings.RATE_LIMITS = False

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "desk")

# These keep Chromium from calling home.
_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
# A refusal is a page with status 422 and a missing page has 404; Chromium reports both as an error of its own.
_EXPECTED_STATUS = re.compile(r"^Failed to load resource: .* status of (400|403|404|422)\b")


@pytest.fixture(scope="session", autouse=True)
def _emptying_passes_the_guard() -> Iterator[None]:
    """Between tests with real transactions every table is emptied, which the database refuses to anybody else."""
    from django.core.management.commands import flush

    from xinfang.records import guard

    empty = flush.sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", lambda *a, **k: [*guard.removal(), *empty(*a, **k), *guard.statements()])
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Debian's Chromium in Chinese. A machine without it fails: skipped journeys prove nothing."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("Chromium is missing; `scripts/needs test` says how to install it.")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, which makes Django refuse the ORM in the tests' own lines.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            chromium_browser = playwright.chromium.launch(
                executable_path=chromium,
                args=_CHROMIUM_FLAGS,
                env={**os.environ, "LANGUAGE": "zh_CN"},
            )
            yield chromium_browser
            chromium_browser.close()


@pytest.fixture
def open_page(browser, live_server) -> Iterator[Callable]:
    """Open a page in a context of its own: `open_page()` for a second person, `open_page(viewport=…)` for a phone.

    The test fails if any page says an error in its console, throws, or asks for anything beyond this machine.
    """
    contexts, wrong = [], []

    def note_console(message) -> None:
        static = "/static/" in (message.location or {}).get("url", "")
        if message.type == "error" and (static or not _EXPECTED_STATUS.match(message.text)):
            wrong.append(f"console: {message.text}")

    def note_request(request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            wrong.append(f"request beyond this machine: {request.url}")

    def open_one(**options):
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        contexts.append(context)
        context.on("console", note_console)
        context.on("request", note_request)
        context.on("weberror", lambda error: wrong.append(f"script: {error.error}"))
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page(open_page):
    """One page on the live server, 1280 × 800; addresses may be written as `/petitions/`."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable:
    """`axe(page)` fails with every accessibility problem (WCAG 2.2 A and AA) the page has."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()
    rules = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
        "resultTypes": ["violations"],  # what passes isn't described: half the time on a long page
    }

    def check(page) -> None:
        found = checker.run(page, options=rules).response["violations"]
        problems = [
            f"{problem['id']} ({problem['impact']}): {problem['help']}\n    {node['html'][:200]}"
            for problem in found
            for node in problem["nodes"][:3]
        ]
        assert not problems, f"{page.url}\n" + "\n".join(problems)

    return check


@pytest.fixture(autouse=True)
def _force_login_is_a_whole_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.force_login(staff)` stands for somebody who gave password and second factor: the registry knows him.

    `second_factor=False` is somebody who gave the password only.
    """
    from django.test import Client

    from xinfang.people import sign_ins

    force_login = Client.force_login

    def sign_in(client: Client, user, backend=None, *, second_factor: bool = True) -> None:
        force_login(client, user, backend or "django.contrib.auth.backends.ModelBackend")
        session = client.session
        sign_ins.mark(session, user, "127.0.0.1", "测试", second_factor=second_factor)
        session.save()

    monkeypatch.setattr(Client, "force_login", sign_in)


@pytest.fixture(autouse=True)
def _fresh_ids() -> None:
    """Accounts are never deleted in the product; tests begin with an empty database, so what was remembered goes."""
    from xinfang.records import known

    known.forget()
