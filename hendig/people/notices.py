from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "municipality.opened": Code("A municipality was set up.", _("richtte de gemeente in")),
    "settings.changed": Code("A setting of the municipality changed.", _("veranderde een instelling")),
    "partner.joined": Code("A partner joined the network.", _("voegde een partner toe")),
    "role.given": Code("Somebody got a role from a day on.", _("gaf iemand een rol")),
    "role.ended": Code("Somebody's role ended; the open sessions with it.", _("beëindigde een rol")),
    "professional.joined": Code(
        "A professional can be asked from now on.", _("voegde een beroepskracht toe")
    ),
    "sign_in.asked": Code("A one-time code was sent.", _("vroeg een code om aan te melden")),
    "sign_in.tried": Code("A one-time code was tried, right or wrong.", _("meldde zich aan")),
    "language.chosen": Code("Somebody chose a language.", _("koos een taal")),
    "address.chosen": Code("Somebody chose to be called je or u.", _("koos hoe wij u aanspreken")),
    "notice.told": Code("People were told of something.", _("kreeg bericht")),
    "notice.read": Code("Somebody opened a notice.", _("las een bericht")),
    "letter.claimed": Code("The worker is about to send a mail.", _("verstuurt een mail")),
    "letter.released": Code(
        "The mail server did not take a mail; it is tried again.", _("probeert een mail later")
    ),
    "term.over": Code(
        "Mails, notices or codes went, because their term was over.", _("ruimde oude berichten op")
    ),
    "letter.sent": Code("The mail server took a mail.", _("verstuurde een mail")),
}
