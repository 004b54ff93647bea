"""The articles that rules cite: number, title, one line of what each says.

A refusal, a due date and a printed paper all name their article, and they name it from here, so an article
is written the same way everywhere. `says` is our one-line paraphrase for the screen, never the wording of
the text itself: what binds is the published article.

The sources: the department's own procedure (规程, H), the national regulation of 2022 (条例, N), the civil
code on counting time (民法典, C), the measures for the simple procedure (简易办理办法, S), single articles of
other laws (L, R, I, P), what is borrowed from the service of court papers (民事诉讼法, M), and what no text gives and
the department chose for itself (本厅设定, D). The texts of S, L, R, I and M aren't held by this project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_DIGITS = "零一二三四五六七八九"

# How each source is named when one of its articles is cited.
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "H": "规程",
        "N": "条例",
        "C": "民法典",
        "S": "简易办理办法",
        "L": "行政诉讼法",
        "R": "行政复议法",
        "I": "政府信息公开条例",
        "P": "个人信息保护法",
        "M": "民事诉讼法",
        "D": "本厅设定",
    }
)


def chinese_number(n: int) -> str:
    """Return the numeral as articles write it: 13 is 十三, 110 is 一百一十, 201 is 二百零一.

    Raises:
        ValueError: the number isn't from 1 to 999.
    """
    if not 1 <= n <= 999:
        raise ValueError(f"chinese_number counts from 1 to 999, not {n}")
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        # Ten itself is 十, but after a hundred it is 一十.
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one source. `number` is 0 when a source is cited as a whole."""

    id: str
    number: int
    title: str
    says: str
    chapter: str

    def __str__(self) -> str:
        source = SOURCES[self.id[0]]
        return f"{source}第{chinese_number(self.number)}条" if self.number else source


def cite(articles: Iterable[Article]) -> str:
    """Return the articles in the order given, each once: 规程第十三条、条例第三十四条."""
    return "、".join(dict.fromkeys(str(article) for article in articles))


# A source as written down below: chapter -> (number, title, says) of its articles.
_Chapters = Mapping[str, tuple[tuple[int, str, str], ...]]


def _articles(source: str, chapters: _Chapters) -> Mapping[int, Article]:
    return MappingProxyType(
        {
            number: Article(f"{source}{number or ''}", number, title, says, chapter)
            for chapter, rows in chapters.items()
            for number, title, says in rows
        }
    )


