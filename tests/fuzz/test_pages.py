"""Every other form of the desk, every list's filters, and addresses that nobody would write."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.fuzz import cases, nasty, whole
from tests.fuzz.cases import Form, as_
from tests.fuzz.sending import SEED, Tally, post, so_many
from tests.urls import raw_url, url
from tests.window.test_counter import drawn
from tests.world import PASSWORD
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import PendingChange
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.window.actions.flood import keep_waiting
from xinfang.window.submission import Submission

pytestmark = pytest.mark.django_db
Numbers = dict[str, str]


class _Back(Exception):
    """Takes back what an accepted input did."""


def confirmed(username: str) -> Client:
    """A browser of somebody who has just confirmed again that it is them."""
    browser = as_(username)
    request: Any = type("R", (), {"session": browser.session})()
    sign_ins.mark_reauthenticated(request)
    request.session.save()
    return browser


def _person(i: int, **more: str) -> nasty.Fields:
    row = {"name": "其木格", "role": "petitioner", "kind": "natural", "phone": "15000000001", "address": "某盟某旗"}
    row |= {"id_number": "", "foreign": "", "language": "", "translate": "", **more}
    return {f"persons-{i}-{k}": [v] for k, v in row.items()}


def _register(day: str) -> nasty.Fields:
    return {
        "key": ["0123456789abcdef"],
        "secrecy": ["no"],
        "channel": ["letter"],
        "source": ["direct"],
        "received_on": [day],
        "subject": ["请求说明补助发放情况"],
        "body": ["本人担任科技特派员，补助未按时发放。\r\n请补发。"],
        "category": [""],
        "group_size": [""],
        "sender": [""],
        "sender_number": [""],
        "sender_date": [""],
        "feedback_due": [""],
        "told_orally": [""],
        "anonymous": [""],
        "reception_place": [""],
        "external_number": [""],
        "complained_units": [],
        "complained_staff": [],
        "repeat_of": [""],
        "requests-count": ["2"],
        "requests-0-text": ["说明原因"],
        "requests-1-text": ["补发"],
        "persons-count": ["2"],
        **_person(0),
        **_person(1, name="那仁", role="agent", kind="organisation", id_number="150102199001011234"),
    }


def other_forms(numbers: Numbers, change: int) -> list[Form]:
    """Every form that isn't a step's, with answers that are mostly accepted."""
    sent = Submission({"subject": "请求补发", "body": "补助没有发放"}, "草原蓝天", False, [], "0" * 32, timezone.now())
    waits = keep_waiting(sent, [], "203.0.113.7").pk
    day = today().isoformat()
    number = numbers["heard"]
    staff = url("staff", "handler")
    about = {"do": ["about"], "name": ["巴特尔"], "title": ["主任科员"], "email": ["b@example.invalid"]}
    duty = {"do": ["add-duty"], "role": ["handler"], "unit": ["results"], "since": [day], "until": [""]}
    absence = {"do": ["absence"], "deputy": ["head"], "since": [day], "until": [day], "reason": ["出差"]}
    unit = {"code": ["new-unit"], "name": ["新设处"], "kind": ["division"], "leader": ["leader"]}
    new = {"username": ["newone"], "name": ["新来"], "title": [""], "email": [""]}
    own = {"old": [PASSWORD], "new": ["Neu-Passw0rd-77"], "again": ["Neu-Passw0rd-77"]}
    setting = {"name": ["contact_phone"], "value": ["0471-1111111"], "since": [day], "reason": ["换号"]}
    number_change = {
        "code": ["archive"],
        "value": ["20"],
        "since": [str(today() + timedelta(days=1))],
        "reason": ["改"],
    }
    rows: list[tuple[str, str, str, nasty.Fields]] = [
        ("similar", url("register-similar"), "clerk", _register(day)),
        (
            "same matter",
            url("matter-pair", number),
            "clerk",
            {"other": [numbers["reported"]], "verdict": ["same"], "turn": ["0"], "ground": ["place"]},
        ),
        ("search", url("search"), "clerk", {"q": ["补助"]}),
        ("search saved", url("search-saved"), "clerk", {"name": ["甲"], "state": ["open"]}),
        ("search open", url("search-saved"), "clerk", {"open": ["1"]}),
        ("notices", url("notices"), "clerk", {}),
        ("unit new", url("unit-new"), "admin", unit),
        ("unit", url("unit", "funds"), "admin", {**unit, "ended_on": [""]}),
        ("staff new", url("staff-new"), "admin", new),
        ("staff about", staff, "admin", about),
        ("staff leave", staff, "admin", {"do": ["leave"], "left_on": [day]}),
        ("staff duty", staff, "admin", duty),
        ("staff end duty", staff, "admin", {"do": ["end-duty"], "duty": ["1"], "until": [day]}),
        ("staff absence", staff, "admin", absence),
        ("staff password", staff, "admin", {"do": ["new-password"]}),
        ("staff factor", staff, "admin", {"do": ["forget-second-factor"]}),
        ("staff release", staff, "security", {"do": ["release"]}),
        ("hand over", url("hand-over", "handler"), "office_head", {"to": ["head"], "reason": ["工作调动"]}),
        ("changes", url("changes"), "security", {"change": [str(change)], "do": ["confirm"], "reason": [""]}),
        ("settings", url("settings"), "admin", setting),
        (
            "phrase",
            url("phrases"),
            "clerk",
            {"use": ["closing"], "text": ["“{事由}”已办结。"], "whose": ["department"]},
        ),
        ("number", url("numbers"), "office_head", number_change),
        ("number answer", url("numbers"), "principal", {"change": ["1"], "do": ["refuse"], "opinion": ["太长"]}),
        ("password", url("password"), "handler2", own),
        ("account", url("account"), "clerk", {"end": ["others"]}),
        ("second factor", url("second-factor"), "clerk2", {"do": ["set-up"], "code": ["000000"]}),
        ("confirm", url("confirm"), "clerk2", {"password": [PASSWORD], "next": [url("inbox")]}),
        (
            "reason",
            url("sealed-reason", numbers["reported"]),
            "sealed",
            {"reason": ["核对材料"], "next": [url("inbox")]},
        ),
        ("original", url("original", number), "clerk", {"move": ["kept"], "place": ["办公室3号柜"], "seen": ["0"]}),
        ("unmask", url("unmask", number), "clerk", {"reason": ["电话通知领取意见书"]}),
        (
            "clearing",
            url("clearing"),
            "clerk",
            {
                **{
                    "do": ["set_aside"],
                    "group": [f"{waits}-{waits}"],
                    "shown": [f"{waits}-{waits}"],
                    "rest": ["0"],
                    "reason": ["广告"],
                },
                **{"report": [""], "like": [""]},
            },
        ),
        ("mail", url("mail-decide", 1), "clerk", {"do": ["aside"], "reason": ["广告"], "number": [number]}),
        ("clearing answer", url("clearing-answer", 1), "office_head", {"do": ["agree"], "opinion": ["同意"]}),
        ("ask again", url("window-ask-again"), "", {"words": ["我反映情况"]}),
        ("receipt", url("window-check"), "", {"text": ['{"format":"xinfang-receipt-1"}\n3044']}),
        ("window follow", url("window-follow"), "", {"number": [number], "code": ["0" * 16], "proof": ["0001"]}),
        ("window code", url("window-follow"), "", {"number": [number], "code": ["0" * 16], "do": ["send"]}),
        (
            "window act, late",
            url("window-act", "supplement"),
            "",
            {"text": ["补充流水"], "number": [number], "code": ["0" * 16], "proof": ["0001"]},
        ),
        ("window piece", url("window-pieces", "0" * 32, "1" * 32), "", {"name": ["a"], "size": ["9"], "offset": ["0"]}),
        ("told", url("told", number), "clerk", {"how": ["phone"], "proof": ["called"], "do": ["stop-news"]}),
        ("signed sheet", url("counter-sheet", number), "clerk", {"signature": [drawn()]}),
        ("undelivered", url("undelivered"), "clerk", {"number": [number], "message": ["1"], "how": ["打电话"]}),
        ("login", url("login"), "", {"username": ["clerk"], "password": ["falsch"], "next": [url("inbox")]}),
        ("login code", url("login-code"), "", {"code": ["123456"]}),
        ("login demo", url("login-demo"), "", {"username": ["clerk"]}),
    ]
    return [Form(name, path, by, {"key": ["0123456789abcdef"], **fields}) for name, path, by, fields in rows]


def _sent(tally: Tally, form: Form, browser: Client, fields: nasty.Fields, draw: Random, before: Any) -> bool:
    """Send it; take back what it did. Whether it did anything."""
    did = False
    try:
        with transaction.atomic():
            answer, what = post(browser, form.path, fields, draw)
            tally.judge(form.name, answer, what)
            did = whole.print_of_all() != before
            if did and answer.status_code >= 400 and form.name not in ("second factor", "login"):
                tally.fault(f"{form.name}: refused with {answer.status_code}, and changed something", what)
            raise _Back
    except _Back:
        return did


def test_registration(forms: list[Form], numbers: Numbers) -> None:
    tally, draw, known = Tally(), Random(SEED + 2), cases.words_known(numbers)
    browser, fields = as_("clerk"), _register(today().isoformat())
    form = Form(StepCode.REGISTER, url("register"), "clerk", fields)
    before = whole.print_of_all()
    assert _sent(tally, form, browser, fields, draw=Random(1), before=before), "not even this registration is accepted"
    for n in range(so_many(70, 0.1)):
        given = nasty.changed(fields, draw, known)
        if n % 499 == 40:
            given["body"] = [draw.choice(("长" * (nasty.BIG // 3), "x" * nasty.BIG, "<b>" * (nasty.BIG // 9)))]
        if n % 7 == 3:
            # These stay, so that the cases there are at the end came from forms like these.
            given["key"] = [f"{n:016d}"]
            answer, what = post(browser, form.path, given, draw)
            tally.judge(form.name, answer, what)
            before = whole.print_of_all()
            continue
        _sent(tally, form, browser, given, draw, before)
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("registration")


def test_every_other_form(forms: list[Form], numbers: Numbers, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    tally, draw, known = Tally(), Random(SEED + 3), cases.words_known(numbers)
    browser = confirmed("admin")
    duty = {"do": "add-duty", "role": "handler", "unit": "results", "since": today().isoformat(), "until": ""}
    assert browser.post(url("staff", "head2"), duty).status_code == 302
    others = other_forms(numbers, PendingChange.objects.get().pk)
    known += [
        str(PendingChange.objects.get().pk),
        "about",
        "leave",
        "add-duty",
        "confirm",
        "refuse",
        StepCode.WITHDRAW,
        "auditor",
    ]
    before = whole.print_of_all()
    for n in range(so_many(110, 0.12)):
        form = others[n % len(others)]
        browser = confirmed(form.by) if form.by else Client(raise_request_exception=False)
        fields = nasty.changed(form.fields, draw, known) if n >= len(others) else dict(form.fields)
        _sent(tally, form, browser, fields, draw, before)
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("other forms")


def event_forms(number: str) -> list[Form]:
    """Every form of an event, with answers that are accepted."""
    report = {"kind": ["disturbance"], "place": ["大厅"], "people": ["9"], "text": ["有人高声喧哗。"], "ground": [""]}
    acts = {"act": ["blocking"], "text": ["堵住大门十分钟。"], "witness": ["马值"], "answer": ["dissuaded"]}
    paper = "标题：专报\n主送：自治区信访局\n落款：某厅\n日期：2026年11月2日\n---\n一段话。\n"
    steps: list[tuple[str, str, nasty.Fields]] = [
        ("called", "guard", {"number": ["120"]}),
        ("confirm", "clerk2", {}),
        ("told_by_phone", "clerk", {"leader": ["leader"]}),
        ("call_in", "clerk", {"unit": ["funds"]}),
        ("set_out", "support", {}),
        ("arrive", "support", {}),
        ("note", "guard", {"text": ["秩序平稳。"], "seen_at": ["2026-11-02T09:00:00Z"], "next": [url("duty")]}),
        ("count_people", "guard", {"people": ["30"]}),
        ("set_place", "guard", {"place": ["院内"]}),
        ("choose_representatives", "clerk", {"representatives": ["3"]}),
        ("register_on_the_spot", "clerk", {"number": ["LX2026000001"]}),
        ("record_act", "clerk", acts),
        (StepCode.INSTRUCT, "leader", {"text": ["逐件登记。"]}),
        ("draft_report", "clerk", {"text": [paper], "do": ["send"]}),
        ("draft_report", "clerk", {"text": [paper], "do": ["preview"]}),
        ("sign_report", "leader", {"agree": ["yes"], "opinion": [""]}),
        ("send_report", "clerk", {"body": ["自治区信访局"]}),
        ("end", "clerk", {"text": ["已离开。"], "why_not": ["其他人员在外出差。"]}),
    ]
    made = [Form(f"event {code}", url("incident-step", number, code), by, fields) for code, by, fields in steps]
    made.append(Form("event new", url("incident-new"), "clerk", report))
    made.append(Form("duty", url("duty"), "guard", {"kind": ["medical_emergency"], "seen_at": [""], "another": ["on"]}))
    made.append(Form("duty after", url("duty"), "guard", {"begun": ["0" * 16], "step": ["note"], "text": ["在大厅。"]}))
    return [replace(f, fields={"key": ["0123456789abcdef"], **f.fields}) for f in made]


def test_the_forms_of_events(forms: list[Form], numbers: Numbers) -> None:
    tally, draw, known = Tally(), Random(SEED + 5), cases.words_known(numbers)
    answer = as_("guard").post(url("duty"), {"kind": "sudden_gathering", "key": "0" * 16})
    number = answer["Location"].rstrip("/").rpartition("/")[2]
    every = event_forms(number)
    browsers = {f.by: as_(f.by) for f in every}
    before = whole.print_of_all()
    did = set()
    for n in range(so_many(90, 0.1)):
        form = every[n % len(every)]
        fields = nasty.changed(form.fields, draw, known) if n >= len(every) else dict(form.fields)
        if _sent(tally, form, browsers[form.by], fields, draw, before):
            did.add(form.name)
        for address in (url("incidents"), url("incident", number), url("incident-new"), url("duty-reported", number)):
            if n % 30 == 0:
                query = {k: nasty.text(draw) for k in ("live", "kind", "after", "petition")}
                tally.judge(address, as_("clerk").get(address, query), str(query))
    assert did >= {"event note", "event new", "duty", "duty after", "event record_act"}
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("events")


def test_drafts(forms: list[Form], numbers: Numbers) -> None:
    tally, draw = Tally(), Random(SEED + 4)
    browser = as_("clerk")
    for _ in range(so_many(40, 0.02)):
        body: bytes = draw.choice(nasty.JSON)
        if draw.random() < 0.7:
            fields = {nasty.text(draw): [nasty.text(draw)] for _ in range(3)}
            body = json.dumps(
                {"fields": draw.choice((fields, {"a": "b"}, {"a": [1]}, {"a": [None]}, [], 1, "x"))}
            ).encode()
        if draw.random() < 0.2:
            body = nasty.spoiled(body, draw)
        name = draw.choice((StepCode.REGISTER, "step-x", nasty.address(draw, ()))) + draw.choice(
            ("", "/p1", "/p1", "/-")
        )
        method = draw.choice(("POST", "POST", "POST", "GET", "DELETE"))
        answer = browser.generic(
            method, raw_url("drafts", name), body, content_type=draw.choice(("application/json", *nasty.TYPES))
        )
        # All that was typed in a form is asked for at once; what one page typed is only written and thrown away.
        known = (method == "GET") is (answer.wsgi_request.path_info.count("/") == 3)
        tally.judge("draft", answer, f"{method} /drafts/{name}/ {body[:300]!r}", known=known)
    tally.done("drafts")


LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "clerk /": (url("inbox"), ("tab", "after", "before", "end")),
    "leader /": (url("inbox"), ("tab", "after", "before", "end")),
    "clerk /petitions/": (
        url("petitions"),
        (
            "state",
            "unit",
            "leader",
            "handler",
            "channel",
            "source",
            "category",
            "clock",
            "since",
            "until",
            "due",
            "supervised",
            "sort",
            "col",
            "cols",
            "after",
            "before",
            "end",
        ),
    ),
    "clerk /registers/": (url("registers"), ("year",)),
    "clerk /ledgers/": (url("ledgers"), ("pk",)),
    "clerk /registers/export/": (
        url("list-export"),
        ("list", "register", "kept", "case", "all", "state", "unit", "since"),
    ),
    "clerk /notices/": (url("notices"), ("after", "before", "end")),
    "clerk /calendar/": (url("calendar"), ("year",)),
    "leader /numbers/what-if/": (url("numbers-what-if"), ("code", "value", "since", "running")),
    "clerk /boards/": (url("boards"), ("x",)),
    "clerk /procedure/": (url("procedure"), ("x",)),
    "clerk /help/": (url("help-chapter", "clerk"), ("x",)),
    "auditor /log/": (url("log"), ("number", "since", "until", "who", "after", "before", "end")),
    "auditor /log/looks/": (url("looks"), ("since", "until", "who", "what", "number", "after", "before", "end")),
    "auditor /log/admin/": (url("admin-log"), ("since", "until", "who", "kind", "after", "before", "end")),
    "auditor /registers/export/": (url("list-export"), ("list", "number", "since", "until", "who", "what")),
    "clerk /confirm/": (url("confirm"), ("next",)),
    "clerk /login/": (url("login"), ("next",)),
}


def test_filters_and_addresses(forms: list[Form], numbers: Numbers) -> None:
    tally, draw, known = Tally(), Random(SEED + 5), cases.words_known(numbers)
    known += [
        "open",
        "late",
        "7",
        "received",
        "due-desc",
        "all",
        "1",
        "2",
        "2026-11-01",
        "2026-11-01.5",
        "5,2026-11-01",
    ]
    browsers = {by: as_(by) for by in ("clerk", "leader", "auditor", "admin", "handler")}
    key = browsers["clerk"].post(url("search"), {"q": "补助"})["Location"]
    before = whole.print_of_all()
    some = [f for f in forms if f.by in browsers]
    for n in range(so_many(120, 0.09)):
        which = n % 4
        if which == 0:
            name, (path, names) = draw.choice(list(LISTS.items()))
            by = name.split()[0]
        elif which == 1:
            by, name, path, names = "clerk", "search found", key, ("before",)
        elif which == 2:
            form = draw.choice(some)
            by, name, path, names = form.by, "step page", form.path, ("first", "agree", "next", "attachment")
        else:
            part = nasty.address(draw, known)
            path, by = draw.choice(
                (
                    (raw_url("petition", part), "clerk"),
                    (raw_url("receipt", part), "clerk"),
                    (raw_url("unmask", part), "clerk"),
                    (raw_url("file", part, nasty.address(draw, known)), "clerk"),
                    (raw_url("file", numbers["much asked"], part), "clerk"),
                    (raw_url("step", numbers["heard"], part), "clerk"),
                    (raw_url("search-found", part), "clerk"),
                    (raw_url("staff", part), "admin"),
                    (raw_url("hand-over", part), "clerk"),
                    (raw_url("unit", part), "admin"),
                    (f"/{part}/", "clerk"),
                    (f"/static/{part}", "clerk"),
                )
            )
            name, names = "address", ("x",)
        fields = {draw.choice(names): [nasty.text(draw, known)] for _ in range(draw.randrange(4))}
        query = nasty.urlencoded(fields, draw).decode("latin-1")
        answer = browsers[by].generic("GET", path, QUERY_STRING=query)
        if answer.status_code == 302 or getattr(answer, "streaming", False):
            tally.answers[name][answer.status_code] += 1
            continue
        tally.judge(name, answer, f"GET {path}?{query[:500]} by {by}")
    if whole.print_of_all() != before:
        tally.fault("a page that was only looked at changed something", "")
    tally.done("filters and addresses")
