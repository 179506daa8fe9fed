"""What ends something: the columns and rows that a backup must hear of that changed after it.

A test finds every column of every table that could be one, and asks why it is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True, slots=True)
class Ends:
    """Columns of a table of which the newest state holds, in the rows that are meant.

    `first` sorts two states of a row, the one that takes away more in front; by itself the one that ended
    earliest. `apart` are columns that end by themselves, whatever happens to the others, with their order.
    """

    table: LiteralString
    columns: tuple[LiteralString, ...]
    only: LiteralString = "true"
    first: LiteralString = ""
    apart: tuple[tuple[tuple[LiteralString, ...], LiteralString], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table} {self.columns[0]}"

    @property
    def parts(self) -> tuple[tuple[tuple[LiteralString, ...], LiteralString], ...]:
        """The columns that go together, and the order of their states."""
        together = tuple(one for one in self.columns if not any(one in names for names, _ in self.apart))
        moments = [one for one in together if one.endswith(("_at", "_on"))]
        return ((together, self.first or ", ".join(moments) or "true"), *self.apart)


# Not one that was kept anew: the later one is not there to take its place, and it counts still.
_REGISTERED: LiteralString = """ended_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM people_registration AS n WHERE n.professional_id = people_registration.professional_id
        AND n.register = people_registration.register AND n.other = people_registration.other
        AND n.profession = people_registration.profession AND n.kept_at IS NOT NULL AND n.ended_at IS NULL)"""
# What takes something away when it changes. Of some only what ended: what began since is not there with all
# that belongs to it.
ENDS: tuple[Ends, ...] = (
    Ends(
        "families_involvement",
        ("kinds", "until_at", "passes_on", "passes_by_id"),
        apart=((("kinds",), "cardinality(kinds)"), (("passes_on", "passes_by_id"), "passes_on")),
    ),
    Ends(
        "families_legalauthority",
        ("until_on", "lapses_on", "checked_on", "ended_by"),
        apart=((("lapses_on", "checked_on"), "lapses_on, checked_on DESC"),),
    ),
    Ends("families_consent", ("until_at",)),
    # The own words of what a yes was for go with a destroyed record.
    Ends("families_consent", ("aim",), "what_for = 'own' AND aim = ''"),
    # What keeps somebody out, or an address secret, takes away while it lasts.
    Ends("families_block", ("until_at",), first="until_at DESC"),
    Ends("families_incapacity", ("until_at",)),
    # A measure that is over takes away the ground of help; one that is prolonged is another row.
    Ends("families_measure", ("until_at",)),
    Ends("families_record", ("frozen_at",)),
    Ends("families_record", ("gone_at",), "gone_at IS NOT NULL"),
    # Who went with a destroyed record has no name and no way in here either.
    Ends(
        "families_familymember",
        ("gone_at", "first_name", "last_name", "born_on", "asked_email", "account_id", "address_by_id",
         "address_at"),
        "gone_at IS NOT NULL",
    ),
    # A way in that went to the wrong person.
    Ends("families_familymember", ("invited_at", "account_id"), "invited_at IS NULL AND account_id IS NULL"),
    Ends("families_family", ("name", "neighbourhood"), "name = ''"),
    # Who came in by a code comes in by it once, also who was let out again.
    Ends(
        "families_invitation",
        ("tries_left", "expires_at", "accepted_at", "taken_back_at"),
        first="taken_back_at, accepted_at, tries_left, expires_at",
    ),
    Ends("families_invitation", ("first_name", "aim"), "first_name = ''"),
    Ends("families_sameperson", ("ended_at",)),
    Ends("families_gpask", ("stage",), "stage = 'refused'"),
    Ends("families_gpask", ("record_id", "family_id", "answered_by_id"), "record_id IS NULL"),
    Ends("families_note", ("taken_back_at",)),
    # A note for the own work that was destroyed.
    Ends("families_note", ("words",), "words = ''"),
    Ends(
        "families_citizennumber",
        ("number", "found_by", "removed_at", "removed_by_id"),
        "removed_at IS NOT NULL",
    ),
    Ends("families_home", ("until_on", "ended_at", "ended_by_id"), "ended_at IS NOT NULL"),
    Ends("families_home", ("corrected",), "corrected"),
    Ends("families_tie", ("removed_at", "taken_back"), "taken_back"),
    Ends("people_membership", ("until_on", "ended_at"), first="ended_at, until_on"),
    Ends("people_account", ("is_active",), first="is_active"),
    # Whose account went with a destroyed record.
    Ends("people_account", ("email", "first_name", "last_name", "phone"), "email LIKE '%@hendig.invalid'"),
    Ends("people_municipality", ("parents_see_from_12",), first="parents_see_from_12"),
    Ends("people_elsewhere", ("ended_at",)),
    Ends("people_rolerequest", ("answered_at",), "answered_at IS NOT NULL"),
    Ends("people_registration", ("ended_at",), _REGISTERED),
    Ends("safety_secretaddress", ("until_at",), first="until_at DESC"),
    Ends("safety_safetyhold", ("until_at", "released_at"), first="released_at DESC, until_at DESC"),
    # What somebody outside told, written by mistake.
    Ends(
        "safety_informant",
        ("name", "role", "words", "taken_back_at", "taken_back_by_id", "taken_back_why"),
        "taken_back_at IS NOT NULL",
    ),
    Ends(
        "safety_erasure",
        ("pieces", "agreed_by_id", "agreed_at", "compartments", "done_at"),
        first="done_at, agreed_at",
    ),
    Ends("safety_legalrequest", ("declined_at",)),
    Ends("shares_share", ("until_at", "ended_at", "ended_by_id"), first="ended_at, until_at"),
    Ends("shares_shareanswer", ("yes", "said_at"), first="yes IS TRUE"),
    Ends("rights_destruction", ("stage", "done_at")),
    Ends("rights_application", ("stage", "closed_at"), "stage = 'withdrawn'"),
    Ends("rights_ownwords", ("stage", "settled_at", "words"), "stage = 'taken_back'"),
    Ends("files_file", ("content", "words"), "content = ''"),
    Ends("helprequests_handover", ("stage",), "stage IN ('declined', 'lapsed')"),
    Ends("matching_match", ("ends_on",)),
    Ends("matching_matchtalk", ("stage",), "stage = 'no_click'"),
    Ends("matching_answer", ("yes",), first="yes IS TRUE"),
    Ends("tents_tent", ("stage",), "stage = 'cancelled'"),
    Ends("tents_seat", ("stage",), "stage = 'refused'"),
    Ends("tents_piece", ("removed_at",)),
    Ends("tents_influence", ("removed_at",)),
    Ends("tents_remark", ("removed_at",)),
    Ends("tents_pageremark", ("removed_at",)),
    Ends("tents_namelessquestion", ("withdrawn_at",)),
    Ends("tents_told", ("closed_at",)),
    Ends("opentent_post", ("closed_at",)),
    Ends("opentent_post", ("title", "text", "neighbourhood", "when"), "title = ''"),
    Ends("opentent_response", ("words", "reaches_id"), "words = ''"),
    Ends("opentent_response", ("stage", "stage_since"), "stage IN ('declined', 'withdrawn')"),
    Ends("billing_accountchange", ("stopped_at",)),
    # Of a backup: that no copy of it is left.
    Ends("keys_backupfile", ("destroyed_at",)),
    Ends("directory_card", ("photo",), first="photo"),
    # Of the codes to come back in by those that were used: each has its bit.
    Ends("mfa_authenticator", ("data",), first="(data->>'used_mask')::bigint DESC NULLS LAST"),
    # What turned out to be about somebody else is no more for the child, nor for who fosters it.
    *(
        Ends(table, ("about_id", "outside"), "about_id IS NOT NULL OR outside", "outside DESC")
        for table in (
            "families_note", "files_file", "helprequests_talknote", "plans_task", "rights_ownwords",
            "tents_piece",
        )
    ),
    Ends("plans_goal", ("member_id",), "member_id IS NOT NULL"),
)  # fmt: skip
# Rows that take something away by being there: whoever was shut out, or said no, after the backup; an address
# that became secret, what the family does not read for somebody's safety, the proof of what was destroyed.
# With those of them that give something instead, and come along with what is known last alone.
ADDED: dict[LiteralString, LiteralString] = {
    "families_consent": "yes",
    "families_block": "false",
    "families_death": "false",
    "safety_secretaddress": "false",
    "safety_safetyhold": "false",
    "safety_erasure": "false",
    "keys_backupfile": "false",
}


@dataclass(frozen=True, slots=True)
class Gives:
    """Rows that give something by being there, while `which`; `made` is the moment from which they do."""

    which: LiteralString = "true"
    # The moment in an identifier of ours (UUID version 7).
    made: LiteralString = (
        "to_timestamp(('x' || left(replace(t.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)"
    )


# A passkey or an app that was taken off signs nobody in again, nor does what another vouched for; a token
# that was ended opens nothing; nobody is asked for what they do not do any more, shows a face that was taken
# away, or reads what its writer threw away; and a mail says no longer where somebody could be reached.
GIVES: dict[LiteralString, Gives] = {
    "mfa_authenticator": Gives(made="t.created_at"),
    "socialaccount_socialaccount": Gives(made="t.date_joined"),
    "connections_connection": Gives("ended_at IS NULL"),
    "people_professionalexpertise": Gives(),
    "people_letter": Gives(),
    "directory_portrait": Gives(),
    "tents_preparednote": Gives(),
}
# Rows that a destroyed record takes along: the words by which somebody is found, who is the same person, and
# when they would meet. The later ones say themselves whose those are.
TAKEN_ALONG: tuple[LiteralString, ...] = (
    """DELETE FROM families_namepart AS w USING families_familymember AS m
    WHERE m.id = w.member_id AND m.gone_at IS NOT NULL""",
    """DELETE FROM families_sameperson AS s USING families_familymember AS m
    WHERE m.id IN (s.one_id, s.other_id) AND m.gone_at IS NOT NULL""",
    """DELETE FROM families_legalauthority AS d USING families_familymember AS m
    WHERE m.id IN (d.child_id, d.holder_id) AND m.gone_at IS NOT NULL""",
    """DELETE FROM plans_appointment AS a USING families_compartment AS c, families_record AS r
    WHERE c.id = a.compartment_id AND r.id = c.record_id AND r.gone_at IS NOT NULL
        AND a.stage IN ('planned', 'cancelled')""",
)
# Whoever was signed in, or had a code to do so, and what was answered, belongs to a time that is over.
OVER: LiteralString = "TRUNCATE django_session, usersessions_usersession, people_signincode, audit_receipt"
