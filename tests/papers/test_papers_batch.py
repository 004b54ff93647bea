"""文书: the list of papers, and several issued, printed and addressed at once."""

import io
import re

import pdfplumber
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.casework.test_looking import away_for_ten_minutes, confirm_again
from tests.papers.test_pages import accepted, as_, issued, notice
from tests.urls import url
from tests.world import take, who
from xinfang.cases.models import AccessLogEntry, Event
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def signed(number: str) -> Paper:
    paper = notice(number)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=1)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=paper.place, agree=True)
    paper.refresh_from_db()
    return paper


def rows(client: Client, query: str = "") -> list[str]:
    return [f"{r['case']} {r['label']}" for r in client.get(url("papers") + query).context["rows"]]


def test_each_finds_what_waits_for_them():
    first, second = accepted(), accepted()
    signed(first)
    paper = notice(second)
    acts.submit_paper(second, paper.place, by=who("clerk"), revision=1)
    assert rows(as_("office_head")) == [f"{second} 受理告知书", f"{first} 受理告知书"]
    assert rows(as_("clerk")) == [f"{first} 受理告知书"]
    assert rows(as_("clerk"), "?tab=signing") == [f"{second} 受理告知书"]
    assert rows(as_("clerk"), "?tab=all&kind=receipt") == []
    assert f"{second} 接收回执（含查询码）" in rows(as_("clerk"), "?tab=owed")
    assert f"{second} 受理告知书" not in rows(as_("clerk"), "?tab=owed")
    assert rows(as_("handler2"), "?tab=all") == [], "not their cases"
    assert as_("auditor").get(url("papers")).status_code == 404
    page = as_("clerk").get(f"{url('papers')}?tab=nothing&kind=nothing&after=x").content.decode()
    assert "没有用于筛选" in page


def test_it_opens_on_the_first_group_that_has_something():
    number, clerk = accepted(), as_("clerk")
    assert clerk.get(url("papers")).context["tab"] == "owed", "nothing is made, so what is to be made"
    paper = notice(number)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=1)
    page = clerk.get(url("papers"))
    assert page.context["tab"] == "signing" and [t["current"] for t in page.context["tabs"]].count(True) == 1
    assert clerk.get(f"{url('papers')}?tab=mine").context["tab"] == "mine", "who asks for a group gets it"
    assert as_("office_head").get(url("papers")).context["tab"] == "mine"
    assert as_("handler2").get(url("papers")).context["tab"] == "mine", "nothing anywhere"


def test_the_list_costs_the_same_for_many_papers():
    client = as_("clerk")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{url('papers')}?tab=all").status_code == 200
        return len(asked)

    signed(accepted())
    few = queries()
    for _ in range(3):
        signed(accepted())
    assert queries() == few <= 12


def test_several_are_issued_in_turns_and_none_twice(monkeypatch):
    papers = [signed(accepted()) for _ in range(3)]
    draft = notice(accepted())
    client = as_("clerk")
    form = {"do": "issue", "key": "a" * 32, "paper": [p.pk for p in (*papers, draft)]}
    page = client.post(url("papers-batch"), form).content.decode()
    assert "已办 0 份，共 4 份" in page and not Paper.objects.exclude(number=None).exists()
    # One paper an answer, as on a slow machine.
    monkeypatch.setattr("xinfang.papers.views.papers_batch.BATCH_SECONDS", -1.0)
    for ready in range(4):
        assert f"已办 {ready} 份" in page
        page = client.post(url("papers-batch"), sent_next(page), headers={"HX-Request": "true"}).content.decode()
    assert "办完了：印发 3 份，1 份没有印发" in page and "不在等待印发：还没有签发" in page
    assert sorted(Paper.objects.exclude(number=None).values_list("pk", flat=True)) == [p.pk for p in papers]
    # The same form again, as after a break: nothing happens twice.
    monkeypatch.undo()
    again = client.post(url("papers-batch"), {**form, "go": "1"}).content.decode()
    assert "印发 3 份" in again and Event.objects.filter(code=StepCode.ISSUE_PAPER).count() == 3


