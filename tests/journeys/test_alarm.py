"""An urgent event reaches who has the desk open behind another window, where they allowed it: once, with a sound."""

from typing import Any

from playwright.sync_api import expect

from tests.incidents.test_pages import gathering
from tests.urls import url

_HEARD = """
window.heard = new Proxy([], { set(list, place, value) {
  list[place] = value;
  document.documentElement.dataset.heard = String(list.length);
  return true;
} });
window.Notification = class extends EventTarget {
  constructor(title, options) { super(); window.heard.push([title, options.body]); }
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.heard.push("sound"); return start.apply(this, when); };
"""


def test_an_event_is_told_once_to_who_asked_for_it(sign_in: Any) -> None:
    head = sign_in("office_head").page
    head.add_init_script(_HEARD)
    head.goto(url("incidents"))
    button = head.get_by_role("button", name="有突发事件时，在本机弹出提醒和声音")
    button.click()
    expect(head.get_by_role("button", name="关闭本机的提醒和声音")).to_be_visible()
    assert head.evaluate("[...heard]") == []
    number = gathering().number
    head.goto(url("inbox"))
    expect(head.locator("html")).to_have_attribute("data-heard", "4")
    heard = head.evaluate("[...heard]")
    assert heard[0][0] == f"突发事件 {number}" and heard[1:] == ["sound"] * 3
    head.goto(url("petitions"))
    with head.expect_response(lambda answer: answer.url.endswith(url("incidents-pressing"))):
        head.reload()
    assert head.evaluate("[...heard]") == [], "told already"


def test_nobody_is_disturbed_who_did_not_ask(sign_in: Any) -> None:
    gathering()
    head = sign_in("office_head").page
    head.add_init_script(_HEARD)
    head.goto(url("incidents"))
    expect(head.get_by_role("button", name="有突发事件时，在本机弹出提醒和声音")).to_be_visible()
    assert head.evaluate("[...heard]") == []
    handler = sign_in("handler").page
    assert handler.locator("body").get_attribute("data-alarm") is None