# 内蒙古自治区科学技术厅信访工作规程, 20 articles. What articles 9, 17 and 18 say is told here unchanged; how
# the code reads them beside the national regulation is decided by the rules, not by this table. Two phrases are
# left out because nothing here may act on them: that a petitioner never petitions again (6), and the pledge
# among the archived papers (14).
_HOUSE: _Chapters = {
    "第一章 信访工作范围和原则": (
        (
            1,
            "信访与信访人",
            "公民、法人或者其他组织以信息网络、书信、电话、传真、走访等形式反映情况、提出建议意见或者投诉请求，"
            "由厅依规依法处理；提出者称信访人。",
        ),
        (2, "工作原则", "按职能职责分工、分级负责，谁主管、谁负责，及时就地解决问题和疏导教育相结合。"),
        (
            3,
            "工作人员纪律",
            "各处室、厅属单位及其工作人员严格执行党的政策，严守国家秘密，遵守职业道德，对人民群众高度负责。",
        ),
    ),
    "第二章 信访工作职责": (
        (4, "包案厅领导", "信访事项的包案厅领导是包案信访事项的责任领导。"),
        (
            5,
            "办公室职责",
            "办公室负责受理、提出拟办意见、转办交办并督促办理，及时向自治区信访主管部门报送情况，"
            "将信访事项录入自治区信访信息系统。",
        ),
        (
            6,
            "处室和厅属单位职责",
            "处室、单位负责人是包案信访事项的主要负责人；负责办理、化解到位、销号结案，教育疏导信访人。",
        ),
    ),
    "第三章 信访事项受理和办理": (
        (
            7,
            "首访接待",
            "办公室在信访接待室请信访人填写登记表、明确诉求；属本厅职责的报请厅领导批示后转交包案处室、单位，"
            "不属的告知向有权处理的机关、单位提出。",
        ),
        (
            8,
            "上级移交事项",
            "办公室统一登记、编号；属本厅职责的呈厅领导阅批，不属的自收到之日起5个工作日内申请转交，"
            "属下级科技部门的直接转送。",
        ),
        (
            9,
            "法定途径事项",
            "已经或者依法应当通过诉讼、仲裁、行政复议等法定途径解决的，不予受理，"
            "但应当告知信访人依程序向有关机关提出。",
        ),
        (
            10,
            "存信",
            "已按程序办理完结的事项、已回复的重复来信、无参考价值或内容不清的来信，从简登记，按存信处理，不予办理。",
        ),
        (
            11,
            "包案处室、单位接访",
            "与来访群众对话，能当场处理的及时提出处理意见，不能的告知答复时间；要求见厅领导的请示决定；"
            "出现异常情况及时向厅领导报告。",
        ),
        (
            12,
            "与自治区信访部门对接",
            "对到自治区信访管理部门上访的，办公室、包案处室单位及时与其沟通对接，按照其要求受理办理。",
        ),
        (
            13,
            "办理期限与意见书",
            "自受理之日起60日内办结；情况复杂的，经包案厅领导批准可延长，不得超过30日，并告知理由；"
            "征求法律顾问意见，出具处理（答复）意见书。",
        ),
        (14, "归档管理", "办理完毕后，承办处室、单位将答复意见书、送达回执单、处理报告等所有资料及时交机要室归档。"),
    ),
    "第四章 群体性信访和特殊情况处理": (
        (
            15,
            "集体来访",
            "办公室、包案处室单位、保障中心等相关人员共同接访，稳定情绪，维持现场秩序，并立即向厅领导报告。",
        ),
        (
            16,
            "突发群体性上访",
            "物业公司值班人员第一时间向办公室报告；办公室立即向厅领导报告，迅速赶往现场登记、接待、安抚，"
            "按厅领导指示处理。",
        ),
        (
            17,
            "现场行为与急救",
            "纠缠、侮辱、殴打接待人员等情形，可商请有关部门采取必要措施；自杀、自残或疾病发作的，立即拨打110、"
            "120送医，并及时报告厅领导。",
        ),
        (
            18,
            "劝阻教育与紧急报告",
            "捏造歪曲事实、提出不合理诉求的，先劝阻教育，无效的报请依法处理；表示要到北京、敏感部门上访或有过激言行的，"
            "报告厅领导和自治区信访主管部门。",
        ),
    ),
    "第五章 奖惩": (
        (19, "表扬奖励", "对在信访工作中作出突出成绩和贡献的处室、厅属单位和个人，按照有关规定给予表扬和奖励。"),
        (
            20,
            "责任追究",
            "因违反规定导致信访异常事件、造成严重后果的，对有关负责人和其他直接责任人，依照法律、"
            "行政法规给予行政处分。",
        ),
    ),
}

