"""The papers of a case on its page and on their own.

What is owed, edited, checked, signed, issued, served, withdrawn.
"""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pdfplumber
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.papers.foreign_ofd import texts_of
from tests.urls import url
from tests.world import as_, register, take, tell, walk, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import AccessLogEntry, RequiredPaper
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers import wording
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper, Wording
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.papers.word import render_docx
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.papers import MakePaper
from xinfang.procedure.words import PaperKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def came(days_ago: int = 10) -> date:
    return today() - timedelta(days=days_ago)


def accepted() -> str:
    number = register(came())
    walk(number, "accepted", came(), 0)
    return number


def owing(number: str, kind: PaperKind) -> int:
    """The event that owes the paper."""
    return RequiredPaper.objects.get(petition__number=number, kind=kind.value).event.seq


def notice(number: str) -> Paper:
    """The notice of acceptance, begun by the clerk."""
    return acts.make_paper(
        number,
        PaperKind.ACCEPTANCE_NOTICE,
        by=who("clerk"),
        owed_by=owing(number, PaperKind.ACCEPTANCE_NOTICE),
    )


def url_of(paper: Paper) -> str:
    return url("paper", paper.petition.number, paper.place)


def issued(number: str) -> Paper:
    """The notice of acceptance, signed and issued."""
    paper = notice(number)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=1)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=paper.place, agree=True)
    return acts.issue_paper(number, paper.place, by=who("clerk"))


def text_of(paper: Paper) -> str:
    return acts.current_text(Paper.objects.get(pk=paper.pk)).text


# ---- the panel


def test_the_panel_tells_what_is_owed_and_makes_it():
    number = accepted()
    clerk = as_("clerk")
    page = clerk.get(url("petition", number)).content.decode()
    assert "须发出、还没有制作" in page and "另行制作文书" in page
    form = {"kind": "acceptance_notice", "owed_by": owing(number, PaperKind.ACCEPTANCE_NOTICE), "key": "a" * 32}
    first = clerk.post(url("paper-make", number), form)
    assert first.status_code == 302 and first["Location"] == url("paper", number, 1)
    assert clerk.post(url("paper-make", number), form)["Location"] == first["Location"], "sent twice, made once"
    assert Paper.objects.count() == 1
    page = clerk.get(url("petition", number)).content.decode()
    assert page.count("受理告知书</a>") == 1 and "送审<" in page
    again = clerk.post(url("paper-make", number), {**form, "key": "b" * 32}, follow=True)
    assert "这份文书正在制作或已经印发" in again.content.decode()


def test_the_panel_asks_nothing_of_who_may_not():
    number = accepted()
    page = as_("leader").get(url("petition", number)).content.decode()
    assert "须发出、还没有制作" in page and "制作<span" not in page and "另行制作文书" not in page
    assert "厅领导只制作自己的步骤应出具的文书" in page


def test_the_panel_costs_the_same_for_many_papers():
    number = accepted()
    client = as_("clerk")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url("petition", number))
        return len(asked)

    queries()
    # One file more or none are different pages; from then on neither files nor papers cost anything.
    issued(number)
    few = queries()
    for kind in (PaperKind.CONVERSATION_RECORD, PaperKind.REPRESENTATIVES_SHEET, PaperKind.TRANSFER_SHEET):
        acts.make_paper(number, kind, by=who("clerk"))
    assert queries() == few <= 28


# ---- the paper


def test_a_paper_is_shown_beside_its_text_and_the_look_is_kept(django_assert_max_num_queries):
    paper = notice(accepted())
    client = as_("clerk")
    with django_assert_max_num_queries(26):
        page = client.get(url_of(paper)).content.decode()
    assert "其木格" in page and "保存并送审" in page and "正等待" not in page
    look = AccessLogEntry.objects.latest("id")
    assert look.what == "unmask" and look.detail == {"fields": ["name"], "paper": 1}
    picture = client.get(url("paper-page", paper.petition.number, paper.place, 1) + "?r=1")
    assert picture.status_code == 200 and picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert client.get(url("paper-page", paper.petition.number, paper.place, 99)).status_code == 422


