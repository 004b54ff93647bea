"""Forms of every kind as somebody fills them in, and what is in them afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.journeys.people import Choice, fill
from tests.urls import url
from tests.world import register, walk, who
from xinfang.cases.models import RequiredPaper
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts
from xinfang.procedure.limits import MAX_TEXT_CHARACTERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind

PARAGRAPHS = "\n".join(
    f"第{n}段：本人自2024年起担任科技特派员，在苏木服务十二个月，补助一直没有发放，去年十月问过，答复等通知。"
    for n in range(1, 9)
)

STANDS = """form => [...form.elements]
  .filter(c => c.name && !["hidden", "submit", "button", "file"].includes(c.type))
  .filter(c => !["checkbox", "radio"].includes(c.type) || c.checked)
  .map(c => [c.name, c.value.replaceAll("\\r\\n", "\\n")]).filter(([, v]) => v)"""
"""Everything a person has entered, read from the page without the scripts that are tested."""


@dataclass(frozen=True)
class Filled:
    """One form: who fills it in, where it is, how it is found, filled in and sent."""

    name: str
    who: str
    address: Callable[[], str]
    selector: str
    fill: Callable[[Page], None]
    """Every kind of field the form has; what is typed is valid."""
    more: str
    """The field for the last words."""
    spoil: str
    """What is put there so that the server refuses the form with 422."""
    done: str
    """The function that does what the form asks, to be made to fail."""
    button: str
    outbox: bool = False
    takes_file: bool = False

    def stands(self, page: Page) -> dict[str, list[str]]:
        """What is in the form now."""
        found: dict[str, list[str]] = {}
        for name, value in page.locator(self.selector).evaluate(STANDS):
            found.setdefault(name, []).append(value)
        return found

    def send(self, page: Page) -> None:
        page.locator(self.selector).get_by_role("button", name=self.button, exact=True).click()


def _register(page: Page) -> None:
    form = page.locator("#register-form")
    fill(
        form,
        {
            "是否涉密": Choice("不涉及"),
            "形式": Choice("来访"),
            "收到日期": "2026-11-02",
            "事由": "请求补发科技特派员补助",
            "内容": PARAGRAPHS,
        },
    )
    form.get_by_role("checkbox", name="口头").check()
    form.get_by_role("button", name="再加一项诉求").click()
    form.locator("[name=requests-0-text]").fill("补发2024年补助")
    form.locator("[name=requests-1-text]").fill("书面说明原因\n并告知今后发放的时间")
    fill(form, {"人数": "2"})
    form.get_by_role("button", name="再加一项信访人").click()
    for n, name in enumerate(("其木格", "额尔敦·巴雅尔")):
        form.locator(f"[name=persons-{n}-name]").fill(name)
        form.locator(f"[name=persons-{n}-phone]").fill(f"1500000000{n}")
        form.locator(f"[name=persons-{n}-address]").fill("某盟某旗")
    form.locator("[name=persons-1-role]").select_option("agent")


def _supplement(page: Page) -> None:
    form = page.locator("form[data-step-form]")
    fill(form, {"补充内容": PARAGRAPHS, "姓名、住址现已清楚，可以书面告知": True})
    for n in range(2):
        if form.locator(f"[name=requests-{n}-text]").count() == 0:
            form.get_by_role("button", name="再加一项增加的诉求").click()
        form.locator(f"[name=requests-{n}-text]").fill(f"再请求之{n}")


def _correct(page: Page) -> None:
    form = page.locator("form[data-step-form]")
    form.get_by_label("更正哪一项").select_option("name")
    fill(form, {"更正后的姓名、电话或者住址": "额尔敦·巴雅尔", "理由": PARAGRAPHS})


def _withdraw(page: Page) -> None:
    fill(page.locator("form[data-step-form]"), {"信访人说明": PARAGRAPHS})


def _supervise(page: Page) -> None:
    form = page.locator("form[data-step-form]")
    form.get_by_label("督办事由").select_option(index=1) if form.locator("select[name=ground]").count() else None
    for radio in form.locator("input[type=radio][name=ground]").all()[1:2]:
        radio.check()
    fill(form, {"督办要求": PARAGRAPHS, "反馈日期": "2027-01-15"})


def _paper(page: Page) -> None:
    box = page.locator("#text")
    box.fill(box.input_value() + PARAGRAPHS + "\n")


def _report(page: Page) -> None:
    box = page.locator("#text")
    text = box.input_value()
    for blank, words in (("报送机关", "自治区信访局"), ("签发人姓名", "白音")):
        text = text.replace(f"【待填：{blank}】", words)
    head, _, rest = text.partition("【待填：已采取")
    box.fill(head + PARAGRAPHS + rest.partition("】")[2])


def _incident(page: Page) -> None:
    form = page.locator("form[data-outbox='报告突发事件']")
    kind = form.locator("[name=kind]")
    if kind.first.evaluate("e => e.tagName") == "SELECT":
        kind.select_option("sudden_gathering")
    else:
        form.locator("[name=kind][value=sudden_gathering]").check()
    fill(form, {"地点": "厅机关一楼大厅", "大约人数": "12", "情况": PARAGRAPHS})


def _a_case(until: str = "") -> str:
    number = register(today())
    if until:
        walk(number, until, today(), 0)
    return number


def _a_paper() -> str:
    number, kind = _a_case("accepted"), PaperKind.ACCEPTANCE_NOTICE
    owed = RequiredPaper.objects.get(petition__number=number, kind=kind.value).event.seq
    paper_texts.make_paper(number, kind, by=who("clerk"), owed_by=owed)
    return url("paper", number, 1)


def _an_event() -> str:
    from tests.incidents.test_pages import do, gathering

    number = gathering().number
    do(number, "confirm", "clerk")
    return url("incident-step", number, "draft_report")


STEP = "form[data-step-form]"
FORMS = (
    Filled("registration", "clerk", lambda: url('register'), "#register-form", _register, "[name=body]",
           "长" * (MAX_TEXT_CHARACTERS + 1), "xinfang.casework.views.register.perform", "登记"),
    Filled("step with rows", "clerk", lambda: url('step', _a_case(), StepCode.SUPPLEMENT), STEP, _supplement,
           "[name=text]", "长" * (MAX_TEXT_CHARACTERS + 1), "xinfang.papers.actions.one_act.perform", "补充"),
    Filled("step with a private field", "clerk", lambda: url('step', _a_case(), StepCode.CORRECT), STEP, _correct,
           "[name=reason]", "长" * 2001, "xinfang.papers.actions.one_act.perform", "更正"),
    Filled("step with a date", "clerk", lambda: url('step', _a_case('assigned'), StepCode.SUPERVISE), STEP, _supervise,
           "[name=text]", "长" * 4001, "xinfang.papers.actions.one_act.perform", "督办"),
    Filled("step with a sheet", "clerk", lambda: url('step', _a_case(), StepCode.WITHDRAW), STEP, _withdraw,
           "[name=reason]", "长" * 2001, "xinfang.papers.actions.one_act.perform", "撤回", takes_file=True),
    Filled("paper", "clerk", _a_paper, "form:has(> #text)", _paper, "#text", "一段\n---\n二段\n---\n# ",
           "xinfang.papers.views.papers.acts.save_paper_text", "保存"),
    Filled("report", "clerk", _an_event, "form:has(> #text)", _report, "#text", "【待填：还没有填的】",
           "xinfang.incidents.views.incident_steps.draft_report", "提交，请厅领导签发"),
    Filled("incident", "clerk", lambda: url('incident-new'), "form[data-outbox='报告突发事件']", _incident, "[name=text]",
           "长" * 4001, "xinfang.incidents.views.incident_steps.take_incident_step", "报告", outbox=True),
)  # fmt: skip


_STORE = """work => new Promise((done, failed) => {
  const asked = indexedDB.open("xinfang-outbox", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("forms", { keyPath: "id", autoIncrement: true });
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const kept = asked.result.transaction("forms", "readwrite").objectStore("forms")[work]();
    kept.onsuccess = () => { asked.result.close(); done((kept.result ?? []).map(item => item.fields)); };
  };
})"""


def kept_by_the_outbox(page: Page) -> list[dict[str, Any]]:
    """What waits in this browser for the connection or for a sign-in: the fields of each form."""
    return [dict(fields) for fields in page.evaluate(_STORE, "getAll")]


def forget_the_outbox(page: Page) -> None:
    """Nothing waits there any more."""
    page.evaluate(_STORE, "clear")
    page.evaluate("localStorage.clear()")
