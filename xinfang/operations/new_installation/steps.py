"""What a new installation needs, one thing after the other. Each looks first at what is there, and leaves it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import xlsxwriter
from django.utils import timezone

from xinfang.accounts.actions import people, server_console
from xinfang.accounts.actions.passwords import ONE_TIME_HOURS
from xinfang.accounts.actions.staff_sheet import STAFF_COLUMNS, import_staff
from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.backup.keeping import copy_to, dated_name, kept_in
from xinfang.backup.making import make_backup
from xinfang.casework.actions.calendar_import import ScheduleDoubtful, import_year
from xinfang.core.clock import today
from xinfang.department.actions import set_setting
from xinfang.department.queries import SETTINGS, effective_setting
from xinfang.procedure.words import STAFF_ROLES, Role
from xinfang.vault.key_shares import last_shares, split_keys

from .answers import Answers, WrongAnswers

Say = Callable[[str], None]


def set_up(answers: Answers, say: Say, show: Say) -> None:
    """Do all that is answered and not there yet.

    `show` is given at once what is kept nowhere: first passwords, and shares of the keys.

    Raises:
        AdminChangeRefused: an answer isn't accepted; what was done before stays, and is left the next time.
        WrongAnswers: a schedule of holidays has questions that a person has to answer.
        CannotBackUp: the first backup couldn't be made.
        OSError: a folder can't be written.
    """
    _administrators(answers, say, show)
    _settings(answers, say)
    _people(answers, say)
    _holidays(answers, say)
    if answers.shares and last_shares() is None:
        of, need = answers.shares
        say(f"密钥份额共 {of} 份，凑够 {need} 份即可恢复。请分别打印或抄写，各交一人保管，不要存在本机或放在一处：")
        for share in split_keys(of, need):
            show(share)
    _first_backup(answers, say)


def _administrators(answers: Answers, say: Say, show: Say) -> None:
    for one in answers.administrators:
        staff = Staff.objects.filter(username__iexact=one.username).first()
        if staff is None:
            staff = people.add_staff(username=one.username, name=one.name, by=None)
            say(f"已新增人员：{staff.name}（{staff.get_username()}）。")
        if not Duty.objects.on(today()).filter(staff=staff, role=one.role).exists():
            duty = server_console.add_duty(staff, role=one.role, unit=None, since=None, until=None)
            say(f"已定职责：{staff.name}，{duty.get_role_display()}。")
        if not staff.has_usable_password() and staff.last_login is None:
            show(f"{staff.name}的一次性密码：{server_console.give_one_time_password(staff)}")
            say(f"只显示这一次。请当面交给本人，{ONE_TIME_HOURS} 小时内有效，登录后须立即改成自己的密码。")


def _settings(answers: Answers, say: Say) -> None:
    changed = [(name, value) for name, value in answers.settings if effective_setting(name) != value]
    for name, value in changed:
        set_setting(name, value, reason="安装", by=None)
    if changed:
        say(f"已填写设置 {len(changed)} 项：{'、'.join(SETTINGS[name].label for name, _ in changed)}。")


def _people(answers: Answers, say: Say) -> None:
    if answers.people is None:
        return
    done = import_staff(answers.people)
    say(f"人员表：新增单位 {done.units} 个、人员 {done.people} 名、职责 {done.duties} 项，已有职责 {done.already} 项。")
    if done.account:
        say(str(done.account))


def _holidays(answers: Answers, say: Say) -> None:
    for file in answers.holidays:
        try:
            report = import_year(file, by=None, origin=file.name, year=None, sheets=(), agreed=())
        except ScheduleDoubtful as e:
            raise WrongAnswers(
                *e.questions, f"核对无误的，请先运行 xinfang calendar import {file} --confirmed，再继续安装。"
            ) from None
        say(f"已导入{'、'.join(f'{y}年' for y in report.years)}放假安排（{report.days} 天）。")


def _first_backup(answers: Answers, say: Say) -> None:
    if answers.backups is None or kept_in(answers.backups):
        return
    made = make_backup(answers.backups / dated_name(timezone.now()), lambda _: None)
    say(f"已写好第一份备份：{made.file}。")
    if answers.backups_elsewhere:
        copied = copy_to(Path(made.file), answers.backups_elsewhere, made.sm3)
        say(f"已复制到 {copied}。")


_EXAMPLES = (
    ("office", "办公室", "办公室", "", "", "", "", "", ""),
    ("funds", "资源配置与经费处", "处室", "", "", "", "", "", ""),
)


def people_template() -> bytes:
    """Return an empty sheet of people: the columns, two units as examples, and what kinds and duties there are."""
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet, bold = book.add_worksheet("人员"), book.add_format({"bold": True})
        sheet.write_row(0, 0, [names[0] for names in STAFF_COLUMNS.values()], bold)
        for place, row in enumerate(_EXAMPLES, 1):
            sheet.write_row(place, 0, row)
        sheet.set_column(0, len(STAFF_COLUMNS) - 1, 16)
        help_sheet = book.add_worksheet("说明")
        lines = [
            "每行一个单位或一名人员；同一单位写几行时，单位和类型可只写一次。",
            f"单位类型：{'、'.join(Unit.Kind.labels)}",
            f"职责（几项用、隔开）：{'、'.join(r.label for r in STAFF_ROLES)}",
            f"{Role.UNIT_HEAD.label}、{Role.HANDLER.label}在所在行的单位任职。",
            "分管领导写用户名或姓名，须在表中有“分管厅领导”职责。",
        ]
        help_sheet.write_column(0, 0, lines)
    return held.getvalue()