def test_whoever_signs_a_late_notice_is_told_so():
    """条例23：十五日内书面告知，告知书发出才算告知；受理日期与成文日期不同的，也要看到。"""
    number = register(came(30))
    walk(number, "accepted", came(20), 0)
    paper = notice(number)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=1)
    page = as_("office_head").get(url_of(paper)).content.decode()
    assert "“书面告知”的期限" in page and "至今超过15日" in page
    assert "受理日期是" in page and "办结期限仍自受理日期起算" in page
    fresh = notice(accepted())
    page = as_("clerk").get(url_of(fresh)).content.decode()
    assert "已经届满" not in page


def test_edited_saved_and_compared():
    paper = notice(accepted())
    client = as_("clerk")
    text = text_of(paper).replace("特此告知。", "特此告知，请保持电话畅通。")
    sent = {"do": "save", "text": text.replace("\n", "\r\n"), "revision": 1, "key": "a" * 32}
    assert client.post(url_of(paper), sent).status_code == 302
    assert text_of(paper) == text
    page = client.get(url("paper-versions", paper.petition.number, paper.place)).content.decode()
    assert "<ins>特此告知，请保持电话畅通。</ins>" in page and "在线修改" in page and "系统拟出" in page


def test_a_mistake_is_told_with_its_line_and_the_text_stays():
    paper = notice(accepted())
    answer = as_("clerk").post(url_of(paper), {"do": "save", "text": "标题：甲\n乱写一行\n---\n正文", "revision": 1})
    page = answer.content.decode()
    assert answer.status_code == 422 and "第 2 行“乱写一行”不是文书的抬头项" in page and "标题：甲\n乱写一行" in page
    assert text_of(paper) != "标题：甲"


def test_the_second_of_two_people_sees_both_texts_and_nothing_is_lost():
    paper = notice(accepted())
    before = text_of(paper)
    first, second = as_("clerk"), as_("clerk2")
    theirs, mine = before + "甲补的一句。\n", before + "乙补的一句。\n"
    assert first.post(url_of(paper), {"do": "save", "text": theirs, "revision": 1}).status_code == 302
    answer = second.post(url_of(paper), {"do": "save", "text": mine, "revision": 1})
    page = answer.content.decode()
    assert answer.status_code == 422 and "乌兰于" in page and "在线修改（第 2 版）" in page
    assert "<del>乙补的一句。</del>" in page and "<ins>甲补的一句。</ins>" in page
    assert 'name="revision" value="2"' in page and "乙补的一句。\n</textarea>" in page
    assert text_of(paper) == theirs
    both = before + "甲补的一句。\n乙补的一句。\n"
    assert second.post(url_of(paper), {"do": "save", "text": both, "revision": 2}).status_code == 302
    assert text_of(paper) == both and acts.current_text(Paper.objects.get()).revision == 3


def test_what_was_typed_over_an_older_version_is_offered():
    paper = notice(accepted())
    client = as_("clerk")
    typed = text_of(paper) + "没有保存的一句。\n"
    draft = url("draft", f"paper-{paper.petition.number}-1-1", "p1")
    assert client.post(draft, {"fields": {"text": [typed]}}, content_type="application/json").status_code == 200
    acts.save_paper_text(
        paper.petition.number, 1, text_of(paper) + "另一句。\n", by=who("clerk2"),
        staff=Staff.objects.get(username="clerk2"), revision=1,
    )  # fmt: skip
    page = client.get(url_of(paper)).content.decode()
    assert "您对第 1 版改过、还没有保存的文字仍在" in page
    page = client.get(f"{url_of(paper)}?draft=1").content.decode()
    assert "<del>没有保存的一句。</del>" in page and "没有保存的一句。\n</textarea>" in page
    row = f"paper-{paper.petition.number}-1-1/p1"
    assert f'data-draft-took="{row}"' in page
    both = text_of(paper) + "没有保存的一句。\n"
    assert client.post(url_of(paper), {"do": "save", "text": both, "revision": 2, "draft_rows": row}).status_code == 302
    assert "还没有保存的文字" not in client.get(url_of(paper)).content.decode()


