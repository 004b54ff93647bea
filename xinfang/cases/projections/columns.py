"""The case's own row and what hangs on it, made from the facts after a step, so that no step has columns of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeGuard

from django.db.models import Model

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import CaseVisibility, Petition, Petitioner, Request, RequiredPaper
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.cases.queries.case_text import CaseText, text_of_events
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.categories.models import Category
from xinfang.core import pk_cache
from xinfang.core.prepared_inserts import PreparedInsert, insert_many
from xinfang.procedure.facts import Facts, PersonFacts, RequestFacts
from xinfang.procedure.overseers import open_rung, sealed_rung
from xinfang.procedure.rules import Step
from xinfang.procedure.steps.corrections import PERSONAL, Correct
from xinfang.procedure.steps.intake import EnterRegional, Register, Supplement
from xinfang.procedure.steps.people import RecordDeath
from xinfang.procedure.words import CorrectionOf

_ASSISTING: Any = Petition.assisting_units.through


def petition_row(step: Register, now: datetime) -> Petition:
    """Return the row of a registration, without its number and inquiry code and not saved."""
    return Petition(
        received_on=step.received_on,
        registered_at=now,
        body=step.body,
        told_orally=step.told_orally,
        reception_place=step.reception_place,
        anonymous=step.anonymous,
        external_number=step.external_number,
        sender=step.sender,
        sender_date=step.sender_date,
        group_size=step.group_size,
    )


SEALED_SUBJECT_IN_LISTS = "密封件"
"""What lists show in place of what a sealed case is about: its words are only in its events (N30)."""


_WORDS = tuple(f.name for f in fields(CaseText) if f.name != "subject")
"""The columns that hold words of a case and are empty while it is sealed."""


def _first_of(number: str) -> int | None:
    return Petition.objects.filter(number=number).values_list("pk", flat=True).first() if number else None


def set_columns(petition: Petition, facts: Facts) -> None:
    """Bring the columns of the row in line with the facts; the caller saves it."""
    petition.state = str(facts.state)
    petition.channel = str(facts.channel)
    petition.source = str(facts.source)
    assert facts.received_on is not None
    petition.received_on = facts.received_on
    if facts.destroyed_on is None:
        petition.subject = SEALED_SUBJECT_IN_LISTS if facts.sealed else facts.subject
    petition.group_size = facts.group_size
    petition.sender = "" if facts.sealed else facts.sender
    petition.sender_date = facts.sender_date
    petition.sender_number = "" if facts.sealed else facts.sender_number
    petition.category_id = pk_cache.get_one(Category, facts.category)
    petition.matter_class = str(facts.matter_class or "")
    petition.route = str(facts.route or "")
    petition.purpose = str(facts.purpose or "")
    petition.simple = facts.simple
    petition.sealed = facts.sealed
    petition.repeat_of_id = _first_of(facts.repeat_of)
    petition.handling_unit_id = pk_cache.get_one(Unit, facts.handling_unit)
    petition.handler_id = pk_cache.get_one(Staff, facts.handler)
    petition.responsible_leader_id = pk_cache.get_one(Staff, facts.responsible_leader)
    petition.accepted_on = facts.accepted_on
    petition.replied_on = facts.replied_on
    petition.served_on = facts.served_on
    petition.closed_on = facts.closed_on
    petition.supervised = facts.supervised


class PetitionColumns(Projection):
    """The columns of the case's row, and its assisting units. `perform` saves the row."""

    derived = (
        Derived(
            Petition,
            ("id",),
            (
                "state", "channel", "source", "sender", "sender_number", "sender_date", "external_number",
                "received_on", "registered_at", "subject", "body", "told_orally", "reception_place", "anonymous",
                "group_size", "category_id", "matter_class", "route", "purpose", "simple", "sealed", "repeat_of_id",
                "handling_unit_id", "handler_id", "responsible_leader_id", "accepted_on", "replied_on", "served_on",
                "closed_on", "supervised", "next_due", "next_clock", "next_provisional", "revision", "head",
            ),
            ("number", "inquiry_mark", "inquiry_sealed", "wrapped_key", "head_mac"),
        ),
        Derived(_ASSISTING, ("unit_id",)),
    )  # fmt: skip

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the row of the case, as its events say."""
        begun = case.steps[0]
        said = begun.whole or begun.step
        assert isinstance(said, Register)
        made = petition_row(said, begun.event.recorded_at)
        made.inquiry_mark, made.inquiry_sealed = case.petition.inquiry_mark, case.petition.inquiry_sealed
        made.head_mac = case.petition.head_mac
        made.pk, made.number, made.wrapped_key = case.petition.pk, case.petition.number, case.petition.wrapped_key
        set_columns(made, case.facts)
        for past in case.steps:
            if isinstance(past.step, EnterRegional):
                made.external_number = past.step.external_number
            if _corrects_the_words(past.step) and past.took_effect:
                told = case.told(past) or past.step
                assert isinstance(told, Correct)
                made.body = told.new_body
        if case.facts.sealed:
            for column in _WORDS:
                setattr(made, column, "")
        made.revision, made.head = case.steps[-1].event.seq, case.steps[-1].event.hash
        yield made
        for code in case.facts.assisting_units:
            yield _ASSISTING(petition_id=made.pk, unit_id=pk_cache.get_one(Unit, code))

    def prepare(self, change: Change) -> None:
        """Set the columns of the case; its words too, where it becomes sealed or open."""
        set_columns(change.petition, change.facts)
        if change.facts.sealed != change.before.sealed:
            _keep_words(change.petition, change.facts)
        if isinstance(change.step, EnterRegional) and not change.facts.sealed:
            change.petition.external_number = change.step.external_number
        effect = change.outcome.effect
        if _corrects_the_words(effect) and not change.facts.sealed:
            change.petition.body = _new_value(effect, change, "new_body")

    def write(self, prepared: None, change: Change) -> None:
        """Set the assisting units, where they changed."""
        if change.facts.assisting_units != change.before.assisting_units:
            change.petition.assisting_units.set(Unit.objects.filter(code__in=change.facts.assisting_units))


def _corrects_the_words(step: Step | None) -> TypeGuard[Correct]:
    return isinstance(step, Correct) and step.what is CorrectionOf.BODY


def _keep_words(petition: Petition, facts: Facts) -> None:
    """Take its words out of a case's columns when it is sealed, and put them back if that is taken back."""
    words = None if facts.sealed else text_of_events(petition, facts)
    for column in _WORDS:
        setattr(petition, column, getattr(words, column) if words else "")


