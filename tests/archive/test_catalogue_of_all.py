"""The catalogue of all volumes: what is on their covers, from the page and from the command line, in few queries."""

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from tests.archive.test_catalogue_in_package import sheet
from tests.archive.test_cover_and_closing import file_of, leaf
from tests.archive.test_disposal import archived, department, proposed, staff
from tests.archive.test_package import CAME, exported
from tests.archive.test_volume_number import set_codes
from tests.casework.test_looking import away_for_ten_minutes, confirm_again
from tests.urls import url
from tests.world import as_, make_department, register, take, walk, who
from xinfang.archive.actions import disposal
from xinfang.archive.actions.catalogue import CatalogueForm, export_catalogue
from xinfang.archive.actions.counting import count_volumes
from xinfang.archive.dossier.gathering import DossierPart
from xinfang.archive.models import ArchiveVolume, BoundVolume
from xinfang.archive.queries.catalogue import catalogue_entries, catalogue_files, not_counted
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.operations.main import main
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Retention
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db


def more_files(count: int) -> list[str]:
    numbers = []
    for _ in range(count):
        numbers.append(register(CAME))
        walk(numbers[-1], "archived", CAME, 0)
    return numbers


def entries(**asked: object) -> list[dict[str, str]]:
    given = {"year": None, "retention": None, **asked}
    export_catalogue(CatalogueForm.XML, by=SYSTEM, staff=None, **given)
    return [e.fields() for e in catalogue_entries(catalogue_files(SYSTEM, **given))]


def test_each_volume_is_listed_as_its_cover_has_it(tmp_path: Path) -> None:
    number = file_of(recording=True)
    target = exported(number, tmp_path, DossierPart.BOTH)
    covers = [leaf(target / "data/卷宗.pdf", 0), leaf(target / "data/sealed/密封卷.pdf", 0)]
    found = entries()
    assert [{label: row[label].replace(" ", "") for label in covers[0]} for row in found] == covers
    inside = sheet(target / "data/目录.xlsx", "案卷目录") + sheet(target / "data/sealed/目录.xlsx", "案卷目录")
    assert inside == found, "the package and the list of all volumes say the same"


def test_it_is_made_in_few_queries_however_many_volumes_there_are(django_assert_max_num_queries) -> None:
    make_department()
    more_files(2)
    assert len(entries()) == 4
    more_files(3)
    entries()
    with django_assert_max_num_queries(5):
        files = catalogue_files(SYSTEM, None, None)
        assert not_counted(files) == []
        assert len(list(catalogue_entries(files))) == 10


def test_a_file_that_moved_on_is_counted_again() -> None:
    number = file_of()
    entries()
    before = list(BoundVolume.objects.values_list("apart", "items", "pages", "revision"))
    assert not_counted(catalogue_files(SYSTEM, None, None)) == []
    take(number, StepCode.CHANGE_RETENTION, "archivist", retention="permanent", reason="鉴定")
    assert len(not_counted(catalogue_files(SYSTEM, None, None))) == 1
    count_volumes(Petition.objects.all())
    assert not_counted(catalogue_files(SYSTEM, None, None)) == []
    BoundVolume.objects.update(program="0.0.1")
    assert len(not_counted(catalogue_files(SYSTEM, None, None))) == 1, "another version may lay it out otherwise"
    assert {row["保管期限"] for row in entries()} == {"永久"}
    after = list(BoundVolume.objects.values_list("apart", "items", "pages", "revision"))
    assert [a[:3] for a in after] == [b[:3] for b in before] and after[0][3] > before[0][3]


def test_year_and_period_choose_and_a_destroyed_file_says_so() -> None:
    department()
    gone, kept = archived(), archived("permanent")
    later = more_files(1)[0]
    disposal.decide_disposal(proposed(gone), agree=True, opinion="", by=who("office_head"), staff=staff("office_head"))
    rows = entries(year=2012)
    assert {r["编号"] for r in rows} == {gone, kept}
    destroyed = next(r for r in rows if r["编号"] == gone)
    assert destroyed["题名"] == "（已按保管期限销毁）" and destroyed["备注"].endswith("销毁")
    assert {r["编号"] for r in entries(retention=Retention.PERMANENT)} == {kept}
    assert {r["编号"] for r in entries(year=CAME.year)} == {later}


def test_a_number_in_another_form_has_the_codes_of_its_day() -> None:
    make_department()
    number = register(CAME)
    walk(number, "submitted", CAME, 0)
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist", CAME, volume="旧字第7号")
    set_codes(CAME)
    row = entries(year=CAME.year)[0]
    assert (row["档号"], row["全宗号"], row["年度"]) == ("旧字第7号", "A012", str(CAME.year))


def test_the_page_asks_who_it_is_and_leaves_a_record(django_assert_max_num_queries) -> None:
    file_of()
    client, address = as_("archivist"), url("archive-catalogue")
    assert address in client.get(url("archive-kept")).content.decode()
    away_for_ten_minutes(client)
    assert client.post(address, {"form": "xlsx"})["Location"].startswith(url("confirm"))
    assert not AdminRecord.objects.filter(what="导出案卷目录").exists()
    confirm_again(client)
    answer = client.post(address, {"year": str(CAME.year), "retention": "years_30", "form": "xlsx"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert head[0] == "档号" and [r[0] for r in rows] == [
        volume := ArchiveVolume.objects.get().volume,
        f"{volume}-MF",
    ]
    with django_assert_max_num_queries(20):
        answer = client.post(address, {"form": "xml"})
    root = ET.fromstring(answer.content)  # noqa: S314 - our own output
    assert [node.findtext("档号") for node in root] == [volume, f"{volume}-MF"]
    for wrong, says in (({"year": "26"}, "四位数字"), ({"year": "1999"}, "没有符合条件的案卷"), ({"form": ""}, "格式")):
        refused = client.post(address, {"form": "xml", **wrong})
        assert refused.status_code == 422 and says in refused.content.decode()
    record = AdminRecord.objects.filter(what="导出案卷目录").order_by("pk")[0]
    assert (record.by.username, record.target, record.detail["year"]) == ("archivist", "2 卷", CAME.year)
    assert as_("clerk").get(address).status_code == 404
    assert verify().whole


def test_too_many_to_count_while_somebody_waits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinfang.archive.views.MAX_COUNTED_AT_ONCE", 0)
    file_of()
    refused = as_("archivist").post(url("archive-catalogue"), {"form": "xml"})
    assert refused.status_code == 422 and "xinfang archive catalogue" in refused.content.decode()


def test_the_command_line_writes_both_forms(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file_of()
    book, xml = tmp_path / "目录.xlsx", tmp_path / "目录.xml"
    assert main(["archive", "catalogue", "--out", str(book), "--year", str(CAME.year)]) == 0
    assert "已导出 2 卷的目录" in capsys.readouterr().out
    assert main(["archive", "catalogue", "--out", str(xml), "--retention", "years_30"]) == 0
    assert len(sheet(book, "案卷目录")) == 2
    assert len(ET.parse(xml).getroot()) == 2  # noqa: S314 - our own output
    assert book.stat().st_mode & 0o777 == 0o600
    assert main(["archive", "catalogue", "--out", str(xml)]) == 2, "nothing is written over"
    assert main(["archive", "catalogue", "--out", str(tmp_path / "目录.csv")]) == 2
    assert main(["archive", "catalogue", "--out", str(tmp_path / "x.xml"), "--year", "1999"]) == 3
