"""The way by file: a package that proves itself, receipts that come back, a list to reconcile with."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.world import register, take, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core.clock import today
from xinfang.exchange import file_package
from xinfang.exchange.actions import transfers
from xinfang.exchange.models import Outgoing
from xinfang.exchange.protocol import InvalidExchangeData
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
CAME = timedelta(days=30)


def classified() -> str:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    return number


def packed() -> bytes:
    staff = Staff.objects.get(username="clerk")
    return file_package.write_package_file(
        transfers.package_waiting(who("clerk"), staff=staff, reason="送自治区信访局")
    )


def test_a_package_holds_each_message_once_and_says_who_took_it() -> None:
    numbers = [classified() for _ in range(3)]
    messages = file_package.read_package_file(packed())
    assert [m.key for m in messages] == sorted(f"{n}-entry" for n in numbers)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"packed"}
    assert file_package.read_package_file(packed()) == [], "what is on its way isn't packed again"
    looks = AccessLogEntry.objects.filter(what="export", by__username="clerk")
    assert looks.count() == 3 and looks.first().reason == "送自治区信访局"


def test_the_records_are_in_it_as_tables_too() -> None:
    number = classified()
    with zipfile.ZipFile(io.BytesIO(packed())) as package:
        text = package.read("tables/records.csv").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        book = CalamineWorkbook.from_filelike(io.BytesIO(package.read("tables/records.xlsx")))
        persons = package.read("tables/persons.csv").decode("utf-8-sig")
        said = json.loads(package.read(f"messages/{number}-entry.json"))
    assert len(rows[0]) == 48 and rows[0][2] == "3 信访件编号（xfjbh）"
    told = book.get_sheet_by_index(0).to_python()[3]
    assert dict(zip((h.rpartition("（")[2].rstrip("）") for h in rows[0]), told, strict=True)) == said["record"]
    # What begins like a formula is text in a CSV, too.
    assert [cell.removeprefix("'") for cell in rows[1]] == told
    assert number in persons and "其木格" in persons


def test_receipts_come_back_as_a_file_twice_and_late() -> None:
    one, other = classified(), classified()
    packed()
    receipts = [
        {"key": f"{one}-entry", "outcome": "accepted", "number": "NMXF1"},
        {"key": f"{other}-entry", "outcome": "refused", "reason": "重复"},
    ]
    data = json.dumps({"receipts": receipts * 2}).encode()
    ran = transfers.settle_receipts(file_package.read_receipts(data))
    assert (ran.accepted, ran.refused, ran.receipts) == (1, 1, 2)
    assert Petition.objects.get(number=one).external_number == "NMXF1"
    assert Outgoing.objects.get(petition__number=other).reason == "重复"
    assert transfers.settle_receipts(file_package.read_receipts(data)).receipts == 0


def test_reconciling_with_their_list_as_a_file() -> None:
    number = classified()
    (message,) = file_package.read_package_file(packed())
    held = [{"key": message.key, "number": "NMXF1", "digest": message.digest}]
    result = transfers.reconcile(file_package.read_held(json.dumps({"entries": held}).encode()))
    assert result.green and len(result.late) == 1
    assert Petition.objects.get(number=number).external_number == "NMXF1"


def test_a_package_that_was_touched_is_found_out() -> None:
    classified()
    whole = packed()
    for change in ("content", "missing", "more"):
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.startswith("messages/"):
                    if change == "missing":
                        continue
                    content = content.replace("补助".encode(), "奖金".encode()) if change == "content" else content
                new.writestr(name, content)
            if change == "more":
                new.writestr("messages/x.json", b"{}")
        with pytest.raises(InvalidExchangeData):
            file_package.read_package_file(changed.getvalue())
    with pytest.raises(InvalidExchangeData):
        file_package.read_package_file(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"receipts": 3}',
        b'{"receipts": [{"key": 3}]}',
        b'{"receipts": [{"key": "a"}]}',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_a_receipts_file_that_cannot_be_read_changes_nothing(data: bytes) -> None:
    classified()
    with pytest.raises(InvalidExchangeData):
        file_package.read_receipts(data)
    assert Outgoing.objects.get().state == "waiting"


def test_a_colleague_who_is_recused_packs_nothing_of_that_case() -> None:
    number = classified()
    take(number, StepCode.RECUSE, "clerk", person="clerk2", reason="亲属")
    take(number, StepCode.RECUSE, "office_head", agree=True)
    assert Petition.objects.get(number=number).seeing.filter(why="recused").exists()
    assert transfers.package_waiting(who("clerk2"), staff=None, reason="送自治区信访局") == []
    assert len(transfers.package_waiting(who("clerk"), staff=None, reason="送自治区信访局")) == 1


def test_the_command_writes_the_file_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = classified()
    file = tmp_path / "package.zip"
    assert main(["exchange", "package", "--out", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(["exchange", "package", "--out", str(file)]) == 2
    receipts = tmp_path / "receipts.json"
    receipts.write_text(json.dumps({"receipts": [{"key": f"{number}-entry", "outcome": "accepted", "number": "N1"}]}))
    assert main(["exchange", "receipts", str(receipts), "--json"]) == 0
    held = tmp_path / "held.json"
    held.write_text(json.dumps({"entries": []}))
    assert main(["exchange", "reconcile", "--file", str(held), "--json"]) == 1
    assert "missing_there" in capsys.readouterr().out


def test_a_package_that_cannot_be_written_takes_nothing_out_of_the_queue(tmp_path: Path) -> None:
    classified()
    assert main(["exchange", "package", "--out", str(tmp_path / "no" / "where.zip")]) == 1
    assert Outgoing.objects.get().state == "waiting"
