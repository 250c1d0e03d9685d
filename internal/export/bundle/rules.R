# The rules of the methods, as README.en.md describes them: d = +1 or -1 is the desired
# direction, a the average yearly change of the last five years, the rest as in case.R.

# -- reach: what the methods share -------------------------------------------------

# T (its near edge where it has a tolerance), whether it is met, and how a year's
# value is looked up. T is NA where there is nothing to compare.
reach <- function(case) {
  y0 <- baseline(case)
  value_of <- figures(case)
  note_latest(case)
  T <- goal(case, y0)
  vague <- case$target$approximate == "true" && case$target$bound == "" && case$target$tolerance == ""
  judge_milestones(case, vague, value_of)
  comparable <- !is.na(T) && !is.na(case$yt) && case$d != 0
  met <- comparable && !vague && !less(case$d * (case$yt - T), 0)
  if (case$last == 0 && !met) fail(case, "no_year")
  if (vague || case$d == 0) fail(case, "undefined")
  if (!comparable || vague) return(list(T = NA_real_, met = met, value_of = value_of))
  note(case, d = case$d)
  list(T = T, met = met, value_of = value_of)
}

# Figures newly counted each year, with a baseline year, are added up after it.
sums <- function(case) {
  counted <- if (case$target$counted != "") case$target$counted else case$indicator$counted
  counted == "new" && case$t0 != 0
}

figures <- function(case) {
  if (!sums(case)) return(function(year) at(case, year))
  total <- function(year) {
    if (year < case$t0) return(NA_real_)
    result <- 0
    for (y in seq_len(year - case$t0) + case$t0) result <- result + at(case, y)
    result
  }
  if (case$has_latest) {
    case$yt <- if (case$year > case$t0) total(case$year) else NA_real_
    if (is.na(case$yt)) fail(case, "too_few_readings")
  }
  total
}

goal <- function(case, y0) {
  relative <- case$target$relative
  if (is.na(case$value)) { fail(case, "undefined"); return(NA_real_) }
  if (relative != "" && is.na(y0)) { fail(case, "no_baseline"); return(NA_real_) }
  if (relative != "" && is_zero(y0)) { fail(case, "zero_baseline"); return(NA_real_) }
  T <- if (relative == "times") y0 * case$value else if (relative == "percent") y0 * (1 + case$value / 100) else case$value
  aim(case, T)
  if (case$target$tolerance != "") {
    width <- tolerance(case, T)
    T <- T - case$d * width
    note(case, tolerance = width, edge = T)
  }
  T
}

# Each by the reading of its own year; they never enter the status.
judge_milestones <- function(case, vague, value_of) {
  for (milestone in strsplit(case$target$milestones, " ", fixed = TRUE)[[1]]) {
    pair <- as.numeric(strsplit(milestone, "=", fixed = TRUE)[[1]])
    year <- pair[1]
    y <- value_of(year)
    state <- "not_assessed"
    if (case$d != 0 && !vague && !("different_basis" %in% case$reasons)) {
      if (is.na(at(case, year))) state <- "open"
      else if (!is.na(y) && !case$years$is_break[case$years$year == year]) {
        state <- if (less(case$d * (y - pair[2]), 0)) "missed" else "met"
      }
    }
    case$milestones <- c(case$milestones, paste0(year, "=", state))
  }
}

# In the target year it only matters whether T is met; a break in that very year makes it unsure.
close_target <- function(case, met) {
  check_break(case, case$year - 1, case$year)
  case$status <- if (met) "achieved" else "missed"
}

# -- pace --------------------------------------------------------------------------

by_miss <- function(miss, progress) {
  if (less(miss, 0.05)) return("on_track")
  if (!less(0.20, miss)) return("at_risk")
  if (less(0, progress)) "off_track" else "reversing"
}

# a; NA where y(t-5) is missing.
change5 <- function(case, value_of) {
  check_break(case, case$year - 5, case$year)
  y5 <- value_of(case$year - 5)
  if (is.na(y5)) { fail(case, "too_few_readings"); return(NA_real_) }
  a <- (case$yt - y5) / 5
  note(case, y5 = y5, a = a)
  a
}

