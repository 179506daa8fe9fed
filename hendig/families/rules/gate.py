"""The gate: which compartments are open to whom, as one table of rules that becomes one SQL predicate.

Each rule has a number, where it comes from, and what it says in plain Dutch. Its condition is SQL over these
rows: `i` the involvement, `r` the record, `c` the compartment, `m` the person of the family that the
involvement is of (if any), `d.today`, `d.years` (the age of `child` on that day, null while it is not known
which child), `who` and `moment`. A compartment is open when one rule of `ALLOW` holds and none of `DENY`;
what cannot be decided (null) is a no. `families.models.opened` (the first wall) and the policies (the second)
both ask it.

Source: `privacy.md` of the design; Jeugdwet art. 7.3.4, 7.3.5, 7.3.8–7.3.11; AVG art. 5, 6, 9, 18.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hendig.families.models import CompartmentKind, Part
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `holds` is SQL; a rule that cannot be read here does not exist."""

    number: str
    source: str
    words: Words
    holds: str


_STANDING = "{0}.from_at <= moment AND ({0}.until_at IS NULL OR {0}.until_at > moment)"
# Nothing is open without an involvement of one's own that lasts and is for this compartment.
INVOLVED = f"i.account_id = who AND {_STANDING.format('i')} AND c.kind = ANY (i.kinds)"

# In every other part somebody works: it ends with the work itself, and never opens the own family.
_WORKS = "i.part NOT IN ('family', 'confidant')"
# Legal authority over the child of the record; what was only told counts for 14 days.
_AUTHORITY = """EXISTS (
        SELECT FROM families_legalauthority a
        WHERE a.child_id = r.child_id AND a.holder_id = {0} AND a.from_on <= d.today
            AND (a.until_on IS NULL OR a.until_on >= d.today)
            AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > d.today)
    )"""
# What those say together who are asked: null when they say nothing, and a no beside a yes is a no.
_SAY = f"""(
        SELECT bool_and(k.yes) FROM families_consent k
        WHERE k.record_id = r.id AND k.account_id = who AND {_STANDING.format("k")} AND ({{0}})
    )"""  # noqa: S608 - our own words
# What the child said counts when it was 12 or older on the day it said so.
_CHILD_SAYS = _SAY.format(
    "k.giver_id = r.child_id"
    " AND date_part('year', age((k.from_at AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) >= 12"
)
# Each who has authority may say it, and each may stop it, until the child is 16.
_PARENTS = f"d.years < 16 AND {_AUTHORITY.format('k.giver_id')}"
# What a child of 12 or older wishes, or does not, nobody says otherwise.
_AGREED = f"coalesce({_CHILD_SAYS}, {_SAY.format(_PARENTS)})"
# The same, and while it is not known which child it is about, whoever of the family asked.
_ANY_AGREED = f"coalesce({_CHILD_SAYS}, {_SAY.format(f'{_PARENTS} OR r.child_id IS NULL')})"
# Two professionals held that this youth cannot decide now.
_INSTEAD = """EXISTS (
        SELECT FROM families_incapacity y
        WHERE y.record_id = r.id AND y.from_at <= moment AND y.until_at > moment
    )"""
_BY_DEFAULT = "(SELECT t.parents_see_from_12 FROM people_municipality t WHERE t.id = r.municipality_id)"
_KEPT_OUT = f"""EXISTS (
        SELECT FROM families_block b
        WHERE b.record_id = r.id AND b.account_id = {{0}} AND {_STANDING.format("b")}
            AND (cardinality(b.kinds) = 0 OR {{1}})
    )"""
_BY_KIND = "c.kind = ANY (b.kinds)"
# Who may not know where another lives goes on reading the own address: that it closed would tell why. It is
# the only one that the family reads (N15).
_BY_KIND_BUT_OWN = f"{_BY_KIND} AND (i.part <> 'family' OR c.kind <> 'address')"
_OF_FAMILY = """EXISTS (
        SELECT FROM families_familymember o WHERE o.family_id = i.family_id AND o.account_id = {0}
    )"""
