"""The answers of a new installation in a text file, so that it can be prepared, looked at by others and used again."""

import configparser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xinfang.department.queries import SETTINGS
from xinfang.procedure.administrators import THREE_ADMINISTRATORS
from xinfang.procedure.errors import XinfangError
from xinfang.vault.key_shares import MAX_SHARES

_LABELS = {spec.label: name for name, spec in SETTINGS.items()}
_PARTS: Mapping[str, tuple[str, ...]] = {
    **{role.label: ("用户名", "姓名") for role in THREE_ADMINISTRATORS},
    "人员表": ("文件",),
    "放假安排": ("文件",),
    "份额": ("共几份", "凑够几份"),
    "备份": ("文件夹", "第二处"),
    "设置": tuple(_LABELS),
}
"""What may be answered, by part."""


class WrongAnswers(XinfangError):
    """The file can't be used; `sentences` says everything that is wrong."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Administrator:
    """One of the three first administrators."""

    role: str
    username: str
    name: str


@dataclass(frozen=True)
class Answers:
    """What was answered. What was left out is None or empty, and is left to the pages."""

    administrators: tuple[Administrator, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    """Settings of the department by name, with their values."""
    people: Path | None = None
    holidays: tuple[Path, ...] = ()
    shares: tuple[int, int] | None = None
    """How many shares of the keys, and how many restore them."""
    backups: Path | None = None
    backups_elsewhere: Path | None = None


def read_answers(file: Path) -> Answers:
    """Read a file of answers; names of files in it are looked for beside it. What is empty counts as not answered.

    Raises:
        WrongAnswers: it can't be read, or says something that isn't asked; with everything that is wrong.
    """
    read = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    try:
        read.read_string(file.read_text("utf-8-sig"), file.name)
    except OSError as e:
        raise WrongAnswers(f"无法读取 {file}：{e.strerror}。") from None
    except (configparser.Error, UnicodeDecodeError):
        raise WrongAnswers(
            f"{file} 不是可以读取的答案文件（UTF-8，[部分] 下每行“项目 = 内容”，不重复）。"
            "可用 xinfang setup --template 生成一份对照。"
        ) from None
    told = {part: {key: value for key, value in read[part].items() if value} for part in read.sections()}
    wrong = [f"没有名为“{part}”的部分，可写：{'、'.join(_PARTS)}。" for part in told if part not in _PARTS]
    for part in told.keys() & _PARTS.keys():
        unknown = [key for key in told[part] if key not in _PARTS[part]]
        wrong += [f"“{part}”中没有“{key}”这一项，可写：{'、'.join(_PARTS[part])}。" for key in unknown]
    backups = told.get("备份", {})
    answers = Answers(
        administrators=tuple(_administrators(told, wrong)),
        settings=tuple((_LABELS[k], v) for k, v in told.get("设置", {}).items() if k in _LABELS),
        people=next(iter(_files(told, "人员表", file, wrong)), None),
        holidays=tuple(_files(told, "放假安排", file, wrong)),
        shares=_shares(told.get("份额", {}), wrong),
        backups=_folder(backups, "文件夹", wrong),
        backups_elsewhere=_folder(backups, "第二处", wrong),
    )
    if wrong:
        raise WrongAnswers(*wrong)
    return answers


def _administrators(told: Mapping[str, Mapping[str, str]], wrong: list[str]) -> list[Administrator]:
    found = []
    for role in THREE_ADMINISTRATORS:
        one = told.get(role.label, {})
        if bool(one.get("用户名")) != bool(one.get("姓名")):
            wrong.append(f"{role.label}缺少用户名或姓名。")
        elif one.get("用户名"):
            found.append(Administrator(role.value, one["用户名"], one["姓名"]))
    if len({a.username.lower() for a in found}) < len(found):
        wrong.append("三名管理员应是三个人，用户名有重复。")
    return found


def _files(told: Mapping[str, Mapping[str, str]], part: str, beside: Path, wrong: list[str]) -> list[Path]:
    names = told.get(part, {}).get("文件", "").replace("，", "、").replace(",", "、").split("、")
    found = [beside.parent / Path(name.strip()).expanduser() for name in names if name.strip()]
    wrong += [f"“{part}”的文件 {file} 不存在。" for file in found if not file.is_file()]
    return found


def _folder(told: Mapping[str, str], key: str, wrong: list[str]) -> Path | None:
    if not told.get(key):
        return None
    found = Path(told[key]).expanduser()
    if not found.is_absolute() or not found.is_dir():
        wrong.append(f"“备份”的{key} {found} 应是已经建好的文件夹，写完整路径。")
    return found


def _shares(told: Mapping[str, str], wrong: list[str]) -> tuple[int, int] | None:
    if not told:
        return None
    try:
        of, need = int(told.get("共几份", "")), int(told.get("凑够几份", ""))
    except ValueError:
        of = need = 0
    if 2 <= need <= of <= MAX_SHARES:
        return of, need
    wrong.append(f"“份额”请写“共几份”（最多 {MAX_SHARES}）和“凑够几份”（至少 2，不超过总数）。")
    return None


_TEMPLATE = """\
# 新装系统的答案文件。改好后运行：xinfang setup --answers 本文件
# 可以中断后再运行：已经有的不会重做，也不会改动。空着的项目以后可以在页面上补。

# 三名管理员须是三个人，都不办理信访事项。
[系统管理员]
用户名 =
姓名 =
[安全管理员]
用户名 =
姓名 =
[审计员]
用户名 =
姓名 =

# 单位、人员和职责；空表用 xinfang setup --people-template 文件.xlsx 生成。
[人员表]
文件 =

# 国务院办公厅通知整理成的工作簿，几个用、隔开；随程序发布的年份不用写。
[放假安排]
文件 =

# 主密钥的纸质份额，分别交人保管；丢失密钥文件夹后靠它恢复。
[份额]
共几份 = 5
凑够几份 = 3

# 每天的备份写到哪个文件夹（完整路径）；第二处最好在另一台机器上。
[备份]
文件夹 =
第二处 =

# 印在告知书、意见书上的内容，空着的用默认值。
[设置]
"""


def template() -> str:
    """Return an empty file of answers, with every setting and what it is for."""
    return _TEMPLATE + "\n".join(f"# {spec.help}\n{spec.label} =" for spec in SETTINGS.values()) + "\n"
