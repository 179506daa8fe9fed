"""What goes along in a copy of a record: each kind of row, under which head, field by field.

Every kind of row that hangs on a record stands here or in `LEFT_OUT` with the reason; a test finds them all.
Which rows somebody gets is not decided here: that is `visible_to`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    Consent,
    Incapacity,
    LogQuestion,
    Measure,
    Note,
    Sort,
)
from hendig.files.models import File
from hendig.helprequests.models import Handover, HelpRequest, StageMove, TalkNote
from hendig.kernel.actor import Actor
from hendig.opentent.models import Post
from hendig.rights.models import (
    Application,
    Decision,
    Destruction,
    InformationRequest,
    OwnStage,
    OwnWords,
    Question,
)
from hendig.rights.queries.kind import Chapter, Field, Kind, Rows
from hendig.rights.queries.kinds_of_help import HELP
from hendig.rights.queries.kinds_of_home import AT_HOME
from hendig.rights.queries.kinds_of_tents import AT_THE_TABLE
from hendig.rights.rules import KEEP
from hendig.shares.models import Share, ShareAnswer


def _applications(actor: Actor, at: datetime) -> Rows:
    """What hangs under an application is there for whom the application is."""
    return Application.objects.visible_to(actor, at=at)


def _beside_words() -> Rows:
    """The files whose words still stand there."""
    return OwnWords.objects.exclude(stage=OwnStage.TAKEN_BACK).exclude(file=None).values("file")


# Why a note beside the page that remains is kept.
WHY_KEPT = (Field("because", _("Waarom bewaard")), Field("because_words", _("Waarom, in eigen woorden")))

CHAPTERS: tuple[Chapter, ...] = (
    (
        _("Wat wij vroegen"),
        (
            Kind(
                HelpRequest,
                "requests",
                _("Hulpvraag"),
                "asked_at",
                (
                    Field("asked_at", _("Gevraagd op")),
                    Field("asked_by", _("Gevraagd door"), "asked_by.first_name"),
                    Field("words", _("In eigen woorden")),
                    Field("result", _("Wat wij hopen")),
                    Field("coach", _("Gezinscoach"), "coach.name"),
                    Field("stage", _("Waar het staat")),
                    Field("waiting_on", _("Wie aan zet is")),
                ),
                about="child",
            ),
            Kind(
                TalkNote,
                "talk_notes",
                _("Wat de gezinscoach opschreef"),
                "at",
                (
                    Field("at", _("Op")),
                    Field("by", _("Van"), "author.first_name"),
                    Field("words", _("Woorden")),
                    Field("about", _("Over wie"), "about.first_name"),
                    *WHY_KEPT,
                ),
                under="request",
                large=False,
            ),
            Kind(
                StageMove,
                "way",
                _("De weg van de vraag"),
                "at",
                (
                    Field("at", _("Op")),
                    Field("stage", _("Stap")),
                    Field("waiting_on", _("Wie aan zet was")),
                ),
                under="request",
                large=False,
            ),
            Kind(
                Handover,
                "handovers",
                _("Een andere gezinscoach"),
                "from_at",
                (
                    Field("from_at", _("Vanaf")),
                    Field("leaving", _("Wie stopt"), "leaving.name"),
                    Field("coming", _("Wie komt"), "coming.name"),
                    Field("stage", _("Waar het staat")),
                ),
                under="request",
                large=False,
            ),
            Kind(
                Post,
                "posts",
                _("Op het prikbord, zonder namen"),
                "posted_at",
                (
                    Field("posted_at", _("Geplaatst op")),
                    Field("title", _("Titel")),
                    Field("text", _("Tekst")),
                    Field("neighbourhood", _("Buurt")),
                    Field("when", _("Wanneer")),
                    Field("closed_at", _("Weggehaald op")),
                ),
                under="request",
                place="request__compartment",
            ),
        ),
    ),
    AT_THE_TABLE,
    *HELP,
    (
        _("Brieven en besluiten"),
        (
            Kind(
                Application,
                "applications",
                _("Aanvraag voor een besluit"),
                "received_at",
                (
                    Field("received_at", _("Ontvangen op")),
                    Field("reference", _("Kenmerk")),
                    Field("asked_by", _("Gevraagd door"), "asker_name"),
                    Field("words", _("In eigen woorden")),
                    Field("wants_pgb", _("Een pgb gevraagd")),
                    Field("pgb_why", _("Waarom een pgb")),
                    Field("pgb_who", _("Wie de hulp geeft")),
                    Field("decider", _("Wie beslist"), "decider.name"),
                    Field("stage", _("Waar het staat")),
                    Field("due_on", _("Besluit uiterlijk op")),
                    Field("extended_at", _("Verlengd op")),
                    Field("extension_reason", _("Waarom het langer duurt")),
                    Field("in_default_at", _("In gebreke gesteld op")),
                    Field("closed_at", _("Afgerond op")),
                ),
                about="child",
                place="",
                record="compartment__record",
                without={"child_name": "the name of the child stands in the head of the copy"},
            ),
            Kind(
                Question,
                "questions",
                _("Wat de gemeente vroeg"),
                "asked_on",
                (
                    Field("asked_on", _("Gevraagd op")),
                    Field("words", _("Vraag")),
                    Field("answer_by", _("Antwoord voor")),
                    Field("answer", _("Antwoord")),
                    Field("answered_on", _("Beantwoord op")),
                ),
                under="application",
                place="",
                record="compartment__record",
                visible=lambda actor, at: Question.objects.filter(application__in=_applications(actor, at)),
            ),
            Kind(
                Decision,
                "decisions",
                _("Besluit"),
                "at",
                (
                    Field("at", _("Besloten op")),
                    Field("verdict", _("Besluit")),
                    Field("what", _("Wat u krijgt")),
                    Field("reasons", _("Waarom")),
                    Field("pgb", _("Een pgb")),
                    Field("objection_by", _("Bezwaar kan tot en met")),
                ),
                under="application",
                place="",
                record="compartment__record",
                visible=lambda actor, at: Decision.objects.filter(application__in=_applications(actor, at)),
                without={"paper": "the letter itself goes along as a file"},
            ),
        ),
    ),
    (
        _("Eigen woorden"),
        (
            Kind(
                OwnWords,
                "own_words",
                _("Wat wij erbij zetten"),
                "at",
                (
                    Field("at", _("Geschreven op")),
                    Field("by", _("Van"), "member.first_name"),
                    Field("kind", _("Waarom")),
                    Field("topic", _("Waarover")),
                    Field("about", _("Over wie"), "about.first_name"),
                    Field("words", _("Woorden")),
                    Field("stage", _("Waar het staat")),
                    Field("due_on", _("Antwoord voor")),
                    Field("reply", _("Antwoord")),
                    Field("settled_at", _("Beantwoord op")),
                ),
                only=lambda rows: rows.exclude(stage=OwnStage.TAKEN_BACK),
            ),
            Kind(
                File,
                "files",
                _("Een foto of een brief erbij"),
                "at",
                (
                    Field("at", _("Erbij gezet op")),
                    Field("by", _("Van"), "member.first_name"),
                    Field("about", _("Over wie"), "about.first_name"),
                    Field("words", _("Wat erop staat")),
                ),
                large=False,
                only=lambda rows: rows.filter(pk__in=_beside_words()),
                without={"content": "the photo or the paper itself goes along as a file"},
            ),
            Kind(
                Note,
                "apart",
                _("Alleen van jou"),
                "at",
                (
                    Field("at", _("Geschreven op")),
                    Field("by", _("Van"), "author.first_name"),
                    Field("about", _("Over wie"), "about.first_name"),
                    Field("words", _("Woorden")),
                    Field("told", _("Door u verteld, door een ander opgeschreven")),
                    *WHY_KEPT,
                ),
                only=lambda rows: rows.filter(taken_back_at=None, shared_from=None),
            ),
            Kind(
                Note,
                "from_gp",
                _("Wat de huisarts deelde"),
                "at",
                (
                    Field("at", _("Geschreven op")),
                    Field("by", _("Van"), "author.first_name"),
                    Field("about", _("Over wie"), "about.first_name"),
                    Field("words", _("Woorden")),
                    *WHY_KEPT,
                ),
                only=lambda rows: rows.filter(taken_back_at=None).exclude(shared_from=None),
                without={"told": "no child told it: the practice wrote it"},
            ),
            Kind(
                InformationRequest,
                "information",
                _("Gevraagd als ouder zonder gezag"),
                "asked_at",
                (
                    Field("asked_at", _("Gevraagd op")),
                    Field("topic", _("Wat u wilde weten")),
                    Field("words", _("Vraag")),
                    Field("stage", _("Waar het staat")),
                    Field("answer", _("Antwoord")),
                    Field("answered_at", _("Beantwoord op")),
                ),
                place="",
                record="record",
                mine="asker",
            ),
            Kind(
                LogQuestion,
                "log_questions",
                _("Vragen over wie er keek"),
                "asked_at",
                (
                    Field("asked_at", _("Gevraagd op")),
                    Field("words", _("Vraag")),
                    Field("answer", _("Antwoord")),
                    Field("answered_at", _("Beantwoord op")),
                ),
                place="",
                record="record",
                visible=lambda actor, _at: LogQuestion.objects.visible_to(actor),
            ),
            Kind(
                Destruction,
                "destructions",
                _("Gevraagd om te vernietigen"),
                "at",
                (
                    Field("at", _("Gevraagd op")),
                    Field("by", _("Gevraagd door"), "asked_by.first_name"),
                    Field("stage", _("Waar het staat")),
                    Field("keep", _("Wat blijft"), words=KEEP),
                    Field("reply", _("Antwoord")),
                    Field("due_on", _("Uiterlijk klaar")),
                    Field("done_at", _("Gedaan op")),
                ),
                about="child",
                without={"pieces": "identifiers: what goes can be read until it is gone"},
            ),
        ),
    ),
    *AT_HOME,
    (
        _("Wie mee mag kijken"),
        (
            Kind(
                Measure,
                "measures",
                _("De maatregel van de rechter of de officier van justitie"),
                "from_at",
                (
                    Field("kind", _("Wat het is")),
                    Field("court", _("Wie het oplegde")),
                    Field("ruled_on", _("Dag van de uitspraak")),
                    Field("until_on", _("Laatste dag")),
                ),
            ),
            Kind(
                Incapacity,
                "incapacities",
                _("Wie er voor een jongere besliste"),
                "first_at",
                (
                    Field("first_at", _("Opgeschreven op")),
                    Field("matter", _("Waarover")),
                    Field("first_by", _("Door"), "first.first_name"),
                    Field("first_why", _("Wat die zag")),
                    Field("second_by", _("En door"), "second.first_name"),
                    Field("second_why", _("Wat die zag")),
                    Field("second_agrees", _("Die vond hetzelfde")),
                    Field("harm", _("Welk nadeel zo werd voorkomen")),
                    Field("from_at", _("Vanaf")),
                    Field("until_at", _("Tot")),
                    Field("objected_at", _("Bezwaar op")),
                    Field("objection", _("Bezwaar")),
                ),
            ),
            Kind(
                Consent,
                "consents",
                _("Wat u daarover zei"),
                "from_at",
                (
                    Field("from_at", _("Vanaf")),
                    Field("until_at", _("Tot")),
                    Field("about", _("Wie"), "account.first_name"),
                    Field("yes", _("Antwoord")),
                    Field("items", _("Waarvoor")),
                    Field("leaves_out", _("En niet voor"), words=dict(Sort.choices)),
                    Field("what_for", _("Met welk doel")),
                    Field("aim", _("Doel, in eigen woorden")),
                ),
                place="",
                record="record",
                large=False,
                mine="giver__account",
            ),
            Kind(
                Share,
                "shares",
                _("Gedeeld met iemand buiten het gezin"),
                "proposed_at",
                (
                    Field("proposed_at", _("Voorgesteld op")),
                    Field("with_whom", _("Met wie"), "account.first_name"),
                    Field("purpose", _("Waarvoor")),
                    Field("until_at", _("Tot")),
                    Field("ended_at", _("Gestopt op")),
                ),
                place="place",
                record="record",
            ),
            Kind(
                ShareAnswer,
                "share_answers",
                _("Wat u zei over delen"),
                "said_at",
                (
                    Field("said_at", _("Op")),
                    Field("with_whom", _("Met wie"), "share.account.first_name"),
                    Field("yes", _("Antwoord")),
                ),
                under="share",
                large=False,
                mine="member__account",
            ),
        ),
    ),
)
KINDS = tuple(kind for _title, kinds in CHAPTERS for kind in kinds)

# Chapters that are made of more than rows: who we are, who was involved, who looked.
TOLD_OTHERWISE = (
    "families.FamilyMember",
    "families.LegalAuthority",
    "families.Involvement",
    "audit.Entry",
)
_SAFETY = "about safety: nobody of the family sees it (gate N6)"
_MACHINERY = "machinery: it says nothing about a person that is not said elsewhere"
LEFT_OUT: Mapping[str, str] = {
    "safety.Emergency": _SAFETY,
    "safety.Concern": _SAFETY,
    "safety.ConcernStep": _SAFETY,
    "safety.Informant": _SAFETY,
    "safety.SafetyHold": _SAFETY,
    "safety.SecretAddress": _SAFETY,
    "safety.LegalRequest": _SAFETY,
    "safety.Erasure": "a proof that outlives the record: nothing of it can be read any more",
    "rights.Residence": "where a child or its mother stays may be secret; no page of the family shows it",
    "opentent.Response": "the words of a neighbour, about that neighbour",
    "families.Block": "whom one of the family keeps out is about that person, and shown on Wie mag wat",
    "families.Death": "that a parent died stands with who belongs to the family, and is about that parent",
    "families.Invitation": "who was invited is about that person, and shown on Wie mag wat",
    "tents.Talk": "since when and how far they talked: nothing that anybody said",
    "families.CitizenNumber": "the family has it on a passport; by a copy that is lost it would be stolen",
    "shares.SharedPiece": "which piece it is, by identifier: the piece itself goes along",
    "families.GpAsk": "that a GP asked is about that GP; who was let in goes along with who was involved",
    "families.SamePerson": "a link to a person of another family",
    "families.Family": _MACHINERY,
    "families.Record": _MACHINERY,
    "families.Compartment": _MACHINERY,
    "families.NamePart": _MACHINERY,
    "keys.CompartmentKey": _MACHINERY,
    "matching.MatchCounter": _MACHINERY,
    "billing.InvoiceLine": "codes, hours and amounts of a partner: no person",
    "billing.InvoicedAppointment": "codes, hours and amounts of a partner: no person",
    "billing.CreditedAppointment": "codes, hours and amounts of a partner: no person",
}
