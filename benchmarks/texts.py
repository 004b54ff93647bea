"""Varied synthetic petitions: subjects, bodies, requests, names, phones. Everything is invented."""

import random
from dataclasses import dataclass


def _list(spaced: str) -> list[str]:
    return spaced.split()


_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅卞齐康伍余元顾孟平黄和穆萧尹"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅健波宁斌飞鹏宇浩然子轩梓涵嘉怡晨曦雪松志远建国文博思琪晓东春燕海龙天佑云帆若溪佳琪瑞霖景行书瑶怀瑾雅楠其木格那日苏乌云高娃巴特尔斯琴苏日娜"
_PLACES = _list(
    "东河 西丰 南岭 北原 青城 白山 红石 金滩 银川渠 长宁 安泰 永和 兴旺 临湖 云岗 石门 松林 柳园 桥头 沙坪 草甸 盐池 天镇 灵泉 宝峰 玉泉 昌图 广济 清水 明溪"
)
_KINDS = _list("盟 市 旗 县 区 苏木 镇 街道")
_THINGS = _list(
    "重点研发计划项目 高新技术企业认定 科技特派员补助 科技型中小企业入库 自然科学基金结题 创新券兑付 工程技术研究中心评估 "
    "职称评审材料 科技奖励公示名单 技术合同登记 众创空间补贴 院士工作站经费 外国专家工作许可 科研诚信调查 实验室仪器共享 "
    "成果转化收益分配 研究生导师纠纷 厅属单位聘用合同 退休人员待遇 科普基地门票 专利资助资金 星创天地验收 揭榜挂帅榜单 "
    "项目结余资金 专家评审回避 企业研发投入后补助 农牧业科技园区用地 盐碱地改良示范 种质资源库建设 草原生态监测站"
)
_EVENTS = _list(
    "至今没有拨付 未收到任何通知 公示期间提出异议未答复 材料多次退回又不说明理由 评审专家与申报人同单位 验收结论前后不一致 "
    "承诺的时间已经过去半年 经办人员更换后无人负责 系统显示已办结而实际没有办理 合同到期不续签也不给经济补偿 "
    "同批次的其他单位都已到账 需要重复提交已经交过的证明 名单里没有我们而得分更低的入选 电话一直无人接听"
)
_WISHES = _list(
    "请说明原因 请尽快拨付 请重新组织评审 请书面答复 请公开评分标准 请调查核实并追究责任 请补发拖欠的费用 请恢复申报资格 "
    "请协调有关单位 请明确办理时限 请退还原件 请更正公示内容"
)
_DETAILS = _list(
    "本人{year}年{month}月在{place}提交了申请，受理编号尾号{digits}。 "
    "涉及金额{money}元，其中{part}元为职工垫付。 "
    "我们先后{times}次到窗口询问，答复都不一样。 "
    "{place}的{name}可以作证，相关票据和照片保存完整。 "
    "该单位{month}月{day}日召开会议，没有通知我们参加。 "
    "按照文件第{times}条的规定，应当在{day}个工作日内办结。 "
    "附件有合同、银行流水、聊天记录共{day}页。 "
    "家中有老人患病，急需这笔款项周转。 "
    "此前向{place}{kind}有关部门反映过，转来转去没有结果。 "
    "希望领导在百忙之中过问，给一个明确的说法。 "
    "课题组成员{name}、{other}均不知情，签名系他人代签。 "
    "企业现有研发人员{day}人，去年研发投入{money}元，符合全部条件。"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one invented petitioner wrote."""

    subject: str
    body: str
    requests: tuple[str, ...]
    name: str
    phone: str
    address: str


def name(rng: random.Random) -> str:
    """Return an invented name of a family name and one or two characters."""
    return rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2, 2))))


def letter(rng: random.Random, requests: int = 1) -> Letter:
    """Return one letter: 60 to 350 characters, a few of thousands of phrases in each."""
    place = rng.choice(_PLACES) + rng.choice(_KINDS)
    thing, event = rng.choice(_THINGS), rng.choice(_EVENTS)
    details = [
        d.format(
            year=rng.randint(2016, 2026),
            month=rng.randint(1, 12),
            day=rng.randint(2, 29),
            times=rng.randint(2, 19),
            digits=rng.randint(1000, 9999),
            money=rng.randint(10, 9999) * 100,
            part=rng.randint(10, 999) * 10,
            place=rng.choice(_PLACES),
            kind=rng.choice(_KINDS),
            name=name(rng),
            other=name(rng),
        )
        for d in rng.sample(_DETAILS, rng.randint(2, 8))
    ]
    return Letter(
        subject=f"反映{place}{thing}{event}",
        body=f"尊敬的领导：关于{place}{thing}一事，{event}。{''.join(details)}",
        requests=tuple(f"{rng.choice(_WISHES)}（{thing}）" for _ in range(requests)),
        name=name(rng),
        # No mobile number begins with 100, so nobody can be called by chance.
        phone=f"100{rng.randrange(10**8):08d}",
        address=f"{place}{rng.choice(_PLACES)}街{rng.randint(1, 400)}号",
    )
