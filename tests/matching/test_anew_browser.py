"""A yes that is nearly a year old, and who is trusted, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hendig.families.actions import read_child_alone
from hendig.families.actions.work_notes import write_work_note
from hendig.matching import jobs
from hendig.matching.models import MatchTalk
from tests.support.families import trusted
from tests.support.fixtures import Fits
from tests.support.matching import household, open_talk, record_of, say
from tests.support.world import world_from


def test_the_pages_of_a_yes_are_accessible(fits: Fits) -> None:
    now = datetime.now(UTC)
    world = world_from(now - timedelta(days=345))
    house = household(world)
    record_id = record_of(house, "Noor")
    trusted(world, record_id, by="sanne")
    say(world, open_talk(world, house), "ellen", "noor", "sanne", "mark", "anouk")
    world.at = now
    joke = world.account("joke").pk
    read_child_alone(actor=world.actor("sanne"), record_id=record_id, account_id=joke, yes=True, at=now)
    write_work_note(actor=world.actor("ellen"), record_id=record_id, words="Vraag naar de nacht.", at=now)
    jobs.ask_anew(timestamp=0)
    talk, family = MatchTalk.objects.get(renews__isnull=False), f"gezin/{house.family_id}"
    for who, paths in {
        "sanne": [f"match/{talk.pk}/", f"{family}/", f"{family}/wie-mag-wat/", f"{family}/wat-verandert/"],
        "anouk": [f"match/{talk.pk}/", "mijn-blikken/?soort=change"],
        "ellen": [f"match/{talk.pk}/", f"{family}/aantekeningen/"],
        "joke": [f"{family}/"],
    }.items():
        fits(world.account(who).pk, [f"/{path}" for path in paths])