_WORKS_HERE = """EXISTS (
        SELECT FROM people_membership w
        WHERE w.account_id = {0} AND {1} AND w.from_on <= d.today
            AND (w.until_on IS NULL OR w.until_on >= d.today) AND (w.ended_at IS NULL OR w.ended_at > moment)
    )"""
_HELPS = "w.role IN ('coach', 'professional')"
# Who helps a neighbour works here as such, or is of a family here.
_NEIGHBOUR = "EXISTS (SELECT FROM families_familymember o WHERE o.account_id = who)"
_ACCOUNT = """EXISTS (
        SELECT FROM people_account x
        WHERE x.id = {0} AND x.is_active AND x.municipality_id = r.municipality_id
    )"""
# Who is here by somebody else: in that one's place, or learning beside them.
_BY_ANOTHER = "i.part IN ('deputy', 'trainee')"
# Where somebody lives is secret; so is then the own address of the child of that record, wherever it lies.
_SECRET = f"""EXISTS (
        SELECT FROM safety_secretaddress s
        WHERE {_STANDING.format("s")}
            AND (s.member_id = c.person_id OR s.record_id = r.id AND c.person_id = r.child_id)
    )"""
# Of who belongs to one side only who was named for that parent knows, and nobody in that one's place.
_UNKNOWN = f"""c.person_id IS DISTINCT FROM i.member_id AND c.person_id IS DISTINCT FROM r.child_id
    AND EXISTS (
        SELECT FROM families_familymember p JOIN families_compartment s ON s.id = p.compartment_id
        WHERE p.id = c.person_id AND (i.part = 'deputy' OR NOT EXISTS (
            SELECT FROM families_involvement u WHERE u.account_id = who AND u.record_id = s.record_id
                AND u.member_id = s.person_id AND 'parent' = ANY (u.kinds) AND {_STANDING.format("u")}
        ) OR EXISTS (
            SELECT FROM families_death x WHERE x.member_id = s.person_id AND {_STANDING.format("x")}
        ))
    )"""  # noqa: S608 - our own words
_RAISES = "i.part = 'family' AND m.kind IN ('parent', 'guardian', 'foster_parent')"

# What a part may at most be involved for; what of it an involvement names is a choice each time.
MOST: dict[Part, frozenset[CompartmentKind]] = {
    Part.FAMILY: frozenset(
        {CompartmentKind.SHARED, CompartmentKind.CHILD, CompartmentKind.PARENT, CompartmentKind.ADDRESS}
    ),
    Part.CONFIDANT: frozenset({CompartmentKind.SHARED}),
    Part.GUEST: frozenset({CompartmentKind.SHARED}),
    # Who decides on an application has that application, and nothing else of the record.
    Part.DECIDER: frozenset(),
    # With whom a family shares pieces reads those pieces, and nothing else of the record.
    Part.SHARED_WITH: frozenset(),
    # Who helps a neighbour comes to the door where that is asked, and reads nothing else.
    Part.VOLUNTEER: frozenset({CompartmentKind.ADDRESS}),
    # Juvenile probation guides a youth, and is no protection: nothing about safety is for it.
    Part.PROBATION: frozenset({CompartmentKind.SHARED}),
    Part.REFERRER: frozenset(),
    Part.GP: frozenset({CompartmentKind.GP, CompartmentKind.SHARED}),
    # Who told of a worry is for those who are named to think along about it, and for nobody else.
    Part.COLLEAGUE: frozenset({CompartmentKind.SAFETY, CompartmentKind.INFORMANT}),
    # What somebody was named for by name (a child, a parent, safety) is nobody else's, not even for a week.
    Part.DEPUTY: frozenset({CompartmentKind.SHARED, CompartmentKind.ADDRESS}),
    Part.TRAINEE: frozenset({CompartmentKind.SHARED}),
}


