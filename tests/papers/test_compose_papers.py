"""Every paper says what its case says: compared with the facts, and with another case's, which must not occur."""

import io
import re
from datetime import date, timedelta

import pdfplumber
import pytest
from django.conf import settings

from tests.papers.cases import DAY, LATER, NAME, PAPERS_OF_CASES, PHONE, REQUESTS, SUBJECT, WHERE
from tests.world import FINDINGS, REVIEW, make_department, perform_duty, register, review, take, walk
from xinfang.cases.models import Petition, RequiredPaper
from xinfang.cases.queries.petitions import facts_of
from xinfang.department.models import EffectiveSetting
from xinfang.papers.content import Heading, PaperContent, PaperForm, PaperTable, chinese_day
from xinfang.papers.pdf import render_pdf
from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word import read_docx, render_docx
from xinfang.papers.wording import REQUIRED_BY, compose_paper, paper_content, unfilled_blanks
from xinfang.procedure.facts import Facts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
OTHER = {
    "subject": "反映青年基金评审不公",
    "body": "评审意见只有一句话。",
    "requests": [{"text": "公开评审意见"}, {"text": "重新组织评审"}],
    "persons": [{"name": "慕容复", "phone": "15911112222", "address": "海那边的岛"}],
}
OTHER_WORDS = ("青年基金", "评审", "慕容复", "15911112222", "海那边")
NEVER = ("None", "{{", "{%", "Undefined", "〔]", "•", "()", "：：", "。。", "，，", "，。", "（）", "“”")


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()
    for name, value in (
        ("contact_phone", "0471-1234567"),
        ("address", "某市某路1号"),
        ("inquiry_ways", "拨打查询电话"),
    ):
        EffectiveSetting.objects.create(name=name, value=value, since=date(2020, 1, 1))


def paper(kind: PaperKind, number: str, code: str = "") -> tuple[str, PaperContent, Facts]:
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    last = facts.last(code) if code else None
    text = compose_paper(kind, petition, facts, event_seq=last.seq if last else None, day=TODAY)
    return text, paper_content(kind, text, number="内科信告〔2026〕7号"), facts


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_a_paper_says_what_its_case_says_and_nothing_else(kind: PaperKind) -> None:
    other = register(DAY, **OTHER)
    build, expected = PAPERS_OF_CASES[kind]
    number, code = build()
    if kind in REQUIRED_BY and code in REQUIRED_BY[kind]:
        assert RequiredPaper.objects.filter(petition__number=number, kind=kind.value).exists()
    _, content, _ = paper(kind, number, code)
    said = content.text()
    assert [e for e in expected if e not in said] == []
    if PAPERS[kind].outward or content.form is not PaperForm.RECORD:
        assert [w for w in NEVER if w in said] == []
    assert other not in said and not [w for w in OTHER_WORDS if w in said]
    _no_empty_places(content)
    assert content.title and ("【" not in content.title)
    if PAPERS[kind].outward:
        assert content.sealed and content.department and content.signer == content.department
        assert content.addressee and content.day == TODAY
        assert number in said, "an outward paper names the matter"


def _no_empty_places(content: PaperContent) -> None:
    for block, following in zip(content.blocks, (*content.blocks[1:], None), strict=True):
        if isinstance(block, Heading):
            assert following is not None, f"nothing stands under “{block.text}”"
        if isinstance(block, PaperTable):
            assert all(sum(c.span for c in row) == block.columns for row in block.rows)


@pytest.mark.parametrize("kind", [k for k in PaperKind if PAPERS[k].outward], ids=str)
def test_what_leaves_the_house_cites_no_article_of_the_house(kind: PaperKind) -> None:
    number, code = PAPERS_OF_CASES[kind][0]()
    assert "规程" not in paper(kind, number, code)[1].text()


def test_every_kind_has_a_case() -> None:
    assert set(PAPERS_OF_CASES) == set(PaperKind)


# ---- the reply


