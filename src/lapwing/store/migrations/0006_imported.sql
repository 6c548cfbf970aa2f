-- Events of other data sets, beside Lapwing's own and never among them. Both engines run this file as it is.

-- What POLECAT, ICEWS and GDELT files hold: one row each, in PLOVER's codes. No table of records refers to it.
CREATE TABLE imported (
    origin TEXT NOT NULL,               -- the data set: `polecat`, `icews` or `gdelt`
    id TEXT NOT NULL,                   -- its id there (ICEWS: id and day); with `origin` it is there once
    event TEXT,                         -- PLOVER's type; empty where PLOVER has none for the act
    mode TEXT,
    contexts TEXT[] NOT NULL,
    quad INTEGER,
    score DOUBLE PRECISION,
    scale TEXT NOT NULL,                -- the scale of `score`: `plover` or `goldstein`
    code TEXT,                          -- CAMEO's code, where the data set has one
    status TEXT,                        -- empty: none of these sets tells whether the act happened
    day DATE,
    actor TEXT,                         -- country, by PLOVER's codes
    actor_sector TEXT,
    actor_name TEXT,
    recipient TEXT,                     -- country
    recipient_sector TEXT,
    recipient_name TEXT,
    place TEXT,
    place_country TEXT,                 -- ISO 3166-1 alpha-3
    place_precision TEXT,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    geonameid BIGINT,
    outlet TEXT,
    url TEXT,
    published TEXT,                     -- ISO 8601
    lang TEXT,
    run BIGINT NOT NULL,                -- the run that wrote it
    cells JSON NOT NULL                 -- the row as it was, by column
);

-- Who did what to whom by all origins, side by side: `origin` is `lapwing` for dyads of records, else as in `imported`.
CREATE VIEW side_by_side AS
    SELECT 'lapwing' AS origin, actor, actor_sector, recipient, recipient_sector, event, quad, score, 'plover' AS scale, status, day
    FROM judged_dyads
    UNION ALL
    SELECT origin, actor, actor_sector, recipient, recipient_sector, event, quad, score, scale, status, day
    FROM imported;
