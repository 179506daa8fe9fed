"""Why a person cannot be added to a family, and who decides for a child."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    CompartmentKind,
    FamilyMember,
    Ground,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Source,
)
from hendig.families.rules.gate import MOST
from hendig.kernel import consent
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal

DECLARED_LASTS = timedelta(days=14)
# A ruling is about a day that is near; a year that was typed wrong is not.
AHEAD = timedelta(days=366)
YOUTH_FROM = 12
# Help that began before 18 may go on until 23 (Jeugdwet art. 1.1).
YOUTH_UNTIL = 23
YOUNGEST_PARENT = 12
# Nobody in the Netherlands ever grew older; a year that was typed wrong did.
OLDEST = 115


def why_not_born_then(born_on: date, on: date) -> Refusal | None:
    """Why nobody whom the Youth Act is for can have this birth date."""
    if born_on > on:
        return Refusal("child.not_yet_born", _("Deze geboortedatum ligt in de toekomst."))
    if age_on(born_on, on) >= YOUTH_UNTIL:
        return Refusal(
            "child.grown_up", _("Deze geboortedatum is van een volwassene. Kijk het jaar nog eens na.")
        )
    return None


def why_no_place(records: int) -> Refusal | None:
    """Why it is not clear in which record something goes, when that many are open and none was chosen."""
    if records > 1:
        return Refusal("record.which_child", _("Kies over wie het gaat."))
    return None


def why_no_child(first_name: str, born_on: date, on: date, members: Iterable[FamilyMember]) -> Refusal | None:
    """Why this child cannot be added to these members of the family."""
    members = list(members)
    if any(
        one.kind == MemberKind.CHILD and one.born_on == born_on and _same(one.first_name, first_name)
        for one in members
    ):
        return Refusal(
            "child.already_there",
            _("Dit kind staat al bij dit gezin. Is het een ander kind? Kijk de geboortedatum na."),
        )
    parents = [one.born_on for one in members if one.kind == MemberKind.PARENT and one.born_on]
    if any(why_not_parent_of(parent, born_on) for parent in parents):
        return Refusal(
            "child.older_than_parent", _("Met deze geboortedatum kan dit geen kind van deze ouder zijn.")
        )
    return why_not_born_then(born_on, on)


def why_not_parent_of(parent_born_on: date, child_born_on: date) -> Refusal | None:
    """Why somebody born then cannot be the parent of somebody born then."""
    if parent_born_on >= child_born_on or age_on(parent_born_on, child_born_on) < YOUNGEST_PARENT:
        return Refusal("parent.too_young", _("De ouder is volgens deze datum te jong voor dit kind."))
    return None


def why_no_parent(
    email: str,
    born_on: date | None,
    on: date,
    members: Iterable[FamilyMember],
    taken: Iterable[str],
    kind: str = MemberKind.PARENT,
) -> Refusal | None:
    """Why this adult cannot be added; `taken` are the addresses by which members of the family sign in.

    Only a parent must be so much older than the child: who fosters or guards it is an adult, and no more.
    """
    if email and any(_same(email, other) for other in taken):
        return Refusal(
            "parent.same_email",
            _("Dit e-mailadres is al van iemand anders in dit gezin. Ieder heeft een eigen adres nodig."),
        )
    if born_on is None:
        return None
    if born_on > on:
        return Refusal("parent.not_yet_born", _("Deze geboortedatum ligt in de toekomst."))
    if age_on(born_on, on) > OLDEST:
        return Refusal("parent.too_old", _("Zo oud wordt niemand. Kijk het jaar nog eens na."))
    if kind != MemberKind.PARENT:
        return None if age_on(born_on, on) >= 18 else _NO_ADULT
    children = (one.born_on for one in members if one.kind == MemberKind.CHILD and one.born_on)
    return next((no for child in children if (no := why_not_parent_of(born_on, child))), None)


def why_no_own_way_in(kind: str, account_id: UUID | None, born_on: date | None, on: date) -> Refusal | None:
    """Why this person of the family cannot get an own way in as a youth."""
    if kind != MemberKind.CHILD or born_on is None:
        return Refusal("youth.not_a_child", _("Dit is geen kind van dit gezin."))
    if account_id is not None:
        return Refusal("youth.has_account", _("Dit kind kan zich al zelf aanmelden."))
    if age_on(born_on, on) < YOUTH_FROM:
        return Refusal("youth.too_young", _("Vanaf 12 jaar kan een kind zich zelf aanmelden."))
    return None


def why_not_by_coach(*, of_family: bool) -> Refusal | None:
    """Why somebody is not who lets a youth in: never anybody of the family, also not who works here."""
    if of_family:
        return Refusal(
            "youth.by_family",
            _("U hoort zelf bij dit gezin. Een gezinscoach die hier niet bij hoort, geeft de ingang."),
        )
    return None


def why_no_youth_account(
    member: FamilyMember, email: str, on: date, taken: Iterable[str], *, somebody_elses: bool = False
) -> Refusal | None:
    """Why this member cannot get an own way in at this address."""
    no = why_no_own_way_in(member.kind, member.account_id, member.born_on, on)
    if no is None and somebody_elses and not any(_same(email, other) for other in taken):
        return Refusal(
            "youth.address_taken",
            _("Met dit e-mailadres meldt iemand anders zich al aan. Vraag een adres van de jeugdige zelf."),
        )
    if no is None and any(_same(email, other) for other in taken):
        return Refusal(
            "youth.same_email",
            _("Dit e-mailadres is al van iemand anders in dit gezin. Ieder heeft een eigen adres nodig."),
        )
    return no


def why_no_way_in(adult: FamilyMember, email: str, taken: Iterable[str]) -> Refusal | None:
    """Why this adult cannot be invited; what the way in opens is the gate's to say."""
    if adult.kind == MemberKind.CHILD:
        return Refusal("parent.is_a_child", _("Dit is een kind. Geef het een eigen ingang vanaf 12 jaar."))
    if adult.account_id is not None:
        return Refusal("parent.has_account", _("Deze persoon kan zich al aanmelden."))
    return why_no_parent(email, None, date.max, (), taken)


