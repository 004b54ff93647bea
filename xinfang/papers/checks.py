"""What the law asks of a paper's text, looked for before it is submitted and again before it is issued."""

import re
from collections.abc import Callable

from django.conf import settings

from xinfang.papers.content import Heading, PaperTable, Paragraph
from xinfang.papers.source import ParsedSource, WordingSyntaxError, parse_source
from xinfang.papers.wording.blanks import unfilled_blanks
from xinfang.procedure.articles import DEPARTMENT_SETTING, HOUSE_RULES, REGULATION
from xinfang.procedure.facts import Facts
from xinfang.procedure.limits import REQUEST_FINAL_REVIEW, REQUEST_FIRST_REVIEW
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.rules import Reason
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind

MIN_LEAK_CHARACTERS = 16
"""This many characters of the adviser's opinion in a row are no coincidence of wording any more."""
PaperCheck = Callable[[str, Facts], list[Reason]]


def missing_from_text(kind: PaperKind, text: str, facts: Facts, letter: str = "") -> list[Reason]:
    """Return what this text must still say, each with its article; empty when it may go out.

    `letter` is what the petitioner wrote or said, which a reply quotes.
    """
    try:
        source = parse_source(text)
    except WordingSyntaxError as e:
        return [Reason(str(e), (DEPARTMENT_SETTING,), "请改正这一行后再办理。", "paper_is_readable")]
    body = _squeezed(_words(source))
    found = _open_blanks(text)
    found += _signed_by_another(source) if PAPERS[kind].outward else []
    found += _leaks(body, facts, letter) if kind is not PaperKind.LEGAL_ADVICE else []
    if not body:
        found.append(Reason("文书没有正文", (DEPARTMENT_SETTING,), "请填写正文。", "paper_has_a_body"))
    return found + [reason for check in _CHECKS.get(kind, ()) for reason in check(body, facts)]


def _open_blanks(text: str) -> list[Reason]:
    return [
        Reason(f"还有一处没有填写：{blank}", (DEPARTMENT_SETTING,), "请填写后再办理。", "every_blank_is_filled")
        for blank in dict.fromkeys(unfilled_blanks(text))
    ]


def _signed_by_another(source: ParsedSource) -> list[Reason]:
    """Refuse a 落款 that isn't the department: what leaves the house is never a 处室's or the office's own word."""
    signer, department = source.one("落款"), settings.DEPARTMENT
    if signer == department:
        return []
    found = f"这份文书对外发出，落款“{signer}”不是本厅全称" if signer else "这份文书对外发出，没有落款"
    todo = f"请把落款改为“{department}”；不得以处室、办公室等内设机构的名义发出。"
    return [Reason(found, (DEPARTMENT_SETTING,), todo, "it_is_signed_in_the_departments_name")]


def _words(source: ParsedSource) -> str:
    parts = []
    for block in source.blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(block.text)
        elif isinstance(block, PaperTable):
            parts += [cell.text for row in block.rows for cell in row]
    return "\n".join(parts)


def _squeezed(text: str) -> str:
    # Blanks and punctuation are what editing changes first; the words are compared without them.
    return re.sub(r"[\s，。、；：！？“”‘’（）()《》〈〉,.;:!?\"'·—-]", "", text)


def _leaks(body: str, facts: Facts, letter: str) -> list[Reason]:
    for h in facts.history:
        if h.code != StepCode.GIVE_LEGAL_ADVICE:
            continue
        opinion = _squeezed(h.step.text)
        quoted = {_squeezed(words) for r in facts.requests for words in (r.text, r.basis)} | {_squeezed(letter)}
        for i in range(max(len(opinion) - MIN_LEAK_CHARACTERS + 1, 0)):
            piece = opinion[i : i + MIN_LEAK_CHARACTERS]
            # What the advisers themselves took from the petition or from the law is nobody's secret.
            if piece in body and not any(piece in q for q in quoted):
                return [
                    Reason(
                        "文中有法律顾问意见的原文，法律顾问意见只供内部使用，不得对外",
                        (HOUSE_RULES[13], DEPARTMENT_SETTING),
                        f"请删去或改写“{piece[:8]}……”所在的句子。",
                        "advice_stays_inside",
                    )
                ]
    return []


