"""Personal data sent into every control, header, file name and address.

It stays out of logs, addresses, notices and mail.
"""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from tests.attachments import made
from tests.fuzz import nasty
from tests.fuzz.cases import Form, as_
from tests.fuzz.test_pages import _register, confirmed, other_forms
from tests.urls import raw_url, url
from tests.world import register, take, who
from xinfang.accounts.models import PendingChange, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases import access
from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core import logs
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.operations.actions import notification_mail
from xinfang.operations.actions.sweep import run_sweep
from xinfang.procedure.step_codes import StepCode
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = pytest.mark.django_db

WHOLE = {
    "name": "德力格尔夫",
    "phone": "15048127733",
    "id_number": "152629198804053317",
    "address": "呼和浩特市赛罕区丰州路66号院5栋",
    "matter": "举报某所长套取经费一事",
}
VALUES = tuple(WHOLE.values())
ALL = " ".join(VALUES)


def found_in(text: str) -> list[str]:
    """Which of the values are in a text, plain, percent-encoded or escaped."""
    plain = text + unquote(text) + text.encode().decode("unicode_escape", "replace")
    return [v for v in VALUES if v in plain]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged at INFO, as standard error would show it."""
    stream = io.StringIO()
    logs.configure("INFO")
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    logs.configure("WARNING")


def test_logs_and_addresses(
    forms: list[Form], numbers: dict[str, str], logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = {"do": "add-duty", "role": "handler", "unit": "results", "since": today().isoformat(), "until": ""}
    confirmed("admin").post(url("staff", "head2"), duty)
    every = [*forms, *other_forms(numbers, PendingChange.objects.get().pk)]
    every.append(Form(StepCode.REGISTER, url("register"), "clerk", _register(today().isoformat())))
    addresses: list[tuple[str, str]] = []
    sent = 0

    def note(answer: Any, what: str) -> None:
        nonlocal sent
        sent += 1
        assert answer.status_code != 500 or what == "an error", what
        for header in ("Location", "HX-Redirect", "HX-Push-Url", "Content-Disposition"):
            if header in answer.headers:
                addresses.append((what, answer.headers[header]))

    # Every control of every form: `next` alone is the sender's own address, which is given back to them.
    for form in every:
        browser = confirmed(form.by) if form.by else Client(raise_request_exception=False)
        names = [n for n in form.fields if n != "next"]
        everything = {n: [ALL] if n not in ("do", "key", "seen") else v for n, v in form.fields.items() if n != "next"}
        everything |= {"repeat_of": [WHOLE["phone"]], ALL: ["x"], "first": [WHOLE["id_number"]]}
        note(
            browser.generic("POST", form.path, nasty.urlencoded(everything), "application/x-www-form-urlencoded"),
            form.name,
        )
        for value in VALUES[: 1 + len(names) // 9]:
            half = {n: v if i % 2 else [value] for i, (n, v) in enumerate(form.fields.items()) if n != "next"}
            note(
                browser.generic("POST", form.path, nasty.urlencoded(half), "application/x-www-form-urlencoded"),
                form.name,
            )
    # A registration that is accepted, naming a person where a repeat's number belongs.
    clerk = as_("clerk")
    given = _register(today().isoformat()) | {f"persons-0-{k}": [WHOLE[k]] for k in ("name", "phone", "address")}
    for first in (WHOLE["phone"], WHOLE["name"], WHOLE["id_number"]):
        given |= {
            "repeat_of": [first],
            "key": [f"{sent:016d}"],
            "body": [WHOLE["matter"]],
            "subject": [WHOLE["matter"]],
        }
        answer = clerk.generic("POST", url("register"), nasty.urlencoded(given), "application/x-www-form-urlencoded")
        assert answer.status_code == 302
        note(answer, "register, accepted")
    # Addresses, filters, headers, cookies, file names, what no address is made for.
    number = numbers["heard"]
    odd = {"HTTP_USER_AGENT": ALL.encode().decode("latin-1"), "HTTP_REFERER": f"http://x/?q={quote(ALL)}"}
    odd |= {"HTTP_ORIGIN": f"http://{WHOLE['phone']}.example", "HTTP_X_FORWARDED_FOR": WHOLE["id_number"]}
    for value in VALUES:
        part = quote(value)
        clerk.cookies["xinfang_csrf"] = WHOLE["phone"]
        for path in (raw_url('petition', part), raw_url('step', number, part), raw_url('search-found', part),
                     raw_url('staff', part), raw_url('unit', part), raw_url('drafts', part), f"/{part}",
                     f"/x/{part}/y", raw_url('file', number, part), f"{url('calendar')}?year={part}",
                     f"{url('petitions')}?unit={part}&since={part}&after={part}", f"{url('inbox')}?tab={part}",
                     f"{url('register')}?x={part}", f"{url('step', number, StepCode.LINK_REPEAT)}?first={part}",
                     f"/static/{part}"):  # fmt: skip
            for method in ("GET", "POST", "PUT") if value == WHOLE["phone"] else ("GET",):
                note(clerk.generic(method, path, b"", content_type="text/plain", **odd), f"{method} {path}")
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        note(strict.post(raw_url("petition", part), {"x": value}, headers={"referer": f"https://a/{part}"}), "no token")
        note(
            strict.post(url("login"), {"username": value}, headers={"origin": f"https://{WHOLE['phone']}.cn"}), "origin"
        )
        note(strict.get(url("inbox"), headers={"host": f"{WHOLE['phone']}.example"}), "host")
        note(
            clerk.generic("POST", url("register"), b"x", f"multipart/form-data; boundary={WHOLE['phone']}"), "boundary"
        )
        note(
            clerk.generic("POST", url("register"), b"x=1", f"application/x-www-form-urlencoded; charset={part}"),
            "charset",
        )
        for content in (made.png(), b"<html>", b""):
            files = {"files": SimpleUploadedFile(f"{value}.png", content), "what": value}
            note(clerk.post(url("files-add", number), files), "file name")
    # An error whose words hold what was being written.
    monkeypatch.setattr(access, "events_of", _broken)
    answer = clerk.get(url("petition", number))
    assert answer.status_code == 500 and not found_in(answer.content.decode())
    note(answer, "an error")

    text = logged.getvalue()
    quiet = 2 + len(VALUES)  # /static/ is logged at DEBUG only
    assert text.count('"event": "request"') >= sent - quiet and "IntegrityError" in text
    wrong = [line for line in text.splitlines() if found_in(line)]
    assert not wrong, f"{len(wrong)} lines, the first: {wrong[:3]}"
    named = [(what, a) for what, a in addresses if found_in(a)]
    assert not named, named[:5]
    print(
        f"\n{sent} requests, {len(text.splitlines())} lines, {len(addresses)} addresses: none of {len(VALUES)}"
        f" values in them"
    )


def _broken(*_: Any) -> None:
    raise IntegrityError(f"duplicate key (phone, name)=({WHOLE['phone']}, {WHOLE['name']})")


def test_notices_and_mail(settings: Any, forms: list[Form]) -> None:
    person = {k: v for k, v in WHOLE.items() if k != "matter"}
    long_ago = today() - timedelta(days=100)
    told = {
        "subject": WHOLE["matter"],
        "body": WHOLE["matter"],
        "persons": [person],
        "requests": [{"text": WHOLE["matter"]}],
    }
    claim, report = register(long_ago, **told), register(long_ago, **told)
    take(claim, StepCode.CLASSIFY, "clerk", long_ago, matter_class="claim", route="six", purpose="claim")
    take(report, StepCode.CLASSIFY, "clerk", long_ago, matter_class="report", purpose="report")
    assert Petition.objects.get(number=report).sealed
    told_before = set(Notification.objects.values_list("pk", flat=True))
    set_trusted_time(timezone.now())
    run_sweep()
    set_trusted_time(timezone.now() + timedelta(days=40))
    run_sweep(timezone.now() + timedelta(days=40))
    # Those of cases that were hidden from somebody since are another matter (below).
    notices = list(Notification.objects.exclude(pk__in=told_before).select_related("staff", "petition"))
    assert {claim, report} <= {n.petition.number for n in notices if n.petition}
    for n in notices:
        assert not found_in(n.text), n.text
        assert n.petition is None or visible_to(actor_of(n.staff)).filter(pk=n.petition_id).exists(), n.text
    sealed = [n for n in notices if n.petition and n.petition.sealed]
    # The principal leader is asked whether it may be handed over, where there is one officer only.
    assert {n.staff.username for n in sealed} == {"sealed", "principal"}
    settings.EMAIL = {"EMAIL_HOST": "localhost"}
    letters = notification_mail._waiting(timezone.now() + timedelta(minutes=1))
    assert ("sealed@example.invalid",) in letters
    assert {a for a, some in letters.items() if {n.pk for n in some} & {n.pk for n in sealed}} == {
        ("sealed@example.invalid",),
        ("principal@example.invalid",),
    }
    for addresses, some in letters.items():
        letter = notification_mail._letter(addresses, some, None).message().as_string()
        assert not found_in(letter) and not found_in(notification_mail._letter(addresses, some, None).body)
    page = as_("sealed").get(url("notices")).content.decode()
    assert report in page and not found_in(page)


def test_who_may_no_longer_see_a_case_isn_t_told_of_it_any_more(forms: list[Form], numbers: dict[str, str]) -> None:
    """What somebody was told before a case was hidden from them names it no longer.

    Hidden is as if it weren't there.
    """
    number = numbers["heard"]
    case = Petition.objects.get(number=number)
    handler = Staff.objects.get(username="handler")
    Notification.objects.create(
        staff=handler, petition=case, kind="deadline", text=f"{number}：三日内到期", created_at=timezone.now()
    )
    assert number in as_("handler").get(url("notices")).content.decode()
    assert [n for n in _mailed_to("handler@example.invalid") if n.petition_id == case.pk]
    take(number, StepCode.RECUSE, "clerk", person="handler", reason="亲属")
    take(number, StepCode.RECUSE, "office_head")
    assert not visible_to(who("handler")).filter(pk=case.pk).exists()
    page = as_("handler").get(url("notices")).content.decode()
    assert number not in page
    assert 'class="badge"' not in page or "条未读" not in page
    waiting = _mailed_to("handler@example.invalid")
    assert not [n.text for n in waiting if n.petition_id == case.pk or number in n.text]


def _mailed_to(address: str) -> list[Notification]:
    """What waits to be sent to this address, alone or together with another."""
    letters = notification_mail._waiting(timezone.now() + timedelta(minutes=1))
    return [n for addresses, some in letters.items() if address in addresses for n in some]
