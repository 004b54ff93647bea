"""条例第三十条：不得将检举、揭发材料透露或者转给被检举、揭发的人员或者单位。"""

import pytest

from tests.articles.department import BOTH, OTHER_SEALED, SEALED, STAFF
from tests.articles.stories import reported
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import may_see


@pytest.mark.parametrize("somebody", [a for a in STAFF if a not in (SEALED, OTHER_SEALED, BOTH)], ids=lambda a: a.code)
def test_from_classification_on_only_its_officer_sees_it(somebody: Actor) -> None:
    assert not may_see(somebody, reported().facts)
    assert may_see(SEALED, reported().facts)


def test_not_even_the_officer_when_the_report_is_about_them() -> None:
    assert not may_see(SEALED, reported(complained_staff=["sealed"]).facts)


def test_a_report_is_not_turned_away_forwarded_or_filed() -> None:
    for code in (StepCode.REDIRECT, StepCode.FORWARD, StepCode.ROUTE, StepCode.FILE_WITHOUT_ACTION):
        assert "此件是检举控告，只能由专管员移送（条例第二十二条、条例第三十条）" in reported().refused(code, by=BOTH)


def test_it_is_not_to_be_entered_in_the_regional_system() -> None:
    """It is open there to others; no limit is missed by not doing what must not be done."""
    assert not reported().runs("regional_entry")
    case = reported()
    case.take(StepCode.CLASSIFY, by=SEALED)
    assert case.runs("regional_entry"), "wrongly sealed: it is owed as before"


def test_the_fifteen_days_of_notice_are_not_ours_to_run() -> None:
    assert not reported().runs("notice")
