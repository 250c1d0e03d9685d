"""The rules of the methods, as README.en.md describes them: d = +1 or −1 is the desired
direction, a the average yearly change of the last five years, the rest as in case.py."""
import math

from case import divide, is_zero, less, number, power, yearly_growth


# ── reach: what the methods share ─────────────────────────────────────────────

def reach(case):
    """T (its near edge where it has a tolerance), whether it is met, and how a year's value
    is looked up. No T where there is nothing to compare."""
    y0 = case.baseline()
    value_of = figures(case)
    case.note_latest()
    T = goal(case, y0)
    vague = case.target["approximate"] == "true" and not case.target["bound"] and not case.target["tolerance"]
    judge_milestones(case, vague, value_of)
    comparable = T is not None and case.yt is not None and case.d != 0
    met = comparable and not vague and not less(case.d * (case.yt - T), 0)
    if not case.last and not met:
        case.fail("no_year")
    if vague or case.d == 0:
        case.fail("undefined")
    if not comparable or vague:
        return None, met, value_of
    case.note(d=case.d)
    return T, met, value_of


def sums(case):
    """Figures newly counted each year, with a baseline year, are added up after it."""
    return (case.target["counted"] or case.indicator["counted"]) == "new" and case.t0 != 0


def figures(case):
    if not sums(case):
        return case.at

    def total(year):
        terms, result = [case.at(y) for y in range(case.t0 + 1, year + 1)], 0.0
        if year < case.t0 or None in terms:
            return None
        for term in terms:  # one by one: sum() of Python 3.12 rounds in another way
            result += term
        return result

    if case.latest:
        case.yt = total(case.year) if case.year > case.t0 else None
        if case.yt is None:
            case.fail("too_few_readings")
    return total


def goal(case, y0):
    relative = case.target["relative"]
    if case.value is None:
        return case.fail("undefined")
    if relative and y0 is None:
        return case.fail("no_baseline")
    if relative and is_zero(y0):
        return case.fail("zero_baseline")
    T = y0 * case.value if relative == "times" else y0 * (1 + case.value / 100) if relative else case.value
    case.aim(T)
    if case.target["tolerance"]:
        width = case.tolerance(T)
        T -= case.d * width
        case.note(tolerance=width, edge=T)
    return T


def judge_milestones(case, vague, value_of):
    """Each by the reading of its own year; they never enter the status."""
    for milestone in case.target["milestones"].split():
        year, value = milestone.split("=")
        year, y, state = int(year), value_of(int(year)), "not_assessed"
        if case.d and not vague and "different_basis" not in case.reasons:
            if case.at(year) is None:
                state = "open"
            elif y is not None and not case.years[year].is_break:
                state = "missed" if less(case.d * (y - float(value)), 0) else "met"
        case.milestones.append(f"{year}={state}")


def close(case, met):
    """In the target year it only matters whether T is met; a break in that very year makes it unsure."""
    case.check_break(case.year - 1, case.year)
    case.status = "achieved" if met else "missed"


# ── pace ──────────────────────────────────────────────────────────────────────

def by_miss(miss, progress):
    if less(miss, 0.05):
        return "on_track"
    if not less(0.20, miss):
        return "at_risk"
    return "off_track" if less(0, progress) else "reversing"


def change5(case, value_of):
    """a; None where y(t−5) is missing."""
    case.check_break(case.year - 5, case.year)
    y5 = value_of(case.year - 5)
    if y5 is None:
        return case.fail("too_few_readings")
    case.note(y5=y5, a=(case.yt - y5) / 5)
    return case.numbers["a"]


def pace_reach(case):
    T, met, value_of = reach(case)
    if T is None:
        return
    if case.closed:
        close(case, met)
        return
    if not case.last:
        case.status = "achieved"
        return
    a = change5(case, value_of)
    if a is None:
        return
    projection = case.yt + a * (case.last - case.year)
    case.note(projection=projection)
    if met and not less(case.d * a, 0):
        case.status = "achieved"
        return
    miss = math.inf if is_zero(case.yt - T) else case.d * (T - projection) / abs(T - case.yt)
    case.note(miss=miss)
    case.status = by_miss(miss, case.d * a)


def pace_hold(case):
    case.note_latest()
    y0 = case.baseline()
    if case.value is not None:
        case.aim(case.value)
    if case.target["tolerance"]:
        hold_band(case, y0)
    elif not case.target["bound"] or case.value is None:
        case.fail("undefined")
    elif case.latest:
        case.note(d=case.d)
        a = change5(case, case.at)
        if a is not None:
            met = not less(case.d * (case.yt - case.value), 0)
            case.status = held(met, less(0, case.d * a), less(case.d * a, 0))


def held(met, improving, worsening):
    if met:
        return "at_risk" if worsening else "on_track"
    return "off_track" if improving else "reversing"


def hold_band(case, y0):
    """A band around the value where there is one, else around y0."""
    middle = y0 if case.value is None else case.value
    if middle is None:
        return case.fail("no_baseline")
    if case.target["tolerance_unit"] == "percent" and is_zero(middle):
        return case.fail("zero_baseline" if case.value is None else "undefined")
    width = case.tolerance(middle)
    case.note(tolerance=width, low=middle - width, high=middle + width)
    if case.latest is None:
        return None
    case.check_break(case.t0 or case.year - 5, case.year)
    e, y5 = abs(case.yt - middle), case.at(case.year - 5)
    case.note(e=e)
    if width:
        case.note(tolerance_share=e / width)
    if y5 is None:
        return case.fail("too_few_readings")
    e5 = abs(y5 - middle)
    case.note(y5=y5, e5=e5)
    moved = not less(abs(e - e5), width / 5)
    case.status = held(not less(width, e), moved and less(e, e5), moved and less(e5, e))
    return None


