-- What PostgreSQL needs beside: indexes.

CREATE UNIQUE INDEX imported_id ON imported (origin, id);
CREATE INDEX imported_pair ON imported (actor, recipient, day);
CREATE INDEX imported_day ON imported (day);
