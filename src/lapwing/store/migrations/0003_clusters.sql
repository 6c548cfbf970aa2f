-- What `lapwing cluster` computes from texts and records: all of it can be computed again, but for `judgements` (0001).

-- What is compared of a text: little enough to keep of each.
CREATE TABLE sketches (
    doc BIGINT NOT NULL,                -- documents.seq
    size BIGINT NOT NULL,               -- distinct runs of four words
    words BIGINT[] NOT NULL,            -- MinHash of the runs, two entries to a number
    anchors BIGINT[] NOT NULL,          -- names and numbers in their order, hashed
    anchor_pairs BIGINT[] NOT NULL,     -- MinHash of neighbouring anchors, two entries to a number
    run BIGINT NOT NULL                 -- the run that wrote it
);

-- Pairs of documents whose texts are one. Scores propose.
CREATE TABLE likenesses (
    a BIGINT NOT NULL,                  -- documents.seq, the earlier
    b BIGINT NOT NULL,                  -- documents.seq, the later
    kind TEXT NOT NULL,                 -- `exact`, `copy`, `update` or `translation`
    score DOUBLE PRECISION NOT NULL,
    reasons JSON NOT NULL,              -- what spoke for it
    run BIGINT NOT NULL
);

-- Which documents repeat an earlier one. A document that is not here is an original.
CREATE TABLE copies (
    doc BIGINT NOT NULL,                -- documents.seq
    original BIGINT NOT NULL,           -- documents.seq of the first one with this text
    likest BIGINT NOT NULL,             -- documents.seq of the earlier one that it is likest
    kind TEXT NOT NULL,                 -- what it is of `likest`: as in `likenesses`, or `judged`
    run BIGINT NOT NULL
);

-- Which documents' records were compared with those of others.
CREATE TABLE compared (
    doc BIGINT NOT NULL,                -- documents.seq
    coded_run BIGINT NOT NULL,          -- documents.coded_run at that time
    method TEXT NOT NULL,               -- a digest of the rules' weights: other weights compare anew
    run BIGINT NOT NULL
);
