"""Who may see what of a family's records: in one sentence each, with why, and what can be done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.families import rules
from hendig.families.models import (
    AIM_OF,
    CARRIES_OUT,
    Block,
    CompartmentKind,
    Consent,
    FamilyMember,
    Ground,
    Involvement,
    Items,
    LegalAuthority,
    MemberKind,
    Part,
    Record,
    Sort,
)
from hendig.families.queries import PART_WORDS, _work, by_another
from hendig.families.queries.aims import aim_words, listed
from hendig.families.queries.grounds import ground_words
from hendig.families.queries.lines import last_taken
from hendig.families.rules import gp, sharing
from hendig.families.rules.gate import ALLOW, Rule
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, Words

RULES: dict[str, Rule] = {rule.number: rule for rule in ALLOW}

# Every record has these from its first day, so that to name them tells nothing; of the others a reader hears
# only what is open to that reader too.
NO_SECRET = (CompartmentKind.SHARED, CompartmentKind.ADDRESS, CompartmentKind.GP)
PIECES: dict[CompartmentKind, Words] = {
    CompartmentKind.SHARED: _("wat we samen weten"),
    CompartmentKind.CHILD: _("wat het kind apart vertelt"),
    CompartmentKind.PARENT: _("wat over deze ouder zelf gaat"),
    CompartmentKind.SAFETY: _("wat over veiligheid gaat"),
    CompartmentKind.GP: _("wat de huisarts schrijft"),
    CompartmentKind.ADDRESS: _("waar iemand woont"),
    CompartmentKind.INFORMANT: _("wie iets meldde"),
    CompartmentKind.OWN_NOTE: _("eigen aantekeningen"),
    CompartmentKind.FINANCE: _("uren en bedragen"),
}
# As the family itself reads it: what is of one parent is seen by that parent alone.
OWN_PIECES = PIECES | {CompartmentKind.PARENT: _("wat alleen van u is")}
MEMBER_WORDS: dict[MemberKind, Words] = {kind: kind.label for kind in MemberKind}

# What the gate opens to each who is involved with one of these records; of it, what this reader may know.
OPEN_TO = """
    SELECT i.account_id, o.record_id, o.compartment_id, o.kind, o.rule,
        o.kind = 'address' AND EXISTS (
            SELECT FROM families_compartment c WHERE c.id = o.compartment_id AND c.person_id IS NOT NULL),
        o.compartment_id = ANY (hendig_narrowed(i.account_id, %s)),
        ARRAY(SELECT one FROM unnest(%s::text[]) one
            WHERE o.kind = 'shared' AND o.compartment_id = ANY (hendig_limited(i.account_id, %s, one)))
    FROM (SELECT DISTINCT account_id FROM families_involvement
          WHERE record_id = ANY (%s) AND from_at <= %s AND (until_at IS NULL OR until_at > %s)) i
    CROSS JOIN LATERAL hendig_open(i.account_id, %s) o
    WHERE o.record_id = ANY (%s)
    ORDER BY i.account_id, o.record_id, o.kind
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who decides says about somebody seeing along; None while nothing was said."""

    first_name: str
    yes: bool | None


@dataclass(frozen=True, slots=True)
class OfSort:
    """A switch: whether the reader lets somebody read this sort of pieces."""

    sort: str
    label: Words
    on: bool
    effect: Words


@dataclass(frozen=True, slots=True)
class Along:
    """Somebody who is involved with one record: who, what, why, until when, and what the reader can do."""

    account_id: UUID
    first_name: str
    function: Words
    organisation: str
    sees: bool
    sentence: Words
    # Whether this one may know where the reader lives, in a sentence; empty where not.
    home: Words
    why: Words
    rule: Rule | None
    from_at: datetime
    # Who came in by an invitation does so from the moment that the code was right.
    invited: bool
    until_at: datetime | None
    # Of a family supervisor: the day of the ruling on which it rests.
    ruled_on: date | None
    # Near the end of the year that a yes lasts, and the reader says yes.
    asks_anew: bool
    # Whether this one helps by a match: its yes holds a year too, and each who said it is asked anew.
    by_match: bool
    coming: bool
    # Whether it rests on what others in the family chose, and the reader decides nothing of it.
    by_others: bool
    # Whether this one is here by somebody else: in that one's place, or learning beside them.
    behind: bool
    # None: it does not rest on a yes of the reader. Else whether the reader's switch is on.
    switch: bool | None
    effect: Words
    # Whether the reader lets this one read of the child alone; None where that is not theirs to choose.
    narrow: bool | None
    narrow_effect: Words
    # What of what is shared the reader can leave out; nothing where that is not theirs to choose.
    sorts: tuple[OfSort, ...]
    said: tuple[Said, ...]
    shut_out: bool
    can_shut_out: bool
    why_not_again: Refusal | None
    can_leave: bool
    # Of a GP: whether it may share what it writes, where the reader says so; None where not.
    passes: bool | None
    # When this person last took something of the record along as a file; that cannot be taken back.
    took_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfChild:
    """Who sees the record of one child along."""

    record_id: UUID
    child: str
    mine: bool
    decides: bool
    along: tuple[Along, ...]


def who_may(look: Viewing) -> tuple[OfChild, ...]:
    """For each record of the look who is involved besides the reader, and what that opens. 7 queries."""
    known = _known(look)
    records = Record.objects.filter(pk__in=look.records).values_list("pk", "child_id").order_by("pk")
    return tuple(_of_child(known, pk, known.members.get(child_id)) for pk, child_id in records)


@dataclass(frozen=True, slots=True)
class _Known:
    look: Viewing
    today: date
    me: FamilyMember | None
    members: dict[UUID | None, FamilyMember]
    holders: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    involved: dict[tuple[UUID, UUID], list[Involvement]] = field(default_factory=lambda: defaultdict(list))
    open: dict[tuple[UUID, UUID], list[tuple[UUID, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    said: dict[tuple[UUID, UUID], dict[UUID, bool]] = field(default_factory=lambda: defaultdict(dict))
    blocks: dict[tuple[UUID, UUID], Block] = field(default_factory=dict)
    # Who may know where the reader lives.
    homes: set[tuple[UUID, UUID]] = field(default_factory=set)
    # Of whom it is that they read of the child alone, and who said so.
    narrowed: set[tuple[UUID, UUID]] = field(default_factory=set)
    narrow_by: dict[tuple[UUID, UUID], set[UUID]] = field(default_factory=lambda: defaultdict(set))
    # What is left out for whom, by which giver; and for what each yes is.
    left_out: dict[tuple[UUID, UUID], set[str]] = field(default_factory=lambda: defaultdict(set))
    left_out_by: dict[tuple[UUID, UUID, UUID], list[str]] = field(default_factory=dict)
    aims: dict[tuple[UUID, UUID], list[Words]] = field(default_factory=lambda: defaultdict(list))


def _known(look: Viewing) -> _Known:
    members: dict[UUID | None, FamilyMember] = {one.pk: one for one in FamilyMember.objects.within(look)}
    mine = [one for one in members.values() if one.account_id == look.actor.account_id]
    known = _Known(look, local_day(look.at), mine[0] if mine else None, members)
    authority = LegalAuthority.objects.standing(known.today).filter(child__in=[*members])
    for child_id, holder_id in authority.order_by("id").values_list("child_id", "holder_id"):
        known.holders[child_id].append(holder_id)
    for row in _involved(look, members):
        known.involved[row.record_id, row.account_id].append(row)
    records = list(look.records)
    with connection.cursor() as cursor:
        at, sorts = look.at, Sort.values
        cursor.execute(OPEN_TO, [at, sorts, at, records, at, at, at, records])
        for account_id, record_id, compartment_id, kind, rule, home, narrow, left_out in cursor.fetchall():
            known.left_out[record_id, account_id] |= {*left_out}
            if home and compartment_id in look.compartments:
                known.homes.add((record_id, account_id))
            elif (kind in NO_SECRET and not home) or compartment_id in look.compartments:
                known.open[record_id, account_id].append((compartment_id, kind, rule))
            if narrow:
                known.narrowed.add((record_id, account_id))
    for said in Consent.objects.standing(look.at).filter(record__in=records).order_by("id"):
        _add_said(known, said)
    for block in Block.objects.standing(look.at).filter(record__in=records).order_by("id"):
        known.blocks[block.record_id, block.account_id] = block
    return known


def _add_said(known: _Known, said: Consent) -> None:
    key = (said.record_id, said.account_id)
    known.said[key][said.giver_id] = said.yes
    if not said.yes:
        return
    if said.items == Items.CHILD:
        known.narrow_by[key].add(said.giver_id)
    known.left_out_by[*key, said.giver_id] = said.leaves_out
    if said.what_for:
        known.aims[key].append(aim_words(said.what_for, said.aim))


def _involved(look: Viewing, members: Iterable[UUID | None]) -> Iterable[Involvement]:
    """Who else is involved; nobody whom this reader may not know of."""
    work = _work(OuterRef("account_id"), look.at)
    rows = Involvement.objects.coming_too(look.at).filter(record__in=look.records)
    known = Q(member=None) | Q(member__in=[one for one in members if one])
    return (
        rows.filter(known, kinds__overlap=[*NO_SECRET])
        .exclude(account_id=look.actor.account)
        .select_related("account", "behind")
        .annotate(
            works_as=Subquery(work.values("title")[:1]),
            works_for=Subquery(work.values("partner__name")[:1]),
            took_at=Subquery(last_taken(look, OuterRef("record_id"), OuterRef("account_id"))),
        )
        .order_by("from_at", "id")
    )


def _of_child(known: _Known, record_id: UUID, child: FamilyMember | None) -> OfChild:
    here = [
        (account, rows)
        for (record, account), rows in known.involved.items()
        if record == record_id and not _of_the_other_side(known, child, rows[0])
    ]
    me = known.me
    refusal = rules.why_not_agree(me, child, holders=_holders(known, child), on=known.today)
    return OfChild(
        record_id=record_id,
        child=child.first_name if child else "",
        mine=child is not None and me is not None and child.pk == me.pk,
        decides=refusal is None,
        along=tuple(_along(known, record_id, child, account, rows) for account, rows in here),
    )


def _of_the_other_side(known: _Known, child: FamilyMember | None, row: Involvement) -> bool:
    """Whether this is the other parent of a child of one side, for whom it is not there and never was."""
    if child is None or child.compartment_id is None or row.ground != Ground.AUTHORITY:
        return False
    who = known.members.get(row.member_id)
    one_side = who is not None and who.compartment_id is not None
    return not one_side and not known.open.get((row.record_id, row.account_id))


def _along(
    known: _Known, record_id: UUID, child: FamilyMember | None, account_id: UUID, rows: list[Involvement]
) -> Along:
    key, first = (record_id, account_id), rows[0]
    found = known.open.get(key, [])
    name = first.account.first_name
    switch, said = _switch(known, key, child, rows, sees=bool(found))
    block = known.blocks.get(key)
    decides = rules.why_not_agree(known.me, child, holders=_holders(known, child), on=known.today) is None
    ends = [row.until_at for row in rows]
    return Along(
        account_id=account_id,
        first_name=name,
        function=_function(known, first),
        organisation=first.works_for or "",  # type: ignore[attr-defined]  # annotated
        sees=bool(found) or key in known.homes,
        sentence=_sentence(known, rows, found, of=child if key in known.narrowed else None),
        home=_home(name) if found and key in known.homes else "",
        why=by_another(first.part, name, first.behind.first_name)
        if first.behind
        else ground_words(first.part, first.ground, own=decides),
        rule=RULES.get(found[0][2]) if found else None,
        from_at=first.from_at,
        invited=first.part in sharing.INVITED,
        until_at=None if None in ends else max(end for end in ends if end),
        ruled_on=first.ruled_on,
        asks_anew=switch is True and block is None and sharing.asks_a_new_yes(rows, known.look.at),
        by_match=any(
            row.part == Part.PROFESSIONAL and row.ground == Ground.MATCH and row.until_at for row in rows
        ),
        coming=first.from_at > known.look.at,
        by_others=not decides and first.ground in sharing.CHOSEN,
        behind=first.behind_id is not None,
        switch=switch,
        effect=_effect(name, on=bool(switch)),
        narrow=_narrow(known, key, child, rows, on=switch is True and block is None),
        narrow_effect=_narrow_effect(name, child),
        sorts=_sorts(known, key, name, rows, on=switch is True and block is None),
        said=said,
        shut_out=block is not None,
        can_shut_out=decides and block is None and switch is None and not sharing.why_not_shut_out(rows),
        why_not_again=_why_not_again(known, block, child),
        can_leave=decides and any(row.part in sharing.INVITED for row in rows),
        passes=_passes(known, child, rows),
        took_at=first.took_at,  # type: ignore[attr-defined]  # annotated
    )


def _switch(
    known: _Known, key: tuple[UUID, UUID], child: FamilyMember | None, rows: list[Involvement], *, sees: bool
) -> tuple[bool | None, tuple[Said, ...]]:
    """Where the reader's switch stands, when it is theirs; and what each who decides said."""
    holders, said = _holders(known, child), known.said.get(key, {})
    refusal = rules.why_not_say(known.me, child, holders=holders, about=rows, on=known.today)
    raises = any(row.part == Part.FAMILY and row.ground == Ground.AUTHORITY for row in rows)
    rests = raises or any(row.ground == Ground.CONSENT for row in rows)
    young = child is not None and child.born_on is not None and age_on(child.born_on, known.today) < 12
    together: tuple[Said, ...] = ()
    if rests and not raises and young:
        others = [known.members[one] for one in holders if one in known.members]
        together = tuple(Said(one.first_name, said.get(one.pk)) for one in others)
    if refusal is not None or known.me is None or (raises and _only_asks(known, child, rows)):
        return None, together
    return said.get(known.me.pk, sees), together


