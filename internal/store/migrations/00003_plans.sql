-- +goose Up
-- What was said of a file, for the next one of its shape; and which uploads were
-- submitted or published under it. An office is the list of its regions as JSON.
ALTER TABLE upload_contents ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '{}';

CREATE TABLE plan (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    regions TEXT NOT NULL,
    shape   TEXT NOT NULL,
    places  TEXT NOT NULL,
    answers TEXT NOT NULL,
    source  TEXT NOT NULL,
    stage   TEXT NOT NULL,
    author  TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX plan_shape ON plan (regions, shape) WHERE deleted = 0;
CREATE UNIQUE INDEX plan_name ON plan (regions, name) WHERE deleted = 0;

CREATE TABLE plan_use (
    plan   TEXT NOT NULL REFERENCES plan (id),
    upload TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (plan, upload)
) STRICT;

-- +goose Down
DROP TABLE plan_use;
DROP TABLE plan;
ALTER TABLE upload_contents DROP COLUMN fingerprint;
