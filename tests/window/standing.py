"""Somebody at the window: a browser without an account, what they send, what they are given."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.urls import url
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.procedure.facts import Facts

PHONE = "15000004321"
WRITTEN = {
    "subject": "请求说明科技特派员补助没有发放的原因并补发",
    "body": "本人担任科技特派员，补助至今没有发放。",
    "requests": "说明没有发放的原因\n补发补助",
    "who": "petitioner",
    "kind": "natural",
    "name": "苏日娜",
    "phone": PHONE,
    "address": "某盟某旗",
}


def new_key() -> str:
    """The key of a form that was just opened."""
    return uuid4().hex


def submitted(browser: Client, *files: tuple[str, bytes], key: str = "", **changes: Any) -> Petition:
    """Submit a petition; return its row."""
    sent = {**WRITTEN, "key": key or new_key(), "files": [SimpleUploadedFile(n, d) for n, d in files], **changes}
    answer = browser.post(url("window-submit"), sent)
    assert answer.status_code == 302, re.findall(r"field-error[^>]*>([^<]+)", answer.content.decode())
    return Petition.objects.latest("pk")


def code_shown(browser: Client) -> str:
    """The inquiry code that the receipt shows."""
    page = browser.get(url("window-receipt")).content.decode()
    found = re.search(r'class="inquiry-code">(.*?)</span>\s*</dd>', page, re.S)
    assert found, "the receipt shows no code"
    return "".join(re.findall(r"<span>(\w{4})</span>", found.group(1) + "</span>"))


def opened(number: str, code: str, proof: str) -> Client:
    """A fresh browser that has opened a case; or hasn't, where something was wrong."""
    browser = Client()
    browser.post(url("window-follow"), {"number": number, "code": code, "proof": proof})
    return browser


def is_open(browser: Client) -> bool:
    """Whether this browser sees a case."""
    return browser.get(url("window-case")).status_code == 200


def facts(number: str) -> Facts:
    """The facts of a case."""
    return facts_of(Petition.objects.get(number=number))


def days_ago(days: int) -> date:
    """A day before today."""
    return date.fromordinal(today().toordinal() - days)
