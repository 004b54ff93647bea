"""Every look at the system: what has stopped, is missing, or runs out. Nothing here names a case or a person."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.utils import timezone

from xinfang.accounts.queries.duties import duties_on
from xinfang.attachments.virus_scanner import scanner_answers
from xinfang.audit.queries import latest_admin_records, latest_seal
from xinfang.audit.seals import last_positions, misdated_seals, positions_covered
from xinfang.backup.making import BACKED_UP
from xinfang.backup.rehearsal import REHEARSED
from xinfang.calendars.queries import calendar
from xinfang.core.clock import SHANGHAI, minute_text, today
from xinfang.core.disk_full import MIN_FREE_BYTES
from xinfang.department.queries import SETTINGS, effective_setting
from xinfang.exchange.models import Outgoing
from xinfang.mailbox.queries.accounting import last_look
from xinfang.notifications.models import Notification
from xinfang.petitioner_news.models import NewsMessage
from xinfang.procedure.words import STAFF_ROLES, Role
from xinfang.proof.seal_places import seal_places
from xinfang.trusted_time import queries as trusted_time
from xinfang.vault import data_folder
from xinfang.vault.key_shares import last_shares
from xinfang.vault.keys import KeyMissing, keyring_on_disk
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.vault.wrapped_keys import COLUMN, models_with_wrapped_keys, rows_with_keys

from .check import Check, Severity

SEES_STATUS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
"""Who finds all this on a page."""
SWEEP_AGE = timedelta(hours=1)
"""A sweep is meant to run every five minutes."""
DAILY_AGE = timedelta(hours=26)
"""What is meant to happen each day: a seal, a backup."""
REHEARSAL_AGE = timedelta(days=8)
WAITING_MAIL_AGE = timedelta(hours=1)
MAILBOX_AGE = timedelta(hours=1)
"""The mailbox is looked into by each sweep."""
WAITING_EXCHANGE_AGE = timedelta(hours=24)
LITTLE_DISK = 0.1
"""The share of the disk that should be free."""
CERTIFICATE_REMARK, CERTIFICATE_FAULT = timedelta(days=30), timedelta(days=7)
NEEDED_DUTIES = tuple(r for r in STAFF_ROLES if r not in (Role.COUNTER, Role.SUPPORT_CENTRE))
"""Duties without which something of the procedure can be done by nobody."""
NEEDED_SETTINGS = ("review_body", "address", "contact_phone", "inquiry_ways")
"""Settings that papers for petitioners show (条例18, 35)."""
NEXT_YEAR_FROM_MONTH = 12
"""The schedule of a year is published in November of the year before."""
_log = structlog.get_logger(__name__)


def checks(now: datetime | None = None) -> list[Check]:
    """Look at everything once, in the order of `LABELS` (about 15 small queries). `now` is an aware time.

    What can't be looked at is a fault of its own: a database that doesn't answer hides the rest.
    """
    now = now or timezone.now()
    found: list[Check] = []
    for look in _LOOKS:
        try:
            if check := look(now):
                found.append(check)
        except DatabaseError as e:
            _log.error("database_unwell", error=type(e).__name__)
            found.append(Check("database", Severity.FAULT, f"数据库没有应答（{type(e).__name__}）。请检查数据库服务。"))
            break
    return found


def worst(found: list[Check]) -> Severity:
    """Return the worst level among them."""
    return max((c.level for c in found), default=Severity.WELL)


def _database(now: datetime) -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Check("database", Severity.WELL, "SQLite" if connection.vendor == "sqlite" else "PostgreSQL")


def migrations_waiting() -> int:
    """Return how many migrations aren't applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrations(now: datetime) -> Check:
    if waiting := migrations_waiting():
        return Check("migrations", Severity.FAULT, f"有 {waiting} 项升级未执行，请运行 xinfang migrate。", waiting)
    return Check("migrations", Severity.WELL, "已是最新", 0)


