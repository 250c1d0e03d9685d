#!/usr/bin/env python3
"""按本文件夹中的数据和目标，重新得出每一项评估结果，列出与 assessments.csv 不同之处。
Finds every verdict again from the files in this folder and prints what differs.

    python3 replay.py [FOLDER]        Python 3.9 or later, nothing else

Ends with 0 where nothing differs, with 1 where something does, with 2 where the
files cannot be read. The rules of the methods are in case.py and rules.py.
"""
import csv
import math
import os
import sys

import rules
from case import Case, Reading


def main(folder):
    parameters, indicators, targets, verdicts = (list(read(folder, name)) for name in
                                                 ("parameters", "indicators", "targets", "assessments"))
    asked = Asked(**{p["name"]: p["value"] for p in parameters})
    series = yearly_readings(read(folder, "readings"), asked.as_of)
    indicators = {i["indicator"]: i for i in indicators}
    written = {(v["target"], v["region"], v["method"] + "@" + v["method_version"]): v for v in verdicts}
    found = ["a verdict stands twice in assessments.csv"] if len(written) < len(verdicts) else []
    total = 0
    for target in targets:
        if target["superseded_by"]:
            continue
        for region in [target["region"], *target["reference_for"].split()]:
            readings = series.get((target["indicator"], region), {})
            for method in asked.methods:
                case = rules.assess(method, Case(target, indicators.get(target["indicator"]), region, readings, asked))
                name = (target["target"], region, method)
                found += [f"{' '.join(name)}: {difference}" for difference in compare(case, written.pop(name, None))]
                total += 1
    found += [f"{' '.join(name)}: in assessments.csv, but nothing that is assessed" for name in written]
    print(*found, f"{total} verdicts replayed, {len(found)} differences", sep="\n")
    return 1 if found else 0


def read(folder, name):
    with open(os.path.join(folder, name + ".csv"), newline="", encoding="utf-8") as f:
        yield from csv.DictReader(f)


class Asked:
    """What the verdicts were asked for: parameters.csv.

    last_year is the last one whose reading may be used, over_year the last one
    that is over; without an as-of period all readings may be used.
    """

    def __init__(self, as_of, day, as_of_period, methods, **_):
        self.as_of, self.day, self.methods = as_of, day, methods.split()
        self.period = as_of_period or day[:4]
        self.year = int(self.period[:4])
        self.last_year, self.over_year = math.inf, self.year - 1
        if as_of_period:
            month = last_month(as_of_period)
            leap = self.year % 4 == 0 and (self.year % 100 != 0 or self.year % 400 == 0)
            days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            self.day = f"{self.year:04}-{month:02}-{days}"
            self.last_year = self.over_year = self.year if month == 12 else self.year - 1


def last_month(period):
    """The last month of 2024, 2024-Q3, 2024-07 or 2024-01/P9M."""
    rest = period[5:]
    if "/P" in rest:
        return int(rest[4:-1])
    return int(rest[1:]) * 3 if rest.startswith("Q") else int(rest or 12)


def yearly_readings(rows, as_of):
    """By indicator and region: year → the vintage that counts, where it has a value.

    A vintage counts if it was released by the as of and never taken back; one
    that was taken back counts only for an as of between publishing and that day.
    Of several that count the one released last does, then the one published last.
    """
    best = {}
    for row in rows:
        if len(row["period"]) != 4 or as_of and row["released"] > as_of:
            continue
        if row["reverted"] and not (as_of and row["published"] <= as_of < row["reverted"]):
            continue
        key = row["indicator"], row["region"], int(row["period"])
        rank = row["released"], row["published"], int(row["sequence"])
        if key not in best or rank > best[key][0]:
            best[key] = rank, row
    series = {}
    for (indicator, region, year), (_, row) in best.items():
        if row["value"] != "":
            reading = Reading(float(row["value"]), row["status"] == "B", row["upload"])
            series.setdefault((indicator, region), {})[year] = reading
    return series


def compare(case, row):
    """What the row of assessments.csv says otherwise than the replayed case."""
    if row is None:
        return ["not in assessments.csv"]
    latest = case.latest or Reading(None, False, "")
    mine = {"status": case.status, "reason": case.reason, "as_of_period": case.asked.period,
            "latest_period": str(case.year or ""), "latest_value": latest.value, "latest_upload": latest.upload,
            "target_at": case.target_at, "gap": case.gap, "needed_per_year": case.needed,
            "closed": case.closed, "early": case.early, "pending": case.pending, "ahead": case.ahead, "old": case.old,
            "milestones": " ".join(case.milestones)}
    theirs = dict(part.split("=") for part in row["numbers"].split())
    pairs = [(name, row[name], value) for name, value in mine.items()]
    pairs += [("the number " + name, text, case.numbers.get(name)) for name, text in theirs.items()]
    return [f"{name} is {text!r}, replayed {value!r}" for name, text, value in pairs if not agree(text, value)]


def agree(text, value):
    if isinstance(value, bool):
        return text == str(value).lower()
    if value is None or isinstance(value, str):
        return text == (value or "")
    return text != "" and (float(text) == value or math.isclose(float(text), value, rel_tol=1e-9, abs_tol=1e-9))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))))
    except (OSError, KeyError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
