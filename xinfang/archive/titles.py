"""题名: what a volume is called, 关于×××反映……的信访案卷."""

from collections.abc import Iterable

from xinfang.cases.models import Petition, Petitioner
from xinfang.papers.wording.case_data import NOBODY_NAMED
from xinfang.procedure.words import PersonRole

_SAYS_IT_ITSELF = (
    *("反映", "请求", "要求", "申请", "建议", "提出", "咨询", "询问", "投诉", "举报", "检举", "控告"),
    *("申诉", "请示", "希望", "质疑", "补充", "不服", "对", "再次", "多次", "继续"),
)
"""How a subject begins that needs no 反映 before it."""
_MOST_NAMES = 3


def volume_title(petition: Petition, petitioners: Iterable[Petitioner], *, apart: bool) -> str:
    """Return the title of a volume; that of a sealed one names neither the person nor the subject."""
    if apart or petition.sealed:
        return f"关于{petition.number}号信访事项的信访案卷（密封卷）"
    subject = petition.subject.strip().rstrip("。；，.;,").removeprefix("关于")
    said = subject if subject.startswith(_SAYS_IT_ITSELF) else f"反映{subject}"
    return f"关于{petitioners_named(petition, petitioners)}{said}的信访案卷"


def petitioners_named(petition: Petition, petitioners: Iterable[Petitioner]) -> str:
    """Return who petitions, without those who act for them: 甲、乙 or 甲等8人; 信访人 where nobody is named."""
    names = [p.full_name for p in petitioners if p.role != PersonRole.AGENT.value and p.full_name]
    if not names:
        return NOBODY_NAMED
    people = max(petition.group_size, len(names))
    return f"{names[0]}等{people}人" if people > len(names) or people > _MOST_NAMES else "、".join(names)
