"""Lists, counts, searches, messages, ties and the command line tell of nothing that the policy hides."""

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.articles.department import ANSWERS
from tests.matrix.asking import COMMON, MISSING, Person, World
from tests.matrix.table import REGISTERS, SUPERVISION, only_advises
from tests.urls import url
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import IS_SUPERVISED, SUPERVISES, NotVisible, may_see
from xinfang.procedure.words import OPEN_STATES, Role
from xinfang.supervision.models import SupervisionGroundRow
from xinfang.web.models import Draft

NUMBER = re.compile(r"LX\d{10}")


def signed_in(world: World) -> list[Person]:
    return [p for p in world.people.values() if p.actor]


def seen_by(world: World, person: Person) -> set[str]:
    assert person.actor
    return {n for n, f in world.facts.items() if may_see(person.actor, f)}


def numbers_in(response: Any) -> set[str]:
    assert response.status_code == 200, response.status_code
    return set(NUMBER.findall(response.content.decode()))


def found(world: World, person: Person, words: str) -> Any:
    """The answer to a search.

    The key of what was typed is put in the session by hand, as each request is taken back.
    """
    from django.conf import settings

    session = import_module(settings.SESSION_ENGINE).SessionStore(person.cookie)
    session["searches"] = {"k": words}
    session.save()
    return world.ask(person, "GET", url("search-found", "k"))


def told(response: Any) -> str:
    """A page without the tokens and keys of its forms, which are new each time."""
    return re.sub(r"[A-Za-z0-9]{64}|(?<=name=\"key\" value=\")[0-9a-f]{32}", "", response.content.decode())


def test_lists_and_their_counts(world: World) -> None:
    some = 0
    for person in signed_in(world):
        seen = seen_by(world, person)
        page = world.ask(person, "GET", url("petitions"))
        assert numbers_in(page) == seen, person.username
        assert f"共 {len(seen)} 件" in page.content.decode(), person.username
        for unit in ("funds", "results", "none"):
            assert numbers_in(world.ask(person, "GET", f"{url('petitions')}?unit={unit}")) <= seen
        some += len(seen)
    assert some > len(world.facts)


def test_boards_count_what_is_seen(world: World) -> None:
    opened = {n for n, f in world.facts.items() if f.state in OPEN_STATES}
    for person in signed_in(world):
        body = world.ask(person, "GET", url("boards")).content.decode()
        figures = re.findall(r'class="figure" href="([^"]*)"><b>(\d+)</b><span>未办结', body)
        expected = len(opened & seen_by(world, person))
        assert (int(figures[0][1]) if figures else 0) == expected, person.username


def test_the_board_of_supervision_names_only_what_is_seen(world: World) -> None:
    """As if every ground held today.

    The lines of a person are of cases they see, the head of a unit's those of their unit.
    """
    with transaction.atomic():
        SupervisionGroundRow.objects.update(since=today())
        rows = [
            (r.petition.number, r.unit.code if r.unit else "")
            for r in SupervisionGroundRow.objects.select_related("petition", "unit")
        ]
        some = 0
        for person in signed_in(world):
            page = world.ask(person, "GET", f"{url('supervision')}?all=1")
            assert person.actor
            if not person.actor.has(*SUPERVISION):
                assert page.status_code == 404, person.username
                continue
            seen = seen_by(world, person)
            units = None if person.actor.has(*SUPERVISES) else person.actor.units(*IS_SUPERVISED)
            expected = {n for n, unit in rows if n in seen and (units is None or unit in units)}
            assert numbers_in(page) == expected, person.username
            some += len(expected)
        assert some > 20
        transaction.set_rollback(True)


def test_inbox_names_only_what_is_seen(world: World) -> None:
    asked = 0
    for person in signed_in(world):
        inbox = world.ask(person, "GET", url("inbox"))
        if inbox.status_code == 302 and inbox["Location"] == url("duty"):
            continue  # a person who is only on duty at the door has no inbox
        named = numbers_in(inbox)
        assert named <= seen_by(world, person), person.username
        asked += len(named)
    assert asked > 20


def test_search_finds_and_counts_only_what_is_seen(world: World) -> None:
    for person in signed_in(world):
        seen = seen_by(world, person)
        hits = found(world, person, COMMON)
        named = numbers_in(hits)
        assert named <= seen, person.username
        assert named == {n for n in seen if not world.facts[n].sealed}, person.username
        assert f"{len(named)} 件" in hits.content.decode() or not named


def test_searching_a_hidden_number_is_like_searching_one_never_given(world: World) -> None:
    for person in signed_in(world):
        hidden = sorted(set(world.facts) - seen_by(world, person))
        nothing = found(world, person, MISSING)
        for number in hidden[:6]:
            answer = found(world, person, number)
            assert answer.status_code == nothing.status_code == 200, (person.username, number)
            assert told(answer).replace(number, MISSING) == told(nothing)


def test_suspected_repeats_at_registration(world: World) -> None:
    """Who registers is shown likely repeats; those they may not see aren't among them, however alike."""
    shown: set[str] = set()
    for person in signed_in(world):
        if not person.actor or not person.actor.has(*REGISTERS):
            continue
        typed = {"subject": f"{COMMON}：sealed", "body": f"{COMMON}没有按时拨付，请说明原因。第sealed件。"}
        typed |= {"persons-0-name": "其木格", "persons-0-phone": "15000000001"}
        named = numbers_in(world.ask(person, "POST", url("register-similar"), typed))
        assert named <= seen_by(world, person), person.username
        assert world.cases["sealed"] not in named
        shown |= named
    assert shown, "there are likely repeats to be shown"


