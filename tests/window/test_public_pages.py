"""What everybody finds at the window: days of reception, the procedure, published figures, a leaflet; all small."""

import gzip
import pathlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.reception.receiving import booked, ended, published
from tests.urls import url
from tests.window.standing import submitted
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.audit.models import Seal
from xinfang.core.clock import today
from xinfang.department.models import EffectiveSetting
from xinfang.figures.actions import save_report_text, text_to_edit
from xinfang.figures.periods import Period, Span
from xinfang.figures.versions import ReportVersion
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.window_words import PLAIN_CLOCKS, PLAIN_RIGHTS
from xinfang.proof.actions.sealing import make_seal
from xinfang.window.acts import ACTS
from xinfang.window.receipts import public_key_id

pytestmark = pytest.mark.django_db
PUBLIC = (
    "window",
    *(f"window-{n}" for n in ["notice", "reception", "procedure", "figures", "leaflet", "check", "submit", "follow"]),
)
MOST_BYTES = 60 * 1024
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def shown(name: str, browser: Client | None = None) -> str:
    """A page's words."""
    answer = (browser or Client()).get(url(name))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", TAG.sub(" ", answer.content.decode()))


def say(**settings: str) -> None:
    """Set settings of the department."""
    by = Staff.objects.get(username="admin")
    for name, value in settings.items():
        EffectiveSetting.objects.create(name=name, value=value, since=today(), by=by, reason="测试")


def finish(period: Period, sentence: str = "本期收到情况。", version: ReportVersion = ReportVersion.PUBLISHED) -> None:
    """Finish a report."""
    text = re.sub(r"【待填：[^】]*】", sentence, text_to_edit(period, version, None))
    save_report_text(period, version, text, 0, Staff.objects.get(username="clerk"), today=today(), finish=True)


def test_days_of_reception_say_when_where_and_whether_there_are_places() -> None:
    assert "现在没有已经公布" in shown("window-reception")
    assert url("window-reception") not in Client().get(url("window")).content.decode(), "nothing empty is offered"
    free, full = published(places=2), published(today() + timedelta(days=4), places=1)
    off = published(today() + timedelta(days=5))
    booked(free, "那仁花")
    booked(full, "乌日娜")
    ended(off, "cancelled")
    published(today() + timedelta(days=6), places=1)
    page = shown("window-reception")
    rows = [row for row in re.split(r"(?=\d{4}年)", page) if "厅机关一楼" in row]
    told = [next(w for w in ("还有名额", "已约满，可以登记候补", "已取消") if w in row) for row in rows[:4]]
    assert told == ["还有名额", "已约满，可以登记候补", "已取消", "还有名额"]
    assert "09:00—11:30" in page and "星期" in page
    for hidden in ("那仁花", "乌日娜", free.leader.name):
        assert hidden not in page
    assert url("window-reception") in Client().get(url("window")).content.decode()


def test_more_days_and_bookings_are_no_more_queries() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            shown("window-reception")
        return len(seen.captured_queries)

    booked(published(places=1))
    few = asked()
    for n in range(4, 8):
        booked(published(today() + timedelta(days=n), places=1), f"某{n}")
    assert asked() == few <= 12


def test_the_procedure_has_every_term_and_right_with_its_article() -> None:
    page = shown("window-procedure")
    for code, words in {**PLAIN_CLOCKS, **PLAIN_RIGHTS}.items():
        limit = CLOCKS[code].limit
        if limit is not None:
            assert words in page and f"{limit.now.value}{limit.now.unit}" in page
            assert all(str(article) in page for article in limit.now.cites), words
    for act in ACTS.values():
        assert act.title in page and act.means in page
    assert "推选代表，不超过5人（条例第二十条）" in page


def test_figures_are_those_that_were_finished_and_nothing_is_counted_for_the_page() -> None:
    assert "还没有公开发布的报告" in shown("window-figures") and Client().get(url("window-report")).status_code == 404
    for n in range(7):
        submitted(Client(), subject=f"第{n}件")
    year = Period(Span.YEAR, today().year)
    finish(year, version=ReportVersion.INTERNAL)
    assert "还没有公开发布的报告" in shown("window-figures"), "what is for the department stays there"
    finish(year)
    page = shown("window-figures")
    assert (
        f"{today().year}年信访工作年度报告" in page
        and " 7 " in page
        and url("window-figures") in Client().get(url("window")).content.decode()
    )
    submitted(Client(), subject="之后的一件")
    assert shown("window-figures") == page
    answer = Client().get(url("window-report"))
    assert answer.content.startswith(b"%PDF") and "attachment" in answer["Content-Disposition"]
    assert Client().get(url("window-report")).content == answer.content


def test_small_numbers_are_covered() -> None:
    for n in range(2):
        submitted(Client(), subject=f"第{n}件")
    finish(Period(Span.YEAR, today().year))
    page = shown("window-figures")
    assert "合计（不含检举控告） * 0 *" in page, "only the department's own punctuality is told"


def test_seals_are_published_to_be_compared() -> None:
    submitted(Client())
    make_seal(today())
    assert Seal.objects.get().hash in shown("window-figures")


def test_the_leaflet_has_what_the_department_said_of_itself_and_nothing_empty() -> None:
    page = shown("window-leaflet")
    assert public_key_id() in page and "电话 " not in page and "扫码" not in page
    say(contact_phone="0471-6280001", address="呼和浩特市某街1号", reception_hours="工作日9:00—11:30")
    with override_settings(WINDOW_URL="https://xf.example.cn/window"):
        page = shown("window-leaflet")
        assert "<svg" in Client().get(url("window-leaflet")).content.decode()
    for words in ("0471-6280001", "呼和浩特市某街1号", "工作日9:00—11:30", "https://xf.example.cn/window"):
        assert words in page
    assert "收到之日起15日" in page and "请求复查" in page


@pytest.mark.parametrize("name", PUBLIC)
def test_the_first_view_is_small_and_comes_from_here_alone(name: str) -> None:
    """On a slow line: the page with every style and script that it loads, as they travel."""
    page = Client().get(url(name)).content.decode()
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    sizes = {"page": len(gzip.compress(page.encode()))}
    while files:
        sizes |= {file: len(gzip.compress(_static(file))) for file in files}
        imported = {i for file in files if file.endswith(".js") for i in _imports(file)}
        files = imported - set(sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def _static(address: str) -> bytes:
    found: Any = finders.find(address.removeprefix("/static/"))
    with pathlib.Path(found).open("rb") as file:
        return file.read()


def _imports(address: str) -> list[str]:
    folder = address.rpartition("/")[0]
    names = re.findall(r'import (?:[^;"]* from )?"\./([\w.]+)"', _static(address).decode())
    return [f"{folder}/{name}" for name in names]
