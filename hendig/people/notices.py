from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code, Tell
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.models import Membership

if TYPE_CHECKING:
    from hendig.audit.models import Entry


def _who_asked(entry: Entry) -> list[UUID]:
    asked_by = entry.facts.get("asked_by")
    return [UUID(asked_by)] if asked_by else []


BOUNCED = Tell(
    to=_who_asked,
    words=_("Een mail die u liet sturen kwam niet aan. Kijk het adres na, en stuur opnieuw."),
    url=lambda _entry: "/meldingen/",
    by_mail=False,
)


def _holding(entry: Entry, **role: object) -> list[UUID]:
    """Who has such a role on the day of the entry."""
    held = Membership.objects.standing(local_day(entry.at)).filter(**role)
    return list(held.order_by("account_id").values_list("account_id", flat=True))


def _officers(entry: Entry) -> list[UUID]:
    return _holding(entry, municipality_id=entry.municipality_id, role=Role.PRIVACY)


def _finance(entry: Entry) -> list[UUID]:
    """Who pays for the municipality, and sees from which account."""
    return _holding(entry, municipality_id=entry.municipality_id, role=Role.FINANCE)


TO_OFFICERS = Tell(
    to=_officers,
    words=_("Een collega is geholpen om weer in te loggen. Kijk of dat klopt."),
    url=lambda _entry: "/verantwoorden/",
)


def _seconds(entry: Entry) -> list[UUID]:
    """Who may agree to the role, of the municipality and of the partner's office."""
    partner = entry.facts.get("partner")
    held = Membership.objects.standing(local_day(entry.at)).filter(municipality_id=entry.municipality_id)
    seconds = held.agreeing(UUID(partner) if partner else None).order_by("account_id")
    return list(dict.fromkeys(seconds.values_list("account_id", flat=True)))


def _watchers(entry: Entry) -> list[UUID]:
    """The privacy officers; and who answers for the municipality, should an officer be the one who asks."""
    held = Membership.objects.standing(local_day(entry.at)).filter(municipality_id=entry.municipality_id)
    found = held.filter(role__in=[Role.PRIVACY, Role.POLICY]).order_by("account_id")
    return list(dict.fromkeys(found.values_list("account_id", flat=True)))


def _workers(_entry: Entry) -> str:
    return reverse("workers")


def _keepers(entry: Entry) -> list[UUID]:
    """Who answers for what is kept of professionals."""
    return _holding(entry, municipality_id=entry.municipality_id, role=Role.POLICY)


def _professional(entry: Entry) -> str:
    """The page of whom it is about: named by what is recorded, or that itself."""
    return reverse("registrations", args=[entry.facts.get("professional") or entry.object_id])


def _answer_there(entry: Entry) -> list[UUID]:
    """Who answers for the municipality in which somebody offered to be asked."""
    return _holding(entry, municipality_id=entry.facts["there"], role=Role.POLICY)


def _own_office(entry: Entry) -> list[UUID]:
    return _holding(entry, partner=entry.facts["partner"], role=Role.OFFICE)


def _at_home(entry: Entry) -> list[UUID]:
    return [UUID(str(entry.facts["home"]))]


def _elsewhere(_entry: Entry) -> str:
    return reverse("elsewhere")


