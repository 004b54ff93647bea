"""Every form in which people type has a draft (static/js/drafts.js), or a reason here why it has none."""

import re
from pathlib import Path

import xinfang

PACKAGE = Path(xinfang.__file__).parent
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
WRITTEN = re.compile(
    r"<textarea|<input(?![^>]*type=\"(?:hidden|checkbox|radio|file|date|number)\")|parts/(?:field|form_parts|"
    r"form_rows)\.html|as_field_group"
)
WITHOUT = {
    "at_the_desk.html": "two choices",
    "again.html": "the window: a number, a code and four digits, and what was written already",
    "undelivered.html": "one line",
    "act.html": "the window: no account to keep a draft for; on the petitioner's own device, if they wish",
    "mail.html": "a number or a reason of one line; the message stays where it is",
    "matter_pair.html": "a choice and two buttons",
    "clearing.html": "a reason of one line; what is ticked holds for the page as it was shown",
    "parts/waiting_body.html": "the window: no account to keep a draft for; a few sentences",
    "apart/case.html": "the window: no account to keep a draft for; a few sentences",
    "follow.html": "the window: a number, a code and four digits",
    "submit.html": "the window: no account to keep a draft for; on the petitioner's own device, if they wish",
    "archive_catalogue.html": "an export: a year",
    "archive_package.html": "an export: a reason of one line, given again for every export",
    "base.html": "the search",
    "categories.html": "a file only",
    "confirm.html": "a password",
    "exchange.html": "a file only",
    "exchange_package.html": "an export: a reason of one line, given again for every export",
    "export.html": "an export: a reason of one line, given again for every export",
    "ledger.html": "choices of sheets and columns, guessed by the server and kept with the file once they are sent",
    "ledgers.html": "a file only",
    "login.html": "a password",
    "login_code.html": "a code",
    "paper_batch.html": "dates of a batch, proposed by the server",
    "password.html": "passwords",
    "sealed_reason.html": "the reason for opening a sealed case is given each time again",
    "parts/second_word.html": "an opinion of one line; what it is about was kept when it was asked for",
    "booking.html": "the reason for seeing personal data is given each time again",
    "parts/check_form.html": "the window: a receipt to be checked, which is kept where it came from",
    "petitions.html": "the name of a view: one word",
    "second_factor.html": "codes",
    "staff.html": "of its forms the day of leaving: one date",
    "unmasked.html": "the reason for seeing personal data is given each time again",
}


def heads() -> list[tuple[str, str]]:
    """(template, form) of every form that is sent and in which something is written."""
    found = []
    for file in sorted(PACKAGE.glob("*/templates/*/**/*.html")):
        for form in FORM.findall(file.read_text("utf-8")):
            _, _, rest = form.partition(">")
            if re.search(r'method="post"', form[:400]) and WRITTEN.search(rest):
                found.append((file.as_posix().split("/templates/")[1].partition("/")[2], form))
    return found


def test_forms_are_found() -> None:
    assert len(heads()) > 30


def test_every_form_in_which_people_write_keeps_a_draft() -> None:
    bare = [(name, form[:160]) for name, form in heads() if "data-draft=" not in form and name not in WITHOUT]
    assert not bare, "\n".join(f"{name}: {form}" for name, form in bare)


def test_no_form_with_a_text_of_several_lines_is_excepted() -> None:
    assert not [name for name, form in heads() if "<textarea" in form and "data-draft=" not in form]


def test_no_exception_is_out_of_date() -> None:
    bare = {name for name, form in heads() if "data-draft=" not in form}
    assert set(WITHOUT) <= bare, sorted(set(WITHOUT) - bare)