# 信访工作条例, in force since 2022-05-01, 50 articles.
_NATIONAL: _Chapters = {
    "第一章 总则": (
        (1, "制定目的", "为坚持和加强党对信访工作的全面领导，做好新时代信访工作而制定。"),
        (2, "适用范围", "适用于各级机关、群团组织、国有企事业单位等开展信访工作。"),
        (3, "工作定位", "信访工作是党的群众工作的重要组成部分，是接受群众监督、改进作风的重要途径。"),
        (4, "指导思想", "坚守人民情怀，坚持底线思维、法治思维，维护群众合法权益，化解信访突出问题。"),
        (5, "信访工作原则", "党的全面领导、以人民为中心、落实责任、依法按政策解决问题、源头治理。"),
        (6, "畅通渠道", "应当畅通信访渠道，认真处理信访事项，倾听人民群众建议、意见和要求。"),
    ),
    "第二章 信访工作体制": (
        (7, "工作格局", "党委统一领导、政府组织落实、联席会议协调、信访部门推动、各方齐抓共管。"),
        (8, "党中央统一领导", "党中央确立信访工作的政治方向，制定方针政策，领导队伍建设。"),
        (9, "地方党委领导", "地方党委领导本地区信访工作，常委会定期听取汇报、研究重大事项。"),
        (10, "政府组织落实", "各级政府组织矛盾纠纷排查化解，及时妥善处理信访事项。"),
        (11, "中央联席会议职责", "负责全国信访工作的统筹协调、整体推进、督促落实。"),
        (12, "中央联席会议运行", "根据工作需要召开会议；各成员单位落实议定事项并报送情况。"),
        (13, "地方联席会议", "负责本地区信访工作的统筹协调、督促落实，指导下级联席会议。"),
        (14, "信访部门职责", "信访部门受理、转送、交办、协调、督查；其他机关、单位明确负责信访工作的机构或者人员。"),
        (15, "其他机关、单位职责", "做好职责范围内的信访工作，及时受理办理，加强对下级的指导。"),
        (16, "队伍和保障", "加强信访部门和干部队伍建设，所需经费列入本级预算。"),
    ),
    "第三章 信访事项的提出和受理": (
        (
            17,
            "信访形式与信访人",
            "公民、法人或者其他组织可以采用信息网络、书信、电话、传真、走访等形式提出，有关机关、"
            "单位应当依规依法处理；提出者称信访人。",
        ),
        (
            18,
            "公开与领导接访",
            "应当公布信访渠道、接待时间地点、查询方式和处理程序；领导干部阅信接访、包案化解；不得打击报复信访人。",
        ),
        (
            19,
            "提出的要求",
            "一般采用书面形式，载明姓名（名称）、住址和请求、事实、理由；口头的如实记录；"
            "已受理或正在办理、期限内又向上级提出同一事项的，上级不予受理。",
        ),
        (
            20,
            "走访的要求",
            "到有权处理的本级或者上一级机关、单位的接待场所提出；多人走访提出共同事项的推选代表，代表人数不得超过5人。",
        ),
        (
            21,
            "信息系统",
            "应当及时将信访事项录入信访信息系统，使来信、来访、来电等在网上流转，方便信访人查询、评价办理情况。",
        ),
        (
            22,
            "信访部门登记转送",
            "信访部门收到信访事项应当予以登记，在15日内转送、交办；涉法涉诉的转送政法部门，检举控告的转送纪检监察机关。",
        ),
        (
            23,
            "登记与告知",
            "登记并当场书面告知，不能当场的15日内书面告知（姓名、住址不清除外）；转送交办而不属职权范围的，"
            "5个工作日内提出异议，核实同意后交还材料。",
        ),
        (
            24,
            "受理争议",
            "涉及多个机关、单位的协商受理，有争议的由共同上一级决定或者联席会议协调；分立、合并、"
            "撤销的由承继职权者受理。",
        ),
        (
            25,
            "重大紧急事项",
            "可能造成社会影响的重大、紧急信访事项和信息，应当及时报告本级党委和政府，通报主管部门和联席会议办公室，"
            "依法及时采取措施。",
        ),
        (
            26,
            "信访秩序",
            "信访人应当遵守法律、法规，维护公共秩序和信访秩序，不得有非法聚集、携带危险物品、侮辱殴打、"
            "滞留滋事等六类行为。",
        ),
    ),
    "第四章 信访事项的办理": (
        (
            27,
            "办理要求",
            "诉求合理的解决问题到位、诉求无理的思想教育到位、生活困难的帮扶救助到位、行为违法的依法处理。",
        ),
        (
            28,
            "尽责、诉访分离与回避",
            "查明事实、分清责任，不得推诿、敷衍、拖延；诉讼与信访分离；"
            "与事项或者信访人有直接利害关系的工作人员应当回避。",
        ),
        (
            29,
            "建议意见类",
            "认真研究论证；科学合理、具有现实可行性的，应当采纳或者部分采纳，并予以回复；有贡献的按规定奖励。",
        ),
        (
            30,
            "检举控告类",
            "依规依纪依法接收、受理、办理和反馈；不得将检举、揭发材料以及有关情况透露或者转给被检举、"
            "揭发的人员或者单位。",
        ),
        (
            31,
            "申诉求决类",
            "区分六种情况：应走诉讼、仲裁、党内申诉、行政程序的导入，应履职的履行或者答复，其余调查核实、"
            "出具信访处理意见书，可以听证。",
        ),
        (
            32,
            "信访处理意见书",
            "载明投诉请求、事实和理由、处理意见及其法律法规依据，结论为予以支持、解释说明或者不予支持；"
            "支持的督促执行。",
        ),
        (
            33,
            "调解与和解",
            "不违反强制性规定、在裁量权范围内，经争议双方当事人同意可以调解，也可引导自愿和解；达成一致的制作协议书。",
        ),
        (
            34,
            "办理期限",
            "第三十一条第六项的事项自受理之日起60日内办结；情况复杂的，经本机关、单位负责人批准可以延长，"
            "不得超过30日，并告知信访人延期理由。",
        ),
        (
            35,
            "复查",
            "对处理意见不服的，自收到书面答复之日起30日内请求上一级复查；复查机关、"
            "单位自收到请求之日起30日内书面答复。",
        ),
        (
            36,
            "复核",
            "对复查意见不服的，自收到书面答复之日起30日内请求复核，30日内提出意见，听证时间不计；"
            "仍以同一事实和理由提出的，不再受理。",
        ),
        (
            37,
            "多元化解与救助",
            "人民调解、行政调解、司法调解联动，多措并举化解；对生活确有困难的信访人，可以告知或者帮助其申请社会救助。",
        ),
    ),
    "第五章 监督和追责": (
        (
            38,
            "专项督查",
            "各级党委和政府组织专项督查；联席会议及其办公室、信访部门开展督查并反馈问题；疑难复杂问题列入督查范围。",
        ),
        (
            39,
            "考核奖惩",
            "各级党委和政府每年考核信访工作；成绩突出的可以表彰奖励；履职不力的由联席会议约谈、通报、挂牌督办，"
            "限期整改。",
        ),
        (
            40,
            "督办与建议",
            "信访部门发现违反规定受理办理、推诿、敷衍、拖延、弄虚作假或者拒不执行意见的，应当及时督办并提出建议；"
            "有关机关书面反馈采纳情况。",
        ),
        (
            41,
            "年度报告",
            "信访部门编制信访情况年度报告，载明数据统计、涉及领域、转送交办督办和建议采纳等情况，"
            "每年向本级党委政府和上一级信访部门报告。",
        ),
        (42, "引发信访事项的责任", "因滥用职权、不作为、违反法定程序等导致信访事项、造成严重后果的，严肃处理。"),
        (43, "信访部门失职", "信访部门未按照规定登记、转送、交办或者未履行督办职责的，责令改正。"),
        (
            44,
            "受理失职",
            "不按照规定登记、对属于职权范围的不予受理、未在规定期限内书面告知是否受理的，由上级责令改正。",
        ),
        (
            45,
            "办理失职",
            "推诿、敷衍、拖延或者未在规定期限内办结，对事实清楚、符合规定的请求未予支持等，由上级责令改正。",
        ),
        (46, "作风和纪律责任", "态度恶劣、吃拿卡要、隐瞒谎报缓报、透露检举材料、打击报复信访人等，责令改正。"),
        (
            47,
            "对违规行为的处理",
            "违反第二十条、第二十六条的，工作人员应当劝阻、批评或者教育；构成违反治安管理行为或者犯罪的，依法处理。",
        ),
    ),
    "第六章 附则": (
        (48, "涉外参照", "对外国人、无国籍人、外国组织信访事项的处理，参照本条例执行。"),
        (49, "解释机关", "本条例由国家信访局负责解释。"),
        (50, "施行日期", "本条例自2022年5月1日起施行。"),
    ),
}

