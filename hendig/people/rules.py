"""The one table of permissions: what each role may do, with a sentence that a human can check.

A permission says that this kind of action belongs to somebody's work. Whether a particular family's
record may be opened is never decided here but by involvement.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Forbidden, Refusal

ANYONE, FAMILY, HELPER, COACH = Role.ANYONE, Role.FAMILY, Role.HELPER, Role.COACH
PROFESSIONAL, OFFICE, FINANCE = Role.PROFESSIONAL, Role.OFFICE, Role.FINANCE
POLICY, PRIVACY, SYSTEM = Role.POLICY, Role.PRIVACY, Role.SYSTEM


class Permission(StrEnum):
    SEE_PUBLIC_PAGES = "see_public_pages"
    BE_SIGNED_IN = "be_signed_in"
    ASK_FOR_HELP = "ask_for_help"
    OPEN_FAMILY = "open_family"
    SEE_WHO_LOOKED = "see_who_looked"
    COACH_FAMILIES = "coach_families"
    CHOOSE_WHO_SEES = "choose_who_sees"
    KEEP_OWN_CIRCLE = "keep_own_circle"
    INVITE_YOUTH = "invite_youth"
    POST_QUESTION = "post_question"
    POST_OFFER = "post_offer"
    RESPOND = "respond"
    CHOOSE_RESPONSE = "choose_response"
    CALL_TENT = "call_tent"
    ANSWER_TENT = "answer_tent"
    CHOOSE_GUESTS = "choose_guests"
    TAKE_PART_IN_TENT = "take_part_in_tent"
    LEAD_TENT = "lead_tent"
    AGREE_PAGE = "agree_page"
    OPEN_MATCH_TALK = "open_match_talk"
    ANSWER_MATCH = "answer_match"
    PLAN_HELP = "plan_help"
    CONFIRM_HOURS = "confirm_hours"
    SAY_HOW_IT_WAS = "say_how_it_was"
    END_HELP = "end_help"
    ANSWER_TWO_QUESTIONS = "answer_two_questions"
    SEE_PROFESSIONALS_DAY = "see_professionals_day"
    SEND_INVOICE = "send_invoice"
    SEE_INVOICE = "see_invoice"
    PAY = "pay"
    ASK_ON_PAPER = "ask_on_paper"
    DECIDE_ON_PAPER = "decide_on_paper"
    WRITE_OWN_WORDS = "write_own_words"
    ASK_DESTRUCTION = "ask_destruction"
    SEE_FIGURES = "see_figures"
    SEE_LOG = "see_log"


def _same(sentence: str, *roles: Role) -> Mapping[Role, str]:
    return MappingProxyType(dict.fromkeys(roles, sentence))


_EVERYONE = tuple(role for role in Role if role is not SYSTEM)
_AT_THE_TABLE = (FAMILY, COACH, PROFESSIONAL)

PERMISSIONS: Mapping[Permission, Mapping[Role, str]] = MappingProxyType(
    {
        Permission.SEE_PUBLIC_PAGES: _same("Reads the public pages and the board without names.", *_EVERYONE),
        Permission.BE_SIGNED_IN: _same(
            "Has an own bell, language and way out.", *(role for role in _EVERYONE if role is not ANYONE)
        ),
        Permission.ASK_FOR_HELP: _same("Asks for help in own words, without an account.", *_EVERYONE),
        Permission.OPEN_FAMILY: {
            FAMILY: "Opens the own family's page.",
            COACH: "Opens the page of a family that the coach is involved with.",
            PROFESSIONAL: "Opens the page of a family through a match or a tent, for as long as that lasts.",
        },
        Permission.SEE_WHO_LOOKED: {FAMILY: "Reads who looked at the own record, when and why."},
        Permission.COACH_FAMILIES: {
            COACH: "Takes up questions, writes down the hoped-for result, follows the way of each question."
        },
        Permission.CHOOSE_WHO_SEES: {FAMILY: "Says who may see the own record along, and who may not."},
        Permission.KEEP_OWN_CIRCLE: {
            FAMILY: "Draws who is around the family.",
            COACH: "Draws with the family who is around it.",
        },
        Permission.INVITE_YOUTH: {
            FAMILY: "Gives the own child of 12 or older an own way in.",
            COACH: "Gives a youth of 12 or older an own way in.",
        },
        Permission.POST_QUESTION: {
            FAMILY: "Puts the own question on the board, without names.",
            COACH: "Puts a family's question on the board with the family, without names.",
        },
        Permission.POST_OFFER: {
            HELPER: "Offers help or announces an initiative.",
            PROFESSIONAL: "Offers something to the neighbourhood.",
            COACH: "Puts an initiative on the board for somebody.",
        },
        Permission.RESPOND: _same(
            "Answers a question on the board; contact details stay hidden until both accept.",
            FAMILY,
            HELPER,
            PROFESSIONAL,
        ),
        Permission.CHOOSE_RESPONSE: {
            FAMILY: "Says yes or not now to an answer on the own question.",
            HELPER: "Confirms after the family said yes.",
            PROFESSIONAL: "Confirms after the family said yes.",
            COACH: "Chooses together with the family.",
        },
        Permission.CALL_TENT: {COACH: "Calls an expertise tent for a family, by expertise."},
        Permission.ANSWER_TENT: {
            PROFESSIONAL: "Says whether there is time for a tent that asks for the expertise."
        },
        Permission.CHOOSE_GUESTS: {
            FAMILY: "Decides by name who may come, and may refuse anyone without a reason."
        },
        Permission.TAKE_PART_IN_TENT: {
            FAMILY: "Takes part in the own tent in full; speaks first and last.",
            COACH: "Takes part in the tent of a family that the coach is involved with.",
            PROFESSIONAL: "Takes part in a tent where the family made them welcome.",
        },
        Permission.LEAD_TENT: {
            COACH: "Begins, closes and moves the phases of the tent.",
            PROFESSIONAL: "Moves the phases when chosen as chair.",
        },
        Permission.AGREE_PAGE: {FAMILY: "Amends the page that remains and agrees to it."},
        Permission.OPEN_MATCH_TALK: {COACH: "Brings a family and a professional together for a match talk."},
        Permission.ANSWER_MATCH: _same("Says whether it clicks; each for themselves.", *_AT_THE_TABLE),
        Permission.PLAN_HELP: _same(
            "Makes appointments, goals and tasks in a plan they are part of.", *_AT_THE_TABLE
        ),
        Permission.CONFIRM_HOURS: {PROFESSIONAL: "Says in one tap that an own appointment took place."},
        Permission.SAY_HOW_IT_WAS: {FAMILY: "Says in one tap how an appointment was and how near a goal is."},
        Permission.END_HELP: {
            FAMILY: "Ends the help.",
            COACH: "Rounds off a question with the family.",
            PROFESSIONAL: "Rounds off the own help with the family.",
        },
        Permission.ANSWER_TWO_QUESTIONS: {FAMILY: "Answers two questions at the end."},
        Permission.SEE_PROFESSIONALS_DAY: {PROFESSIONAL: "Sees the own day, tents, promises and room."},
        Permission.SEND_INVOICE: {
            OFFICE: "Sees the own partner's month and sends its invoice with one button."
        },
        Permission.SEE_INVOICE: {
            OFFICE: "Reads and prints the invoices of the own partner.",
            FINANCE: "Reads and prints every invoice: codes, hours and amounts. Never a family.",
        },
        Permission.PAY: {FINANCE: "Sees codes, hours and amounts, and pays what is right. Never a family."},
        Permission.ASK_ON_PAPER: {
            FAMILY: "Asks a decision on paper about the own child, and follows where it stands."
        },
        Permission.DECIDE_ON_PAPER: {
            COACH: "Decides for the municipality on an application of a family that the coach does not guide."
        },
        Permission.WRITE_OWN_WORDS: {FAMILY: "Puts own words beside the own record, and asks corrections."},
        Permission.ASK_DESTRUCTION: {FAMILY: "Asks that the own record is destroyed."},
        Permission.SEE_FIGURES: _same(
            "Sees waiting, flow, outcomes and costs, without names and without small numbers.",
            COACH,
            PROFESSIONAL,
            OFFICE,
            FINANCE,
            POLICY,
            PRIVACY,
        ),
        Permission.SEE_LOG: {PRIVACY: "Reads the log: who did or saw what kind of thing, never its content."},
    }
)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles carries the permission; the system may do what its jobs do."""
    return actor.has(SYSTEM) or not actor.roles.isdisjoint(PERMISSIONS[permission])


def require_permission(actor: Actor, permission: Permission) -> None:
    """Raises `Forbidden` (403) when none of the actor's roles carries the permission."""
    if not may(actor, permission):
        raise Forbidden(permission)


def why_code_fails(
    *, right: bool, tries_left: int, expires_at: datetime, used: bool, at: datetime
) -> Refusal | None:
    """Why a one-time code does not work. Every reason is one sentence with what to do next."""
    if used:
        return Refusal("code.used", _("Deze code is al gebruikt. Vraag een nieuwe code aan."))
    if at >= expires_at:
        return Refusal("code.expired", _("Deze code is verlopen. Vraag een nieuwe code aan."))
    if tries_left <= 0:
        return Refusal("code.too_many_tries", _("Te vaak een verkeerde code. Vraag een nieuwe code aan."))
    if not right:
        return Refusal("code.wrong", _("Deze code klopt niet. Kijk nog eens in de mail."))
    return None
