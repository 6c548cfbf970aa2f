-- What pages that count acts read: which act a record tells, how many say so independently, mutual acts by their pairs.
-- Both engines run this file as it is.

ALTER TABLE memberships ADD COLUMN act BIGINT;       -- records.seq of the first record that tells the act
ALTER TABLE memberships ADD COLUMN origins INTEGER;  -- independent sources that tell it

UPDATE memberships SET
    act = (SELECT min(o.record) FROM memberships AS o WHERE o.cluster = memberships.cluster),
    origins = (SELECT json_array_length(c.summary->'origins') FROM clusters AS c WHERE c.id = memberships.cluster);

-- Until here a mutual act (several actors, no recipient) had a row for each actor alone.
DELETE FROM dyads WHERE record IN (SELECT e.record FROM entities AS e WHERE e.role = 'actor' AND e.n = 2)
    AND record NOT IN (SELECT e.record FROM entities AS e WHERE e.role = 'recipient');

INSERT INTO dyads (
    record, doc, actor, actor_sector, recipient, recipient_sector, event, quad, score, status, day, confidence
)
SELECT DISTINCT a.record, a.doc, a.country, a.sector, b.country, b.sector, r.event, r.quad, r.score, r.status, r.day_from,
    r.confidence
FROM entities AS a JOIN entities AS b ON b.record = a.record AND b.role = 'actor' AND b.n <> a.n
    JOIN records AS r ON r.seq = a.record
WHERE a.role = 'actor' AND a.record NOT IN (SELECT e.record FROM entities AS e WHERE e.role = 'recipient');

-- Questions to the store that a person keeps under a name: a page with its filters and its order.
CREATE TABLE views (
    name TEXT PRIMARY KEY,              -- what the person calls it
    page TEXT NOT NULL,                 -- which page it is of: `events`, `map`, …
    query TEXT NOT NULL,                -- the page's parameters, as an address has them after the question mark
    made TIMESTAMP NOT NULL,            -- when it was kept, or kept again
    maker TEXT                          -- who kept it, where that is known
);