pace_reach <- function(case) {
  r <- reach(case)
  T <- r$T
  if (is.na(T)) return()
  if (case$closed) return(close_target(case, r$met))
  if (case$last == 0) { case$status <- "achieved"; return() }
  a <- change5(case, r$value_of)
  if (is.na(a)) return()
  projection <- case$yt + a * (case$last - case$year)
  note(case, projection = projection)
  if (r$met && !less(case$d * a, 0)) { case$status <- "achieved"; return() }
  miss <- if (is_zero(case$yt - T)) Inf else case$d * (T - projection) / abs(T - case$yt)
  note(case, miss = miss)
  case$status <- by_miss(miss, case$d * a)
}

pace_hold <- function(case) {
  note_latest(case)
  y0 <- baseline(case)
  if (!is.na(case$value)) aim(case, case$value)
  if (case$target$tolerance != "") return(hold_band(case, y0))
  if (case$target$bound == "" || is.na(case$value)) return(fail(case, "undefined"))
  if (!case$has_latest) return()
  note(case, d = case$d)
  a <- change5(case, function(year) at(case, year))
  if (is.na(a)) return()
  met <- !less(case$d * (case$yt - case$value), 0)
  case$status <- held(met, less(0, case$d * a), less(case$d * a, 0))
}

held <- function(met, improving, worsening) {
  if (met) return(if (worsening) "at_risk" else "on_track")
  if (improving) "off_track" else "reversing"
}

# A band around the value where there is one, else around y0.
hold_band <- function(case, y0) {
  around_y0 <- is.na(case$value)
  middle <- if (around_y0) y0 else case$value
  if (is.na(middle)) return(fail(case, "no_baseline"))
  if (case$target$tolerance_unit == "percent" && is_zero(middle)) return(fail(case, if (around_y0) "zero_baseline" else "undefined"))
  width <- tolerance(case, middle)
  note(case, tolerance = width, low = middle - width, high = middle + width)
  if (!case$has_latest) return()
  check_break(case, if (case$t0 != 0) case$t0 else case$year - 5, case$year)
  e <- abs(case$yt - middle)
  y5 <- at(case, case$year - 5)
  note(case, e = e)
  if (width != 0) note(case, tolerance_share = e / width)
  if (is.na(y5)) return(fail(case, "too_few_readings"))
  e5 <- abs(y5 - middle)
  note(case, y5 = y5, e5 = e5)
  moved <- !less(abs(e - e5), width / 5)
  case$status <- held(!less(width, e), moved && less(e, e5), moved && less(e5, e))
}

pace_direction <- function(case) {
  note_latest(case)
  if (case$d == 0) return(fail(case, "undefined"))
  if (!case$has_latest) return()
  note(case, d = case$d)
  y1 <- at(case, case$year - 1)
  if (is.na(y1)) fail(case, "too_few_readings")
  a <- change5(case, function(year) at(case, year))
  if (is.na(a) || is.na(y1)) return()
  note(case, y1 = y1, last_change = case$yt - y1)
  last <- less(0, case$d * (case$yt - y1))
  if (less(0, case$d * a)) case$status <- if (last) "on_track" else "at_risk"
  else case$status <- if (last) "off_track" else "reversing"
}

# g, the average yearly growth since the year before from, against the rate; both in per cent.
pace_grow <- function(case) {
  note_latest(case)
  rate <- case$value
  first <- year_of(case$target$from)
  if (is.na(rate) || is_zero(rate) || case$d == 0) fail(case, "undefined")
  if (first == 0) return(fail(case, "no_baseline"))
  rates <- case$indicator$measure == "growth"
  factor <- if (rates) mean_of_rates(case, first) else growth_factor(case, first)
  if (is.null(factor)) return()
  g <- (factor - 1) * 100
  note(case, g = g)
  if (is.na(rate) || rate == 0 || case$d == 0) return()
  miss <- case$d * (rate - g) / abs(rate)
  note(case, rate = rate, d = case$d, miss = miss)
  case$status <- if (case$year != case$last) by_miss(miss, case$d * g) else if (less(0, miss)) "missed" else "achieved"
  if (!rates && case$year < case$last && case$yt > 0) {
    end <- at(case, first - 1) * (1 + rate / 100)^(case$last - first + 1)
    needed <- yearly_growth(case$yt, end, case$last - case$year)
    if (is.finite(needed)) note(case, needed_rate = needed)
  }
}

