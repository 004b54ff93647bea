"""Whatever is in a text is found, and nothing else: one contract for both databases."""

import random
from datetime import date

import pytest
from django.db.models import QuerySet

from tests.search.letters import write_in
from xinfang.cases.models import Petition
from xinfang.core.pagination import paginate
from xinfang.papers.models import Paper
from xinfang.search import finding as search
from xinfang.search.folding import fold_text, name_mark
from xinfang.search.index import NamedPerson
from xinfang.search.suggestions import suggestions

LETTER = (
    "尊敬的领导：我公司2024年申报的Ａ类“瞪羚企业”奖补（NEAR园区3号）至今未到账，\n多次致电0991-1234567无人\u3000接听。"
)


def found(text: str, reads: search.Reads = False, limit: int = 1000) -> set[int]:
    """Both ways of asking give the same petitions."""
    everything = Petition.objects.all()
    page = [p.pk for p in search.find_page(text, everything, limit, reads=reads)]
    assert page == sorted(page, reverse=True)
    ids = (
        everything.filter(pk__in=search.find_petitions(text, reads=reads)).order_by("-pk").values_list("pk", flat=True)
    )
    assert list(ids)[:limit] == page
    return set(ids)


@pytest.fixture
def letter(database) -> Petition:
    # Its own number, as a counted one would sooner or later hold a digit that is looked for.
    write_in("对科研诚信的建议", "建议公开结题验收材料。", number="LX2026900001")
    return write_in(
        "奖补资金未拨付", LETTER, requests=["拨付奖补资金"], people=[NamedPerson("欧阳㛃", "13800138000", "")]
    )


@pytest.mark.parametrize(
    "words",
    [
        "奖",
        "拨付",
        "瞪羚企业",
        "a类",
        "A类",
        "Ａ类",
        "near",
        "NEAR园区",
        "2024",
        "２０２４年",
        "3",
        "领导:我",
        "领导：我",
        "“瞪羚企业”",
        "无人接听",
        "到账，多次",
        "1234567",
        "㛃",
        "欧阳",
        "欧阳㛃",
        "公司 园区",
        "园区\u3000公司",
        "欧阳㛃 瞪羚 拨付",
        "拨付奖补资金",
        LETTER,
    ],
)
def test_word_is_found_wherever_it_stands(letter, words) -> None:
    assert found(words) == {letter.pk}


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \u3000\n",
        "\x00",
        "\ud800",
        "奖金",
        "未拨付奖",
        "补资金未拨付到",
        "拨付尊敬",
        "瞪羚 建议",
        "瞪羚 非 奖补",
        "瞪羚 -奖补",
        "奖*",
        "subject:奖补",
        "-奖补",
        "NOT 奖补",
        "^奖",
        "奖补 AND 建议",
        "NEAR(奖 补)",
        "%",
        "_",
        "'); DROP TABLE search_text; --",
        '"',
        "*",
        "((",
    ],
)
def test_nothing_typed_is_syntax(letter, words) -> None:
    assert found(words) == set()


@pytest.mark.parametrize(
    "character", ["𠅤", "㛃", "\U0002ebf0", "\ue123", "é", "ß", "ё", "㎡", "★", "。", "%", "_", "\\"]
)
def test_rare_characters_and_signs_are_characters(database, character) -> None:
    write_in("别的事", "没有这个字")
    with_it = write_in("署名", f"来信人张{character}明")
    assert found(character) == {with_it.pk}
    assert found(f"张{character}") == {with_it.pk}
    assert found(f"来信人张{character}明") == {with_it.pk}
    assert found(f"{character}明 来信") == {with_it.pk}


def fits(text: str, typed: str, answered: str = "") -> bool:
    """Judge slowly what is asked with blanks, 或 and 非 of a folded text or two: each word by itself."""
    must: list[list[bool]] = []
    either = without = left_out = False
    for token in typed.split():
        if token == "或":
            either = True
        elif token == "非":
            without = True
        else:
            here = fold_text(token) in text or fold_text(token) in answered
            left_out = without or (either and left_out)
            if left_out:
                must.append([not here])
            elif either:
                must[-1].append(here)
            else:
                must.append([here])
            either = without = False
    return all(any(group) for group in must)


