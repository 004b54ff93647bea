"""Beside Excel in the first month: the same ledger shows what is only there, only here, and what differs."""

from datetime import date, timedelta

import pytest

from tests.ledgers.test_pages import send
from tests.ledgers.ugly import HEADER, book, row
from tests.world import register
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.ledgers.models import LedgerImport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_what_is_only_there_only_here_and_other_dates_and_nothing_is_written(client) -> None:
    day = today() - timedelta(days=9)
    same = register(day, subject="甲的事", body="反映甲的事", persons=[{"name": "甲某"}])
    moved = register(day + timedelta(days=1), subject="乙的事", body="反映乙的事", persons=[{"name": "乙某"}])
    here = register(day + timedelta(days=2), subject="丙的事", body="反映丙的事", persons=[{"name": "丙某"}])
    open_ = {"result": "", "phone": ""}
    content = book(
        {
            "今年": [
                HEADER,
                (same, *row(1, f"{day}", name="甲某", text="甲的事", **open_)[1:]),
                row(2, f"{day + timedelta(days=3)}", name="乙某", text="乙的事", **{**open_, "result": "已答复"}),
                row(3, f"{day}", name="丁某", text="丁的事", **open_),
                row(4, "不知道哪天", name="戊某"),
            ]
        }
    )
    before = (Event.objects.count(), Petition.objects.count())
    client.force_login(Staff.objects.get(username="clerk"))
    address = send(client, content)
    ledger = LedgerImport.objects.get()
    columns = {f"column-{at}": code for at, code in enumerate(ledger.columns.values())}
    page = client.post(address, {"do": "compare", "sheet": ["今年"], **columns}).content.decode()
    assert "共 3 行：一致 1，有不同 1，只在台账 1；只在本系统 1 件。另有 1 行读不懂" in page
    assert (
        f"收到日期：台账 {day + timedelta(days=3)}，本系统 {day + timedelta(days=1)}；台账已经办结，本系统已登记"
        in page
    )
    assert moved in page and "丁的事" in page and here in page and "不知道哪天" in page
    assert (Event.objects.count(), Petition.objects.count()) == before
    assert LedgerImport.objects.get().state == "draft" and date.today() > date(2026, 1, 1)
