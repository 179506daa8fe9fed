"""The icons the pages use; the vendored sprite holds exactly these, so an unknown name is a bug at once."""

from __future__ import annotations

ICONS: frozenset[str] = frozenset(
    """
    accessibility archive arrow-left arrow-right arrow-up-right baby ban banknote bell book-open brain
    building-2 calendar calendar-check calendar-plus calendar-x chart-line check chevron-down chevron-left
    chevron-right chevron-up circle circle-alert circle-check circle-dot circle-help circle-user clock
    coffee coins copy download ellipsis euro eye eye-off file-check file-clock file-text flag folder-open
    footprints gift globe graduation-cap hand-heart hand-helping handshake heart heart-handshake history
    home hourglass house-heart inbox info key landmark layout-dashboard leaf life-buoy lightbulb link
    list-checks lock lock-open log-in log-out mail map-pin menu message-circle message-square-quote
    messages-square mic minus moon-star network pause pencil phone play plus printer puzzle receipt
    receipt-euro refresh-cw reply ribbon route scale search send settings share-2 shield shield-check smile
    sparkles sprout star stethoscope sun sunrise tent tent-tree thumbs-down thumbs-up trash-2
    triangle-alert undo-2 upload user user-check user-plus user-x users video wallet waypoints x
    """.split()  # noqa: SIM905 - a list of names is read as words
)
