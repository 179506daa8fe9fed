"""What pages show of match talks and matches: who may help, who says yes, and what help stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, When
from django.utils.translation import gettext

from hendig.audit.actions import Place, Viewing, viewing
from hendig.directory.queries import photo_of
from hendig.families.models import FamilyMember, Ground, Part
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.ages import age_on
from hendig.kernel.consent import Standing
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.matching import rules
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.matching.queries.measure import CarriesOut, carries_out, with_measures
from hendig.matching.queries.seated import is_open, open_talks, talks_within
from hendig.matching.rules import Seat, Table
from hendig.people.models import Expertise, Professional, ProfessionalExpertise, ServiceCode
from hendig.tents.models import Seat as TentSeat
from hendig.tents.models import SeatStage

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Helper:
    """The professional as everyone may see: a name, a title, what they can do and for whom they work."""

    id: UUID
    first_name: str
    title: str
    can_do: str
    partner: str
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One person whose yes is needed: why, and what was said (None: not yet)."""

    first_name: str
    seat: Seat
    sentence: Words
    said: bool | None
    is_me: bool
    signs_in: bool


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One match talk for one reader. `voices` is empty for a professional who is only invited."""

    id: UUID
    family_id: UUID
    request_id: UUID
    stage: str
    child: str
    age: int
    neighbourhood: str
    purpose: str
    helper: Helper
    coach: str
    code: str
    voices: tuple[Voice, ...]
    is_involved: bool
    is_coach: bool
    is_professional: bool
    my_answer: bool | None
    why_no_answer: Refusal | None
    why_no_match: Refusal | None
    refused: bool
    stalled_at: datetime | None
    all_yes: bool
    authority_unknown: bool
    excepted: str
    why_no_exception: Refusal | None
    # Help that carries out a measure: until and with which day, of which kind, and for which kind the reader,
    # who carries it out, may say so.
    lapses_on: date | None
    measure_kind: str
    carries_out: tuple[CarriesOut, ...]
    match: MatchLine | None
    # Whether help that is there is asked about anew, and until when who helps sees along without that yes.
    anew: bool
    sees_until: datetime | None
    sight_over: bool
    # The kind of measure on which the help that is asked about rests, and with which it ends; mostly none.
    stops_with: str


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk in a list; `my_turn` when the reader's answer is still waited for."""

    id: UUID
    helper: Helper
    child: str
    neighbourhood: str
    coach: str
    purpose: str
    stage: str
    refused: bool
    is_involved: bool
    my_turn: bool
    opened_at: datetime
    # Whether help that is there goes on, a year after the yes.
    anew: bool


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Help that stands or stood: with whom, for whom, from when until when."""

    id: UUID
    # Where the family and who helps chose each other: what the help is for stands there.
    talk_id: UUID
    family_id: UUID
    number: str
    helper: Helper
    child: str
    code: str
    starts_on: date
    ends_on: date | None
    # Of help that carries out a measure of the court: the last day of that measure.
    lapses_on: date | None
    stands: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may help: why they stand here, how many places there are, and why not."""

    helper: Helper
    sentence: Words
    left: int
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from, with a sentence that says what it is."""

    id: UUID
    name: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a coach chooses from to bring a family and a professional together."""

    request_id: UUID
    family_id: UUID
    words: str
    purpose: str
    children: tuple[Choice, ...]
    child_id: UUID | None
    codes: tuple[Choice, ...]
    code_id: UUID | None
    expertises: tuple[Choice, ...]
    expertise_id: UUID | None
    candidates: tuple[Candidate, ...]
    why_not_yet: Refusal | None

    @property
    def free(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.candidates if one.why_not is None)


def talk_page(actor: Actor, talk_id: UUID, *, at: datetime) -> TalkPage:
    """One talk as the actor may see it; the look stands in the log. 7 queries, 6 for who is only invited.

    A professional who is not involved with the family sees the first name and age of the child, what is
    hoped for and the neighbourhood: not who else is asked, nor what they said.
    """
    with _looking(actor, talk_id, at=at) as (look, involved):
        on = local_day(at)
        talk = with_measures(MatchTalk.objects.seated(at), actor, at).get(pk=talk_id)
        return _talk_page(look, talk, on, involved=involved)


