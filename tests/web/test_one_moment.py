"""A page reads one moment: what others do while it is being read neither breaks it nor gets mixed into it."""

import os
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from tests import world
from tests.urls import url
from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.papers.actions import paper_texts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 12
ISSUES = int(os.environ.get("ISSUES", "12"))
"""Papers issued while two people refresh the page; ISSUES=300 for a long run."""


def in_another_thread(do: Callable[[], Any]) -> None:
    """As somebody else's request would do it: on a connection of its own."""
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as e:
            wrong.append(e)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if wrong:
        raise wrong[0]


@contextmanager
def somebody_writes_before_query(nth: int, write: Callable[[], Any]):
    """While the block runs, somebody else writes just before its nth question to the database."""
    asked, written = 0, False

    def ask(execute, sql, params, many, context):
        nonlocal asked, written
        asked += 1
        # In the middle of its own writing nobody else gets in.
        if asked >= nth and not written and not connection.in_atomic_block and not sql.startswith("BEGIN"):
            written = True
            in_another_thread(write)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ask):
        yield lambda: asked


@pytest.fixture
def case() -> str:
    world.make_department()
    number = world.register(date(2026, 11, 2))
    world.walk(number, "signed", date(2026, 11, 2), 0)
    return number


def issue_a_paper(number: str, words: str) -> None:
    """A record of an inquiry needs no signature: it is made, and frozen into two attachments."""
    handler = Staff.objects.get(username="handler")
    paper = paper_texts.make_paper(number, PaperKind.INQUIRY_RECORD, by=world.who("handler"))
    text = f"{paper_texts.current_text(paper).text}\n\n{words}"
    paper_texts.save_paper_text(
        number, paper.place, text, by=world.who("handler"), staff=handler, revision=paper.revision
    )
    paper_texts.issue_paper(number, paper.place, by=world.who("handler"))
    world.take(number, StepCode.WITHDRAW_PAPER, "clerk", paper=paper.place, reason="重新制作")


PAGES = (
    ("petition",), ("step", StepCode.CLASSIFY), ("step", StepCode.TALK), ("receipt",), ("paper", 1),
    ("paper-versions", 1), ("file-see", 1), ("archive-file",),
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_breaks_when_somebody_writes_between_two_of_its_questions(case: str, page: tuple[Any, ...]) -> None:
    clerk = Client(raise_request_exception=True)
    clerk.force_login(Staff.objects.get(username="office_head" if page == ("archive-file",) else "clerk"))
    paper_texts.make_paper(case, PaperKind.INQUIRY_RECORD, by=world.who("handler"))
    attach_checked(case, world.scan(200), "一.png", "png", what=Material.EVIDENCE, by=world.who("clerk"))
    nth, shade = 1, 0
    while True:
        shade += 1

        def attach(shade: int = shade) -> None:
            attach_checked(
                case,
                world.scan(1) + bytes([shade]),
                f"{shade}.png",
                "png",
                what=Material.EVIDENCE,
                by=world.who("clerk"),
            )

        with somebody_writes_before_query(nth, attach) as asked:
            answer = clerk.get(url(page[0], case, *page[1:]))
        assert answer.status_code == 200
        if asked() < nth:
            break
        nth += 1
    assert nth > 5, "the page asks the database several questions, and each was tried"


def test_a_look_is_written_down_although_the_page_only_reads(case: str) -> None:
    clerk = Client()
    clerk.force_login(Staff.objects.get(username="clerk"))
    clerk.get(url("petition", case))
    assert AccessLogEntry.objects.filter(petition__number=case, by__username="clerk").count() == 1


def test_two_people_refresh_while_papers_are_issued(case: str) -> None:
    """Case after case, as a page of many attachments is slow and proves nothing more."""
    for _ in range(-(-ISSUES // EACH)):
        refreshed_while_issued(case)
        case = world.register(date(2026, 11, 2))
        world.walk(case, "signed", date(2026, 11, 2), 0)


def refreshed_while_issued(case: str) -> None:
    over = threading.Event()
    statuses: list[int] = []

    def refresh(username: str) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(Staff.objects.get(username=username))
        while not over.is_set():
            statuses.append(client.get(url("petition", case)).status_code)
            close_old_connections()
        connection.close()

    readers = [threading.Thread(target=refresh, args=(u,)) for u in ("clerk", "head")]
    for reader in readers:
        reader.start()
    try:
        for n in range(EACH):
            issue_a_paper(case, f"第{n}次询问。")
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert set(statuses) == {200}, {s: statuses.count(s) for s in set(statuses)}
    assert Petition.objects.get(number=case).attachments.count() == 3 * EACH
