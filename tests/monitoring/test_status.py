"""What stops, is missing or runs out is told: by command and page, to what watches, to administrators once a day."""

import json
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import as_, make_department, register
from xinfang.accounts.models import Duty, Staff
from xinfang.audit.actions import audit_log
from xinfang.backup.making import BACKED_UP
from xinfang.backup.rehearsal import REHEARSED
from xinfang.calendars import queries as calendars
from xinfang.calendars.models import CalendarYear
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.department.actions import set_setting
from xinfang.department.models import EffectiveSetting
from xinfang.exchange.models import Outgoing
from xinfang.mailbox.models import MailboxLook
from xinfang.monitoring import queries
from xinfang.monitoring.actions import give_sign_of_life, tell_faults
from xinfang.monitoring.check import LABELS, Severity
from xinfang.monitoring.metrics import serve_metrics
from xinfang.notifications.models import Notification
from xinfang.operations.actions import key_rotation
from xinfang.operations.main import main
from xinfang.petitioner_news.models import NewsConsent, NewsMessage
from xinfang.proof.actions.seal_copies import send_seals
from xinfang.proof.actions.sealing import make_seal
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.vault.key_shares import split_keys

pytestmark = pytest.mark.django_db
DRILL = {"whole": True, "petitions": 1, "events": 1, "files": 0, "minutes": 0.1, "wrong": []}
ALWAYS = tuple(c for c in LABELS if c not in ("mail", "mailbox", "exchange", "virus_scanner", "certificate"))


def noted(what: str, at: datetime, **detail: Any) -> None:
    with transaction.atomic():
        audit_log.record(None, what, "xinfang-20260301-010000.backup", at, **detail)


@pytest.fixture
def well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> datetime:
    """A system in production with which nothing is wrong."""
    settings.KEYS_DIR = tmp_path / "keys"
    make_department()
    register(today())
    now = timezone.now()
    set_trusted_time(now)
    # In December the schedule of the next year is asked for.
    CalendarYear.objects.create(year=today().year + 1, source="试验", imported_at=now, recounted_at=now)
    split_keys(5, 3)
    noted(BACKED_UP, now)
    noted(REHEARSED, now, **DRILL)
    for name in queries.NEEDED_SETTINGS:
        set_setting(name, "某路2号", by=None)
    make_seal(today())
    settings.SEALS_FOLDER = tmp_path
    send_seals(now)
    settings.MODE = "production"
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _: Usage(100 * 2**30, 50 * 2**30))
    return timezone.now()


class Usage:
    def __init__(self, total: int, free: int) -> None:
        self.total, self.free = total, free


def levels(now: datetime | None = None) -> dict[str, Severity]:
    return {c.code: c.level for c in queries.checks(now)}


def test_where_nothing_is_wrong_all_is_well_in_the_order_of_the_page(well: datetime) -> None:
    found = levels()
    assert tuple(found) == ALWAYS
    assert set(found.values()) == {Severity.WELL}, [c for c in queries.checks() if c.level]