def test_words_are_found_exactly_where_a_plain_scan_finds_them(database) -> None:
    chance = random.Random(20260302)
    signs = "申报项目资金拨付评审专家回避的了是在科技厅ab12。"
    texts = {}
    for _ in range(120):
        body = "".join(chance.choices(signs, k=chance.randrange(3, 60)))
        texts[write_in("来信", body).pk] = fold_text(body)

    def word() -> str:
        while True:
            source = chance.choice(list(texts.values()))
            start = chance.randrange(len(source))
            found_there = source[start : start + chance.randrange(1, 6)]
            # Numbers are searched too, and all begin alike.
            if found_there.strip("lx0123456789") and found_there not in ("或", "非"):
                return found_there

    for _ in range(250):
        typed = word()
        for _ in range(chance.randrange(3)):
            typed += chance.choice((" ", " ", " 或 ", " 非 ")) + word()
        assert found(typed) == {pk for pk, text in texts.items() if fits(text, typed)}, typed


def test_what_was_answered_is_found_exactly_where_a_plain_scan_finds_it_by_who_reads_it(database, monkeypatch) -> None:
    chance = random.Random(20261201)
    signs = "申报项目资金拨付评审专家回避的了是"
    texts: dict[int, tuple[str, str]] = {}
    for n in range(120):
        body, *said = ("".join(chance.choices(signs, k=chance.randrange(3, 30))) for _ in range(3))
        answers = said if n % 3 else []
        pk = write_in("来信", body, answers=answers).pk
        texts[pk] = f"来信\n{body}", "\n".join(answers)
    some = Petition.objects.filter(pk__in=[pk for pk in texts if chance.random() < 0.5])
    read_by_some = set(some.values_list("pk", flat=True))

    def word() -> str:
        while True:
            source = chance.choice([text for both in texts.values() for text in both if text])
            start = chance.randrange(len(source))
            piece = source[start : start + chance.randrange(1, 5)]
            if "\n" not in piece:
                return piece

    for n in range(240):
        # Small steps, so that pages are put together of several looks.
        monkeypatch.setattr(search, "_FIRST_STEP", 4 if n % 2 else 100)
        monkeypatch.setattr(search, "_FEW", 0 if n % 4 < 2 else 1_500)
        typed = word()
        for _ in range(chance.randrange(3)):
            typed += chance.choice((" ", " ", " 或 ", " 非 ")) + word()
        limit = chance.choice((3, 1000))
        wanted = {pk for pk, (text, answered) in texts.items() if fits(text, typed, answered)}
        assert found(typed, True, limit) == wanted, typed
        wanted = {pk for pk, (text, said) in texts.items() if fits(text, typed, said if pk in read_by_some else "")}
        assert found(typed, some, limit) == wanted, typed
        assert found(typed, False, limit) == {pk for pk, (text, _) in texts.items() if fits(text, typed)}, typed


def fit(text: str, words: list[str]) -> int:
    """Judge slowly how well a text fits."""
    subject = text.split("\n")[0]
    return sum(8 * (word in subject) + min(text.count(word), 4) for word in words)


def test_the_most_relevant_or_newest_come_first_page_by_page_as_a_plain_scan_orders_them(database) -> None:
    chance = random.Random(20261202)
    signs = "申报项目资金评审"
    texts: dict[int, str] = {}
    days: dict[int, date] = {}
    for n in range(60):
        subject, body, said = ("".join(chance.choices(signs, k=chance.randrange(2, 16))) for _ in range(3))
        day = date(2026, 3, chance.randrange(1, 9))
        pk = write_in(subject, body, answers=[said] if n % 2 else [], received_on=day).pk
        texts[pk], days[pk] = f"{subject}\n{body}", day
    for _ in range(40):
        words = list(dict.fromkeys("".join(chance.choices(signs, k=chance.randrange(1, 3))) for _ in range(2)))
        typed = chance.choice((" ", " 或 ")).join(words)
        hits = Petition.objects.filter(pk__in=search.find_petitions(typed, reads=True))
        keys = list(hits.values_list("pk", flat=True))
        by_fit = sorted(keys, key=lambda pk: (-fit(texts[pk], words), -pk))
        assert in_pages(search.with_relevance(hits, typed), "relevance") == by_fit, typed
        by_day = sorted(keys, key=lambda pk: (days[pk], pk), reverse=True)
        assert in_pages(hits, "received_on") == by_day, typed


