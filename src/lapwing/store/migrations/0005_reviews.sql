-- What reviewers decided of records and articles, and what follows from it. Both engines run this file as it is.

-- What people decided of records and articles. Rows are added, never changed: to take one back is a row that revokes it.
CREATE TABLE reviews (
    seq BIGINT NOT NULL,                -- counts from 1
    made TIMESTAMP NOT NULL,
    reviewer TEXT NOT NULL,             -- who decided
    document TEXT NOT NULL,             -- documents.key
    record TEXT,                        -- records.id, or the id that an added record was given; empty where `action` is `complete`
    number BIGINT,                      -- the record's number (records.seq) at that time
    action TEXT NOT NULL,               -- `accept`, `correct`, `delete`, `add`, `complete` or `undo`
    field TEXT,                         -- for `correct`: which field
    value JSON,                         -- for `correct` the fields that follow, by name; for `add` the whole record
    coded JSON,                         -- the record as the coder had it, or another reviewer added it, at that time
    note TEXT,                          -- why
    revokes BIGINT                      -- for `undo`: reviews.seq of the row that it takes back
);

-- Whose decision on which record stands: worked out from `reviews` whenever a row is added or a document is coded anew.
CREATE TABLE reviewed (
    number BIGINT,                      -- the record's number; empty for an article that is `complete`
    doc BIGINT NOT NULL,                -- documents.seq
    id TEXT,                            -- records.id
    reviewer TEXT NOT NULL,
    verdict TEXT NOT NULL               -- `accepted`, `corrected`, `deleted`, `added` or `complete`
);

-- The numbers of the records that are not told as the coder has them: deleted, or with a row in `revised_records`.
CREATE TABLE revised (
    number BIGINT NOT NULL,             -- as records.seq
    doc BIGINT NOT NULL                 -- documents.seq
);

-- A later column of `records`, `entities` or `dyads` is a later column of these, and the views are made anew with it.
CREATE TABLE revised_records AS SELECT * FROM records LIMIT 0;
CREATE TABLE revised_entities AS SELECT * FROM entities LIMIT 0;
CREATE TABLE revised_dyads AS SELECT * FROM dyads LIMIT 0;

CREATE VIEW judged_records AS
    SELECT r.* FROM records AS r WHERE NOT EXISTS (SELECT 1 FROM revised AS v WHERE v.number = r.seq)
    UNION ALL SELECT v.* FROM revised_records AS v;
CREATE VIEW judged_entities AS
    SELECT e.* FROM entities AS e WHERE NOT EXISTS (SELECT 1 FROM revised AS v WHERE v.number = e.record)
    UNION ALL SELECT v.* FROM revised_entities AS v;
CREATE VIEW judged_dyads AS
    SELECT dy.* FROM dyads AS dy WHERE NOT EXISTS (SELECT 1 FROM revised AS v WHERE v.number = dy.record)
    UNION ALL SELECT v.* FROM revised_dyads AS v;
