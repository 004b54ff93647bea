"""档号: the department's codes around year, period and 件号; what isn't set is left out, what was given stays."""

from datetime import date

import pytest

from tests.archive.test_disposal import LONG_AGO, archived, department
from tests.world import file_papers, file_receipt, register, take, walk
from xinfang.archive.models import ArchiveVolume
from xinfang.archive.series import VOLUMES
from xinfang.archive.volume_number import ArchiveCodes, VolumeNumber, parts_of
from xinfang.core.numbering import check_series
from xinfang.department.actions import set_setting
from xinfang.procedure.step_codes import StepCode

pytestmark = pytest.mark.django_db
CODES = {"fonds_number": "A012", "archive_category": "WS", "archive_unit_code": "BGS"}


def volume_of(number: str) -> str:
    return ArchiveVolume.objects.get(petition__number=number).volume


def set_codes(since: date = LONG_AGO, **codes: str) -> None:
    for name, value in (codes or CODES).items():
        set_setting(name, value, since=since, by=None)


def test_all_parts_in_the_order_of_the_standard_without_gaps() -> None:
    department()
    set_codes()
    assert volume_of(archived("years_30")) == "A012-WS·2012-D30-BGS-0001"
    assert volume_of(archived("permanent")) == "A012-WS·2012-Y-BGS-0001"


def test_a_part_that_is_not_set_is_left_out_and_the_running_number_goes_on() -> None:
    department()
    found = [volume_of(archived())]
    for name, value in CODES.items():
        set_codes(**{name: value})
        found.append(volume_of(archived()))
    assert found == [
        "2012-D10-0001",
        "A012-2012-D10-0002",
        "A012-WS·2012-D10-0003",
        "A012-WS·2012-D10-BGS-0004",
    ]
    assert not any(s.missing for s in check_series())


def test_the_year_is_that_in_which_the_case_ended() -> None:
    department()
    number = register(date(2012, 11, 1))
    walk(number, "closed", date(2012, 12, 31), 0)
    walk_on = date(2013, 1, 15)
    file_papers(number, "handler", walk_on)
    file_receipt(number, "handler", walk_on)
    take(number, StepCode.SUBMIT_ARCHIVE, "handler", walk_on, complete=True, pages=1)
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist", walk_on)
    row = ArchiveVolume.objects.get()
    assert (row.volume, row.archived_on) == ("2012-D30-0001", walk_on)


def test_a_number_that_was_typed_is_left_out_of_the_series() -> None:
    department()
    number = register(LONG_AGO)
    walk(number, "submitted", LONG_AGO, 0)
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist", LONG_AGO, retention="years_10", volume="A012-2012-D10-0001")
    assert volume_of(archived()) == "2012-D10-0002"
    assert VOLUMES and not any(s.missing for s in check_series())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A012-WS·2026-D30-BGS-0007", VolumeNumber(2026, "D30", 7, ArchiveCodes("A012", "WS", "BGS"))),
        ("A012-ZY·XF·2026-Y-12345", VolumeNumber(2026, "Y", 12345, ArchiveCodes("A012", "ZY·XF", ""))),
        ("2026-D10-0001", VolumeNumber(2026, "D10", 1)),
        ("1998-2026-D10-0001", VolumeNumber(2026, "D10", 1, ArchiveCodes("1998"))),
    ],
)
def test_parts_are_read_back(text: str, parts: VolumeNumber) -> None:
    assert parts_of(text) == parts and str(parts) == text


@pytest.mark.parametrize("text", ["", "旧字第7号", "XF · 2026-D30-0004", "2026-D30-0004-MF", "2026-D5-0001"])
def test_another_form_has_no_parts(text: str) -> None:
    assert parts_of(text) is None
