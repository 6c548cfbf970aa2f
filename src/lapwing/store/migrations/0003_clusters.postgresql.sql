-- What PostgreSQL needs beside: indexes.

CREATE INDEX sketches_doc ON sketches (doc);
CREATE INDEX likenesses_a ON likenesses (a);
CREATE INDEX likenesses_b ON likenesses (b);
CREATE INDEX copies_doc ON copies (doc);
CREATE INDEX compared_doc ON compared (doc);
CREATE INDEX judgements_a ON judgements (a);
