"""What a test wrote is gone after it, also while a worker goes on with its jobs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest

from tests.support.database import Cleaner, TestDatabase
from tests.support.world import build_world

A_ROW = "SELECT id FROM people_account ORDER BY id LIMIT 1 FOR UPDATE"
A_NOTICE = """
    INSERT INTO people_notice (id, municipality_id, account_id, entry_id, code, position, url, at)
    SELECT gen_random_uuid(), municipality_id, id, gen_random_uuid(), 'tent.called', 0, '/', now()
    FROM people_account WHERE id = %s
"""
A_WRITE = "UPDATE people_account SET phone = phone || '1' WHERE id = %s"


@pytest.mark.django_db(transaction=True)
def test_who_holds_a_row_in_one_job_after_another_keeps_nobody_from_cleaning(
    test_database: TestDatabase,
) -> None:
    cleaner = Cleaner(test_database.owner)
    build_world()
    began, enough = Event(), Event()

    def one_job_after_another() -> None:
        with psycopg.connect(test_database.owner_url) as worker:
            while not enough.is_set():
                held = worker.execute(A_ROW).fetchone()
                began.set()
                enough.wait(0.05)
                if held is not None:
                    worker.execute(A_WRITE, held)
                worker.commit()

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(one_job_after_another)
        assert began.wait(10)
        try:
            cleaner.clean()
        finally:
            enough.set()
        busy.result()
    (left,) = test_database.owner.execute("SELECT count(*) FROM people_account").fetchall()
    assert left == (0,)


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_writes_to_a_table_that_held_nothing_is_gone_too(test_database: TestDatabase) -> None:
    class Overtaken(Cleaner):
        """It looked, and a worker wrote a first notice before it locked."""

        looked = 0

        def filled(self) -> list[str]:
            self.looked += 1
            if self.looked == 2:
                with psycopg.connect(test_database.owner_url) as worker:
                    worker.execute(A_NOTICE, [ellen])
                return [table for table in super().filled() if table != "people_notice"]
            return super().filled()

    cleaner = Overtaken(test_database.owner)
    ellen = build_world().account("ellen").pk
    cleaner.clean()
    # Once more than that if one of the running Hendig wrote as well.
    assert cleaner.looked >= 3
    (left,) = test_database.owner.execute("SELECT count(*) FROM people_notice").fetchall()
    assert left == (0,)