def test_ties_between_repeats(world: World) -> None:
    """A case that is seen names the case it repeats only to who sees that one too: page, step pages, command line."""
    later, first = world.cases["repeat of another unit's"], world.cases["another unit's"]
    both = one = 0
    for person in signed_in(world):
        seen = seen_by(world, person)
        if later not in seen or (person.actor and only_advises(person.actor, world.facts[later])):
            continue
        for path in (
            url("petition", later),
            *(url("step", later, code) for code in (StepCode.SUPERVISE, StepCode.UNLINK_REPEAT)),
        ):
            body = world.ask(person, "GET", path).content.decode()
            if first not in seen:
                assert first not in body, f"{person.username} reads the number of a hidden case on {path}"
                one += 1
            elif path == url("petition", later):
                assert first in body
                both += 1
    assert both and one


def test_messages_about_a_case_end_with_the_sight_of_it(world: World) -> None:
    """Told while it was theirs, then recused or sealed: the message is not shown any more."""
    from django.db import transaction

    from xinfang.accounts.models import Staff

    with transaction.atomic():
        everybody = list(Staff.objects.values_list("pk", flat=True))
        for petition in Petition.objects.all():
            notify(everybody, petition, kind="test", text=f"{petition.number} 有新的办理", now=timezone.now())
        for person in signed_in(world):
            assert numbers_in(world.ask(person, "GET", url("notices"))) <= seen_by(world, person), person.username
        transaction.set_rollback(True)


def test_drafts_belong_to_who_typed_them(world: World) -> None:
    from django.db import transaction

    from xinfang.accounts.models import Staff

    with transaction.atomic():
        Draft.objects.create(
            staff=Staff.objects.get(username="clerk"), form=StepCode.REGISTER, fields={"subject": ["x"]}
        )
        for person in signed_in(world):
            rows = json.loads(world.ask(person, "GET", url("drafts", StepCode.REGISTER)).content)["rows"]
            assert len(rows) == (person.username == "clerk"), person.username
        transaction.set_rollback(True)


def test_figures_of_the_procedure_page(world: World) -> None:
    """How often each step happened this month: of the cases that are seen."""
    from xinfang.cases.queries.counts import happened_this_month

    for person in signed_in(world):
        assert person.actor
        seen = seen_by(world, person)
        month = timezone.localtime().date().replace(day=1)
        expected = sum(
            timezone.localtime(h.recorded_at).date() >= month and h.stage in ("done", "confirmed")
            for n in seen
            for h in world.facts[n].history
        )
        assert sum(happened_this_month(person.actor).values()) == expected, person.username


def test_the_log_of_the_auditor_holds_no_content(world: World) -> None:
    auditor = next(p for p in signed_in(world) if p.actor and p.actor.has(Role.AUDITOR))
    for path in (url("log"), url("looks"), url("admin-log")):
        body = world.ask(auditor, "GET", path).content.decode()
        assert COMMON not in body and "其木格" not in body and "15000000001" not in body, path


def test_handing_over_counts_what_the_office_sees(world: World) -> None:
    """The page that hands over somebody's work names no sealed case."""
    for username in ("clerk", "clerk2", "office_head"):
        person = world.people[username]
        body = world.ask(person, "GET", url("hand-over", "handler")).content.decode()
        assert not set(NUMBER.findall(body)) - seen_by(world, person)


# ---- the command line


@pytest.fixture
def run(capsys: pytest.CaptureFixture) -> Callable[..., tuple[int, str]]:
    def call(*args: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(args)
        out, err = capsys.readouterr()
        return code, out + err

    return call


def test_command_line_show(world: World, run: Callable[..., tuple[int, str]]) -> None:
    for person in signed_in(world):
        assert person.actor
        missing = run("show", MISSING, "--by", person.username, "--json")
        assert missing[0] == 4
        seen = seen_by(world, person)
        for number, facts in world.facts.items():
            code, text = run("show", number, "--by", person.username, "--json")
            if number not in seen:
                assert (code, text.replace(number, MISSING)) == missing, (person.username, number)
                # A reason opens nothing.
                assert run("show", number, "--by", person.username, "--json", "--reason", "核对编号")[0] == 4
                continue
            if facts.sealed:
                assert code == 3, "a sealed case is opened for a reason only"
                code, text = run("show", number, "--by", person.username, "--json", "--reason", "核对编号")
            assert code == 0
            others = set(NUMBER.findall(text)) - {number}
            assert others <= seen, f"{person.username} reads {others} at {number}"
            if only_advises(person.actor, facts):
                assert COMMON not in text.replace(facts.subject, "") and "其木格" not in text, "only the draft (H13)"


def test_command_line_step_is_blind_to_hidden_cases(world: World, run: Callable[..., tuple[int, str]]) -> None:
    for person in signed_in(world):
        hidden = [*sorted(set(world.facts) - seen_by(world, person))[:4], MISSING]
        answers = {
            (code, text.replace(number, MISSING))
            for number in hidden
            for code, text in [
                run("step", StepCode.SUPERVISE, number, "--by", person.username, "--data", json.dumps({}))
            ]
        }
        assert len(answers) == 1 and next(iter(answers))[0] == 4, (person.username, answers)


def test_the_writer_itself_refuses_hidden_cases(world: World) -> None:
    """Beneath pages and command line: perform() finds nothing there, so that no caller can forget to ask."""
    step = load_step(STEPS[StepCode.SUPERVISE], ANSWERS[StepCode.SUPERVISE])
    for person in signed_in(world):
        assert person.actor
        for number in [*sorted(set(world.facts) - seen_by(world, person))[:4], MISSING]:
            with pytest.raises(NotVisible):
                perform(step, number, by=person.actor)
