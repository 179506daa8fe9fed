"""Which lines of the log concern who belongs to a family, and who hears of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.notices import apart, authority, deaths, homes
from hendig.families.queries.ages import SOON, TODAY
from hendig.families.queries.hearing import (
    capacity_page,
    deputies_page,
    family_page,
    gp_page,
    own_door,
    own_record_page,
    questions_page,
    the_coach,
    the_family,
    the_family_let_in,
    the_family_that_reads_it,
    the_officers,
    the_two,
    the_youth,
    those_who_decide,
    those_who_decided,
    trainees_page,
    who_asked,
    who_invited,
    who_leads,
    who_may_page,
    who_stands_in,
)

__all__ = [
    "CODES",
    "family_page",
    "the_coach",
    "the_family",
    "the_family_let_in",
    "the_family_that_reads_it",
    "the_officers",
    "who_asked",
    "who_leads",
]

_BSN = _("burgerservicenummer")


def _workers_page(_entry: Entry) -> str:
    return reverse("workers")


# The record is closed to them by the same fact: this leads to what is their own, and says no more.
_DECIDES_AGAIN = Tell(
    to=those_who_decided,
    words=_("Een jongere beslist weer zelf. U beslist nu niet meer mee."),
    url=own_record_page,
)

_NEARS, _CAME = _("meldde dat rechten binnenkort veranderen"), _("meldde dat rechten zijn veranderd")

CODES = {
    "age.seen": Code("Somebody read what changes on a birthday.", _("las wat er verandert")),
    "age.twelve_nears": Code("A child is 12 within a month; those whom it changes are told.", _NEARS, SOON),
    "age.sixteen_nears": Code("A youth is 16 within a month; those whom it changes are told.", _NEARS, SOON),
    "age.eighteen_nears": Code("A youth is 18 within a month; those whom it changes are told.", _NEARS, SOON),
    "age.twelve": Code("A child became 12; those whom it changes are told.", _CAME, TODAY),
    "age.sixteen": Code("A youth became 16; those whom it changes are told.", _CAME, TODAY),
    "age.eighteen": Code("A youth became 18; those whom it changes are told.", _CAME, TODAY),
    "family.page_seen": Code("Somebody opened the family's page.", _("bekeek uw pagina")),
    "family.circle_seen": Code("Somebody opened the drawing of the own circle.", _("bekeek uw kring")),
    "family.persons_seen": Code(
        "Somebody opened the page of a person of the family.", _("bekeek wie er bij uw gezin hoort")
    ),
    "family.log_seen": Code("Somebody of the family read who looked.", _("las wie er keek")),
    "family.child_added": Code("A child was added to the family.", _("schreef een kind bij uw gezin")),
    "family.parent_added": Code(
        "A parent or another who raises was added to the family.",
        _("schreef een ouder of verzorger bij uw gezin"),
        tell=(Tell(to=the_family, words=_("Er staat iemand nieuw bij uw gezin."), url=family_page),),
    ),
    "citizen_number.seen": Code(
        "The coach opened the page of the BSN, masked.", _("bekeek of het nummer er staat"), piece=_BSN
    ),
    "citizen_number.shown": Code("The coach had the BSN shown.", _("las het nummer"), piece=_BSN),
    "citizen_number.found": Code(
        "The coach typed a BSN to search and found the child.", _("zocht en vond het nummer"), piece=_BSN
    ),
    "citizen_number.noted": Code("The coach wrote down a BSN.", _("schreef het nummer op"), piece=_BSN),
    "citizen_number.replaced": Code(
        "The coach wrote down another BSN in its place.", _("schreef een ander nummer op"), piece=_BSN
    ),
    "citizen_number.removed": Code("The coach took out the BSN.", _("haalde het nummer weg"), piece=_BSN),
    "capacity.seen": Code(
        "Somebody read who decides for a youth of 16 or 17.", _("las wie er beslist voor een jongere")
    ),
    "capacity.judged": Code(
        "A professional holds that a youth of 16 or 17 cannot decide something now; a second is asked.",
        _("schreef op dat een jongere nu niet zelf kan beslissen; een tweede moet nog kijken"),
        tell=(
            Tell(
                to=the_youth,
                words=_(
                    "Iemand vindt dat u nu niet zelf kunt beslissen. U kunt lezen waarom, en nee zeggen."
                ),
                url=capacity_page,
            ),
            Tell(to=the_coach, words=_("Er wordt een tweede oordeel gevraagd."), url=capacity_page),
        ),
    ),
    "capacity.agreed": Code(
        "A second professional holds the same: until a day those with authority decide about help.",
        _("vond ook dat een jongere nu niet zelf kan beslissen; wie gezag heeft beslist zolang"),
        tell=(
            Tell(
                to=the_youth,
                words=_("Uw ouders beslissen een tijd voor u. U leest tot wanneer, en kunt nee zeggen."),
                url=capacity_page,
            ),
            Tell(
                to=those_who_decide,
                words=_("U beslist een tijd voor een jongere die dat nu zelf niet kan."),
                url=capacity_page,
            ),
            Tell(to=the_two, words=_("Een tweede vindt ook dat wie gezag heeft beslist."), url=capacity_page),
        ),
    ),
    "capacity.differs": Code(
        "A second professional holds that the youth can decide: nothing changes.",
        _("vond dat een jongere wel zelf kan beslissen"),
        tell=(
            Tell(to=the_youth, words=_("U beslist zelf, en dat blijft zo."), url=capacity_page),
            Tell(to=the_two, words=_("Een tweede vindt dat de jongere zelf beslist."), url=capacity_page),
        ),
    ),
    "capacity.objected": Code(
        "The youth objects; that ends it at once, unless serious harm must be prevented.",
        _("maakte bezwaar tegen dat een ander beslist"),
        tell=(
            Tell(to=the_two, words=_("Een jongere maakte bezwaar."), url=capacity_page),
            Tell(to=the_coach, words=_("Een jongere maakte bezwaar."), url=capacity_page),
            _DECIDES_AGAIN,
        ),
    ),
    "capacity.ended": Code(
        "One of the two holds that the youth can decide again.",
        _("vond dat een jongere weer zelf kan beslissen"),
        tell=(Tell(to=the_youth, words=_("U beslist weer zelf."), url=capacity_page), _DECIDES_AGAIN),
    ),
    "family.child_agreed": Code(
        "The child, 12 or older, told the coach that those who raise may see along.",
        _("schreef op dat het kind het goed vindt dat u meekijkt"),
    ),
    "family.said_yes": Code(
        "Somebody of the family said yes to somebody seeing along.", _("zei ja tegen meekijken")
    ),
    "family.said_no": Code(
        "Somebody of the family said no to somebody seeing along.",
        _("zei nee tegen meekijken"),
        tell=(Tell(to=the_coach, words=_("Een gezin deelt nu minder."), url=family_page),),
    ),
    "family.reads_child_alone": Code(
        "Somebody who is here by the family's yes reads no more than what is about the child.",
        _("liet iemand alleen nog lezen wat over het kind gaat"),
        tell=(Tell(to=the_coach, words=_("Een gezin deelt nu minder."), url=family_page),),
    ),
    "family.reads_all": Code(
        "Somebody who is here by the family's yes reads all that is shared.",
        _("liet iemand weer lezen wat we samen weten"),
    ),
    "family.reads_less": Code(
        "Somebody who is here by the family's yes does not read a sort of pieces any more.",
        _("liet iemand minder lezen"),
        tell=(Tell(to=the_coach, words=_("Een gezin deelt nu minder."), url=family_page),),
    ),
    "family.reads_more": Code(
        "Somebody who is here by the family's yes reads a sort of pieces again.", _("liet iemand meer lezen")
    ),
    "family.who_may_seen": Code("Somebody of the family read who may see what.", _("las wie wat mag zien")),
    "family.confidant_invited": Code(
        "Who decides invited an adult whom the family trusts to see along.",
        _("nodigde een vertrouwde volwassene uit"),
        tell=(Tell(to=the_coach, words=_("Een gezin vroeg iemand erbij."), url=family_page),),
    ),
    "family.gp_invited": Code(
        "Who decides invited the family's own GP.",
        _("nodigde de huisarts uit"),
        tell=(Tell(to=the_coach, words=_("Een gezin vroeg de huisarts erbij."), url=family_page),),
    ),
    "gp.asked": Code(
        "A GP asked to be invited by the family of a child; kept too where no child is called so.",
        _("vroeg of die als huisarts mee mag doen"),
        tell=(Tell(to=the_family, words=_("Een huisarts vraagt of die mee mag doen."), url=who_may_page),),
    ),
    "family.gp_agreed": Code(
        "Who decides said yes to a GP who asked.",
        _("vond het goed dat de huisarts meedoet"),
        tell=(Tell(to=the_coach, words=_("Een gezin vroeg de huisarts erbij."), url=family_page),),
    ),
    "family.gp_not_agreed": Code(
        "Who decides said no to a GP who asked; the GP hears nothing of it.",
        _("wilde niet dat de huisarts meedoet"),
    ),
    "family.gp_joined": Code(
        "The family's own GP was let in, by a code or by a yes, and can write from now on.",
        _("doet mee als huisarts"),
        tell=(Tell(to=who_stands_in, words=_("U doet mee als huisarts van een gezin."), url=gp_page),),
    ),
    "family.gp_may_share": Code(
        "The child from 12, or who decides until then, lets the GP share what it writes.",
        _("vond het goed dat de huisarts deelt wat die schrijft"),
        tell=(Tell(to=who_stands_in, words=_("U mag nu delen wat u schrijft."), url=gp_page),),
    ),
    "family.gp_may_not_share": Code(
        "The GP may not share what it writes; what was shared is taken back.",
        _("wilde niet dat de huisarts deelt wat die schrijft"),
        tell=(Tell(to=who_stands_in, words=_("U mag niet meer delen wat u schrijft."), url=gp_page),),
    ),
    "gp.seen": Code("Somebody read what the GP wrote or shared.", _("las wat van de huisarts is")),
    "gp.note_written": Code("The GP wrote something that nobody else reads.", _("schreef iets als huisarts")),
    "gp.note_shared": Code(
        "The GP shared a piece with the family and who helps.",
        _("deelde iets als huisarts"),
        tell=(
            Tell(to=the_family, words=_("De huisarts deelde iets."), url=gp_page),
            Tell(to=the_coach, words=_("De huisarts deelde iets."), url=gp_page),
        ),
    ),
    "gp.note_kept": Code("What the GP shared is shared no more.", _("nam terug wat de huisarts deelde")),
    "own_note.seen": Code("Somebody read the own notes.", _("las de eigen aantekeningen")),
    "own_note.written": Code("Somebody wrote a note for the own work.", _("schreef iets voor zichzelf op")),
    "own_note.thrown_away": Code(
        "Who wrote a note for the own work destroyed it.", _("gooide een eigen aantekening weg")
    ),
    "own_note.destroyed": Code(
        "A note for the own work was destroyed: 90 days had passed, or its writer does not help any more.",
        _("vernietigde een eigen aantekening"),
    ),
    "family.invitation_opened": Code(
        "Who was invited opened the page on which the code is typed.",
        _("opende de uitnodiging om mee te kijken"),
    ),
    "family.invitation_tried": Code(
        "Who was invited typed a code, right or wrong.", _("vulde de code van de uitnodiging in")
    ),
    "family.invitation_accepted": Code(
        "Who was invited typed the right code, and sees along from now on.",
        _("doet mee, omdat u dat vroeg"),
        tell=(Tell(to=who_invited, words=_("Iemand die u uitnodigde doet nu mee."), url=who_may_page),),
    ),
    "family.invitation_spent": Code(
        "A wrong code was typed five times: the invitation is over, and who invited is told.",
        _("vulde vijf keer een code in die niet klopt, en komt er niet in"),
        tell=(
            Tell(
                to=who_invited,
                words=_("Een uitnodiging geldt niet meer. Kijk of het adres klopt, en nodig opnieuw uit."),
                url=who_may_page,
            ),
        ),
    ),
    "family.invitation_taken_back": Code(
        "Who decides took an invitation back before it was accepted.", _("nam een uitnodiging terug")
    ),
    "family.confidant_left": Code(
        "The adult whom the family trusts does not see along any more.",
        _("nam afscheid van een vertrouwde volwassene"),
    ),
    "family.gp_left": Code(
        "The family's own GP is not involved any more.", _("nam afscheid van de huisarts")
    ),
    "family.shut_out": Code(
        "Who decides keeps somebody out of the record.",
        _("sloot iemand buiten"),
        tell=(Tell(to=the_coach, words=_("Een gezin deelt nu minder."), url=family_page),),
    ),
    "family.let_in_again": Code(
        "Somebody is not kept out of the record any more.", _("liet iemand weer meekijken")
    ),
    "family.coach_stays": Code(
        "The coach goes along with the family a year longer.",
        _("blijft een jaar langer meekijken"),
        tell=(Tell(to=the_family, words=_("Uw gezinscoach kijkt langer mee."), url=who_may_page),),
    ),
    "family.supervisor_joined": Code(
        "A family supervisor joined by a measure of the court, or a newer ruling took its place.",
        _("schreef op dat een gezinsvoogd meedoet, omdat de rechter dat besloot"),
        tell=(
            Tell(
                to=the_family,
                words=_("Er doet een gezinsvoogd mee, omdat de rechter dat besloot."),
                url=who_may_page,
            ),
            Tell(to=who_stands_in, words=_("U doet mee als gezinsvoogd bij een gezin."), url=family_page),
        ),
    ),
    "family.supervisor_unruled": Code(
        "No ruling stands by which somebody supervises: unless it is written down, that ends in two weeks.",
        _("meldde dat niemand opschreef door welke uitspraak een gezinsvoogd meekijkt"),
        tell=(
            Tell(
                to=the_coach,
                words=_(
                    "Schrijf de uitspraak van de gezinsvoogd op. Anders stopt het meekijken over twee weken."
                ),
                url=family_page,
            ),
            Tell(
                to=who_leads,
                words=_("Van een gezinsvoogd ontbreekt de uitspraak. Vraag de gezinscoaches of die er is."),
                url=_workers_page,
            ),
            Tell(
                to=the_family,
                words=_(
                    "Van een gezinsvoogd staat hier geen uitspraak. Komt die niet, dan stopt het meekijken."
                ),
                url=who_may_page,
            ),
        ),
    ),
    "family.probation_joined": Code(
        "Somebody joined to carry out juvenile probation, or a newer ruling took its place.",
        _("schreef op dat een jeugdreclasseerder meedoet, omdat dat is opgelegd"),
        tell=(
            Tell(to=the_family_let_in, words=_("Er doet een jeugdreclasseerder mee."), url=who_may_page),
            Tell(
                to=who_stands_in, words=_("U doet mee als jeugdreclasseerder bij een gezin."), url=family_page
            ),
        ),
    ),
    "family.probation_left": Code(
        "Somebody does not carry out the juvenile probation any more.",
        _("schreef op dat een jeugdreclasseerder niet meer meedoet"),
        tell=(
            Tell(
                to=the_family_let_in, words=_("De jeugdreclasseerder doet niet meer mee."), url=who_may_page
            ),
        ),
    ),
    "family.supervisor_left": Code(
        "A family supervisor is not involved any more.",
        _("schreef op dat een gezinsvoogd niet meer meedoet"),
        tell=(Tell(to=the_family, words=_("De gezinsvoogd doet niet meer mee."), url=who_may_page),),
    ),
    **authority.CODES,
    **deaths.CODES,
    "family.yes_ends": Code(
        "The year of a yes to somebody seeing along ends within a month; the family can say it anew.",
        _("meldde dat een ja bijna een jaar oud is"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand kijkt met u mee en dat stopt bijna. Zegt u nog een jaar ja?"),
                url=who_may_page,
            ),
            Tell(
                to=who_stands_in,
                words=_("Uw meekijken bij een gezin stopt bijna. Het gezin kan nog een jaar ja zeggen."),
                url=family_page,
            ),
        ),
    ),
    "family.deputy_named": Code(
        "Somebody who works with the family named a colleague to stand in for a while.",
        _("vroeg een collega om te vervangen"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand die u helpt is een tijd weg. U ziet wie er zolang meekijkt."),
                url=who_may_page,
            ),
            Tell(to=who_stands_in, words=_("Een collega vraagt u te vervangen."), url=deputies_page),
        ),
    ),
    "family.deputy_ended": Code(
        "A colleague does not stand in any more.",
        _("stopte met een vervanging"),
        tell=(
            Tell(to=the_family, words=_("De vervanging is voorbij."), url=who_may_page),
            Tell(to=who_stands_in, words=_("Een vervanging is voorbij."), url=deputies_page),
        ),
    ),
    "family.trainee_asked": Code(
        "A family is asked whether somebody in training may see along beside who works with it.",
        _("vroeg of iemand in opleiding mag meekijken"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand in opleiding wil graag meekijken. U zegt of dat mag."),
                url=who_may_page,
            ),
            Tell(to=who_stands_in, words=_("Een gezin is gevraagd of u mag meekijken."), url=trainees_page),
        ),
    ),
    "family.trainee_ended": Code(
        "Somebody in training does not see along any more.",
        _("stopte met het meekijken van iemand in opleiding"),
        tell=(
            Tell(to=the_family, words=_("Iemand in opleiding kijkt niet meer mee."), url=who_may_page),
            Tell(to=who_stands_in, words=_("Het meekijken is voorbij."), url=trainees_page),
        ),
    ),
    "log.question_asked": Code(
        "Somebody of a family asked the privacy officer about a line of the log.",
        _("vroeg iets over het logboek"),
        tell=(Tell(to=the_officers, words=_("Een gezin vraagt iets over het logboek."), url=questions_page),),
    ),
    "log.question_answered": Code(
        "The privacy officer answered a question about the log.",
        _("gaf antwoord op een vraag over het logboek"),
        tell=(Tell(to=who_asked, words=_("Er is antwoord op uw vraag over wie er keek."), url=own_door),),
    ),
    **apart.CODES,
    **homes.CODES,
    "family.way_in_taken_back": Code(
        "A way in had gone to the wrong person: nothing of the family is there for that account any more.",
        _("nam een ingang terug die bij de verkeerde terechtkwam"),
        tell=(
            Tell(
                to=the_family,
                words=_("Een uitnodiging kwam bij de verkeerde terecht. Die ingang is dicht."),
                url=who_may_page,
            ),
            Tell(
                to=lambda entry: the_officers(entry) if entry.facts.get("looked") else (),
                words=_(
                    "Met een ingang van de verkeerde is in een dossier gekeken. Het kan een datalek zijn."
                ),
                url=lambda _entry: reverse("breaches"),
            ),
        ),
    ),
    "family.parent_invited": Code("A parent got an own way in.", _("nodigde een ouder of verzorger uit")),
    "family.youth_address_given": Code(
        "One of the family gave an address for a youth; no mail goes there before the coach confirms it.",
        _("gaf een e-mailadres op voor uw kind"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een ouder gaf een e-mailadres voor een jeugdige. Spreek de jeugdige eerst zelf."),
                url=lambda entry: reverse("way_in", args=[entry.object_id]),
            ),
        ),
    ),
    "family.youth_invited": Code(
        "A youth from 12 got an own way in, at an address that the coach heard from the youth.",
        _("gaf uw kind een eigen ingang"),
        tell=(Tell(to=the_family, words=_("U kunt nu zelf op de pagina van uw gezin."), url=family_page),),
    ),
    "family.person_joined": Code(
        "A coach found that two persons on record are the same; each family hears so, without the other.",
        _("schreef op dat iemand van uw gezin ook ergens anders in Hendig staat"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand van uw gezin staat dubbel in Hendig. Wie mag meekijken verandert niet."),
                url=family_page,
            ),
        ),
    ),
    "family.person_parted": Code(
        "Two persons on record turned out not to be the same.",
        _("schreef op dat iemand van uw gezin toch niet dubbel in Hendig staat"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand van uw gezin staat toch niet dubbel in Hendig."),
                url=family_page,
            ),
        ),
    ),
    "family.tie_added": Code("Somebody was drawn in the own circle.", _("zette iemand in uw kring")),
    "family.tie_removed": Code("Somebody was taken out of the own circle.", _("haalde iemand uit uw kring")),
    "family.tie_restored": Code(
        "Somebody was put back in the own circle.", _("zette iemand terug in uw kring")
    ),
}
