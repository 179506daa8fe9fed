"""The page of figures: translate in, one call, translate out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from hendig.audit.forms import Request
from hendig.learning import queries


def learning(request: Request) -> HttpResponse:
    figures = queries.figures(request.actor, at=request.at)
    return render(request, "learning/learning.html", {"figures": figures})
