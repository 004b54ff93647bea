"""The archive room's pages.

What waits, what is kept, what ends; the package leaves only for a reason, to who is at the desk.
"""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.test_disposal import PERSON, archived, department, proposed
from tests.casework.test_looking import away_for_ten_minutes, confirm_again
from tests.urls import url
from tests.world import agree_to_export, as_, file_papers, file_receipt, make_department, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.archive.actions.disposal import decide_disposal
from xinfang.archive.dossier import standalone
from xinfang.archive.models import ArchiveVolume, DisposalList
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core.clock import today
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db
CAME = today() - timedelta(days=60)


def submitted() -> str:
    number = register(CAME)
    walk(number, "submitted", CAME, 0)
    return number


def words(answer) -> str:
    return answer.content.decode()


def test_what_waits_is_shown_with_what_it_holds_and_taken_from_there(django_assert_max_num_queries) -> None:
    make_department()
    numbers = [submitted() for _ in range(3)]
    client = as_("archivist")
    with django_assert_max_num_queries(14):
        page = client.get(url("archive"))
    text = words(page)
    assert [c["number"] for c in page.context["cards"]] == numbers
    assert "法律顾问意见" in text and "密封卷" in text and "卷内缺" not in text
    card = page.context["cards"][0]
    sent = {"key": card["key"], "seen": card["seen"], "next": url("archive"), "volume": "", "retention": "years_10"}
    answer = client.post(url("step", numbers[0], StepCode.ACCEPT_ARCHIVE), sent)
    assert (answer.status_code, answer["Location"]) == (302, url("archive"))
    row = ArchiveVolume.objects.get()
    assert row.volume == f"{CAME.year}-D10-0001" and row.until.year == today().year + 10
    card = client.get(url("archive")).context["cards"][0]
    sent = {"key": card["key"], "seen": card["seen"], "volume": row.volume, "retention": "years_30"}
    answer = client.post(url("step", numbers[1], StepCode.ACCEPT_ARCHIVE), sent)
    assert answer.status_code == 422 and "已用于另一件" in words(answer)
    answer = client.post(
        url("step", numbers[1], StepCode.RETURN_ARCHIVE),
        {"key": "k" * 12, "seen": card["seen"], "reason": "缺接谈记录签名"},
    )
    assert answer.status_code == 302
    assert [c["number"] for c in client.get(url("archive")).context["cards"]] == numbers[2:]


def test_a_file_without_its_receipt_is_not_handed_over() -> None:
    make_department()
    number = register(CAME)
    walk(number, "closed", CAME, 0)
    client = as_("handler")
    page = words(client.get(url("step", number, StepCode.SUBMIT_ARCHIVE)))
    assert "卷内缺送达回证" in page and "材料种类选“送达回证”" in page
    assert "送达回证（还差 1 份）" in page and "受理告知书：" in page
    file_receipt(number, "handler")
    page = words(client.get(url("step", number, StepCode.SUBMIT_ARCHIVE)))
    assert "卷内缺送达回证" not in page and "卷内缺已发出文书的定稿" in page
    file_papers(number, "handler")
    assert "卷内缺" not in words(client.get(url("step", number, StepCode.SUBMIT_ARCHIVE)))
    take(number, StepCode.SUBMIT_ARCHIVE, "handler", complete=True, pages=12)


