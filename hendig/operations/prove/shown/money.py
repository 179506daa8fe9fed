"""What was paid in the town: the month before last, with its journal, and the last one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hendig.billing import actions as billing
from hendig.demo.town import at_clock
from hendig.operations.prove.shown.town import Scene
from hendig.plans import actions as plans


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def earlier(scene: Scene, home: str, who: str) -> None:
    """Help of the month before last was sent and paid in the last one, which has its journal.

    A file in the folder is no invoice; and there is a pot of this year.
    """
    # In its first hour a month has no journal of the one before: then it is the one before that.
    last = _before((scene.town.today - timedelta(days=1)).replace(day=1))
    day = last - timedelta(days=1)
    scene.tell()
    scene.town.timeline.at = at_clock(day, "16:00")
    one = plans.plan_appointment(
        actor=scene.who(who),
        match_id=scene.things[f"match of {home}"],
        starts_at=at_clock(day, "11:00"),
        place="thuis",
        at=scene.at,
    )
    plans.keep_appointment(actor=scene.who(who), appointment_id=one.pk, at=scene.at)
    scene.town.timeline.at = at_clock(last + timedelta(days=3), "10:00")
    billing.send_invoice(
        actor=scene.who("jolanda"),
        partner_id=scene.town.partners["vlinder"],
        month=_before(last),
        at=scene.at,
    )
    billing.pay(actor=scene.who("henk"), at=scene.at)
    scene.minutes(30)
    with TemporaryDirectory() as folder:
        (Path(folder) / "geen-factuur.xml").write_bytes(b"<Invoice/>")
        billing.take_in(Path(folder), lambda _sent: scene.town.municipality_id, at=scene.at)
    billing.make_pot(
        actor=scene.who("petra"), name="Jeugd", year=scene.town.today.year, cents=100_000_00, at=scene.at
    )
    billing.make_journal(actor=scene.who("henk"), month=last, at=scene.at)


def sent(scene: Scene) -> None:
    """Last month was sent by two offices, and one of them was paid."""
    scene.day(-1)
    last = _before(scene.town.today.replace(day=1))
    for office, partner in (("jolanda", "vlinder"), ("marjan", "anker")):
        billing.send_invoice(
            actor=scene.who(office), partner_id=scene.town.partners[partner], month=last, at=scene.at
        )
    billing.pay(actor=scene.who("henk"), at=scene.at)
