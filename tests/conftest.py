"""What every test needs: settings of its own, a real browser, a real accessibility check."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from hypothesis import settings as hypothesis_settings

from tests.browser import settled
from tests.environment import DATA
from tests.tables import T
from tests.writers import watch

# Every connection of every thread is checked, the live server's too.
connection_created.connect(watch)
watch(connection)

# A file, not memory: the live server's threads and the test then see one database, as in production.
settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(DATA / "test.sqlite3")
# Hundreds of tests log in; how slow a password is to guess is Django's own concern.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests ask more often than people do; tests/web turns the limits on.
settings.RATE_LIMITS = False

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
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
_EXPECTED_STATUS = re.compile(r"^Failed to load resource: .* status of (400|401|403|404|409|413|422)\b")
_REFUSED_PIECE = re.compile(r"^Response Status Error Code (401|409|413) from ")
_FAILED = re.compile(r"^Failed to load resource: .* status of 500\b")
_BROKEN_LINE = re.compile(r"^Failed to load resource: net::ERR_")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The tests' database says what it is, as one that was set up does."""
    from django.core.management import call_command
    from django.db import connection

    from xinfang.core import installation

    with django_db_blocker.unblock():
        if T.core_installation not in connection.introspection.table_names():
            # pytest-django makes a database only where a test is marked; the matrix, run alone, has none that is.
            call_command("migrate", verbosity=0)
        installation.record_installation()


@pytest.fixture(scope="session", autouse=True)
def _emptying_passes_the_guard() -> Iterator[None]:
    """Between tests with real transactions every table is emptied, which the database refuses to anybody else."""
    from django.core.management.commands import flush

    from xinfang.audit import append_only_triggers
    from xinfang.core import installation

    # What setting up writes stays as it was: the database of a test is one, no matter what emptied it.
    kept = [f"INSERT INTO {T.core_installation} (id, mode, since) VALUES (1, 'test', '2026-01-01 00:00:00+00:00')"]
    kept += [
        f"INSERT INTO {T.core_featuretables} (feature, digest) VALUES ('{feature}', '{said}')"
        for feature, said in installation.fingerprints().items()
    ]
    empty = flush.sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            flush,
            "sql_flush",
            lambda *a, **k: [
                *append_only_triggers.remove_statements(),
                *empty(*a, **k),
                *kept,
                *append_only_triggers.install_statements(),
            ],
        )
        yield


@pytest.fixture
def department(db) -> None:
    """The department that most tests are about: units, people and duties (`tests.world`)."""
    from .world import make_department

    make_department()


@pytest.fixture
def database_of(db, settings) -> Iterator[Callable[[str], None]]:
    """`database_of("demo")`.

    The setting and the database say so from now on, and the start of the program has found them agree.
    """
    from django.db import connection

    from xinfang.audit import append_only_triggers
    from xinfang.core import installation, mode

    def say(what: str) -> None:
        settings.MODE = what
        append_only_triggers.remove()
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {T.core_installation} SET mode = %s", [what])
        append_only_triggers.install()
        installation.require_this_installation()

    yield say
    mode.confirm("")


@pytest.fixture
def a_demo(database_of) -> None:
    database_of("demo")


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

    The test fails if any page says an error in its console, throws, or asks for anything beyond this machine. With
    `line_breaks=True` the browser may also say there that a request found no line, with `server_fails=True` that one
    was answered with an error of the program.
    """
    contexts, wrong = [], []

    def note_console(message, line_breaks: bool, server_fails: bool) -> None:
        if _REFUSED_PIECE.match(message.text):  # said by htmx, whose place is a static file
            return
        static = "/static/" in (message.location or {}).get("url", "")
        expected = _EXPECTED_STATUS.match(message.text)
        expected = expected or (line_breaks and _BROKEN_LINE.match(message.text))
        expected = expected or (server_fails and _FAILED.match(message.text))
        if message.type == "error" and (static or not expected):
            wrong.append(f"console: {message.text}")

    def note_request(request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            wrong.append(f"request beyond this machine: {request.url}")

    def open_one(line_breaks: bool = False, server_fails: bool = False, **options):
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        contexts.append(context)
        context.on("console", lambda message: note_console(message, line_breaks, server_fails))
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
        found = settled(page, lambda p: checker.run(p, options=rules).response["violations"])
        problems = [
            f"{problem['id']} ({problem['impact']}): {problem['help']}\n    {node['html'][:200]}"
            for problem in found
            for node in problem["nodes"][:3]
        ]
        assert not problems, f"{page.url}\n" + "\n".join(problems)

    return check


@pytest.fixture(autouse=True)
def _force_login_is_a_whole_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.force_login(staff)` acts as somebody who gave password and second factor: the registry knows them.

    `second_factor=False` is somebody who gave the password only.
    """
    from django.test import Client

    from xinfang.accounts.actions import sign_ins

    force_login = Client.force_login

    def sign_in(client: Client, user, backend=None, *, second_factor: bool = True) -> None:
        force_login(client, user, backend or "django.contrib.auth.backends.ModelBackend")
        session = client.session
        sign_ins.register_sign_in(session, user, "127.0.0.1", "测试", second_factor=second_factor)
        session.save()

    monkeypatch.setattr(Client, "force_login", sign_in)


@pytest.fixture(autouse=True)
def _fresh_ids() -> None:
    """Accounts are never deleted in the product; tests begin with an empty database, so what was remembered goes."""
    from xinfang.core import pk_cache

    pk_cache.clear()


# A browser journey takes less; no test should see the day change between two of its lines.
_BEFORE_MIDNIGHT = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _one_day_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that begins just before midnight in Asia/Shanghai has a clock that stands a little back."""
    from django.utils import timezone

    from xinfang.core.clock import today

    real = timezone.now
    if today(real()) != today(real() + _BEFORE_MIDNIGHT):
        monkeypatch.setattr(timezone, "now", lambda: real() - _BEFORE_MIDNIGHT)
