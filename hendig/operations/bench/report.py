"""The figures as a table to read, with what was aimed at beside them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hendig.operations.bench.measure import AIMS, CLIENTS, STREAMS, Series, at_part
from hendig.operations.bench.targets import TARGETS

Figures = dict[str, Any]
COLUMNS = (
    "families",
    "page",
    "p50 ms",
    "p95 ms",
    "p95/p50",
    "floor's",
    "floor ms",
    "× floor",
    "CPU ms",
    "its p95/p50",
    "its × floor",
    "statements",
    "SQL ms",
    "bytes",
)


def figures(
    *,
    at: datetime,
    machine: str,
    laps: int,
    series: Mapping[tuple[int, str], Series],
    synced: Mapping[str, float],
    memory: Mapping[str, float],
    streamed: Mapping[str, tuple[float, float]],
    rates: Mapping[str, float],
) -> Figures:
    """Everything that was measured, in a shape that JSON knows."""
    sizes = sorted({families for families, _name in series})
    return {
        "at": at.isoformat(timespec="seconds"),
        "machine": machine,
        "laps": laps,
        "pages": [page_figures(families, name, one) for (families, name), one in series.items()],
        "growth": {
            one.name: series[sizes[-1], one.name].p50 / series[sizes[0], one.name].p50 for one in TARGETS
        },
        "cpu_growth": {
            one.name: at_part(series[sizes[-1], one.name].busy, 0.50)
            / at_part(series[sizes[0], one.name].busy, 0.50)
            for one in TARGETS
        },
        "wal_syncs_of_create": dict(synced),
        "memory_mb": dict(memory),
        "streams": {name: {"without_ms": a * 1000, "with_ms": b * 1000} for name, (a, b) in streamed.items()},
        "list_per_second": dict(rates),
    }


def page_figures(families: int, name: str, one: Series) -> Figures:
    return {
        "families": families,
        "page": name,
        "p50_ms": one.p50 * 1000,
        "p95_ms": one.p95 * 1000,
        "spread": one.p95 / one.p50,
        "floor_spread": one.floor_spread,
        "floor_ms": one.p50 / one.ratio * 1000,
        "ratio": one.ratio,
        "cpu_ms": at_part(one.busy, 0.50) * 1000,
        "cpu_spread": at_part(one.busy, 0.95) / at_part(one.busy, 0.50),
        "cpu_ratio": at_part(one.busy, 0.50) / at_part(one.floor_busy, 0.50),
        "statements": one.statements,
        "sql_ms": one.sql * 1000,
        "bytes": one.size,
    }


def table(found: Figures) -> str:
    """All of it for a terminal that is wide enough."""
    parts = [
        f"{found['at']} · {found['machine']} · {found['laps']} laps",
        "",
        *columns([COLUMNS, *(page_row(one) for one in found["pages"])]),
        "",
        *columns([("", "measured", "aim", "met"), *aims(found)]),
    ]
    return "\n".join(parts)


def page_row(one: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"{one['families']:,}",
        str(one["page"]),
        f"{one['p50_ms']:.1f}",
        f"{one['p95_ms']:.1f}",
        f"{one['spread']:.2f}",
        f"{one['floor_spread']:.2f}",
        f"{one['floor_ms']:.2f}",
        f"{one['ratio']:.1f}",
        f"{one['cpu_ms']:.1f}",
        f"{one['cpu_spread']:.2f}",
        f"{one['cpu_ratio']:.1f}",
        str(one["statements"]),
        f"{one['sql_ms']:.1f}",
        str(one["bytes"]),
    )


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under each other; all but words to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place < 2 and not cell[:1].isdigit() else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def aims(found: Figures) -> list[tuple[str, str, str, str]]:
    """Each aim with what was measured; the worst of the sizes counts."""
    pages = found["pages"]
    rows = []
    for target in TARGETS:
        mine = [one for one in pages if one["page"] == target.name]
        ratio, statements = max(one["ratio"] for one in mine), max(one["statements"] for one in mine)
        rows.append(aim(f"{target.name}: times its floor", ratio, target.aim))
        rows.append(aim(f"{target.name}: statements", statements, target.statements, digits=0))
        rows.append(aim(f"{target.name}: p95 / p50", max(one["spread"] for one in mine), AIMS["spread"]))
        busy = max(one["cpu_spread"] for one in mine)
        rows.append(aim(f"{target.name}: p95 / p50 of processor time", busy, AIMS["spread"]))
        rows.append(aim(f"{target.name}: growth", found["growth"][target.name], AIMS["growth"]))
        grown = found["cpu_growth"][target.name]
        rows.append(aim(f"{target.name}: growth of processor time", grown, AIMS["growth"]))
    rows.append(aim("create: WAL syncs", found["wal_syncs_of_create"]["page"], AIMS["syncs"], digits=2))
    memory = found["memory_mb"]
    rows.append(aim("web processes, MB together", memory["web, its share"], AIMS["memory"], digits=0))
    rows.append(aim("worker, MB", memory["worker, its share"], None, digits=0))
    both = memory["web"] + memory["worker"]
    rows.append(aim("all, MB with what they share counted by each", both, None, digits=0))
    for name, took in found["streams"].items():
        cost = took["with_ms"] / took["without_ms"]
        rows.append(aim(f"{name}: with {STREAMS} live streams, times without", cost, None, digits=3))
    for families, rate in found["list_per_second"].items():
        rows.append(
            aim(f"list with {CLIENTS} clients, per second, {int(families):,} families", rate, None, digits=0)
        )
    return rows


def aim(what: str, value: float, most: float | None, *, digits: int = 1) -> tuple[str, str, str, str]:
    told = f"{value:.{digits}f}"
    if most is None:
        return what, told, "", ""
    return what, told, f"≤ {most:g}", "yes" if value <= most else "NO"


def walls(took: Mapping[str, tuple[Series, Series]]) -> Figures:
    """What the walls cost, in a shape that JSON knows."""
    return {
        name: {
            "with_ms": shut.p50 * 1000,
            "without_ms": open_up.p50 * 1000,
            "ratio": shut.p50 / open_up.p50,
            "with_sql_ms": shut.sql * 1000,
            "without_sql_ms": open_up.sql * 1000,
            "with_bytes": shut.size,
            "without_bytes": open_up.size,
        }
        for name, (shut, open_up) in took.items()
    }


def walls_table(found: Figures) -> str:
    """The same for a terminal; only of opening a record something was aimed at."""
    head = ("page", "with all walls, ms", "without, ms", "times", "SQL ms", "without", "aim", "met")
    lines = []
    for name, one in found.items():
        times = aim(name, one["ratio"], AIMS["walls"] if name == "record" else None, digits=2)
        figures = (f"{one[key]:.1f}" for key in ("with_ms", "without_ms"))
        sql = (f"{one[key]:.1f}" for key in ("with_sql_ms", "without_sql_ms"))
        lines.append((name, *figures, times[1], *sql, *times[2:]))
    return "\n".join(columns([head, *lines]))