def test_the_reply_concludes_each_request_and_never_tells_the_advice() -> None:
    number = register(DAY)
    walk(number, "heard", LATER)
    secret = "本案存在败诉风险，宜从宽补发并避免书面承认过错"
    take(
        number,
        StepCode.DRAFT_REPLY,
        "handler",
        date(2026, 3, 12),
        findings=FINDINGS,
        disposition="assist",
        review_body="自治区人民政府（某路2号）",
    )
    take(number, StepCode.SEEK_LEGAL_ADVICE, "handler", date(2026, 3, 13), adviser="adviser")
    take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser", date(2026, 3, 14), text=secret)
    for kind in PaperKind:
        if kind is not PaperKind.LEGAL_ADVICE:
            text, *_ = paper(kind, number)
            assert secret[:8] not in text and "败诉" not in text, kind
    _, content, _ = paper(PaperKind.REPLY_OPINION, number)
    said = content.text()
    assert [h.text for h in content.blocks if isinstance(h, Heading) and h.level == 2] == [
        "关于第1项诉求",
        "关于第2项诉求",
    ]
    assert "自收到本意见书之日起30日内，向自治区人民政府（某路2号）书面请求复查" in said
    assert "作出以上解释说明" in said and "予以支持" in said and "申请社会救助" in said
    assert not re.search("起诉|诉讼", said), "a reply is not suable, and must not say so"
    assert unfilled_blanks(paper(PaperKind.REPLY_OPINION, number)[0]) == ()


def test_one_request_needs_no_heading_of_its_own() -> None:
    number = register(DAY, requests=[{"text": "补发补助"}])
    take(number, StepCode.CLASSIFY, "clerk", LATER, matter_class="claim", route="six", purpose="claim")
    _, content, _ = paper(PaperKind.REPLY_OPINION, number)
    assert not [h for h in content.blocks if isinstance(h, Heading) and h.level == 2]
    assert "1. 补发" not in content.text()


def test_what_nobody_has_decided_yet_is_left_to_be_filled_in_and_seen() -> None:
    number = register(DAY)
    text, *_ = paper(PaperKind.REPLY_OPINION, number)
    assert "【待填：第2项诉求的依据】" in unfilled_blanks(text) and "【待填：复查机关的名称和地址】" in unfilled_blanks(
        text
    )


def test_the_reply_tells_the_petitioners_own_account_and_the_item_of_the_article_once_each() -> None:
    number = register(DAY, body="我是特派员，“应发”的没有发。")
    walk(number, "drafted", LATER)
    _, content, _ = paper(PaperKind.REPLY_OPINION, number)
    said = content.text()
    assert "您陈述的事实和理由：“我是特派员，‘应发’的没有发。”\n" in said
    assert said.count("第三十二条") == 1 and "对各项诉求提出处理意见如下" in said
    assert "该款第一项规定的情形，予以支持" in said and "该款第二项规定的情形，作出以上解释说明" in said
    written = register(DAY, body="", requests=[{"text": "补发补助"}])
    walk(written, "heard", LATER)
    finding = {"request": 1, "finding": "不属实", "conclusion": "refuse", "basis": "办法第三条"}
    drafted = {"findings": [finding], "disposition": "educate", "review_body": "自治区人民政府"}
    EffectiveSetting.objects.create(name="review_body", value="某自治区人民政府（某路2号）", since=date(2020, 1, 1))
    take(written, StepCode.DRAFT_REPLY, "handler", date(2026, 3, 20), **drafted)
    said = paper(PaperKind.REPLY_OPINION, written)[1].text()
    assert "您的请求：补发补助。" in said and "见提交的信访材料" in said
    assert "《信访工作条例》第三十二条第一款第三项规定的情形，不予支持" in said
    assert "向某自治区人民政府（某路2号）书面请求复查" in said, "the address is known where the draft has the name"


# ---- what a notice tells to do


@pytest.mark.parametrize("term", [{}, {"term_days": 90, "term_source": "《规则》第八条"}])
def test_what_the_department_does_itself_nobody_is_told_to_ask_for_again(term: dict[str, object]) -> None:
    number = register(DAY)
    perform_duty(number, "accepted", LATER, accepted=term)
    if term:
        take(number, StepCode.ACCEPT_DUTY, "leader", LATER + timedelta(days=3), agree=True)
    said = paper(PaperKind.DUTY_NOTICE, number, StepCode.ACCEPT_DUTY)[1].text()
    assert "第三十一条第五项规定的申请查处违法行为" in said and "您不需要另行提出" in said
    assert ("自收到之日起2个月内" in said) is not bool(term) and ("依照《规则》第八条，本厅至迟于" in said) is bool(
        term
    )
    assert "不适用信访复查" in said and "请求复查" not in said


