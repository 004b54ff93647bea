"""Days of reception in the figures: how many, how many visits and people, how many of their matters are settled."""

from datetime import date

import pytest

from tests.reception.receiving import answered, at, booked, carried, ended, missed, published, received, staff
from tests.world import make_department, register, walk, who
from xinfang.cases.models import Petition
from xinfang.figures.periods import parse_period
from xinfang.figures.sentences import sentences
from xinfang.figures.suppression import published_report
from xinfang.figures.tables import figure_report
from xinfang.reception.actions import link_case

BEFORE, ON, LATER, TODAY = date(2026, 3, 2), date(2026, 3, 5), date(2026, 4, 9), date(2026, 4, 20)
ROWS = ("days", "days-down", "visits", "visitors", "visits-down", "visitors-down", "settled")


def counted(period: str) -> dict[str, int]:
    table = figure_report(parse_period(period), TODAY, "8").table("8")
    return {row: int(table.figure(row).now.number or 0) for row in ROWS}


@pytest.fixture
def spring(db) -> None:
    make_department()
    day, down = published(ON, places=5, now=at(BEFORE)), published(ON, kind="visit_down", place="旗里", now=at(BEFORE))
    published(ON, leader="leader2", now=at(BEFORE))  # nobody came to it
    first, second, third, fourth = (booked(day, name, now=at(BEFORE, 9)) for name in ("甲某", "乙某", "丙某", "丁某"))
    received(first, people=3, now=at(ON, 10))
    received(second, people=1, now=at(ON, 10))
    answered(missed(third, now=at(ON, 12)), "clerk2", now=at(ON, 13))
    said = missed(fourth, now=at(ON, 12))
    answered(said, "clerk2", now=at(ON, 13))
    answered(received(fourth, people=2, now=at(ON, 14)), "leader", now=at(ON, 15))
    received(booked(down, "戊某", now=at(BEFORE, 9)), people=9, now=at(ON, 10))
    carried(third, published(LATER, now=at(ON, 16)), now=at(ON, 17))
    received(third, now=at(LATER, 10))
    for booking, ends in ((first, "served"), (second, "accepted")):
        number = register(ON)
        walk(number, ends, ON)
        link_case(booking.pk, number, by=who("clerk"), staff=staff("clerk"), now=at(LATER))


def test_each_visit_is_counted_once_on_the_day_on_which_it_was(spring) -> None:
    march, april = counted("2026-03"), counted("2026-04")
    assert march == dict(zip(ROWS, (1, 1, 3, 6, 1, 9, 1), strict=True))
    assert april == dict(zip(ROWS, (1, 0, 1, 1, 0, 0, 0), strict=True))


def test_the_sentence_says_what_the_table_says(spring) -> None:
    report = figure_report(parse_period("2026-03"), TODAY)
    assert sentences(report, "领导接访") == (
        "领导接访1天、接待群众3批、6人次。领导下访1天、接待群众1批、9人次。其中1批已出具意见书或者办结。"
    )
    assert sentences(figure_report(parse_period("2026-01"), TODAY), "领导接访") == ""


def test_small_numbers_are_covered_for_everybody(spring) -> None:
    report = published_report(parse_period("2026-03"), TODAY)
    table = report.table("8")
    assert [table.figure(row).now.text for row in ("visits", "visits-down", "settled")] == ["*", "*", "*"]
    assert sentences(report, "领导接访") == "领导接访的数量较少，不单列。领导下访的数量较少，不单列。"


def test_a_visit_of_a_sealed_case_is_in_no_published_number(spring) -> None:
    Petition.objects.update(sealed=True)
    assert counted("2026-03")["visits"] == 3
    published_ = figure_report(parse_period("2026-03"), TODAY, "8", inside=False).table("8")
    assert published_.figure("visits").now.number == 1


def test_a_day_that_was_not_held_is_none(db) -> None:
    make_department()
    day = published(ON, now=at(BEFORE))
    booked(day, now=at(BEFORE, 9))
    answered(ended(day, "cancelled", now=at(BEFORE, 10)), "office_head", now=at(BEFORE, 11))
    assert counted("2026-03") == dict.fromkeys(ROWS, 0)
