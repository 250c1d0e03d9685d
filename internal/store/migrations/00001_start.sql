-- +goose Up
-- Moments are Unix milliseconds, 0 where there is none; lists are JSON.

CREATE TABLE user (
    name     TEXT PRIMARY KEY,
    role     TEXT NOT NULL,
    regions  TEXT NOT NULL,
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    created  INTEGER NOT NULL
) STRICT;

-- Who can read this table still cannot take over a session: only the hash of a
-- token is here.
CREATE TABLE session (
    token   BLOB PRIMARY KEY,
    data    BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX session_expires ON session (expires);

CREATE TABLE upload (
    id          TEXT PRIMARY KEY,
    state       TEXT NOT NULL,
    authors     TEXT NOT NULL,
    file        TEXT NOT NULL,
    file_sha    TEXT NOT NULL,
    content_sha TEXT NOT NULL,
    source      TEXT NOT NULL,
    stage       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    generated   INTEGER NOT NULL,
    released    INTEGER,
    indicators  TEXT NOT NULL,
    regions     TEXT NOT NULL,
    rows        INTEGER NOT NULL,
    faulty      INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    reverted    INTEGER NOT NULL,
    events      TEXT NOT NULL,
    -- what makes two open uploads the same: the readings, or for a file with
    -- errors the file
    content     TEXT NOT NULL GENERATED ALWAYS AS (iif(content_sha != '', content_sha, 'file ' || file_sha)) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX upload_open_content ON upload (content) WHERE state IN ('draft', 'submitted', 'publishing');

CREATE TABLE upload_contents (
    upload     TEXT PRIMARY KEY REFERENCES upload (id),
    understood TEXT NOT NULL,
    problems   TEXT NOT NULL,
    cells      BLOB NOT NULL
) STRICT;

CREATE TABLE upload_file (
    upload TEXT PRIMARY KEY REFERENCES upload (id),
    bytes  BLOB NOT NULL
) STRICT;

-- Catalogues by content, and since when each was in force: one may come back.
CREATE TABLE catalog (
    hash    TEXT PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE catalog_since (
    since INTEGER PRIMARY KEY,
    hash  TEXT NOT NULL REFERENCES catalog (hash)
) STRICT;

-- +goose Down
DROP TABLE catalog_since;
DROP TABLE catalog;
DROP TABLE upload_file;
DROP TABLE upload_contents;
DROP TABLE upload;
DROP TABLE session;
DROP TABLE user;
