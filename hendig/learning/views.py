"""The page of figures: translate in, one call, translate out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from hendig.audit.forms import Request
from hendig.kernel.periods import local_day
from hendig.learning import queries


def learning(request: Request) -> HttpResponse:
    figures = queries.figures(request.actor, on=local_day(request.at))
    return render(request, "learning/learning.html", {"figures": figures})
