"""规程第十四条：办理完毕后，所有资料及时交机要室归档。"""

from datetime import timedelta

from xinfang.procedure.words import State

from .house import ARCHIVIST, HANDLER, HEAD, RECEIVED, closed, replied


def test_the_archive_room_takes_a_complete_file() -> None:
    case = closed()
    assert case.clock("archive").due.due == RECEIVED + timedelta(days=30)
    case.take("submit_archive", by=HANDLER)
    case.take("accept_archive", by=ARCHIVIST)
    assert case.facts.state is State.ARCHIVED
    assert case.clock("archive").stopped_on == RECEIVED


def test_an_incomplete_file_is_not_handed_over() -> None:
    refused = closed().refused("submit_archive", by=HANDLER, complete=False)
    assert "卷内材料不齐" in refused
    assert "规程第十四条" in refused
    assert "承诺书没有则不必" in refused


def test_the_archive_room_may_give_it_back_saying_what_is_missing() -> None:
    case = closed()
    case.take("submit_archive", by=HANDLER)
    case.take("return_archive", by=ARCHIVIST)
    assert "尚未移交机要室（规程第十四条）" in case.refused("accept_archive", by=ARCHIVIST)


def test_nothing_is_closed_before_it_was_served() -> None:
    assert "只能在“已送达”时办理" in replied().refused("close", by=HEAD)
