"""The same at the command line of the server: looked at, tried, brought in with faults written out, taken back."""

import json
from pathlib import Path

import pytest

from tests.ledgers.test_pages import three_sheets
from xinfang.cases.models import Petition
from xinfang.ledgers.models import LedgerImport
from xinfang.operations.main import main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_a_ledger_is_looked_at_tried_brought_in_and_taken_back(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    file, faults = tmp_path / "三年台账.xlsx", tmp_path / "问题.xlsx"
    file.write_bytes(three_sheets())

    def run(*words: str) -> tuple[int, str]:
        code = main(("ledgers", *words))
        return code, capsys.readouterr().out

    code, said = run("look", str(file))
    assert code == 0 and "工作表“说明”：1 行有内容，没有认出表头" in said and "什么时候来的 → 其他" in said
    asked = (
        "import",
        str(file),
        "--column",
        "什么时候来的=day",
        "--sheet",
        "2021年",
        "--sheet",
        "2022年",
        "--sheet",
        "2023年",
    )
    assert run("import", str(file))[0] == 3, "no column is the day"
    code, said = run(*asked, "--dry-run", "--faults", str(faults))
    assert code == 3 and "共 9 行 = 登记 4 + 已导入过 0 + 未登记 2 + 略去 3" in said and not Petition.objects.exists()
    assert faults.read_bytes()[:2] == b"PK"
    code, said = run(*asked, "--json")
    told = json.loads(said)
    assert (told["rows"], told["registered"], told["refused"], told["left_out"]) == (9, 4, 2, 3)
    assert told["rows"] == told["registered"] + told["already"] + told["refused"] + told["left_out"]
    code, said = run("undo", told["import"], "--reason", "试一试", "--json")
    assert code == 0 and json.loads(said) == {"undone": 4, "kept": []}
    assert run("undo", told["import"], "--reason", "再试")[0] == 3 and run("undo", "9999", "--reason", "无")[0] == 3
    assert run("go-on", told["import"])[0] == 3 and run("look", str(tmp_path / "没有"))[0] == 3
    assert LedgerImport.objects.get(pk=told["import"]).state == "undone"
