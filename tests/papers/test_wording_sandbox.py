"""Wordings: what an administrator may write, what is refused with its line, and that nothing else can be reached."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from xinfang.papers.content import PaperForm, PaperTable, Paragraph
from xinfang.papers.printed_list import as_document
from xinfang.papers.source import WordingSyntaxError, parse_source, quote_words
from xinfang.papers.wording import FIELDS, check_wording, default_wording, paper_content, sample_text, unfilled_blanks
from xinfang.papers.wording.fields import polite_name
from xinfang.papers.wording.kinds import MUST_NAME, MUST_SAY, VOLUNTARY, known_fields
from xinfang.papers.wording.paper_forms import FORMS
from xinfang.papers.wording.sandbox import (
    FILTERS,
    MAX_TEXT_CHARACTERS,
    MAX_WORDING_CHARACTERS,
    WordingRow,
    compile_wording,
    render_wording,
)
from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.words import PaperKind

K = PaperKind
ROOT = Path(__file__).resolve().parents[2]
HEAD = "标题：测试\n---\n"


def refusal(text: str, kind: PaperKind = K.RECEIPT) -> str:
    with pytest.raises(WordingSyntaxError) as wrong:
        check_wording(kind, text)
    return str(wrong.value)


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_every_wording_that_ships_is_right(kind: PaperKind) -> None:
    check_wording(kind, default_wording(kind))


def test_every_wording_belongs_to_a_paper() -> None:
    names = {p.stem for p in (ROOT / "xinfang/papers/wordings").glob("*.txt")}
    assert names == {k.value for k in PaperKind}


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_articles_in_a_wording_exist(kind: PaperKind) -> None:
    text = default_wording(kind)
    named = {f"条例{n}" for n in re.findall(r"条例》?(第[一二三四五六七八九十]+条)", text)}
    named |= {f"规程{n}" for n in re.findall(r"规程(第[一二三四五六七八九十]+条)", text)}
    assert named <= {str(a) for a in ALL_ARTICLES.values()}


# ---- mistakes are told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{{ 收倒日期 }}", "第 4 行：没有名为“收倒日期”的字段。您是否要写“收到日期”"),
        ("{{ 信访人 ", "第 4 行：模板指令写错了"),
        ("{% if 事由 %}甲", "{% endif %}"),
        ("{% for 项 in 诉求 %}{{ 项.内荣 }}{% endfor %}", "第 4 行：“项”没有“内荣”这一栏。您是否要写“内容”"),
        ("{% for 项 in 诉求 %}{{ 项 }}{% endfor %}", "请写明取哪一栏"),
        ("{% for 字 in 事由 %}{{ 字 }}{% endfor %}", "“事由”不是清单"),
        ("{% for 事由 in 诉求 %}{% endfor %}", "已有别的意思"),
        ("{{ 诉求 }}", "请用 {% for 项 in 字段 %} 逐项写"),
        ("{{ 事由|大写 }}", "没有名为“大写”的写法，可用：句、不带句号、单行"),
        ("| 甲 | 乙", "没有以 | 结束"),
        ("##### 太深", "最多四级"),
        ("{% if 材料份数 %}| 甲 | 乙 |{% endif %}\n| 甲 |", "宽度不一"),
        ('{% if 信访形式 == "来访" %}| 断 {% endif %}', "“信访形式”为“来访”时"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, says: str) -> None:
    assert says in refusal(f"标题：测试\n---\n正文\n{line}\n")


@pytest.mark.parametrize("text", ["没有抬头", "标题：\n---\n正文", "名目：甲\n---\n"])
def test_a_head_that_cant_be_read_is_refused(text: str) -> None:
    assert "抬头" in refusal(text) or "标题" in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 事由.__class__ }}",
        "{% for x in range(10) %}{% endfor %}",
        "{% for x in [1,2,3] %}{% endfor %}",
        "{{ cycler }}",
        "{{ self }}",
        "{% set a = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% call 事由() %}{% endcall %}",
        "{{ 事由 * 100000000 }}",
        "{{ 事由 ~ 编号 }}",
        "{{ 事由[0] }}",
        "{{ 事由.format(1) }}",
        "{{ lipsum() }}",
        "{% raw %}x{% endraw %}{{ (1).__class__ }}",
        "{% for a in 诉求 recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a in 诉求 if a.序号 %}{% endfor %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape true %}{% endautoescape %}",
        "{{ 事由 is defined }}",
        "{{ {'a': 1} }}",
        "{% for a in 诉求 %}{{ a.__class__ }}{% endfor %}",
        "{% for a in 诉求 %}{{ a._values }}{% endfor %}",
        "{% for a in 诉求 %}{% for b in 诉求 %}{% for c in 诉求 %}{% for d in 诉求 %}{% endfor %}{% endfor %}{% endfor %}"
        "{% endfor %}",
    ],
)
def test_nothing_but_fields_can_be_reached(text: str) -> None:
    line = "第 3 行：" if "autoescape" not in text else "行：不能使用这种指令"
    assert line in refusal(f"{HEAD}{text}\n")


def test_a_wording_and_what_it_writes_have_an_end() -> None:
    assert "上限" in refusal(HEAD + "字" * MAX_WORDING_CHARACTERS)
    rows = tuple(WordingRow(序号=n, 内容="字" * 1000) for n in range(200))
    text = HEAD + "{% for a in 诉求 %}{% for b in 诉求 %}{{ b.内容 }}{% endfor %}{% endfor %}"
    assert len(rows) ** 2 * 1000 > MAX_TEXT_CHARACTERS
    with pytest.raises(WordingSyntaxError, match="过长"):
        render_wording(text, {"诉求": rows}, {"诉求": ("序号", "内容")})


# ---- values are words


@pytest.mark.parametrize(
    "words",
    [
        "# 题",
        "| 格 |",
        "~ 签",
        "===",
        "---",
        "a <3",
        "^4",
        "冒号：",
        "反\\n斜",
        "\\",
        "0471-1234567",
        "a\nb",
        "  # 题",
        "{{ x }}",
        "\\# x",
        "==",
        "落款：甲",
    ],
)
def test_words_come_out_as_they_went_in(words: str) -> None:
    source = parse_source(
        f"标题：{quote_words(words)}\n---\n{quote_words(words)}\n"
        f"| 标签： | {quote_words(words)} | {quote_words(words)} <2 |\n"
    )
    paras = "\n".join(b.text for b in source.blocks if isinstance(b, Paragraph))
    assert paras == words.strip()
    (table,) = (b for b in source.blocks if isinstance(b, PaperTable))
    label, cell, wide = table.rows[0]
    assert (label.label, cell.label, wide.label, wide.span) == (True, False, False, 2)
    assert cell.text == wide.text == words.strip()
    assert source.one("标题") == words.strip().replace("\n", " ")


def test_people_who_edit_see_few_backslashes() -> None:
    assert quote_words("电话0471-1234567，a=b，第1#楼") == "电话0471-1234567，a=b，第1#楼"


@pytest.mark.parametrize(
    ("given", "ended", "open_ended"),
    [
        ("甲", "甲。", "甲"),
        ("甲。", "甲。", "甲"),
        ("甲；", "甲。", "甲"),
        ("甲！", "甲！", "甲"),
        ("“甲。”", "“甲。”", "“甲。”"),
        ("《甲》", "《甲》。", "《甲》"),
        ("", "【待填：事由】。", "【待填：事由】"),
        ("甲。。", "甲。。", "甲"),
    ],
)
def test_a_sentence_ends_once(given: str, ended: str, open_ended: str) -> None:
    text = render_wording("标题：甲\n---\n<{{ 事由|句 }}><{{ 事由|不带句号 }}>", {"事由": given}, {"事由": None})
    assert text.split("\n")[2] == f"<{ended}><{open_ended}>"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("向{{ 机关 }}提出。", "向【待填：机关】提出。"),
        ("向{{ 机关|不带句号 }}提出。", "向【待填：机关】提出。"),
        ("向{{ 机关|单行 }}提出。", "向【待填：机关】提出。"),
        ("地址：{{ 机关|句 }}电话", "地址：【待填：机关】。电话"),
        ("{{ 机关 or 期限 }}", "【待填：机关】"),
        ("{% for 项 in 各项 %}依据{{ 项.依据|句 }}{% endfor %}", "依据【待填：依据】。"),
        ("# 关于{{ 机关 }}", "# 关于【待填：机关】"),
        ("{% if 机关 %}向{{ 机关 }}提出。{% endif %}", ""),
        ("文号：{{ 文号 }}", "文号："),
        ("| 机关： | {{ 机关 }} <2 ^3 |", "| 机关： |  <2 ^3 |"),
        ("| 机关： | 甲\\n期限：{{ 期限 }} <2 |", "| 机关： | 甲\\n期限： <2 |"),
        ("| 机关： | 甲\\n向{{ 机关 }}提出 <2 | {{ 期限|句 }} |", "| 机关： | 甲\\n向【待填：机关】提出 <2 |  |"),
        ("  | 机关： | {{ 机关 }} |", "  | 机关： |  |"),
        ("~ 机关{{ 机关 }} ~ 日期", "~ 机关 ~ 日期"),
    ],
)
def test_a_sentence_with_an_empty_field_has_a_blank_and_a_form_is_left_to_a_pen(line: str, says: str) -> None:
    known = {"机关": None, "期限": None, "文号": None, "各项": ("依据",)}
    values = {"机关": "", "期限": " ", "文号": "", "各项": (WordingRow(依据=""),)}
    written = render_wording(f"{HEAD}{line}\n", values, known)
    assert written == f"{HEAD}{says}\n" if says else written == HEAD


def test_nobody_else_makes_or_hides_a_blank() -> None:
    words = "\ufdd0【待填：甲】\ufdd1\ufdd0"
    assert render_wording(f"{HEAD}| {{{{ 事由 }}}} |\n", {"事由": words}, {"事由": None}) == f"{HEAD}| 【待填：甲】 |\n"
    assert "没有名为“or_hole”的写法" in refusal(f"{HEAD}{{{{ 事由|or_hole }}}}\n")


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
@pytest.mark.parametrize("full", [False, True], ids=["all empty", "one empty"])
def test_no_sentence_of_any_paper_has_a_hole(kind: PaperKind, full: bool) -> None:
    """Every wording is filled a second time by Jinja alone, which marks where an empty field was printed."""
    marking = Environment(finalize=lambda value: "∅" if value == "" else value)  # noqa: S701 - it makes no HTML
    marking.filters.update(FILTERS)
    marked = marking.from_string(default_wording(kind))
    fill = compile_wording(default_wording(kind), known_fields(kind))
    everything = {name: f.sample(full=full) for name, f in FIELDS[kind].items()}
    trials = [{**everything, name: f.sample(full=False)} for name, f in FIELDS[kind].items()] if full else [everything]
    for values in trials:
        expected = [line.strip() for line in marked.render(values).split("\n") if line.strip()]
        written = fill(values)
        for line, holes in zip(written.splitlines(), expected, strict=True):
            if line.startswith(("|", "~")):
                continue
            blanks = "【待填：[^】]+】。?".join(map(re.escape, holes.split("∅")))
            assert re.fullmatch(blanks, line), (line, holes)
        assert not re.search(
            "[：，、（“《][，。、；）”》]|(?:[向于为至据对]|(?<!理)由)[，。；）]|通过，|向提出", written
        ), written


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_what_a_paper_may_do_without_leaves_no_trace(kind: PaperKind) -> None:
    """Settings that nobody has made, and what only some cases have, hold up no paper."""
    may_lack = {"联系电话", "厅地址", "查询方式", "查询码", "承办电话", "来文机关", "来文编号", "协办处室", "材料份数"}
    may_lack -= {"来文机关"} if kind in (K.OBJECTION_LETTER, K.SENDER_LETTER) else set()
    values = {
        name: field.sample(full=name not in may_lack or field.columns is not None)
        for name, field in FIELDS[kind].items()
    }
    written = compile_wording(default_wording(kind), known_fields(kind))(values)
    assert not set(re.findall("【待填：([^】]*)】", written)) & may_lack
    if FORMS[kind] not in (PaperForm.SHEET, PaperForm.RECORD):
        assert not re.search("联系电话：|邮寄地址：|查询码", written)


def test_what_is_empty_leaves_nothing() -> None:
    text = "标题：甲\n---\n# 空\n{% if 事由 %}\n{{ 事由 }}\n{% endif %}\n# 有\n字\n"
    source = parse_source(render_wording(text, {"事由": ""}, {"事由": None}))
    assert [getattr(b, "text", "") for b in source.blocks] == ["有", "字"]


# ---- the law


@pytest.mark.parametrize("kind", list(MUST_NAME), ids=str)
def test_what_the_law_wants_cant_be_left_out(kind: PaperKind) -> None:
    for names in MUST_NAME[kind]:
        text = default_wording(kind)
        for name in names.split("|"):
            column = name.split(".")[-1]
            text = re.sub(
                rf"{{{{ ([^{{}}]*\.)?{column}(\|[^}}]*)? }}}}|{{% if [^%]*{column}[^%]*%}}",
                lambda m: "" if m[0][1] == "{" else "{% if 编号 %}",
                text,
            )
            text = re.sub(rf"{{% elif [^%]*{column}[^%]*%}}", "{% elif 编号 %}", text)
        assert names.split("|")[0] in refusal(text, kind)


@pytest.mark.parametrize("kind", list(MUST_SAY), ids=str)
def test_words_that_the_law_wants_cant_be_left_out(kind: PaperKind) -> None:
    for words in MUST_SAY[kind]:
        parts = re.split(r"(\{[{%].*?[}%]\})", default_wording(kind))
        without = "".join(p if n % 2 else p.replace(words, "") for n, p in enumerate(parts))
        assert words in refusal(without, kind)


def test_the_pledge_is_free_of_any_condition() -> None:
    text = default_wording(K.SETTLEMENT_PLEDGE)
    assert VOLUNTARY in text
    for right in ("复查", "复核", "行政复议", "提起诉讼", "新的信访事项", "不作为兑现处理意见的条件"):
        assert right in VOLUNTARY


def test_the_advice_is_a_field_of_no_other_paper() -> None:
    for kind in set(PaperKind) - {K.LEGAL_ADVICE}:
        assert not {"法律意见", "送审意见"} & set(FIELDS[kind]), kind


def test_letters_know_nothing_of_what_was_written_inside() -> None:
    inside = {"拟办意见", "批示", "办理要求", "联系经过", "审核意见"}
    assert [k for k in PaperKind if PAPERS[k].outward and inside & set(FIELDS[k])] == []


def test_no_wording_labels_or_scores_a_person() -> None:
    bad = re.compile("缠访|闹访|无理|越级|重点人员|稳控|风险等级|扬言|非正常上访|劝返")
    assert {k: found for k in PaperKind if (found := bad.findall(default_wording(k)))} == {}


@pytest.mark.parametrize("kind", list(PaperKind), ids=str)
def test_a_wording_has_none_of_the_faults_that_officials_notice(kind: PaperKind) -> None:
    text = default_wording(kind)
    assert not re.search("形式提出(?!共同)", text), "each channel has its own words"
    assert text.count("特此告知。") == text.count("\n特此告知。\n"), "a paragraph of its own"
    assert "查询码" not in text or kind is not K.REGISTRATION_SHEET, "that sheet is bound into the volume"
    if PAPERS[kind].outward and not PAPERS[kind].elsewhere:
        assert "\n落款：{{ 厅名称 }}\n" in text
        assert "编号" not in text.splitlines()[0], "a title says what the matter is"
    if kind not in (K.FORWARDING_LETTER, *(k for k in PaperKind if PAPERS[k].served)):
        assert "你单位" not in text, "only a body below the department is addressed so"


def test_every_sheet_bears_the_departments_name_but_for_what_others_write() -> None:
    heads = {k: paper_content(k, "标题：甲\n落款：某局\n---\n字\n").department for k in PaperKind}
    assert {k for k in PaperKind if heads[k] == "某局"} == {k for k in PaperKind if PAPERS[k].elsewhere}
    others = {k for k in PaperKind if not heads[k]}
    assert others == {
        K.REPRESENTATIVES_SHEET,
        K.MEDIATION_CONSENT,
        K.MEDIATION_AGREEMENT,
        K.RECUSAL_REQUEST,
        K.REVIEW_APPLICATION,
        K.SETTLEMENT_PLEDGE,
    }
    assert not [k for k in others if PAPERS[k].outward]


@pytest.mark.parametrize(
    ("body", "polite"),
    [
        ("自治区信访局", "贵局"),
        ("国家科技部（办公厅）", "贵部"),
        ("自治区发展和改革委员会", "贵委"),
        ("自治区党委办公厅", "贵厅"),
        ("派驻纪检监察组", "贵组"),
        ("自治区人民政府", "贵单位"),
        ("", "贵单位"),
    ],
)
def test_a_body_that_is_not_below_is_addressed_politely(body: str, polite: str) -> None:
    assert polite_name(body) == polite


def test_every_field_is_explained() -> None:
    for kind, fields in FIELDS.items():
        for field in fields.values():
            assert field.says and field.name.isidentifier(), (kind, field.name)
            assert all(c.isidentifier() for c in field.columns or ())
    assert known_fields(K.REPLY_OPINION)["诉求"] is not None


# ---- content


def test_the_content_gets_its_head_from_the_kind() -> None:
    text = "标题：甲\n主送：乙\n落款：某厅\n日期：2026年11月2日\n附件：一\n附件：二\n抄送：丙\n附注：丁\n签发人：戊\n---\n字\n"
    letter = paper_content(K.ACCEPTANCE_NOTICE, text, number="内科信告〔2026〕1号", marks=("草稿",))
    assert (letter.form, letter.sealed, letter.approver, letter.printed_by) == (PaperForm.LETTER, True, "", "")
    assert letter.attachments == ("一", "二") and letter.marks == ("草稿",) and letter.number == "内科信告〔2026〕1号"
    report = paper_content(K.COMPLETION_REPORT, text)
    assert (
        report.form is PaperForm.DOCUMENT
        and report.approver == "戊"
        and report.printed_by == f"{report.department}办公室"
    )
    sheet = paper_content(K.CLOSING_SHEET, text)
    assert (sheet.form, sheet.sealed, sheet.department) == (PaperForm.SHEET, False, letter.department)
    assert not paper_content(K.REVIEW_APPLICATION, text).department, "a petitioner writes under no letterhead"
    assert {FORMS[k] for k in PaperKind if PAPERS[k].outward} == {PaperForm.LETTER, PaperForm.DOCUMENT}


def test_a_sample_shows_where_each_field_goes() -> None:
    text = sample_text(K.REPLY_OPINION, default_wording(K.REPLY_OPINION))
    content = paper_content(K.REPLY_OPINION, text)
    assert "〔事项名称〕" in content.title and "〔认定事实2〕" in content.text()


def test_blanks_are_found() -> None:
    assert unfilled_blanks("时间：【待填：日期】，地点：【待填：地点】；【其他】") == (
        "【待填：日期】",
        "【待填：地点】",
    )


def test_the_list_of_papers_is_current() -> None:
    """Print it again with `python -m xinfang.papers.printed_list > docs/papers.md`."""
    assert (ROOT / "docs/papers.md").read_text(encoding="utf-8") == as_document()
    assert all(f"| {rule.code} | {rule.label} |" in as_document() for rule in PAPERS.values())
