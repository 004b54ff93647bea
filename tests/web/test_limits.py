"""Who asks too often is asked to wait: in Chinese, with the seconds, counted over all processes."""

import multiprocessing
import sqlite3
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.urls import url
from tests.world import PASSWORD, make_department, register
from xinfang.accounts.models import Staff
from xinfang.config.urls import urlpatterns
from xinfang.web import rate_limits
from xinfang.web.rate_limits import RATE_LIMITS, RateCounters, RateLimit

FIVE = RateLimit(5, 10)


@pytest.fixture
def counters(tmp_path):
    return RateCounters(tmp_path / "limits.sqlite3")


class TestCounting:
    def test_so_many_at_once_then_one_by_one(self, counters):
        assert [counters.wait([("a", FIVE)], 100.0) for _ in range(5)] == [0] * 5
        assert counters.wait([("a", FIVE)], 100.0) == pytest.approx(2)
        assert counters.wait([("a", FIVE)], 101.0) == pytest.approx(1)
        assert counters.wait([("a", FIVE)], 102.0) == 0
        assert counters.wait([("a", FIVE)], 102.0) > 0
        assert [counters.wait([("a", FIVE)], 112.0) for _ in range(5)] == [0] * 5

    def test_each_key_for_itself_and_every_limit_counts(self, counters):
        for n in range(5):
            assert counters.wait([("address", FIVE), (f"name {n}", FIVE)], 0.0) == 0
        assert counters.wait([("address", FIVE), ("name 9", FIVE)], 0.0) > 0
        # What was refused cost the name nothing.
        assert [counters.wait([("name 9", FIVE)], 0.0) for _ in range(5)] == [0] * 5

    def test_a_clock_set_back_shuts_nobody_out_for_long(self, counters):
        counters.wait([("a", FIVE)], 1_000_000.0)
        assert counters.wait([("a", FIVE)], 100.0) <= FIVE.seconds

    @given(st.lists(st.floats(0, 3), max_size=60))
    def test_never_more_than_the_limit_in_any_stretch(self, pauses):
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            counters, now, passed = RateCounters(Path(folder) / "x"), 0.0, []
            for pause in pauses:
                now += pause
                wait = counters.wait([("a", FIVE)], now)
                if wait == 0:
                    passed.append(now)
                else:
                    assert counters.wait([("a", FIVE)], now + wait + 1e-3) == 0
                    now += wait + 1e-3
                    passed.append(now)
            for at in passed:
                # At once as many as the limit says, and those that were paid off meanwhile.
                assert sum(at <= other < at + FIVE.seconds for other in passed) <= 2 * FIVE.times

    def test_all_processes_count_together(self, tmp_path):
        file = tmp_path / "limits.sqlite3"
        with multiprocessing.get_context("fork").Pool(2) as pool:
            passed = sum(pool.starmap(_ask, [(str(file), 40)] * 2))
        assert passed == 50

    def test_processes_that_make_the_file_together_wait_for_each_other(self, tmp_path):
        start = multiprocessing.get_context("fork").Barrier(4)
        with multiprocessing.get_context("fork").Pool(4, _meet_at, [start]) as pool:
            for n in range(60):
                assert pool.map(_make, [str(tmp_path / f"{n}.sqlite3")] * 4, chunksize=1) == [0] * 4

    def test_the_file_stays_small_and_says_nothing(self, counters, monkeypatch):
        monkeypatch.setattr(rate_limits, "MAX_COUNTERS", 50)
        for n in range(300):
            counters.wait([(f"name 其木格{n}", FIVE)], 0.0)
        link = counters._link()
        for _ in range(3000):
            counters._tidy(link, 0.0)
        assert link.execute("SELECT count(*) FROM counter").fetchone() == (50,)
        for _ in range(3000):
            counters._tidy(link, 100.0)
        assert link.execute("SELECT count(*) FROM counter").fetchone() == (0,)
        assert "其木格".encode() not in counters.file.read_bytes()
        assert counters.file.stat().st_mode & 0o777 == 0o600


