"""What the window itself refuses, beside the rules of the steps."""

from xinfang.procedure.articles import DEPARTMENT_SETTING, REGULATION
from xinfang.procedure.rules import Reason

SIGNED_IN = Reason(
    "这台浏览器登录着工作账号，不能以信访人名义办理",
    (REGULATION[21], DEPARTMENT_SETTING),
    "请先退出工作账号；工作人员代为登记的，在工作页面凭信访人本人的书面材料办理。",
    "signed_in_at_the_desk",
)
NO_NEWS_OF_A_SEALED_CASE = Reason(
    "检举控告不发提醒，以免看到您手机、邮箱的人知道",
    (REGULATION[30], DEPARTMENT_SETTING),
    "请凭编号和查询码自己来查。",
    "no_news_of_a_sealed_case",
)
