"""What must hold however a case came to be as it is: columns are facts, chains verify, nothing is half there."""

from django.db import connection

from tests.tables import T
from xinfang.accounts.queries.actors import directory
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.procedure.words import Role
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.proof.verify import verify

_COUNTED = (
    T.cases_petition,
    T.cases_event,
    T.cases_petitioner,
    T.cases_request,
    T.cases_requiredpaper,
    T.cases_task,
    T.cases_deadline,
    T.cases_casevisibility,
    T.attachments_attachment,
    T.notifications_notification,
    T.accounts_duty,
    T.accounts_absence,
    T.accounts_staff,
    T.accounts_unit,
    T.accounts_pendingchange,
    T.categories_category,
    T.calendars_calendaryear,
    T.department_effectivesetting,
    T.incidents_incident,
    T.incidents_incidentfile,
)
_LINES = f"(SELECT COALESCE(SUM(revision), 0) FROM {T.incidents_incident})"
_PRINT = "SELECT " + ", ".join(
    [*(f"(SELECT COUNT(*) FROM {t})" for t in _COUNTED), f"(SELECT SUM(revision) FROM {T.cases_petition})", _LINES]
)


def print_of_all() -> tuple[int, ...]:
    """How much there is of everything: a refused input leaves it as it was."""
    with connection.cursor() as cursor:
        cursor.execute(_PRINT)
        return tuple(cursor.fetchone())


def wrong_with(number: str) -> list[str]:
    """Where the rows of a case differ from what its events say."""
    found = differences([number])
    return [f"{number} {d.table}: {d.what}" for d in found if isinstance(d, RowDifference)] + _unlawful(number)


def _unlawful(number: str) -> list[str]:
    """A case with a unit or a person that may not have it, however the form was doctored."""
    facts, known = facts_of(Petition.objects.get(number=number)), directory(today())
    wrong = []
    for unit in facts.units:
        if not known.units[unit].can_handle:
            wrong.append(f"{number}: {unit} handles it and can't")
        if unit in facts.complained_units:
            wrong.append(f"{number}: {unit} handles a complaint about itself")
    if facts.handler:
        who = known.staff[facts.handler]
        if facts.handling_unit not in who.units or not who.roles & {Role.HANDLER, Role.UNIT_HEAD}:
            wrong.append(f"{number}: {facts.handler} is no handler of {facts.handling_unit}")
        if facts.handler in facts.recused | facts.complained_staff:
            wrong.append(f"{number}: {facts.handler} is recused or complained of, and handles it")
    leader = facts.responsible_leader
    if leader and not known.staff[leader].roles & {Role.LEADER, Role.PRINCIPAL_LEADER}:
        wrong.append(f"{number}: {leader} leads it and is no leader")
    for adviser in facts.advisers:
        if Role.LEGAL_ADVISER not in known.staff[adviser].roles:
            wrong.append(f"{number}: {adviser} advises and is no adviser")
    return wrong


def wrong_with_everything() -> list[str]:
    """Every case, and the chains and seals over all."""
    wrong = [w for number in Petition.objects.values_list("number", flat=True) for w in wrong_with(number)]
    return wrong + [f"{b.chain} {b.place}: {b.what}" for b in verify().broken]