def in_pages(hits: QuerySet, key: str) -> list[int]:
    """Read a list to its end, and back to its beginning."""
    seen: list[int] = []
    page = paginate(hits, (key, "id"), limit=7, descending=True)
    while True:
        seen += [p.pk for p in page.rows]
        if not page.more_after:
            break
        page = paginate(hits, (key, "id"), limit=7, descending=True, cursor=page.last)
    back = [p.pk for p in page.rows]
    while page.more_before:
        page = paginate(hits, (key, "id"), limit=7, descending=True, cursor=page.first, direction="before")
        back = [p.pk for p in page.rows] + back
    assert back == seen
    return seen


def test_exactly_this_person_comes_before_all_others(database) -> None:
    person = write_in("来电", people=[NamedPerson("其木格", "13847100002")])
    write_in("其木格 0002", "其木格的号牌0002。")
    hits = Petition.objects.filter(pk__in=search.find_petitions("其木格 0002"))
    found_first = search.with_relevance(hits, "其木格 0002").order_by("-relevance", "-pk")
    assert found_first[0].pk == person.pk and len(found_first) == 2


def test_numbers_and_people_are_found_exactly_where_a_plain_scan_finds_them(database) -> None:
    chance = random.Random(20261130)
    names = ["其木格", "巴特尔·苏和", "欧阳静", "李青", "单雪梅", "苏和"]
    made: list[tuple[Petition, NamedPerson]] = []
    for n in range(60):
        phone, other = (f"138{chance.randrange(10**8):08d}" for _ in range(2))
        number = f"15010219900101{chance.randrange(10**3):03d}{chance.choice('0123456789X')}"
        person = NamedPerson(chance.choice(names), f"{phone}、{other}" if n % 3 else phone, number)
        more = {"external_number": f"网{n:04d}号", "sender": "自治区信访局", "sender_number": f"内信〔2026〕{n}号"}
        made.append((write_in("来信", "草场补偿。", people=[person], **(more if n % 2 else {})), person))

    def judged(kind: str, typed: str) -> set[int]:
        if kind == "phone":
            return {p.pk for p, who in made if typed in who.phone.split("、")}
        if kind == "id":
            return {p.pk for p, who in made if who.id_number == typed}
        if kind == "name":
            return {p.pk for p, who in made if typed in who.name}
        if kind == "last":
            name, last = typed.split()
            numbers = ((p, who, [*who.phone.split("、"), who.id_number]) for p, who in made)
            return {p.pk for p, who, all_of in numbers if who.name == name and any(n.endswith(last) for n in all_of)}
        columns = ("number", "external_number", "sender", "sender_number")
        return {p.pk for p, _ in made if any(fold_text(typed) in fold_text(getattr(p, column)) for column in columns)}

    for _ in range(250):
        petition, who = chance.choice(made)
        kind = chance.choice(("phone", "id", "name", "last", "number", "external", "sender"))
        phone = chance.choice(who.phone.split("、"))
        typed = {
            "phone": phone,
            "id": who.id_number,
            "name": who.name,
            "last": f"{who.name} {chance.choice((phone, who.id_number))[-4:]}",
            "number": petition.number,
            "external": petition.external_number or petition.number,
            "sender": petition.sender_number or petition.number,
        }[kind]
        assert found(typed) == judged(kind, typed), (kind, typed)


def test_words_are_separated_as_people_type_them(database) -> None:
    both = write_in("停车难", "夜间噪音扰民。")
    one = write_in("停车难", "没有车位。")
    other = write_in("噪音扰民", "装修。")
    for typed in ("停车 噪音", "停车，噪音", "停车、噪音", "停车+噪音", "停车；噪音", "停车,噪音", "停车\n噪音"):
        assert found(typed) == {both.pk}, typed
    for typed in ("停车 或 噪音", "停车 OR 噪音", "停车 | 噪音"):
        assert found(typed) == {both.pk, one.pk, other.pk}, typed
    for typed in ("停车 非 噪音", "停车 NOT 噪音", "停车 -噪音"):
        assert found(typed) == {one.pk}, typed
    assert found("停车 或 装修 扰民") == {both.pk, other.pk}
    assert found("扰民 非 停车 或 装修") == set()
    for typed in ("“噪音扰民”", '"噪音扰民"', "「噪音扰民」"):
        assert found(typed) == {both.pk, other.pk}, typed
    assert found("“停车 噪音”") == set(), "what is in quotes stays one"