class PetitionerRows(Projection):
    """Those named in a registration, their personal fields encrypted under the case's key."""

    derived = (
        Derived(
            Petitioner,
            ("place",),
            ("kind", "role", "name", "full_name", "phone", "address", "id_number", "foreign", "language", "translate"),
            fields=(
                "kind", "role", "name", "name_sealed", "phone_sealed", "address_sealed", "id_number_sealed", "foreign",
                "language", "translate",
            ),
        ),
    )  # fmt: skip

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the people of the case, as registered and corrected since."""
        begun = case.steps[0]
        # Marks in place of what was erased would be encrypted, and give the case a key again.
        told = begun.whole or replace(begun.step, persons=tuple(map(_erased, begun.step.persons)))
        assert isinstance(told, Register)
        people = _petitioner_rows(case.petition, told.persons)
        for past in case.steps:
            step = case.told(past)
            if isinstance(step, Correct) and step.what in PERSONAL and past.took_effect:
                if not people:
                    people.append(Petitioner(petition=case.petition, kind="natural", role="petitioner"))
                setattr(people[min(step.person, len(people)) - 1], PERSONAL[step.what], step.new_value)
            if isinstance(past.step, Correct) and past.step.what is CorrectionOf.ROLE and past.took_effect:
                people[past.step.person - 1].role = past.after.persons[past.step.person - 1].role.value
            if isinstance(past.step, RecordDeath) and past.took_effect:
                _silence(people[past.step.person - 1])
            if isinstance(past.step, Supplement):
                # Marks in place of what was erased are no names.
                added = step.persons if isinstance(step, Supplement) else tuple(map(_erased, past.step.persons))
                people += _petitioner_rows(case.petition, added, after=len(people))
        for person in people:
            person.keep_name(sealed=case.facts.sealed)
        yield from people

    def prepare(self, change: Change) -> PreparedInsert | None:
        """Make the people of a registration; None for other steps."""
        step = change.step
        if change.begins and isinstance(step, Register):
            return PreparedInsert(Petitioner, _petitioner_rows(change.petition, step.persons), "petition")
        return None

    def write(self, prepared: PreparedInsert | None, change: Change) -> None:
        """Insert the people of a registration, correct one, or keep their names as the case is sealed or open."""
        if prepared is not None:
            prepared.insert(petition=change.petition.pk)
            return
        step = change.outcome.effect
        if isinstance(step, Correct) and step.what in PERSONAL:
            told = _new_value(step, change, "new_value")
            _correct_person(change.petition, step.person, PERSONAL[step.what], told)
        if isinstance(step, Correct) and step.what is CorrectionOf.ROLE:
            role = change.facts.persons[step.person - 1].role.value
            change.petition.petitioners.filter(place=step.person).update(role=role)
        if isinstance(step, RecordDeath):
            person = change.petition.petitioners.get(place=step.person)
            _silence(person)
            person.save()
        if isinstance(step, Supplement) and step.persons:
            for person in _petitioner_rows(change.petition, step.persons, after=change.petition.petitioners.count()):
                person.keep_name(sealed=change.petition.sealed)
                person.save()
        if change.facts.sealed != change.before.sealed:
            _keep_names(change.petition)


def _silence(person: Petitioner) -> None:
    """Take away how somebody who died was reached, and their ID number; the history keeps what was said."""
    person.phone = person.address = person.id_number = ""


def _erased(person: PersonFacts) -> PersonFacts:
    return PersonFacts(kind=person.kind, role=person.role, foreign=person.foreign, translate=person.translate)


def _petitioner_rows(petition: Petition, people: Iterable[PersonFacts], after: int = 0) -> list[Petitioner]:
    return [_petitioner(petition, place, p) for place, p in enumerate(people, after + 1)]


def _petitioner(petition: Petition, place: int, p: PersonFacts) -> Petitioner:
    row = Petitioner(
        petition=petition,
        place=place,
        name=p.name,
        kind=p.kind.value,
        role=p.role.value,
        foreign=p.foreign,
        language=p.language,
        translate=p.translate,
    )
    row.phone, row.address, row.id_number = p.phone, p.address, p.id_number
    return row


def _new_value(step: Correct, change: Change, field: str) -> str:
    """Return what a correction says; the facts hold of what waited for a second person only that it was given."""
    if change.outcome.stage != "confirmed":
        return str(getattr(step, field))
    return str(personal_answers_of(change.petition, change.facts.history[-1])[field])


def _correct_person(petition: Petition, person: int, field: str, value: str) -> None:
    first = petition.petitioners.filter(place=person).first()
    if first is None:
        first = Petitioner(petition=petition, kind="natural", role="petitioner")
    setattr(first, field, value)
    first.keep_name(sealed=petition.sealed)
    first.save()


def _keep_names(petition: Petition) -> None:
    """Encrypt names when a case is sealed, and put them back if that is taken back."""
    for person in petition.petitioners.all():
        person.keep_name(sealed=petition.sealed)
        person.save(update_fields=["name", "name_sealed"])


class RequestRows(Projection):
    """The requests of a case with what was found and done about each (N32)."""

    derived = (Derived(Request, ("number",), ("text", "finding", "conclusion", "basis", "changed", "carried_out")),)

    def rows(self, case: CaseHistory) -> Iterable[Model]:
        """Return the requests of the case."""
        return _request_rows(case.petition, case.facts.requests, sealed=case.facts.sealed)

    def prepare(self, change: Change) -> PreparedInsert | None:
        """Make the requests of a registration; None for other steps."""
        if not change.begins:
            return None
        return PreparedInsert(Request, _request_rows(change.petition, change.facts.requests, sealed=False), "petition")

    def write(self, prepared: PreparedInsert | None, change: Change) -> None:
        """Insert new requests, and update those that changed."""
        petition, before, facts = change.petition, change.before, change.facts
        if prepared is not None:
            prepared.insert(petition=petition.pk)
        elif facts.requests != before.requests or facts.sealed != before.sealed:
            had = {r.number: _values(r, sealed=before.sealed) for r in before.requests}
            for r in facts.requests:
                values = _values(r, sealed=facts.sealed)
                if r.number in had and had[r.number] != values:
                    Request.objects.filter(petition=petition, number=r.number).update(**values)
            gone = had.keys() - {r.number for r in facts.requests}
            if gone:
                Request.objects.filter(petition=petition, number__in=gone).delete()
            new = [r for r in facts.requests if r.number not in had]
            insert_many(Request, _request_rows(petition, new, sealed=facts.sealed))


def _values(r: RequestFacts, *, sealed: bool) -> dict[str, str]:
    words = {
        "text": r.text,
        "finding": r.finding,
        "basis": r.basis,
        "changed": r.changed,
        "carried_out": r.carried_out,
    }
    # A sealed case keeps its words only in its events.
    return {**(dict.fromkeys(words, "") if sealed else words), "conclusion": str(r.conclusion or "")}


def _request_rows(petition: Petition, requests: Iterable[RequestFacts], *, sealed: bool) -> list[Request]:
    return [Request(petition=petition, number=r.number, **_values(r, sealed=sealed)) for r in requests]


class Visibility(Projection):
    """Who is kept from the case or let to it.

    A registration may bring some: a person who is complained of sees nothing from the first moment.
    """

    derived = (Derived(CaseVisibility, ("staff_id", "unit_id", "why")),)

    def rows(self, case: CaseHistory) -> Iterable[Model]:
        """Return who is kept from the case or let to it now."""
        return _sight_rows(case.petition, _sees(case.facts))

    def write(self, prepared: None, change: Change) -> None:
        """Replace these rows, where they changed."""
        wanted = _sees(change.facts)
        if wanted == _sees(change.before):
            return
        if not change.begins:
            CaseVisibility.objects.filter(petition=change.petition).delete()
        insert_many(CaseVisibility, _sight_rows(change.petition, wanted))


def _sight_rows(petition: Petition, wanted: set[tuple[str, str, str]]) -> list[CaseVisibility]:
    staff = pk_cache.get(Staff, {s for s, _, _ in wanted})
    units = pk_cache.get(Unit, {u for _, u, _ in wanted})
    return [
        CaseVisibility(petition=petition, staff_id=staff.get(s), unit_id=units.get(u), why=why)
        for s, u, why in sorted(wanted)
    ]


def _sees(facts: Facts) -> set[tuple[str, str, str]]:
    """Return (staff, unit, why) of everybody whose view of this case is particular."""
    why = CaseVisibility.Why
    return (
        {(str(s), "", why.INSTRUCTS.value) for s in facts.leaders}
        | {(str(s), "", why.ADVISES.value) for s in facts.advisers}
        | {(str(s), "", why.RECUSED.value) for s in facts.recused}
        | {(str(s), "", why.COMPLAINED_OF.value) for s in facts.complained_staff}
        | {("", str(u), why.COMPLAINED_OF.value) for u in facts.complained_units}
        | {("", str(u), why.ACTS.value) for u in (facts.acting_office,) if u}
        | {(str(s), "", why.OFFICER.value) for s in facts.named_officers}
        | {("", "", f"open_{r.value}") for r in (open_rung(facts),) if r}
        | {("", "", f"sealed_{r.value}") for r in (sealed_rung(facts),) if r}
    )


class RequiredPaperRows(Projection):
    """The papers that the step requires."""

    derived = (Derived(RequiredPaper, ("event_id", "kind")),)

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the papers that the steps called for."""
        for past in case.steps:
            for kind in past.after.history[-1].owes:
                yield RequiredPaper(petition=case.petition, event=past.event, kind=kind.value)

    def prepare(self, change: Change) -> PreparedInsert:
        """Make the rows of the papers that this step calls for."""
        rows = [RequiredPaper(petition=change.petition, kind=p.value) for p in change.outcome.papers]
        return PreparedInsert(RequiredPaper, rows, "petition", "event")

    def write(self, prepared: PreparedInsert, change: Change) -> None:
        """Insert them with their event."""
        prepared.insert(petition=change.petition.pk, event=change.event.pk)
