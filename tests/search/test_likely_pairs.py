"""The night's list is the same on SQLite and on PostgreSQL."""

from django.utils import timezone

from tests.search.letters import write_in
from tests.search.test_similar import MATTER, OTHERS, RETOLD
from xinfang.accounts.models import Staff
from xinfang.matters.actions.night import ComparedReport, compare_new_cases
from xinfang.matters.models import PairJudgement
from xinfang.matters.queries.likely import waiting_pairs
from xinfang.matters.queries.ties import as_pair, matter_of, ties_that_count
from xinfang.procedure.facts import SYSTEM


def found() -> list[set[str]]:
    pairs = waiting_pairs(SYSTEM, every=True, cursor="", direction="after").pairs
    return [{p.later.number, p.earlier.number} for p in pairs]


def test_pairs_are_found_once_and_answered_once(database):
    for text in OTHERS:
        write_in("来信", text)
    one, other = write_in("奖补资金未拨付", MATTER), write_in("奖补资金", RETOLD)
    assert compare_new_cases() == ComparedReport(5, 1)
    assert found() == [{one.number, other.number}]
    assert compare_new_cases() == ComparedReport()
    clerk = Staff.objects.create(username="clerk", name="乌兰")
    first, second = as_pair(one.pk, other.pk)
    for turn, verdict in enumerate(("apart", "same"), 1):
        PairJudgement.objects.create(
            one_id=first, other_id=second, turn=turn, verdict=verdict, by=clerk, at=timezone.now()
        )
    assert found() == []
    assert matter_of(one).tied == {other.pk} and ties_that_count().count() == 1