def wrong_with_keys() -> str:
    """Return why the personal data couldn't be read after the next start, or nothing.

    Of each table only the oldest and the newest key are tried, which takes no time; `xinfang key show` counts them all.
    """
    try:
        ring = keyring_on_disk()
        for label, wrapped in _samples():
            try:
                ring.unwrap(wrapped)
            except DecryptionFailed:
                _log.error("keys_do_not_fit", table=label)
                return "主密钥与数据库不符"
    except KeyMissing as e:
        _log.error("keys_missing", why=str(e))
        return "主密钥缺失或不能使用"
    return ""


def _samples() -> Iterator[tuple[str, bytes]]:
    """Yield wrapped record keys: the oldest and the newest of each kind of record."""
    for model in models_with_wrapped_keys():
        keys = rows_with_keys(model).values_list(COLUMN, flat=True)
        for order in ("pk", "-pk"):
            wrapped = keys.order_by(order).first()
            if wrapped is not None:
                yield model._meta.label, bytes(wrapped)


def _keys(now: datetime) -> Check:
    if wrong := wrong_with_keys():
        return Check("keys", Severity.FAULT, f"{wrong}。请放回密钥文件夹，或用份额恢复（xinfang key recover）。")
    return Check("keys", Severity.WELL, f"共 {len(keyring_on_disk().versions)} 版，与数据库相符")


def _shares(now: datetime) -> Check | None:
    try:
        newest = keyring_on_disk().newest
    except KeyMissing:
        return None  # said by the keys themselves
    made = last_shares()
    do = "请运行 xinfang key shares，打印后分别交人保管"
    if made is None:
        return Check("shares", Severity.FAULT, f"还没有制作过密钥份额，密钥文件夹一旦损坏，内容就无法恢复。{do}。")
    if made.newest < newest:
        return Check("shares", Severity.FAULT, f"轮换主密钥后还没有重新制作份额，第 {newest} 版不在份额之内。{do}。")
    return Check("shares", Severity.WELL, f"{minute_text(made.at)} 制作，共 {made.of} 份，凑够 {made.need} 份即可恢复")


def open_to_others() -> str:
    """Say what of the data folder other users of the machine can read; empty if nothing. The log names the place."""
    if found := data_folder.problem_with(Path(settings.DATA), besides=Path(settings.KEYS_DIR)):
        _log.error("data_folder_open", why=found[0])
        return "数据文件夹或其中的文件对其他用户开放"
    return ""


def _folder(now: datetime) -> Check:
    if wrong := open_to_others():
        return Check("folder", Severity.FAULT, f"{wrong}。日志中写明了是哪里；请收回权限（chmod -R go-rwx）。")
    return Check("folder", Severity.WELL, "只有运行本系统的用户可以读取")


def _disk(now: datetime) -> Check:
    usage = shutil.disk_usage(Path(settings.DATA))
    says = f"剩余 {usage.free / 2**30:.1f} GB（{usage.free / usage.total:.0%}）"
    if usage.free < MIN_FREE_BYTES:
        return Check("disk", Severity.FAULT, f"{says}，已不能保存。请清理磁盘。", usage.free)
    if usage.free < usage.total * LITTLE_DISK:
        return Check("disk", Severity.REMARK, f"{says}，请尽早清理或扩容。", usage.free)
    return Check("disk", Severity.WELL, says, usage.free)


def _clock(now: datetime) -> Check:
    if doubt := trusted_time.clock_doubt(now):
        return Check("clock", Severity.FAULT, doubt.sentence)
    if remarks := misdated_seals(now):
        return Check("clock", Severity.REMARK, " ".join(remarks))
    return Check("clock", Severity.WELL, "可信")


def _sweep(now: datetime) -> Check:
    return _regular(
        "sweep", trusted_time.trusted_now(), now, SWEEP_AGE, "没有巡查，到期就没有人提醒。请检查 xinfang sweep 的服务。"
    )


def _seal(now: datetime) -> Check:
    seal = latest_seal()
    if seal and last_positions() == positions_covered(seal):
        return Check("seal", Severity.WELL, f"上次 {minute_text(seal.made_at)}，此后没有新的记录")
    return _regular("seal", seal.made_at if seal else None, now, DAILY_AGE, "封印由巡查进行，请检查巡查的服务。")


