"""Every address × method × person × kind of case answers what the policy says, by request."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.articles.department import ANSWERS
from tests.matrix.asking import MISSING, Person, World, step_form
from tests.matrix.table import (
    DONE,
    EVERY_METHOD,
    PAGES,
    STEPS_OF_PAPERS,
    STEPS_OF_STAFF,
    WRONG,
    Page,
    exists_for,
    may_take,
)
from tests.urls import url
from tests.world import who
from xinfang.cases.models import Event
from xinfang.core.clock import today
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import STAFF_ROLES

TALLY: Counter[str] = Counter()


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """The name of every address that Django knows; its pattern where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield pattern.name or before + str(pattern.pattern)


def path_of(route: str, **values: str) -> str:
    return reverse(route, kwargs=values)


def test_every_address_is_in_the_table() -> None:
    every = list(routes())
    known = set(every)
    assert len(every) == len(known), f"a name leads to two addresses: {sorted(r for r in known if every.count(r) > 1)}"
    new = sorted(known - set(PAGES))
    assert not new, (
        "These addresses are not in the matrix of who reaches what: " + ", ".join(repr(r) for r in new) + ". "
        "Add a line for each to PAGES in tests/matrix/table.py: its methods, the roles for whom it exists "
        "(SIGNED_IN for everybody with an account), case=True if its address holds the number of a case."
    )
    gone = sorted(set(PAGES) - known)
    assert not gone, f"These addresses exist no more; take their lines out of tests/matrix/table.py: {gone}"


def test_the_table_would_miss_a_new_address() -> None:
    """The check above can fail: an address that nobody declared is found, also behind an include."""
    from django.urls import include, path

    class Resolver:
        url_patterns = [path("a/", include([path("<str:number>/secret/", lambda r: None)]))]

    assert list(routes(Resolver())) == ["a/<str:number>/secret/"]
    assert not set(routes(Resolver())) <= set(PAGES)


def test_every_role_is_asked(world: World) -> None:
    held = {d.role for p in world.people.values() if p.actor for d in p.actor.duties}
    assert held >= set(STAFF_ROLES), "somebody for each duty that staff can hold"
    assert world.people["deputy"].actor.codes == {"deputy", "leader"}
    assert not who("has_left").duties and not who("closed_account").duties


# ---- what is the same for hidden and missing


