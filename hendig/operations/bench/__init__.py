"""`hendig bench`: the pages beside their floors, in municipalities of two sizes."""

import os
import platform
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import orjson

from hendig.operations.bench import measure, report
from hendig.operations.bench.station import Station, mailbox, serving
from hendig.operations.bench.targets import TARGETS
from hendig.operations.bench.towns import town
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress

SIZES = (3_500, 62_000)
STREAM_BLOCKS = 4


def main(
    place: Installation,
    *,
    laps: int,
    sizes: Sequence[int] = SIZES,
    json: Path | None = None,
    seconds: float = 5.0,
) -> None:
    """The table is printed, and written to `json` when that is given."""
    towns = [town(place, size) for size in sorted(sizes)]
    with ExitStack() as open_now:
        mail = open_now.enter_context(mailbox())
        stations = [open_now.enter_context(serving(one, mail)) for one in towns]
        with Progress("Measuring") as progress:
            found = measured(stations, mail, laps, seconds, progress)
    print(report.table(found))
    if json:
        json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))


def walls(place: Installation, *, laps: int, families: int, json: Path | None = None) -> None:
    """What the walls cost: the same pages where they stand, and where nothing is guarded or sealed."""
    towns = [town(place, families, walled=walled) for walled in (True, False)]
    with ExitStack() as open_now:
        mail = open_now.enter_context(mailbox())
        shut, open_up = (open_now.enter_context(serving(one, mail)) for one in towns)
        with Progress("Measuring") as progress:
            found = report.walls(measure.walls(shut, open_up, laps, progress))
    print(report.walls_table(found))
    if json:
        json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))


def measured(
    stations: list[Station], mail: int, laps: int, seconds: float, progress: Progress
) -> report.Figures:
    """Everything that the table shows; the order matters only where it says so."""
    smallest, largest = stations[0], stations[-1]
    create = next(one for one in TARGETS if one.name == "create")
    progress("syncs of a write")
    # Before there is a worker, which writes as well.
    synced = measure.syncs(smallest, create)
    for at in stations:
        at.start_worker(mail)
    series = measure.laps(stations, laps, progress)
    memory = largest.memory()
    # By turns several times, so that a machine that is busy for a minute is busy for both.
    blocks = max(1, min(STREAM_BLOCKS, laps // 10))
    streamed = measure.with_streams(smallest, laps // blocks, blocks, progress)
    progress("eight clients at once")
    rates = {str(at.town.families): measure.throughput(at, TARGETS[0], seconds) for at in stations}
    version = largest.owner.info.server_version
    postgres = f"PostgreSQL {version // 10000}.{version % 10000}"
    machine = f"{os.cpu_count()} cores, {postgres}, Python {platform.python_version()}"
    return report.figures(
        at=datetime.now(UTC),
        machine=machine,
        laps=laps,
        series=series,
        synced=synced,
        memory=memory,
        streamed=streamed,
        rates=rates,
    )
