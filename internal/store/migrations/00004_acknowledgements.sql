-- +goose Up
-- What was noted on warnings, with the warning as it was told: rows are never
-- changed or deleted. The message is {"zh": …, "en": …}.
CREATE TABLE acknowledgement (
    id      INTEGER PRIMARY KEY,
    warning TEXT NOT NULL,
    rule    TEXT NOT NULL,
    region  TEXT NOT NULL,
    target  TEXT NOT NULL,
    message TEXT NOT NULL,
    note    TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX acknowledgement_warning ON acknowledgement (warning);

-- +goose StatementBegin
CREATE TRIGGER acknowledgement_kept BEFORE DELETE ON acknowledgement
BEGIN SELECT RAISE(ABORT, 'acknowledgements are kept for ever'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER acknowledgement_unchanged BEFORE UPDATE ON acknowledgement
BEGIN SELECT RAISE(ABORT, 'acknowledgements are kept for ever'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE acknowledgement;