def pace_direction(case):
    case.note_latest()
    if case.d == 0:
        case.fail("undefined")
    if case.d == 0 or case.latest is None:
        return
    case.note(d=case.d)
    y1 = case.at(case.year - 1)
    if y1 is None:
        case.fail("too_few_readings")
    a = change5(case, case.at)
    if a is None or y1 is None:
        return
    case.note(y1=y1, last_change=case.yt - y1)
    average, last = less(0, case.d * a), less(0, case.d * (case.yt - y1))
    if average:
        case.status = "on_track" if last else "at_risk"
    else:
        case.status = "off_track" if last else "reversing"


def pace_grow(case):
    """g, the average yearly growth since the year before from, against the rate; both in per cent."""
    case.note_latest()
    rate, first = case.value, int(case.target["from"] or 0)
    if rate is None or is_zero(rate) or case.d == 0:
        case.fail("undefined")
    if not first:
        return case.fail("no_baseline")
    rates = case.indicator["measure"] == "growth"
    factor = mean_of_rates(case, first) if rates else growth_factor(case, first)
    if factor is None:
        return None
    g = (factor - 1) * 100
    case.note(g=g)
    if not rate or case.d == 0:
        return None
    miss = case.d * (rate - g) / abs(rate)
    case.note(rate=rate, d=case.d, miss=miss)
    if case.year == case.last:
        case.status = "missed" if less(0, miss) else "achieved"
    else:
        case.status = by_miss(miss, case.d * g)
    if not rates and case.year < case.last and case.yt > 0:
        end = case.at(first - 1) * power(1 + rate / 100, case.last - first + 1)
        case.note(needed_rate=yearly_growth(case.yt, end, case.last - case.year))
        if not math.isfinite(case.numbers["needed_rate"]):
            del case.numbers["needed_rate"]
    return None


def has_begun(case, first):
    if case.latest is not None and case.year < first:
        return case.fail("too_few_readings")
    if case.latest is not None:
        case.check_break(first - 1, case.year)
    return case.latest is not None


def growth_factor(case, first):
    y0 = case.at(first - 1)
    if y0 is not None:
        case.note(t0=first - 1, y0=y0)
    if y0 is None or not less(0, y0):
        case.fail("no_baseline")
    if not has_begun(case, first) or y0 is None or not less(0, y0):
        return None
    if case.yt < 0:
        return case.fail("undefined")
    return power(case.yt / y0, 1 / (case.year - first + 1))


def mean_of_rates(case, first):
    """The geometric mean of the published rates of from … t."""
    if not has_begun(case, first):
        return None
    product, unit = 1.0, number(case.indicator["per_cent"]) or 1
    for year in range(first, case.year + 1):
        rate = case.at(year)
        if rate is None:
            return case.fail("too_few_readings")
        product *= 1 + rate * unit / 100
        if product <= 0:
            return case.fail("undefined")
    return power(product, 1 / (case.year - first + 1))


# ── schedule and cagr_ratio ───────────────────────────────────────────────────

def since_baseline(case):
    """y0 and T, where the verdict depends on how far yt has come between them."""
    T, met, _ = reach(case)
    if case.closed:
        return close(case, met) if T is not None else None
    if case.t0 and case.yt is not None:
        case.check_break(case.t0, case.year)
    if met:
        case.status = "achieved"
        return None
    y0 = case.baseline()
    if sums(case):  # of which there are none at t0
        y0 = 0.0
        case.note(start=y0)
    if y0 is None:
        case.fail("no_baseline")
    if y0 is None or T is None or not case.last:
        return None
    if not less(0, case.d * (T - y0)) or case.t0 >= case.year:
        return case.fail("undefined")
    return y0, T


def by_share(share, on_track, at_risk):
    for bound, status in ((on_track, "on_track"), (at_risk, "at_risk"), (0, "off_track")):
        if not less(share, bound):
            return status
    return "reversing"


def schedule(case):
    found = since_baseline(case)
    if found is None:
        return
    y0, T = found
    c, elapsed = (case.yt - y0) / (T - y0), (case.year - case.t0) / (case.last - case.t0)
    q = c / elapsed
    case.note(c=c, elapsed=elapsed, q=q)
    case.status, case.ahead = by_share(q, 0.95, 0.75), not less(q, 1.05)


def cagr_ratio(case):
    found = since_baseline(case)
    if found is None:
        return
    y0, T = found
    if not (all(less(0, v) for v in (y0, case.yt, T)) or all(less(v, 0) for v in (y0, case.yt, T))):
        case.fail("undefined")
        return
    g, g_target = yearly_growth(y0, case.yt, case.year - case.t0), yearly_growth(y0, T, case.last - case.t0)
    R = divide(g, g_target)
    case.note(g=g, g_target=g_target, R=R)
    case.status = by_share(R, 0.95, 0.60)


METHODS = {
    "pace@1": {"reach": pace_reach, "hold": pace_hold, "direction": pace_direction, "grow": pace_grow},
    "schedule@1": {"reach": schedule},
    "cagr_ratio@1": {"reach": cagr_ratio},
}


def assess(method, case):
    rule = METHODS[method].get(case.kind)
    if case.kind == "statement":
        case.fail("statement")
    elif rule is None:
        case.fail("method_not_applicable")
    elif case.indicator is None:
        case.fail("undefined")
    else:
        rule(case)
    return case.finish()
