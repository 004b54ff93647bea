"""Two people write about one matter: the night finds it, a clerk says so, the handler answers both alike but apart."""

import re
from datetime import timedelta

from tests.browser import DESK, look
from tests.urls import url
from tests.world import register, walk
from xinfang.core.clock import today
from xinfang.matters.actions.night import compare_new_cases
from xinfang.procedure.step_codes import StepCode


def seen(page, axe, name):
    """Looked at on a desk and on a phone, and back on the desk."""
    look(page, axe, name)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_from_the_list_of_the_night_to_a_reply_of_its_own(sign_in, axe):
    came = today() - timedelta(days=20)
    people = [
        [{"name": n, "phone": p, "address": "某盟某旗"}] for n, p in (("赵一", "15000000101"), ("赵二", "15000000102"))
    ]
    one = register(came, persons=people[0])
    other = register(came, persons=people[1], body="本人担任科技特派员，2025年补助未按时发放，请说明原因并补发6000元。")
    walk(one, "drafted", came, 0)
    walk(other, "heard", came, 0)
    done = register(came - timedelta(days=90), persons=people[0])
    walk(done, "closed", came - timedelta(days=90), 0)
    compare_new_cases()

    clerk = sign_in("clerk")
    page = clerk.page
    page.get_by_role("link", name="疑似同事清单").first.click()
    clerk.see("共 3 组", "共同文字")
    seen(page, axe, "likely-pairs")
    row = page.locator("li.card", has=page.get_by_role("link", name=other)).filter(has_text=one)
    row.get_by_role("link", name="并排比对").click()
    clerk.see("比对两件来件", "只有这件写到")
    assert {"2025年", "6000元"} <= set(page.locator("mark").all_inner_texts())
    seen(page, axe, "matter-pair")
    page.get_by_role("button", name="认定为同事").click()
    clerk.see("已认定为同事，可以并看", "共 2 组")

    handler = sign_in("handler")
    page = handler.page
    page.goto(url("petition", other))
    page.get_by_role("link", name="并看").click()
    handler.see("合在一起的办理经过", "同事件")
    seen(page, axe, "matter")
    page.get_by_role("link", name=re.compile("^照此件的答复拟本件")).click()
    handler.see("信访人姓名已换成本件的", "旗科技局因预算调整推迟发放。")
    page.get_by_role("link", name=re.compile("^查找：由谁承办")).click()
    handler.see("日（自然日）", "只供参考")
    seen(page, axe, "same-reply")
    page.get_by_role("button", name="拟写意见书").click()
    handler.see("已办理：拟写意见书")
    assert re.search(rf"{url('petition', other)}|{StepCode.SEEK_LEGAL_ADVICE}", page.url)
