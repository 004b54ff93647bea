"""The ends beside the long way: told, objected, forwarded, led elsewhere, refused further; through the pages."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Choice, Worker, fill, number_of
from tests.urls import url
from tests.world import proof, register, take
from xinfang.cases.models import Event
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material

CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim"}
WAITS = "已提出，等待另一人确认："
FROM_THE_BUREAU = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "内信转〔2026〕12号"}


def stands_at(worker: Worker, state: str) -> None:
    """The case is in this state, on its page: a step may have led to the next one, or back to the inbox."""
    number, page = worker.number or number_of(worker.page), worker.page
    if not re.search(f"{url('petition', number)}$", page.url):
        page.goto(url("petition", number))
    expect(page.locator(".page-head")).to_contain_text(f"现在：{state}")


def begun(worker: Worker, **changes: object) -> str:
    """A letter that came today, opened by this person; how it is registered by hand is another journey."""
    number = register(today(), **changes)
    worker.open(number)
    return number


def agreed(sign_in: Callable[[str], Worker], number: str, label: str, state: str) -> Worker:
    """Another of the office finds it among their tasks and agrees."""
    other = sign_in("clerk2")
    other.see(number)
    other.open(number)
    other.confirm(label)
    stands_at(other, state)
    return other


def test_told_to_turn_to_the_right_body(sign_in):
    clerk = sign_in("clerk")
    begun(clerk, subject="反映小区供暖温度不达标", body="家中供暖一直不到十六度，请求处理。")
    clerk.see("书面告知")
    clerk.take(
        "分类", 类别=Choice("申诉求决"), 职权="属于其他机关、单位职权", 不属本厅职权的依据="供暖由住建部门主管。"
    )
    clerk.take(
        "告知向有权机关提出",
        **{"有权处理的机关、单位": "市住房和城乡建设局", "不属本厅职权的依据": "供暖由住房城乡建设部门主管。"},
    )
    stands_at(clerk, "已告知有权机关")
    clerk.see("市住房和城乡建设局", "不属职权告知书已拟出，送签发")
    expect(clerk.page.locator("section:has(#clocks-title)"), "nobody is told yet").to_contain_text("书面告知")


def test_an_objection_is_upheld_and_the_case_goes_back(sign_in):
    clerk = sign_in("clerk")
    number = begun(clerk, **FROM_THE_BUREAU)
    clerk.take("提出异议（申请转交）", 详细理由="事项属于市级教育部门的职权。", 建议有权处理的机关="市教育局")
    stands_at(clerk, "异议待核")
    clerk.see("书面告知")  # until it is upheld the department owns the case, and its 15 days run
    proof(number, Material.OTHER_BODYS_PAPER)
    clerk.open(number)
    clerk.take(
        "异议同意",
        done=WAITS,
        答复文号="内信复〔2026〕3号",
        **{"来文机关的答复（附件序号）": "附件1（其他机关的来函、文书）"},
    )
    agreed(sign_in, number, "异议同意", "已退回")


def test_an_objection_is_not_upheld_and_the_case_stays(sign_in):
    clerk = sign_in("clerk")
    begun(clerk, **FROM_THE_BUREAU)
    clerk.take("提出异议（申请转交）", 详细理由="事项属于市级教育部门的职权。")
    clerk.take("异议不同意", 答复文号="内信复〔2026〕4号")
    stands_at(clerk, "已登记")


def test_forwarded_to_a_subordinate_department(sign_in):
    clerk = sign_in("clerk")
    number = begun(clerk)
    whose = {"类别": Choice("申诉求决"), "职权": "属于下级科技部门职权", "不属本厅职权的依据": "旗县科技局选派。"}
    clerk.take("分类", **whose)
    clerk.take(
        "转送下级科技部门",
        done=WAITS,
        **{
            "转送到（下级科技部门）": "某盟科技局",
            "该部门的地址和电话": "盟府路1号，0000-0000001",
            "属于其职责的依据": "特派员由旗县科技局选派。",
        },
    )
    agreed(sign_in, number, "转送下级科技部门", "已转送下级").see("某盟科技局")


def test_led_into_the_lawful_way(sign_in):
    clerk = sign_in("clerk")
    number = begun(clerk)
    clerk.take("分类", 类别=Choice("申诉求决"), **{"途径（申诉求决）": "（二）仲裁", "信访目的": "求决"})
    clerk.take(
        "导入法定途径并告知",
        done=WAITS,
        法定途径="劳动人事争议仲裁",
        法律依据="劳动争议调解仲裁法第二条",
        受理机关="市劳动人事争议仲裁院",
        提出期限="一年",
        说明="属于劳动人事争议。",
    )
    agreed(sign_in, number, "导入法定途径并告知", "已导入法定途径").see("市劳动人事争议仲裁院")


def test_refused_further_by_two_persons(sign_in):
    clerk = sign_in("clerk")
    number = begun(clerk)
    take(number, StepCode.CLASSIFY, "clerk", **CLAIM)
    proof(number, Material.OTHER_BODYS_PAPER)
    clerk.open(number)
    clerk.take(
        "不再受理",
        done=WAITS,
        处理意见书文号="内科信答〔2024〕5号",
        复查意见书文号="内政复查〔2024〕9号",
        复核意见书文号="国科复核〔2025〕1号",
        仍以同一事实和理由提出=True,
        说明="事实和理由与已复核终结的事项相同。",
        **{"复核意见书的扫描件（附件序号）": "附件1（其他机关的来函、文书）"},
    )
    stands_at(clerk, "已登记")
    agreed(sign_in, number, "不再受理", "不再受理")


def test_what_the_second_person_refuses_stays_as_it_was(sign_in):
    number = register(today())
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", ground="no_value", reason="像是一份广告。")
    other = sign_in("clerk2")
    other.open(number)
    fill(other.begin("存信"), {"决定": Choice("不同意"), "意见": "信末有一项诉求。"})
    other.send("不同意")
    other.see("已办理：存信")
    stands_at(other, "已登记")
    other.see("信末有一项诉求。")


def test_without_scripts_a_step_sent_twice_is_taken_once(sign_in):
    number = register(today())
    clerk = sign_in("clerk", java_script_enabled=False)
    clerk.page.goto(url("step", number, StepCode.CLASSIFY))
    fill(clerk.form, {"类别": Choice("建议意见")})
    clerk.form.locator("button[type=submit]").dblclick()
    clerk.see("已办理：分类")
    stands_at(clerk, "已登记")
    assert Event.objects.filter(code=StepCode.CLASSIFY).count() == 1