def sent_next(page: str) -> dict[str, list[str]]:
    """The hidden fields that the page sends by itself."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([\w-]+)" value="([^"]*)">',
        page[page.index("hx-post") : page.index("继续</button>")],
    ):
        found.setdefault(name, []).append(value)
    return {k: v for k, v in found.items() if k != "csrfmiddlewaretoken"}


def test_printed_as_one_file_each_beginning_on_a_front():
    papers = [issued(accepted()) for _ in range(2)]
    client = as_("clerk")
    answer = client.post(url("papers-batch"), {"do": "print", "paper": [p.pk for p in papers]})
    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        texts = [re.sub(r"\s", "", p.extract_text()) for p in document.pages]
    for paper in papers:
        at = next(i for i, text in enumerate(texts) if paper.number in text)
        assert at % 2 == 0
    assert AccessLogEntry.objects.filter(what="file", reason="批量打印文书").count() == 2
    not_yet = signed(accepted())
    page = client.post(url("papers-batch"), {"do": "print", "paper": [not_yet.pk]})
    assert page.status_code == 422 and "还没有印发，不能打印" in page.content.decode()


def test_nothing_chosen_and_what_is_not_theirs():
    client = as_("clerk")
    assert client.post(url("papers-batch"), {"do": "print"}).status_code == 422
    assert client.get(url("papers-batch"))["Location"] == url("papers")
    paper = issued(accepted())
    assert as_("handler2").post(url("papers-batch"), {"do": "print", "paper": [paper.pk]}).status_code == 404


@pytest.mark.parametrize("what", ["dl", "c4", StepCode.REGISTER])
def test_addresses_are_printed_for_a_reason_after_confirming(what):
    paper = issued(accepted())
    client = as_("clerk")
    form = {"do": what, "paper": [paper.pk]}
    client.get(url("papers"))
    away_for_ten_minutes(client)
    assert client.post(url("papers-batch"), form)["Location"].startswith(url("confirm"))
    confirm_again(client)
    assert "理由" in client.post(url("papers-batch"), form).content.decode()
    assert client.post(url("papers-batch"), {**form, "reason": "寄"}).status_code == 422
    answer = client.post(url("papers-batch"), {**form, "reason": "邮寄受理告知书"})
    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        sheet = document.pages[0]
        cells = [cell or "" for row in sheet.extract_table() or () for cell in row]
        words = re.sub(r"\s", "", "".join(cells) if what == StepCode.REGISTER else sheet.extract_text())
        size = {"dl": (624, 312), "c4": (918, 649), StepCode.REGISTER: (595, 842)}[what]
        assert (round(sheet.width), round(sheet.height)) == size
    assert "其木格" in words and "某盟某旗某苏木" in words
    assert (paper.number in words) == (what == StepCode.REGISTER)
    look = AccessLogEntry.objects.latest("id")
    assert (look.what, look.reason, look.detail["fields"]) == ("unmask", "邮寄受理告知书", ["address", "name"])


def test_no_envelope_for_an_internal_paper_or_without_the_right():
    number = accepted()
    sheet = acts.make_paper(number, PaperKind.REPRESENTATIVES_SHEET, by=who("clerk"))
    client = as_("clerk")
    answer = client.post(url("papers-batch"), {"do": "dl", "paper": [sheet.pk], "reason": "邮寄文书"})
    assert answer.status_code == 422 and "不寄给信访人" in answer.content.decode()
    paper = issued(accepted())
    leader = as_("principal")
    answer = leader.post(url("papers-batch"), {"do": "dl", "paper": [paper.pk], "reason": "邮寄文书"})
    assert answer.status_code == 422 and "不能打印信访人的住址" in answer.content.decode()


def test_what_failed_names_no_case_that_the_reader_does_not_see():
    hidden, own = signed(accepted()), signed(accepted())
    take(hidden.petition.number, StepCode.RECUSE, "office_head", person="clerk", reason="与信访人是亲属")
    take(hidden.petition.number, StepCode.RECUSE, "principal", agree=True)
    client = as_("clerk")
    assert client.get(url("petition", hidden.petition.number)).status_code == 404
    sent = {"do": "issue", "paper": own.pk, "failed": hidden.pk, f"why-{hidden.pk}": "x", "key": "k"}
    page = client.post(url("papers-batch"), sent).content.decode()
    assert hidden.petition.number not in page and "您不能查看的一份文书" in page