@pytest.mark.parametrize("other", ["", "须先向自治区人民政府申请行政复议，自收到之日起60日内提出。"])
def test_the_answer_in_the_department_s_own_power_names_its_own_remedy(other: str) -> None:
    number = register(DAY)
    perform_duty(number, "replied", LATER, drafted={"other_remedy": other})
    said = paper(PaperKind.DUTY_REPLY, number, StepCode.ISSUE_REPLY)[1].text()
    assert "依照下列规定履行职责：《规则》第八条" in said and "应发12个月补助属实" in said and "复查" not in said
    assert (other in said) if other else "60日内，向自治区人民政府（行政复议机构）申请行政复议" in said
    assert ("6个月内，向某市中级人民法院提起行政诉讼" in said) is not bool(other)


def test_a_notice_that_declines_says_who_deals_with_it_and_what_is_left_to_do() -> None:
    number = register(DAY)
    take(number, StepCode.CLASSIFY, "clerk", LATER, matter_class="claim", route="one", purpose="claim")
    asked = {
        "ground": "in_lawful_procedure",
        "body": "某市中级人民法院",
        "reference": "（2025）终18号",
        "law": "《民事诉讼法》第二百零九条",
        "way": "向某省高级人民法院申请再审，期限为六个月。",
        "reason": "已判决。",
    }
    take(number, StepCode.DECLINE, "clerk", LATER, **asked)
    said = paper(PaperKind.DECLINE_NOTICE, number, StepCode.DECLINE)[1].text()
    assert "《信访工作条例》第三十一条第一项的规定，本厅决定不予受理" in said
    assert "该事项由某市中级人民法院处理，案号（文号、编号）为（2025）终18号。已判决。" in said
    assert "向某省高级人民法院申请再审，期限为六个月。" in said


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        ("online", "您通过网上信访渠道提出的"),
        ("letter", "您来信提出的"),
        ("phone", "您来电提出的"),
        ("fax", "您通过传真提出的"),
        ("visit", "您来访提出的"),
    ],
)
def test_each_channel_has_its_own_words(channel: str, says: str) -> None:
    number = register(DAY, channel=channel, by="clerk")
    assert says in paper(PaperKind.SUPPLEMENT_NOTICE, number)[0]


def test_a_title_names_who_brought_the_matter_or_what_it_is_about() -> None:
    bureau = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "转字9号"}
    number = register(DAY, **bureau)
    _, objection, _ = paper(PaperKind.OBJECTION_LETTER, number)
    assert objection.title == f"关于对{NAME}信访事项提出异议的函"
    assert objection.attachments == ("来文及信访材料（复印件）1份",)
    assert "收到贵局转来的" in objection.text() and "请贵局予以核实" in objection.text()
    nobody = register(DAY, persons=[], anonymous=True, **bureau)
    assert paper(PaperKind.FORWARDING_LETTER, nobody)[1].title == f"关于转送“{SUBJECT}”信访事项的函"


def test_a_review_quotes_the_petitioner_and_speaks_of_them_in_the_third_person() -> None:
    number = register(DAY)
    day = walk(number, "served", LATER)
    asked = {"body": "某局（某市某路1号）", "reason": "我对“月份”不服。"}
    take(number, StepCode.REQUEST_FIRST_REVIEW, "clerk", day, **asked)
    take(number, StepCode.FIRST_REVIEW, "clerk", day, result="upheld", document_number="复查1号")
    take(number, StepCode.REQUEST_FINAL_REVIEW, "clerk", day, body="某部", reason="仍不服")
    final = paper(PaperKind.FINAL_REVIEW_OPINION, number)[1]
    said = final.text()
    assert f"{NAME}对某局就“" in said and "理由：“仍不服”。" in said and "您" not in said
    # It is the word of the body that reviews, about the opinion of the body before it.
    assert (final.department, final.signer) == ("某部", "某部") and "本厅" not in said


REVIEWED_ALL = {
    "upheld": ("本厅决定：维持某市科学技术局作出的信访处理意见（市科信答〔2026〕3号）。", ()),
    "revoked": (
        "本厅决定：撤销某市科学技术局",
        ("由某市科学技术局至迟于2026年6月1日重新作出处理意见", "重新办理的要求：逐月核对。"),
    ),
    "changed": ("本厅决定：变更某市科学技术局", ("按变更后的内容落实", "变更的内容：逐月核对。")),
    "redo": ("本厅决定：责令重新办理。由某市科学技术局", ("书面答复您", "重新办理的要求：逐月核对。")),
}


