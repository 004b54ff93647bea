"""A petition may stand as history, brought in from before this system: a word more for a column, no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0018_clock"),
    ]

    operations = [
        migrations.AlterField(
            model_name="petition",
            name="state",
            field=models.CharField(
                choices=[
                    ("registered", "已登记"),
                    ("proposed", "待批示"),
                    ("instructed", "已批示"),
                    ("handling", "办理中"),
                    ("replied", "已出具意见书"),
                    ("served", "已送达"),
                    ("closed", "已结案"),
                    ("archived", "已归档"),
                    ("redirected", "已告知有权机关"),
                    ("objected", "异议待核"),
                    ("returned", "已退回"),
                    ("forwarded", "已转送下级"),
                    ("routed", "已导入法定途径"),
                    ("declined", "不予受理"),
                    ("filed", "存信"),
                    ("handed_over", "已移送（检举控告）"),
                    ("refused_further", "不再受理"),
                    ("withdrawn", "已撤回"),
                    ("answered", "已回复"),
                    ("history", "历史件"),
                ],
                max_length=20,
                verbose_name="状态",
            ),
        ),
    ]
