"""The forms of decisions about units and staff, with every kind of nonsense.

Recorded whole and proven, or refused and nothing left.
"""

from random import Random

import pytest

from tests.attachments import made
from tests.fuzz import cases, nasty
from tests.fuzz.cases import Form, as_
from tests.fuzz.sending import SEED, Tally, post, so_many
from tests.fuzz.test_uploads import damaged
from tests.personnel_decisions.recording import answers
from tests.urls import url
from xinfang.personnel_decisions.models import Decision
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

_TYPE = f"multipart/form-data; boundary={nasty.BOUNDARY.decode()}"


@pytest.mark.django_db
def test_decisions(forms: list[Form], numbers: dict[str, str]) -> None:
    tally, draw, known = Tally(), Random(SEED + 11), cases.words_known(numbers)
    head, leader = as_("office_head"), as_("leader")
    good: nasty.Fields = {k: [str(v)] for k, v in answers("unit").items()}
    good |= {"person": [""], "ground": [""], "about": [""], "corrects": [""], "reason": [""]}
    files = [made.png(), made.pdf(), made.jpg()]
    known += [n for (n,) in Decision.objects.values_list("number")] + ["n45_1", "discipline", "commendation"]
    for n in range(so_many(60, 0.03)):
        fields = {**(dict(good) if n < 3 else nasty.changed(good, draw, known)), "key": [f"{n:016d}"]}
        data = files[n % 3] if n < 3 or draw.random() < 0.7 else damaged(draw.choice(files), draw, files)
        name = (b"a.png", b"a.pdf", b"a.jpg")[n % 3] if n < 3 else draw.choice((b"a.png", b"a.pdf", b"a", b"..\\a.jpg"))
        sent = [(b"file", name, b"image/png", data)] if draw.random() < 0.9 or n < 3 else []
        body = nasty.multipart(fields, sent)
        if n > 5 and draw.random() < 0.15:
            body = nasty.spoiled(body, draw)
        answer = head.generic("POST", url("reward-new"), body, content_type=_TYPE)
        tally.judge("decision", answer, f"POST {name!r} {len(data)} {body[:1500]!r}")
        last = Decision.objects.first()
        assert last is not None or n > 0, "not even this decision is recorded"
        if last is not None:
            said, what = post(leader, url("reward", last.number), nasty.changed({"agree": ["yes"]}, draw, ["no"]), draw)
            tally.judge(StepCode.ANSWER, said, what)
            tally.judge("page", head.get(url("reward", last.number)), last.number)
            tally.judge(
                "list", leader.get(url("rewards"), {"year": nasty.text(draw), "after": nasty.text(draw)}), "list"
            )
    print(f"\n{Decision.objects.count()} decisions were recorded")
    if not verify().whole:
        tally.fault("not proven", str(verify().broken))
    tally.done("decisions")
