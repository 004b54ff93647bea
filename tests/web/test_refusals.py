"""The errors of a form: one heading, and no article where the form itself can mend what the department asks for."""

from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.rules import Reason
from xinfang.web.refusals import errors_title, problems_of

OWN = Reason("没有填写页数", (CHOSEN_BY_DEPARTMENT,), "请填写页数。", "its_pages_are_counted")
BY_LAW = Reason("还没有逐项核对卷内材料", (HOUSE_RULES[14],), "请核对后勾选。", "the_file_was_checked")
FIELDS = {"its_pages_are_counted": "pages", "the_file_was_checked": "complete"}


def test_what_a_field_can_mend_is_said_like_any_error_of_the_form() -> None:
    own, law = problems_of([OWN, BY_LAW], FIELDS, ("pages", "complete"))
    assert own["field"] == "pages" and own["cites"] == [] and own.get("articles") == []
    assert law["field"] == "complete" and law["cites"] == [str(HOUSE_RULES[14])], "an article of the law stays"


def test_where_no_field_mends_it_its_ground_is_told() -> None:
    [own] = problems_of([OWN], FIELDS, ("opinion",))
    assert own["field"] == "" and own["cites"] == [str(CHOSEN_BY_DEPARTMENT)]


def test_one_heading_for_what_the_form_can_mend() -> None:
    own, law = problems_of([OWN, BY_LAW], FIELDS, ("pages",))
    assert errors_title([own], "现在还不能登记") == "请补充或者改正以下内容"
    assert errors_title([own, law], "现在还不能登记") == "现在还不能登记"
    assert errors_title([]) == ""