def test_a_letter_filed_without_action_goes_to_the_archive_through_the_pages(django_assert_max_num_queries) -> None:
    make_department()
    numbers = [register(CAME) for _ in range(3)]
    for number in numbers:
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", CAME, ground="no_value", reason="广告")
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk2", CAME, agree=True)
        file_papers(number, "clerk")
    room, number = as_("archivist"), numbers[1]
    assert room.get(url("petition", number)).status_code == 404
    assert "移交归档" in words(as_("clerk").get(url("petition", number)))
    for submitted_first in (number, numbers[0], numbers[2]):
        page = as_("clerk").get(url("step", submitted_first, StepCode.SUBMIT_ARCHIVE))
        sent = {"key": page.context["key"], "seen": page.context["petition"].revision, "complete": "on", "pages": "4"}
        assert as_("clerk").post(url("step", submitted_first, StepCode.SUBMIT_ARCHIVE), sent).status_code == 302
    with django_assert_max_num_queries(14):
        page = room.get(url("archive"))
    assert [c["number"] for c in page.context["cards"]] == [number, numbers[0], numbers[2]], "as they were handed in"
    assert "存信审批单" in words(page) and "承办处室" in words(page) and page.context["cards"][0]["ended"] == "存信"
    card = page.context["cards"][0]
    period = next(f for f in card["fields"] if f["name"] == "retention")
    assert period["choices"][2][2], "ten years are proposed"
    sent = {"key": card["key"], "seen": card["seen"], "volume": "", "retention": "years_10"}
    assert room.post(url("step", number, StepCode.ACCEPT_ARCHIVE), sent).status_code == 302
    assert "存信" in words(room.get(url("archive-file", number)))
    assert "恢复办理" in words(as_("clerk").get(url("petition", number)))
    assert "恢复办理" not in words(room.get(url("petition", number)))
    taken_back = {"key": "k" * 12, "seen": Petition.objects.get(number=number).revision, "reason": "信末有一项诉求"}
    assert as_("clerk").post(url("step", number, StepCode.REOPEN), taken_back).status_code == 302
    assert room.get(url("petition", number)).status_code == 404
    assert verify().whole


def test_what_is_kept_is_found_by_its_number_in_few_queries(django_assert_max_num_queries) -> None:
    make_department()
    numbers = []
    for _ in range(3):
        numbers.append(submitted())
        take(numbers[-1], StepCode.ACCEPT_ARCHIVE, "archivist")
    client = as_("office_head")
    with django_assert_max_num_queries(12):
        rows = client.get(url("archive-kept")).context["rows"]
    assert [r["number"] for r in rows] == numbers[::-1]
    volume = ArchiveVolume.objects.get(petition__number=numbers[1]).volume
    for asked in (volume, numbers[1], numbers[1].lower()):
        assert [r["number"] for r in client.get(url("archive-kept"), {"q": asked}).context["rows"]] == [numbers[1]]
    assert "没有这样的案卷" in words(client.get(url("archive-kept"), {"q": "%%"}))
    assert client.get(f"{url('archive-kept')}?after=x").status_code == 200
    text = words(client.get(url("archive-file", numbers[0])))
    assert "送达回证" in text and "30年" in text


