"""What this feature adds to the navigation."""

from xinfang.procedure.exports import APPROVES_EXPORTS
from xinfang.procedure.same_matter import WORKS_THROUGH_PAIRS
from xinfang.procedure.visibility import ADMINISTERS, REGISTERS_CASES, SEES_NUMBERS, SEES_PEOPLE
from xinfang.web.page_frame import NavEntry

ENTRIES = (
    NavEntry(10, "我的待办", "inbox"),
    NavEntry(20, "登记来件", "register", REGISTERS_CASES, key="r"),
    NavEntry(30, "全部事项", "petitions"),
    NavEntry(35, "疑似同事清单", "likely-pairs", WORKS_THROUGH_PAIRS),
    NavEntry(50, "期限看板", "boards"),
    NavEntry(125, "导出审批", "exports", APPROVES_EXPORTS),
    NavEntry(210, "规程", "procedure"),
    NavEntry(220, "工作日历", "calendar"),
    NavEntry(225, "本厅设定的数字", "numbers", SEES_NUMBERS),
    NavEntry(230, "内容分类", "categories", ADMINISTERS),
    NavEntry(240, "单位与人员", "people", SEES_PEOPLE),
)
