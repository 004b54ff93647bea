"""The forms and lists of leaders' reception, with every kind of nonsense: recorded whole and proven, or refused."""

from datetime import timedelta
from random import Random

import pytest

from tests.fuzz import cases, nasty
from tests.fuzz.cases import Form, as_
from tests.fuzz.sending import SEED, Tally, post, so_many
from tests.reception.receiving import booked, published
from tests.urls import url
from xinfang.core.clock import today
from xinfang.proof.verify import verify
from xinfang.reception.models import Booking, ReceptionDay, ReceptionEvent

ACTS = ("tell", "carry", "withdraw", "receive", "no_show", "publish", "link", "")


@pytest.mark.django_db
def test_reception(forms: list[Form], numbers: dict[str, str]) -> None:
    tally, draw, known = Tally(), Random(SEED + 12), cases.words_known(numbers)
    known += ["moved", "cancelled", "hindered", "visit_down", "leader", "09:00", "23:59", "1", today().isoformat()]
    clerk, other = as_("clerk"), as_("office_head")
    booked(published())
    on = (today() + timedelta(days=2)).isoformat()
    good: dict[str, nasty.Fields] = {
        "day": {
            "kind": ["reception"], "leader": ["leader"], "on": [on], "begins": ["09:00"], "ends": ["11:30"],
            "place": ["一楼"], "places": ["3"],
        },
        "book": {
            "asked_by": ["phone"], "number": [""], "name": ["甲某"], "phone": ["13900001111"], "matter": ["补助"],
            "people": ["1"],
        },
        "end": {"what": ["cancelled"], "reason": ["开会"], "on": [""], "begins": [""], "ends": [""], "place": [""]},
        "act": {
            "text": ["电话告知"], "day": ["1"], "leader": ["leader"], "people": ["1"], "said": ["说明了经过"],
            "instruction": [""], "unit": [""], "due": [""],
        },
        "answer": {"agree": ["yes"], "opinion": [""]},
    }  # fmt: skip
    for n in range(so_many(80, 0.05)):
        days = list(ReceptionDay.objects.values_list("pk", flat=True))
        bookings = list(Booking.objects.values_list("pk", flat=True))
        waiting = list(ReceptionEvent.objects.filter(waits_for_another=True).values_list("pk", flat=True))
        act = draw.choice(ACTS) or "withdraw"
        where = {
            "day": url("reception-day-new"),
            "book": url("reception-book", draw.choice(days)),
            "end": url("reception-day-end", draw.choice(days)),
            "act": url("reception-act", draw.choice(bookings), act),
            "answer": url("reception-answer", draw.choice(waiting or [9])),
        }
        for what, path in where.items():
            fields = {**(dict(good[what]) if n < 2 else nasty.changed(good[what], draw, known)), "key": [f"{n:016d}"]}
            said, sent = post(other if what == "answer" else clerk, path, fields, draw)
            tally.judge(what, said, sent)
        for path in (url("reception"), url("reception-day", draw.choice(days)), url("reception-booking", bookings[-1])):
            tally.judge("page", clerk.get(path, {"past": nasty.text(draw)}), path)
        for path in (url("reception-register"), url("reception-matters")):
            asked = {"year": nasty.text(draw), "leader": nasty.text(draw), "list": nasty.text(draw), "after": "x"}
            tally.judge("list", clerk.get(path, dict(draw.sample(list(asked.items()), 1))), path)
    print(f"\n{Booking.objects.count()} bookings, {ReceptionEvent.objects.count()} records")
    if not verify().whole:
        tally.fault("not proven", str(verify().broken))
    tally.done("reception")
