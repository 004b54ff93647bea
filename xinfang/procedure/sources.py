"""From whom a matter came, and how its result goes back there (H5, H8, H12; N14, N22).

Only what the petition bureaus and superiors of the own system hand down may be objected to (N23): what the hotline, the
message board, or another body passes on is not, and is told on where it belongs.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .words import Source

FEEDBACK: Mapping[Source, str] = MappingProxyType(
    {
        Source.DIRECT: "直接书面告知、答复信访人。",
        Source.BUREAU_FORWARDED: "书面告知信访人，并在自治区信访信息系统录入办理情况。",
        Source.BUREAU_ASSIGNED: "按要求的日期在自治区信访信息系统反馈，并报送办结报告（“报送”，勾选“这是办结报告”）。",
        Source.SUPERIOR: "按来文要求书面反馈；要求报结果的，报送办结报告。",
        Source.LEADER_ASSIGNED: "办结后向交办的厅领导书面报告结果。",
        Source.AT_BUREAU: "与自治区信访部门对接，按其要求报送受理、办理情况。",
        Source.HOTLINE: "按工单期限在12345热线平台回填办理结果，先答复来电人再办结工单；回填的内容不写其他人的个人信息。",
        Source.MESSAGE_BOARD: "通过“领导留言板”回复，公开的文字不写姓名、联系方式和其他个人信息；涉及个人的事项另行书面告知留言人。",
        Source.DISCIPLINE: "以书面形式向转办的纪检监察机关反馈；属于检举控告的，转入密封区，由专管员移送，不通过一般公文反馈。",
        Source.CONGRESS: "以书面形式向转办的人大机关反馈办理结果，同时书面答复信访人。",
        Source.CPPCC: "以书面形式向转办的政协机关反馈办理结果，同时书面答复信访人。",
    }
)
"""How the result goes back to whom each matter came from, as the page of a case and the form of 报送 say it."""
