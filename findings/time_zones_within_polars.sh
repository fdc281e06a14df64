#!/usr/bin/env bash
# In one process, polars and Python's zoneinfo disagree by an hour on 09:00 in Vancouver, Edmonton and Winnipeg in winter.
#
# Surprise: tzdata 2026.2, 2026.3 and 2026.5 end the change of clocks for these zones, first visible on 1 November 2026.
# polars 2.1.0 has the older rules compiled in and reads neither the tzdata package nor the zone files of the host, so that
# updating either one does not help. It gives no warning. zoneinfo, APScheduler (which uses zoneinfo), pytz and DuckDB agree
# with the new rules. In summer polars and zoneinfo agree.
# Who is hurt: anyone who schedules daily digests with Python and counts by local day or hour with polars.
# Seen with polars 2.1.0, tzdata 2026.6 (2026.1 shows the older rules), pytz 2026.6, duckdb 2.0.1, APScheduler 3.11.3 on
# 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps polars==2.1.0 polars-runtime-32==2.1.0 tzdata==2026.6 \
  pytz==2026.6 duckdb==2.0.1 apscheduler==3.11.3 tzlocal==5.4.5 >pip.log 2>&1 &&
  env/bin/pip install --quiet --disable-pip-version-check --no-deps --target old tzdata==2026.1 >>pip.log 2>&1 ||
  { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars
import pytz
from apscheduler.triggers.cron import CronTrigger

NINE = datetime(2026, 12, 2, 9)
MORNING = datetime(2026, 12, 2, 8, tzinfo=UTC)
NEW = {"America/Vancouver": 16, "America/Edmonton": 15, "America/Winnipeg": 14, "Europe/London": 9}
OLD = {"America/Vancouver": 17, "America/Edmonton": 16, "America/Winnipeg": 15, "Europe/London": 9}
EXPECTED = {
    "zoneinfo, tzdata 2026.6": NEW,
    "APScheduler": NEW,
    "pytz": NEW,
    "DuckDB": NEW,
    "polars": OLD,
    "zoneinfo, tzdata 2026.1": OLD,
}


def by_old_tzdata(name: str) -> datetime:
    with Path("old/tzdata/zoneinfo", name).open("rb") as file:
        return NINE.replace(tzinfo=ZoneInfo.from_file(file))


def by_polars(name: str) -> datetime:
    return polars.Series([NINE]).dt.replace_time_zone(name).dt.convert_time_zone("UTC")[0]


def by_duckdb(name: str) -> datetime:
    seconds = duckdb.execute("SELECT epoch(timezone(?, ?::TIMESTAMP))", [name, NINE]).fetchone()[0]
    return datetime.fromtimestamp(seconds, UTC)


WAYS = {
    "zoneinfo, tzdata 2026.6": lambda name: NINE.replace(tzinfo=ZoneInfo(name)),
    "APScheduler": lambda name: CronTrigger(hour=9, timezone=name).get_next_fire_time(None, MORNING),
    "pytz": lambda name: pytz.timezone(name).localize(NINE),
    "DuckDB": by_duckdb,
    "polars": by_polars,
    "zoneinfo, tzdata 2026.1": by_old_tzdata,
}

print(*(f"{name} {version(name)}" for name in ("polars", "tzdata", "pytz", "duckdb", "apscheduler")), sep=", ")
seen = {way: {name: ask(name).astimezone(UTC).hour for name in NEW} for way, ask in WAYS.items()}
print("09:00 on 2 December 2026 in UTC hours")
for way, hours in seen.items():
    print(f"  {way:25}", *(f"{name} {hour:02}:00" for name, hour in hours.items()), sep="  ")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
PYTHON
# An empty PYTHONTZPATH makes zoneinfo read the tzdata package instead of the host's files.
PYTHONTZPATH="" env/bin/python probe.py