@pytest.mark.parametrize("result", REVIEWED_ALL)
def test_the_department_s_own_review_opinion_says_what_is_decided_and_has_no_blank(result: str) -> None:
    number = register(DAY)
    day = review(number, "accepted", LATER)
    ordered = {} if result == "upheld" else {"order": "逐月核对。", "term": "2026-06-01"}
    drafted = {**REVIEW, "order": "", "term": "", "result": result, **ordered}
    take(number, StepCode.DRAFT_REVIEW, "handler", day, **drafted)
    text, content, _ = paper(PaperKind.REVIEW_OPINION, number)
    decided, more = REVIEWED_ALL[result]
    said = content.text()
    assert unfilled_blanks(text) == ()
    assert decided in said and all(words in said for words in more)
    assert ("重新办理的要求" in said or "变更的内容" in said) is (result != "upheld")
    assert "“该局没有核对拨款凭证，认定事实不清。”" in said
    assert (content.department, content.copies_to) == (settings.DEPARTMENT, ("某市科学技术局",))


@pytest.mark.parametrize("kind", [PaperKind.REVIEW_ACCEPTANCE, PaperKind.REVIEW_REFUSAL])
def test_the_notices_of_a_review_have_no_blank(kind: PaperKind) -> None:
    number, _ = PAPERS_OF_CASES[kind][0]()
    assert unfilled_blanks(paper(kind, number)[0]) == ()


def test_the_closing_sheet_of_a_review_says_its_result_and_no_request_without_conclusion() -> None:
    number = register(DAY)
    review(number, "closed", LATER)
    said = paper(PaperKind.CLOSING_SHEET, number)[1].text()
    assert "责令重新办理" in said and "复核" in said and "结论：\n" not in said


def test_an_application_for_review_names_its_body_with_the_address() -> None:
    """Where only its name was typed, the department's setting has the address."""
    known = "某人民政府复查复核机构（某市某路1号）"
    EffectiveSetting.objects.create(name="review_body", value=known, since=date(2020, 1, 1))
    number = register(DAY)
    day = walk(number, "served", LATER)
    take(number, StepCode.REQUEST_FIRST_REVIEW, "clerk", day, body="某人民政府复查复核机构", reason="不服")
    assert known in paper(PaperKind.REVIEW_APPLICATION, number)[1].text()


def test_who_is_told_where_the_matter_went_is_told_how_to_ask_there() -> None:
    number = register(DAY)
    take(number, StepCode.CLASSIFY, "clerk", DAY, matter_class="claim", competence="subordinate", not_ours="属盟市")
    take(number, StepCode.FORWARD, "clerk", DAY, body="某盟科技局", reason="属盟市职责")
    text, _, _ = paper(PaperKind.FORWARDING_NOTICE, number)
    assert "查询，地址和电话：【待填：转送机关联系方式】。" in text


# ---- forms


def test_a_receipt_is_dated_by_who_signs_it() -> None:
    number = register(DAY)
    walk(number, "served", LATER)
    _, content, facts = paper(PaperKind.SERVICE_RECEIPT, number, StepCode.SERVE)
    cells = [c for b in content.blocks if isinstance(b, PaperTable) for row in b.rows for c in row]
    after = {c.text: cells[n + 1].text for n, c in enumerate(cells) if c.label}
    assert after["送达机关"] == settings.DEPARTMENT and after["邮件号码"] == "XA0000000115"
    assert after["送达时间"] == "20　　年　　月　　日　　时　　分"
    assert facts.served_on is not None and chinese_day(facts.served_on) not in content.text()


def test_the_list_of_a_volume_names_who_wrote_each_piece_and_not_itself() -> None:
    number = register(DAY)
    walk(number, "submitted", LATER)
    _, content, _ = paper(PaperKind.VOLUME_LIST, number)
    listed = next(b for b in content.blocks if isinstance(b, PaperTable) and b.rows[0][0].text == "序号")
    assert [c.text for c in listed.rows[0]] == ["序号", "文号", "责任者", "题名", "日期", "页次", "备注"]
    titles = [row[3].text for row in listed.rows[1:]]
    assert PaperKind.VOLUME_LIST.label not in titles and "受理告知书" in titles
    assert {row[2].text for row in listed.rows[1:]} == {"本厅"}
    assert all(re.fullmatch("20[0-9]{6}", row[4].text) for row in listed.rows[1:]), "DA/T 22: eight digits"


