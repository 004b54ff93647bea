"""A subject that is one long address and a name of 85 letters.

No page of the case must be scrolled sideways on a phone.
"""

from tests.browser import page_width
from tests.journeys.people import PHONE
from tests.urls import url
from tests.world import register, walk, who
from xinfang.cases.models import RequiredPaper
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind

SUBJECT = "https://example.invalid/" + "a1B2c3D4e5F6" * 7 + "zz"
NAME = "Abdurehimjan" * 7 + "A"
PAGES = (
    url('petition', '{}'), url('step', '{}', StepCode.SUPPLEMENT), url('step', '{}', StepCode.CORRECT),
    url('step', '{}', StepCode.SUPERVISE),
    url('receipt', '{}'), url('paper', '{}', 1), url('paper-versions', '{}', 1), url('petitions'), url('inbox'),
    url('boards'), url('papers'),
)  # fmt: skip


def test_long_words_wrap_on_a_phone(department, sign_in) -> None:
    assert (len(SUBJECT), len(NAME)) == (110, 85)
    number = register(
        today(),
        subject=SUBJECT,
        persons=[{"name": NAME, "phone": "15000000001", "address": SUBJECT, "role": "petitioner", "kind": "natural"}],
    )
    walk(number, "accepted", today(), 0)
    kind = PaperKind.ACCEPTANCE_NOTICE
    owed = RequiredPaper.objects.get(petition__number=number, kind=kind.value).event.seq
    paper_texts.make_paper(number, kind, by=who("clerk"), owed_by=owed)
    page = sign_in("clerk", viewport=PHONE).page
    wide = {}
    for address in PAGES:
        page.goto(address.format(number))
        width = page_width(page)
        if width > PHONE["width"]:
            wide[address] = width
    assert not wide
