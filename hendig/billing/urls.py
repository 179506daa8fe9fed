from hendig.billing import views
from hendig.people.rules import Permission
from hendig.people.urls import route

AGREE = Permission.KEEP_AGREEMENTS
urlpatterns = [
    route("uren/", views.hours, name="hours", needs=Permission.SEND_INVOICE),
    route("uren/eigen/", views.own_invoice, name="own_invoice", needs=Permission.SEND_INVOICE),
    route("uren/eigen/rekenblad/", views.own_sheet, name="own_sheet", needs=Permission.SEND_INVOICE),
    route(
        "uren/eigen/voorbeeld.csv",
        views.sheet_template,
        name="sheet_template",
        needs=Permission.SEND_INVOICE,
    ),
    route(
        "uren/eigen/voorbeeld.xlsx",
        views.sheet_workbook,
        name="sheet_workbook",
        needs=Permission.SEND_INVOICE,
    ),
    route(
        "uren/geweigerd/<uuid:turned_id>/",
        views.turned_away,
        name="turned_away",
        needs=Permission.SEE_INVOICE,
    ),
    route(
        "uren/<uuid:invoice_id>/origineel.xml",
        views.original,
        name="original",
        needs=Permission.SEE_INVOICE,
    ),
    route(
        "uren/<uuid:invoice_id>/antwoord.xml",
        views.invoice_response,
        name="invoice_response",
        needs=Permission.SEE_INVOICE,
    ),
    route("uren/versturen/", views.send, name="send_invoice", needs=Permission.SEND_INVOICE),
    route("uren/<uuid:invoice_id>/", views.invoice, name="invoice", needs=Permission.SEE_INVOICE),
    route(
        "uren/<uuid:invoice_id>/factuur.pdf",
        views.invoice_pdf,
        name="invoice_pdf",
        needs=Permission.SEE_INVOICE,
    ),
    route(
        "uren/<uuid:invoice_id>/factuur.xml",
        views.invoice_ubl,
        name="invoice_ubl",
        needs=Permission.SEE_INVOICE,
    ),
    route(
        "uren/regel/<uuid:line_id>/antwoord/",
        views.answer_line,
        name="answer_line",
        needs=Permission.SEND_INVOICE,
    ),
    route(
        "uren/regel/<uuid:line_id>/crediteren/",
        views.credit_line,
        name="credit_line",
        needs=Permission.SEND_INVOICE,
    ),
    route(
        "betalen/regel/<uuid:line_id>/akkoord/", views.accept_line, name="accept_line", needs=Permission.PAY
    ),
    route("uren/rekening/<uuid:partner_id>/", views.account, name="account", needs=Permission.SEND_INVOICE),
    route(
        "uren/rekening/<uuid:change_id>/stop/",
        views.stop_account,
        name="stop_account",
        needs=Permission.STOP_ACCOUNT,
    ),
    route(
        "betalen/rekening/<uuid:change_id>/akkoord/",
        views.agree_account,
        name="agree_account",
        needs=Permission.PAY,
    ),
    route("betalen/", views.pay, name="pay", needs=Permission.PAY),
    route("betalen/open/", views.still_open, name="still_open", needs=Permission.PAY),
    route("betalen/alles/", views.pay_all, name="pay_all", needs=Permission.PAY),
    route(
        "betalen/<uuid:invoice_id>/opnieuw/", views.check_again, name="check_invoice", needs=Permission.PAY
    ),
    route("betalen/afspraken/", views.agreements, name="agreements", needs=AGREE),
    route("betalen/afspraken/nieuw/", views.new_agreement, name="new_agreement", needs=AGREE),
    route("betalen/afspraken/<uuid:agreement_id>/", views.agreement, name="agreement", needs=AGREE),
    route(
        "betalen/afspraken/<uuid:agreement_id>/tarief/",
        views.change_tariff,
        name="change_tariff",
        needs=AGREE,
    ),
    route(
        "betalen/afspraken/<uuid:agreement_id>/einde/", views.end_agreement, name="end_agreement", needs=AGREE
    ),
    route(
        "betalen/afspraken/<uuid:agreement_id>/maandbedrag/",
        views.change_amount,
        name="change_amount",
        needs=AGREE,
    ),
    route("betalen/codes/", views.service_codes, name="service_codes", needs=AGREE),
    route("betalen/codes/<uuid:service_code_id>/", views.service_code, name="service_code", needs=AGREE),
    route("betalen/bank/", views.bank, name="bank", needs=Permission.PAY),
    route("betalen/betaling/<uuid:payment_id>/", views.chain, name="chain", needs=Permission.FOLLOW_PAYMENT),
    route(
        "betalen/betaling/<uuid:payment_id>/keten.csv",
        views.chain_csv,
        name="chain_csv",
        needs=Permission.FOLLOW_PAYMENT,
    ),
    route(
        "betalen/betaling/<uuid:payment_id>/keten.json",
        views.chain_json,
        name="chain_json",
        needs=Permission.FOLLOW_PAYMENT,
    ),
    route("verantwoorden/accountant/betalingen/", views.paid, name="paid", needs=Permission.FOLLOW_PAYMENT),
    route("betalen/journaal/", views.journals, name="journals", needs=Permission.SEE_JOURNAL),
    route("betalen/journaal/maak/", views.make_journal, name="make_journal", needs=Permission.KEEP_JOURNAL),
    route(
        "betalen/journaal/<uuid:journal_id>/journaal.csv",
        views.journal_csv,
        name="journal_csv",
        needs=Permission.SEE_JOURNAL,
    ),
    route(
        "betalen/journaal/<uuid:journal_id>/journaal.json",
        views.journal_json,
        name="journal_json",
        needs=Permission.SEE_JOURNAL,
    ),
    route("betalen/<uuid:batch_id>/", views.batch, name="batch", needs=Permission.PAY),
    route("betalen/<uuid:batch_id>/betaald/", views.confirm_paid, name="confirm_paid", needs=Permission.PAY),
    route("betalen/<uuid:batch_id>/sepa.xml", views.payment_file, name="payment_file", needs=Permission.PAY),
    route("potten/", views.pots, name="pots", needs=Permission.SEE_POTS),
    route("potten/nieuw/", views.new_pot, name="new_pot", needs=Permission.KEEP_POTS),
    route("potten/<uuid:pot_id>/", views.pot, name="pot", needs=Permission.KEEP_POTS),
    route("potten/<uuid:pot_id>/weg/", views.stop_pot, name="stop_pot", needs=Permission.KEEP_POTS),
]