def why_no_way_in_taken_back(member: FamilyMember) -> Refusal | None:
    """Why the way in of this person cannot be taken back as given to the wrong one."""
    if member.account_id is not None and member.invited_at is not None:
        return None
    return Refusal(
        "member.not_invited", _("Deze persoon is niet uitgenodigd. Er is geen ingang om terug te nemen.")
    )


def own_children(members: Iterable[FamilyMember], named: Collection[UUID]) -> list[UUID]:
    """The children of whom somebody is a parent: those that were named, or the only one that there is."""
    children = [one.pk for one in members if one.kind == MemberKind.CHILD]
    return children if len(children) == 1 else [pk for pk in children if pk in named]


def why_not_whose(own: Collection[UUID] | None) -> Refusal | None:
    """Why a parent who decides for nobody cannot be let in yet; None is for who is near every child."""
    if own is None or own:
        return None
    return Refusal("parent.whose", _("Kies van welk kind deze persoon de ouder is. Daarover mag die vragen."))


def why_not_this_child(born_on: date, on: date, members: Iterable[FamilyMember]) -> Refusal | None:
    """Why one of these members, who asked for help, cannot be the child that was born then."""
    parents = [one.born_on for one in members if one.kind == MemberKind.PARENT and one.born_on]
    no = (why_not_parent_of(parent, born_on) for parent in parents)
    return why_not_born_then(born_on, on) or next((one for one in no if one), None)


def why_no_authority(
    child: FamilyMember, holder: FamilyMember, on: date, source: str = Source.DECLARED
) -> Refusal | None:
    """Why this person cannot decide for this child, or not by this source (Civil Code 1:246, 1:253ha)."""
    if child.family_id != holder.family_id or child.kind != MemberKind.CHILD or child.born_on is None:
        return Refusal("authority.not_a_child", _("Gezag gaat over een kind van dit gezin."))
    if holder.kind in {MemberKind.CHILD, MemberKind.CONFIDANT}:
        return Refusal("authority.not_an_adult", _("Alleen een ouder, pleegouder of voogd kan gezag hebben."))
    if age_on(child.born_on, on) >= 18:
        return _DECIDES_ITSELF
    if holder.born_on and age_on(holder.born_on, on) < 18 and source != Source.COURT:
        return Refusal(
            "authority.holder_is_minor",
            _(
                "Wie nog geen 18 is heeft geen gezag, behalve door een uitspraak van de rechter. "
                "Kies dan de uitspraak als bron."
            ),
        )
    return None


def why_authority_contradicts(
    holder: FamilyMember, source: str, standing: Iterable[LegalAuthority]
) -> Refusal | None:
    """Why this adult cannot decide beside those whose authority over the child stands.

    What a court said is not undone by what somebody tells; and a child has a guardian or parents who decide,
    never both (Civil Code 1:245).
    """
    others = [one for one in standing if one.holder_id != holder.pk]
    if source == Source.DECLARED and any(one.source == Source.COURT for one in others):
        return Refusal(
            "authority.court_decided",
            _(
                "De rechter besliste over het gezag van dit kind, en noemt iemand anders. "
                "Kijk de uitspraak of het gezagsregister na, en kies dat als bron."
            ),
        )
    guards = holder.kind == MemberKind.GUARDIAN
    if any((one.holder.kind == MemberKind.GUARDIAN) != guards for one in others):
        return Refusal(
            "authority.guardian_or_parents",
            _(
                "Een kind heeft ouders met gezag of een voogd, niet allebei. "
                "Schrijf eerst op dat het andere gezag stopt, of kijk na wat er klopt."
            ),
        )
    return None


