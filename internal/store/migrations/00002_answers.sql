-- +goose Up
-- What a person said about a file, why what the checks ask about is right, and
-- when an approved upload is to be published.
ALTER TABLE upload ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN publish_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE upload_contents ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE upload_contents DROP COLUMN answers;
ALTER TABLE upload DROP COLUMN publish_at;
ALTER TABLE upload DROP COLUMN explanation;
