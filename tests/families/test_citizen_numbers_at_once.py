"""One number, written down by two at the same moment."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import citizen_numbers as actions
from hendig.families.models import CitizenNumber, NumberWhy
from tests.support.matching import household
from tests.support.together import at_once
from tests.support.world import build_world

NUMBER = "999900018"


@pytest.mark.django_db(transaction=True)
def test_written_in_two_records_at_once_it_stands_in_one() -> None:
    world = build_world()
    houses = household(world), household(world, parent="Joris", other="Els", child="Bas")
    ellen = world.actor("ellen")

    def write(record_id: UUID) -> CitizenNumber:
        return actions.note_number(
            actor=ellen, record_id=record_id, number=NUMBER, why=NumberWhy.RECORD, at=world.at
        )

    told = at_once(*(partial(write, one.request.compartment.record_id) for one in houses))
    assert sorted(told) == ["bsn.elsewhere", "done"]
    with reading(world.system, world.at):
        assert CitizenNumber.objects.count() == 1
    assert Entry.objects.filter(code="citizen_number.double").count() == 1
