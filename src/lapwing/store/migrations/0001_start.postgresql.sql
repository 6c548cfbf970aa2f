-- What PostgreSQL needs beside: indexes (DuckDB scans columns instead) and its own full-text search (SQLite beside DuckDB).

CREATE INDEX records_seq ON records (seq);
CREATE INDEX records_id ON records (id);
CREATE INDEX records_doc ON records (doc);
CREATE INDEX records_day ON records (day_from, day_to);
CREATE INDEX records_event ON records (event, status);
CREATE INDEX entities_record ON entities (record);
CREATE INDEX entities_who ON entities (country, role);
CREATE INDEX dyads_record ON dyads (record);
CREATE INDEX dyads_pair ON dyads (actor, recipient, day);
CREATE INDEX changes_record ON changes (record);
CREATE INDEX pairs_a ON pairs (a);
CREATE INDEX pairs_b ON pairs (b);
CREATE INDEX memberships_record ON memberships (record);
CREATE INDEX memberships_cluster ON memberships (cluster);

-- The words of documents.
CREATE TABLE searches (
    doc BIGINT PRIMARY KEY,             -- documents.seq
    words TSVECTOR NOT NULL
);

CREATE INDEX searches_words ON searches USING gin (words);