def why_not_same_person(one: FamilyMember, other: FamilyMember, *, linked: bool) -> Refusal | None:
    """Why these two cannot be one person."""
    if one.pk == other.pk:
        return Refusal("same.one_row", _("Kies iemand anders: dit is dezelfde regel."))
    if linked:
        return Refusal("same.already", _("Er staat al dat dit dezelfde persoon is."))
    if (one.kind == MemberKind.CHILD) != (other.kind == MemberKind.CHILD):
        return Refusal("same.child_and_adult", _("Een kind en een volwassene zijn niet dezelfde persoon."))
    if one.account_id and other.account_id and one.account_id != other.account_id:
        return Refusal(
            "same.two_accounts", _("Zij melden zich elk met een eigen adres aan. Vraag eerst hoe het zit.")
        )
    return None


def why_not_parted(one: FamilyMember, other: FamilyMember) -> Refusal | None:
    """Why these two cannot be two people after all: who signs in as both would go on to see both records."""
    if one.account_id and one.account_id == other.account_id:
        return Refusal(
            "same.one_account",
            _(
                "Wie zich aanmeldt, ziet nu beide gezinnen. "
                "Haal eerst in het gezin waar dat niet klopt de toegang weg."
            ),
        )
    return None


def why_not_declared_again(authority: LegalAuthority, on: date) -> Refusal | None:
    """Why telling it once more is not enough: what was declared and lapsed must be looked up first."""
    if (
        authority.source == Source.DECLARED
        and authority.checked_on is None
        and (authority.lapses_on or on) <= on
    ):
        return Refusal(
            "authority.must_be_checked",
            _("Dit gezag is niet op tijd nagekeken. Kijk het na in het gezagsregister."),
        )
    return None


def why_nobody_to_decide(child: FamilyMember, on: date, *, adults: int) -> Refusal | None:
    """Why there is nothing to write down about who decides for this child."""
    if child.born_on is not None and age_on(child.born_on, on) >= 18:
        return _DECIDES_ITSELF
    if not adults:
        return Refusal("authority.no_adult", _("Schrijf eerst op wie dit kind opvoedt."))
    return None


def why_not_told_back(ended_by: str) -> Refusal | None:
    """Why telling it is not enough for somebody whose authority over this child ended by this source."""
    if ended_by in {"", Source.DECLARED}:
        return None
    return Refusal(
        "authority.was_ended",
        _(
            "Het gezag van deze persoon is gestopt, en dat is nagekeken. "
            "Kijk na wat nu geldt, en kies als bron waar dat staat."
        ),
    )


def why_not_after_court(source: str, *, since: date | None, ended_on: date, on: date) -> Refusal | None:
    """Why this source does not bring back what a court ended after that day: an extract may be older."""
    if source == Source.COURT or (since is not None and since > ended_on < on):
        return None
    return Refusal(
        "authority.extract_too_old",
        _(
            "De rechter beëindigde dit gezag. Een uittreksel van voor die uitspraak telt niet meer. Staat in "
            "een nieuw uittreksel dat het gezag terug is, vul dan in sinds welke dag. Of kies de uitspraak."
        ),
    )


def why_not_since(
    child: FamilyMember, from_on: date, on: date, source: str = Source.DECLARED
) -> Refusal | None:
    """Why authority over this child cannot begin, or stop, on this day by this source."""
    if source == Source.DECLARED and from_on > on:
        return Refusal(
            "authority.told_ahead",
            _("Wat alleen is verteld, geldt van vandaag of eerder. Voor een latere dag telt een uitspraak."),
        )
    if child.born_on is not None and from_on < child.born_on:
        return Refusal("authority.before_birth", _("Deze dag ligt voor de geboorte van het kind."))
    if from_on > on + AHEAD:
        return Refusal(
            "authority.too_far", _("Deze dag ligt meer dan een jaar vooruit. Kijk het jaar nog eens na.")
        )
    return None


