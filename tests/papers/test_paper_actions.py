"""Papers as the actions keep them.

One text at a time, numbers without gaps, frozen files whose hashes are in the chain.
"""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from docx import Document

from tests.world import register, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments import stores
from xinfang.cases.models import Event, Petition, RequiredPaper
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.checks import missing_from_text
from xinfang.papers.models import Paper, PaperText
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word import read_docx, render_docx
from xinfang.papers.wording import paper_content
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind, PaperStage
from xinfang.vault.sm_ciphers import sm3

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def accepted() -> str:
    came = today() - timedelta(days=5)
    number = register(came)
    walk(number, "accepted", came, 0)
    return number


def make(number: str, kind: PaperKind = PaperKind.ACCEPTANCE_NOTICE, key: str = "") -> Paper:
    owed = RequiredPaper.objects.filter(petition__number=number, kind=kind.value).first()
    return acts.make_paper(number, kind, by=who("clerk"), owed_by=owed.event.seq if owed else 0, idempotency_key=key)


def signed(number: str) -> Paper:
    paper = make(number)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=1)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=paper.place, agree=True)
    return paper


def issue(paper: Paper, key: str = "") -> Paper:
    return acts.issue_paper(paper.petition.number, paper.place, by=who("clerk"), idempotency_key=key)


def refused(reasons: Refused) -> set[str]:
    return {r.code for r in reasons.reasons}


def test_a_form_sent_twice_makes_one_paper():
    number = accepted()
    assert make(number, key="x-1").pk == make(number, key="x-1").pk
    with pytest.raises(Refused) as e:
        make(number, key="x-2")
    assert refused(e.value) == {"it_is_not_made_already"}
    assert Paper.objects.count() == PaperText.objects.count() == 1