def _seals_sent(now: datetime) -> Check:
    places = seal_places(now)
    if not places:
        says = "没有设置封印外送的地方，管理数据库的人改动全部记录时无从比对（XINFANG_SEALS_FOLDER 等）。"
        return Check("seals_sent", Severity.REMARK, says)
    if late := [place.late for place in places if place.late]:
        return Check("seals_sent", Severity.FAULT, " ".join(late))
    sent = [place.sent_at for place in places if place.sent_at]
    says = f"送到{'、'.join(place.name for place in places)}"
    return Check("seals_sent", Severity.WELL, says, (now - min(sent)).total_seconds() if sent else None)


def _backup(now: datetime) -> Check:
    made = latest_admin_records(BACKED_UP, 1).first()
    return _regular("backup", made.at if made else None, now, DAILY_AGE, "请检查备份的定时任务（xinfang backup）。")


def _rehearsal(now: datetime) -> Check:
    done = latest_admin_records(REHEARSED, 1).first()
    do = "请检查演练的定时任务（xinfang rehearse）。"
    if done and not done.detail.get("whole"):
        age = (now - done.at).total_seconds()
        return Check("rehearsal", Severity.FAULT, f"{minute_text(done.at)} 的演练没有通过，备份可能不能恢复。{do}", age)
    check = _regular("rehearsal", done.at if done else None, now, REHEARSAL_AGE, do)
    if done and check.level is Severity.WELL:
        lasted = f"{done.detail['petitions']} 件、{done.detail['minutes']} 分钟"
        return Check(
            "rehearsal", Severity.WELL, f"上次证明可恢复：{minute_text(done.at)}，{lasted}，丢失 0", check.measured
        )
    return check


def _regular(code: str, last: datetime | None, now: datetime, most: timedelta, do: str) -> Check:
    """Judge what should have happened lately."""
    if last is None:
        return Check(code, Severity.FAULT, f"还从来没有进行过。{do}")
    age = now - last
    if age > most:
        return Check(
            code, Severity.FAULT, f"上次是 {minute_text(last)}，已过去 {_long(age)}。{do}", age.total_seconds()
        )
    return Check(code, Severity.WELL, f"上次 {minute_text(last)}", age.total_seconds())


def _mail(now: datetime) -> Check | None:
    if not settings.EMAIL:
        return None
    waiting = Notification.objects.filter(mailed_at=None, mail_attempts__gt=0, read_at=None)
    told = waiting.aggregate(n=Count("pk"), since=Min("created_at"))
    do = "请检查邮件服务器和 XINFANG_EMAIL_URL"
    return _queue("mail", told["n"], told["since"], now, WAITING_MAIL_AGE, do)


def _news(now: datetime) -> Check | None:
    given_up = NewsMessage.objects.filter(state=NewsMessage.State.GIVEN_UP, told_at=None).count()
    if given_up:
        says = f"有 {given_up} 条没有发出，承办人须另行告知。请检查短信网关和邮件服务器。"
        return Check("news", Severity.FAULT, says, given_up)
    waiting = NewsMessage.objects.filter(state=NewsMessage.State.WAITING, tries__gt=0)
    told = waiting.aggregate(n=Count("pk"), since=Min("created_at"))
    return _queue("news", told["n"], told["since"], now, WAITING_MAIL_AGE, "请检查短信网关和邮件服务器")


def _mailbox(now: datetime) -> Check | None:
    if settings.MAILBOX is None:
        return None
    look = last_look()
    if look and look.failed:
        return Check("mailbox", Severity.FAULT, f"有 {look.failed} 封没有收下，日志中写明了原因。", look.failed)
    do = (look.error if look else "") or "请检查巡查的服务和邮件服务器。"
    return _regular("mailbox", look.well_at if look else None, now, MAILBOX_AGE, do)


