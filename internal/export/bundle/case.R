# One target in one region while it is being judged: what every method needs. Yearly
# readings; t is the latest year, yt its value, T the target value, tT its year.
# A case is an environment: it is filled while it is being judged.

REASONS <- c("statement", "not_in_force", "method_not_applicable", "different_basis", "no_baseline", "zero_baseline",
             "too_few_readings", "series_break", "stale", "no_year", "undefined")

# -- Numbers ---------------------------------------------------------------------

# To 9 decimals, a half away from zero; beyond a million there is no tenth decimal to lose.
rounded <- function(v) {
  if (is.na(v) || abs(v) > 1e6) return(v)
  scaled <- abs(v) * 1e9
  sign(v) * (floor(scaled) + (scaled - floor(scaled) >= 0.5)) / 1e9
}

less <- function(a, b) isTRUE(rounded(a) < rounded(b))
is_zero <- function(v) isTRUE(rounded(v) == 0)
number <- function(text) if (text == "") NA_real_ else as.numeric(text)
year_of <- function(text) if (text == "") 0 else as.integer(text)
yearly_growth <- function(first, last, years) ((last / first)^(1 / years) - 1) * 100  # per cent a year

# -- One target in one region -----------------------------------------------------

new_case <- function(target, indicator, region, readings, asked) {
  case <- new.env()
  case$target <- target; case$indicator <- indicator; case$region <- region; case$asked <- asked
  case$kind <- target$kind
  case$value <- number(target$value)
  case$last <- year_of(if (case$kind == "reach") target$by else target$until)  # tT, 0: none
  case$t0 <- year_of(target$baseline_year)
  case$years <- readings[readings$year <= asked$last_year & (case$last == 0 | readings$year <= case$last), ]
  case$has_latest <- nrow(case$years) > 0
  newest <- which.max(case$years$year)
  case$year <- if (case$has_latest) case$years$year[newest] else NA_integer_  # t
  case$latest_value <- case$yt <- if (case$has_latest) case$years$value[newest] else NA_real_
  case$latest_upload <- if (case$has_latest) case$years$upload[newest] else ""
  case$closed <- case$has_latest && case$year == case$last && case$kind != "statement"
  case$reasons <- case$milestones <- character()
  case$numbers <- list()
  case$status <- case$reason <- ""
  case$target_at <- case$gap <- case$needed <- NA_real_
  case$early <- case$pending <- case$ahead <- case$old <- FALSE
  check_start(case)
  case
}

# The reasons that are the same for every method.
check_start <- function(case) {
  t <- case$target; day <- case$asked$day
  if (day < t$in_force_from || t$in_force_until != "" && day > t$in_force_until && !case$closed) fail(case, "not_in_force")
  if (is.null(case$indicator)) return()
  for (basis in c("counted", "price")) {
    if (t[[basis]] != "" && t[[basis]] != case$indicator[[basis]]) fail(case, "different_basis")
  }
  if (!case$has_latest) {
    fail(case, "too_few_readings")
  } else if (!case$closed) {
    age <- case$asked$year - case$year
    case$old <- age > 1 && age <= 5
    if (age > 5) fail(case, "stale")
  }
  said <- c(t$bound, t$direction, case$indicator$direction)
  said <- said[said != ""]
  case$d <- if (length(said)) c(at_least = 1, up = 1, at_most = -1, down = -1)[[said[1]]] else 0
}

fail <- function(case, reason) {
  case$reasons <- c(case$reasons, reason)
  invisible(NULL)
}

# .case, since R completes names: a number called c would be taken for case.
note <- function(.case, ...) .case$numbers <- modifyList(.case$numbers, list(...))

at <- function(case, year) {
  found <- case$years$value[case$years$year == year]
  if (length(found)) found else NA_real_
}

check_break <- function(case, after, up_to) {
  if (any(case$years$is_break & case$years$year > after & case$years$year <= up_to)) fail(case, "series_break")
}

# y0: the value that the document states for its own region, else the reading of t0.
baseline <- function(case) {
  y0 <- number(case$target$baseline_value)
  if (is.na(y0) || case$region != case$target$region) y0 <- at(case, case$t0)
  if (!is.na(y0)) note(case, t0 = case$t0, y0 = y0)
  y0
}

note_latest <- function(case) if (!is.na(case$yt)) note(case, t = case$year, yt = case$yt)

# T, and from it the gap and what is needed a year; not across different bases.
aim <- function(case, T) {
  note(case, T = T)
  if ("different_basis" %in% case$reasons || !is.finite(T)) return()
  case$target_at <- T
  if (!is.na(case$yt) && is.finite(T - case$yt)) {
    case$gap <- rounded(T - case$yt)
    if (case$last > case$year) case$needed <- rounded(case$gap / (case$last - case$year))
  }
}

# Half the width of a band, in units.
tolerance <- function(case, middle) {
  width <- number(case$target$tolerance)
  if (case$target$tolerance_unit == "percent") abs(middle) * width / 100 else width
}

# The first reason that holds, else the status. Only a miss may be infinite.
finish <- function(case) {
  for (name in names(case$numbers)) {
    v <- case$numbers[[name]]
    if (!is.finite(v) && (name != "miss" || is.nan(v))) {
      case$numbers[[name]] <- NULL
      fail(case, "undefined")
    }
  }
  if (case$status == "") fail(case, "undefined")
  if (length(case$reasons)) {
    case$status <- "not_assessed"
    case$reason <- REASONS[min(match(case$reasons, REASONS))]
    case$ahead <- FALSE
  } else {
    case$early <- case$status == "achieved" && case$year < case$last
    case$pending <- !case$closed && case$last > 0 && case$last <= case$asked$over_year
  }
  case
}
