"""What is proposed as a possible repeat, and why."""

import re

import pytest

from tests.search.letters import write_in
from xinfang.cases.models import Petition
from xinfang.search.folding import fold_text, letters
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
    assert one.likely and 1 < one.score < 2
    (why,) = one.reasons
    assert why.startswith("共同文字：“") and why.count("“") == 3
    assert all(passage in letters(fold_text(RETOLD)) for passage in re.findall("“(.+?)…?”", why))


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
    assert first.likely and first.reasons[0] == "同人：姓名相同" and first.reasons[1].startswith("共同文字：")
    assert (second.petition_id, second.reasons, second.likely) == (other.pk, ["同人：姓名相同"], False)


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


def test_it_does_not_matter_in_which_field_the_letter_was_typed(matter) -> None:
    (as_request,) = proposed("", "再次反映奖补资金", requests=[RETOLD])
    (as_body,) = proposed(RETOLD, "再次反映奖补资金")
    assert as_request == as_body
    kept = write_in("奖补资金一事", "", requests=[MATTER])
    assert kept.pk in [s.petition_id for s in proposed(RETOLD, "再次反映奖补资金")]


def test_the_more_is_typed_the_better_it_is_found(matter) -> None:
    for length in (0, 60, 150, len(RETOLD)):
        assert [s.petition_id for s in proposed(RETOLD[:length], "再次反映高新技术企业培育奖补资金")] == [matter.pk]


def test_twins_that_differ_in_a_number_say_so(database) -> None:
    first = write_in("3号楼漏水", "我单位宿舍3号楼屋顶自2023年以来一直漏水，多次报修无人处理，请尽快安排维修。")
    (twin,) = proposed("我单位宿舍5号楼屋顶自2024年以来一直漏水，多次报修无人处理，请尽快安排维修。", "5号楼漏水")
    assert twin.petition_id == first.pk
    assert twin.reasons[-1] == "数字不同：本件5号、2024年，该件3号、2023年"


def test_the_same_complaint_of_another_place_is_less_likely_and_says_so(database) -> None:
    text = "{}的科技特派员补助从去年起一直没有发放，打电话询问都说正在走程序，请核实后尽快发放。"
    subject = "{}科技特派员补助没有发放"
    there = write_in(subject.format("赤峰市松山区"), text.format("赤峰市松山区"))
    (here,) = proposed(text.format("包头市昆都仑区"), subject.format("包头市昆都仑区"))
    (same,) = proposed(text.format("赤峰市松山区"), subject.format("赤峰市松山区"))
    assert here.petition_id == same.petition_id == there.pk and here.score < same.score
    assert here.reasons[-1].startswith("地名不同：") and not any("地名" in r for r in same.reasons)


def test_one_who_writes_often_does_not_fill_all_places(matter) -> None:
    for n in range(8):
        write_in(f"另一件事之{n}", "与此无关的内容。", people=[NamedPerson("李青", "13800138000", "")])
    found = proposed(RETOLD, "再次反映奖补资金", people=[NamedPerson("李青", "13800138000", "")])
    assert found[0].petition_id == matter.pk and len(found) == 4


def test_which_of_several_people_is_the_same_is_said(matter) -> None:
    (one,) = proposed("别的事", people=[NamedPerson("王红", "15000000009", ""), NamedPerson("某甲", "13800138000", "")])
    assert one.reasons == ["同人：第2人电话相同"]
