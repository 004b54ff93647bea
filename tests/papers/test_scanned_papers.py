"""A paper that was signed and sealed by hand: its scan is filed as that paper, on the pages that people use."""

from datetime import date, timedelta

import pytest

from tests.tables import T
from tests.urls import url
from tests.world import as_, register, scan, take, walk, who
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind, PaperStage
from xinfang.proof.derived_rows import RowDifference, differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
NUMBER = "内科信告〔{}〕107号"


def came() -> date:
    return today() - timedelta(days=10)


def accepted(shade: int = 1) -> str:
    """A case whose notice was sealed by hand; its scan is attached."""
    number = register(came())
    walk(number, "accepted", came(), 0)
    attach_checked(number, scan(shade), "告知书.png", "png", what=Material.PAPER, by=who("clerk"))
    return number


def answers(number: str = "", **changes: object) -> dict[str, object]:
    day = today()
    said = {"attachment": 1, "kind": "acceptance_notice", "document_number": number or NUMBER.format(day.year)}
    return {**said, "dated_on": day, **changes}


def filed(number: str, **changes: object) -> Paper:
    take(number, StepCode.FILE_PAPER_SCAN, "clerk", **answers(**changes))
    take(number, StepCode.FILE_PAPER_SCAN, "clerk2", agree=True)
    return Paper.objects.get(petition__number=number, stage=PaperStage.ISSUED.value)


def differing() -> list[str]:
    return [d.table for d in differences() if isinstance(d, RowDifference)]


def page(client, *address):
    return client.get(url(*address)).content.decode()


def test_from_the_attachment_to_the_day_that_stops_the_limit():
    number = accepted()
    clerk, second = as_("clerk"), as_("clerk2")
    address = url("step", number, StepCode.FILE_PAPER_SCAN)
    assert f'href="{address}?attachment=1"' in page(clerk, "petition", number), "beside the attachment"
    assert f'href="{address}?kind=acceptance_notice"' in page(clerk, "petition", number), "beside what is owed"
    form = clerk.get(f"{address}?kind=acceptance_notice").content.decode()
    assert '<option value="1" selected>附件1</option>' in form, "the only scan there is"
    assert '<option value="acceptance_notice" selected>受理告知书</option>' in form
    assert 'value="reply_opinion"' not in form
    sent = {f"{k}": f"{v}" for k, v in answers().items()} | {"key": "a", "seen": "6"}
    answer = clerk.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    assert not Paper.objects.filter(petition__number=number, stage=PaperStage.ISSUED.value).exists()
    asked = second.get(address).content.decode()
    assert "请与附件核对" in asked and url("file-page", number, 1, 1) in asked and "附件1" not in page(clerk, "inbox")
    assert second.post(address, {"agree": "yes", "key": "b", "seen": "7"}).status_code == 302
    paper = Paper.objects.get(petition__number=number, stage=PaperStage.ISSUED.value)
    assert (paper.kind, paper.number, paper.is_scan, paper.issued_on) == (
        "acceptance_notice",
        NUMBER.format(today().year),
        True,
        today(),
    )
    shown = page(clerk, "paper", number, paper.place)
    assert "纸质件，登记的是扫描件" in shown and url("file-see", number, 1) in shown and "下载 PDF" not in shown
    unsent = clerk.get(url("papers") + "?tab=unsent").content.decode()
    assert url("paper", number, paper.place) in unsent, "issued, and still in the house"
    posted = {"do": "send_paper", "sent_on": f"{today()}", "method": "post", "mail_number": "XA0000000151", "key": "c"}
    assert clerk.post(url("paper", number, paper.place), posted).status_code == 302
    run = Deadline.objects.get(petition__number=number, clock="notice")
    assert run.stopped_on == today()
    assert url("paper", number, paper.place) not in clerk.get(url("papers") + "?tab=unsent").content.decode()


def test_a_scan_has_no_text_no_versions_and_is_never_signed():
    number = accepted()
    paper = filed(number)
    clerk, head = as_("clerk"), as_("office_head")
    for address in (("paper-versions", number, paper.place), ("paper-file", number, paper.place, "pdf")):
        assert clerk.get(url(*address)).status_code == 404
    assert clerk.get(url("paper-page", number, paper.place, 1)).status_code == 404
    for do in ("sign_paper", "check_paper", "submit_paper", "issue_paper", "save", "revise_paper"):
        sent = {"do": do, "revision": "3", "agree": "yes", "text": "甲", "reason": "改", "key": do}
        answer = head.post(url("paper", number, paper.place), sent)
        assert answer.status_code == 422, do
    with pytest.raises(Refused, match="没有可以修改、签发的文本"):
        acts.current_text(paper)
    assert (
        "扫描件，请在附件中打开打印"
        in clerk.post(
            url("papers-batch"),
            {"do": "print", "ids": [f"{paper.pk}"], "id": [f"{paper.pk}"], "paper": [f"{paper.pk}"]},
        ).content.decode()
    )


def test_no_number_is_used_twice():
    first, second = accepted(), accepted(2)
    filed(first)
    with pytest.raises(Refused, match="已用于另一份文书"):
        take(second, StepCode.FILE_PAPER_SCAN, "clerk", **answers())
    # Both were proposed before one was confirmed.
    third = accepted(3)
    later = answers(NUMBER.format(today().year).replace("107", "108"))
    for number in (second, third):
        take(number, StepCode.FILE_PAPER_SCAN, "clerk", **later)
    take(second, StepCode.FILE_PAPER_SCAN, "clerk2", agree=True)
    with pytest.raises(Refused, match="已用于另一份文书"):
        take(third, StepCode.FILE_PAPER_SCAN, "clerk2", agree=True)
    take(third, StepCode.FILE_PAPER_SCAN, "clerk2", agree=False, opinion="文号有误")


def test_the_next_number_of_the_series_leaves_out_one_that_was_given_by_hand():
    number = accepted()
    filed(number, document_number=f"内科信告〔{today().year}〕1号")
    other = register(came())
    walk(other, "accepted", came(), 0)
    owed_by = facts_of(Petition.objects.get(number=other)).last(StepCode.ACCEPT).seq
    paper = acts.make_paper(other, PaperKind.ACCEPTANCE_NOTICE, by=who("clerk"), owed_by=owed_by)
    acts.submit_paper(other, paper.place, by=who("clerk"), revision=1)
    take(other, StepCode.SIGN_PAPER, "office_head", paper=paper.place, agree=True)
    assert acts.issue_paper(other, paper.place, by=who("clerk")).number == f"内科信告〔{today().year}〕2号"


def test_the_rows_are_what_the_events_say():
    paper = filed(accepted())
    assert differing() == []
    Paper.objects.filter(pk=paper.pk).update(number="内科信告〔2026〕9号")
    assert differing() == [T.papers_paper]


def test_a_withdrawn_scan_stays_as_it_was_filed_and_another_may_be_made():
    number = accepted()
    paper = filed(number)
    take(number, StepCode.WITHDRAW_PAPER, "clerk", paper=paper.place, reason="印章不清")
    shown = page(as_("clerk"), "paper", number, paper.place)
    assert "印章不清" in shown and "重做一份" in shown and url("file-see", number, 1) in shown
    with pytest.raises(Refused, match="定稿"):
        take(number, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=1, reason="传错")
