"""What a correction keeps in plain: never the letter's own words."""

from tests.articles.stories import classified
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.corrections import filled_in


def test_the_letters_own_words_stay_where_they_are_withheld() -> None:
    case = classified()
    told = {"what": "body", "new_body": "照原件改正的正文", "reason": "录入有误"}
    kept = filled_in(load_step(STEPS[StepCode.CORRECT], told), case.facts)
    assert kept.new_body == "照原件改正的正文"
    assert not any((kept.new_value, kept.public_value, kept.text_value, kept.old_value, kept.old_text))