CODES = {
    "municipality.opened": Code("A municipality was set up.", _("richtte de gemeente in")),
    "settings.changed": Code("A setting of the municipality changed.", _("veranderde een instelling")),
    "municipality.account_changed": Code(
        "The municipality has its first account: the operator set it.",
        _("gaf de gemeente een rekeningnummer"),
        (
            Tell(
                to=_finance,
                words=_("De beheerder gaf de gemeente een rekeningnummer. Kijk of het klopt."),
                url=lambda _entry: reverse("pay"),
            ),
        ),
    ),
    "partner.joined": Code("A partner joined the network.", _("voegde een partner toe")),
    "role.asked": Code(
        "Somebody asked for a role for somebody; it waits for a second person.",
        _("vroeg een rol voor iemand"),
        (Tell(to=_seconds, words=_("Een rol wacht op uw akkoord of dat van een collega."), url=_workers),),
    ),
    "role.asked_for_self": Code(
        "Somebody asked for a role for themself: only another can agree.",
        _("vroeg een rol voor zichzelf"),
        (
            Tell(
                to=_watchers,
                words=_("Let op: iemand vraagt een rol voor zichzelf. Kijk of dat klopt."),
                url=_workers,
            ),
        ),
    ),
    "role.given": Code(
        "Somebody got a role from a day on; by two people, or by a command.",
        _("gaf iemand een rol"),
        (Tell(to=_who_asked, words=_("Een collega ging akkoord met de rol die u vroeg."), url=_workers),),
    ),
    "role.declined": Code(
        "A role that was asked is not given: a second person said no, or who asked took it back.",
        _("gaf een rol niet"),
        (Tell(to=_who_asked, words=_("De rol die u vroeg is niet gegeven."), url=_workers),),
    ),
    "role.appointed": Code(
        "The operator gave one of the first roles, while there were no two people to do it together.",
        _("gaf een eerste rol"),
        (
            Tell(
                to=_watchers,
                words=_("De beheerder gaf iemand een eerste rol. Kijk of dat klopt."),
                url=_workers,
            ),
        ),
    ),
    "role.ended": Code(
        "Somebody's role ended, for a reason from a list; the open sessions with it.",
        _("beëindigde een rol"),
        (
            Tell(
                to=_seconds,
                words=_("Een collega stopte de rol van iemand. Kijk of dat klopt."),
                url=_workers,
            ),
        ),
    ),
    "elsewhere.offered": Code(
        "A professional offered to be asked in another municipality as well.",
        _("bood zich aan in een andere gemeente"),
        (
            Tell(
                to=_answer_there,
                words=_("Iemand uit een andere gemeente biedt zich aan. Wilt u antwoorden?"),
                url=lambda _entry: reverse("from_elsewhere"),
            ),
            Tell(
                to=_own_office,
                words=_("Iemand van uw organisatie biedt zich ook aan in een andere gemeente."),
                url=lambda _entry: "/meldingen/",
                by_mail=False,
            ),
        ),
    ),
    "elsewhere.taken": Code(
        "A professional of another municipality can be asked here as well.",
        _("nam iemand uit een andere gemeente erbij"),
        (
            Tell(
                to=_at_home, words=_("U kunt nu ook in een andere gemeente worden gevraagd."), url=_elsewhere
            ),
        ),
    ),
    "elsewhere.declined": Code(
        "A professional of another municipality is not asked here.",
        _("nam iemand uit een andere gemeente niet erbij"),
        (
            Tell(
                to=_at_home,
                words=_("De andere gemeente vraagt u nu niet. U kunt zich later weer aanbieden."),
                url=_elsewhere,
            ),
        ),
    ),
    "elsewhere.taken_back": Code(
        "A professional took an offer back that nobody had answered, or it ended with the work at home.",
        _("trok een aanbod aan een andere gemeente in"),
    ),
    "elsewhere.ended": Code(
        "A professional is not asked in another municipality any more, and is signed out there.",
        _("stopte in een andere gemeente"),
        # There they hear that a role ended (`role.ended`).
        (Tell(to=_at_home, words=_("U wordt in een andere gemeente niet meer gevraagd."), url=_elsewhere),),
    ),
    "professional.joined": Code(
        "A professional can be asked from now on.", _("voegde een beroepskracht toe")
    ),
    "registration.kept": Code(
        "The municipality keeps that somebody stands in a register, as it was looked up.",
        _("hield een registratie bij"),
        (Tell(to=_who_asked, words=_("Een registratie die u voorstelde, staat er nu."), url=_professional),),
    ),
    "registration.proposed": Code(
        "The office of a partner proposed a registration; it counts once the municipality keeps it.",
        _("stelde een registratie voor"),
        (
            Tell(
                to=_keepers,
                words=_("Een registratie wacht op uw controle."),
                url=_professional,
                by_mail=False,
            ),
        ),
    ),
    "registration.ended": Code(
        "A registration is not kept any more, or what was proposed is not kept.",
        _("haalde een registratie weg"),
        (
            Tell(
                to=_who_asked,
                words=_("Een registratie die u voorstelde, staat er niet (meer)."),
                url=_professional,
            ),
        ),
    ),
    "expertise.set": Code(
        "The municipality says for what somebody can be asked.",
        _("hield bij wat iemand kan"),
        (Tell(to=_who_asked, words=_("Een expertise die u voorstelde, staat er nu zo."), url=_professional),),
    ),
    "expertise.proposed": Code(
        "The office of a partner proposed what one of its people can do.",
        _("stelde voor wat iemand kan"),
        (
            Tell(
                to=_keepers, words=_("Een expertise wacht op uw controle."), url=_professional, by_mail=False
            ),
        ),
    ),
    "expertise.declined": Code(
        "What an office proposed that somebody can do stays as it was.",
        _("liet staan wat iemand kan"),
        (
            Tell(
                to=_who_asked,
                words=_("Een expertise die u voorstelde, blijft zoals die was."),
                url=_professional,
            ),
        ),
    ),
    "professional.excepted": Code(
        "Why somebody can do work of the registered without a registration was written down, once.",
        _("schreef op waarom het zonder registratie kan"),
    ),
    "sign_in.asked": Code("A one-time code was sent.", _("vroeg een code om aan te melden")),
    "sign_in.tried": Code("A one-time code was tried, right or wrong.", _("meldde zich aan")),
    "sign_in.done": Code("Somebody is signed in in a browser, by the means it says.", _("is aangemeld")),
    "way_back.opened": Code(
        "Somebody helps a colleague back in who lost every factor; all sessions of the colleague ended.",
        _("hielp een collega om weer in te loggen"),
        (TO_OFFICERS,),
    ),
    "way_back.used": Code(
        "The code that a colleague read out was right: all older factors are gone.",
        _("kwam weer binnen met hulp van een collega"),
        (TO_OFFICERS,),
    ),
    "sign_in.provider": Code(
        "A provider vouched for somebody.", _("meldde zich aan met DigiD of een account")
    ),
    "sign_in.forgotten": Code("Codes that lapsed a day ago were deleted.", _("ruimde oude codes op")),
    "session.ended": Code("A browser was signed out.", _("meldde zich af")),
    "account.emptied": Code(
        "An account ended with the record by which somebody was known here; name and address are gone.",
        _("haalde een account weg"),
    ),
    "employment.ended": Code(
        "Somebody no longer works here, from that moment; every session ended.",
        _("beëindigde een dienstverband"),
    ),
    "factor.added": Code(
        "A passkey or an app was added to sign in with.", _("voegde een passkey of app toe")
    ),
    "factor.removed": Code("A passkey or an app no longer signs in.", _("verwijderde een passkey of app")),
    "factor.tried": Code("A passkey or a code was tried, right or wrong.", _("meldde zich aan")),
    "factor.recovery_made": Code("Somebody got new recovery codes.", _("maakte nieuwe herstelcodes")),
    "language.chosen": Code("Somebody chose a language, or to be called je or u.", _("koos een taal")),
    "notice.told": Code("People were told of something.", _("stuurde een bericht")),
    "notice.read": Code("Somebody opened a notice.", _("las een bericht")),
    "log.anchored": Code(
        "The newest seal of the log was handed to others.", _("gaf het zegel van het logboek door")
    ),
    "letter.claimed": Code("The worker is about to send a mail.", _("verstuurt een mail")),
    "letter.withheld": Code(
        "A mail stayed here: its reader may not know of the family any more.", _("hield een mail tegen")
    ),
    "letter.released": Code(
        "The mail server did not take a mail; it is tried again.", _("probeert een mail later")
    ),
    "term.over": Code(
        "Mails, notices or codes went, because their term was over.", _("ruimde oude berichten op")
    ),
    "letter.bounced": Code(
        "A mail did not arrive: no such address, or the box does not take it; who asked for it is told.",
        _("kreeg een mail terug"),
        (BOUNCED,),
    ),
    "letter.sent": Code("The mail server took a mail.", _("verstuurde een mail")),
}
