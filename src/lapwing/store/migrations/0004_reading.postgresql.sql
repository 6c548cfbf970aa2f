-- What PostgreSQL needs beside: indexes for the orders that pages are read in, and for the map.

CREATE INDEX records_newest ON records (day_from DESC NULLS LAST, seq);
CREATE INDEX records_confidence ON records (confidence, seq);
CREATE INDEX records_country ON records (place_country);