def test_word_goes_out_and_comes_back():
    paper = notice(accepted())
    client = as_("clerk")
    draft = client.get(url("paper-file", paper.petition.number, paper.place, "ofd"))
    assert "%E7%AC%AC1%E7%89%88.ofd" in draft["Content-Disposition"] and any(
        "草稿" in t for t in texts_of(draft.content)
    )
    assert "加粗等由系统统一排版，不从文件带回" in client.get(url_of(paper)).content.decode()
    word = client.get(url("paper-file", paper.petition.number, paper.place, "docx"))
    assert "%E7%AC%AC1%E7%89%88.docx" in word["Content-Disposition"]
    back = SimpleUploadedFile("改好.docx", word.content)
    answer = client.post(url_of(paper), {"do": "word", "revision": 1, "word": back})
    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.content.decode())[:3]
    assert acts.current_text(Paper.objects.get()).how in ("returned", "composed")
    # Somebody else saves; what comes back was made from the first version, as the session remembers.
    now = Paper.objects.get().revision
    acts.save_paper_text(
        paper.petition.number, 1, text_of(paper) + "另一句。\n", by=who("clerk2"),
        staff=Staff.objects.get(username="clerk2"), revision=now,
    )  # fmt: skip
    late = SimpleUploadedFile("改好.docx", word.content)
    answer = client.post(url_of(paper), {"do": "word", "revision": now + 1, "word": late})
    assert answer.status_code == 422 and "另有人修改了这份文书" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("甲.docx", b"", "文件是空的"),
        ("甲.txt", "文字".encode(), "须是 .docx"),
        ("甲.docx", b"PK\x03\x04 not a package", "文件"),
    ],
)
def test_what_is_no_word_file_is_refused(name, data, says):
    paper = notice(accepted())
    answer = as_("clerk").post(
        url_of(paper), {"do": "word", "revision": 1, "word": SimpleUploadedFile(name, data or b"")}
    )
    assert answer.status_code == 422 and says in answer.content.decode()
    assert Paper.objects.get().revision == 1