def help_of(look: Viewing) -> tuple[tuple[TalkLine, ...], tuple[MatchLine, ...]]:
    """The family's talks, newest first, and its help, what stands first and then the newest. 2 queries."""
    on = local_day(look.at)
    talks = talks_within(look)
    matched = (row for row in talks if row.stage == TalkStage.MATCHED)
    # Whether help goes on is asked each year: what was answered says nothing that the help does not.
    shown = (row for row in talks if row.renews_id is None or row.stage == TalkStage.OPEN)
    matches = [_match_line(row.match, row, look.actor, on) for row in matched]
    return (
        tuple(_talk_line(row, look.actor, on, involved=True) for row in shown),
        tuple(sorted(matches, key=lambda line: not line.stands)),
    )


def talks_of(look: Viewing) -> tuple[TalkLine, ...]:
    """The family's talks, the newest first. 2 queries."""
    return help_of(look)[0]


def matches_of(look: Viewing) -> tuple[MatchLine, ...]:
    """The family's help, what stands first and then the newest. 2 queries."""
    return help_of(look)[1]


def talks_for(actor: Actor, *, at: datetime) -> tuple[TalkLine, ...]:
    """The open talks in which the actor has a say, the longest open first. 2 queries."""
    on = local_day(at)
    talks = open_talks(actor, at=at)
    seated = ((row, rules.table_of(row)) for row in talks)
    return tuple(
        _talk_line(row, actor, on, involved=row.is_open)  # type: ignore[attr-defined]  # annotated there
        for row, table in seated
        if rules.why_no_answer(table, rules.seat_of(table, actor), stage=row.stage, on=on) is None
    )


def match_page(actor: Actor, match_id: UUID, *, at: datetime) -> MatchLine:
    """One match for who may see it; the look stands in the log. 5 queries."""
    row = Match.objects.visible_to(actor, at=at).filter(pk=match_id).values("family_id", "talk_id").first()
    if row is None:
        raise NotVisible
    with opening(actor, "match.seen", row["family_id"], at=at):
        on = local_day(at)
        talk = MatchTalk.objects.seated(at).select_related("match").get(pk=row["talk_id"])
        return _match_line(talk.match, talk, actor, on)


def prepare(
    actor: Actor,
    request_id: UUID,
    *,
    expertise_id: UUID | None = None,
    meant: Collection[UUID] = (),
    at: datetime,
) -> Preparation:
    """From whom a coach chooses: first who was in this family's tent, then who can do what was asked there.

    With `expertise_id` only who can do that, and who was `meant`. At most `SHOWN`; never a score. 11 queries.
    """
    visible = HelpRequest.objects.visible_to(actor, at=at)
    request = visible.filter(pk=request_id).first()
    if request is None:
        raise NotVisible
    with opening(actor, "matchtalk.prepared", request.family_id, at=at):
        on = local_day(at)
        members = list(FamilyMember.objects.there().filter(family_id=request.family_id))
        children = tuple(Choice(one.pk, one.first_name) for one in members if rules.is_child(one))
        codes = tuple(
            Choice(code.pk, code.name, code.sentence)
            for code in ServiceCode.objects.filter(municipality_id=actor.municipality_id)
        )
        last = (
            MatchTalk.objects.filter(coach_id=actor.account_id).order_by("-id").values_list("service_code_id")
        )
        expertises = Expertise.objects.filter(municipality_id=actor.municipality_id)
        about = request.child_id or (children[0].id if len(children) == 1 else None)
        return Preparation(
            request_id=request.pk,
            family_id=request.family_id,
            words=request.words,
            purpose=request.result,
            children=children,
            child_id=about,
            codes=codes,
            code_id=rules.sensible([code.id for code in codes], next((row[0] for row in last[:1]), None)),
            expertises=tuple(Choice(one.pk, one.name, one.sentence) for one in expertises),
            expertise_id=expertise_id,
            candidates=_candidates(request, members, about, expertise_id, on, meant),
            why_not_yet=rules.why_not_that_far(request.stage),
        )


