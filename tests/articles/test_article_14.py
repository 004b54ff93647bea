"""规程第十四条：办理完毕后，所有资料及时交机要室归档。"""

from datetime import date, timedelta
from typing import Any

import pytest

from xinfang.procedure import archive
from xinfang.procedure.words import PaperKind, Retention, State

from .house import (
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    archived,
    classified,
    closed,
    complete,
    replied,
    suggested,
)


def test_the_archive_room_takes_a_complete_file() -> None:
    case = complete()
    assert case.clock("archive").due.due == RECEIVED + timedelta(days=30)
    case.take("submit_archive", by=HANDLER)
    case.take("accept_archive", by=ARCHIVIST)
    assert case.facts.state is State.ARCHIVED
    assert case.clock("archive").stopped_on == RECEIVED


def test_an_incomplete_file_is_not_handed_over() -> None:
    refused = closed().refused("submit_archive", by=HANDLER)
    assert "卷内缺送达回证" in refused
    assert "规程第十四条" in refused
    assert "承诺书没有则不必" in refused


def test_a_withdrawn_receipt_is_none() -> None:
    case = complete()
    case.take("withdraw_attachment", by=HANDLER)
    assert "卷内缺送达回证" in case.refused("submit_archive", by=HANDLER)


def test_each_service_needs_a_receipt_of_its_own() -> None:
    case = closed()
    case.take("make_paper", by=HANDLER)
    assert "卷内有文书还在制作" in case.refused("submit_archive", by=HANDLER)
    case.take("submit_paper", by=HANDLER)
    case.take("sign_paper", by=OFFICE_HEAD)
    case.take("attach", by=CLERK, what="paper")
    case.take("issue_paper", by=CLERK)
    case.take("serve_paper", by=CLERK)
    case.take("attach", by=HANDLER, what="receipt", digest="01" * 32)
    assert [m.what for m in archive.missing(case.facts)] == ["送达回证（还差 1 份）"]
    case.take("attach", by=HANDLER, what="receipt", digest="02" * 32)
    assert archive.missing(case.facts) == ()
    case.take("submit_archive", by=HANDLER)


@pytest.mark.parametrize(
    ("steps", "set_of_its_own"),
    [
        (
            [("forward", CLERK)],
            ["registration_sheet", "forwarding_letter", "forwarding_notice"],
        ),
        ([("withdraw", PETITIONER)], ["registration_sheet"]),
        ([("refer", CLERK), ("sign_for", HEAD), ("answer", HANDLER)], ["registration_sheet", "suggestion_reply"]),
    ],
)
def test_every_other_end_has_a_set_of_its_own(steps: list[Any], set_of_its_own: list[str]) -> None:
    case = suggested() if steps[-1][0] == "answer" else classified()
    for code, by in steps:
        case.take(code, by=by)
    assert [e.kind.value for e in archive.contents(case.facts)] == set_of_its_own
    assert archive.missing(case.facts) == ()
    assert archive.proposed_retention(case.facts)[0] is (
        Retention.YEARS_30 if steps[-1][0] == "answer" else Retention.YEARS_10
    )


def test_the_pledge_is_in_the_file_only_where_there_is_one() -> None:
    case = complete()
    kinds = [e.kind for e in archive.contents(case.facts)]
    assert PaperKind.SETTLEMENT_PLEDGE not in kinds and kinds[0] is PaperKind.REGISTRATION_SHEET
    assert [e.kind for e in archive.contents(case.facts) if e.apart] == [PaperKind.LEGAL_ADVICE]


def test_how_long_it_is_kept_is_proposed_by_the_rules_and_decided_by_the_archive_room() -> None:
    case = complete()
    assert archive.proposed_retention(case.facts) == (Retention.YEARS_30, "有处理结果")
    case.take("submit_archive", by=HANDLER)
    case.take("accept_archive", by=ARCHIVIST)
    assert case.facts.retention is Retention.YEARS_30
    assert archive.retained_until(case.facts.retention, RECEIVED) == date(RECEIVED.year + 30, 12, 31)
    case.take("change_retention", by=ARCHIVIST, retention="permanent")
    assert archive.retained_until(Retention.PERMANENT, RECEIVED) is None


def test_nothing_is_destroyed_before_its_time_nor_by_one_person() -> None:
    case = archived()
    last = date(RECEIVED.year + 10, 12, 31)
    assert "保管期限尚未届满" in case.refused("destroy", by=ARCHIVIST, on=last)
    case.take("destroy", by=ARCHIVIST, on=last + timedelta(days=1))
    assert case.refused_to_confirm("destroy", by=ARCHIVIST)
    case.confirm("destroy", by=OFFICE_HEAD, agree=False, opinion="请再鉴定")
    assert case.facts.destroyed_on is None
    case.take("destroy", by=ARCHIVIST)
    case.confirm("destroy", by=OFFICE_HEAD)
    assert case.facts.destroyed_on == last + timedelta(days=1)
    assert case.refused("change_retention", by=ARCHIVIST, retention="permanent").codes == {"destroyed"}


def test_the_archive_room_may_give_it_back_saying_what_is_missing() -> None:
    case = complete()
    case.take("submit_archive", by=HANDLER)
    case.take("return_archive", by=ARCHIVIST)
    assert "尚未移交机要室（规程第十四条）" in case.refused("accept_archive", by=ARCHIVIST)


def test_nothing_is_closed_before_it_was_served() -> None:
    assert "只能在“已送达”时办理" in replied().refused("close", by=HEAD)
