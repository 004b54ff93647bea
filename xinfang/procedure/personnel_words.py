"""The words of decisions about units and members of staff (H19, H20)."""

from .words import Word


class DecisionKind(Word):
    """What people decided about a unit or a member of staff (H19, H20). Recorded, never computed."""

    COMMENDATION = "commendation", "表扬奖励"
    DISCIPLINE = "discipline", "追责问责"


class DisciplineGround(Word):
    """For what somebody is held to account: the items of N42 to N46, told in short.

    What binds is the published text.
    """

    N42_1 = "n42_1", "条例第四十二条（一）超越或者滥用职权"
    N42_2 = "n42_2", "条例第四十二条（二）应当作为而不作为"
    N42_3 = "n42_3", "条例第四十二条（三）适用法律法规错误或者违反法定程序"
    N42_4 = "n42_4", "条例第四十二条（四）拒不执行支持信访请求的意见"
    N43 = "n43", "条例第四十三条 未按照规定登记、转送、交办，或者未履行督办职责"
    N44_1 = "n44_1", "条例第四十四条（一）不按照规定登记"
    N44_2 = "n44_2", "条例第四十四条（二）对属于职权范围的不予受理"
    N44_3 = "n44_3", "条例第四十四条（三）未在规定期限内书面告知是否受理"
    N45_1 = "n45_1", "条例第四十五条（一）推诿、敷衍、拖延，或者未在期限内办结"
    N45_2 = "n45_2", "条例第四十五条（二）对事实清楚、符合规定的请求未予支持"
    N45_3 = "n45_3", "条例第四十五条（三）对改进工作、完善政策的建议重视不够、落实不力"
    N45_4 = "n45_4", "条例第四十五条（四）其他不履行或者不正确履行处理职责"
    N46_1 = "n46_1", "条例第四十六条（一）对待信访人态度恶劣、作风粗暴"
    N46_2 = "n46_2", "条例第四十六条（二）吃拿卡要、谋取私利"
    N46_3 = "n46_3", "条例第四十六条（三）对规模性集体访、负面舆情等处置不力"
    N46_4 = "n46_4", "条例第四十六条（四）对重大、紧急信访信息隐瞒、谎报、缓报"
    N46_5 = "n46_5", "条例第四十六条（五）透露、转给检举、揭发材料或者有关情况"
    N46_6 = "n46_6", "条例第四十六条（六）打击报复信访人"
    N46_7 = "n46_7", "条例第四十六条（七）其他违规违纪违法"

    @property
    def article(self) -> int:
        """The article's number in the national regulation."""
        return int(self.value[1:3])