def told(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer tells: status, body, headers."""
    body = b"a file" if response.streaming else response.content
    return response.status_code, body, dict(response.items())


def login_first(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(f"{url('login')}?next=")


class Asks:
    """Asks for one person and compares with what the policy says; collects what is wrong."""

    def __init__(self, world: World, person: Person) -> None:
        self.world, self.person, self.wrong = world, person, list[str]()
        # What this person is told of a number that nobody was ever given.
        self.nowhere = told(world.ask(person, "GET", url("petition", "LX2019000077")))
        assert self.nowhere[0] == 404 or person.actor is None

    def check(self, right: bool, says: str, *args: Any) -> None:
        if not right:
            self.wrong.append(f"{self.person.username}: " + " ".join(map(str, (says, *args))))

    def one(
        self,
        page: Page,
        method: str,
        path: str,
        *,
        exists: bool,
        expected: tuple[int, ...] = (),
        data: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One request, compared."""
        response = self.world.ask(self.person, method, path, data)
        status = response.status_code
        if method not in page.methods:
            TALLY["method refused"] += 1
            self.check(status == 405, method, path, status, "instead of 405")
        elif page.who is not None and self.person.actor is None:
            TALLY["sign in first"] += 1
            self.check(login_first(response), method, path, status, "instead of the sign-in page")
        elif not exists:
            TALLY["hidden"] += 1
            same = told(response) == self.nowhere if method != "HEAD" else status == 404
            self.check(same, method, path, status, "differs from what doesn't exist")
        else:
            TALLY["shown"] += 1
            allowed = expected or page.may(method)
            self.check(status in allowed, method, path, status, "instead of", *allowed)
            self.check(not login_first(response), method, path, "asks to sign in")
        return response


def complain(wrong: list[str]) -> None:
    if wrong:
        pytest.fail(f"{len(wrong)} answers are not what the policy says:\n" + "\n".join(wrong[:60]), pytrace=False)


# ---- the matrix


WHOLE = os.environ.get("MATRIX") == "whole"
"""`MATRIX=whole pytest tests/matrix` asks everything of everybody, for many minutes.

Otherwise each two of person, case and step (or method) meet, and each three of person, case and page where the case is
seen; of cases that are hidden from a person every fifth page is asked, another fifth for each case and person.
"""


def methods_for(page: Page, place: int) -> Sequence[str]:
    """What the page takes, for everybody.

    Of what it refuses, each person and case tries another one, as all get the same answer: Django refuses it before the
    page is asked who it is for.
    """
    refused = [m for m in EVERY_METHOD if m not in page.methods]
    taken = [m for m in page.methods if WHOLE or m != "HEAD" or place % 5 == 0]
    return [*taken, *refused[place % len(refused) :][:1]]


def test_pages_that_are_not_about_one_case(world: World) -> None:
    wrong: list[str] = []
    for place, person in enumerate(world.people.values()):
        asks = Asks(world, person)
        for route, page in PAGES.items():
            if not page.case:
                for method in methods_for(page, place):
                    asks.one(page, method, path_of(route, **page.fill), exists=exists_for(page, person.actor, None))
        wrong += asks.wrong
    complain(wrong)


def test_pages_about_a_case(world: World) -> None:
    """Every page × person × case (see WHOLE), by each method somewhere; also with the number in small letters."""
    wrong: list[str] = []
    pages = {r: p for r, p in PAGES.items() if p.case and not p.each_step}
    for at, person in enumerate(world.people.values()):
        asks = Asks(world, person)
        for turn, (route, page) in enumerate(pages.items()):
            for place, number in enumerate((*world.cases.values(), MISSING), at):
                exists = exists_for(page, person.actor, world.facts.get(number))
                if (turn + place) % (2 if exists else 5) and not WHOLE:
                    continue
                if place % 4 == 0:
                    number = number.lower()
                for method in methods_for(page, place) if exists or place % 4 == 1 or WHOLE else ["GET"]:
                    asks.one(page, method, path_of(route, number=number, **page.fill), exists=exists)
        wrong += asks.wrong
    complain(wrong)


ROUTE_OF_STEPS = next(r for r, p in PAGES.items() if p.each_step)
STEP_PAGE = PAGES[ROUTE_OF_STEPS]


def answers_of(code: str, facts: Facts, world: World) -> dict[str, Any]:
    """Proper answers to every question of a step, for the people and units of this world."""
    day = today().isoformat()
    given = {**ANSWERS[code]}
    for name in ("unit", "handling_unit"):
        if name in given:
            given[name] = "funds"
    later = (today() + timedelta(days=10)).isoformat()
    given |= {
        StepCode.SERVE: {"served_on": day},
        StepCode.FILE_PAPER_SCAN: {"dated_on": day},
        StepCode.CIRCULATE_SHEET: {"readers": ["leader", "leader2"]},
        StepCode.SERVICE_FAILED: {"tried_on": day},
        StepCode.TAKE_AS_REVIEW: {"got_on": day},
        StepCode.DRAFT_REVIEW: {"term": later},
        StepCode.ASSIGN: {"feedback_on": later},
        StepCode.PROMISE_REPLY: {"promised_on": later},
        StepCode.OBJECTION_UPHELD: {"answered_on": day},
        StepCode.OBJECTION_REJECTED: {"answered_on": day},
        StepCode.LINK_REPEAT: {"first": world.cases["registered"]},
    }.get(code, {})
    return given


def leads_on(code: str) -> tuple[int, ...]:
    """A step about papers leads to the paper; () for all others."""
    return DONE if code in STEPS_OF_PAPERS else ()


def steps_for(at: int, place: int, exists: bool) -> list[str]:
    """Some steps for one person (at) and one case (place).

    The whole row in turns, more of them where the case is seen.
    """
    apart = 1 if WHOLE else 21 if exists else 31
    return [code for i, code in enumerate(STEPS) if (i + 5 * at + place) % apart == 0]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_step_of_every_case(world: World, method: str) -> None:
    """Looking at a step's page, and sending a properly filled form: only who may take it changes anything."""
    wrong: list[str] = []
    taken: set[str] = set()
    asked: Counter[str] = Counter()
    for at, person in enumerate(world.people.values()):
        asks = Asks(world, person)
        for place, number in enumerate((*world.cases.values(), MISSING)):
            facts = world.facts.get(number)
            codes = set(steps_for(at, place, exists_for(STEP_PAGE, person.actor, facts, StepCode.CLASSIFY)))
            if method == "POST" and facts is not None and person.actor is not None:
                # A person who may take a step of this case, and may take it now, really takes it.
                codes |= {t for t in world.tasks[number] if may_take(person.actor, facts, t)}
            for code in codes:
                asked[code] += 1
                exists = exists_for(STEP_PAGE, person.actor, facts, code)
                path = path_of(ROUTE_OF_STEPS, number=number, code=code)
                if method == "GET" or facts is None or code not in STEPS_OF_STAFF:
                    asks.one(STEP_PAGE, method, path, exists=exists, expected=leads_on(code))
                    continue
                form = step_form(code, facts, answers_of(code, facts, world))
                mine = exists and person.actor is not None and may_take(person.actor, facts, code)
                response = asks.one(
                    STEP_PAGE, method, path, exists=exists, expected=DONE + WRONG if mine else WRONG, data=form
                )
                if mine and response.status_code == 302:
                    taken.add(code)
        wrong += asks.wrong
    complain(wrong)
    assert set(asked) == set(STEPS) and min(asked.values()) >= 10, asked
    if method == "POST":
        assert len(taken) >= 15, f"proper forms are taken where they may be; only {sorted(taken)} were"


def test_other_methods_of_a_step(world: World) -> None:
    """One person who sees the case and one who doesn't, for each case."""
    wrong: list[str] = []
    for place, number in enumerate((*world.cases.values(), MISSING)):
        facts = world.facts.get(number)
        seers = [
            p for p in world.people.values() if p.actor and exists_for(STEP_PAGE, p.actor, facts, StepCode.CLASSIFY)
        ]
        others = [p for p in world.people.values() if p.actor and p not in seers]
        for person in [*seers[:1], *others[:1]]:
            asks = Asks(world, person)
            for code in steps_for(place, place, False):
                exists = exists_for(STEP_PAGE, person.actor, facts, code)
                for method in EVERY_METHOD:
                    if method not in ("GET", "POST"):
                        path = path_of(ROUTE_OF_STEPS, number=number, code=code)
                        asks.one(STEP_PAGE, method, path, exists=exists, expected=leads_on(code))
            wrong += asks.wrong
    complain(wrong)


def test_nothing_was_written_by_all_this(world: World) -> None:
    """Every request was taken back: what was expected at the end was as true as at the beginning."""
    now = {n: Event.objects.filter(petition__number=n).count() for n in world.facts}
    assert now == {n: len(f.history) for n, f in world.facts.items()}


def test_how_much_was_asked(world: World) -> None:
    """Printed with `pytest -s`. Enough of each answer, so that no side of the matrix is empty."""
    routes_, people, cases = len(PAGES), len(world.people), len(world.cases)
    print(
        f"\nmatrix: {routes_} addresses, {len(STEPS)} steps, {len(EVERY_METHOD)} methods, {people} people,"
        f" {cases} kinds of"
        f" case and a missing one: {world.requests:,} requests, {sum(TALLY.values()):,} compared ("
        + ", ".join(f"{n:,} {what}" for what, n in TALLY.most_common())
        + ")"
    )
    assert all(TALLY[what] > 200 for what in ("hidden", "shown", "sign in first", "method refused"))