def test_signs_within_words_separate_nothing(database) -> None:
    number = write_in("经费", "拨付1,000元，用于C++课程，详见2026-03-02的通知，非法集资除外，或然率另计。")
    for typed in ("1,000元", "C++课程", "2026-03-02", "非法集资", "或然率"):
        assert found(typed) == {number.pk}, typed


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("停車", "小区停车难"),
        ("停车", "小區停車難"),
        ("噪音擾民", "噪音扰民"),
        ("民政局", "⺠政局不受理"),
        ("长期用工", "⻓期⽤⼯"),
        ("见证人", "⻅证人"),
        ("高风险", "⾼⻛险"),
        ("欧洲", "歐洲"),
    ],
)
def test_one_character_however_it_was_written(database, typed, text) -> None:
    there = write_in("来信", text)
    write_in("来信", "别的事")
    assert found(typed) == {there.pk}


@pytest.mark.parametrize("dot", "·•‧∙・．. ")
def test_a_name_with_any_dot_or_none(database, dot) -> None:
    there = write_in(people=[NamedPerson("巴特尔·苏和", "13800138000")])
    assert found(f"巴特尔{dot.strip()}苏和") == {there.pk}
    assert name_mark(f"巴特尔{dot}苏和") == name_mark("巴特尔·苏和")


def test_several_phones_in_one_field(database) -> None:
    there = write_in(people=[NamedPerson("其木格", "13847100002、13847100003；0471-6281235转802")])
    for typed in ("13847100002", "138 4710 0003", "0471-6281235", "04716281235"):
        assert found(typed) == {there.pk}, typed


def test_a_name_with_the_last_four_of_a_phone_or_id_number(database) -> None:
    there = write_in(people=[NamedPerson("其木格", "13847100002", "15010219900307123X")])
    write_in(people=[NamedPerson("其木格", "13847109999")])
    for typed in ("其木格 0002", "0002 其木格", "其木格 123x", "其木格，123X"):
        assert found(typed) == {there.pk}, typed
    assert found("0002") == set(), "the last four alone are many people's"


def test_what_came_with_a_handed_down_matter(database) -> None:
    there = write_in(sender="自治区信访局", sender_number="内信网〔2026〕1234号", source="superior")
    write_in("别的事")
    for typed in ("自治区信访局", "内信网〔2026〕1234号", "内信网", "1234号"):
        assert found(typed) == {there.pk}, typed


def test_the_number_of_a_paper(database) -> None:
    there = write_in("来信")
    Paper.objects.create(petition=there, place=1, kind="reply", number="内科信答〔2026〕1号")
    for typed in ("内科信答〔2026〕1号", "内科信答[2026]1号", "内科信答（2026）1号", " 内科信答【2026】 1号 "):
        assert found(typed) == {there.pk}, typed


def test_a_name_by_its_sound_or_initials(database) -> None:
    there = write_in(people=[NamedPerson("其木格", "13847100002")])
    write_in(people=[NamedPerson("苏和", "13847100003")])
    for typed in ("qimuge", "QiMuGe", "qmg", "qimu"):
        assert found(typed) == {there.pk}, typed
    single = write_in(people=[NamedPerson("单雪梅", "")])
    assert found("shanxuemei") == found("danxuemei") == {single.pk}


def test_a_slip_of_sound_leads_to_what_was_meant(database) -> None:
    write_in("物业公司收费", "小区的物业公司多收了费用。")
    unseen = write_in("无业公司", "别的来信。")
    seen = Petition.objects.exclude(pk=unseen.pk)
    assert found("物业公思") == set()
    assert suggestions("物业公思", seen) == ["物业公司"]
    assert suggestions("物叶公司 收费", seen) == ["物业公司 收费"]
    assert suggestions("物业司公", seen) == ["物业公司"]
    assert suggestions("雾业公司", seen) == ["物业公司"], "a case that isn't seen suggests nothing"
    for typed in ("毫无关系", "a", "", "停车 或 噪音", "物" * 30):
        assert suggestions(typed, seen) == []


def test_counted_up_to_a_limit(database, monkeypatch) -> None:
    for _ in range(5):
        write_in("反映项目评审")
    assert search.count_found("评审", Petition.objects.all()) == 5
    assert search.count_found("评审 非 反映", Petition.objects.all()) == 0
    monkeypatch.setattr(search, "MOST_COUNTED", 3)
    assert search.count_found("评审", Petition.objects.all()) == 4


