"""The list of papers for people who run the system: what each is, which step owes it, who signs.

Printed into docs/papers.md.
"""

from collections.abc import Iterable, Iterator

from xinfang.papers.required_papers import COMPOSED_FROM, REQUIRED_BY
from xinfang.procedure.actor_rules import ActorRule
from xinfang.procedure.articles import cite
from xinfang.procedure.papers import PAPERS, FilingRule, PaperRule
from xinfang.procedure.steps import STEPS

_FILED = {
    FilingRule.MUST: "always",
    FilingRule.IF_ANY: "if there is one",
    FilingRule.APART: "sealed apart",
    FilingRule.NOT: "no",
}
_HEAD = """# The papers

Printed from the code by `python -m xinfang.papers.printed_list > docs/papers.md`; a test keeps it current.

Every paper is composed once from the facts of its case, by a wording: the text in `xinfang/papers/wordings/`, or the
department's own version of it. From the same content a PDF and a Word file are made,
and an OFD (GB/T 33190-2016) from the pages of the PDF.

- **Owed by**: the step that makes the paper due. In brackets: no step owes it, but it is composed from the answers of
  that step.
- **Checked, signed**: who must have agreed before it goes out. A paper without either is issued by the person who made
  it.
- **Number**: the word of its 文号, e.g. 内科信告〔2026〕12号. A paper without one is not numbered.
- **Leaves**: the paper goes out in the department's name and under its seal, so its 落款 is the department's full name: a
  处室 or the office is refused (条例32, 规程13); *served* papers go to the petitioner, who signs for them.
- **Archive**: whether the file is complete without it.

## Writing a wording

A wording is the editable text of a paper with fields in it. It begins with a head, one `名称：内容` a line (标题, 主送,
落款, 日期, 附件, 抄送, 附注, 紧急程度, 签发人), which a line `---` ends; after it every line is a paragraph. `#` to `####`
begin headings, numbered by the layout; `|` rows make a table, in which a cell ending in ： is a label, `<3` spans three
columns and `^4` keeps four lines' height; `~` begins a line to sign on, `===` a new page.

- `{{ 事由 }}` puts a field in; `{{ 理由|句 }}` with exactly one full stop, `|不带句号` without one, `|单行` on one line.
- `{% if 联系电话 %} … {% elif … %} … {% else %} … {% endif %}` asks whether a field has something in it, or
  `== "…"` what.
- `{% for 项 in 诉求 %} … {{ 项.内容 }} … {% endfor %}` goes through a list.
- `【待填：…】` is what only the drafter knows. It stays in sight until it is replaced, and a paper with one is neither
  submitted nor issued.

A field that is empty where a wording prints it becomes such a blank too, 【待填：受理机关】: no sentence has a hole. What a
paper may do without is asked for with `{% if 字段 %}`, and then leaves no trace. Only a form stays empty, for a pen: a
line to sign on, and in a row of a table what is nothing but the field, or a label and the field (`结论：{{ 项.结论 }}`);
a sentence in a cell has no holes either. The number of a paper (`文号`) is empty until it is issued.

What a field says is always printed as words: a petitioner's text can't become a heading, a table or an instruction. A
heading over nothing is left out. When a wording is saved it is tried on made-up facts,
and a mistake is reported with its line; what the law wants in a paper (the conclusion on each request, the days and
the body for a review, the fixed paragraph of the pledge …) can't be left out.
"""


def as_document() -> str:
    """Return the whole of docs/papers.md."""
    return "\n".join([_HEAD, "## All papers", "", *_table()]) + "\n"


def _table() -> Iterator[str]:
    heads = ("No.", "Paper", "Owed by", "Checked", "Signed", "Number", "Leaves", "Archive", "Articles")
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for rule in sorted(PAPERS.values(), key=lambda r: int(r.code[1:])):
        cells = (
            rule.code,
            rule.label,
            _owed(rule),
            _names(rule.checks),
            _names(rule.signs),
            rule.series,
            _leaves(rule),
            _FILED[rule.filed],
            cite(rule.cites),
        )
        yield f"| {' | '.join(cells)} |"


def _owed(rule: PaperRule) -> str:
    owed = "、".join(STEPS[code].rule.label for code in REQUIRED_BY[rule.kind])
    told = "、".join(STEPS[code].rule.label for code in COMPOSED_FROM[rule.kind])
    return owed or (f"（{told}）" if told else "—")


def _names(whos: Iterable[ActorRule]) -> str:
    return " or ".join(w.label for w in whos)


def _leaves(rule: PaperRule) -> str:
    return "served" if rule.served else "yes" if rule.outward else ""


if __name__ == "__main__":
    print(as_document(), end="")  # noqa: T201 - this is how the document is made
