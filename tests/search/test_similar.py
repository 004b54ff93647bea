"""What is proposed as a possible repeat, and why."""

import pytest

from tests.search.letters import write_in
from xinfang.cases.models import Petition
from xinfang.search.index import NamedPerson
from xinfang.search.likely_repeats import find_similar

MATTER = (
    "我公司于2024年10月通过贵厅组织的高新技术企业培育项目评审，公示期满后一直没有收到奖补资金。"
    "我们先后五次电话询问园区管委会，答复都是正在走程序，让继续等待。公司现在资金周转困难，研发人员工资已拖欠两个月。"
    "请核实资金是否已经下达到园区，并书面告知拨付的具体时间。"
)
RETOLD = (
    "领导您好！我公司2024年10月通过了贵厅组织的高新技术企业培育项目评审，公示期满后至今没有收到奖补资金。"
    "我们先后五次打电话询问园区管委会，答复都是正在走程序。现在公司资金周转困难，研发人员的工资已拖欠两个月。"
    "请贵厅核实资金是否已经下达到园区，并书面告知拨付时间。"
)
OTHERS = [
    "建议把科普大篷车开进更多的乡村学校，让孩子们在家门口就能动手做实验，激发学习科学的兴趣。",
    "我在实验室从事博士后研究，出站手续提交三个月仍未办结，影响了新单位的入职，请帮助协调。",
    "咨询技术合同认定登记需要准备哪些材料，是否可以在网上提交，办理时限是多少个工作日。",
]


@pytest.fixture
def matter(database) -> Petition:
    for text in OTHERS:
        write_in("来信", text)
    return write_in("奖补资金未拨付", MATTER, people=[NamedPerson("李青", "138 0013 8000", "65010019800101001X")])


def proposed(body="", subject="来信", people=(), **options):
    return find_similar(Petition.objects.all(), subject=subject, body=body, people=people, **options)


def test_the_same_matter_told_again(matter) -> None:
    (one,) = proposed(RETOLD, "再次反映奖补资金")
    assert (one.petition_id, one.number, one.subject) == (matter.pk, matter.number, "奖补资金未拨付")
    assert (one.state, one.received_on) == (matter.state, matter.received_on)
    assert 0.57 <= one.score < 1
    assert one.reasons == ["同事：文字大部分相同"] if one.score >= 0.8 else ["同事：文字较多相同"]


def test_other_matters_are_not_proposed(matter) -> None:
    assert proposed("反映某课题组经费使用不规范，请按照管理办法进行核查，并公开处理结果。") == []


def test_short_or_empty_texts_propose_nothing(matter) -> None:
    write_in("咨询项目申报", "")
    assert proposed("", "咨询项目申报") == []
    assert proposed("", "") == []
    assert proposed("。。。", "！") == []


def test_same_person_however_the_numbers_are_written(matter) -> None:
    (one,) = proposed("别的事", people=[NamedPerson("李青", "+86 138-0013-8000", "６５０１００19800101001x")])
    assert one.reasons == ["同人：证件号码相同", "同人：电话相同", "同人：姓名相同"]
    (one,) = proposed("别的事", people=[NamedPerson("王红", "13800138000", "")])
    assert one.reasons == ["同人：电话相同"]
    assert proposed("别的事", people=[NamedPerson("李", "138", "无"), NamedPerson("匿名", "", "")]) == []


def test_person_and_matter_are_told_apart(matter) -> None:
    other = write_in("来信", "别的事情", people=[NamedPerson("李青", "", "")])
    first, second = proposed(MATTER, "奖补资金未拨付", people=[NamedPerson("李青", "", "")])
    assert first.petition_id == matter.pk
    assert first.reasons == ["同人：姓名相同", "同事：文字大部分相同"]
    assert (second.petition_id, second.reasons) == (other.pk, ["同人：姓名相同"])


def test_only_what_the_reader_may_see(matter) -> None:
    unseen = Petition.objects.exclude(pk=matter.pk)
    assert find_similar(unseen, subject="", body=MATTER, people=[NamedPerson("李青", "13800138000", "")]) == []


def test_not_the_petition_itself_and_no_more_than_asked(matter) -> None:
    again = [write_in("奖补资金未拨付", MATTER).pk for _ in range(3)]
    assert proposed(MATTER, exclude=again[2], limit=2)[0].petition_id == again[1]
    assert len(proposed(MATTER, limit=2)) == 2
    assert [s.petition_id for s in proposed(MATTER)] == [*again[::-1], matter.pk]


def test_sealed_petition_is_never_proposed(database) -> None:
    write_in("检举", MATTER, people=[NamedPerson("李青", "13800138000", "")], sealed=True)
    assert proposed(MATTER, people=[NamedPerson("李青", "13800138000", "")]) == []
