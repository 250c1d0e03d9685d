"""One target in one region while it is being judged: what every method needs. Yearly
readings; t is the latest year, yt its value, T the target value, tT its year."""
import math
from typing import NamedTuple, Optional

REASONS = ("statement", "not_in_force", "method_not_applicable", "different_basis", "no_baseline", "zero_baseline",
           "too_few_readings", "series_break", "stale", "no_year", "undefined")


class Reading(NamedTuple):
    value: Optional[float]
    is_break: bool
    upload: str


# ── Numbers ───────────────────────────────────────────────────────────────────

def rounded(v):
    """To 9 decimals, a half away from zero; beyond a million a float has no tenth decimal to lose."""
    if not abs(v) <= 1e6:
        return v
    whole = math.floor(abs(v) * 1e9)
    return math.copysign((whole + (abs(v) * 1e9 - whole >= 0.5)) / 1e9, v)


def less(a, b):
    return rounded(a) < rounded(b)


def is_zero(v):
    return rounded(v) == 0


def power(base, exponent):
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def divide(a, b):
    return a / b if b else math.copysign(math.inf, a) if a else math.nan


def yearly_growth(first, last, years):
    """Per cent a year from first to last."""
    return (power(divide(last, first), 1 / years) - 1) * 100


def number(text):
    return float(text) if text else None


# ── One target in one region ──────────────────────────────────────────────────

class Case:
    def __init__(self, target, indicator, region, readings, asked):
        self.target, self.indicator, self.region, self.asked = target, indicator, region, asked
        self.kind, self.value = target["kind"], number(target["value"])
        self.last = int(target["by" if self.kind == "reach" else "until"] or 0)  # tT, 0: none
        self.years = {y: r for y, r in readings.items() if y <= asked.last_year and (y <= self.last or not self.last)}
        self.year = max(self.years, default=None)  # t
        self.latest = self.years.get(self.year)
        self.yt = self.latest.value if self.latest else None
        self.t0 = int(target["baseline_year"] or 0)
        self.reasons, self.numbers = set(), {}
        self.status = self.reason = ""
        self.target_at = self.gap = self.needed = None
        self.early = self.pending = self.ahead = self.old = False
        self.milestones = []
        self.closed = self.latest is not None and self.year == self.last and self.kind != "statement"
        self.check_start()

    def check_start(self):
        """The reasons that are the same for every method."""
        t, day = self.target, self.asked.day
        if day < t["in_force_from"] or t["in_force_until"] and day > t["in_force_until"] and not self.closed:
            self.fail("not_in_force")
        if self.indicator is None:
            return
        if any(t[basis] and t[basis] != self.indicator[basis] for basis in ("counted", "price")):
            self.fail("different_basis")
        if self.latest is None:
            self.fail("too_few_readings")
        elif not self.closed:
            self.old = 1 < self.asked.year - self.year <= 5
            if self.asked.year - self.year > 5:
                self.fail("stale")
        signs = {"at_least": 1, "up": 1, "at_most": -1, "down": -1}
        said = t["bound"] or t["direction"] or self.indicator["direction"]
        self.d = signs.get(said, 0)

    def fail(self, reason):
        self.reasons.add(reason)

    def note(self, **numbers):
        self.numbers.update(numbers)

    def at(self, year):
        return self.years[year].value if year in self.years else None

    def check_break(self, after, up_to):
        if any(after < year <= up_to and r.is_break for year, r in self.years.items()):
            self.fail("series_break")

    def baseline(self):
        """y0: the value that the document states for its own region, else the reading of t0."""
        stated = number(self.target["baseline_value"])
        y0 = stated if stated is not None and self.region == self.target["region"] else self.at(self.t0)
        if y0 is not None:
            self.note(t0=self.t0, y0=y0)
        return y0

    def note_latest(self):
        if self.yt is not None:
            self.note(t=self.year, yt=self.yt)

    def aim(self, T):
        """T, and from it the gap and what is needed a year; not across different bases."""
        self.note(T=T)
        if "different_basis" in self.reasons or not math.isfinite(T):
            return
        self.target_at = T
        if self.yt is not None and math.isfinite(T - self.yt):
            self.gap = rounded(T - self.yt)
            if self.last > self.year:
                self.needed = rounded(self.gap / (self.last - self.year))

    def tolerance(self, middle):
        """Half the width of a band, in units."""
        width = float(self.target["tolerance"])
        return abs(middle) * width / 100 if self.target["tolerance_unit"] == "percent" else width

    def finish(self):
        """The first reason that holds, else the status. Only a miss may be infinite."""
        bad = [name for name, v in self.numbers.items() if not math.isfinite(v) and (name != "miss" or math.isnan(v))]
        for name in bad:
            del self.numbers[name]
        if bad or not self.status:
            self.fail("undefined")
        if self.reasons:
            self.status, self.reason, self.ahead = "not_assessed", min(self.reasons, key=REASONS.index), False
        else:
            self.early = self.status == "achieved" and self.year < self.last
            self.pending = not self.closed and 0 < self.last <= self.asked.over_year
        return self