def _only_asks(known: _Known, child: FamilyMember | None, rows: list[Involvement]) -> bool:
    """A parent without authority: before 16 no yes of the child lets them in (T4), and no switch says so."""
    if child is None or child.born_on is None or age_on(child.born_on, known.today) >= 16:
        return False
    return not {row.member_id for row in rows} & {*_holders(known, child)}


def _passes(known: _Known, child: FamilyMember | None, rows: list[Involvement]) -> bool | None:
    say = gp.who_say(child, _holders(known, child), known.today)
    way = next((row for row in rows if row.part == Part.GP), None)
    if way is None or gp.why_not_yours_to_say(known.me.pk if known.me else None, say) is not None:
        return None
    return gp.passes(way, say)


def _holders(known: _Known, child: FamilyMember | None) -> list[UUID]:
    return known.holders.get(child.pk, []) if child else []


def _function(known: _Known, row: Involvement) -> Words:
    member = known.members.get(row.member_id)
    if row.part == Part.FAMILY and member is not None:
        return MEMBER_WORDS[MemberKind(member.kind)]
    if row.part in CARRIES_OUT:
        return PART_WORDS[Part(row.part)]
    return row.works_as or PART_WORDS[Part(row.part)]  # type: ignore[attr-defined]  # annotated


def _narrow(
    known: _Known, key: tuple[UUID, UUID], child: FamilyMember | None, rows: list[Involvement], *, on: bool
) -> bool | None:
    """Whether the reader says that this one reads of the child alone; None where there is nothing to say."""
    said_no = known.me is not None and known.said.get(key, {}).get(known.me.pk) is False
    if not on or known.me is None or sharing.why_not_narrowed(child, rows, said_no=said_no) is not None:
        return None
    return known.me.pk in known.narrow_by.get(key, set())


