-- What PostgreSQL needs beside: indexes.

CREATE INDEX reviews_document ON reviews (document);
CREATE INDEX reviewed_number ON reviewed (number);
CREATE INDEX reviewed_doc ON reviewed (doc);
CREATE INDEX revised_number ON revised (number);
CREATE INDEX revised_doc ON revised (doc);
CREATE INDEX revised_records_doc ON revised_records (doc);
CREATE INDEX revised_entities_record ON revised_entities (record);
CREATE INDEX revised_dyads_record ON revised_dyads (record);
