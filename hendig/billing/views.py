from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.billing import actions, forms, queries
from hendig.billing.adapters.ubl import write
from hendig.billing.adapters.ubl.names import Profile
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


@require_GET
def invoice(request: Request, invoice_id: UUID) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at)
    why_no_einvoice = queries.why_no_einvoice(page)
    return render(request, "billing/invoice.html", {"page": page, "why_no_einvoice": why_no_einvoice})


@require_GET
def invoice_pdf(request: Request, invoice_id: UUID) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at)
    response = HttpResponse(
        pdf("billing/invoice.typ", queries.on_paper(page)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="factuur-{page.invoice.number}.pdf"'
    return response


@require_GET
def invoice_ubl(request: Request, invoice_id: UUID) -> HttpResponse:
    page = queries.invoice(request.actor, invoice_id, at=request.at)
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
    }
    return render(request, "billing/pay.html", page)


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
