"""条例第三十三条：经争议双方当事人同意可以调解，达成一致的制作协议书。"""

from tests.articles.department import HANDLER
from tests.articles.stories import in_hand
from xinfang.procedure.step_codes import StepCode


def test_an_agreement_is_put_on_paper() -> None:
    case = in_hand()
    case.take(StepCode.MEDIATE, by=HANDLER, agreed=True)
    assert "调解（和解）协议书" in case.papers


def test_no_agreement_no_paper() -> None:
    case = in_hand()
    case.take(StepCode.MEDIATE, by=HANDLER, agreed=False)
    assert "调解（和解）协议书" not in case.papers


def test_nobody_is_mediated_against_their_will() -> None:
    refused = in_hand().refused(StepCode.MEDIATE, by=HANDLER, both_consent=False)
    assert "调解须经争议双方同意" in refused
    assert "条例第三十三条" in refused
