"""统计分析: every number opens exactly the cases it counts; who may come; what is published or sent."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.casework.test_looking import away_for_ten_minutes, confirm_again
from tests.figures.ways import SHAPES, WAYS, go
from tests.urls import url
from tests.world import as_, make_department
from xinfang.cases.models import Petition

PERIOD = "2026-q3"


@pytest.fixture
def year(db) -> None:
    make_department()
    for n, way in enumerate(WAYS):
        go(way, sorted(SHAPES)[n % 5], date(2026, 8, 3), 2, date(2026, 11, 20))


def cells(context):
    for table in context["tables"]:
        for row in table["rows"]:
            for cell in filter(None, row["cells"]):
                yield table["code"], row["label"], cell["now"], cell["now"]["url"]


def test_each_number_opens_its_cases(year) -> None:
    client = as_("office_head")
    page = client.get(f"{url('figures')}?period={PERIOD}&table=all")
    opened = 0
    for code, label, value, address in cells(page.context):
        if not address or value["of"] or code in ("5", "8") or "·" in label or "人次" in label:
            continue
        behind = client.get(address)
        assert behind.status_code == 200, address
        listed = int("".join(c for c in behind.context["count_text"] if c.isdigit())) + behind.context["hidden"]
        number = int(value["text"].replace(",", "")) if value["text"].replace(",", "").isdigit() else None
        # People are more than cases, steps may be several a case: never fewer rows than cases.
        if number is not None:
            assert 0 < listed <= number, (address, listed, number)
        opened += 1
    assert opened > 60
    seen = client.get(f"{url('figures-cases')}?period={PERIOD}&cell=1.letter.0").context["rows"]
    letters = Petition.objects.filter(channel="letter", sealed=False)
    assert {r["number"] for r in seen} <= set(letters.values_list("number", flat=True))
    assert len(seen) == min(letters.count(), 30)


def test_sealed_reports_are_counted_and_never_listed(year) -> None:
    client = as_("clerk")
    page = client.get(f"{url('figures')}?period={PERIOD}&table=1").context["tables"][0]
    sealed = next(r for r in page["rows"] if r["label"].startswith("检举控告"))["cells"][0]["now"]
    assert sealed["text"] == "2" and not sealed["url"]
    assert client.get(f"{url('figures-cases')}?period={PERIOD}&cell=1.sealed.0").status_code == 404
    everything = client.get(f"{url('figures-cases')}?period={PERIOD}&cell=1.all.0").context
    assert everything["hidden"] == 2


@pytest.mark.django_db
def test_others_find_nothing() -> None:
    make_department()
    for username in ("handler", "head", "adviser", "archivist", "sealed", "guard", "auditor"):
        client = as_(username)
        for path in (
            url("figures"),
            f"{url('figures-cases')}?cell=1.all.0",
            url("figures-workbook"),
            url("figures-report", "2026-10", "internal"),
            url("figures-report-file", "2026-10", "internal", "pdf"),
            url("figures-report", "2026-10", "published"),
        ):
            assert client.get(path).status_code == 404, (username, path)
        assert url("figures") not in client.get(url("inbox")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["clerk", "office_head", "principal", "leader"])
def test_an_empty_department_has_empty_tables(username: str) -> None:
    make_department()
    page = as_(username).get(f"{url('figures')}?table=all")
    assert page.status_code == 200
    assert page.content.decode().count("还没有") + page.content.decode().count("没有可计入本表的事项") == 9
    assert page.context["charts"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["period=x", "period=2026-13", "period=2026-q5", "table=10", "period=0001"])
def test_an_address_typed_by_hand(query: str) -> None:
    make_department()
    assert as_("clerk").get(f"{url('figures')}?{query}").status_code == 404


def test_the_workbook_covers_small_numbers_and_asks_who_you_are(year) -> None:
    client, address = as_("clerk"), f"{url('figures-workbook')}?period={PERIOD}"
    away_for_ten_minutes(client)
    assert client.get(address)["Location"].startswith(url("confirm"))
    confirm_again(client)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address).content))
    assert len(book.sheet_names) == 9
    first = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    numbers = {str(r[0]): r[1] for r in first}
    assert numbers["总计（不含检举控告）·件（批）次"] == len(WAYS) - 2
    assert not any("检举控告" in label and "不含" not in label for label in numbers)
    for name in (n for n in book.sheet_names if n[1] != "4"):
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[2][:3] == ["项目", "本期", "本期分子/分母"] and len(rows[2]) == 3
        assert not any(isinstance(r[1], float) and 0 < r[1] < 5 and not r[2] for r in rows[3:])


def test_the_workbook_for_use_inside_has_all_numbers(year) -> None:
    address = f"{url('figures-workbook')}?period={PERIOD}&version="
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_("leader").get(f"{address}internal").content))
    first = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    numbers = {str(r[0]): r[1] for r in first}
    assert "内部使用" in first[0][0] and first[2][3] == "上期"
    assert numbers["检举控告（只计总数）·件（批）次"] == 2
    assert as_("leader").get(f"{address}everybody").status_code == 404
    assert as_("handler").get(f"{address}internal").status_code == 404


def test_a_page_asks_little(year, django_assert_max_num_queries) -> None:
    client = as_("clerk")
    client.get(f"{url('figures')}?period={PERIOD}&table=1")
    with django_assert_max_num_queries(20):
        client.get(f"{url('figures')}?period={PERIOD}&table=1")
    with django_assert_max_num_queries(80):
        client.get(f"{url('figures')}?period={PERIOD}&table=all")