def test_submitted_signed_issued_served_and_the_receipt_made():
    number = accepted()
    paper = notice(number)
    clerk, head = as_("clerk"), as_("office_head")
    sent = {"do": StepCode.SUBMIT_PAPER, "text": text_of(paper), "revision": 1, "key": "a" * 32}
    assert clerk.post(url_of(paper), sent).status_code == 302
    page = clerk.get(url_of(paper)).content.decode()
    assert "等待办公室主任签发。不需要您办理。" in page and "不由您签发" not in page and "送审的人不能" not in page
    assert '<textarea class="control paper-text"' not in page
    assert f'class="step" href="{url_of(paper)}"' in head.get(url("petition", number)).content.decode()
    assert head.get(url("step", number, StepCode.SIGN_PAPER))["Location"] == url_of(paper)
    empty = head.post(
        url_of(paper), {"do": StepCode.SIGN_PAPER, "agree": "no", "opinion": "", "revision": 1, "key": "b" * 32}
    )
    assert empty.status_code == 422 and "退回时须写明意见" in empty.content.decode()
    assert (
        head.post(
            url_of(paper), {"do": StepCode.SIGN_PAPER, "agree": "yes", "revision": 1, "key": "b" * 32}
        ).status_code
        == 302
    )
    page = clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "c" * 32}, follow=True).content.decode()
    paper.refresh_from_db()
    assert paper.number and paper.number in page and "重印就用这份 PDF" in page
    pdf = clerk.get(url("paper-file", paper.petition.number, paper.place, "pdf")).content
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        words = re.sub(r"\s", "", "".join(p.extract_text() for p in document.pages))
    assert paper.number in words and "其木格" in words and "草稿" not in words
    assert clerk.get(url("paper-file", paper.petition.number, paper.place, "pdf")).content == pdf, (
        "a reprint is the same file"
    )
    ofd = clerk.get(url("paper-file", paper.petition.number, paper.place, "ofd"))
    assert (ofd["Content-Type"], ofd.content) == ("application/ofd", pdf_as_ofd(pdf))
    assert url("paper-file", paper.petition.number, paper.place, "ofd") in page
    assert clerk.get(url("paper-file", paper.petition.number, paper.place, "odt")).status_code == 404
    served = {
        "do": StepCode.SERVE_PAPER,
        "served_on": today().isoformat(),
        "method": "post",
        "receipt": "refused",
        "mail_number": "XA0000000151",
    }
    answer = clerk.post(url_of(paper), {**served, "key": "d" * 32})
    assert answer.status_code == 422 and "拒收或留置送达须有见证人" in answer.content.decode()
    page = clerk.post(
        url_of(paper), {**served, "receipt": "signed", "receiver": "其木格", "key": "e" * 32}, follow=True
    ).content.decode()
    assert "邮寄送达" in page and "制作送达回证" in page
    seq = re.search(r'value="service_receipt">\s*<input type="hidden" name="owed_by" value="(\d+)"', page)[1]
    form = {"kind": "service_receipt", "owed_by": seq, "key": "f" * 32}
    page = clerk.post(url("paper-make", number), form, follow=True).content.decode()
    assert "送达回证" in page and paper.number in page


def test_withdrawn_with_a_reason_and_replaced_by_a_new_one():
    number = accepted()
    paper = issued(number)
    clerk = as_("clerk")
    answer = clerk.post(url_of(paper), {"do": StepCode.WITHDRAW_PAPER, "reason": "", "key": "a" * 32})
    assert answer.status_code == 422
    page = clerk.post(
        url_of(paper), {"do": StepCode.WITHDRAW_PAPER, "reason": "日期有误。", "key": "b" * 32}, follow=True
    ).content.decode()
    assert "日期有误。" in page and "重做一份" in page and paper.number in page
    form = {"kind": paper.kind, "owed_by": paper.owed_by, "key": "c" * 32}
    assert clerk.post(url("paper-make", number), form)["Location"].endswith(url("paper", number, 2))
    assert "新的一份" in clerk.get(url_of(paper)).content.decode()


def test_who_finds_a_paper():
    number = accepted()
    paper = notice(number)
    assert as_("leader").get(url_of(paper)).status_code == 200, "the leader in charge reads it"
    for username in ("head2", "auditor", "adviser", "archivist"):
        assert as_(username).get(url_of(paper)).status_code == 404, username
    assert as_("clerk").get(url("paper", number, 2)).status_code == 404
    page = as_("leader").get(url_of(paper)).content.decode()
    assert "保存并送审" not in page


def test_a_sealed_paper_asks_for_a_reason():
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", came(), matter_class="report")
    acts.make_paper(number, PaperKind.SEALED_LETTER, by=who("sealed"))
    assert url("sealed-reason", number) in as_("sealed").get(url("paper", number, 1))["Location"]
    assert as_("clerk").get(url("paper", number, 1)).status_code == 404


def test_the_reply_is_seen_ahead_while_it_is_reviewed():
    number = register(came())
    walk(number, "drafted", came(), 0)
    page = as_("head").get(url("step", number, StepCode.REVIEW_REPLY)).content.decode()
    address = url("paper-preview", number, "reply_opinion")
    assert address in page
    answer = as_("head").get(address)
    assert "预览，尚未制作" in answer.content.decode() and not Paper.objects.exists()
    assert as_("head").get(url("paper-preview-page", number, "reply_opinion", 1)).status_code == 200
    assert as_("head2").get(address).status_code == 404
    assert as_("head").get(url("paper-preview", number, "no_such_paper")).status_code == 404