def test_what_is_looked_at_costs_few_queries(well: datetime, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(60):  # two for each kind of key
        queries.checks()


def _rotated(now: datetime) -> datetime:
    key_rotation.rotate_master_key()
    return now


def _no_shares(now: datetime) -> datetime:
    (Path(settings.KEYS_DIR) / "shares.json").unlink()
    return now


def _no_keys(now: datetime) -> datetime:
    (Path(settings.KEYS_DIR) / "master-00001.key").unlink()
    return now


def _mailbox_unread(now: datetime) -> datetime:
    settings.MAILBOX = {"host": "127.0.0.1"}
    MailboxLook.objects.create(box="x", at=now, well_at=now - timedelta(hours=2), error="连不上邮件服务器。")
    return now


def _later(**by: int) -> Callable[[datetime], datetime]:
    return lambda now: now + timedelta(**by)


def _not_sealed(now: datetime) -> datetime:
    register(today())
    return now + timedelta(hours=27)


def _seals_not_sent(now: datetime) -> datetime:
    settings.SEALS_FOLDER = Path(settings.KEYS_DIR) / "not mounted"
    register(today())
    make_seal(today())
    send_seals(now)
    return now


def _failed_drill(now: datetime) -> datetime:
    noted(REHEARSED, now, **DRILL | {"whole": False, "wrong": ["备份文件已损坏"]})
    return now


def _mail_waits(now: datetime) -> datetime:
    settings.EMAIL = {"EMAIL_HOST": "localhost"}
    Notification.objects.create(
        staff=Staff.objects.first(), kind="task", text="甲", created_at=now - timedelta(hours=2), mail_attempts=3
    )
    return now


def _news_given_up(now: datetime) -> datetime:
    case = Petition.objects.get()
    wish = NewsConsent.objects.create(petition=case, place=1, at=now)
    NewsMessage.objects.create(
        petition=case, consent=wish, way="sms", key="k", state="given_up", created_at=now, next_try=now
    )
    return now


def _exchange_waits(now: datetime) -> datetime:
    settings.REGION_URL = "https://region.example.cn"
    Outgoing.objects.filter(petition=Petition.objects.get()).delete()
    Outgoing.objects.create(
        key="k", petition=Petition.objects.get(), seq=1, kind="entry", created_at=now - timedelta(days=2), next_try=now
    )
    return now


def _scanner_gone(now: datetime) -> datetime:
    settings.CLAMD = str(Path(settings.KEYS_DIR).parent / "clamd.socket")
    return now


def _certificate_ends(now: datetime) -> datetime:
    settings.CERTIFICATE = certificate(Path(settings.KEYS_DIR).parent, now + timedelta(days=3))
    return now


def certificate(folder: Path, ends: datetime) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xinfang")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(ends - timedelta(days=90)).not_valid_after(ends)
    file = folder / "certificate.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def _disk_full(now: datetime) -> datetime:
    queries.shutil.disk_usage = lambda _: Usage(100 * 2**30, 2**20)
    return now


def _no_calendar(now: datetime) -> datetime:
    return now.replace(year=max(calendars.calendar().years) + 1, month=1, day=9)


def _open_folder(now: datetime) -> datetime:
    queries.data_folder.problem_with = lambda *_, **__: ("folder", "755")
    return now


FAULTS: dict[str, tuple[Callable[[datetime], datetime], str]] = {
    "keys": (_no_keys, "主密钥缺失或不能使用"),
    "shares": (_no_shares, "还没有制作过密钥份额"),
    "shares after a rotation": (_rotated, "第 2 版不在份额之内"),
    "folder": (_open_folder, "对其他用户开放"),
    "disk": (_disk_full, "已不能保存"),
    "clock": (_later(days=30), "可能有误"),
    "sweep": (_later(hours=3), "没有巡查，到期就没有人提醒"),
    "seal": (_not_sealed, "封印由巡查进行"),
    "seals_sent": (_seals_not_sent, "送不到另存文件夹"),
    "backup": (_later(hours=27), "备份的定时任务"),
    "rehearsal": (_later(days=9), "演练的定时任务"),
    "rehearsal that failed": (_failed_drill, "没有通过"),
    "mail": (_mail_waits, "最早的已等 2 小时"),
    "mailbox": (_mailbox_unread, "连不上邮件服务器"),
    "news": (_news_given_up, "承办人须另行告知"),
    "exchange": (_exchange_waits, "最早的已等 2 天"),
    "virus_scanner": (_scanner_gone, "clamd 没有应答"),
    "certificate": (_certificate_ends, "请立即更换"),
    "calendar": (_no_calendar, "期限都是暂定"),
}


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """What a fault changes is put back afterwards."""
    monkeypatch.setattr(queries.data_folder, "problem_with", queries.data_folder.problem_with)
    for name in ("SEALS_FOLDER", "EMAIL", "MAILBOX", "REGION_URL", "CLAMD", "CERTIFICATE"):
        setattr(settings, name, getattr(settings, name))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_says_what_to_do_and_reaches_the_administrators(
    well: datetime, restored: None, fault: str
) -> None:
    code = fault.split()[0]
    make, says = FAULTS[fault]
    before = queries.checks()
    assert code not in {c.code for c in before if c.level}
    now = make(well)
    found = {c.code: c for c in queries.checks(now)}
    assert found[code].level is Severity.FAULT and says in found[code].says
    assert not any(sign in found[code].says for sign in ("LX20", "WX20", str(settings.KEYS_DIR)))
    tell_faults(now)
    told = Notification.objects.filter(about=f"fault:{code}")
    assert {n.staff.username for n in told} == {"admin", "security"}
    tell_faults(now + timedelta(minutes=5))
    assert told.count() == 2, "once a day"


def test_all_that_is_looked_at_can_fail_here() -> None:
    """A database that is away and migrations that wait are tried below."""
    assert {f.split()[0] for f in FAULTS} | {"database", "migrations", "department"} == set(LABELS)


def test_what_is_over_is_closed_where_it_was_told(well: datetime) -> None:
    later = well + timedelta(hours=27)
    tell_faults(later)
    open_ones = Notification.objects.filter(about="fault:backup", ended_at=None)
    assert open_ones.count() == 2
    noted(BACKED_UP, later)
    tell_faults(later)
    assert not open_ones.exists()
    assert Notification.objects.filter(about="fault:backup").first().ended_why == "已恢复正常"
    assert Notification.objects.filter(about="fault:sweep", ended_at=None).exists(), "what isn't over stays"


def test_the_next_day_it_is_told_again(well: datetime) -> None:
    tell_faults(well + timedelta(hours=27))
    tell_faults(well + timedelta(hours=53))
    assert Notification.objects.filter(about="fault:backup").count() == 4


def test_of_a_demo_nobody_is_told(well: datetime, settings: Any) -> None:
    settings.MODE = "demo"
    assert tell_faults(well + timedelta(days=9)) == []
    assert not Notification.objects.filter(kind="fault").exists()


def test_a_database_that_is_away_is_the_one_fault(well: datetime, client: Client) -> None:
    def refuse(*_: Any) -> None:
        from django.db.utils import OperationalError

        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        found = queries.checks()
        assert [(c.code, c.level) for c in found] == [("database", Severity.FAULT)]
        answer = client.get(url("healthz"))
        assert answer.status_code == 503 and answer.json() == {"ok": False, "database": False}


def test_migrations_that_wait_are_a_fault(well: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "migrations_waiting", lambda: 2)
    assert levels()["migrations"] is Severity.FAULT


def test_remarks_come_before_faults(well: datetime, restored: None) -> None:
    settings.CERTIFICATE = certificate(Path(settings.KEYS_DIR).parent, well + timedelta(days=20))
    queries.shutil.disk_usage = lambda _: Usage(100 * 2**30, 5 * 2**30)
    december = well.replace(year=max(calendars.calendar().years), month=12, day=9)
    assert {levels()["certificate"], levels()["disk"], levels(december)["calendar"]} == {Severity.REMARK}
    settings.SEALS_FOLDER = None
    assert levels()["seals_sent"] is Severity.REMARK
    Duty.objects.filter(role="office_head").update(until=today() - timedelta(days=1))
    EffectiveSetting.objects.filter(name="address").delete()
    (found,) = [c for c in queries.checks() if c.code == "department"]
    assert found.level is Severity.REMARK and "办公室主任" in found.says and "厅地址" in found.says


def test_what_watches_the_machine_reads_what_has_stopped(well: datetime, client: Client) -> None:
    set_trusted_time(well - timedelta(hours=3))
    answer = client.get(url("healthz"))
    assert answer.status_code == 200 and answer.json()["faults"] == ["sweep"], "who works is sent nowhere"
    assert 3 * 3600 <= answer.json()["seconds_since"]["sweep"] < 3 * 3600 + 60


def test_the_command_prints_and_ends_with_1_where_there_is_a_fault(
    well: datetime, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MODE = "test"  # the database is a test's, and no command opens it as another
    assert main(["status"]) == 0
    assert "磁盘空间" in capsys.readouterr().out
    set_trusted_time(well - timedelta(hours=3))
    assert main(["status", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [c["check"] for c in told["checks"] if c["level"] == "fault"] == ["sweep"]


def test_prometheus_reads_levels_and_ages(well: datetime) -> None:
    server = serve_metrics("127.0.0.1", 0)
    try:
        # The server's thread doesn't see the test's transaction, so it finds another state: only the form counts.
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
    assert "# TYPE xinfang_check_level gauge" in text and 'xinfang_check_level{check="database"}' in text


@pytest.fixture
def waits_for_life() -> Iterator[tuple[str, Counter[str]]]:
    """A server that waits for a sign of life, and what it was asked."""
    asked: Counter[str] = Counter()

    class Waiting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked[self.path] += 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Waiting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/xinfang", asked
    server.shutdown()
    server.server_close()


def test_each_sweep_gives_a_sign_of_life(well: datetime, settings: Any, waits_for_life: Any) -> None:
    settings.MODE, (settings.SIGN_OF_LIFE_URL, asked) = "test", waits_for_life
    assert main(["sweep"]) == 0
    assert asked == {"/xinfang": 1}
    settings.SIGN_OF_LIFE_URL = "http://127.0.0.1:9/"
    assert give_sign_of_life() is False, "nobody there stops no sweep"
    settings.SIGN_OF_LIFE_URL = ""
    assert give_sign_of_life() is False and asked.total() == 1


def test_the_page_shows_checks_and_drills(well: datetime) -> None:
    noted(REHEARSED, well, **DRILL | {"whole": False, "wrong": ["备份文件已损坏"]})
    for person in ("admin", "security", "auditor"):
        text = as_(person).get(url("status")).content.decode()
        assert "恢复演练" in text and "没有通过" in text and "备份文件已损坏" in text and "可以恢复，丢失 0" in text
    assert as_("clerk").get(url("status")).status_code == 404
