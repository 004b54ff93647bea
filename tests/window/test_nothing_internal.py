"""Everything that the window can return of each demo case, held against what is not the petitioner's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.urls import url
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.operations.demo.load import load_demo
from xinfang.papers.models import PaperText
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import dump_step
from xinfang.window import session
from xinfang.window.acts import ACTS
from xinfang.window.queries.progress import reviewing_body, sent_papers
from xinfang.window.session import ProvenCase

OWN_WORDS = (
    StepCode.REGISTER, StepCode.SUPPLEMENT, StepCode.WITHDRAW, StepCode.RATE, StepCode.REQUEST_RECONSIDERATION,
    StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_FINAL_REVIEW, StepCode.LEAVE_MESSAGE,
)  # fmt: skip
TOLD = {StepCode.GRANT_EXTENSION: ("reason",), StepCode.ANSWER_MESSAGE: ("text",)}
"""What a step says that the petitioner is told, beside their own words."""


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text within the answers of a step, with the field that it is in."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, name)


def not_theirs(petition: Petition, facts: Facts) -> set[str]:
    """All that a case holds and that isn't for its petitioner: what steps say, drafts, other cases' numbers."""
    found = set()
    for happened in facts.history:
        if happened.code in OWN_WORDS:
            continue
        found |= {text for _, text in texts(dump_step(happened.step))}
    found |= {
        line for version in PaperText.objects.filter(paper__petition=petition) for line in version.text.split("\n")
    }
    found |= {facts.repeat_of, facts.joined_to, facts.part_of, *(p.number for p in facts.parts), *facts.leaders}
    found |= set(Petition.objects.exclude(pk=petition.pk).values_list("number", flat=True))
    return {text.strip() for text in found if len(text.strip()) >= 6}


def told_in(facts: Facts) -> set[str]:
    """What the petitioner is told of what steps say."""
    told = {str(getattr(h.step, name)) for h in facts.history for name in TOLD.get(StepCode(h.code), ())}
    return {*told, reviewing_body(facts)}


def seen(browser: Client) -> str:
    """The text of every page of the window for this browser's case."""
    pages = [url("window-case"), url("window-data"), *(url("window-act", code) for code in ACTS)]
    html = "".join(browser.get(page).content.decode() for page in pages)
    return re.sub(r"<[^>]+>", " ", html)


@pytest.mark.django_db
def test_nothing_of_a_case_reaches_the_window_but_what_is_the_petitioners() -> None:
    load_demo(today=today())
    names = set(Staff.objects.values_list("name", flat=True))
    found: dict[str, set[str]] = {}
    for petition in Petition.objects.all():
        facts, browser = facts_of(petition), Client()
        answer = browser.get(url("window"))
        session.keep(answer, ProvenCase(petition.number))
        browser.cookies[session.COOKIE] = answer.cookies[session.COOKIE].value
        page = seen(browser)
        assert facts.subject in page or facts.destroyed_on, petition.number
        own = {
            facts.subject, petition.body, *(r.text for r in facts.requests),
            *(p.document_number for p in sent_papers(facts)), *told_in(facts),
        }  # fmt: skip
        found[petition.number] = {t for t in not_theirs(petition, facts) if t in page and not any(t in o for o in own)}
        people = {p.full_name for p in petition.petitioners.all()}
        assert not [n for n in names if n in page and n not in "".join(people) and n not in "".join(own)], (
            petition.number
        )
        others = [p.full_name for p in petition.petitioners.all()[1:] if p.full_name]
        assert not [n for n in others if n in page and n not in "".join(own)], petition.number
        assert not re.search(r"LX|WX|LF|LD", page.replace(petition.number, "")), petition.number
        for place in range(1, len(facts.papers) + 2):
            status = browser.get(url("window-paper", place)).status_code
            sent = place in {p.number for p in sent_papers(facts)} and not facts.sealed
            assert status == (200 if sent and facts.paper(place).files else 404), (petition.number, place)
    assert not {number: texts for number, texts in found.items() if texts}
    assert len(found) > 60
