from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.billing import actions, forms, queries
from hendig.billing.adapters import sheet
from hendig.billing.adapters.inbox import Sent
from hendig.billing.adapters.ubl import write
from hendig.billing.adapters.ubl.names import Profile
from hendig.kernel.periods import local_day
from hendig.people.adapters.paper import pdf


@require_GET
def hours(request: Request) -> HttpResponse:
    which = forms.WhichMonth(request.GET)
    which.is_valid()
    page = queries.month(request.actor, which.cleaned_data.get("partner"), which.month, at=request.at)
    return render(request, "billing/hours.html", {"page": page})


@require_POST
def send(request: Request) -> HttpResponse:
    form = forms.SendForm.of(request)
    invoice = form.done(lambda: actions.send_invoice(actor=request.actor, at=request.at, **form.cleaned_data))
    if invoice:
        return redirect("invoice", invoice.pk)
    which = form.cleaned_data
    page = queries.month(request.actor, which.get("partner_id"), which.get("month"), at=request.at)
    return render(request, "billing/hours.html", {"page": page, "form": form}, status=form.http_status)


def own_invoice(request: Request) -> HttpResponse:
    form = forms.OwnInvoiceForm.of(request)
    booked = form.done(
        lambda: actions.receive_invoice(actor=request.actor, sent=form.cleaned_data["file"], at=request.at)
    )
    if booked:
        messages.success(request, _("Uw factuur is ontvangen en nagekeken."))
        return redirect("invoice", booked.pk)
    page = queries.own_invoices(request.actor, at=request.at)
    wrong = form.cleaned_data["file"].wrong if form.is_bound and "file" in form.cleaned_data else ()
    shown = {"page": page, "form": form, "sheet_form": forms.SheetForm(offices=page.offices), "wrong": wrong}
    return render(request, "billing/own_invoice.html", shown, status=form.http_status)


@require_POST
def own_sheet(request: Request) -> HttpResponse:
    page = queries.own_invoices(request.actor, at=request.at)
    form = forms.SheetForm.of(request, offices=page.offices)
    sent = _sheet(request, form) if form.is_valid() else None
    booked = sent and form.done(
        lambda: actions.receive_invoice(actor=request.actor, sent=sent, at=request.at)
    )
    if booked:
        messages.success(request, _("Uw factuur is ontvangen en nagekeken."))
        return redirect("invoice", booked.pk)
    shown = {
        "page": page,
        "form": forms.OwnInvoiceForm(),
        "sheet_form": form,
        "sheet_wrong": sent.wrong if sent else (),
    }
    return render(request, "billing/own_invoice.html", shown, status=form.http_status)


def _sheet(request: Request, form: forms.SheetForm) -> Sent:
    said = form.cleaned_data
    head = queries.sheet_head(request.actor, said["partner_id"], said["number"], at=request.at)
    return sheet.sent(said["file"].content, head)


@require_GET
def sheet_template(request: Request) -> HttpResponse:
    which = forms.WhichMonth(request.GET)
    which.is_valid()
    return _file(queries.sheet_template(request.actor, which.cleaned_data.get("partner"), at=request.at))


@require_GET
def turned_away(request: Request, turned_id: UUID) -> HttpResponse:
    page = queries.turned_away(request.actor, turned_id, at=request.at)
    return render(request, "billing/turned_away.html", {"page": page})


@require_GET
def sheet_workbook(request: Request) -> HttpResponse:
    which = forms.WhichMonth(request.GET)
    which.is_valid()
    partner_id = which.cleaned_data.get("partner")
    return _file(queries.sheet_template(request.actor, partner_id, at=request.at, as_workbook=True))


@require_GET
def original(request: Request, invoice_id: UUID) -> HttpResponse:
    return _file(queries.original(request.actor, invoice_id, at=request.at))


@require_GET
def invoice_response(request: Request, invoice_id: UUID) -> HttpResponse:
    return _file(queries.response(request.actor, invoice_id, at=request.at))


def _file(file: queries.SentFile) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_GET
def invoice(request: Request, invoice_id: UUID) -> HttpResponse:
    return _invoice(request, invoice_id)