def why_not_ended_so(authority: LegalAuthority, source: str, stops_on: date) -> Refusal | None:
    """Why authority does not stop by this source on this day: what was looked up is not told away."""
    told = authority.source == Source.DECLARED and authority.checked_on is None
    if source == Source.DECLARED and not told:
        return Refusal(
            "authority.ended_by_telling",
            _("Dit gezag is nagekeken. Kies waar staat dat het stopt: de uitspraak of een register."),
        )
    if stops_on < authority.from_on:
        return Refusal(
            "authority.ends_before_it_began",
            _("Hier staat dat dit gezag later begon. Kies die eerste dag, of een dag daarna."),
        )
    return None


def why_not_in_own_family(*, of_family: bool) -> Refusal | None:
    """Why a coach does not write down who belongs here and who decides: it is the own family."""
    if of_family:
        return Refusal(
            "persons.own_family",
            _("U hoort zelf bij dit gezin. Een gezinscoach die hier niet bij hoort, schrijft dit op."),
        )
    return None


def why_not_checked_so(source: str) -> Refusal | None:
    """Why this is no way to check authority."""
    if source == Source.DECLARED:
        return Refusal("authority.no_source", _("Kies waar u het gezag hebt nagekeken."))
    return None


def why_not_for(part: Part, kinds: Iterable[CompartmentKind]) -> Refusal | None:
    """Why somebody in this part cannot be involved for these compartments: some parts never are."""
    most = MOST.get(part)
    if most is not None and not most.issuperset(kinds):
        return Refusal("involvement.too_wide", _("Dit deel van het dossier is niet voor wie zo meedoet."))
    return None


def why_not_for_the_child_to_say(child: FamilyMember, on: date) -> Refusal | None:
    """Why this child does not say yet who of those who raise sees along (Jeugdwet 7.3.10: from 12)."""
    if child.kind != MemberKind.CHILD or child.born_on is None:
        return Refusal("agrees.not_a_child", _("Dit is geen kind van dit gezin."))
    if age_on(child.born_on, on) < YOUTH_FROM:
        return Refusal("agrees.too_young", _("Vanaf 12 jaar beslist een kind hier zelf over."))
    return None


def why_not_say(
    giver: FamilyMember | None,
    child: FamilyMember | None,
    *,
    holders: Iterable[UUID],
    about: Iterable[Involvement],
    on: date,
) -> Refusal | None:
    """Why this person of the family cannot say who sees the record of this child along.

    Until 12 whoever has authority, from 16 the youth alone, in between each of them; a no stops it, but not
    that of a parent beside the child's own yes (Jeugdwet 7.3.4 and 7.3.11). `about` are the involvements of
    the person in question.
    """
    rests_on = {one.ground for one in about}
    # Parents have their own ground until 12; from then on only the child says whether they see along.
    raises = any(one.part == Part.FAMILY and one.ground == Ground.AUTHORITY for one in about)
    if not raises and Ground.CONSENT not in rests_on:
        return Refusal("consent.other_ground", _("Meekijken hangt hier niet van toestemming af."))
    if raises and giver is not None and child is not None and giver.pk != child.pk:
        return _NOT_YOURS
    return why_not_agree(giver, child, holders=holders, on=on)


def why_not_agree(
    giver: FamilyMember | None, child: FamilyMember | None, *, holders: Iterable[UUID], on: date
) -> Refusal | None:
    """Why this person cannot say yes for this child: until 16 whoever has authority can, from 12 the child.

    While it is not known which child it is about, who asked decides.
    """
    if giver is None:
        return Refusal("consent.not_of_the_family", _("Alleen het gezin zelf kan dit zeggen."))
    if child is None or child.born_on is None:
        return None
    if giver.pk == child.pk:
        return why_not_for_the_child_to_say(child, on)
    if age_on(child.born_on, on) >= 16 or giver.pk not in set(holders):
        return _NOT_YOURS
    return None


_NO_ADULT = Refusal("adult.too_young", _("Een pleegouder of voogd is 18 jaar of ouder. Kijk het jaar na."))
_DECIDES_ITSELF = Refusal("authority.child_is_adult", _("Vanaf 18 jaar beslist iemand zelf."))
_NOT_YOURS = Refusal("consent.not_yours", _("Hierover beslist een ander in uw gezin."))


def deciders(
    child: FamilyMember, holders: Iterable[UUID], on: date, instead: consent.Instead | None = None
) -> consent.Deciders:
    """Who must say yes for this child on the day `on`: members of the family, by their id.

    `holders` are the members whose authority stands that day; `instead` says whether two professionals held
    that a youth of 16 or 17 cannot decide.
    """
    if child.born_on is None:
        raise ValueError("nobody can tell who decides for somebody without a birth date")
    return consent.deciders(child.born_on, on, frozenset(holders), instead)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
