"""Words and numbers of a ledger in ours: channels, states, people, telephones, ID numbers, units, categories."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from xinfang.procedure.words import Channel

_CHANNELS = (
    (Channel.ONLINE, ("网络", "网上", "网信", "留言", "邮件", "邮箱", "信箱", "互联网", "微信", "平台", "网站")),
    (Channel.VISIT, ("来访", "走访", "上访", "接访", "个访", "集访", "集体访", "到访", "访")),
    (Channel.PHONE, ("来电", "电话", "热线")),
    (Channel.FAX, ("传真",)),
    (Channel.LETTER, ("来信", "书信", "信函", "信件", "写信", "群众信", "信")),
)
_ENDED = re.compile(r"(已|全部)?(办结|结案|完结|完成|答复|回复|办完|归档|销号|处理完毕|办理完毕|结|是|√|✓|Y|yes)", re.I)
_OPEN = re.compile(
    r"(正在|尚)?(在办|办理中|处理中|未办结|未结|待办|待处理|未完成|未答复|未回复|待答复|否|×|进行中|调查中|N|no)", re.I
)
_NOBODY = {"", "无", "不详", "未知", "—", "-", "/", "无名", "未留", "未留姓名"}
_ANONYMOUS = {"匿名", "匿名信", "匿名人", "匿名群众"}
_NAMES_LONGER = 20
MAX_PERSONS = 5
_NO_ANSWER = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "未答复",
        "未回复",
        "待答复",
        "待回复",
        "待处理",
        "办理中",
        "处理中",
        "在办",
        "未办结",
        "正在办理",
    ]
)


def folded(text: str) -> str:
    """Return a text in half width, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def channel_of(text: str) -> Channel:
    """Return which channel a word means.

    Raises:
        ValueError: none of ours, or more than one.
    """
    word = folded(text)
    for channel, names in _CHANNELS:
        if any(name == word for name in names) or word == channel.label:
            return channel
    found = [channel for channel, names in _CHANNELS if any(name in word for name in names if len(name) > 1)]
    if len(found) != 1:
        raise ValueError("不是来信、来访、来电、网络、传真之一")
    return found[0]


def is_ended(text: str) -> bool | None:
    """Tell whether a state means that the matter is over; None where nothing is said.

    Raises:
        ValueError: the word says neither.
    """
    word = folded(text)
    if not word:
        return None
    if _OPEN.fullmatch(word):
        return False
    if _ENDED.fullmatch(word):
        return True
    raise ValueError("看不出是否已经办结，请写“办结”或者“在办”")


def is_answer(text: str) -> bool:
    """Tell whether this can be an answer: not a blank, a dash, or a word for “none yet”."""
    words = "".join(c for c in text if c.isalnum())
    return bool(words) and words not in _NO_ANSWER


@dataclass(frozen=True, slots=True)
class Names:
    """Who a cell names: at most five, how many there are, and whether it says that nobody gave a name."""

    names: tuple[str, ...]
    people: int
    anonymous: bool


def names_of(text: str) -> Names:
    """Return the people of a cell such as “张三、李四”, “王五等 12 人”, “匿名”.

    Raises:
        ValueError: there are more names than a group has representatives, or no names at all in a long text.
    """
    shown = " ".join(unicodedata.normalize("NFKC", text).split())
    if folded(shown) in _ANONYMOUS:
        return Names((), 1, True)
    if folded(shown) in _NOBODY:
        return Names((), 1, False)
    several = re.fullmatch(r"(.*?)等?\s*(\d{1,5})\s*(?:人|名)(?:群众)?", shown)
    people = int(several[2]) if several else 1
    names = [n.strip() for n in re.split(r"[、,;/]", several[1] if several else shown) if n.strip()]
    names = [n.removesuffix("等") for n in names]
    if any(len(n) > 100 for n in names):
        raise ValueError("太长，不像是姓名")
    if len(names) > MAX_PERSONS:
        return Names(tuple(names[:MAX_PERSONS]), max(people, len(names)), False)
    return Names(tuple(names), max(people, len(names), 1), False)


def phone_of(text: str) -> str:
    """Return a telephone number, or several, as they are written.

    Raises:
        ValueError: the digits are too few or too many.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    if folded(shown) in _NOBODY:
        return ""
    for number in re.split(r"[、,;/]|\s{2,}|(?<=\d{11})\s", shown):
        digits = re.sub(r"\D", "", re.split("转|分机|\\(|ext", number)[0]).removeprefix("86")
        mobile = digits.startswith("1") and len(digits) > 8
        if digits and (len(digits) != 11 if mobile else not 7 <= len(digits) <= 12):
            raise ValueError(f"有 {len(digits)} 位数字，不是电话号码")
    return shown[:40]


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number_of(text: str) -> str:
    """Return an ID number; of a citizen's with its check digit right.

    Raises:
        ValueError: it has 18 digits and the last one doesn't fit, or 16 or 17.
    """
    number = folded(text).upper()
    if number in _NOBODY:
        return ""
    if re.fullmatch(r"\d{17}[\dX]", number):
        if "10X98765432"[sum(int(n) * w for n, w in zip(number, _WEIGHTS, strict=False)) % 11] != number[17]:
            raise ValueError("校验位不符，号码有误")
    elif re.fullmatch(r"\d+X?", number) and len(number) != 15:
        raise ValueError(f"有 {len(number)} 位，身份证号应为 18 位")
    return number[:40]


def people_in(text: str) -> int:
    """Return a number of people such as 3, 3人, 三; 1 where nothing is said.

    Raises:
        ValueError: it is no number.
    """
    word = folded(text).rstrip("人名")
    if not word:
        return 1
    counted = "一二三四五六七八九十".find(word) + 1
    if counted:
        return counted
    if not word.isdecimal() or not 1 <= int(word) <= 100_000:
        raise ValueError("不是人数")
    return int(word)


def matching(text: str, known: Mapping[str, str]) -> str:
    """Return the code of the one name that a text means: the same, or the only one that begins or ends alike.

    `known` are codes by name. Empty where none or several fit: nothing is guessed.
    """
    word = folded(text)
    if not word:
        return ""
    names = {folded(name): code for name, code in known.items()}
    if word in names:
        return names[word]
    near = {code for name, code in names.items() if len(word) > 1 and (name.startswith(word) or word.startswith(name))}
    return near.pop() if len(near) == 1 else ""