def _invoice(
    request: Request, invoice_id: UUID, line_id: UUID | None = None, form: forms.AnswerLineForm | None = None
) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at, hours=True)
    answers = [
        (line, form if form and line.id == line_id else forms.AnswerLineForm(initial={"words": line.answer}))
        for line in page.asked
    ]
    shown = {"page": page, "why_no_einvoice": queries.why_no_einvoice(page), "answers": answers}
    status = form.http_status if form else 200
    return render(request, "billing/invoice.html", shown, status=status)


@require_POST
def answer_line(request: Request, line_id: UUID) -> HttpResponse:
    invoice_id = queries.invoice_of_line(request.actor, line_id, at=request.at)
    form = forms.AnswerLineForm.of(request)
    answered = form.done(
        lambda: actions.answer_line(actor=request.actor, line_id=line_id, at=request.at, **form.cleaned_data)
    )
    if answered:
        messages.success(request, _("Dank u. De gemeente leest uw antwoord."))
        return redirect("invoice", invoice_id)
    return _invoice(request, invoice_id, line_id, form)


@require_POST
def credit_line(request: Request, line_id: UUID) -> HttpResponse:
    note = actions.credit_line(actor=request.actor, line_id=line_id, at=request.at)
    messages.success(request, _("De creditnota is gemaakt. De uren wachten weer."))
    return redirect("invoice", note.pk)


@require_POST
def accept_line(request: Request, line_id: UUID) -> HttpResponse:
    line = actions.accept_line(actor=request.actor, line_id=line_id, at=request.at)
    return redirect("invoice", line.invoice_id)


