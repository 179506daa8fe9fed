"""The second wall: which rows of a table PostgreSQL shows to whoever asks, and lets be written.

Every model that holds something of a family names its wall beside its privacy declaration; `hendig migrate`
makes the policies from it (`operations/walls.py`). The clauses are SQL over the columns of the row. Who asks,
and when, stands in the transaction (`audit.actions.speaking`): without it there are no rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wall:
    """`seen` says which rows are there for who asks; `written` which may come, by default the same."""

    words: str
    seen: str
    written: str = ""

    def and_also(self, words: str, clause: str) -> Wall:
        """This wall with one more way to the row, and the reason for it."""
        written = f"({self.written}) OR {clause}" if self.written else ""
        return Wall(f"{self.words} {words}", f"({self.seen}) OR {clause}", written)

    def read_too(self, words: str, clause: str) -> Wall:
        """This wall with one more way to the row, by which nothing is written."""
        return Wall(f"{self.words} {words}", f"({self.seen}) OR {clause}", self.written or self.seen)

    def but(self, words: str, clause: str) -> Wall:
        """This wall, and no row of it for which the clause does not hold."""
        written = f"({self.written}) AND ({clause})" if self.written else ""
        return Wall(f"{self.words} {words}", f"({self.seen}) AND ({clause})", written)

    def of_sort(self, sort: str) -> Wall:
        """This wall around pieces of a sort that the family can leave out for who is here by its yes.

        Only what is open to them is: who is asked for a tent, gave the help or pays has ways of their own.
        """
        if not sort:
            return self
        left_out = f"(SELECT hendig_limited(hendig_who(), hendig_at(), '{sort}'))::uuid[]"
        lies_open = f"({_OPEN} AND compartment_id <> ALL ({left_out}))"
        words = f"{self.words} Not who is here by the family's yes alone, where that leaves this sort out."
        return Wall(words, self.seen.replace(_OPEN, lies_open), self.written.replace(_OPEN, lies_open))


# A family that begins in this very transaction: nobody is involved with it yet.
_BEGUN = "family_id = ANY ((SELECT hendig_begun())::uuid[])"
_FAMILY = "family_id = ANY ((SELECT hendig_families())::uuid[])"
_OPEN = "compartment_id = ANY ((SELECT hendig_open_ids())::uuid[])"
_ASKED = "compartment_id = ANY ((SELECT hendig_asked_ids())::uuid[])"

# Where something is open, be it no more than the part that is about oneself.
NEAR = f"{_FAMILY} OR family_id IN (SELECT family_id FROM families_compartment) OR {_BEGUN}"  # noqa: S608 - our own words

FAMILY = Wall(
    "Whoever has a record of the family open.",
    "id = ANY ((SELECT hendig_families())::uuid[]) OR id = ANY ((SELECT hendig_begun())::uuid[])",
)
# The child of a record of which a part is open is known, also where it belongs to one side of the family.
_OF_OPEN_RECORD = (
    "id IN (SELECT r.child_id FROM families_record r"
    " WHERE r.id = ANY ((SELECT hendig_open_records())::uuid[]) AND r.child_id IS NOT NULL)"
)
MEMBER = Wall(
    "Whoever has a record of the family open; for who belongs to one parent's side that part, or the own"
    " record; somebody's own person, always.",
    f"({_FAMILY} AND (compartment_id IS NULL OR {_OPEN} OR {_OF_OPEN_RECORD})) OR {_BEGUN}"
    " OR account_id = (SELECT hendig_who())",
)
OF_FAMILY = Wall("Whoever has a record of the family open.", f"{_FAMILY} OR {_BEGUN}")
# A parent who decides for no child here has no family open: only the part about that parent, and that of it.
RECORD = OF_FAMILY.but("Of a child whom the reader may know.", "hendig_knows_person(child_id)").and_also(
    "Whoever has a part of it open.", "id = ANY ((SELECT hendig_open_records())::uuid[])"
)
COMPARTMENT = OF_FAMILY.but(
    "Of a person whom the reader may know.", "person_id IS NULL OR hendig_knows_person(person_id)"
).and_also("Whoever has it open.", "id = ANY ((SELECT hendig_open_ids())::uuid[])")
OF_OPEN_FAMILY = Wall(
    "Whoever has a record of the family open; written also by who takes up what is asked there.",
    f"family_id = ANY ((SELECT hendig_open_families())::uuid[]) OR {_BEGUN}",
    OF_FAMILY.seen,
)
# Asked of each row by itself: as a list it would be everybody whom the reader may know of.
_KNOWN = "EXISTS (SELECT 1 FROM families_familymember m WHERE m.id ="
# For a function PostgreSQL reckons little, so that it reads the words of the reader's families and no others.
OF_KNOWN = OF_OPEN_FAMILY.but("Of whom the reader may know.", "hendig_knows_person(member_id)")
# What is said of an account, and by whom; of nobody whom the reader may not know of.
SAID = OF_OPEN_FAMILY.but("Of whom the reader may know.", "hendig_knows(family_id, account_id)").but(
    "By whom the reader may know.", "hendig_knows_person(giver_id)"
)
CONTENT = Wall("Whoever has the compartment open.", f"{_OPEN} OR {_BEGUN}")
WAY = CONTENT.and_also("Whoever is asked for help here, for as long as that is open.", _ASKED)


_MYSELF = "IN (SELECT m.id FROM families_familymember m WHERE m.account_id = (SELECT hendig_who()))"
_THE_CHILD = (
    "(SELECT r.child_id FROM families_compartment c JOIN families_record r ON r.id = c.record_id"
    " WHERE c.id = compartment_id)"
)


def _told(of_child: str) -> Wall:
    """What says whom it is about, and who wrote it."""
    return CONTENT.but(
        "For the child of the record, and who fosters it without deciding, only what is about the child or"
        " about that reader, or what they wrote themselves.",
        f"{of_child} OR author_id = (SELECT hendig_who())"
        " OR compartment_id <> ALL ((SELECT hendig_of_child_alone(hendig_who(), hendig_at()))::uuid[])",
    )


ABOUT = _told(f"about_id IS NULL AND NOT outside OR about_id {_MYSELF}")
# Who decides is for the whole family; who did before is the history of that person.
AUTHORITY = OF_FAMILY.but(
    "Between two of whom the reader may know.",
    f"{_KNOWN} child_id) AND {_KNOWN} holder_id)",
).but(
    "What is over not for who fosters the child without deciding, but what was their own.",
    f"until_on IS NULL OR until_on >= (SELECT hendig_today()) OR holder_id {_MYSELF}"
    " OR child_id <> ALL ((SELECT hendig_fostered(hendig_who(), hendig_at()))::uuid[])",
)
# What was said and agreed at a table: who only learns beside somebody sat at none.
_SAT = (
    "NOT (SELECT hendig_is('trainee'))"
    " OR compartment_id <> ALL ((SELECT hendig_learning(hendig_who(), hendig_at()))::uuid[])"
)
_NEVER_BESIDE = "Never who is here only to learn beside somebody."
TABLE = CONTENT.but(_NEVER_BESIDE, _SAT)
WAY_TO_TABLE = TABLE.and_also("Whoever is asked for help here, for as long as that is open.", _ASKED)
SAID_AT_TABLE = ABOUT.but(_NEVER_BESIDE, _SAT)
# What says whose it is: of all of them together, or of one, who may be the child.
WHOSE = _told(f"member_id IS NULL OR member_id {_MYSELF} OR member_id = {_THE_CHILD}")

# Where somebody opened a record in an emergency: the privacy officer, in a transaction that says so.
OFFICER = (
    "((SELECT hendig_purpose()) = 'review' AND compartment_id = ANY ((SELECT hendig_to_judge())::uuid[]))"
)

# Who decides on an application, and who asked it while the view of the record rests: the key of its words
# alone, in a transaction that says so.
DECIDE = "decide"
PAPERS = (
    f"((SELECT hendig_purpose()) = '{DECIDE}' AND compartment_id = ANY ((SELECT hendig_papers())::uuid[]))"
)

# With whom a family shares pieces of a record: those rows and the key of their words, to read them, in a
# transaction that says so.
SHARE = "share"
_SHARING = f"(SELECT hendig_purpose()) = '{SHARE}'"
SHARED_PLACE = f"{_SHARING} AND compartment_id = ANY ((SELECT hendig_shared_places())::uuid[])"


def _shared(wall: Wall, kind: str, only: str = "") -> Wall:
    """Also for with whom a piece of this kind is shared: the very row, where it lies in what is shared."""
    piece = f"id = ANY ((SELECT hendig_shared_rows('{kind}'))::uuid[])"
    words = "With whom the family shares this very piece, to read it."
    return wall.read_too(words, f"{SHARED_PLACE} AND {piece}{only}")


# Of a page only what was agreed to: a draft is still talked about.
PAGE = _shared(TABLE, "page", " AND stage = 'agreed'")
LATER_PAGE = _shared(TABLE, "later_page", " AND stage = 'agreed'")
GOAL = _shared(WHOSE, "goal")

# What the municipality learns from: totals over all families, in a transaction that says so.
LEARNING = "(SELECT hendig_purpose()) = 'learn'"
# What is agreed stays so; its texts are written where keys are replaced or words destroyed, and it says so.
SEAL = "seal"
# What is needed to pay: the municipality's finance, and the office of the partner whose people helped.
FINANCE = "(SELECT hendig_is('finance'))"
AUDITOR = "(SELECT hendig_is('auditor'))"
_PARTNER = "partner_id = ANY ((SELECT hendig_partners())::uuid[])"
_OWN_WORK = "professional_id = (SELECT hendig_professional())"
BOOKS = (
    WAY.and_also("Finance and the partner's office, to pay.", f"{FINANCE} OR {_PARTNER}")
    .and_also("Who gave the help.", _OWN_WORK)
    .and_also("Totals to learn from.", LEARNING)
    .read_too("The auditor, to follow a payment.", AUDITOR)
)
