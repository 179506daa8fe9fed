"""A yes to help holds a year: each who said it is asked anew, and without it who helps sees nothing more.

The help itself goes on as it was agreed: what was planned, written and worked stays.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import involve
from hendig.families.models import Ground, Involvement, Part
from hendig.helprequests.actions import move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, require
from hendig.matching import rules
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.matching.rules import Table


def ask_anew(*, municipality_id: UUID, match_id: UUID, at: datetime) -> MatchTalk:
    """A month before a yes is a year old, each who must say yes to this help is asked whether it goes on so.

    Refused when it is too early, when it was asked and when the help ends by then.
    """
    actor = Actor.system(municipality_id)
    with change(actor, "match.asked_anew", at=at) as act:
        match = _lock_match(act, match_id)
        request = match.request
        account_id = match.professional.account_id
        until_at = _sees_until(match.compartment.record_id, account_id)
        asked = MatchTalk.objects.filter(renews=match, stage=TalkStage.OPEN).exists()
        require(
            rules.why_not_asked_anew(
                until_at=until_at, ends_on=match.ends_on, lapses_on=match.lapses_on, asked=asked, at=at
            )
        )
        if request.coach_id is None:
            raise NotVisible
        talk = MatchTalk.objects.create(
            family_id=match.family_id,
            request=request,
            child_id=match.child_id,
            professional_id=match.professional_id,
            service_code_id=match.service_code_id,
            coach_id=request.coach_id,
            purpose=str(match.talk.purpose),
            opened_at=at,
            compartment_id=match.compartment_id,
            renews=match,
            sees_until=until_at,
        )
        act.topics.add(f"account:{account_id}")
        act.record(talk, match=match.pk, professional=match.professional_id)
    return talk


def tell_sight_over(*, municipality_id: UUID, talk_id: UUID, at: datetime) -> MatchTalk:
    """Not everybody said yes anew: who helps sees nothing since today, and the coach thinks along.

    Refused while who helps sees along.
    """
    actor = Actor.system(municipality_id)
    with change(actor, "match.sight_over", at=at) as act:
        talk = _lock_renewal(act, talk_id)
        require(rules.why_sight_is_not_over(stage=talk.stage, sees_until=talk.sees_until, at=at))
        if talk.request.stage == Stage.HELP:
            move(act, talk.request, Stage.HELP, waiting_on=WaitingOn.COACH)
        act.record(talk, professional=talk.professional_id)
    return talk


def close_over(*, municipality_id: UUID, talk_id: UUID, at: datetime) -> MatchTalk:
    """The help is over, so that nobody is asked any more whether it goes on. Refused while it is not."""
    actor = Actor.system(municipality_id)
    with change(actor, "match.asked_no_more", at=at) as act:
        talk = _lock_renewal(act, talk_id)
        if talk.renews is None or talk.renews.ends_on is None or talk.renews.ends_on >= local_day(at):
            raise NotVisible
        others = Match.objects.standing(local_day(at)).filter(request=talk.request)
        if talk.request.stage == Stage.HELP and not others.exists():
            move(act, talk.request, Stage.HELP, waiting_on=WaitingOn.COACH)
        ask_no_more(act, talk.renews)
    return talk


def ask_no_more(act: Change, match: Match) -> None:
    """A step: nobody is asked any more whether this help goes on."""
    for talk in MatchTalk.objects.filter(renews=match, stage=TalkStage.OPEN).select_for_update(of=("self",)):
        talk.stage = TalkStage.NO_CLICK
        talk.save()
        act.record(talk, also="match.asked_no_more")


def settle(act: Change, talk: MatchTalk, match_id: UUID, table: Table) -> tuple[Match | None, Refusal | None]:
    """A step: when nobody's yes is missing, who helps sees along for a year from now; or why not yet.

    Help that lapsed with a measure goes on without its end, or until the end of a later measure.
    """
    on = local_day(act.at)
    # Who says the last yes need not see the record: a parent while the view rests, who helps after the year.
    with speaking(Actor.system(talk.municipality_id), act.at):
        match = Match.objects.select_for_update(of=("self",)).get(pk=match_id)
        no = rules.why_not_anew(table, ends_on=match.ends_on, on=on)
        if no is not None:
            return None, no
        match.ends_on = rules.ends_anew(match, table.lapses_on)
        match.lapses_on, match.measure_kind = table.lapses_on, table.measure_kind
        match.save()
        row = involve(
            act,
            record=talk.compartment.record,
            account_id=talk.professional.account_id,
            part=Part.PROFESSIONAL,
            ground=ground_of(match),
            until=rules.sees_until(on, match.ends_on),
        )
        if row.from_at == act.at and talk.request.stage == Stage.HELP:
            move(act, talk.request, Stage.HELP, waiting_on=WaitingOn.PROFESSIONAL)
        talk.stage = TalkStage.RENEWED
        talk.save()
        act.record(
            talk,
            also="match.renewed",
            match=match.pk,
            professional=talk.professional_id,
            until=row.until_at and local_day(row.until_at),
        )
    return match, None


def ground_of(match: Match) -> Ground:
    """On what it rests that who helps sees along: the yes of the family, or the measure of the court."""
    return Ground.MATCH if match.lapses_on is None else Ground.COURT


def _sees_until(record_id: UUID, account_id: UUID) -> datetime | None:
    """Until when somebody sees along by a match, or saw; None for who does so without an end."""
    rows = Involvement.objects.filter(record_id=record_id, account_id=account_id, part=Part.PROFESSIONAL)
    latest = rows.order_by(F("until_at").desc(nulls_first=True)).first()
    return latest.until_at if latest else None


def _lock_match(act: Change, match_id: UUID) -> Match:
    """The match with its question, both locked, the question first."""
    requests = HelpRequest.objects.filter(pk__in=Match.objects.filter(pk=match_id).values("request_id"))
    if requests.select_for_update(of=("self",)).first() is None:
        raise NotVisible
    return act.lock(Match.objects.select_related("request", "talk", "professional", "compartment"), match_id)


def _lock_renewal(act: Change, talk_id: UUID) -> MatchTalk:
    """The talk in which it is asked anew, with its question, both locked, the question first."""
    requests = HelpRequest.objects.filter(pk__in=MatchTalk.objects.filter(pk=talk_id).values("request_id"))
    if requests.select_for_update(of=("self",)).first() is None:
        raise NotVisible
    return act.lock(MatchTalk.objects.select_related("request", "renews").exclude(renews=None), talk_id)
