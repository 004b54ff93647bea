"""Asks at the terminal for what a new installation needs and hasn't got yet."""

from collections.abc import Callable
from pathlib import Path

from xinfang.accounts.models import Duty
from xinfang.core.clock import today
from xinfang.department.queries import SETTINGS, effective_setting
from xinfang.procedure.administrators import THREE_ADMINISTRATORS
from xinfang.vault.key_shares import last_shares

from .answers import Administrator, Answers

Prompt = Callable[[str], str]
_NEEDED = (
    "review_body",
    "address",
    "contact_phone",
    "reception_place",
    "reception_hours",
    "inquiry_ways",
    "incident_phone",
)
_OF, _NEED = 5, 3


def ask_for_answers(ask: Prompt) -> Answers:
    """Prompt for what isn't there yet; an empty answer leaves it to the pages. What is there already isn't asked."""
    return Answers(
        administrators=tuple(_administrators(ask)),
        settings=tuple(_settings(ask)),
        people=_file(ask, "人员表的文件（没有就按回车；空表用 xinfang setup --people-template 生成）："),
        shares=_shares(ask),
        backups=_folder(ask, "每天的备份写到哪个文件夹（完整路径，没有就按回车）："),
        backups_elsewhere=_folder(ask, "第二处备份的文件夹，最好在另一台机器上（没有就按回车）："),
    )


def _administrators(ask: Prompt) -> list[Administrator]:
    found: list[Administrator] = []
    for role in THREE_ADMINISTRATORS:
        if Duty.objects.on(today()).filter(role=role.value).exists():
            continue
        username = ask(f"{role.label}的用户名（字母开头；三名管理员须是三个人）：")
        if username:
            found.append(Administrator(role.value, username, ask(f"{role.label}的姓名：")))
    return found


def _settings(ask: Prompt) -> list[tuple[str, str]]:
    found = []
    for name in _NEEDED:
        spec = SETTINGS[name]
        if effective_setting(name) == spec.default and (value := ask(f"{spec.label}（{spec.help}）：")):
            found.append((name, value))
    return found


def _file(ask: Prompt, question: str) -> Path | None:
    while answer := ask(question):
        if (found := Path(answer).expanduser()).is_file():
            return found
        question = f"{found} 不存在，请再写一次（没有就按回车）："
    return None


def _folder(ask: Prompt, question: str) -> Path | None:
    while answer := ask(question):
        found = Path(answer).expanduser()
        if found.is_absolute() and found.is_dir():
            return found
        question = f"{found} 不是已经建好的文件夹，请写完整路径（没有就按回车）："
    return None


def _shares(ask: Prompt) -> tuple[int, int] | None:
    if last_shares() is not None:
        return None
    agreed = ask(f"现在制作主密钥的纸质份额吗？共 {_OF} 份，凑够 {_NEED} 份即可恢复（是/否）：")
    return (_OF, _NEED) if agreed in ("是", "y", "Y", "yes") else None
