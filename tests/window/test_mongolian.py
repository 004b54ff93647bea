"""Text in Mongolian script: taken as it was written, kept as the original, shown upright in its own direction."""

import pytest
from django.template import Context, Template
from django.test import Client

from tests.urls import url
from tests.window.standing import submitted
from tests.world import as_, make_department, take
from xinfang.cases.models import Petition
from xinfang.procedure.step_codes import StepCode
from xinfang.web.templatetags.mongolian import upright

WRITTEN = "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠪᠢᠴᠢᠭ᠌\nᠬᠦᠰᠡᠯᠲᠡ᠃ <b>"
"""With the narrow blank before a suffix and a variation selector: both are letters' own."""


def test_only_the_lines_in_mongolian_are_set_upright_and_nothing_of_them_is_html() -> None:
    assert upright("补助 <b>") == "补助 <b>", "the template escapes it"
    shown = Template("{% load mongolian %}{{ text|upright }}").render(Context({"text": f"一<\n{WRITTEN}\n二"}))
    assert shown.startswith('一&lt;<span class="mongolian" lang="mn-Mong" tabindex="0">ᠮᠣᠩᠭᠣᠯ')
    assert shown.endswith("&lt;b&gt;</span>二") and shown.count("<span") == 1


@pytest.mark.django_db
def test_it_is_kept_as_it_was_written_and_shown_upright_at_the_window_and_at_the_desk() -> None:
    make_department()
    browser = Client()
    row = submitted(browser, subject="ᠭᠤᠶᠤᠴᠢᠯᠠᠯ", body=WRITTEN, requests="ᠨᠢᠭᠡ\nᠬᠣᠶᠠᠷ", mongolian="on")
    assert Petition.objects.get(pk=row.pk).body == WRITTEN, "every character of the original"
    set_upright = '<span class="mongolian" lang="mn-Mong" tabindex="0">'
    assert f"{set_upright}ᠨᠢᠭᠡ</span>" in browser.get(url("window-case")).content.decode()
    assert f"{set_upright}ᠭᠤᠶᠤᠴᠢᠯᠠᠯ</span>" in browser.get(url("window-receipt")).content.decode()
    desk = as_("clerk").get(url("petition", row.number)).content.decode()
    assert f"{set_upright}ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ" in desk
    take(row.number, StepCode.SUPPLEMENT, "clerk", text="译文：蒙古文来件")
    assert Petition.objects.get(pk=row.pk).body == WRITTEN, "a translation is added and takes nothing's place"