def _concludes_each_request(body: str, facts: Facts) -> list[Reason]:
    lacks = []
    for r in facts.requests:
        if r.conclusion is None or r.conclusion.label not in body:
            lacks.append(
                Reason(
                    f"诉求{r.number}没有写明结论（予以支持、解释说明、不予支持）",
                    (REGULATION[32],),
                    "请在正文写明对该项诉求的结论。",
                    "each_request_is_concluded",
                )
            )
        if r.text and _squeezed(r.text)[:MIN_LEAK_CHARACTERS] not in body:
            lacks.append(
                Reason(
                    f"没有写明诉求{r.number}",
                    (REGULATION[32],),
                    "意见书应载明信访人的投诉请求。",
                    "each_request_is_told",
                )
            )
        if r.finding and _squeezed(r.finding)[:MIN_LEAK_CHARACTERS] not in body:
            lacks.append(
                Reason(
                    f"没有写明诉求{r.number}认定的事实", (REGULATION[32],), "意见书应载明事实和理由。", "facts_are_told"
                )
            )
        if r.basis and _squeezed(r.basis)[:MIN_LEAK_CHARACTERS] not in body:
            lacks.append(
                Reason(
                    f"没有写明诉求{r.number}的法律法规依据",
                    (REGULATION[32],),
                    "意见书应载明处理意见的依据。",
                    "basis_is_told",
                )
            )
    return lacks


def _names_the_way_of_review(body: str, facts: Facts) -> list[Reason]:
    drafted = facts.last(StepCode.DRAFT_REPLY)
    where = _squeezed(drafted.step.review_body) if drafted else ""
    if f"{REQUEST_FIRST_REVIEW}" in body and "复查" in body and (not where or where in body):
        return []
    return [
        Reason(
            f"没有写明自收到之日起{REQUEST_FIRST_REVIEW}内可以请求复查，以及复查机关",
            (REGULATION[35],),
            f"请写明期限和复查机关{f'（{drafted.step.review_body}）' if drafted else ''}。",
            "the_way_of_review_is_told",
        )
    ]


def _says_what_the_review_decided(body: str, facts: Facts) -> list[Reason]:
    drafted = facts.last(StepCode.DRAFT_REVIEW)
    if drafted is None:
        return []
    lacks = []
    for words, what in ((drafted.step.result.label, "复查结论"), (drafted.step.basis, "复查结论的法律法规依据")):
        if _squeezed(words)[:MIN_LEAK_CHARACTERS] not in body:
            lacks.append(Reason(f"没有写明{what}", (REGULATION[35],), "请照拟写的复查意见写明。", "the_review_is_told"))
    where = _squeezed(drafted.step.final_body)
    if f"{REQUEST_FINAL_REVIEW}" not in body or "复核" not in body or where not in body:
        lacks.append(
            Reason(
                f"没有写明自收到之日起{REQUEST_FINAL_REVIEW}内可以请求复核，以及复核机关",
                (REGULATION[36],),
                f"请写明期限和复核机关（{drafted.step.final_body}）。",
                "the_way_of_final_review_is_told",
            )
        )
    return lacks


def _names_its_own_remedy(body: str, facts: Facts) -> list[Reason]:
    drafted = facts.last(StepCode.DRAFT_DUTY_REPLY)
    if drafted is None:
        return []
    s = drafted.step
    named = (s.other_remedy[:MIN_LEAK_CHARACTERS],) if s.other_remedy else (s.reconsideration_body, s.court)
    lacks = []
    if not all(_squeezed(words) in body for words in named):
        lacks.append(
            Reason(
                "没有写明对本答复不服的救济途径",
                (REGULATION[31],),
                "请照拟写的答复写明向谁、多少日内申请行政复议或者起诉。",
                "its_own_remedy_is_told",
            )
        )
    if "请求复查" in body:
        lacks.append(
            Reason(
                "履行职责的答复不适用信访复查",
                (REGULATION[31], REGULATION[35]),
                "请删去请求复查的内容，写明法律规定的途径。",
                "no_petition_review_is_told",
            )
        )
    return lacks


_CHECKS: dict[PaperKind, tuple[PaperCheck, ...]] = {
    PaperKind.REPLY_OPINION: (_concludes_each_request, _names_the_way_of_review),
    PaperKind.REVIEW_OPINION: (_says_what_the_review_decided,),
    PaperKind.DUTY_REPLY: (_concludes_each_request, _names_its_own_remedy),
}
