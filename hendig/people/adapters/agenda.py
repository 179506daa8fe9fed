"""Meetings for other people's calendars (RFC 5545): a file to keep, or an invitation by mail (RFC 5546)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from hendig.kernel.meetings import Meeting


def to_keep(meeting: Meeting, *, at: datetime) -> bytes:
    """A file that puts the meeting, or that it does not take place, into the reader's own calendar."""
    return _written("PUBLISH", _event(meeting, at))


def invitation(meeting: Meeting, *, to: str, at: datetime) -> str:
    """What a mail carries: a calendar adds the meeting, moves it or takes it out, by itself.

    Nobody is asked to answer by mail: whether somebody can come is said in Hendig.
    """
    event = _event(meeting, at)
    guest = vCalAddress(f"mailto:{to}")
    guest.params["RSVP"] = "FALSE"
    guest.params["PARTSTAT"] = "ACCEPTED"
    event.add("attendee", guest)
    return _written("CANCEL" if meeting.cancelled else "REQUEST", event).decode()


def method_of(text: str) -> str:
    """What an invitation asks of a calendar: REQUEST or CANCEL."""
    return str(Calendar.from_ical(text)["method"])


def _event(meeting: Meeting, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{meeting.id}@hendig")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("sequence", meeting.edition)
    event.add("summary", str(meeting.summary))
    event.add("url", meeting.url)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", _status(meeting))
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    return event


def _status(meeting: Meeting) -> str:
    """How sure it is, as calendars say it (RFC 5545 §3.8.1.11)."""
    if meeting.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if meeting.tentative else "CONFIRMED"


def _written(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Hendig//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