def test_a_package_is_sent_for_a_reason_to_who_is_at_the_desk(tmp_path: Path) -> None:
    make_department()
    number = submitted()
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist")
    client, address = as_("archivist"), url("archive-package", number)
    away_for_ten_minutes(client)
    assert client.get(address)["Location"].startswith(url("confirm"))
    assert client.post(address, {"reason": "移交档案馆"})["Location"].startswith(url("confirm"))
    confirm_again(client)
    assert client.post(address, {"reason": "无"}).status_code == 422
    assert client.post(address, {"reason": "移交档案馆", "part": "sealed"}).status_code == 302
    assert "等待另一人同意" in words(client.get(address))
    assert not AccessLogEntry.objects.filter(what="export").exists()
    agree_to_export("office_head")
    answer = client.post(address, {"part": "sealed"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    file = tmp_path / "file.zip"
    file.write_bytes(b"".join(answer.streaming_content))
    assert standalone.check(str(file))[1] == []
    with zipfile.ZipFile(file) as z:
        assert not any("sealed" in n for n in z.namelist()), "not theirs to open"
        info = next(z.read(n).decode() for n in z.namelist() if n.endswith("/bag-info.txt"))
        readme = next(z.read(n).decode() for n in z.namelist() if n.endswith("/README.txt"))
    for text in (info, readme):
        assert "田静于" in text and "高娃同意" in text and "用途：移交档案馆" in text
    assert client.post(address, {"part": "open"}).status_code == 422, "an agreement is good for one export"
    look = AccessLogEntry.objects.get(what="export")
    assert (look.by.username, look.reason, look.detail) == ("archivist", "移交档案馆", {"part": "open"})
    head = as_("office_head")
    assert head.post(address, {"reason": "核对法律意见", "part": "sealed"}).status_code == 302
    agree_to_export("principal")
    answer = head.post(address, {"part": "sealed"})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as z:
        assert any(n.endswith("密封卷.pdf") for n in z.namelist())
    for username in ("clerk", "handler", "leader", "auditor", "adviser"):
        assert as_(username).get(address).status_code == 404
    assert verify().whole


def test_from_the_end_of_the_period_to_the_destroyed_case(django_assert_max_num_queries) -> None:
    department()
    number, other = archived(), archived("permanent")
    room, head = as_("archivist"), as_("office_head")
    room.get(url("inbox"))
    with django_assert_max_num_queries(13):
        page = room.get(url("archive-ending"))
    assert [r["number"] for r in page.context["over"]] == [number]
    assert "没有选择案卷" in words(room.post(url("archive-ending"), {"reason": "期满"}))
    answer = room.post(url("archive-ending"), {"number": [number, other], "reason": "期满"})
    assert answer.status_code == 422 and "永久保管" in words(answer)
    answer = room.post(url("archive-ending"), {"number": [number], "reason": "期满，没有保存价值"}, follow=True)
    assert "等待办公室主任审批" in words(answer)
    made = DisposalList.objects.get()
    with django_assert_max_num_queries(13):
        assert "批准销毁" not in words(room.get(url("archive-disposals")))
    away_for_ten_minutes(head)
    sent = {"list": made.number, "do": "agree", "opinion": ""}
    assert head.post(url("archive-disposals"), sent)["Location"].startswith(url("confirm"))
    confirm_again(head)
    assert "已销毁" in words(head.post(url("archive-disposals"), sent, follow=True))
    for username in ("clerk", "archivist", "head", "handler", "leader", "office_head", "principal"):
        client = as_(username)
        text = words(client.get(url("petition", number)))
        assert "已按保管期限销毁" in text and "登记" in text
        assert not any(v in text for v in PERSON.values()) and "补助" not in text, username
        for name, *more in (
            ("receipt",),
            ("unmask",),
            ("file", 1),
            ("paper", 1),
            ("step", StepCode.TALK),
            ("archive-package",),
        ):
            answer = client.get(url(name, number, *more))
            assert answer.status_code in (302, 404), (username, name)
            assert answer.status_code == 404 or answer["Location"] == url("petition", number)
    assert "已销毁" in words(room.get(url("archive-file", number))) or "销毁日期" in words(
        room.get(url("archive-file", number))
    )
    assert "（已按保管期限销毁）" in words(as_("clerk").get(url("petitions")))
    assert room.get(url("archive-kept")).context["rows"][-1]["chip"]["text"].endswith("销毁")
    assert number not in words(as_("clerk").post(url("search"), {"q": PERSON["phone"]}, follow=True))


def test_the_command_line_exports_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    make_department()
    number = submitted()
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist")
    file = tmp_path / "卷.zip"
    assert main(["archive", "export", number, "--out", str(file), "--reason", "移交档案馆", "--part", "both"]) == 0
    assert main(["archive", "check", str(file)]) == 0
    assert "核验完好" in capsys.readouterr().out
    assert main(["archive", "export", number, "--out", str(file), "--reason", "移交档案馆"]) == 2
    folder = tmp_path / "卷"
    assert main(["archive", "export", number, "--out", str(folder), "--reason", "移交档案馆"]) == 0
    manifest = folder / "bag-info.txt"
    manifest.write_bytes(manifest.read_bytes().replace(b"30", b"10", 1))
    assert main(["archive", "check", str(folder)]) == 1
    assert "bag-info.txt：内容与清单不符" in capsys.readouterr().err
    assert AccessLogEntry.objects.filter(what="export", by=None).count() == 2
    opened = register(CAME)
    assert main(["archive", "export", opened, "--out", str(tmp_path / "x"), "--reason", "移交档案馆"]) == 3
    assert main(["archive", "export", "LX2026999999", "--out", str(tmp_path / "x"), "--reason", "移交档案馆"]) == 4
    assert main(["archive", "ending", "--json"]) == 0
    assert not list(tmp_path.glob(".*"))


def test_show_tells_no_content_of_a_destroyed_case(capsys: pytest.CaptureFixture) -> None:
    department()
    number = archived()
    decide_disposal(
        proposed(number),
        agree=True,
        opinion="",
        by=actor_of(Staff.objects.get(username="office_head")),
        staff=Staff.objects.get(username="office_head"),
    )
    assert main(["show", number, "--by", "clerk", "--json"]) == 0
    said = capsys.readouterr().out
    assert "已按保管期限销毁" in said and "补助" not in said and PERSON["name"] not in said
    assert main(["archive", "export", number, "--out", "x.zip", "--reason", "移交档案馆"]) == 3
    assert Petition.objects.get(number=number).archived_file.destroyed_on
