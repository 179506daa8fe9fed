"""Which lines of the log concern what a family asks, and who hears of them. No word of what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.models import Involvement
from hendig.families.notices import (
    family_page,
    the_coach,
    the_family,
    the_officers,
    who_asked,
    who_leads,
)
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.matching.models import Match
from hendig.people.models import Membership
from hendig.rights.models import Application, DestructionStage, OwnKind, OwnWords
from hendig.rights.queries.who import with_a_coach


def application_page(entry: Entry) -> str:
    return reverse("application", args=[entry.facts.get("application") or entry.object_id])


def applications_page(_entry: Entry) -> str:
    return reverse("applications")


def workers_page(_entry: Entry) -> str:
    return reverse("workers")


def own_page(entry: Entry) -> str:
    return reverse("own_record", args=[entry.family_id])


def residence_page(entry: Entry) -> str:
    return reverse("residence", args=[entry.object_id])


def who_decides(entry: Entry) -> UUID | None:
    """Who decides on the application, and may still."""
    rows = Application.objects.filter(pk__in=[entry.facts.get("application") or entry.object_id])
    alone = Application.objects.left_alone(at=entry.at).values("pk")
    return rows.exclude(pk__in=alone).values_list("decider_id", flat=True).first()


def the_decider(entry: Entry) -> Iterable[UUID]:
    """Who decides on the application; while nobody does, every coach who could."""
    decider = who_decides(entry)
    return [decider] if decider else those_who_could_decide(entry)


def who_leads_meanwhile(entry: Entry) -> Iterable[UUID]:
    """While nobody decides on the application, who answers for the work."""
    return () if who_decides(entry) else who_leads(entry)


def who_leads_when_nobody_could(entry: Entry) -> Iterable[UUID]:
    """Who answers for the work, when no other coach could decide: one must come who can."""
    others = set(those_who_could_decide(entry)) - {entry.account_id}
    return () if others else who_leads(entry)


def those_who_could_decide(entry: Entry) -> Iterable[UUID]:
    """The coaches of the municipality who are not involved with this family."""
    involved = Involvement.objects.standing(entry.at).filter(family_id__in=[entry.family_id])
    return (
        Membership.objects.standing(local_day(entry.at))
        .filter(municipality_id=entry.municipality_id, role=Role.COACH)
        .exclude(account_id__in=involved.values("account_id"))
        .values_list("account_id", flat=True)
    )


def officers_without_coach(entry: Entry) -> Iterable[UUID]:
    """The privacy officers, where no coach goes along with the record any more."""
    coached = with_a_coach(at=entry.at).filter(pk__in=[entry.compartment_id])
    return () if coached.exists() else the_officers(entry)


def officers_of_correction(entry: Entry) -> Iterable[UUID]:
    """The same, of a correction: what a family adds asks no answer."""
    return officers_without_coach(entry) if entry.facts.get("kind") == OwnKind.CORRECTION else ()


def officers_who_destroy(entry: Entry) -> Iterable[UUID]:
    """The privacy officers, when it was granted: they carry it out."""
    return the_officers(entry) if entry.facts.get("stage") != DestructionStage.REFUSED else ()


def retention_page(_entry: Entry) -> str:
    return reverse("retention")


def who_wrote(entry: Entry) -> Iterable[UUID]:
    """The member of the family whose words they are."""
    wrote = OwnWords.objects.filter(pk__in=[entry.object_id], member__account__isnull=False)
    return wrote.values_list("member__account_id", flat=True)


def who_helps(entry: Entry) -> Iterable[UUID]:
    rows = Match.objects.filter(pk=entry.facts["match"])
    return rows.values_list("professional__account_id", flat=True)


def information_page(entry: Entry) -> str:
    return reverse("information", args=[entry.family_id])


def asking_page(entry: Entry) -> str:
    return reverse("ask_information", args=[entry.family_id])


def log_page(entry: Entry) -> str:
    return reverse("who_looked", args=[entry.family_id])


_TOLD = (
    Tell(to=who_asked, words=_("Er is antwoord op uw vraag."), url=asking_page),
    Tell(to=the_family, words=_("Een ouder zonder gezag kreeg informatie."), url=log_page),
)
_NOBODY_COULD = Tell(
    to=who_leads_when_nobody_could,
    words=_("Een aanvraag wacht op een besluit, en geen gezinscoach kan die behandelen."),
    url=workers_page,
)
_STILL_NOBODY = Tell(
    to=who_leads_meanwhile,
    words=_("Een besluit moet er gauw zijn, en niemand behandelt de aanvraag. Vraag een gezinscoach."),
    url=workers_page,
)
_TOO_LATE = Tell(
    to=who_leads, words=_("Een besluit is te laat. Vraag de gezinscoaches hoe dat komt."), url=workers_page
)
_NO_COACH = Tell(
    to=officers_without_coach,
    words=_("Een gezin zonder gezinscoach vraagt iets over zijn gegevens. U geeft antwoord."),
    url=retention_page,
)
_BACKUP = Tell(
    to=the_officers,
    words=_("Te laat: wat vernietigd is, kan nog open in oude reservekopieën."),
    url=retention_page,
)
_ANSWER_SOON = (
    Tell(to=the_coach, words=_("Een gezin moet binnen een week antwoord hebben."), url=own_page),
    replace(_NO_COACH, words=_("Een gezin moet binnen een week antwoord hebben.")),
)
# Too late is told to who checks too, also where a coach should have answered.
_ANSWER_LATE = (
    Tell(to=the_coach, words=_("Een antwoord aan een gezin is te laat."), url=own_page),
    Tell(to=the_officers, words=_("Een antwoord aan een gezin is te laat."), url=retention_page),
)
CODES = {
    "own.seen": Code("Somebody opened what the family itself put beside its record.", _("las wat van u is")),
    "own.written": Code(
        "Somebody of the family put own words beside the record, or asked a correction.",
        _("schreef iets bij uw gegevens"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een gezin schreef iets bij zijn gegevens."),
                url=own_page,
            ),
            replace(_NO_COACH, to=officers_of_correction),
        ),
    ),
    "own.about": Code(
        "It was put right whom own words are about.", _("schreef op over wie eigen woorden gaan")
    ),
    "own.file_about": Code(
        "It was put right whom a file beside own words is about.",
        _("schreef op over wie een foto of brief gaat"),
    ),
    "own.taken_back": Code("Own words were taken back.", _("nam eigen woorden terug")),
    "own.answered": Code(
        "The coach answered a correction.",
        _("antwoordde op iets wat niet klopte"),
        tell=(Tell(to=who_wrote, words=_("Er is antwoord op wat u schreef."), url=own_page),),
    ),
    "own.copy_taken": Code(
        "Somebody of the family took a copy of the record along.", _("nam een kopie mee"), takes=True
    ),
    "destruction.asked": Code(
        "It was asked that a record is destroyed.",
        _("vroeg om gegevens te vernietigen"),
        tell=(
            Tell(to=the_coach, words=_("Een gezin vraagt iets over zijn gegevens."), url=own_page),
            _NO_COACH,
        ),
    ),
    "destruction.answered": Code(
        "It was answered what is destroyed, what stays, and why.",
        _("antwoordde op de vraag om te vernietigen"),
        tell=(
            Tell(to=the_family, words=_("Er is antwoord op wat u vroeg."), url=own_page),
            Tell(
                to=officers_who_destroy,
                words=_("Een verzoek om te vernietigen is toegezegd. Vernietig met een tweede persoon."),
                url=retention_page,
            ),
        ),
    ),
    "destruction.taken_back": Code(
        "Who asked destruction changed their mind.",
        _("wilde toch niet laten vernietigen"),
        tell=(Tell(to=the_coach, words=_("Een gezin veranderde een vraag."), url=own_page, by_mail=False),),
    ),
    "own.asked_seen": Code(
        "The privacy officer read what a family without a coach asked of its record.",
        _("las wat u vroeg over uw gegevens"),
    ),
    "own.answer_soon": Code(
        "Who answers was reminded that a correction must be answered within a week.",
        _("kreeg een seintje: er moet gauw antwoord komen op wat niet klopte"),
        tell=_ANSWER_SOON,
    ),
    "own.answer_late": Code(
        "The month in which a correction must be answered is over.",
        _("zag dat het antwoord te laat is op wat niet klopte"),
        tell=_ANSWER_LATE,
    ),
    "destruction.answer_soon": Code(
        "Who answers was reminded that a question to destroy must be answered within a week.",
        _("kreeg een seintje: er moet gauw antwoord komen op de vraag om te vernietigen"),
        tell=_ANSWER_SOON,
    ),
    "destruction.answer_late": Code(
        "The month in which a question to destroy must be answered is over.",
        _("zag dat het antwoord te laat is op de vraag om te vernietigen"),
        tell=_ANSWER_LATE,
    ),
    "destruction.due_soon": Code(
        "The privacy officers were reminded that what was granted must be destroyed within three weeks.",
        _("kreeg een seintje: wat is toegezegd moet gauw vernietigd zijn"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Binnen drie weken moet vernietigd zijn wat is toegezegd."),
                url=retention_page,
            ),
        ),
    ),
    "destruction.due_late": Code(
        "The three months in which what was granted must be destroyed are over.",
        _("zag dat het te laat is: wat is toegezegd is nog niet vernietigd"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Te laat: wat is toegezegd, is nog niet vernietigd. Doe het vandaag."),
                url=retention_page,
            ),
        ),
    ),
    "destruction.backup_soon": Code(
        "The privacy officers were reminded that older backups still open what was destroyed.",
        _("kreeg een seintje: in oudere reservekopieën moet het ook gauw weg zijn"),
        tell=(replace(_BACKUP, words=_("Vernietigd, maar nog te openen in oude reservekopieën.")),),
    ),
    "destruction.backup_late": Code(
        "The three months are over, and older backups still open what was destroyed.",
        _("zag dat het te laat is: in oudere reservekopieën is het nog niet weg"),
        tell=(_BACKUP,),
    ),
    "paper.applied": Code(
        "The family asked a decision on paper; the term of eight weeks runs.",
        _("vroeg een besluit op papier"),
        tell=(
            Tell(
                to=those_who_could_decide,
                words=_("Er is een aanvraag voor een besluit. Wie neemt hem in behandeling?"),
                url=applications_page,
            ),
            Tell(to=the_coach, words=_("Een gezin vroeg een besluit op papier."), url=application_page),
            _NOBODY_COULD,
        ),
    ),
    "paper.seen": Code("Somebody opened an application for a decision.", _("bekeek uw aanvraag")),
    "paper.letter_taken": Code(
        "Somebody took a letter of an application.", _("opende een brief"), takes=True
    ),
    "paper.withdrawn": Code(
        "The family withdrew its application.",
        _("trok de aanvraag in"),
        tell=(Tell(to=the_decider, words=_("Een aanvraag is ingetrokken."), url=applications_page),),
    ),
    "paper.taken_up": Code(
        "A coach who does not guide the family took the application up to decide on it.",
        _("neemt uw aanvraag in behandeling"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand van de gemeente kijkt naar uw aanvraag."),
                url=application_page,
                by_mail=False,
            ),
        ),
    ),
    "paper.given_back": Code(
        "Who decided on the application does not any more; it waits for a colleague.",
        _("behandelt uw aanvraag niet meer; een collega gaat ermee verder"),
        tell=(
            Tell(
                to=those_who_could_decide,
                words=_("Een aanvraag wacht weer op iemand. Wie neemt hem in behandeling?"),
                url=applications_page,
            ),
            _NOBODY_COULD,
        ),
    ),
    "paper.asked_more": Code(
        "The municipality asked the family for more; the clock stands still.",
        _("vroeg u iets over uw aanvraag"),
        tell=(Tell(to=the_family, words=_("De gemeente vraagt u nog iets."), url=application_page),),
    ),
    "paper.answered": Code(
        "The family answered; the clock goes on.",
        _("antwoordde op een vraag over de aanvraag"),
        tell=(Tell(to=the_decider, words=_("Een gezin gaf antwoord."), url=application_page),),
    ),
    "paper.question_lapsed": Code(
        "A question was not answered in time; the clock goes on.",
        _("zette de klok weer aan: de tijd om te antwoorden is om"),
        tell=(
            Tell(to=the_family, words=_("De tijd om te antwoorden is om."), url=application_page),
            Tell(to=the_decider, words=_("Een vraag bleef zonder antwoord."), url=application_page),
        ),
    ),
    "paper.extended": Code(
        "The decision takes longer, once and with a reason; a letter says so.",
        _("heeft meer tijd nodig voor uw besluit"),
        tell=(Tell(to=the_family, words=_("De gemeente heeft meer tijd nodig."), url=application_page),),
    ),
    "paper.in_default": Code(
        "The family told the municipality that it is too late; after two weeks it owes money for each day.",
        _("liet weten dat de gemeente te laat is"),
        tell=(
            Tell(
                to=the_decider,
                words=_("Een gezin stelt de gemeente in gebreke. Beslis binnen twee weken."),
                url=application_page,
            ),
            _TOO_LATE,
        ),
    ),
    "paper.due_soon": Code(
        "The municipality was reminded that a decision is due within three weeks.",
        _("kreeg een seintje: uw besluit moet er over een paar weken zijn"),
        tell=(
            Tell(
                to=the_decider, words=_("Een besluit moet er binnen drie weken zijn."), url=applications_page
            ),
            _STILL_NOBODY,
        ),
    ),
    "paper.due_today": Code(
        "The municipality was reminded that a decision is due today.",
        _("kreeg een seintje: uw besluit moet er vandaag zijn"),
        tell=(
            Tell(to=the_decider, words=_("Een besluit moet er vandaag zijn."), url=applications_page),
            _STILL_NOBODY,
        ),
    ),
    "paper.overdue": Code(
        "The term for a decision is over; the family reads what it can do.",
        _("zag dat de gemeente te laat is met uw besluit"),
        tell=(
            Tell(
                to=the_family, words=_("De gemeente is te laat. Lees wat u kunt doen."), url=application_page
            ),
            Tell(to=the_decider, words=_("Een besluit is te laat. Beslis vandaag."), url=applications_page),
            _TOO_LATE,
        ),
    ),
    "paper.decided": Code(
        "The municipality decided; the letter is with the family.",
        _("nam een besluit"),
        tell=(
            Tell(to=the_family, words=_("Uw besluit is er."), url=application_page),
            Tell(to=the_coach, words=_("Er is besloten op een aanvraag."), url=application_page),
        ),
    ),
    "residence.asked": Code(
        "It was asked which municipality is responsible; the answer is due within two weeks.",
        _("vroeg welke gemeente verantwoordelijk is"),
    ),
    "residence.seen": Code(
        "Somebody opened the question which municipality is responsible.",
        _("bekeek welke gemeente verantwoordelijk is"),
    ),
    "residence.answered": Code(
        "It was answered which municipality is responsible, by a row of the table.",
        _("schreef op welke gemeente verantwoordelijk is"),
        tell=(
            Tell(
                to=the_family,
                words=_("Het is duidelijk welke gemeente bij u hoort."),
                url=family_page,
                by_mail=False,
            ),
        ),
    ),
    "residence.due_soon": Code(
        "The coach was reminded that the answer who is responsible is due.",
        _("kreeg een seintje: er moet antwoord komen welke gemeente bij u hoort"),
        tell=(
            Tell(to=the_coach, words=_("Een andere vraag moet bijna antwoord hebben."), url=residence_page),
        ),
    ),
    "residence.overdue": Code(
        "The two weeks for the answer who is responsible are over.",
        _("zag dat het antwoord te laat is welke gemeente bij u hoort"),
        tell=(Tell(to=the_coach, words=_("Een antwoord is te laat."), url=residence_page),),
    ),
    "information.own_seen": Code(
        "A parent without authority opened the page of the own questions.",
        _("bekeek de eigen vragen om informatie"),
    ),
    "information.seen": Code(
        "Who helps read what a parent without authority asked.",
        _("las wat een ouder zonder gezag vroeg"),
    ),
    "information.asked": Code(
        "A parent without authority asked how it goes with the child.",
        _("vroeg als ouder zonder gezag om informatie over uw kind"),
        tell=(
            Tell(to=the_coach, words=_("Een ouder zonder gezag vraagt informatie."), url=information_page),
        ),
    ),
    "information.told_health": Code(
        "A parent without authority was told how the child is.",
        _("vertelde een ouder zonder gezag hoe het met uw kind gaat"),
        tell=_TOLD,
    ),
    "information.told_help": Code(
        "A parent without authority was told which help there is.",
        _("vertelde een ouder zonder gezag welke hulp er is"),
        tell=_TOLD,
    ),
    "information.told_school": Code(
        "A parent without authority was told how it goes at school.",
        _("vertelde een ouder zonder gezag hoe het op school gaat"),
        tell=_TOLD,
    ),
    "information.refused": Code(
        "A parent without authority was told that nothing is told.",
        _("gaf een ouder zonder gezag geen informatie"),
        tell=(Tell(to=who_asked, words=_("Er is antwoord op uw vraag."), url=asking_page),),
    ),
    "continuation.taken_over": Code(
        "The family came to live here and keeps its helper, at most a year.",
        _("schreef op dat de hulp van voor uw verhuizing doorgaat"),
        tell=(
            Tell(to=the_family, words=_("Uw hulp gaat door na de verhuizing."), url=family_page),
            Tell(
                to=who_helps, words=_("Hulp gaat door na een verhuizing, tot een vaste dag."), url=family_page
            ),
        ),
    ),
    "continuation.begun": Code(
        "The family moved and keeps its helper, at most a year.",
        _("schreef op dat de hulp doorgaat na uw verhuizing"),
        tell=(
            Tell(to=the_family, words=_("Uw hulp gaat door na de verhuizing."), url=family_page),
            Tell(
                to=who_helps, words=_("Hulp gaat door na een verhuizing, tot een vaste dag."), url=family_page
            ),
        ),
    ),
}
