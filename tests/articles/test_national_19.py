"""条例第十九条：一般采用书面形式，载明姓名、住址和请求；口头的如实记录。"""

from tests.articles.department import CLERK, Case
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode


def test_what_was_said_is_written_down() -> None:
    registered(channel="visit", told_orally=True, body="口述：经费未拨付", requests=[])


def test_an_unclear_name_is_registered_too() -> None:
    case = registered(persons=[], anonymous=True)
    assert case.facts.contact_clear_since is None


def test_something_must_be_asked_or_told() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, body="", requests=[], told_orally=True)
    assert "没有写明诉求，也没有来信（来访）内容（条例第十九条、规程第七条）" in refused


def test_each_request_is_kept_apart() -> None:
    case = registered(requests=[{"text": "拨付经费"}, {"text": "说明原因"}])
    assert [r.text for r in case.facts.requests] == ["拨付经费", "说明原因"]
