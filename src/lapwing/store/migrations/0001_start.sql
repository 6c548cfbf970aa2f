-- Documents, records, and what is said of them. Both engines run this file as it is.
-- A remark after a column or above a table goes into docs/reference/store.md. Times are UTC.

-- The runs of `lapwing ingest` and of other programs that write. `finished` is empty for a run that was cut off.
CREATE TABLE runs (
    seq BIGINT PRIMARY KEY,             -- counts from 1
    kind TEXT NOT NULL,                 -- what ran: `ingest`, …
    started TIMESTAMP NOT NULL,
    finished TIMESTAMP,
    inputs TEXT NOT NULL,               -- what it was given, as a JSON list
    coder_lapwing TEXT NOT NULL,        -- the program's version
    coder_model TEXT NOT NULL,          -- the model's name
    stored BIGINT,                      -- documents that were new
    recoded BIGINT,                     -- documents that were coded again
    unchanged BIGINT,                   -- documents that were there already, and were left alone
    failed BIGINT,                      -- inputs that could not be read or coded
    records BIGINT                      -- records written
);

-- The articles, one row for each text under each name. The same text from two places is two documents; a page that
-- changed is two as well. Nothing is overwritten but what a newer coding says of the article.
CREATE TABLE documents (
    seq BIGINT PRIMARY KEY,             -- counts from 1, in the order in which they came
    key TEXT NOT NULL UNIQUE,           -- a digest of `id` and `sha256`: what makes a document the same one
    id TEXT NOT NULL,                   -- its name in its source: a path, an address, a row's id
    sha256 TEXT NOT NULL,               -- of the text as given, in UTF-8
    length BIGINT NOT NULL,             -- characters of the text as given
    text TEXT,                          -- the text as given; empty where it was not to be kept
    given TEXT NOT NULL,                -- what the source said of it, as JSON: title, outlet, address, date and its basis
    title TEXT,                         -- this and the columns below are what the coder made of it
    outlet TEXT,
    url TEXT,
    published TEXT,                     -- ISO 8601 at the precision known
    published_basis TEXT,               -- `given`, `metadata` or `inferred`
    lang TEXT NOT NULL,                 -- ISO 639
    extracted BOOLEAN NOT NULL,         -- the text was taken out of a page, a PDF, …, so that no file holds it as it is
    coder_lapwing TEXT NOT NULL,        -- who coded it last
    coder_model TEXT NOT NULL,
    run BIGINT NOT NULL,                -- the run that stored it
    coded_run BIGINT NOT NULL           -- the run that coded it last
);

-- The sourced events, one row each: columns to filter by, and the whole record as JSON.
CREATE TABLE records (
    seq BIGINT NOT NULL,                -- counts from 1, never used twice; other tables call it `record`
    id TEXT NOT NULL,                   -- the record's own id; kept when a newer coder tells the same act
    doc BIGINT NOT NULL,                -- documents.seq
    event TEXT NOT NULL,                -- PLOVER's type
    mode TEXT,
    contexts TEXT[] NOT NULL,
    quad INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    status TEXT NOT NULL,               -- `happened`, `expected`, `hypothetical` or `denied`
    date_value TEXT,                    -- ISO 8601 at the precision known, or an interval
    date_precision TEXT,
    day_from DATE,                      -- the first day that `date_value` covers
    day_to DATE,                        -- the last one
    place TEXT,
    place_country TEXT,                 -- ISO 3166-1 alpha-3
    place_adm1 TEXT,
    place_precision TEXT,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    geonameid BIGINT,
    source TEXT,                        -- who vouches for it or denies it; empty: the article itself
    source_country TEXT,
    source_sector TEXT,
    source_kind TEXT,                   -- `direct`, `indirect` or `mixed`
    relay TEXT,                         -- the agency or outlet that the article had it from
    confidence DOUBLE PRECISION NOT NULL,
    coder_lapwing TEXT NOT NULL,
    coder_model TEXT NOT NULL,
    run BIGINT NOT NULL,                -- the run that wrote it
    record JSON NOT NULL                -- the whole record, but for `doc`, which `documents` holds
);