def test_an_approval_gives_a_reason_once() -> None:
    number = register(DAY)
    day = walk(number, "heard", LATER)
    take(number, StepCode.REQUEST_EXTENSION, "handler", day, days=20, reason="需要外地核实")
    take(number, StepCode.GRANT_EXTENSION, "leader", day, days=15, reason="需要外地核实")
    assert paper(PaperKind.EXTENSION_APPROVAL, number, StepCode.GRANT_EXTENSION)[0].count("需要外地核实") == 1


def test_the_petitioners_key_is_not_on_a_sheet_of_the_volume() -> None:
    number = register(DAY)
    code = Petition.objects.get(number=number).inquiry_code
    assert code and code not in paper(PaperKind.REGISTRATION_SHEET, number)[0]
    assert code in paper(PaperKind.RECEIPT, number)[0]


# ---- two of a kind


def test_a_paper_tells_of_the_event_that_owes_it() -> None:
    number = register(DAY)
    day = walk(number, "heard", LATER)
    take(number, StepCode.TALK, "handler", day, place="现场", who_was_there="两人", said="第二次谈话的内容。")
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    first, second = [h.seq for h in facts.history if h.code == StepCode.TALK]
    told = [
        compose_paper(PaperKind.CONVERSATION_RECORD, petition, facts, event_seq=s, day=TODAY) for s in (first, second)
    ]
    assert "核对了未发放的月份" in told[0] and "第二次谈话" not in told[0]
    assert "第二次谈话" in told[1] and "核对了未发放的月份" not in told[1]


def test_the_first_round_keeps_its_own_dates_when_a_review_sends_the_case_back() -> None:
    number = register(DAY)
    day = walk(number, "served", LATER)
    take(number, StepCode.REQUEST_FIRST_REVIEW, "clerk", day, body="自治区人民政府")
    take(number, StepCode.FIRST_REVIEW, "clerk", day, result="revoked", document_number="复查1号")
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    issued = facts.last(StepCode.ISSUE_REPLY)
    assert issued is not None and not any(r.conclusion for r in facts.requests)
    text = compose_paper(PaperKind.REPLY_OPINION, petition, facts, event_seq=issued.seq, day=TODAY)
    assert "予以支持" in text and "2026年3月6日受理" in text
    accepted = facts.last(StepCode.ACCEPT)
    assert accepted is not None
    notice = compose_paper(PaperKind.ACCEPTANCE_NOTICE, petition, facts, event_seq=accepted.seq, day=TODAY)
    assert "2026年5月5日" in notice


def test_a_corrected_name_is_printed_on_papers_made_afterwards() -> None:
    number = register(DAY)
    walk(number, "accepted", LATER)
    take(number, StepCode.CORRECT, "clerk", date(2026, 3, 9), what="name", new_value="齐木格", reason="误写")
    assert "齐木格" in paper(PaperKind.ACCEPTANCE_NOTICE, number, StepCode.ACCEPT)[0]


def test_a_paper_goes_to_the_relatives_of_who_died_and_then_to_who_goes_on() -> None:
    number = register(DAY)
    walk(number, "accepted", LATER)
    take(number, StepCode.RECORD_DEATH, "clerk", LATER, person=1, text="其女称将继续")
    first = paper(PaperKind.ACCEPTANCE_NOTICE, number, StepCode.ACCEPT)[0]
    assert "其木格的近亲属（权利承受人）" in first
    heir = {"name": "萨仁", "phone": "15000007782", "address": "某盟某旗", "role": "heir"}
    take(number, StepCode.SUPPLEMENT, "clerk", LATER, text="其女继续", persons=[heir], attachment=1)
    then = paper(PaperKind.ACCEPTANCE_NOTICE, number, StepCode.ACCEPT)[0]
    assert "萨仁" in then and "其木格" not in then and "15000000001" not in then


def test_a_corrected_date_is_printed_on_papers_made_afterwards() -> None:
    number = register(DAY)
    day = walk(number, "heard", LATER)
    take(number, StepCode.CORRECT, "clerk", day, what="accepted_on", new_value="2026-03-05", reason="误写")
    text, *_ = paper(PaperKind.ACCEPTANCE_NOTICE, number, StepCode.ACCEPT)
    assert "受理日期为2026年3月5日" in text and "2026年5月4日" in text