def _candidates(
    request: HelpRequest,
    members: list[FamilyMember],
    about: UUID | None,
    expertise_id: UUID | None,
    on: date,
    meant: Collection[UUID],
) -> tuple[Candidate, ...]:
    of_tents = TentSeat.objects.filter(family_id=request.family_id)
    seats = list(of_tents.values_list("professional", "expertise", "stage"))
    in_tent = {who for who, _what, stage in seats if stage == SeatStage.WELCOME}
    asked = {expertise_id} if expertise_id else {what for _who, what, _stage in seats}
    talks = MatchTalk.objects.filter(request=request, stage=TalkStage.OPEN)
    busy = set(talks.values_list("professional", flat=True))
    own = {one.account_id for one in members if one.account_id}
    can_do = ProfessionalExpertise.objects.filter(professional=OuterRef("pk"), expertise__in=asked)
    count = Func(F("pk"), on, request.family_id, function="hendig_families_of", output_field=IntegerField())
    helping = Match.objects.standing(on).filter(professional=OuterRef("pk"), family_id=request.family_id)
    rows = (
        Professional.objects.filter(municipality_id=request.municipality_id, account__is_active=True)
        .annotate(
            families=count,
            helps=ArraySubquery(helping.order_by("id").values("child_id")),
            nearness=Case(When(pk__in=in_tent.union(meant), then=0), When(Exists(can_do), then=1), default=2),
            is_full=Case(When(families__gte=F("families_max"), then=1), default=0),
        )
        .select_related("account", "partner", "card")
        .prefetch_related("expertises")
        .order_by("nearness", "is_full", "account__first_name", "id")
    )
    found = rows.filter(Exists(can_do) | Q(pk__in=meant)) if expertise_id else rows
    return tuple(
        Candidate(
            helper=_helper(row),
            sentence=_why_shown(row, in_tent),
            left=_left(row),
            why_not=rules.why_not_chosen(
                room=_left(row),
                already_open=row.pk in busy,
                already_helps=about in row.helps,  # type: ignore[attr-defined]  # annotated above
                own_family=row.account_id in own,
            ),
        )
        for row in found[:SHOWN]
    )


def _left(professional: Professional) -> int:
    return rules.room_left(professional.families_max, professional.families)  # type: ignore[attr-defined]


def _why_shown(professional: Professional, in_tent: set[UUID]) -> str:
    """One sentence that explains why this person stands in the list."""
    can = ", ".join(expertise.name for expertise in professional.expertises.all())
    if professional.pk in in_tent:
        return gettext("Was bij de tent · %(can)s") % {"can": can}
    return can


@contextmanager
def _looking(actor: Actor, talk_id: UUID, *, at: datetime) -> Iterator[tuple[Viewing, bool]]:
    """A look at a talk: by involvement, or by the family's consent for who was only invited to it."""
    visible = MatchTalk.objects.visible_to(actor, at=at).filter(pk=talk_id)
    fields = ("family_id", "compartment_id", "compartment__record_id")
    row = visible.values_list(*fields, is_open(actor, at)).first()
    if row is None:
        raise NotVisible
    family_id, compartment_id, record_id, involved = row
    part = Part.FAMILY if actor.professional_id is None else Part.PROFESSIONAL
    look = (
        opening(actor, "matchtalk.seen", family_id, at=at)
        if involved
        else viewing(
            actor,
            "matchtalk.seen",
            family_id,
            part=part,
            ground=Ground.CONSENT if part == Part.PROFESSIONAL else Ground.AUTHORITY,
            at=at,
            places=[Place(compartment_id, record_id)],
        )
    )
    with look as seen:
        yield seen, involved