-- Who takes part in a record: one row for each actor, recipient and source.
CREATE TABLE entities (
    record BIGINT NOT NULL,             -- records.seq
    doc BIGINT NOT NULL,                -- documents.seq
    role TEXT NOT NULL,                 -- `actor`, `recipient` or `source`
    n INTEGER NOT NULL,                 -- its place among those of its role, from 1
    name TEXT,
    country TEXT,                       -- PLOVER's code
    sector TEXT,                        -- PLOVER's code
    sectors TEXT[] NOT NULL,
    wikidata TEXT,
    office TEXT,
    text TEXT,                          -- the words that name it in the article
    span_start INTEGER,                 -- their offsets in the text as given
    span_end INTEGER
);

-- Who to whom: one row for each distinct pair of an actor and a recipient of a record (a side that is not known, or that
-- the act does not have, is empty). What a series counts stands here, so that it needs no join.
CREATE TABLE dyads (
    record BIGINT NOT NULL,             -- records.seq
    doc BIGINT NOT NULL,                -- documents.seq
    actor TEXT,                         -- country
    actor_sector TEXT,
    recipient TEXT,                     -- country
    recipient_sector TEXT,
    event TEXT NOT NULL,
    quad INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    status TEXT NOT NULL,
    day DATE,                           -- records.day_from
    confidence DOUBLE PRECISION NOT NULL
);

-- What recoding did to records. The first coding of a document is not logged.
CREATE TABLE changes (
    seq BIGINT NOT NULL,                -- counts from 1
    run BIGINT NOT NULL,                -- the run that recoded
    made TIMESTAMP NOT NULL,
    doc BIGINT NOT NULL,                -- documents.seq
    kind TEXT NOT NULL,                 -- `added`, `changed`, `merged`, `split` or `retracted`
    record TEXT NOT NULL,               -- records.id: of the record that changed, or went, or came
    other TEXT,                         -- for `merged` the id that took it in, for `split` the id that it comes from
    fields TEXT[] NOT NULL,             -- for `changed`: the fields that differ
    before JSON,                        -- the record as it was, for `changed`, `merged` and `retracted`
    coder_lapwing TEXT NOT NULL,        -- who coded the document before
    coder_model TEXT NOT NULL
);

-- Inputs that could not be read or coded, each time that it was tried.
CREATE TABLE failures (
    run BIGINT NOT NULL,
    made TIMESTAMP NOT NULL,
    origin TEXT NOT NULL,               -- where it stood: a path, a line, an address
    reason TEXT NOT NULL
);

-- Pairs of records that were compared. Scores propose.
CREATE TABLE pairs (
    a BIGINT NOT NULL,                  -- records.seq, the smaller
    b BIGINT NOT NULL,                  -- records.seq, the larger
    score DOUBLE PRECISION NOT NULL,    -- how likely both tell the same act
    reasons JSON NOT NULL,              -- what spoke for and against it
    run BIGINT NOT NULL
);

-- Acts that several records tell.
CREATE TABLE clusters (
    id TEXT NOT NULL,
    summary JSON,                       -- what the reports say together
    run BIGINT NOT NULL                 -- the run that wrote it
);

-- Which records tell the act of a cluster. A record is in one cluster at most.
CREATE TABLE memberships (
    record BIGINT NOT NULL,             -- records.seq
    cluster TEXT NOT NULL,              -- clusters.id
    run BIGINT NOT NULL
);

-- What people decided of pairs. Rows are added, never changed: to take one back is a row that revokes it.
CREATE TABLE judgements (
    seq BIGINT NOT NULL,                -- counts from 1
    made TIMESTAMP NOT NULL,
    judge TEXT NOT NULL,                -- who decided
    kind TEXT NOT NULL,                 -- `event` (a and b are records.id) or `text` (documents.key)
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    verdict TEXT NOT NULL,              -- `same` or `different`
    note TEXT,
    revokes BIGINT                      -- judgements.seq of the decision that this one takes back
);

-- The last numbers given out; one row.
CREATE TABLE counters (
    documents BIGINT NOT NULL,
    records BIGINT NOT NULL,
    changes BIGINT NOT NULL
);

INSERT INTO counters (documents, records, changes) VALUES (0, 0, 0);