@require_GET
def invoice_pdf(request: Request, invoice_id: UUID) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at, takes=True)
    response = HttpResponse(
        pdf("billing/invoice.typ", queries.on_paper(page)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="factuur-{page.invoice.number}.pdf"'
    return response


@require_GET
def invoice_ubl(request: Request, invoice_id: UUID) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at, takes=True)
    xml = write.ubl(queries.as_document(page), Profile.NLCIUS)
    response = HttpResponse(xml, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="factuur-{page.invoice.number}.xml"'
    return response


@require_GET
def pay(request: Request) -> HttpResponse:
    page = {
        "to_pay": queries.to_pay(request.actor, at=request.at),
        "payments": queries.payments(request.actor),
        "months": queries.months(request.actor, at=request.at),
        "account_changes": queries.account_changes(request.actor),
    }
    return render(request, "billing/pay.html", page)


@require_GET
def still_open(request: Request) -> HttpResponse:
    form = forms.OpenForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    which, partner, after = asked.get("soort"), asked.get("partner"), asked.get("na")
    shown = queries.still_open(request.actor, which, at=request.at, partner_id=partner, after=after)
    here = urlencode({"soort": shown.which.value} | ({"partner": partner} if partner else {}))
    return render(request, "billing/open.html", {"page": shown, "after": after, "here": here})


@require_POST
def pay_all(request: Request) -> HttpResponse:
    actions.pay(actor=request.actor, at=request.at)
    return redirect("pay")


@require_POST
def check_again(request: Request, invoice_id: UUID) -> HttpResponse:
    actions.check_again(actor=request.actor, invoice_id=invoice_id, at=request.at)
    return redirect("pay")


@require_GET
def payment_file(request: Request, batch_id: UUID) -> HttpResponse:
    file = queries.payment_file(request.actor, batch_id)
    response = HttpResponse(file.xml, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_GET
def agreements(request: Request) -> HttpResponse:
    page = queries.agreements(request.actor, at=request.at)
    return render(request, "billing/agreements.html", {"page": page})


def new_agreement(request: Request) -> HttpResponse:
    partners = queries.partners_to_agree_with(request.actor)
    form = forms.AgreementForm.of(
        request, partners=partners, initial={"partner_id": request.GET.get("partner")}
    )
    made = form.done(lambda: actions.make_agreement(actor=request.actor, at=request.at, **form.cleaned_data))
    if made:
        messages.success(request, _("De afspraak staat. Zet er nu bij wat een uur of een maand kost."))
        return redirect("agreement", made.pk)
    return render(request, "billing/new_agreement.html", {"form": form}, status=form.http_status)


@require_GET
def agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    return _agreement(request, agreement_id)


@require_POST
def change_tariff(request: Request, agreement_id: UUID) -> HttpResponse:
    codes = queries.agreement(request.actor, agreement_id, at=request.at).to_choose
    form = forms.TariffForm.of(request, codes=codes)
    done = form.done(
        lambda: actions.change_tariff(
            actor=request.actor, agreement_id=agreement_id, at=request.at, **form.cleaned_data
        )
    )
    if done:
        messages.success(request, _("Het tarief staat erbij."))
        return redirect("agreement", agreement_id)
    return _agreement(request, agreement_id, form=form)


@require_POST
def end_agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    form = forms.EndAgreementForm.of(request)
    done = form.done(
        lambda: actions.end_agreement(
            actor=request.actor, agreement_id=agreement_id, at=request.at, **form.cleaned_data
        )
    )
    if done:
        messages.success(request, _("De afspraak heeft een laatste dag."))
        return redirect("agreement", agreement_id)
    return _agreement(request, agreement_id, end_form=form)


@require_POST
def change_amount(request: Request, agreement_id: UUID) -> HttpResponse:
    form = forms.MonthlyAmountForm.of(request)
    done = form.done(
        lambda: actions.change_amount(
            actor=request.actor, agreement_id=agreement_id, at=request.at, **form.cleaned_data
        )
    )
    if done:
        messages.success(request, _("Het bedrag staat erbij."))
        return redirect("agreement", agreement_id)
    return _agreement(request, agreement_id, amount_form=form)


def _agreement(
    request: Request,
    agreement_id: UUID,
    form: forms.TariffForm | None = None,
    end_form: forms.EndAgreementForm | None = None,
    amount_form: forms.MonthlyAmountForm | None = None,
) -> HttpResponse:
    page = queries.agreement(request.actor, agreement_id, at=request.at)
    status = (form or end_form or amount_form or forms.EndAgreementForm()).http_status
    shown = {
        "page": page,
        "form": form or forms.TariffForm(codes=page.to_choose),
        "end_form": end_form or forms.EndAgreementForm(),
        "amount_form": amount_form or forms.MonthlyAmountForm(),
    }
    return render(request, "billing/agreement.html", shown, status=status)


@require_GET
def service_codes(request: Request) -> HttpResponse:
    return render(request, "billing/codes.html", {"codes": queries.codes(request.actor)})


def service_code(request: Request, service_code_id: UUID) -> HttpResponse:
    page = queries.code(request.actor, service_code_id)
    form = forms.CodeForm.of(request, initial=asdict(page.now) | {"from_on": local_day(request.at)})
    changed = form.done(
        lambda: actions.change_code(
            actor=request.actor, service_code_id=service_code_id, at=request.at, **form.cleaned_data
        )
    )
    if changed:
        messages.success(request, _("De code is bewaard."))
        return redirect("service_codes")
    shown = {"code": page.now, "former": page.former, "form": form}
    return render(request, "billing/code.html", shown, status=form.http_status)


def account(request: Request, partner_id: UUID) -> HttpResponse:
    page = queries.account_page(request.actor, partner_id, at=request.at)
    form = forms.AccountForm.of(request)
    asked = form.done(
        lambda: actions.ask_account(
            actor=request.actor, partner_id=partner_id, at=request.at, **form.cleaned_data
        )
    )
    if asked:
        messages.success(request, _("Uw vraag ligt bij de gemeente."))
        return redirect("account", partner_id)
    return render(request, "billing/account.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def agree_account(request: Request, change_id: UUID) -> HttpResponse:
    actions.agree_account(actor=request.actor, change_id=change_id, at=request.at)
    return redirect("pay")


@require_POST
def stop_account(request: Request, change_id: UUID) -> HttpResponse:
    stopped = actions.stop_account(actor=request.actor, change_id=change_id, at=request.at)
    messages.success(request, _("De wijziging is tegengehouden. Het oude rekeningnummer blijft staan."))
    if stopped.partner_id in request.actor.offices:
        return redirect("account", stopped.partner_id)
    return redirect("pay")


@require_GET
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    page = queries.batch(request.actor, batch_id, at=request.at)
    return render(request, "billing/batch.html", {"page": page})


@require_POST
def confirm_paid(request: Request, batch_id: UUID) -> HttpResponse:
    actions.confirm_paid(actor=request.actor, batch_id=batch_id, at=request.at)
    messages.success(request, _("Deze betaling staat als betaald."))
    return redirect("batch", batch_id)


def bank(request: Request) -> HttpResponse:
    form = forms.BankFileForm.of(request)
    read = form.done(lambda: actions.read_bank_file(actor=request.actor, at=request.at, **form.cleaned_data))
    if read:
        messages.success(request, _("Het bestand is gelezen."))
        return redirect("bank")
    page = {"form": form, "files": queries.bank_files(request.actor)}
    return render(request, "billing/bank.html", page, status=form.http_status)


@require_GET
def paid(request: Request) -> HttpResponse:
    form = forms.PaidForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"number": "", "before": None}
    page = {"form": form, "page": queries.paid(request.actor, **asked), **asked}
    return render(request, "billing/paid.html", page)


@require_GET
def chain(request: Request, payment_id: UUID) -> HttpResponse:
    page = queries.chain(request.actor, payment_id, at=request.at)
    lines = [(line, queries.rule_of(line)) for line in page.lines]
    return render(request, "billing/chain.html", {"page": page, "lines": lines})


@require_GET
def chain_csv(request: Request, payment_id: UUID) -> HttpResponse:
    return _chain_file(request, payment_id, "csv")


@require_GET
def chain_json(request: Request, payment_id: UUID) -> HttpResponse:
    return _chain_file(request, payment_id, "json")


def _chain_file(request: Request, payment_id: UUID, kind: str) -> HttpResponse:
    page = queries.chain(request.actor, payment_id, at=request.at, takes=True)
    return _taken_along(queries.chain_file(page, kind))


def _taken_along(file: queries.TableFile) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.kind)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_GET
def journals(request: Request) -> HttpResponse:
    return render(request, "billing/journals.html", {"page": queries.journals(request.actor, at=request.at)})


@require_POST
def make_journal(request: Request) -> HttpResponse:
    form = forms.JournalForm.of(request)
    if form.done(lambda: actions.make_journal(actor=request.actor, at=request.at, **form.cleaned_data)):
        return redirect("journals")
    page = {"page": queries.journals(request.actor, at=request.at), "form": form}
    return render(request, "billing/journals.html", page, status=form.http_status)


@require_GET
def journal_csv(request: Request, journal_id: UUID) -> HttpResponse:
    return _taken_along(queries.journal_file(request.actor, journal_id, "csv"))


@require_GET
def journal_json(request: Request, journal_id: UUID) -> HttpResponse:
    return _taken_along(queries.journal_file(request.actor, journal_id, "json"))


@require_GET
def pots(request: Request) -> HttpResponse:
    which = forms.WhichYear(request.GET)
    which.is_valid()
    page = queries.pots(request.actor, which.cleaned_data.get("jaar"), at=request.at)
    return render(request, "billing/pots.html", {"page": page})


def new_pot(request: Request) -> HttpResponse:
    form = forms.PotForm.of(request, initial={"year": local_day(request.at).year})
    made = form.done(lambda: actions.make_pot(actor=request.actor, at=request.at, **form.cleaned_data))
    if made:
        messages.success(request, _("De pot staat erbij."))
        return redirect("pot", made.pk)
    return render(request, "billing/new_pot.html", {"form": form}, status=form.http_status)


def pot(request: Request, pot_id: UUID) -> HttpResponse:
    page = queries.pot(request.actor, pot_id, at=request.at)
    form = forms.PotAmountForm.of(request)
    put_in = form.done(
        lambda: actions.set_amount(actor=request.actor, pot_id=pot_id, at=request.at, **form.cleaned_data)
    )
    if put_in:
        messages.success(request, _("Het bedrag staat erbij."))
        return redirect("pot", pot_id)
    return render(request, "billing/pot.html", {"pot": page, "form": form}, status=form.http_status)


@require_POST
def stop_pot(request: Request, pot_id: UUID) -> HttpResponse:
    actions.stop_pot(actor=request.actor, pot_id=pot_id, at=request.at)
    messages.success(request, _("De pot is weg. Wat erin zat, blijft in het logboek staan."))
    return redirect("pots")