def _ask(file: str, times: int) -> int:
    counters = RateCounters(Path(file))
    return sum(counters.wait([("a", RateLimit(50, 10_000_000))], 0.0) == 0 for _ in range(times))


_start: Any = None


def _meet_at(start: Any) -> None:
    global _start
    _start = start


def _make(file: str) -> float:
    _start.wait()
    return RateCounters(Path(file)).wait([("a", FIVE)], 0.0)


def test_every_limit_belongs_to_an_address():
    def names(patterns):
        for pattern in patterns:
            yield from names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else (pattern.name,)

    assert set(RATE_LIMITS) <= set(names(urlpatterns))


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def department(self, tmp_path, monkeypatch):
        monkeypatch.setattr(settings, "RATE_LIMITS", True)
        monkeypatch.setattr(settings, "DATA", tmp_path)
        # No time passes, so that a slow machine gives nobody another try.
        monkeypatch.setattr("xinfang.web.rate_limits.time", SimpleNamespace(time=lambda: 1_800_000_000.0))
        make_department()

    def signed_in(self, username="clerk"):
        client = Client()
        client.force_login(Staff.objects.get(username=username))
        return client

    def asked(self, client, address, limit, data=None, **headers):
        """Asked until it is refused; as time goes on, a few more than the limit may pass."""
        for n in range(3 * limit.times):
            answer = client.post(address, data or {}, headers=headers)
            if answer.status_code == 429:
                assert n >= limit.times
                return answer
        raise AssertionError("never refused")

    def test_searching(self):
        client = self.signed_in()
        last = self.asked(client, url("search"), RATE_LIMITS["search"].account, {"q": "补助"})
        assert 0 < int(last["Retry-After"]) <= 60
        assert "操作太频繁" in last.content.decode() and "秒" in last.content.decode()
        assert last["Cache-Control"] == "no-store"
        # Only what is limited, and only for who asked.
        assert client.get(url("inbox")).status_code == 200
        assert self.signed_in("clerk2").post(url("search"), {"q": "补助"}).status_code != 429

    def test_a_noisy_address_leaves_an_account_alone_and_the_other_way_round(self):
        limit = RATE_LIMITS["login"]
        wrong = {"username": "clerk", "password": "x"}
        found = [Client(REMOTE_ADDR="10.0.0.1").post(url("login"), wrong) for _ in range(limit.account.times + 1)]
        assert found[-1].status_code == 429
        other = Client(REMOTE_ADDR="10.0.0.1").post(url("login"), {"username": "clerk2", "password": PASSWORD})
        assert other.status_code != 429
        for n in range(limit.address.times):
            Client(REMOTE_ADDR="10.0.0.2").post(url("login"), {"username": f"nobody{n}", "password": "x"})
        assert (
            Client(REMOTE_ADDR="10.0.0.2").post(url("login"), {"username": "clerk2", "password": "x"}).status_code
            == 429
        )
        assert (
            Client(REMOTE_ADDR="10.0.0.3").post(url("login"), {"username": "clerk2", "password": "x"}).status_code
            != 429
        )

    def test_a_script_is_told_in_json(self):
        number = register(date(2026, 3, 2))
        client = self.signed_in()
        address = url("files-add", number)
        last = self.asked(client, address, RATE_LIMITS["files-add"].account, accept="application/json")
        assert last.json()["wait"] == int(last["Retry-After"])

    def test_unmasking(self):
        number = register(date(2026, 3, 2))
        self.asked(self.signed_in(), url("unmask", number), RATE_LIMITS["unmask"].account)

    def test_a_whole_ipv6_network_is_one_address(self):
        limit = RATE_LIMITS["login"].address.times
        found = [
            Client(REMOTE_ADDR=f"2001:db8::{n:x}").post(url("login"), {"username": f"n{n}", "password": "x"})
            for n in range(1, limit + 2)
        ]
        assert found[-1].status_code == 429

    def test_a_counter_that_fails_closes_nothing(self, monkeypatch):
        def fails(*_):
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(RateCounters, "wait", fails)
        assert self.signed_in().post(url("search"), {"q": "补助"}).status_code != 429