# 民法典, book one, chapter ten: how a period of time is counted.
_CIVIL: _Chapters = {
    "第一编 总则 第十章 期间计算": (
        (200, "期间的计算单位", "民法所称的期间按照公历年、月、日、小时计算。"),
        (201, "期间的起算", "按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。"),
        (202, "期间的末日", "按照年、月计算期间的，到期月的对应日为最后一日；没有对应日的，月末日为最后一日。"),
        (203, "末日遇法定休假日", "期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日。"),
    ),
}

# 信访事项简易办理办法 (国信办发〔2022〕17号). Article 4 is known from a public source; the article that sets the
# time limits is not, so the two numbers and the cases that are excluded, which are those of the trial text of 2016,
# cite the measures as a whole and say so. Its division into chapters is not known either.
_SIMPLE: _Chapters = {
    "": (
        (
            0,
            "简易办理时限和不适用的情形",
            "3个工作日内决定是否受理，受理后10个工作日内作出处理意见；交办的、联名或者集体的、可能不予支持的不适用："
            "沿用2016年试行办法的规定，现行办法的条文待核对。",
        ),
        (
            4,
            "简易办理范围",
            "初次信访事项中事实清楚、责任明确、争议不大、易于解决的，可以即时反馈的，时效性强应当即时处理的，"
            "已有明确承诺或结论的等，可以简易办理。",
        ),
    ),
}

