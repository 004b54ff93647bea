"""A receipt proves itself to who has only the file: as it was signed, altered, forged, and under the night's seal."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.urls import url
from tests.window.standing import PHONE, code_shown, days_ago, opened, submitted
from tests.world import make_department, register
from xinfang.audit.models import Seal
from xinfang.cases.models import Petition
from xinfang.core.clock import SHANGHAI, today
from xinfang.operations.main import main
from xinfang.proof.actions.sealing import make_seal
from xinfang.window import receipts
from xinfang.window.queries.receipts import Receipt, receipt_of
from xinfang.window.receipt_file import json_inside, receipt_file
from xinfang.window.receipt_proof import CheckedReceipt, Verdict, check_receipt, read_receipt, short_receipt
from xinfang.window.receipts import ArrivedFile, public_key, public_key_id, receipt_text, sign

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 30, 14, 5, tzinfo=SHANGHAI)
HOSTILE = "</script><script>document.title='no'</script>\u2028<!--"


def small(subject: str = "请求", **changes: Any) -> str:
    """A receipt of few characters, as text."""
    said: dict[str, Any] = {
        "department": "某厅", "number": "LX2026000001", "at": AT, "text": {"subject": subject, "requests": []},
        "arrived": [], "not_arrived": [], "event": "0" * 64,
    }  # fmt: skip
    text = receipt_text(**{**said, **changes})
    return f"{text}\n{sign(text)}"


def as_receipt(written: str) -> Receipt:
    """The receipt that this text is."""
    text, signature = written.split("\n")
    return Receipt(text, signature, json.loads(text))


def inside(saved: str) -> dict[str, Any]:
    """The data in a saved receipt."""
    found = re.search(r'id="receipt">([^<]*)</script>', saved)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def with_data(saved: str, **changes: Any) -> str:
    """A saved receipt whose data is other."""
    data = json_inside({**inside(saved), **changes})
    return re.sub(r'(id="receipt">)[^<]*', lambda m: m[1] + data, saved, count=1)


def signed_by_another(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A signature of somebody else, and their key."""
    key = ec.generate_private_key(ec.SECP256R1())
    with monkeypatch.context() as forger:
        forger.setattr(receipts, "_private_key", lambda: key)
        return sign(text), public_key()


def other_character(of: str) -> str:
    """Another character of the same kind, so that nothing but the value is wrong."""
    return "1" if of == "0" else "0" if of.isdigit() else "b" if of == "a" else "a"


def test_a_receipt_is_right_as_text_as_file_and_as_qr_code() -> None:
    written = small()
    receipt = as_receipt(written)
    for given in (written, f"  {written}\r\n", written.replace("\n", "\r\n"), receipt_file(receipt).decode()):
        found = check_receipt(given)
        assert found.is_right and found.said == receipt.said and found.digest == receipt.digest
        assert found.key == public_key_id()
    code = short_receipt("LX2026000001", AT, receipt.digest)
    found = check_receipt(f"https://xf.example.cn/window/check/#{code}")
    assert found.is_right and found.short and found.digest == receipt.digest and found.received_at == AT
    assert len(code) < 180, "short enough to scan"


@pytest.mark.parametrize("short", [False, True], ids=["receipt", "QR code"])
def test_one_changed_character_fails_wherever_it_is(short: bool) -> None:
    written = short_receipt("LX2026000001", AT, as_receipt(small()).digest) if short else small()
    right = [
        p for p, c in enumerate(written) if check_receipt(written[:p] + other_character(c) + written[p + 1 :]).is_right
    ]
    assert right == [] and len(written) > 160


def test_a_character_more_or_less_or_in_another_spelling_fails() -> None:
    written = small()
    for wrong in (written + "0", written[:-1], written.upper(), written.replace("{", "{ ", 1), "x" + written):
        assert not check_receipt(wrong).is_right
    for nothing in ("", "x", "{}", "null", '<script type="application/json" id="receipt">[1]</script>'):
        assert check_receipt(nothing) == CheckedReceipt(Verdict.UNREADABLE)


def test_a_forged_one_fails_with_and_without_its_own_key_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = as_receipt(small())
    signature, key = signed_by_another(receipt.text, monkeypatch)
    assert check_receipt(f"{receipt.text}\n{signature}").verdict is Verdict.ALTERED
    saved = with_data(receipt_file(receipt).decode(), signature=signature, key=key)
    found = check_receipt(saved)
    assert found.verdict is Verdict.FOREIGN and found.key == receipts.key_number(key) != public_key_id()
    assert found.said == {}, "nothing that it says is shown"
    named = with_data(saved, key=public_key())
    assert check_receipt(named).verdict is Verdict.ALTERED, "it names our key and isn't signed with it"


def test_what_people_wrote_cannot_break_out_of_the_file() -> None:
    receipt = as_receipt(small(HOSTILE, arrived=[ArrivedFile(HOSTILE, 1, "0" * 64)]))
    saved = receipt_file(receipt).decode()
    assert saved.count("<script") == 2 + saved.count("/<script type="), "the data, the program, and no third"
    assert "\u2028" not in saved.split('id="receipt">')[1].split("</script>")[0] and "<!--" not in saved
    found = check_receipt(saved)
    assert found.is_right and found.said["text"]["subject"] == HOSTILE


