"""Two clerks say something of the same two cases in the same moment, each on a connection of their own."""

import threading

import pytest
from django.db import connection

from tests import world
from tests.casework.test_same_matter import as_, letter, send
from xinfang.matters.models import PairJudgement

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_wins_and_the_other_is_told():
    world.make_department()
    one, other = letter(1), letter(2)
    start, answers = threading.Barrier(2), dict[str, tuple[int, str]]()

    def say(username: str, verdict: str) -> None:
        try:
            client = as_(username)
            start.wait()
            answer = send(client, one, other, verdict)
            answers[username] = (answer.status_code, answer.content.decode())
        finally:
            connection.close()

    both = [threading.Thread(target=say, args=a) for a in (("clerk", "same"), ("clerk2", "apart"))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(status for status, _ in answers.values()) == [302, 422]
    (told,) = (page for status, page in answers.values() if status == 422)
    row = PairJudgement.objects.get()
    assert f"{row.by.name}已对这两件作出认定“{row.get_verdict_display()}”；您的提交没有生效" in told
