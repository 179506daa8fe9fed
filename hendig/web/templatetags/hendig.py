"""All of the design system in one library, built in by the settings: see docs/design-system.md."""

from __future__ import annotations

from django.template import Library

from hendig.web.tags import alike, basics, drawings, forms

register = Library()
for part in (alike, basics, drawings, forms):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