@pytest.fixture
def department(db: None) -> None:
    make_department()


def test_the_saved_file_opens_nothing_and_loads_nothing(department: None) -> None:
    browser = Client()
    row = submitted(browser, ("通知.txt", b"one"))
    code = code_shown(browser)
    answer = browser.get(url("window-receipt-file"))
    saved = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"] and row.number in answer["Content-Disposition"]
    for hidden in (code, "-".join(code[i : i + 4] for i in range(0, 16, 4)), PHONE, "苏日娜"):
        assert hidden not in saved
    assert "default-src 'none'" in saved and not re.search(r"https?://|\bsrc=|\bhref=", saved)
    assert len(saved.encode()) < 40_000, "small"
    assert check_receipt(saved).said["files"][0]["name"] == "通知.txt"
    assert Client().get(url("window-receipt-file")).status_code == 302


def test_the_receipt_page_draws_what_the_qr_code_says(department: None) -> None:
    browser = Client()
    submitted(browser)
    page = browser.get(url("window-receipt")).content.decode()
    assert "<svg" in page and url("window-receipt-file") in page and public_key_id() in page
    assert "保存文件" not in page, "the file has no code, so saving it keeps none"


def test_a_letter_has_no_receipt_to_save(department: None) -> None:
    number = register(days_ago(5), persons=[{"name": "其木格", "phone": PHONE}])
    row = Petition.objects.get(number=number)
    assert opened(number, row.inquiry_code, PHONE[-4:]).get(url("window-receipt-file")).status_code == 404


def test_without_javascript_the_page_checks_what_is_sent_and_keeps_nothing(department: None) -> None:
    written = small()
    saved = receipt_file(as_receipt(written))
    for sent in ({"text": written}, {"file": SimpleUploadedFile("回执.html", saved)}):
        page = Client().post(url("window-check"), sent).content.decode()
        assert "签名正确" in page and "LX2026000001" in page
    page = Client().post(url("window-check"), {"text": written.replace("请求", "要求")}).content.decode()
    assert "签名不对" in page and "LX2026000001" not in page
    assert "不是信访回执" in Client().post(url("window-check"), {}).content.decode()
    assert public_key_id() in Client().get(url("window-check")).content.decode()
    checker = Client().get(url("window-check-file"))
    assert public_key() in checker.content.decode() and settings.DEPARTMENT in checker.content.decode()


def test_after_the_night_the_file_proves_that_the_registration_is_sealed(department: None) -> None:
    browser = Client()
    row = submitted(browser)
    assert "seal" not in inside(browser.get(url("window-receipt-file")).content.decode())
    make_seal(today())
    submitted(Client(), subject="另一件")
    make_seal(today())
    seal = Seal.objects.order_by("number").first()
    assert seal is not None
    saved = browser.get(url("window-receipt-file")).content.decode()
    found = check_receipt(saved)
    assert found.seal is not None and (found.seal.number, found.seal.hash) == (seal.number, seal.hash)
    assert row.number == found.said["number"] and "另一件" not in saved
    proof = inside(saved)["seal"]
    first = proof["covers"].split("\n")[1]
    other = "0" if first[0] != "0" else "1"
    for wrong in (
        {**proof, "line": proof["line"].replace(seal.day.isoformat(), "2020-01-01")},
        {**proof, "hash": "0" * 64},
        {**proof, "covers": proof["covers"].replace(first, other + first[1:])},
        {**proof, "covers": proof["covers"][:-1]},
        {},
        [],
        7,
    ):
        changed = check_receipt(with_data(saved, seal=wrong))
        assert changed.is_right and changed.seal is None and changed.seal_is_wrong


def test_the_command_says_whether_it_is_ours_and_kept(
    department: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Client()
    row = submitted(browser)
    saved = tmp_path / "回执.html"
    saved.write_bytes(browser.get(url("window-receipt-file")).content)
    assert main(["receipt", "check", str(saved)]) == 0
    said = capsys.readouterr().out
    assert "签名正确" in said and row.number in said and "与系统保存的回执相同" in said
    assert main(["receipt", "check", str(saved), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] is True
    saved.write_text(small(), encoding="utf-8")
    assert main(["receipt", "check", str(saved)]) == 1 and "系统里没有这份回执" in capsys.readouterr().out
    receipt = receipt_of(row.number)
    assert receipt is not None
    saved.write_text(short_receipt(row.number, receipt.received_at, receipt.digest))
    assert main(["receipt", "check", str(saved)]) == 0 and "与系统保存的回执相同" in capsys.readouterr().out
    saved.write_text("x")
    assert main(["receipt", "check", str(saved)]) == 1 and "不是信访回执" in capsys.readouterr().out
    assert main(["receipt", "check", str(tmp_path / "nothing")]) == 2


def test_what_is_read_is_what_was_written() -> None:
    given = read_receipt(small(HOSTILE))
    assert given is not None and HOSTILE in json.loads(given.text)["text"]["subject"]
