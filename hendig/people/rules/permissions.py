"""The one table of permissions: what each role may do, with a sentence that a human can check.

A permission says that this kind of action belongs to somebody's work. Whether a particular family's
record may be opened is never decided here but by involvement.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Forbidden

ANYONE, FAMILY, HELPER, COACH = Role.ANYONE, Role.FAMILY, Role.HELPER, Role.COACH
PROFESSIONAL, TRAINEE, OFFICE, FINANCE = Role.PROFESSIONAL, Role.TRAINEE, Role.OFFICE, Role.FINANCE
POLICY, PRIVACY, AUDITOR, SYSTEM = Role.POLICY, Role.PRIVACY, Role.AUDITOR, Role.SYSTEM


class Permission(StrEnum):
    SEE_PUBLIC_PAGES = "see_public_pages"
    BE_SIGNED_IN = "be_signed_in"
    HELP_BACK_IN = "help_back_in"
    ASK_FOR_ROLE = "ask_for_role"
    AGREE_TO_ROLE = "agree_to_role"
    END_ROLE = "end_role"
    SET_UP = "set_up"
    ASK_FOR_HELP = "ask_for_help"
    OPEN_FAMILY = "open_family"
    SEE_WHO_LOOKED = "see_who_looked"
    COACH_FAMILIES = "coach_families"
    CHOOSE_WHO_SEES = "choose_who_sees"
    ASK_ABOUT_LOG = "ask_about_log"
    ANSWER_LOG_QUESTIONS = "answer_log_questions"
    SEE_OWN_LOOKS = "see_own_looks"
    STAY_LONGER = "stay_longer"
    WRITE_APART = "write_apart"
    WRITE_AS_GP = "write_as_gp"
    KEEP_OWN_NOTES = "keep_own_notes"
    ASK_AS_GP = "ask_as_gp"
    NAME_DEPUTY = "name_deputy"
    LEARN_BESIDE = "learn_beside"
    JUDGE_CAPACITY = "judge_capacity"
    OBJECT_TO_JUDGEMENT = "object_to_judgement"
    KEEP_OWN_CIRCLE = "keep_own_circle"
    DRAW_OWN_CIRCLE = "draw_own_circle"
    INVITE_YOUTH = "invite_youth"
    POST_QUESTION = "post_question"
    POST_OFFER = "post_offer"
    RESPOND = "respond"
    CHOOSE_RESPONSE = "choose_response"
    SEE_DIRECTORY = "see_directory"
    KEEP_CARD = "keep_card"
    TAKE_FROM_ELSEWHERE = "take_from_elsewhere"
    SEE_REGISTRATIONS = "see_registrations"
    KEEP_REGISTRATIONS = "keep_registrations"
    PROPOSE_REGISTRATIONS = "propose_registrations"
    CALL_TENT = "call_tent"
    PREPARE_TENT = "prepare_tent"
    TELL_WITHOUT_NAME = "tell_without_name"
    ALLOW_WITHOUT_NAME = "allow_without_name"
    KEEP_RECURRING_TENTS = "keep_recurring_tents"
    ANSWER_TENT = "answer_tent"
    CHOOSE_GUESTS = "choose_guests"
    TAKE_PART_IN_TENT = "take_part_in_tent"
    LEAD_TENT = "lead_tent"
    AGREE_PAGE = "agree_page"
    SET_GUIDE = "set_guide"
    SET_LOOK = "set_look"
    OPEN_MATCH_TALK = "open_match_talk"
    ANSWER_MATCH = "answer_match"
    CARRY_OUT_MEASURE = "carry_out_measure"
    HAND_OVER_HELP = "hand_over_help"
    HAND_OVER_QUESTIONS = "hand_over_questions"
    PLAN_HELP = "plan_help"
    CONFIRM_HOURS = "confirm_hours"
    SAY_HOW_IT_WAS = "say_how_it_was"
    END_HELP = "end_help"
    ANSWER_TWO_QUESTIONS = "answer_two_questions"
    SEE_PROFESSIONALS_DAY = "see_professionals_day"
    SEND_INVOICE = "send_invoice"
    SEE_INVOICE = "see_invoice"
    STOP_ACCOUNT = "stop_account"
    KEEP_AGREEMENTS = "keep_agreements"
    PAY = "pay"
    FOLLOW_PAYMENT = "follow_payment"
    KEEP_JOURNAL = "keep_journal"
    SEE_JOURNAL = "see_journal"
    KEEP_CONNECTIONS = "keep_connections"
    SEE_POTS = "see_pots"
    KEEP_POTS = "keep_pots"
    ASK_ON_PAPER = "ask_on_paper"
    DECIDE_ON_PAPER = "decide_on_paper"
    SHARE_PIECES = "share_pieces"
    SEE_SHARED = "see_shared"
    WRITE_OWN_WORDS = "write_own_words"
    SAY_ABOUT_WHOM = "say_about_whom"
    ASK_DESTRUCTION = "ask_destruction"
    ANSWER_WITHOUT_COACH = "answer_without_coach"
    ASK_INFORMATION = "ask_information"
    ANSWER_INFORMATION = "answer_information"
    TAKE_ALONG = "take_along"
    SEE_FIGURES = "see_figures"
    SEE_LOG = "see_log"
    SEE_SEAL = "see_seal"
    ANCHOR_LOG = "anchor_log"
    SEE_REGISTER = "see_register"
    AUDIT = "audit"
    DESTROY_KEYS = "destroy_keys"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    JUDGE_EMERGENCY = "judge_emergency"
    KEEP_SAFE = "keep_safe"
    HIDE_ADDRESS = "hide_address"
    KEEP_CITIZEN_NUMBER = "keep_citizen_number"
    KEEP_HOME = "keep_home"
    DECLARE_OWN_FAMILY = "declare_own_family"
    AGREE_TO_MISTAKE = "agree_to_mistake"
    FREEZE_RECORD = "freeze_record"
    END_RECORDS = "end_records"
    AGREE_ERASURE = "agree_erasure"
    KEEP_BREACHES = "keep_breaches"
    ROTATE_KEYS = "rotate_keys"
    KEEP_BACKUPS = "keep_backups"


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
        Permission.HELP_BACK_IN: dict.fromkeys(
            (COACH, OFFICE, PRIVACY),
            "Helps a colleague back in who lost every factor, knowing who it is.",
        ),
        Permission.ASK_FOR_ROLE: {
            POLICY: "Asks that somebody gets a role at the municipality, or runs the office of a partner.",
            OFFICE: "Asks that somebody works for the own partner.",
        },
        Permission.AGREE_TO_ROLE: {
            POLICY: "Agrees, as the second person, that somebody gets a role.",
            PRIVACY: "Agrees, as the second person, that somebody gets a role. Asks for none.",
            OFFICE: "Agrees, as the second person, that somebody works for the own partner.",
        },
        Permission.END_ROLE: {
            POLICY: "Ends somebody's role at once, with a reason; the others who watch are told.",
            PRIVACY: "Ends somebody's role at once, with a reason; the others who watch are told.",
            OFFICE: "Ends a role for the own partner at once, with a reason.",
        },
        Permission.SET_UP: {
            SYSTEM: "Sets up a municipality with its partners and first people: a command, or the demo."
        },
        Permission.OPEN_FAMILY: {
            FAMILY: "Opens the own family's page.",
            COACH: "Opens the page of a family that the coach is involved with.",
            PROFESSIONAL: "Opens the page of a family through a match or a tent, for as long as that lasts.",
            TRAINEE: "Opens, beside a supervisor, the page of a family that agreed to it.",
        },
        Permission.SEE_WHO_LOOKED: {FAMILY: "Reads who looked at the own record, when and why."},
        Permission.COACH_FAMILIES: {
            COACH: "Takes up questions, writes down the hoped-for result, follows the way of each question."
        },
        Permission.CHOOSE_WHO_SEES: {FAMILY: "Says who may see the own record along, and who may not."},
        Permission.ASK_ABOUT_LOG: {FAMILY: "Asks the privacy officer about a line of the own log."},
        Permission.ANSWER_LOG_QUESTIONS: {
            PRIVACY: "Answers what a family asks about a line of its log, without opening the record."
        },
        Permission.SEE_OWN_LOOKS: _same(
            "Reads the own looks at records of families.", COACH, PROFESSIONAL, TRAINEE
        ),
        Permission.STAY_LONGER: {
            COACH: "Goes along with a family a year longer; the family is told.",
            PROFESSIONAL: "Hears on what it depends how long the own involvement lasts.",
        },
        Permission.NAME_DEPUTY: {
            COACH: "Names a colleague to stand in for a while, or stops standing in; each family is told.",
            PROFESSIONAL: "Names a colleague of the same partner to stand in, or stops standing in.",
        },
        Permission.LEARN_BESIDE: {
            COACH: "Asks families whether somebody in training may see along, and stops that.",
            PROFESSIONAL: "Asks families whether somebody in training may see along, and stops that.",
            TRAINEE: "Sees beside whom and where they may see along, and stops that. Never decides anything.",
        },
        Permission.JUDGE_CAPACITY: _same(
            "Writes down, registered and involved, that a youth of 16 or 17 cannot decide something now; a "
            "second one does so apart, and either may end it.",
            COACH,
            PROFESSIONAL,
        ),
        Permission.OBJECT_TO_JUDGEMENT: {
            FAMILY: "A youth objects to being held not able to decide, which mostly ends it at once."
        },
        Permission.WRITE_APART: {
            FAMILY: "A youth of 12 or older, or a parent, says what others of the family do not see.",
            COACH: "Reads and writes in an own part of a youth or parent, once named for it.",
            PROFESSIONAL: "Reads and writes in an own part of a youth or parent, once named for it.",
        },
        Permission.WRITE_AS_GP: {
            PROFESSIONAL: "Writes as the GP whom a family invited; shares a piece where who decides agreed."
        },
        Permission.KEEP_OWN_NOTES: {
            COACH: "Keeps notes for the own work with a family; read by nobody else, and not for long.",
            PROFESSIONAL: "Keeps notes for the own work with a family; nobody else reads them.",
        },
        Permission.ASK_AS_GP: {
            PROFESSIONAL: "Asks a family, once, to be invited as its GP; hears a yes, and nothing before it."
        },
        Permission.KEEP_OWN_CIRCLE: {
            FAMILY: "Draws who is around the family.",
            COACH: "Draws with the family who is around it.",
            TRAINEE: "Draws with a family that agreed, in the name of the supervisor as well.",
        },
        Permission.DRAW_OWN_CIRCLE: {
            FAMILY: "A youth of 12 or older draws who is around, for the own eyes, and shows it or not."
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
        Permission.SEE_DIRECTORY: _same(
            "Finds people by what they can do, when, in which language and where; nothing of a family.",
            COACH,
            PROFESSIONAL,
        ),
        Permission.KEEP_CARD: {
            PROFESSIONAL: "Keeps the own card: own words, photo, languages, places, times and room; and "
            "offers to be asked in another municipality as well."
        },
        Permission.TAKE_FROM_ELSEWHERE: {
            POLICY: "Answers a professional of another municipality who offers to be asked here as well."
        },
        Permission.SEE_REGISTRATIONS: {
            POLICY: "Sees in which registers professionals stand, what they can do and what is missing.",
            OFFICE: "Sees the same of the own partner's people, and takes back what it proposed.",
        },
        Permission.KEEP_REGISTRATIONS: {
            POLICY: "Keeps registrations, looked up on a day, and expertises; never the own."
        },
        Permission.PROPOSE_REGISTRATIONS: {
            OFFICE: "Proposes registrations and expertises of the own partner's people."
        },
        Permission.CALL_TENT: {
            COACH: "Calls an expertise tent for a family, by expertise, and moves it to another moment."
        },
        Permission.PREPARE_TENT: {
            FAMILY: "Writes down at home what to bring to the tent; says whether to make an own plan first.",
            COACH: "Prepares the tent with the family; writes down that an own plan was offered.",
        },
        Permission.TELL_WITHOUT_NAME: {
            FAMILY: "Writes the own question down as it may be told without a name, and takes it back.",
            COACH: "Writes a question down with the family as it may be told without a name.",
        },
        Permission.ALLOW_WITHOUT_NAME: {
            FAMILY: "Reads what would be told without a name, and says that it may be."
        },
        Permission.KEEP_RECURRING_TENTS: {
            COACH: "Says when there are tents that come back, and sees which places are free.",
            POLICY: "Says when there are tents that come back, and sees how long families wait for a place.",
        },
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
        Permission.SET_GUIDE: {POLICY: "Keeps the municipality's own guide for the talk in a tent."},
        Permission.SET_LOOK: {POLICY: "Chooses the colour of the municipality."},
        Permission.AGREE_PAGE: {FAMILY: "Amends the page that remains and agrees to it."},
        Permission.OPEN_MATCH_TALK: {COACH: "Brings a family and a professional together for a match talk."},
        Permission.ANSWER_MATCH: _same("Says whether it clicks; each for themselves.", *_AT_THE_TABLE),
        Permission.CARRY_OUT_MEASURE: {
            PROFESSIONAL: "Decides, carrying out a measure by its ruling, that help belongs to that measure."
        },
        Permission.HAND_OVER_HELP: {
            OFFICE: "Proposes to families, by number, who helps on when somebody of the partner stops."
        },
        Permission.HAND_OVER_QUESTIONS: {
            COACH: "Hands all own questions over to colleagues; each family is told who comes.",
            POLICY: "Hands over the questions of a coach who cannot; sees how many and how far, no family.",
        },
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
            AUDITOR: "Reads and prints every invoice, and fetches it as it came in. Never a family.",
        },
        Permission.STOP_ACCOUNT: {
            OFFICE: "Stops a change of the own partner's account.",
            FINANCE: "Stops a change of a partner's account.",
        },
        Permission.KEEP_AGREEMENTS: {
            FINANCE: "Keeps what was agreed with partners: codes, tariffs, what counts, from when until when."
        },
        Permission.PAY: {FINANCE: "Sees codes, hours and amounts, and pays what is right. Never a family."},
        Permission.KEEP_JOURNAL: {FINANCE: "Writes a month for the financial system, once."},
        Permission.SEE_JOURNAL: _same(
            "Fetches the months that were written for the financial system: codes and amounts.",
            FINANCE,
            AUDITOR,
        ),
        Permission.KEEP_CONNECTIONS: {
            OFFICE: "Lets the own partner's system in to send and read invoices, and ends that.",
            FINANCE: "Lets the financial system in to fetch journals and payments, and ends that.",
        },
        Permission.FOLLOW_PAYMENT: _same(
            "Follows a payment from the bank back to the appointments, and takes that along; each family "
            "reads that its hours were looked at.",
            FINANCE,
            AUDITOR,
        ),
        Permission.SEE_POTS: _same(
            "Sees what was set aside for groups of families, what of it is spent and what a year will cost.",
            FINANCE,
            POLICY,
        ),
        Permission.KEEP_POTS: _same(
            "Sets aside an amount for a group of families, from a day on. It never stops help.",
            FINANCE,
            POLICY,
        ),
        Permission.ASK_ON_PAPER: {
            FAMILY: "Asks a decision on paper about the own child, and follows where it stands."
        },
        Permission.DECIDE_ON_PAPER: {
            COACH: "Decides for the municipality on an application of a family that the coach does not guide."
        },
        Permission.SHARE_PIECES: {
            FAMILY: "Lets somebody outside, such as a person of the school, read chosen pieces.",
            COACH: "Proposes to a family which pieces somebody outside may read; never says yes for it.",
        },
        Permission.SEE_SHARED: _same(
            "Reads the pieces that families share with them, and nothing else of a record.",
            HELPER,
            PROFESSIONAL,
        ),
        Permission.WRITE_OWN_WORDS: {FAMILY: "Puts own words beside the own record, and asks corrections."},
        Permission.SAY_ABOUT_WHOM: {
            FAMILY: "Says whom the own words are about.",
            COACH: "Puts it right whom the words of a family are about, with that family.",
        },
        Permission.ASK_DESTRUCTION: {FAMILY: "Asks that the own record is destroyed."},
        Permission.ANSWER_WITHOUT_COACH: {
            PRIVACY: "Answers what a family without a coach asks of its record, and opens no record."
        },
        Permission.ASK_INFORMATION: {
            FAMILY: "Asks, as a parent without authority, how it goes with the child; opens nothing."
        },
        Permission.ANSWER_INFORMATION: _same(
            "Answers a parent without authority of a family they help, or says why not.",
            COACH,
            PROFESSIONAL,
        ),
        Permission.TAKE_ALONG: {FAMILY: "Takes along a copy of what the own record shows."},
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
        Permission.SEE_SEAL: _same(
            "Sees the seals of the log and who holds them, and holds a noted one against them.",
            PRIVACY,
            AUDITOR,
        ),
        Permission.ANCHOR_LOG: {PRIVACY: "Hands the newest seal of the log to others, who keep it."},
        Permission.SEE_REGISTER: _same(
            "Reads the processing register: what kind of thing is kept, why and how long.", PRIVACY, AUDITOR
        ),
        Permission.AUDIT: {
            AUDITOR: "Sees how often a record was opened in an emergency and somebody was refused: numbers."
        },
        Permission.DESTROY_KEYS: {
            PRIVACY: "Destroys the key of a compartment, so that nobody can read it any more."
        },
        Permission.OPEN_IN_EMERGENCY: _same(
            "Opens one record for an hour in direct danger, with a reason that is judged afterwards.",
            COACH,
            PROFESSIONAL,
        ),
        Permission.JUDGE_EMERGENCY: {
            PRIVACY: "Judges within two working days whether an emergency was right."
        },
        Permission.KEEP_SAFE: _same(
            "Writes down a worry about safety and follows the reporting code, where named for it.",
            COACH,
            PROFESSIONAL,
        ),
        Permission.DECLARE_OWN_FAMILY: _same(
            "Says that a family is the own one, or known from home, so that it closes; asks to take it back.",
            COACH,
            PROFESSIONAL,
            TRAINEE,
        ),
        Permission.AGREE_TO_MISTAKE: _same(
            "Agrees, as the second person, that a family was called the own one by mistake. Opens nothing.",
            POLICY,
            PRIVACY,
        ),
        Permission.HIDE_ADDRESS: {COACH: "Keeps the place where somebody lives for named people only."},
        Permission.KEEP_HOME: {
            FAMILY: "Says where they live themselves, who may know it, and that it is secret.",
            COACH: "Writes down where somebody of the family lives, and who may know it.",
        },
        Permission.KEEP_CITIZEN_NUMBER: {
            COACH: "Writes down the citizen service number of a child where help needs it, and sees it."
        },
        Permission.FREEZE_RECORD: {COACH: "Stops the family's own view of a record after a death."},
        Permission.END_RECORDS: {
            PRIVACY: "Sees which records are past their term or stand still, and asks to destroy one."
        },
        Permission.AGREE_ERASURE: _same(
            "Agrees as the second person that a record is destroyed.", COACH, PRIVACY
        ),
        Permission.KEEP_BREACHES: {PRIVACY: "Keeps the register of data breaches."},
        Permission.ROTATE_KEYS: {SYSTEM: "Replaces keys: the command of who runs the installation."},
        Permission.KEEP_BACKUPS: {
            SYSTEM: "Keeps the register of backup files: the commands of who runs the installation."
        },
    }
)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles carries the permission; the system may do what its jobs do.

    Who comes in with a token has no more than the token is for.
    """
    if actor.only is not None and permission not in actor.only:
        return False
    return actor.has(SYSTEM) or not actor.roles.isdisjoint(PERMISSIONS[permission])


def require_permission(actor: Actor, permission: Permission) -> None:
    """Raises `Forbidden` (403) when none of the actor's roles carries the permission."""
    if not may(actor, permission):
        raise Forbidden(permission)
