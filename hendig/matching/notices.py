"""Which lines of the log concern match talks and matches, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.notices import family_page, the_family, the_family_let_in
from hendig.families.queries.hearing import who_may_page
from hendig.kernel.periods import local_day
from hendig.matching import rules
from hendig.matching.models import MatchTalk, MatchTalkQuerySet


def talk_id(entry: Entry) -> str:
    """The talk that an entry is about: of a match, the talk it came from."""
    return str(entry.facts.get("talk") or entry.object_id)


def talk_page(entry: Entry) -> str:
    return reverse("match_talk", args=[talk_id(entry)])


def first_appointment(entry: Entry) -> str:
    return reverse("plan_appointment", args=[entry.family_id, entry.object_id])


def day_page(_entry: Entry) -> str:
    return reverse("today")


def _talks(entry: Entry) -> MatchTalkQuerySet:
    return MatchTalk.objects.filter(pk=talk_id(entry))


def the_professional(entry: Entry) -> Iterable[UUID]:
    """Who gives, or was asked to give, the help; nobody while the family has not agreed to that asking."""
    return _talks(entry).filter(blind=False).values_list("professional__account_id", flat=True)


def the_coach(entry: Entry) -> Iterable[UUID]:
    """The coach of the question that the talk is about."""
    return _talks(entry).values_list("request__coach_id", flat=True)


def the_silent(entry: Entry) -> Iterable[UUID]:
    """Whose answer is still waited for; asked anew, so that who answered since hears nothing."""
    on = local_day(entry.at)
    for talk in _talks(entry).seated(entry.at):
        unasked = talk.professional.account_id if talk.blind else None
        silent = (one.account_id for one in rules.silent(rules.table_of(talk), on))
        yield from (pk for pk in silent if pk and pk != unasked)


def the_family_that_is_asked(entry: Entry) -> Iterable[UUID]:
    """Who of the family must say yes."""
    on = local_day(entry.at)
    for talk in _talks(entry).seated(entry.at):
        table = rules.table_of(talk)
        work = {table.coach.id, table.professional.id}
        yield from (
            one.account_id for one in rules.silent(table, on) if one.account_id and one.id not in work
        )


def the_coach_of_a_no(entry: Entry) -> Iterable[UUID]:
    """The coach, when somebody said no: a yes is seen on the board soon enough and nags nobody."""
    return () if entry.facts.get("yes") else the_coach(entry)


CODES = {
    "matchtalk.seen": Code("Somebody opened a match talk.", _("bekeek het matchgesprek")),
    "matchtalk.prepared": Code("The coach looked for who could help.", _("zocht wie u kan helpen")),
    "match.seen": Code("Somebody opened the page to end help.", _("bekeek uw hulp")),
    "match.opened": Code(
        "A family and a professional are asked whether it clicks.",
        _("vroeg of het klikt tussen u en een beroepskracht"),
        tell=(
            Tell(to=the_family, words=_("Klikt het? Zeg het in het matchgesprek."), url=talk_page),
            Tell(to=the_professional, words=_("U bent gevraagd voor een matchgesprek."), url=talk_page),
        ),
    ),
    "match.handed_over": Code(
        "Who helps stops; the family is asked whether the help goes on with somebody else.",
        _("vroeg of iemand anders u verder mag helpen"),
        tell=(
            Tell(
                to=the_family,
                words=_("Wie u helpt stopt. Er is een voorstel voor iemand anders: u kiest zelf."),
                url=talk_page,
            ),
            Tell(to=the_coach, words=_("Bij een gezin stopt wie helpt. Er is een voorstel."), url=talk_page),
        ),
    ),
    "match.stops": Code(
        "A match got the day on which it ends, because who helps stops.",
        _("schreef op tot wanneer deze hulpverlener u helpt"),
        tell=(
            Tell(to=the_professional, words=_("Uw hulp aan een gezin heeft een laatste dag."), url=day_page),
        ),
    ),
    "match.family_agreed": Code(
        "The family agreed to a talk with whom was proposed; from here on that professional is asked.",
        _("vond het goed dat er met iemand anders wordt gepraat"),
        tell=(Tell(to=the_professional, words=_("U bent gevraagd voor een matchgesprek."), url=talk_page),),
    ),
    "match.answered": Code(
        "Somebody said whether it clicks.",
        _("zei of het klikt"),
        tell=(
            Tell(
                to=the_coach_of_a_no,
                words=_("Een antwoord in een matchgesprek vraagt om u."),
                url=talk_page,
                by_mail=False,
            ),
        ),
    ),
    "match.made": Code(
        "Everyone who must say yes did: this match authorises help.",
        _("maakte met het laatste ja de match"),
        tell=(
            Tell(to=the_family, words=_("Er is een match. De hulp kan beginnen."), url=talk_page),
            Tell(
                to=the_professional,
                words=_("Er is een match. Maak een eerste afspraak."),
                url=first_appointment,
            ),
            Tell(to=the_coach, words=_("Er is een match."), url=talk_page, by_mail=False),
        ),
    ),
    "match.excepted": Code(
        "Help for a youth of 12–15 may start without the yes of a parent (Jeugdwet art. 7.3.4).",
        _("schreef op dat de hulp mag beginnen zonder het ja van een ouder"),
        tell=(Tell(to=the_family, words=_("Er is iets opgeschreven bij het matchgesprek."), url=talk_page),),
    ),
    "match.by_measure": Code(
        "Who carries out a measure decided that help belongs to it: the family need not say yes.",
        _("besloot dat deze hulp hoort bij een maatregel, zodat uw ja niet nodig is"),
        tell=(
            Tell(to=the_family, words=_("Er is iets opgeschreven bij het matchgesprek."), url=talk_page),
            Tell(to=the_coach, words=_("Er is iets opgeschreven bij een matchgesprek."), url=talk_page),
        ),
    ),
    "match.measure_over": Code(
        "The measure of the court is over; help that rested on it ends.",
        _("schreef op dat de maatregel van de rechter voorbij is"),
        tell=(Tell(to=the_family, words=_("De maatregel van de rechter is voorbij."), url=who_may_page),),
    ),
    "match.probation_over": Code(
        "Juvenile probation is over; help that rested on it ends.",
        _("schreef op dat de jeugdreclassering voorbij is"),
        tell=(Tell(to=the_family_let_in, words=_("De jeugdreclassering is voorbij."), url=who_may_page),),
    ),
    "match.reminded": Code(
        "Who has not said whether it clicks was reminded, once.",
        _("herinnerde aan het matchgesprek"),
        tell=(Tell(to=the_silent, words=_("Er wacht een matchgesprek op uw antwoord."), url=talk_page),),
    ),
    "match.stalled": Code(
        "A match talk lies still; the question waits on the coach.",
        _("zag dat het matchgesprek stilligt"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een matchgesprek ligt stil. Vraag wat er nodig is."),
                url=talk_page,
            ),
        ),
    ),
    "match.no_click": Code(
        "It did not click; somebody else is looked for.",
        _("zoekt verder, want het klikte niet"),
        tell=(
            Tell(to=the_family, words=_("We zoeken verder naar wie bij u past."), url=family_page),
            Tell(
                to=the_professional,
                words=_("Een matchgesprek is voorbij. Uw plek is weer vrij."),
                url=day_page,
                by_mail=False,
            ),
        ),
    ),
    "match.asked_anew": Code(
        "A yes to help is nearly a year old; each who must say yes is asked whether it goes on so.",
        _("vroeg of wie u helpt nog een jaar mag meekijken"),
        tell=(
            Tell(
                to=the_family_that_is_asked,
                words=_("Uw ja is bijna een jaar oud. Mag wie u helpt nog een jaar meekijken?"),
                url=talk_page,
            ),
            Tell(
                to=the_professional,
                words=_("U helpt een gezin bijna een jaar. Zegt u met het gezin opnieuw ja?"),
                url=talk_page,
            ),
            Tell(
                to=the_coach,
                words=_("Een match is bijna een jaar oud. Het gezin en wie helpt zeggen opnieuw ja."),
                url=talk_page,
                by_mail=False,
            ),
        ),
    ),
    "match.renewed": Code(
        "Everyone who must say yes said so anew: who helps sees along for a year more.",
        _("maakte met het laatste ja dat wie helpt een jaar langer meekijkt"),
        tell=(
            Tell(to=the_family, words=_("Wie u helpt kijkt nog een jaar mee."), url=talk_page),
            Tell(to=the_professional, words=_("Een gezin zei opnieuw ja."), url=talk_page),
            Tell(to=the_coach, words=_("Een gezin zei opnieuw ja."), url=talk_page, by_mail=False),
        ),
    ),
    "match.sight_over": Code(
        "Not everyone said yes anew within the year: who helps sees nothing more. The help itself stands.",
        _("meldde dat wie u helpt niet meer meekijkt"),
        tell=(
            Tell(
                to=the_family,
                words=_("Wie u helpt kijkt niet meer mee. Zegt ieder ja, dan kan dat weer."),
                url=talk_page,
            ),
            Tell(to=the_coach, words=_("Wie helpt ziet een gezin niet meer. Denk mee."), url=talk_page),
            Tell(
                to=the_professional,
                words=_("U ziet een gezin niet meer: niet ieder zei opnieuw ja."),
                url=talk_page,
            ),
        ),
    ),
    "match.asked_no_more": Code(
        "The help is over, or is going to be; nobody is asked any more whether it goes on.",
        _("vraagt niet meer of de hulp doorgaat"),
    ),
    "match.rounded_off": Code(
        "Help under a match ended because its question is done; who hears of that hears of this.",
        _("rondde de hulp af"),
    ),
    "match.ends_by": Code(
        "A match got the day on which it ends, because the family moved; who hears of that hears of this.",
        _("schreef op tot wanneer de hulp doorgaat"),
    ),
    "match.ended": Code(
        "Help under a match ends; with it who helped loses the record.",
        _("stopte de hulp"),
        tell=(
            Tell(
                to=the_family,
                words=_("De hulp stopt. De coach denkt mee over wat nu."),
                url=family_page,
            ),
            Tell(to=the_coach, words=_("Hulp is gestopt. Denk mee over wat nu."), url=family_page),
            Tell(to=the_professional, words=_("Hulp is gestopt."), url=day_page),
        ),
    ),
}