def _more_than(part: Part) -> str:
    """The compartment is one that this part is never for."""
    most = ", ".join(f"'{kind}'" for kind in sorted(MOST[part]))
    return f"(i.part = '{part}' AND c.kind NOT IN ({most}))" if most else f"i.part = '{part}'"


# What the family itself never sees has rules with words of their own.
_TOO_MUCH = " OR ".join(_more_than(part) for part in MOST if part != Part.FAMILY)

ALLOW: tuple[Rule, ...] = (
    Rule(
        "T1",
        "Jeugdwet 7.3.10",
        _("Vanaf 12 jaar ziet een jongere het eigen dossier."),
        "i.part = 'family' AND m.id = r.child_id AND d.years >= 12",
    ),
    Rule(
        "T2",
        "Jeugdwet 2.3",
        _("Wie om hulp vroeg ziet de eigen vraag, zolang nog niet bekend is over welk kind het gaat."),
        "i.part = 'family' AND m.id IS NOT NULL AND r.child_id IS NULL",
    ),
    Rule(
        "T3",
        "Jeugdwet 7.3.10, BW 1:245",
        _("Een ouder met gezag ziet het dossier van een kind tot 12 jaar."),
        f"{_RAISES} AND d.years < 12 AND {_AUTHORITY.format('m.id')}",
    ),
    Rule(
        "T4",
        "Jeugdwet 7.3.10 en 7.3.11",
        _("Vanaf 12 jaar ziet een ouder met gezag mee als het kind dat goed vindt."),
        f"{_RAISES} AND d.years < 16 AND {_AUTHORITY.format('m.id')}"
        f" AND coalesce({_CHILD_SAYS}, {_BY_DEFAULT})",
    ),
    Rule(
        "T5",
        "Jeugdwet 7.3.5",
        _("Van 16 tot 18 jaar ziet een ouder alleen mee met toestemming van de jongere."),
        "i.part = 'family' AND m.kind IN ('parent', 'guardian') AND d.years >= 16 AND d.years < 18"
        f" AND {_CHILD_SAYS}",
    ),
    Rule(
        "T6",
        "AVG 15",
        _("Een ouder ziet altijd wat over die ouder zelf is opgeschreven."),
        "i.part = 'family' AND c.kind = 'parent'",
    ),
    Rule(
        "T7",
        "Jeugdwet 1.1 en 7.3.11",
        _("Een pleegouder ziet mee als wie beslist dat goed vindt."),
        f"i.part = 'family' AND m.kind = 'foster_parent' AND {_AGREED}",
    ),
    Rule(
        "T8",
        "Jeugdwet 4.1.2",
        _("Een vertrouwde volwassene ziet mee zolang het gezin dat wil."),
        f"i.part = 'confidant' AND {_ANY_AGREED}",
    ),
    Rule(
        "T9",
        "Jeugdwet 2.3, 7.4.0 en 3.5",
        _("Wie door een taak, een match of een besluit van de rechter meedoet, ziet wat die taak vraagt."),
        "i.part NOT IN ('family', 'confidant', 'emergency', 'trainee')"
        " AND i.ground IN ('youth_act', 'match', 'court', 'duty', 'vital')",
    ),
    Rule(
        "T10",
        "Jeugdwet 7.3.11 en 7.3.13",
        _("Wie met toestemming meedoet, ziet mee tot iemand die beslist nee zegt."),
        f"i.part NOT IN ('family', 'emergency') AND i.ground = 'consent' AND {_ANY_AGREED}",
    ),
    Rule(
        "T11",
        "AVG 6.1 d",
        _("Bij direct gevaar kan een beroepskracht een uur meekijken; het gezin hoort dat."),
        "i.part = 'emergency' AND c.kind NOT IN ('own_note', 'informant')"
        " AND i.from_at > moment - interval '60 minutes'",
    ),
    Rule(
        "T12",
        "Jeugdwet 7.3.15, BW 7:465",
        _(
            "Twee beroepskrachten vonden dat een jongere van 16 of 17 nu zelf niet kan beslissen. "
            "Zolang ziet een ouder met gezag mee, tenzij de jongere dat niet wil."
        ),
        f"{_RAISES} AND d.years >= 16 AND d.years < 18 AND {_AUTHORITY.format('m.id')}"
        f" AND {_INSTEAD} AND {_CHILD_SAYS} IS NOT FALSE",
    ),
    Rule(
        "T13",
        "AVG 15",
        _("Een volwassene van het gezin ziet altijd het eigen adres."),
        "i.part = 'family' AND c.kind = 'address' AND m.kind <> 'child'",
    ),
)