def test_who_signed_for_a_paper_is_on_its_receipt_only() -> None:
    number = register(DAY)
    day = walk(number, "replied", LATER)
    served = {"served_on": day.isoformat(), "method": "left", "receipt": "refused"}
    take(number, StepCode.SERVE, "handler", day, **served, receiver="其木格之妹", witness="苏木干部丁")
    receipt, *_ = paper(PaperKind.SERVICE_RECEIPT, number, StepCode.SERVE)
    assert "其木格之妹" in receipt and "苏木干部丁" in receipt and "留置送达" in receipt and "拒收" in receipt
    for kind in set(PaperKind) - {PaperKind.SERVICE_RECEIPT}:
        assert "苏木干部丁" not in paper(kind, number)[0], kind


def test_the_departments_own_wording_is_used() -> None:
    petition = Petition.objects.get(number=register(DAY))
    own = "标题：回执\n---\n{{ 信访人 }}，{{ 联系电话 }}\n"
    text = compose_paper(PaperKind.RECEIPT, petition, facts_of(petition), day=TODAY, wording=own)
    assert text == f"标题：回执\n---\n{NAME}，0471-1234567\n"
    with pytest.raises(WordingSyntaxError, match="信访者"):
        compose_paper(
            PaperKind.RECEIPT, petition, facts_of(petition), day=TODAY, wording="标题：甲\n---\n{{ 信访者 }}\n"
        )


def test_a_setting_is_printed_as_it_was_on_the_day_of_the_paper() -> None:
    EffectiveSetting.objects.create(name="contact_phone", value="0471-7654321", since=date(2026, 5, 20))
    petition = Petition.objects.get(number=register(DAY))
    facts = facts_of(petition)
    told = [compose_paper(PaperKind.RECEIPT, petition, facts, day=d) for d in (date(2026, 5, 19), date(2026, 5, 20))]
    assert "0471-1234567" in told[0] and "0471-7654321" in told[1]


# ---- people


def test_names_are_addressed_as_they_came() -> None:
    people = [{"name": n, "role": "petitioner" if i == 0 else "co_signer"} for i, n in enumerate(("甲一", "乙二"))]
    number = register(DAY, persons=people, group_size=8)
    _, content, _ = paper(PaperKind.SUPPLEMENT_NOTICE, number)
    assert content.addressee == "甲一、乙二等8人" and "你们" in content.text()
    firm = register(DAY, persons=[{"name": "某公司", "kind": "legal"}, {"name": "王代", "role": "agent"}])
    _, content, _ = paper(PaperKind.SUPPLEMENT_NOTICE, firm)
    assert content.addressee == "某公司" and "你单位" in content.text() and "王代" not in content.text()
    nobody = register(DAY, persons=[], anonymous=True)
    assert paper(PaperKind.SUPPLEMENT_NOTICE, nobody)[1].addressee == "信访人"


def test_rare_characters_stay() -> None:
    number = register(DAY, persons=[{"name": "堃祎㛃𠅤", "address": "某旗"}])
    _, content, _ = paper(PaperKind.SUPPLEMENT_NOTICE, number)
    assert content.addressee == "堃祎㛃𠅤"


def test_a_notice_has_no_address_and_no_identity_number() -> None:
    number = register(
        DAY, persons=[{"name": NAME, "phone": PHONE, "address": WHERE, "id_number": "999999198001010011"}]
    )
    walk(number, "replied", LATER)
    for kind in (
        PaperKind.ACCEPTANCE_NOTICE,
        PaperKind.REPLY_OPINION,
        PaperKind.INSTRUCTION_SHEET,
        PaperKind.HAND_OVER_SLIP,
    ):
        said = paper(kind, number)[0]
        assert NAME in said and PHONE not in said and WHERE not in said and "9999991980" not in said
    assert "9999991980" in paper(PaperKind.REGISTRATION_SHEET, number)[0]
    for kind in set(PaperKind) - {PaperKind.REGISTRATION_SHEET}:
        assert "9999991980" not in paper(kind, number)[0], kind


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_no_paper_of_a_report_of_wrongdoing_names_the_informer(kind: PaperKind) -> None:
    number = register(DAY, subject="举报某人冒名", body="冒名的经过", requests=[{"text": "查处冒名"}])
    take(number, StepCode.CLASSIFY, "clerk", LATER, matter_class="report", purpose="report")
    take(number, StepCode.HAND_OVER, "sealed", LATER, body="派驻纪检监察组")
    said = paper(kind, number)[1].text()
    named = [w for w in (NAME, PHONE, WHERE, "冒名") if w in said]
    if kind in (PaperKind.REGISTRATION_SHEET, PaperKind.RECEIPT):
        assert NAME in named, "their own receipt, and the sheet in the sealed file"
    else:
        assert named == []


