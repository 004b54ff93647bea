"""What each step writes: the case's columns are made from the facts after it, so that no step has columns of its own."""

from collections.abc import Iterable
from datetime import datetime

from xinfang.accounts.models import Staff, Unit
from xinfang.archive.actions.retention import keep_row
from xinfang.attachments.actions.file_rows import withdraw
from xinfang.attachments.models.reading import searchable
from xinfang.cases.models import Petition, Petitioner, Request, Seeing
from xinfang.categories.models import Category
from xinfang.core.known import pk, pks
from xinfang.core.rows import insert
from xinfang.papers.actions.paper_rows import keep_stages
from xinfang.procedure.facts import Facts, RequestFacts
from xinfang.procedure.rules import Outcome, SecondPerson, Step
from xinfang.procedure.steps.files import WithdrawAttachment
from xinfang.procedure.steps.intake import PERSONAL, Correct, Register
from xinfang.search import index as search_index


def new_petition(step: Register, number: str, inquiry_code: str, now: datetime) -> Petition:
    """A petition that isn't saved yet; its number was taken in this transaction."""
    return Petition(
        number=number,
        inquiry_code=inquiry_code,
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


def petitioner_rows(petition: Petition, step: Register) -> list[Petitioner]:
    """The rows of everybody named in a registration, their personal fields encrypted under the petition's key."""
    return [
        Petitioner(
            petition=petition,
            place=place,
            name=p.name,
            kind=p.kind.value,
            role=p.role.value,
            phone=p.phone,
            address=p.address,
            id_number=p.id_number,
            foreign=p.foreign,
            language=p.language,
            translate=p.translate,
        )
        for place, p in enumerate(step.persons, 1)
    ]


def named(step: Register) -> list[search_index.Named]:
    """Those of a registration who can be found by name, telephone or ID number."""
    return [search_index.Named(p.name, p.phone, p.id_number) for p in step.persons]


def _first_of(number: str) -> int | None:
    return Petition.objects.filter(number=number).values_list("pk", flat=True).first() if number else None


def _columns(petition: Petition, facts: Facts) -> None:
    petition.state = str(facts.state)
    petition.channel = str(facts.channel)
    petition.source = str(facts.source)
    assert facts.received_on is not None
    petition.received_on = facts.received_on
    if facts.destroyed_on is None:
        petition.subject = facts.subject
    petition.sender_number = facts.sender_number
    petition.category_id = pk(Category, facts.category)
    petition.matter_class = str(facts.matter_class or "")
    petition.route = str(facts.route or "")
    petition.purpose = str(facts.purpose or "")
    petition.simple = facts.simple
    petition.sealed = facts.sealed
    petition.repeat_of_id = _first_of(facts.repeat_of)
    petition.handling_unit_id = pk(Unit, facts.handling_unit)
    petition.handler_id = pk(Staff, facts.handler)
    petition.responsible_leader_id = pk(Staff, facts.responsible_leader)
    petition.accepted_on = facts.accepted_on
    petition.replied_on = facts.replied_on
    petition.served_on = facts.served_on
    petition.closed_on = facts.closed_on
    petition.supervised = facts.supervised


def columns(petition: Petition, outcome: Outcome, facts: Facts, revision: int) -> None:
    """Bring the petition's own row in line with the facts; the caller saves it, once."""
    petition.revision = revision
    _columns(petition, facts)
    if step_of(outcome) == "enter_regional":
        petition.external_number = outcome.step.external_number


def sides(petition: Petition, outcome: Outcome, facts: Facts) -> None:
    """Bring the rows beside the petition in line with the facts; what did not change is not written."""
    before, step = outcome.before, outcome.step
    if facts.assisting_units != before.assisting_units:
        petition.assisting_units.set(Unit.objects.filter(code__in=facts.assisting_units))
    if facts.requests != before.requests:
        _requests(petition, before, facts)
    if _sees(facts) != _sees(before):
        _seeing(petition, facts)
    if isinstance(step, Correct) and step.what in PERSONAL:
        _correct_person(petition, PERSONAL[step.what], step.new_value)
    if facts.sealed != before.sealed:
        _keep_names(petition)
    if isinstance(step, WithdrawAttachment):
        withdraw(petition, step)
    if facts.papers != before.papers:
        keep_stages(petition, before, facts)
    if _in_the_archive(facts) != _in_the_archive(before):
        keep_row(petition, before, facts)


def _in_the_archive(facts: Facts) -> tuple[object, ...]:
    return (facts.archived_on, facts.volume, facts.retention, facts.destroyed_on)


def new_sides(petition: Petition, facts: Facts) -> None:
    """What of `sides` a registration may already bring: who is complained of sees nothing of the case from the first moment."""
    if _sees(facts):
        _seeing(petition, facts)


def step_of(outcome: Outcome) -> str:
    """The code of a step that took effect, or nothing while it waits for a second person."""
    return outcome.code if outcome.stage in ("done", "confirmed") and not isinstance(outcome.step, SecondPerson) else ""


def _values(r: RequestFacts) -> dict[str, str]:
    return {
        "text": r.text,
        "finding": r.finding,
        "conclusion": str(r.conclusion or ""),
        "basis": r.basis,
        "carried_out": r.carried_out,
    }


def request_rows(petition: Petition, requests: Iterable[RequestFacts]) -> list[Request]:
    """Rows for these requests."""
    return [Request(petition=petition, number=r.number, **_values(r)) for r in requests]


def _requests(petition: Petition, before: Facts, facts: Facts) -> None:
    had = {r.number: r for r in before.requests}
    for r in facts.requests:
        if r.number in had and had[r.number] != r:
            Request.objects.filter(petition=petition, number=r.number).update(**_values(r))
    insert(Request, request_rows(petition, [r for r in facts.requests if r.number not in had]))


def _sees(facts: Facts) -> set[tuple[str, str, str]]:
    """(staff, unit, why) of everybody whose sight of this case is particular."""
    why = Seeing.Why
    leaders = {facts.responsible_leader, facts.proposed_leader, *facts.instructed_by} - {""}
    return (
        {(str(s), "", why.INSTRUCTS.value) for s in leaders}
        | {(str(s), "", why.ADVISES.value) for s in facts.advisers}
        | {(str(s), "", why.RECUSED.value) for s in facts.recused}
        | {(str(s), "", why.COMPLAINED_OF.value) for s in facts.complained_staff}
        | {("", str(u), why.COMPLAINED_OF.value) for u in facts.complained_units}
    )


def _seeing(petition: Petition, facts: Facts) -> None:
    wanted = _sees(facts)
    staff = pks(Staff, {s for s, _, _ in wanted})
    units = pks(Unit, {u for _, u, _ in wanted})
    Seeing.objects.filter(petition=petition).delete()
    insert(
        Seeing,
        [
            Seeing(petition=petition, staff_id=staff.get(s), unit_id=units.get(u), why=why)
            for s, u, why in sorted(wanted)
        ],
    )


def _correct_person(petition: Petition, field: str, value: str) -> None:
    first = petition.petitioners.first()
    if first is None:
        first = Petitioner(petition=petition, kind="natural", role="petitioner")
    setattr(first, field, value)
    first.keep_name(sealed=petition.sealed)
    first.save()


def _keep_names(petition: Petition) -> None:
    """Names are encrypted when a case is sealed, and come back if that is taken back."""
    for person in petition.petitioners.all():
        person.keep_name(sealed=petition.sealed)
        person.save(update_fields=["name", "name_sealed"])


_INDEXED_BY = ("classify", "correct", "supplement", "enter_regional")


def index(petition: Petition, step: Step, facts: Facts) -> None:
    """Bring the search index up to date, in the same transaction."""
    if isinstance(step, SecondPerson) or step.rule.code not in _INDEXED_BY:
        return
    people = [search_index.Named(p.full_name, p.phone, p.id_number) for p in petition.petitioners.all()]
    scans = searchable(petition) if facts.files and not petition.sealed else []
    search_index.put(petition, requests=[r.text for r in facts.requests], people=people, scans=scans)
