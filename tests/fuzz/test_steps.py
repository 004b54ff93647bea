"""Every step's form and registration, in a state in which the step can be taken: refused or done, never half."""

import re
from random import Random

import pytest
from django.db import transaction

from tests.fuzz import cases, nasty, whole
from tests.fuzz.cases import Form, as_
from tests.fuzz.sending import SEED, Tally, post, so_many
from tests.urls import url
from xinfang.cases.models import Event
from xinfang.casework.views.step import STAFF_CAN_TAKE

pytestmark = pytest.mark.django_db

CLOSELY = 40
"""One accepted input in this many has every case and chain checked, the others the case they changed."""


class _Back(Exception):
    """Ends the life of an accepted input, so that the next finds the case where the step can be taken."""


def test_every_step(forms: list[Form], numbers: dict[str, str]) -> None:
    missing = set(STAFF_CAN_TAKE) - {f.name.removesuffix(" (second)") for f in forms}
    assert not missing, f"no case in which these can be taken: {missing}"
    known = cases.words_known(numbers)
    tally, draw = Tally(), Random(SEED)
    browsers = {by: as_(by) for by in {f.by for f in forms}}
    browsers["sealed"] = _opens_sealed(numbers["reported"])
    browsers["principal"] = _opens_sealed(numbers["about its officer"], "principal")
    for form in forms:
        _unchanged_is_accepted(browsers[form.by], form, tally)
    before = whole.print_of_all()
    accepted = 0
    for n in range(so_many(200, 0.25)):
        form = forms[n % len(forms)]
        browser = browsers[form.by]
        fields = nasty.changed(form.fields, draw, known)
        if n % 997 == 500:
            fields[draw.choice(list(fields))] = [draw.choice(("长" * (nasty.BIG // 3), "x" * nasty.BIG))]
        try:
            with transaction.atomic():
                answer, what = post(browser, form.path, fields, draw)
                tally.judge(form.name, answer, what)
                if answer.status_code != 302 or whole.print_of_all() == before:
                    continue
                accepted += 1
                wrong = whole.wrong_with_everything() if accepted % CLOSELY == 0 else whole.wrong_with(form.number)
                if wrong:
                    tally.fault(f"{form.name}: {wrong[0]}", what)
                raise _Back
        except _Back:
            pass
        finally:
            if (now := whole.print_of_all()) != before:
                tally.fault(f"{form.name}: a refused input changed something", f"{what}\n  {before}\n  {now}")
                before = now
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    print(f"\n{accepted} inputs were accepted, taken and checked")
    tally.done("forms of the steps")


def _opens_sealed(number: str, by: str = "sealed"):
    browser = as_(by)
    assert browser.post(url("sealed-reason", number), {"reason": "办理需要，核对材料"}).status_code == 302
    return browser


def _unchanged_is_accepted(browser, form: Form, tally: Tally) -> None:
    """A form that isn't accepted as it is would be refused for that alone, and prove nothing."""
    with pytest.raises(_Back), transaction.atomic():
        had = Event.objects.count()
        answer = browser.generic("POST", form.path, nasty.urlencoded(form.fields), "application/x-www-form-urlencoded")
        if answer.status_code != 302 or Event.objects.count() == had:
            said = re.search(r'error-summary-title">(.*?)</section>|$', answer.content.decode(), re.S)
            why = " ".join(re.sub(r"<[^>]*>", " ", said[0] if said else "").split())[:300]
            tally.fault(f"{form.name} is refused unchanged ({answer.status_code})", f"{form.by} {form.fields}: {why}")
        raise _Back


def test_everybody_does_anything(forms: list[Form], numbers: dict[str, str]) -> None:
    """The same without going back: any form by anybody on any case, one after another, as a bad day would have it."""
    known = cases.words_known(numbers)
    tally, draw = Tally(), Random(SEED + 1)
    browsers = {
        by: as_(by)
        for by in (
            "clerk",
            "clerk2",
            "office_head",
            "leader",
            "head",
            "handler",
            "sealed",
            "adviser",
            "archivist",
            "handler2",
            "auditor",
        )
    }
    browsers["sealed"] = _opens_sealed(numbers["reported"])
    browsers["principal"] = _opens_sealed(numbers["about its officer"], "principal")
    everywhere = list(numbers.values())
    for n in range(so_many(40, 0.05)):
        form = draw.choice(forms)
        number = form.number if draw.random() < 0.5 else draw.choice(everywhere)
        by = form.by if form.by in browsers and draw.random() < 0.7 else draw.choice(list(browsers))
        path = form.path.replace(form.number, number)
        fields = dict(form.fields)
        fields["key"] = [f"{n:016d}"]
        fields["seen"] = [str(Event.objects.filter(petition__number=number).count())]
        if draw.random() < 0.6:
            fields = nasty.changed(fields, draw, known)
        answer, what = post(browsers[by], path, fields, draw)
        tally.judge(form.name, answer, what)
        if n % 500 == 499:
            for fault in whole.wrong_with_everything():
                tally.fault(fault, f"after {n} inputs; the last was {what}")
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("anybody, anywhere")