# ---- words that look like instructions


NASTY = (
    "{{ 编号 }}{% for x in y %}",
    "<script>alert(1)</script> <b>x</b> <3",
    "# 标题 \\ | 格 | ~ 签名",
    "#set page(fill: red) $x$ @ref *粗* _斜_ `code`",
    "=== --- ## ^4",
    "落款：假冒的厅",
    "结尾是冒号：",
)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("where", ["inline", "lines"])
def test_whatever_people_write_is_printed_as_they_wrote_it(nasty: str, where: str) -> None:
    words = nasty if where == "inline" else f"第一行\n{nasty}\n===\n---\n| 表 |\n~ 签"
    # Subject, names and requests are one line each or many, as the form takes them.
    number = register(
        DAY,
        subject=nasty,
        requests=[{"text": words}, {"text": "补发补助"}],
        persons=[{"name": nasty, "address": nasty}],
        body=words,
    )
    walk(number, "advised", LATER)
    findings = [
        {"request": 1, "finding": words, "conclusion": "refuse", "basis": words},
        {"request": 2, "finding": "属实", "conclusion": "support", "basis": "办法"},
    ]
    take(
        number,
        StepCode.DRAFT_REPLY,
        "handler",
        date(2026, 3, 20),
        findings=findings,
        disposition="solve",
        review_body=nasty,
    )
    plain = {
        k: paper(k, number)[1]
        for k in (
            PaperKind.REPLY_OPINION,
            PaperKind.REGISTRATION_SHEET,
            PaperKind.CLOSING_SHEET,
            PaperKind.FORWARDING_LETTER,
        )
    }
    for kind, content in plain.items():
        said = content.text()
        for line in words.split("\n"):
            assert _bare(line) in _bare(said), (kind, line)
        assert not [b for b in content.blocks if isinstance(b, Heading) and nasty.lstrip("# ")[:4] in b.text]
    reply = plain[PaperKind.REPLY_OPINION]
    assert reply.addressee == nasty and reply.signer == reply.department
    assert [h.text for h in reply.blocks if isinstance(h, Heading) and h.level == 1] == [
        "投诉请求、事实和理由",
        "事实认定和处理意见",
        "救济途径",
    ]
    cells = [
        c
        for b in plain[PaperKind.REGISTRATION_SHEET].blocks
        if isinstance(b, PaperTable)
        for row in b.rows
        for c in row
    ]
    assert [c.label for c in cells if c.text == nasty] == [False] * sum(c.text == nasty for c in cells)
    assert any(c.text == nasty for c in cells)


@pytest.mark.parametrize("nasty", NASTY)
def test_both_files_print_it_as_it_was_written(nasty: str) -> None:
    number = register(
        DAY, persons=[{"name": nasty, "address": WHERE}], requests=[{"text": nasty}, {"text": "补发补助"}]
    )
    walk(number, "drafted", LATER)
    content = paper(PaperKind.REPLY_OPINION, number)[1]
    with pdfplumber.open(io.BytesIO(render_pdf(content))) as pdf:
        printed = "".join(page.extract_text() for page in pdf.pages)
    assert _squeezed(nasty) in _squeezed(printed)
    returned = paper_content(PaperKind.REPLY_OPINION, read_docx(render_docx(content)))
    assert returned.addressee == nasty and _bare(nasty) in returned.text()


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _bare(text: str) -> str:
    # The wording may take a last mark away where its own sentence goes on, and blanks at the ends of lines.
    return text.strip().rstrip("：。").replace("\n", "")


def test_requests_are_told_to_whom_they_concern_only_once(django_assert_max_num_queries) -> None:
    number = register(DAY)
    walk(number, "drafted", LATER)
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    with django_assert_max_num_queries(16):
        text = compose_paper(PaperKind.REPLY_OPINION, petition, facts, day=TODAY)
    assert all(text.count(r) == 1 for r in REQUESTS) and SUBJECT in text