has_begun <- function(case, first) {
  if (!case$has_latest) return(FALSE)
  if (case$year < first) { fail(case, "too_few_readings"); return(FALSE) }
  check_break(case, first - 1, case$year)
  TRUE
}

growth_factor <- function(case, first) {
  y0 <- at(case, first - 1)
  if (!is.na(y0)) note(case, t0 = first - 1, y0 = y0)
  positive <- !is.na(y0) && less(0, y0)
  if (!positive) fail(case, "no_baseline")
  if (!has_begun(case, first) || !positive) return(NULL)
  if (case$yt < 0) return(fail(case, "undefined"))
  (case$yt / y0)^(1 / (case$year - first + 1))
}

# The geometric mean of the published rates of from ... t.
mean_of_rates <- function(case, first) {
  if (!has_begun(case, first)) return(NULL)
  unit <- number(case$indicator$per_cent)
  if (is.na(unit)) unit <- 1
  product <- 1
  for (year in first:case$year) {
    rate <- at(case, year)
    if (is.na(rate)) return(fail(case, "too_few_readings"))
    product <- product * (1 + rate * unit / 100)
    if (product <= 0) return(fail(case, "undefined"))
  }
  product^(1 / (case$year - first + 1))
}

# -- schedule and cagr_ratio --------------------------------------------------------

# y0 and T, where the verdict depends on how far yt has come between them.
since_baseline <- function(case) {
  r <- reach(case)
  if (case$closed) {
    if (!is.na(r$T)) close_target(case, r$met)
    return(NULL)
  }
  if (case$t0 != 0 && !is.na(case$yt)) check_break(case, case$t0, case$year)
  if (r$met) { case$status <- "achieved"; return(NULL) }
  y0 <- baseline(case)
  if (sums(case)) {  # of which there are none at t0
    y0 <- 0
    note(case, start = y0)
  }
  if (is.na(y0)) fail(case, "no_baseline")
  if (is.na(y0) || is.na(r$T) || case$last == 0) return(NULL)
  if (!less(0, case$d * (r$T - y0)) || case$t0 >= case$year) return(fail(case, "undefined"))
  list(y0 = y0, T = r$T)
}

by_share <- function(share, on_track, at_risk) {
  if (!less(share, on_track)) return("on_track")
  if (!less(share, at_risk)) return("at_risk")
  if (!less(share, 0)) "off_track" else "reversing"
}

schedule <- function(case) {
  found <- since_baseline(case)
  if (is.null(found)) return()
  c <- (case$yt - found$y0) / (found$T - found$y0)
  elapsed <- (case$year - case$t0) / (case$last - case$t0)
  q <- c / elapsed
  note(case, c = c, elapsed = elapsed, q = q)
  case$status <- by_share(q, 0.95, 0.75)
  case$ahead <- !less(q, 1.05)
}

cagr_ratio <- function(case) {
  found <- since_baseline(case)
  if (is.null(found)) return()
  signs <- sapply(c(found$y0, case$yt, found$T), function(v) sign(rounded(v)))
  if (signs[1] == 0 || any(signs != signs[1])) return(fail(case, "undefined"))
  g <- yearly_growth(found$y0, case$yt, case$year - case$t0)
  g_target <- yearly_growth(found$y0, found$T, case$last - case$t0)
  R <- g / g_target
  note(case, g = g, g_target = g_target, R = R)
  case$status <- by_share(R, 0.95, 0.60)
}

METHODS <- list(
  "pace@1" = list(reach = pace_reach, hold = pace_hold, direction = pace_direction, grow = pace_grow),
  "schedule@1" = list(reach = schedule),
  "cagr_ratio@1" = list(reach = cagr_ratio))

assess <- function(method, case) {
  if (is.null(METHODS[[method]])) stop("no rules for ", method)
  rule <- METHODS[[method]][[case$kind]]
  if (case$kind == "statement") fail(case, "statement")
  else if (is.null(rule)) fail(case, "method_not_applicable")
  else if (is.null(case$indicator)) fail(case, "undefined")
  else rule(case)
  finish(case)
}