DENY: tuple[Rule, ...] = (
    Rule(
        "N1",
        "AVG 18",
        _("Wie is buitengesloten, ziet niets van wat daaronder valt."),
        _KEPT_OUT.format("who", _BY_KIND_BUT_OWN),
    ),
    Rule(
        "N2",
        "AVG 5.1 f",
        _("Het eigen gezin is gesloten voor wie er werkt, in elke rol."),
        f"{_WORKS} AND {_OF_FAMILY.format('who')}",
    ),
    Rule(
        "N3",
        "AVG 32",
        _("Wie hier niet meer werkt, ziet niets meer."),
        f"{_WORKS} AND NOT (i.part = 'volunteer' AND {_NEIGHBOUR}) AND NOT "
        + _WORKS_HERE.format(
            "who",
            f"({_HELPS} AND i.part <> 'trainee' OR w.role = 'trainee' AND i.part = 'trainee'"
            " OR w.role = 'helper' AND i.part = 'volunteer')",
        ),
    ),
    Rule(
        "N4",
        "AVG 32",
        _("Een account dat gesloten is, of van een andere gemeente, ziet niets."),
        f"NOT {_ACCOUNT.format('who')}",
    ),
    Rule(
        "N5",
        "BW 4:1, Jeugdwet 7.3.11",
        _("Na een overlijden kijkt het gezin niet vanzelf mee."),
        "i.part IN ('family', 'confidant') AND r.frozen_at IS NOT NULL AND r.frozen_at <= moment",
    ),
    Rule(
        "N6",
        "Jeugdwet 7.3.11 lid 3, Wet verplichte meldcode",
        _("Wat over veiligheid gaat, ziet alleen wie daarvoor met naam is genoemd."),
        "i.part = 'family' AND c.kind IN ('safety', 'informant')",
    ),
    Rule(
        "N7",
        "WGBO 7:457",
        _("Wat een huisarts opschrijft, ziet alleen wie het schreef, zolang die hier de huisarts is."),
        "c.kind = 'gp' AND (i.part <> 'gp' OR c.author_id IS DISTINCT FROM who)",
    ),
    Rule(
        "N8",
        "AVG 5.1 c",
        _("Een eigen werkaantekening ziet alleen wie die schreef."),
        "c.kind = 'own_note' AND c.author_id IS DISTINCT FROM who",
    ),
    Rule(
        "N9",
        "Jeugdwet 7.3.10",
        _("Wat van een ouder zelf is, ziet die ouder, en wie daarvoor is genoemd."),
        "c.kind = 'parent' AND c.person_id IS DISTINCT FROM i.member_id",
    ),
    Rule(
        "N10",
        "Jeugdwet 7.3.10",
        _("Wat een kind apart vertelt, ziet alleen het kind, en wie daarvoor is genoemd."),
        "c.kind = 'child' AND i.part = 'family' AND m.id IS DISTINCT FROM r.child_id",
    ),
    Rule(
        "N11",
        "AVG 5.1 c",
        _("Wie meedoet, ziet nooit meer dan waar zo meedoen voor is."),
        _TOO_MUCH,
    ),
    Rule(
        "N12",
        "AVG 5.1 c en 29",
        _("Wie een ander vervangt of in opleiding is, ziet alleen waar die ander zelf voor meedoet."),
        f"{_BY_ANOTHER} AND NOT EXISTS (SELECT FROM families_involvement u"
        " WHERE u.account_id = i.behind_id AND u.record_id = r.id AND u.part IN ('coach', 'professional')"
        " AND (c.kind <> 'address' OR u.member_id IS NULL)"
        " AND u.ground IN ('youth_act', 'match', 'court') AND c.kind = ANY (u.kinds)"
        f" AND {_STANDING.format('u')})",
    ),
    Rule(
        "N13",
        "AVG 5.1 c en 32",
        _("Mag die ander zelf niet meer kijken, dan kijkt ook niemand namens die ander."),
        f"{_BY_ANOTHER} AND ({_KEPT_OUT.format('i.behind_id', _BY_KIND)}"
        f" OR {_OF_FAMILY.format('i.behind_id')} OR NOT {_WORKS_HERE.format('i.behind_id', _HELPS)}"
        f" OR NOT {_ACCOUNT.format('i.behind_id')})",
    ),
    Rule(
        "N14",
        "BW 4:1, AVG 5.1 c",
        _("Na een overlijden gaat door die ouder niets meer open, en blijft dicht wat van die ouder is."),
        "EXISTS (SELECT FROM families_death x WHERE"
        f" {_STANDING.format('x')} AND (x.member_id = c.person_id"
        " OR x.member_id = m.id AND i.part IN ('family', 'confidant')))",
    ),
    Rule(
        "N15",
        "AVG 5.1 c en 32",
        _("Van het gezin ziet ieder alleen het eigen adres; wie voor één persoon is genoemd, alleen dat."),
        "c.kind = 'address' AND (i.member_id IS NOT NULL AND c.person_id IS DISTINCT FROM i.member_id"
        " OR i.member_id IS NULL AND i.part = 'volunteer')",
    ),
    Rule(
        "N16",
        "AVG 5.1 f en 18",
        _("Een geheim adres ziet alleen die persoon zelf, en wie daarvoor met naam is genoemd, ook in nood."),
        # What else is of that person opens to nobody who is not named for it (N9).
        f"i.member_id IS NULL AND {_SECRET}",
    ),
    Rule(
        "N17",
        "AVG 5.1 c en 32",
        _("Waar iemand woont die bij één ouder hoort, ziet alleen wie van die persoon mag weten."),
        # Only an address and the own part of a parent are of a person, and of that part N9 says the same.
        _UNKNOWN,
    ),
)


