"""What pages show of a plan, of appointments and of a professional's day."""

from __future__ import annotations

from hendig.plans.queries.appointments import (
    AppointmentView,
    HelpToPlan,
    appointments_to_rate,
    calendar,
    help_to_plan,
    next_appointments,
    soon_and_later,
)
from hendig.plans.queries.day import Day, DayRow, KeptHours, Promise, day, kept_in_month, promises
from hendig.plans.queries.plan import (
    EndingView,
    GoalView,
    Helper,
    HelpView,
    Line,
    Plan,
    Point,
    QuestionView,
    TaskView,
    help_of,
    helpers,
    lines_of,
    plan,
    question,
)

__all__ = [
    "AppointmentView",
    "Day",
    "DayRow",
    "EndingView",
    "GoalView",
    "HelpToPlan",
    "HelpView",
    "Helper",
    "KeptHours",
    "Line",
    "Plan",
    "Point",
    "Promise",
    "QuestionView",
    "TaskView",
    "appointments_to_rate",
    "calendar",
    "day",
    "help_of",
    "help_to_plan",
    "helpers",
    "kept_in_month",
    "lines_of",
    "next_appointments",
    "plan",
    "promises",
    "question",
    "soon_and_later",
]