# Single articles of laws that govern what the department does beside the petition procedure (N31, N35).
_LITIGATION: _Chapters = {
    "": (
        (46, "起诉期限", "直接起诉的，应当自知道或者应当知道行政行为之日起六个月内提出，法律另有规定的除外。"),
        (
            47,
            "不履行法定职责",
            "申请履行保护人身权、财产权等合法权益的法定职责，行政机关自接到申请之日起两个月内不履行的，可以起诉；"
            "法律、法规另有规定的，从其规定。",
        ),
    ),
}
_RECONSIDERATION: _Chapters = {
    "": ((20, "复议申请期限", "自知道或者应当知道行政行为之日起60日内可以申请行政复议，法律规定超过60日的除外。"),),
}
_DISCLOSURE: _Chapters = {
    "": (
        (
            29,
            "公开申请",
            "申请获取政府信息的，采用包括信件、数据电文在内的书面形式提出，写明姓名、联系方式、所需信息的名称和获取方式。",
        ),
        (33, "公开申请的答复", "不能当场答复的，自收到申请之日起20个工作日内予以答复，需要延长的不超过20个工作日。"),
        (
            39,
            "公开申请和信访各走各的渠道",
            "以政府信息公开申请的形式进行信访、投诉、举报的，告知不作为公开申请处理，并可以告知通过相应渠道提出。",
        ),
    ),
}
# What this program does about personal data; the text is among those that the project holds.
_PERSONAL: _Chapters = {
    "第二章 个人信息处理规则": (
        (6, "最小必要", "处理个人信息与处理目的直接相关，采取对个人权益影响最小的方式；收集限于最小范围。"),
        (13, "法定职责", "为履行法定职责或者法定义务所必需的，可以处理个人信息，不需取得个人同意。"),
        (15, "撤回同意", "个人有权撤回其同意，应当提供便捷的撤回方式；撤回不影响此前的处理。"),
        (
            17,
            "收集前告知",
            "处理个人信息前以显著方式、清晰易懂的语言告知处理者、目的、方式、种类、保存期限和个人的权利。",
        ),
    ),
    "第四章 个人在个人信息处理活动中的权利": (
        (44, "知情权、决定权", "个人对其个人信息的处理享有知情权、决定权，法律、行政法规另有规定的除外。"),
        (45, "查阅、复制", "个人有权查阅、复制其个人信息；请求查阅、复制的，应当及时提供。"),
        (46, "更正、补充", "个人信息不准确、不完整的，个人有权请求更正、补充；应当核实并及时更正、补充。"),
        (47, "删除", "处理目的已实现、保存期限已届满等情形应当删除；法定保存期限未届满的，只存储和保护。"),
        (48, "解释说明", "个人有权要求对其个人信息处理规则进行解释说明。"),
        (50, "申请受理和处理", "应当建立便捷的申请受理和处理机制；拒绝个人行使权利的请求的，应当说明理由。"),
    ),
    "第五章 个人信息处理者的义务": (
        (51, "安全措施", "分类管理，采取加密、去标识化等安全技术措施，合理确定个人信息处理的操作权限。"),
    ),
}
# How courts serve their papers: borrowed, because the regulation says nothing of refusals, e-mail and public notice.
_CIVIL_PROCEDURE: _Chapters = {
    "": (
        (
            89,
            "留置送达",
            "拒绝接收的，可以邀请有关代表到场，记明拒收事由和日期，由送达人、见证人签名，把文书留在住所；也可以留下文书并拍照、录像。",
        ),
        (90, "电子送达", "经受送达人同意，可以采用能够确认其收悉的电子方式送达。"),
        (95, "公告送达", "下落不明或者用其他方式无法送达的，公告送达；自发出公告之日起满30日，视为送达。"),
    ),
}
HOUSE_RULES: Mapping[int, Article] = _articles("H", _HOUSE)
REGULATION: Mapping[int, Article] = _articles("N", _NATIONAL)
CIVIL_CODE: Mapping[int, Article] = _articles("C", _CIVIL)
SIMPLE_HANDLING_RULES: Mapping[int, Article] = _articles("S", _SIMPLE)
LITIGATION_LAW: Mapping[int, Article] = _articles("L", _LITIGATION)
RECONSIDERATION_LAW: Mapping[int, Article] = _articles("R", _RECONSIDERATION)
DISCLOSURE_RULES: Mapping[int, Article] = _articles("I", _DISCLOSURE)
PERSONAL_INFORMATION_LAW: Mapping[int, Article] = _articles("P", _PERSONAL)
CIVIL_PROCEDURE_LAW: Mapping[int, Article] = _articles("M", _CIVIL_PROCEDURE)