def _narrow_effect(name: str, child: FamilyMember | None) -> Words:
    """What the second switch does, said before it is done."""
    return format_lazy(
        _(
            "Staat dit aan, dan leest {name} alleen wat over {child} is opgeschreven. Wat over u of een "
            "ander gaat, leest {name} niet. De vraag, de afspraken en wie helpt ziet {name} wel. "
            "Het geldt ook voor wat er al stond."
        ),
        name=name,
        child=child.first_name if child else "",
    )


def _sorts(
    known: _Known, key: tuple[UUID, UUID], name: str, rows: list[Involvement], *, on: bool
) -> tuple[OfSort, ...]:
    """The switches of what this one reads; none where there is nothing for the reader to leave out."""
    me = known.me
    said_no = me is not None and known.said.get(key, {}).get(me.pk) is False
    if not on or me is None or sharing.why_not_left_out(rows, said_no=said_no) is not None:
        return ()
    mine = known.left_out_by.get((*key, me.pk), [])
    return tuple(
        OfSort(
            sort=sort.value,
            label=format_lazy(_("{name} leest {what}"), name=name, what=sort.label),
            on=sort not in mine,
            # One is enough to leave it out: with a switch that is on it may be another who did.
            effect=format_lazy(_("Een ander in uw gezin wil dit niet: {name} leest het nu niet."), name=name)
            if sort in known.left_out[key] and sort not in mine
            else "",
        )
        for sort in Sort
    )


