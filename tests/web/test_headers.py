"""Every kind of answer carries the headers: pages, files, redirects, refusals, errors, static files."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.attachments import made
from tests.urls import url
from tests.world import make_department, register, who
from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach
from xinfang.core.headers import DEFAULT_HEADERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path)
    make_department()
    found = register(date(2026, 3, 2))
    attach(found, made.png(), "图.png", what=Material.OTHER, by=who("clerk"), staff=Staff.objects.get(username="clerk"))
    return found


@pytest.fixture
def client(number):
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(Staff.objects.get(username="clerk"))
    return signed_in


def answers(client: Client, number: str) -> dict:
    return {
        "page": client.get(url("inbox")),
        "case": client.get(url("petition", number)),
        "file": client.get(url("file", number, 1)),
        "json": client.post(url("files-add", number), headers={StepCode.ACCEPT: "application/json"}),
        "refused": client.post(url("files-add", number)),
        StepCode.REDIRECT: client.get(url("login")),
        "to log in": Client().get(url("petitions")),
        "log in": Client().get(url("login")),
        "missing": client.get(url("petition", "LX1999000001")),
        "method": client.get(url("files-add", number)),
        "forgery": Client(enforce_csrf_checks=True).post(url("login"), {}),
        "host": client.get(url("inbox"), headers={"host": "elsewhere.invalid"}),
        "health": client.get(url("healthz")),
        "draft": client.get(url("drafts", StepCode.REGISTER)),
        "script": client.get("/static/js/main.js"),
        "style": client.get("/static/css/tokens.css"),
        "no such file": client.get("/static/js/none.js"),
    }


def test_no_browser_is_told_of_a_power_that_it_does_not_know():
    assert "web-share" not in DEFAULT_HEADERS["Permissions-Policy"], "Chromium on a desk warns of it on every page"


def test_on_every_kind_of_answer(client, number, monkeypatch):
    found = answers(client, number)
    statuses = {answer.status_code for answer in found.values()}
    assert {200, 302, 400, 403, 404, 405, 422} <= statuses
    # Something fails in the middle of a page.
    monkeypatch.setattr("xinfang.casework.views.boards.render_page", None)
    found["error"] = client.get(url("boards"))
    assert found["error"].status_code == 500
    for kind, answer in found.items():
        for name in DEFAULT_HEADERS:
            assert answer.headers.get(name), (kind, name)
        assert answer["X-Content-Type-Options"] == "nosniff", kind
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"] or kind == "file", kind
        assert "'unsafe-eval'" not in answer["Content-Security-Policy"], kind
        if kind not in ("script", "style", "no such file"):
            assert answer["Cache-Control"] == "no-store", kind


def test_pages_let_in_no_script_of_others_and_none_made_of_text(client):
    policy = dict(
        part.strip().partition(" ")[::2] for part in client.get(url("inbox"))["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'" and "script-src" not in policy and "style-src" not in policy
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "default")


def test_a_file_may_do_nothing(client, number):
    policy = client.get(url("file", number, 1))["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "allow-" not in policy and "script-src" not in policy


def test_the_browser_is_told_to_stay_with_https_where_there_is_https(client):
    assert "Strict-Transport-Security" not in client.get(url("inbox")).headers
    with override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        secure = Client()
        assert (
            secure.get(url("login"), headers={"x-forwarded-proto": "https"})["Strict-Transport-Security"]
            == "max-age=31536000"
        )


def test_no_template_has_a_script_or_style_inside():
    import re
    from pathlib import Path

    import xinfang

    package = Path(xinfang.__file__).parent

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    found = [
        f"{template.relative_to(package)}: {match[0]}"
        for template in package.rglob("templates/**/*.html")
        for match in inline.finditer(template.read_text(encoding="utf-8"))
    ]
    assert found == []