def test_the_text_is_kept_encrypted_and_every_version_stays():
    paper = make(accepted())
    row = PaperText.objects.get()
    assert "其木格" in row.text and "其木格".encode() not in bytes(row.text_sealed)
    text = row.text + "再补一句。\n"
    clerk = Staff.objects.get(username="clerk")
    acts.save_paper_text(paper.petition.number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    acts.save_paper_text(paper.petition.number, 1, text, by=who("clerk"), staff=clerk, revision=2)  # nothing new
    assert [t.revision for t in PaperText.objects.all()] == [1, 2]
    with pytest.raises(EditConflict) as e:
        acts.save_paper_text(paper.petition.number, 1, row.text, by=who("clerk2"), staff=clerk, revision=1)
    assert e.value.theirs.revision == 2 and e.value.theirs.by == clerk
    with pytest.raises(WordingSyntaxError):
        acts.save_paper_text(paper.petition.number, 1, "没有抬头", by=who("clerk"), staff=clerk, revision=2)


def test_what_was_submitted_is_fixed_until_it_is_given_back():
    number = accepted()
    paper = make(number)
    acts.submit_paper(number, 1, by=who("clerk"), revision=1)
    clerk = Staff.objects.get(username="clerk")
    text = acts.current_text(Paper.objects.get()).text + "改。\n"
    with pytest.raises(Refused) as e:
        acts.save_paper_text(number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    assert refused(e.value) == {"it_is_a_draft"}
    take(number, StepCode.SIGN_PAPER, "office_head", paper=1, agree=False, opinion="请改一处。")
    acts.save_paper_text(number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    paper.refresh_from_db()
    assert (paper.stage, paper.revision) == (PaperStage.DRAFT.value, 2)


def test_whoever_submits_does_not_sign():
    number = accepted()
    make(number)
    acts.submit_paper(number, 1, by=who("office_head"), revision=1)
    with pytest.raises(Refused) as e:
        take(number, StepCode.SIGN_PAPER, "office_head", paper=1, agree=True)
    assert refused(e.value) == {"another_person_decides"}


def test_issued_means_numbered_frozen_and_in_the_chain():
    first, second = (issue(signed(accepted()), key=f"k-{n}") for n in range(2))
    year = today().year
    assert [first.number, second.number] == [f"内科信告〔{year}〕1号", f"内科信告〔{year}〕2号"]
    for paper in (first, second):
        event = Event.objects.get(petition=paper.petition, code=StepCode.ISSUE_PAPER)
        pdf, word, ofd = (b"".join(stores.read_attachment(a)) for a in (paper.pdf, paper.word, paper.ofd))
        assert (event.data["pdf"], event.data["word"]) == (sm3(pdf).hex(), sm3(word).hex())
        assert (event.data["ofd"], ofd) == (sm3(ofd).hex(), pdf_as_ofd(pdf))
        assert pdf.startswith(b"%PDF-") and word.startswith(b"PK") and paper.pages >= 1
        assert {paper.pdf.what, paper.word.what, paper.ofd.what} == {Material.PAPER.value}
        assert facts_of(paper.petition).papers[0].stage is PaperStage.ISSUED
    again = issue(first, key="k-0")
    assert again.number == first.number and Event.objects.filter(code=StepCode.ISSUE_PAPER).count() == 2


def test_a_refusal_gives_no_number_and_leaves_nothing():
    number = accepted()
    make(number)
    with pytest.raises(Refused) as e:
        issue(Paper.objects.get())
    assert "it_is_signed" in refused(e.value)
    assert not Paper.objects.exclude(number=None).exists()
    assert not Petition.objects.get(number=number).attachments.exists()
    assert issue(signed(accepted())).number == f"内科信告〔{today().year}〕1号", "no gap"


def test_what_no_font_has_is_found_before_it_is_printed():
    number = accepted()
    paper = make(number)
    clerk = Staff.objects.get(username="clerk")
    text = acts.current_text(paper).text + "字\U0001fbfa。\n"
    acts.save_paper_text(number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    acts.submit_paper(number, 1, by=who("clerk"), revision=2)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=1, agree=True)
    with pytest.raises(Refused) as e:
        issue(Paper.objects.get())
    assert refused(e.value) == {"printable"} and "U+1FBFA" in str(e.value)


def test_the_advisers_words_do_not_leave_the_house():
    came = today() - timedelta(days=5)
    number = register(came)
    walk(number, "advice_sought", came, 0)
    said = "建议在答复中回避预算调整的具体经过，以免引起新的争议。"
    take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser", text=said)
    paper = make(number, PaperKind.ACCEPTANCE_NOTICE)
    clerk = Staff.objects.get(username="clerk")
    text = acts.current_text(paper).text + f"{said}\n"
    acts.save_paper_text(number, paper.place, text, by=who("clerk"), staff=clerk, revision=1)
    with pytest.raises(Refused) as e:
        acts.submit_paper(number, paper.place, by=who("clerk"), revision=2)
    assert refused(e.value) == {"advice_stays_inside"}


def test_what_the_adviser_took_from_the_letter_is_nobodys_secret():
    came = today() - timedelta(days=5)
    letter = "我自前年三月起在苏木担任科技特派员，全年补助至今没有发放。"
    number = register(came, body=letter)
    walk(number, "advice_sought", came, 0)
    take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser", text=f"信访人称：{letter}经核属实，宜予补发，无不同意见。")
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    text = f"标题：意见书\n落款：{settings.DEPARTMENT}\n---\n您陈述的事实和理由：“{letter}”\n"
    assert missing_from_text(PaperKind.SUPPLEMENT_NOTICE, text, facts, letter) == []
    assert refused(Refused(missing_from_text(PaperKind.SUPPLEMENT_NOTICE, text, facts))) == {"advice_stays_inside"}
    paper = make(number, PaperKind.SUPPLEMENT_NOTICE)
    clerk = Staff.objects.get(username="clerk")
    acts.save_paper_text(number, paper.place, text, by=who("clerk"), staff=clerk, revision=1)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=2)


@pytest.mark.parametrize("signer", ["某厅办公室", "科技监督与诚信处", ""])
@pytest.mark.parametrize("in_word", [False, True], ids=["edited", "Word"])
def test_what_leaves_the_house_is_signed_in_the_departments_name(signer: str, in_word: bool) -> None:
    number = accepted()
    paper = make(number)
    clerk = Staff.objects.get(username="clerk")
    text = acts.current_text(paper).text
    if in_word:
        file = Document(io.BytesIO(render_docx(paper_content(paper.paper_kind, text))))
        signature = next(p for p in file.paragraphs if p.style is not None and p.style.name == "文书落款")
        signature.runs[0].text = signer
        saved = io.BytesIO()
        file.save(saved)
        text = read_docx(saved.getvalue())
    else:
        text = text.replace(f"落款：{settings.DEPARTMENT}", f"落款：{signer}")
    acts.save_paper_text(number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    with pytest.raises(Refused) as e:
        acts.submit_paper(number, 1, by=who("clerk"), revision=2)
    (reason,) = e.value.reasons
    assert reason.code == "it_is_signed_in_the_departments_name" and reason.cites == (DEPARTMENT_SETTING,)
    assert signer in reason.text and f"请把落款改为“{settings.DEPARTMENT}”" in reason.todo


def test_a_unit_signs_what_stays_in_the_house() -> None:
    number = accepted()
    facts = facts_of(Petition.objects.get(number=number))
    text = "标题：报告\n落款：资源配置与经费处\n---\n情况如下。\n"
    assert missing_from_text(PaperKind.INQUIRY_REPORT, text, facts) == []
    assert missing_from_text(PaperKind.FORWARDING_LETTER, text, facts) != []


def test_withdrawn_and_made_anew_both_are_kept():
    paper = issue(signed(accepted()))
    number = paper.petition.number
    take(number, StepCode.WITHDRAW_PAPER, "clerk", paper=1, reason="日期有误。")
    new = make(number)
    paper.refresh_from_db()
    assert (paper.stage, new.place) == (PaperStage.WITHDRAWN.value, 2) and paper.number and paper.pdf


def test_a_paper_of_an_unseen_case_does_not_exist():
    paper = make(accepted())
    text = acts.current_text(paper).text
    handler2 = Staff.objects.get(username="handler2")
    with pytest.raises(acts.NotVisible):
        acts.save_paper_text(paper.petition.number, 1, text, by=who("handler2"), staff=handler2, revision=1)