def test_number_in_any_case_and_width(letter) -> None:
    for typed in (letter.number, letter.number.lower(), "ＬＸ" + letter.number[2:], f" LX {letter.number[2:]} "):
        assert letter.pk in found(typed)
        assert search.find_page(typed, Petition.objects.all(), 10)[0].pk == letter.pk
    assert found(letter.number) == {letter.pk}


def test_external_number(database) -> None:
    petition = write_in(external_number="新信网〔2026〕第 15 号")
    write_in(external_number="新信网〔2026〕第 16 号")
    assert found("新信网〔2026〕第 15 号") == {petition.pk}
    assert found("15 号") == {petition.pk}


@pytest.mark.parametrize(
    "typed", ["13800138000", "１３８００１３８０００", "138-0013-8000", "138 0013 8000", "+86 13800138000"]
)
def test_phone_however_written(database, typed) -> None:
    petition = write_in("来电", people=[NamedPerson("李青", "138 0013-8000")])
    write_in("来电", people=[NamedPerson("李青", "13800138001")])
    assert found(typed) == {petition.pk}


def test_part_of_a_phone_finds_nobody(database) -> None:
    write_in("来电", people=[NamedPerson("李青", "13800138000")])
    assert found("1380013") == set()


@pytest.mark.parametrize("typed", ["65010019800101001X", "65010019800101001x", "６５０１００19800101001Ｘ"])
def test_id_number(database, typed) -> None:
    petition = write_in(people=[NamedPerson("李青", "", "65010019800101001x")])
    assert found(typed) == {petition.pk}


def test_name_whole_and_from_its_beginning(database) -> None:
    petition = write_in(people=[NamedPerson("买买提·吐尔逊", "")])
    write_in(people=[NamedPerson("买买江", "")])
    assert found("买买提·吐尔逊") == {petition.pk}
    assert found("买买提") == {petition.pk}


def test_sealed_petition_has_no_text_but_its_numbers_and_name(database) -> None:
    sealed = write_in(
        "检举某人", "内容", people=[NamedPerson("周明远", "13900139000", "650100198001010028")], sealed=True
    )
    assert found("检举") == found("明远") == found("内容") == set()
    for typed in (sealed.number, "周明远", "13900139000", "650100198001010028"):
        assert found(typed) == {sealed.pk}
    assert found("周明") == set()  # only a keyed hash of the whole name is kept
    assert search.find_page("周明远", Petition.objects.filter(sealed=False), 10) == []


def test_pages_follow_each_other_newest_first(database) -> None:
    ids = [write_in("反映项目评审").pk for _ in range(25)]
    first = search.find_page("评审", Petition.objects.all(), 10)
    second = search.find_page("评审", Petition.objects.all(), 10, first[-1].pk)
    third = search.find_page("评审", Petition.objects.all(), 10, second[-1].pk)
    assert [p.pk for p in [*first, *second, *third]] == ids[::-1]
    assert search.find_page("评审", Petition.objects.all(), 10, third[-1].pk) == []


def test_page_of_somebody_who_sees_few(database, monkeypatch) -> None:
    monkeypatch.setattr(search, "_FIRST_STEP", 4)
    seen = [write_in("反映项目评审", people=[NamedPerson("李青", "13800138000")]).pk for _ in range(3)]
    write_in("别的")
    for _ in range(30):
        write_in("反映项目评审")
    visible = Petition.objects.filter(pk__in=seen)
    assert [p.pk for p in search.find_page("评审", visible, 2)] == seen[:0:-1]
    assert [p.pk for p in search.find_page("评审", visible, 2, seen[1])] == seen[:1]
    assert [p.pk for p in search.find_page("项目评审", visible, 9)] == seen[::-1]
    monkeypatch.setattr(search, "_FEW", 0)
    assert [p.pk for p in search.find_page("项目评审", visible, 9)] == seen[::-1]


def test_page_reaches_beyond_the_newest_texts(database, monkeypatch) -> None:
    monkeypatch.setattr("xinfang.search.postgres._WALKED", 5)
    old = write_in("罕见之事")
    for _ in range(10):
        write_in("寻常")
    assert found("罕见") == {old.pk}