def signed_reply_paper(number: str) -> Paper:
    """The reply that the leader signed, numbered, and its paper made by the clerk and not issued yet."""
    walk(number, "signed_reply", came(), 0)
    take(number, StepCode.ISSUE_REPLY, "clerk", came())
    fields = {"kind": "reply_opinion", "owed_by": owing(number, PaperKind.REPLY_OPINION), "key": "a" * 32}
    as_("clerk").post(url("paper-make", number), fields)
    return Paper.objects.get(petition__number=number)


def test_the_reply_that_is_made_is_the_text_that_was_signed():
    """Also when the facts, the wording or a setting have changed since: the signature covers what it was put under."""
    number = register(came())
    walk(number, "signed_reply", came(), 0)
    take(number, StepCode.CORRECT, "clerk", what="subject", new_value="改过的事由", reason="录入有误")
    Wording.objects.create(kind="reply_opinion", version=1, text="标题：别的\n---\n别的话。\n", at=timezone.now())
    clerk = as_("clerk")
    take(number, StepCode.ISSUE_REPLY, "clerk")
    fields = {"kind": "reply_opinion", "owed_by": owing(number, PaperKind.REPLY_OPINION), "key": "a" * 32}
    clerk.post(url("paper-make", number), fields)
    paper = Paper.objects.get(petition__number=number)
    assert "请求说明科技特派员补助发放情况" in text_of(paper) and "改过的事由" not in text_of(paper)
    assert (
        paper.stage == "signed"
        and clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "b" * 32}).status_code == 302
    )


def test_a_signed_text_can_not_be_changed_neither_in_the_browser_nor_in_word():
    number = register(came())
    paper = signed_reply_paper(number)
    clerk, text = as_("clerk"), text_of(paper)
    added = text + "\n但信访人须于三日内另行书面申请，逾期视为放弃。\n"
    for do in ("save", StepCode.ISSUE_PAPER):
        answer = clerk.post(url_of(paper), {"do": do, "text": added, "revision": 1, "key": do.ljust(32, "x")})
        assert answer.status_code == 422 and "文本已经固定" in answer.content.decode()
    word = SimpleUploadedFile("改过.docx", render_docx(wording.paper_content(PaperKind.REPLY_OPINION, added)))
    answer = clerk.post(url_of(paper), {"do": "word", "word": word, "revision": 1, "key": "w" * 32})
    assert answer.status_code == 422 and "文本已经固定" in answer.content.decode()
    assert text_of(paper) == text and "paper-text" not in clerk.get(url_of(paper)).content.decode()


def test_what_is_changed_after_the_signature_goes_back_to_the_signer_with_the_difference_shown():
    number = register(came())
    paper = signed_reply_paper(number)
    clerk = as_("clerk")
    assert clerk.post(url_of(paper), {"do": StepCode.REVISE_PAPER, "reason": "", "key": "1" * 32}).status_code == 422
    assert (
        clerk.post(url_of(paper), {"do": StepCode.REVISE_PAPER, "reason": "补一句", "key": "2" * 32}).status_code == 302
    )
    added = text_of(paper) + "\n逾期视为放弃。\n"
    clerk.post(url_of(paper), {"do": "save", "text": added, "revision": 1, "key": "3" * 32})
    assert clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "4" * 32}).status_code == 422
    clerk.post(url_of(paper), {"do": StepCode.SUBMIT_PAPER, "text": added, "revision": 2, "key": "5" * 32})
    head = as_("head")
    head.post(url_of(paper), {"do": StepCode.CHECK_PAPER, "agree": "yes", "revision": 2, "key": "6" * 32})
    leader = as_("leader")
    page = leader.get(url_of(paper)).content.decode()
    assert "与已签发的文本不同" in page and "逾期视为放弃" in page
    assert clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "7" * 32}).status_code == 422
    unseen = leader.post(url_of(paper), {"do": StepCode.SIGN_PAPER, "agree": "yes", "revision": 1, "key": "8" * 32})
    assert unseen.status_code == 422, "what is signed is the text that was on the screen"
    leader.post(url_of(paper), {"do": StepCode.SIGN_PAPER, "agree": "yes", "revision": 2, "key": "9" * 32})
    assert clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "0" * 32}).status_code == 302
    paper.refresh_from_db()
    assert paper.stage == "issued" and "逾期视为放弃" in text_of(paper)