def _exchange(now: datetime) -> Check | None:
    if not settings.REGION_URL:
        return None
    if dead := Outgoing.objects.filter(state=Outgoing.State.DEAD).count():
        says = f"有 {dead} 条多次未送达，请到“数据交换”页处理。"
        return Check("exchange", Severity.FAULT, says, dead)
    unsent = Outgoing.objects.filter(state__in=(Outgoing.State.WAITING, Outgoing.State.SENDING))
    told = unsent.aggregate(n=Count("pk"), since=Min("created_at"))
    return _queue("exchange", told["n"], told["since"], now, WAITING_EXCHANGE_AGE, "请检查到自治区系统的连接")


def _queue(code: str, count: int, since: datetime | None, now: datetime, most: timedelta, do: str) -> Check:
    """Judge what waits to be sent: nothing should wait long."""
    if since is None or now - since <= most:
        return Check(code, Severity.WELL, f"待发 {count} 条" if count else "没有积压", count)
    return Check(code, Severity.FAULT, f"有 {count} 条没有发出，最早的已等 {_long(now - since)}。{do}。", count)


def _virus_scanner(now: datetime) -> Check | None:
    if not settings.CLAMD:
        return None
    if not scanner_answers(settings.CLAMD):
        return Check("virus_scanner", Severity.FAULT, "clamd 没有应答，附件暂时都不能接收。请检查 clamd 的服务。")
    return Check("virus_scanner", Severity.WELL, "clamd 应答正常")


def _certificate(now: datetime) -> Check | None:
    if settings.CERTIFICATE is None:
        return None
    try:
        read = x509.load_pem_x509_certificate(Path(settings.CERTIFICATE).read_bytes())
    except (OSError, ValueError):
        return Check("certificate", Severity.FAULT, "XINFANG_CERTIFICATE 所指的证书读不出来，请核对路径和权限。")
    ends = read.not_valid_after_utc
    left = ends - now
    says = f"有效期至 {ends.astimezone(SHANGHAI):%Y-%m-%d}"
    if left < CERTIFICATE_FAULT:
        gone = "已经过期" if left < timedelta(0) else f"只剩 {left.days} 天"
        return Check("certificate", Severity.FAULT, f"{says}，{gone}，请立即更换。", left.total_seconds())
    if left < CERTIFICATE_REMARK:
        return Check("certificate", Severity.REMARK, f"{says}，只剩 {left.days} 天，请更换。", left.total_seconds())
    return Check("certificate", Severity.WELL, says, left.total_seconds())


def _calendar(now: datetime) -> Check:
    day, years = today(now), calendar().years
    do = "请在“放假安排”页导入国务院办公厅的通知"
    if day.year not in years:
        return Check("calendar", Severity.FAULT, f"没有 {day.year} 年的放假安排，期限都是暂定。{do}。")
    if day.month >= NEXT_YEAR_FROM_MONTH and day.year + 1 not in years:
        return Check("calendar", Severity.REMARK, f"没有 {day.year + 1} 年的放假安排，明年的期限是暂定。{do}。")
    return Check("calendar", Severity.WELL, f"已有到 {max(years)} 年的放假安排")


def _department(now: datetime) -> Check:
    held = {duty.role for duty in duties_on(today(now))}
    missing = [role.label for role in NEEDED_DUTIES if role.value not in held]
    missing += [SETTINGS[name].label for name in NEEDED_SETTINGS if not effective_setting(name)]
    if missing:
        return Check("department", Severity.REMARK, f"还没有：{'、'.join(missing)}。", len(missing))
    return Check("department", Severity.WELL, "必需的职责都有人担任，必需的设置都已填写", 0)


def _long(age: timedelta) -> str:
    if age >= timedelta(days=2):
        return f"{age.days} 天"
    if age >= timedelta(hours=2):
        return f"{age // timedelta(hours=1)} 小时"
    return f"{max(age, timedelta(0)) // timedelta(minutes=1)} 分钟"


_LOOKS: tuple[Callable[[datetime], Check | None], ...] = (
    _database,
    _migrations,
    _keys,
    _shares,
    _folder,
    _disk,
    _clock,
    _sweep,
    _seal,
    _seals_sent,
    _backup,
    _rehearsal,
    _mail,
    _news,
    _mailbox,
    _exchange,
    _virus_scanner,
    _certificate,
    _calendar,
    _department,
)