def predicate(
    allow: tuple[Rule, ...] = ALLOW,
    deny: tuple[Rule, ...] = DENY,
    *,
    involved: str = INVOLVED,
    name: str = "hendig_open",
) -> str:
    """`hendig_open(who, moment)` as SQL: one row for each compartment that is open, and the rule.

    Other tables than our own can be given, so that tests can take one atom out and see that it is missed.
    """
    # A chain of its own for each: the first rule that holds is the one that the log names.
    which = "\n            ".join(f"WHEN {rule.holds} THEN '{rule.number}'" for rule in allow)
    unless = "\n        ".join(f"AND ({rule.holds}) IS FALSE" for rule in deny)
    return _FUNCTION.format(name=name, which=which, involved=involved, unless=unless, part=_PART)


# A deputy is here in the part of whom they stand in for: does the same work, and the log says for whom.
_PART = f"""CASE WHEN i.part = 'deputy' THEN (
            SELECT min(u.part) FROM families_involvement u
            WHERE u.record_id = r.id AND u.account_id = i.behind_id AND u.part IN ('coach', 'professional')
                AND {_STANDING.format("u")}
        ) ELSE i.part END::text"""  # noqa: S608 - our own words

# A function that answers more than it did is another one to PostgreSQL.
# In the language in which PostgreSQL keeps the plan for as long as the session lasts: making it takes ten
# times as long as following it, and before version 18 a function of plain SQL makes it at every call. The one
# plan for all is made at the first call: of its own PostgreSQL makes five more first, each for one reader.
_FUNCTION = """
DROP FUNCTION IF EXISTS {name}(uuid, timestamptz);
CREATE FUNCTION {name}(who uuid, moment timestamptz)
RETURNS TABLE (
    compartment_id uuid, record_id uuid, family_id uuid, kind text, part text, ground text, purpose text,
    member_id uuid, until_at timestamptz, rule text, behind_id uuid
)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 60 SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN RETURN QUERY SELECT found.* FROM (
    SELECT c.id, r.id, i.family_id, c.kind::text, {part}, i.ground::text, i.purpose::text, i.member_id,
        i.until_at,
        CASE
            {which}
        END AS rule,
        i.behind_id
    FROM families_involvement i
    JOIN families_record r ON r.id = i.record_id
    JOIN families_compartment c ON c.record_id = r.id
    LEFT JOIN families_familymember m ON m.id = i.member_id
    LEFT JOIN families_familymember child ON child.id = r.child_id
    CROSS JOIN LATERAL (
        SELECT (moment AT TIME ZONE 'Europe/Amsterdam')::date AS today,
            date_part('year', age((moment AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) AS years
    ) d
    WHERE {involved}
        {unless}
) found
WHERE found.rule IS NOT NULL;
END $$
"""