def test_what_was_served_is_made_anew_only_as_it_was_signed():
    number = register(came())
    paper = signed_reply_paper(number)
    clerk = as_("clerk")
    clerk.post(url_of(paper), {"do": StepCode.ISSUE_PAPER, "key": "1" * 32})
    take(
        number,
        StepCode.SERVE,
        "handler",
        served_on=today().isoformat(),
        method="post",
        receiver="其木格",
        mail_number="XA0000000151",
    )
    answer = clerk.post(url_of(paper), {"do": StepCode.WITHDRAW_PAPER, "reason": "重做", "key": "2" * 32}, follow=True)
    assert "已提出，由另一人确认后生效" in answer.content.decode()
    take(number, StepCode.WITHDRAW_PAPER, "leader", agree=True)
    seq = paper.owed_by
    clerk.post(url("paper-make", number), {"kind": "reply_opinion", "owed_by": seq, "key": "3" * 32})
    new_paper = Paper.objects.filter(petition__number=number).latest("place")
    assert new_paper.place > paper.place and text_of(new_paper) == text_of(paper)
    answer = clerk.post(
        url_of(new_paper), {"do": "save", "text": text_of(new_paper) + "另加。", "revision": 1, "key": "4" * 32}
    )
    assert answer.status_code == 422 and "文本已经固定" in answer.content.decode()


def test_a_signature_that_kept_no_text_is_given_again():
    """Signed by an older version: nobody can say what was signed, so the leader signs the paper."""
    number = register(came())
    walk(number, "signed_reply", came(), 0)
    take(number, StepCode.ISSUE_REPLY, "clerk", came())
    with transaction.atomic():
        paper = acts.make_paper(
            number,
            PaperKind.REPLY_OPINION,
            by=who("clerk"),
            owed_by=int(owing(number, PaperKind.REPLY_OPINION)),
        )
    assert paper.stage == "signed"
    facts = replace(facts_of(paper.petition), signed_text="")
    assert MakePaper(kind=PaperKind.REPLY_OPINION).change(facts, who("clerk"), came()).papers[-1].stage.value == "draft"


def test_a_notice_that_was_posted_is_served_or_sent_again_elsewhere():
    number = register(came())
    walk(number, "accepted", came(), 0)
    tell(number, came())
    clerk = as_("clerk")
    address = url("paper", number, 1)
    page = clerk.get(address).content.decode()
    assert "记录送达" in page and "退回后另寄的，再次登记发出" in page and "登记发出</button>" not in page
    again = clerk.get(address, {"way": StepCode.SEND_PAPER}).content.decode()
    assert "登记发出</button>" in again and "记录送达</button>" not in again
    sent = {
        "do": StepCode.SEND_PAPER,
        "sent_on": today().isoformat(),
        "method": "post",
        "mail_number": "",
        "key": "1" * 32,
    }
    assert "请照邮局或快递的单据填写单号" in clerk.post(address, sent).content.decode()
    assert clerk.post(address, {**sent, "mail_number": "XA0000000116"}).status_code == 302
    assert facts_of(Paper.objects.get().petition).noticed_on == came(), "what left first counts"
