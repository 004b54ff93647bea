"""Under the simple procedure who came, called or wrote online may be told without a paper; how and when is on record.

Who wrote a letter is told in writing, whatever the procedure (N23, N35).
"""

from dataclasses import dataclass

from xinfang.procedure.articles import ALL_ARTICLES, REGULATION
from xinfang.procedure.step_schema import step_field

from ..facts import ANSWERED_THE_WAY_IT_CAME, Facts
from ..rules import DecisionContext, Step, condition
from ..words import Channel


@dataclass(frozen=True, kw_only=True)
class ToldOrally(Step):
    """A step of which the petitioner of a simple claim may have been told without a paper."""

    told_by: Channel | None = step_field(
        "已经告知信访人的方式",
        default=None,
        help="限简易办理的来访、来电和网上来件，当面、电话或者网上已经告知的填写；来信和没有填写的，须发出书面告知",
    )
    told: str = step_field("何时、由谁、怎样告知", default="", long=True, max=1000, help="选了告知方式的必须填写")

    def was_told_orally(self, facts: Facts) -> bool:
        """Tell whether the petitioner of a simple claim was told without a paper, and that is on record."""
        return facts.simple_claim and self.told_by is not None


@condition(
    "简易办理以当面、电话或者网上告知代替书面告知的，限信访人以来访、来电或者网络提出的，并须写明何时、由谁、怎样告知",
    REGULATION[23],
    REGULATION[35],
    ALL_ARTICLES["S"],
    todo="来信、传真提出的，请不选告知方式，发出书面告知；已经告知的，请填写告知的经过；电话告知须有信访人的电话。",
)
def who_was_told_orally_could_be(q: DecisionContext[ToldOrally]) -> bool:
    how, facts = q.step.told_by, q.facts
    if how is None:
        return not q.step.told
    reached = {
        Channel.VISIT: True,
        Channel.PHONE: facts.channel is Channel.PHONE or any(p.phone for p in facts.persons),
        Channel.ONLINE: facts.channel is Channel.ONLINE,
    }
    may_be_told = facts.simple_claim and facts.channel in ANSWERED_THE_WAY_IT_CAME
    return may_be_told and reached.get(how, False) and bool(q.step.told)