def _but(known: _Known, key: tuple[UUID, UUID]) -> Words:
    """What is left out of what is shared, as the end of a sentence about it."""
    left_out = [sort.label for sort in Sort if sort in known.left_out.get(key, ())]
    if not left_out:
        return ""
    return format_lazy(_(", maar niet {what}"), what=listed(left_out, _("en")))


def _aim(known: _Known, key: tuple[UUID, UUID], rows: list[Involvement]) -> Words:
    """For what somebody is here by a yes or a match, as the end of a sentence."""
    if not all(row.ground in sharing.CHOSEN and row.part != Part.FAMILY for row in rows):
        return ""
    said = known.aims.get(key) if sharing.rests_on_a_yes(rows) else None
    follows = [aim_words(AIM_OF[Part(row.part)].what_for) for row in rows if row.part in AIM_OF]
    aims = dict.fromkeys(map(str, said or follows))
    return format_lazy(", {aims}", aims=listed([*aims], _("en"))) if aims else ""


def _sentence(
    known: _Known, rows: list[Involvement], found: list[tuple[UUID, str, str]], *, of: FamilyMember | None
) -> Words:
    row = rows[0]
    key = (row.record_id, row.account_id)
    who = format_lazy(_("{name} ({function})"), name=row.account.first_name, function=_function(known, row))
    kinds = {kind for _compartment_id, kind, _rule in found}
    pieces = [OWN_PIECES[kind] for kind in CompartmentKind if kind in kinds]
    if of is not None and CompartmentKind.SHARED in kinds:
        narrow = format_lazy(_("alleen wat over {child} gaat"), child=of.first_name)
        pieces = [narrow if piece is PIECES[CompartmentKind.SHARED] else piece for piece in pieces]
    if row.from_at > known.look.at:
        return format_lazy(_("{who} ziet nu nog niets."), who=who)
    if not pieces:
        return _home(who) if key in known.homes else format_lazy(_("{who} ziet nu niets."), who=who)
    what = listed(pieces, _("en"))
    end = {"but": _but(known, key), "aim": _aim(known, key, rows)}
    return format_lazy(_("{who} ziet {what}{but}{aim}."), who=who, what=what, **end)


def _home(name: Words) -> Words:
    return format_lazy(_("{name} mag weten waar u woont."), name=name)


def _effect(name: str, *, on: bool) -> Words:
    """What a tap on the switch does, said before it is done."""
    if on:
        return format_lazy(
            _("Zet u dit uit, dan ziet {name} vanaf nu niets meer. Wat {name} al schreef blijft staan."),
            name=name,
        )
    return format_lazy(_("Zet u dit aan, dan ziet {name} vanaf nu wat we samen weten."), name=name)


def _why_not_again(known: _Known, block: Block | None, child: FamilyMember | None) -> Refusal | None:
    if block is None:
        return None
    refusal = rules.why_not_agree(known.me, child, holders=_holders(known, child), on=known.today)
    if refusal is not None or known.me is None:
        return refusal
    return sharing.why_not_let_in_again(block, known.me.pk, child.pk if child else None)
