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


def sheets_of(client, version: str = "") -> dict[str, list[list]]:
    answer = client.get(f"{url('figures-workbook')}?period={PERIOD}{f'&version={version}' if version else ''}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_covers_small_numbers_and_asks_who_you_are(year) -> None:
    client = as_("clerk")
    away_for_ten_minutes(client)
    assert client.get(f"{url('figures-workbook')}?period={PERIOD}")["Location"].startswith(url("confirm"))
    confirm_again(client)
    sheets = sheets_of(client)
    assert len(sheets) == 9
    first = sheets["表1 总量"]
    total = next(row for row in first if row[0] == "总计（不含检举控告）")
    assert total[1] == len(WAYS) - 2
    assert not any("检举控告" in str(row[0]) and "不含" not in str(row[0]) for row in first[3:])
    for name, rows in sheets.items():
        if name[1] == "4":
            continue
        rates = {n for n, head in enumerate(rows[2]) if head in ("重件率", "占比")}
        assert not {"上期", "年累计"} & set(rows[2])
        for row in rows[3:]:
            shown = [cell for n, cell in enumerate(row) if n not in rates and isinstance(cell, float)]
            assert all(cell == 0 or cell >= 5 or cell < 1 or row[2] for cell in shown), (name, row)


def test_the_workbook_for_use_inside_has_all_numbers(year) -> None:
    sheets = sheets_of(as_("leader"), "internal")
    first = sheets["表1 总量"]
    assert "内部使用" in first[0][0]
    assert next(row for row in first if row[0] == "检举控告（只计总数）")[1] == 2
    compared = sheets["表1 总量 比较"]
    assert compared[2] == ["项目", "本期", "分子/分母", "上期", "环比", "去年同期", "同比", "年累计"]
    assert next(row for row in compared if row[0] == "检举控告（只计总数）·件（批）次")[1] == 2
    address = f"{url('figures-workbook')}?period={PERIOD}&version="
    assert as_("leader").get(f"{address}everybody").status_code == 404
    assert as_("handler").get(f"{address}internal").status_code == 404


def test_a_sheet_has_the_rows_and_columns_of_the_screen(year) -> None:
    client = as_("leader")
    sheets = sheets_of(client, "internal")
    for table in client.get(f"{url('figures')}?period={PERIOD}&table=all").context["tables"]:
        rows = sheets[table["title"].replace("\u3000", " ")]
        heads = ["项目", *(table["columns"] if table["wide"] else ["本期"])]
        assert rows[2][: len(heads)] == heads
        body = iter(rows[3:])
        for row in table["rows"]:
            if row["heading"]:
                assert next(body)[0] == row["heading"]
            written = next(body)
            assert written[0] == row["label"]
            for cell, shown in zip(written[1:], row["cells"], strict=False):
                assert as_shown(cell, shown["now"]["text"] if shown else "") == (shown["now"]["text"] if shown else "")
            if not any(shown and shown["now"]["of"] for shown in row["cells"]):
                continue
            # What a rate is made of is behind the columns of the screen.
            behind = written[len(heads) :] if table["wide"] else written[2:3]
            assert {shown["now"]["of"] for shown in row["cells"] if shown and shown["now"]["of"]} <= set(behind)


def as_shown(cell: object, shown: str) -> str:
    """What Excel shows for a cell that the screen shows so."""
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell * 100:.1f}%" if shown.endswith("%") else f"{cell:,.0f}" if cell.is_integer() else f"{cell:,.1f}"


def test_what_would_be_published_can_be_looked_at_first(year) -> None:
    client, address = as_("clerk"), f"{url('figures')}?period={PERIOD}&table="
    whole = client.get(f"{address}all&version=published")
    assert "检举控告（只计总数）" not in whole.content.decode() and whole.context["covered"] > 10
    printed = {
        (row[0], cell)
        for rows in sheets_of(client).values()
        for row in rows[3:]
        for cell in row[1:]
        if isinstance(cell, str) and cell == "*"
    }
    assert printed
    assert not any(value["url"] for *_, value, _ in cells(whole.context)), "what is published opens no case"
    # One table alone is covered as it is among all.
    for code in "123456789":
        alone = client.get(f"{address}{code}&version=published").context["tables"]
        assert alone == [table for table in whole.context["tables"] if table["code"] == code]
    assert client.get(f"{address}1&version=everybody").status_code == 404
    assert "预览公开发布的表" in client.get(url("figures-report", PERIOD, "published")).content.decode()


def test_a_page_asks_little(year, django_assert_max_num_queries) -> None:
    client = as_("clerk")
    client.get(f"{url('figures')}?period={PERIOD}&table=1")
    with django_assert_max_num_queries(20):
        client.get(f"{url('figures')}?period={PERIOD}&table=1")
    with django_assert_max_num_queries(90):
        client.get(f"{url('figures')}?period={PERIOD}&table=all")