def _talk_page(look: Viewing, talk: MatchTalk, on: date, *, involved: bool) -> TalkPage:
    table = rules.table_of(talk)
    me = rules.seat_of(table, look.actor)
    others = Match.objects.families_of(talk.professional_id, on, besides=talk.family_id)
    matched = Match.objects.filter(talk=talk).first()
    return TalkPage(
        id=talk.pk,
        family_id=talk.family_id,
        request_id=talk.request_id,
        stage=talk.stage,
        child=table.child.name,
        age=age_on(table.born_on, on),
        neighbourhood=talk.family.neighbourhood,
        purpose=talk.purpose,
        helper=_helper(talk.professional),
        coach=table.coach.name,
        code=talk.service_code.name,
        voices=_voices(table, me, on) if involved else (),
        is_involved=involved,
        is_coach=me == table.coach,
        is_professional=me == table.professional,
        my_answer=table.answers.get(me.id) if me else None,
        why_no_answer=rules.why_no_answer(table, me, stage=talk.stage, on=on),
        why_no_match=rules.why_no_match(
            table,
            stage=talk.stage,
            request_stage=talk.request.stage,
            room=rules.room_left(talk.professional.families_max, others),
            on=on,
        ),
        refused=rules.stands(table, on) is Standing.REFUSED,
        stalled_at=talk.stalled_at if talk.stage == TalkStage.OPEN else None,
        all_yes=rules.stands(table, on) is Standing.AGREED,
        authority_unknown=rules.authority_unknown(table, on),
        excepted=talk.exception,
        why_no_exception=rules.why_no_exception(table, stage=talk.stage, on=on),
        lapses_on=matched.lapses_on if matched else table.lapses_on,
        measure_kind=matched.measure_kind if matched else table.measure_kind,
        carries_out=carries_out(talk, table, helps=me == table.professional),
        match=_match_line(matched, talk, look.actor, on) if matched else None,
        anew=table.anew,
        sees_until=talk.sees_until,
        sight_over=talk.sees_until is not None and talk.sees_until <= look.at,
        stops_with=talk.renews.measure_kind if talk.renews and talk.renews.lapses_on else "",
    )


def _voices(table: Table, me: rules.Person | None, on: date) -> tuple[Voice, ...]:
    return tuple(
        Voice(
            first_name=needed.person.name,
            seat=needed.seat,
            sentence=needed.sentence,
            said=table.answers.get(needed.person.id),
            is_me=needed.person == me,
            signs_in=needed.person.account_id is not None,
        )
        for needed in rules.who_must_say_yes(table, on)
    )


def _talk_line(talk: MatchTalk, actor: Actor, on: date, *, involved: bool) -> TalkLine:
    table = rules.table_of(talk)
    me = rules.seat_of(table, actor)
    asked = rules.why_no_answer(table, me, stage=talk.stage, on=on) is None
    return TalkLine(
        id=talk.pk,
        helper=_helper(talk.professional),
        child=table.child.name if involved else "",
        neighbourhood=talk.family.neighbourhood,
        coach=table.coach.name,
        purpose=talk.purpose if involved else "",
        stage=talk.stage,
        refused=talk.stage == TalkStage.OPEN and rules.stands(table, on) is Standing.REFUSED,
        is_involved=involved,
        my_turn=asked and me is not None and me.id not in table.answers,
        opened_at=talk.opened_at,
        anew=table.anew,
    )


def _match_line(match: Match, talk: MatchTalk, actor: Actor, on: date) -> MatchLine:
    ends_on = match.ends_on
    return MatchLine(
        id=match.pk,
        talk_id=talk.pk,
        family_id=match.family_id,
        number=match.number,
        helper=_helper(talk.professional),
        child=talk.child.first_name,
        code=talk.service_code.name,
        starts_on=match.starts_on,
        ends_on=match.ends_on,
        lapses_on=match.lapses_on,
        stands=ends_on is None or ends_on >= on,
        may_end=(ends_on is None or ends_on > on) and rules.may_end(match, rules.table_of(talk), actor, on),
    )


def _helper(professional: Professional) -> Helper:
    first_name, partner = professional.account.first_name, professional.partner.name
    photo = photo_of(professional)
    return Helper(professional.pk, first_name, professional.title, professional.can_do, partner, photo)
