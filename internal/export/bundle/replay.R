# 按本文件夹中的数据和目标，重新得出每一项评估结果，列出与 assessments.csv 不同之处。
# Finds every verdict again from the files in this folder and prints what differs.
#
#     Rscript replay.R [FOLDER]        R 3.6 or later, no packages
#
# Ends with 0 where nothing differs, with 1 where something does, and where the
# files cannot be read. The rules of the methods are in case.R and rules.R.

invisible(Sys.setlocale("LC_COLLATE", "C"))  # moments are compared as texts
script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
home <- if (length(script)) dirname(script) else "."
for (part in c("case.R", "rules.R")) source(file.path(home, part), encoding = "UTF-8")
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else home

read <- function(name) {
  read.csv(file.path(folder, paste0(name, ".csv")), colClasses = "character", na.strings = character(),
           check.names = FALSE, encoding = "UTF-8", comment.char = "")
}

words <- function(text) {
  parts <- strsplit(text, " ", fixed = TRUE)[[1]]
  parts[parts != ""]
}

# What the verdicts were asked for. last_year is the last one whose reading may be
# used, over_year the last one that is over; without an as-of period all may be used.
read_asked <- function() {
  p <- read("parameters")
  p <- setNames(as.list(p$value), p$name)
  asked <- list(as_of = p$as_of, day = p$day, methods = words(p$methods))
  asked$period <- if (p$as_of_period != "") p$as_of_period else substr(p$day, 1, 4)
  asked$year <- as.integer(substr(asked$period, 1, 4))
  asked$last_year <- Inf
  asked$over_year <- asked$year - 1
  if (p$as_of_period != "") {
    month <- last_month(p$as_of_period)
    next_month <- as.Date(sprintf("%04d-%02d-01", asked$year + month %/% 12, month %% 12 + 1))
    asked$day <- format(next_month - 1)
    asked$last_year <- asked$over_year <- asked$year - (month != 12)
  }
  asked
}

# The last month of 2024, 2024-Q3, 2024-07 or 2024-01/P9M.
last_month <- function(period) {
  rest <- substring(period, 6)
  if (rest == "") return(12)
  if (grepl("/P", rest, fixed = TRUE)) return(as.integer(sub("M$", "", substring(rest, 5))))
  if (startsWith(rest, "Q")) return(as.integer(substring(rest, 2)) * 3)
  as.integer(rest)
}

# By indicator and region the yearly vintages that count and have a value. One
# counts if it was released by the as of and never taken back; one that was taken
# back counts only for an as of between publishing and that day. Of several that
# count the one released last does, then the one published last.
yearly_readings <- function(rows, as_of) {
  rows <- rows[nchar(rows$period) == 4, ]
  counts <- rows$reverted == ""
  if (as_of != "") {
    counts <- rows$released <= as_of & (counts | rows$published <= as_of & as_of < rows$reverted)
  }
  rows <- rows[counts, ]
  rows <- rows[order(rows$released, rows$published, as.numeric(rows$sequence)), ]
  key <- paste(rows$indicator, rows$region)
  rows <- rows[!duplicated(paste(key, rows$period), fromLast = TRUE) & rows$value != "", ]
  readings <- data.frame(year = as.integer(rows$period), value = as.numeric(rows$value),
                         is_break = rows$status == "B", upload = rows$upload)
  split(readings, paste(rows$indicator, rows$region))
}

# What the row of assessments.csv says otherwise than the replayed case.
compare <- function(case, row) {
  text <- function(v) if (length(v) == 0 || is.na(v)) "" else v
  mine <- list(status = case$status, reason = case$reason, as_of_period = case$asked$period,
               latest_period = text(as.character(case$year)), latest_value = case$latest_value, latest_upload = case$latest_upload,
               target_at = case$target_at, gap = case$gap, needed_per_year = case$needed,
               closed = case$closed, early = case$early, pending = case$pending, ahead = case$ahead, old = case$old,
               milestones = paste(case$milestones, collapse = " "))
  theirs <- row[names(mine)]
  for (part in words(row$numbers)) {
    pair <- strsplit(part, "=", fixed = TRUE)[[1]]
    name <- paste("the number", pair[1])
    theirs[[name]] <- pair[2]
    mine[[name]] <- if (is.null(case$numbers[[pair[1]]])) NA_real_ else case$numbers[[pair[1]]]
  }
  differs <- !mapply(agree, theirs, mine)
  sprintf("%s is '%s', replayed '%s'", names(mine), unlist(theirs), sapply(mine, as.character))[differs]
}

agree <- function(text, value) {
  if (is.logical(value)) return(text == tolower(value))
  if (is.character(value)) return(text == value)
  if (is.na(value)) return(text == "")
  if (text == "") return(FALSE)
  given <- as.numeric(text)
  given == value || is.finite(value) && abs(given - value) <= max(1e-9, 1e-9 * max(abs(given), abs(value)))
}

main <- function() {
  asked <- read_asked()
  series <- yearly_readings(read("readings"), asked$as_of)
  none <- data.frame(year = integer(), value = numeric(), is_break = logical(), upload = character())
  indicators <- read("indicators")
  indicators <- setNames(split(indicators, seq_len(nrow(indicators))), indicators$indicator)
  targets <- read("targets")
  verdicts <- read("assessments")
  names <- paste(verdicts$target, verdicts$region, paste0(verdicts$method, "@", verdicts$method_version))
  found <- if (anyDuplicated(names)) "a verdict stands twice in assessments.csv" else character()
  verdicts <- lapply(verdicts, identity)
  seen <- character()
  for (i in which(targets$superseded_by == "")) {
    target <- as.list(targets[i, ])
    for (region in c(target$region, words(target$reference_for))) {
      readings <- series[[paste(target$indicator, region)]]
      if (is.null(readings)) readings <- none
      for (method in asked$methods) {
        case <- assess(method, new_case(target, indicators[[target$indicator]], region, readings, asked))
        name <- paste(target$target, region, method)
        at <- match(name, names)
        differences <- if (is.na(at)) "not in assessments.csv" else compare(case, lapply(verdicts, `[`, at))
        if (length(differences)) found <- c(found, paste0(name, ": ", differences))
        seen <- c(seen, name)
      }
    }
  }
  extra <- setdiff(names, seen)
  if (length(extra)) found <- c(found, paste0(extra, ": in assessments.csv, but nothing that is assessed"))
  writeLines(c(found, sprintf("%d verdicts replayed, %d differences", length(seen), length(found))))
  quit(status = if (length(found)) 1 else 0)
}

main()
