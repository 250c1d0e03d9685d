-- The ledger: every reading of every upload, and the events that made it.
-- Rows are only ever added.

-- What publishers said about their batches.
CREATE TABLE upload (
  seq       INTEGER PRIMARY KEY, -- (ms since 2020 × 64) + instance, strictly increasing
  id        TEXT    NOT NULL UNIQUE,
  uploader  TEXT    NOT NULL,
  file      TEXT    NOT NULL,
  source    TEXT    NOT NULL,
  stage     TEXT    NOT NULL,
  reason    TEXT    NOT NULL,
  generated INTEGER NOT NULL,
  released  INTEGER NOT NULL,    -- Unix ms
  sha       TEXT    NOT NULL,    -- of the readings
  rows      INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_sha ON upload (sha);

-- What happened, in order. The newest moment is the version of the ledger.
CREATE TABLE event (
  at     INTEGER PRIMARY KEY,    -- Unix ms, strictly increasing
  upload INTEGER NOT NULL REFERENCES upload (seq),
  kind   TEXT    NOT NULL CHECK (kind IN ('publish', 'revert')),
  person TEXT    NOT NULL,
  note   TEXT    NOT NULL,
  UNIQUE (upload, kind)
) STRICT;

-- What an upload must hold: readers count against it.
CREATE TABLE part (
  upload    INTEGER NOT NULL REFERENCES upload (seq),
  indicator TEXT    NOT NULL,
  freq      TEXT    NOT NULL,
  rows      INTEGER NOT NULL,
  checksum  INTEGER NOT NULL,    -- 64 bits, sign and all
  PRIMARY KEY (upload, indicator, freq)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  id        INTEGER PRIMARY KEY,
  indicator TEXT NOT NULL,
  freq      TEXT NOT NULL,
  region    TEXT NOT NULL,
  UNIQUE (indicator, freq, region)
) STRICT;

-- The vintages. series and upload are not declared as references: two lookups a
-- row would slow a publish by a third, and readers hold every part against its
-- count and checksum anyway.
CREATE TABLE reading_log (
  series INTEGER NOT NULL,
  period INTEGER NOT NULL,       -- steps of the frequency since the year 0
  upload INTEGER NOT NULL,
  value  REAL    NOT NULL,       -- 0 where the status has no value
  status INTEGER NOT NULL,       -- character code of the status: char(status)
  PRIMARY KEY (series, period, upload)
) STRICT, WITHOUT ROWID;