# What a number or a rule cites when no text gives it: the department chose it and may change it. Beside an article it
# says that the article carries what the rule is about, and not the rule itself.
DEPARTMENT_SETTING = Article("D", 0, "本厅设定", "条例和规程没有规定的数字、手续，由本厅自行设定，可以调整。", "")

ALL_ARTICLES: Mapping[str, Article] = MappingProxyType(
    {
        article.id: article
        for article in (
            *HOUSE_RULES.values(),
            *REGULATION.values(),
            *CIVIL_CODE.values(),
            *SIMPLE_HANDLING_RULES.values(),
            *LITIGATION_LAW.values(),
            *RECONSIDERATION_LAW.values(),
            *DISCLOSURE_RULES.values(),
            *PERSONAL_INFORMATION_LAW.values(),
            *CIVIL_PROCEDURE_LAW.values(),
            DEPARTMENT_SETTING,
        )
    }
)

# Articles of the department's rules, and articles 17 to 41 of the national regulation, for which a program has
# nothing to compute now, and why. Every other one of them has a rule, a clock, a paper or a record that cites it.
NOTHING_TO_COMPUTE: Mapping[str, str] = MappingProxyType(
    {
        "N38": "专项督查由党委和政府、联席会议、信访部门组织，不是本厅的办理步骤。",
        "N39": "考核、表彰和约谈由党委和政府、联席会议决定，程序不给单位和人员打分。",
        "N41": "年度报告由党委和政府信访部门编制；本厅自己的数字见统计分析和按条例第四十一条编写的报告。",
    }
)
