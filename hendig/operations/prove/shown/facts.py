"""What the rows of the town say of who is who, as the oracle takes it: facts, and no judgement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.families.models import (
    Block,
    Compartment,
    Consent,
    Death,
    FamilyMember,
    Incapacity,
    Involvement,
    Items,
    LegalAuthority,
    Record,
)
from hendig.kernel.periods import Period
from hendig.operations.prove import facts, oracle
from hendig.people.models import Account, Membership, Municipality
from hendig.safety.models import SecretAddress


def world_of_rows(now: datetime) -> oracle.World:
    """The world that the oracle judges, of everything that stands in the database."""
    towns = dict(Municipality.objects.values_list("pk", "parents_see_from_12"))
    return oracle.World(towns, _accounts(), _records(), [now])


def _accounts() -> dict[UUID, facts.Account]:
    found = {
        one.pk: facts.Account(one.pk, one.municipality_id, one.is_active, []) for one in Account.objects.all()
    }
    for job in Membership.objects.all():
        days = Period(job.from_on, job.until_on)
        found[job.account_id].jobs.append(facts.Job(job.role, days, job.ended_at))
    return found


def _records() -> list[facts.Record]:
    people: dict[UUID, list[facts.Person]] = {}
    person = {}
    for one in FamilyMember.objects.all():
        person[one.pk] = facts.Person(one.pk, one.kind, one.born_on, one.account_id, one.compartment_id)
        people.setdefault(one.family_id, []).append(person[one.pk])
    found = {
        one.pk: facts.Record(
            one.pk,
            one.family_id,
            one.municipality_id,
            person[one.child_id] if one.child_id else None,
            one.frozen_at,
            people.get(one.family_id, []),
            [
                facts.Authority(
                    held.child_id,
                    held.holder_id,
                    held.source,
                    Period(held.from_on, held.until_on),
                    held.lapses_on,
                    held.checked_on,
                )
                for held in LegalAuthority.objects.filter(child=one.child_id)
            ],
            [
                facts.Died(gone.member_id, gone.from_at, gone.until_at)
                for gone in Death.objects.filter(family=one.family_id)
            ],
        )
        for one in Record.objects.all()
    }
    for room in Compartment.objects.all():
        found[room.record_id].rooms.append(facts.Room(room.pk, room.kind, room.person_id, room.author_id))
    for way in Involvement.objects.all():
        found[way.record_id].ways.append(
            facts.Involvement(
                way.account_id,
                person[way.member_id] if way.member_id else None,
                way.part,
                way.ground,
                list(way.kinds),
                way.from_at,
                way.until_at,
                way.behind_id,
            )
        )
    for said in Consent.objects.all():
        found[said.record_id].answers.append(_answer(said))
    for shut in Block.objects.all():
        found[shut.record_id].shut.append(
            facts.Shut(shut.account_id, list(shut.kinds), shut.from_at, shut.until_at)
        )
    for hides in SecretAddress.objects.all():
        found[hides.record_id].hidden.append(facts.Hidden(hides.member_id, hides.from_at, hides.until_at))
    for held in Incapacity.objects.filter(from_at__isnull=False, until_at__isnull=False):
        assert held.from_at is not None
        assert held.until_at is not None
        found[held.record_id].held.append(facts.Held(held.from_at, held.until_at))
    return list(found.values())


def _answer(said: Consent) -> facts.Answer:
    alone, without = said.items == Items.CHILD, tuple(said.leaves_out)
    return facts.Answer(said.giver_id, said.account_id, said.yes, said.from_at, said.until_at, alone, without)
