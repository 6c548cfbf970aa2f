-- What `lapwing watch` has to remember from one look at a feed to the next. Both engines run this file as it is.

-- Feeds that were asked for, and pages of theirs that could not be had: when to ask again, and by what a server knows the
-- version that was seen last. A page that was stored stands in `documents` instead.
CREATE TABLE visits (
    url TEXT PRIMARY KEY,
    visited TIMESTAMP NOT NULL,         -- when it was asked for last
    due TIMESTAMP NOT NULL,             -- not to be asked for before
    failures INTEGER NOT NULL,          -- how often in a row it could not be had
    reason TEXT,                        -- why, the last time
    etag TEXT,                          -- the feed's version, as its server names it
    modified TEXT                       -- when the feed changed, as its server says
);

-- How far the rules for signals have looked.
CREATE TABLE watermarks (
    name TEXT PRIMARY KEY,              -- the rule's name
    record BIGINT NOT NULL              -- records.seq of the last record that it looked at
);