# What a yes says of itself: no more than what is about the child, or not a sort of pieces.
_SAYS_SO = "(sort = 'child' AND k.items = 'child' OR sort = ANY (k.leaves_out))"
# One who may say yes today said so: the child from 12 on, who decides until it is 16, and while nobody knows
# which child it is, whoever of the family. One is enough: what is about somebody is not for others to share.
LIMITS = f"""k.account_id = who AND k.yes AND {_STANDING.format("k")} AND {_SAYS_SO}
        AND (r.child_id IS NULL OR k.giver_id = r.child_id
        AND date_part('year', age((k.from_at AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) >= 12
        OR {_PARENTS})"""
# And this is somebody who is here by a yes alone, in no other way.
BY_A_YES = "(part = 'confidant' OR part <> 'family' AND ground = 'consent')"


def limited(limits: str = LIMITS, by_a_yes: str = BY_A_YES, *, name: str = "hendig_limited") -> str:
    """`hendig_limited(who, moment, sort)` as SQL: the open compartments of which this sort is left out.

    It takes away from what the predicate opens, and never adds to it. Other words than our own can be given,
    as to the predicate.
    """
    return _LIMITED.format(name=name, limits=limits, by_a_yes=by_a_yes)


_LIMITED = """
CREATE OR REPLACE FUNCTION {name}(who uuid, moment timestamptz, sort text) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    narrow uuid[] := (SELECT array_agg(r.id) FROM families_consent k
        JOIN families_record r ON r.id = k.record_id
        LEFT JOIN families_familymember child ON child.id = r.child_id
        CROSS JOIN LATERAL (
            SELECT (moment AT TIME ZONE 'Europe/Amsterdam')::date AS today,
                date_part('year', age((moment AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) AS years
        ) d
        WHERE {limits});
BEGIN
    -- Of hardly anybody: the gate is asked for them alone.
    IF narrow IS NULL THEN
        RETURN '{{}}';
    END IF;
    RETURN (SELECT coalesce(array_agg(compartment_id), '{{}}') FROM (
        SELECT compartment_id FROM hendig_open(who, moment) WHERE kind = 'shared' AND record_id = ANY (narrow)
        GROUP BY compartment_id HAVING bool_and({by_a_yes})
    ) by_a_yes);
END $$
"""
