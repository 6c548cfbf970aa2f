-- DuckDB scans the column instead.

CREATE INDEX documents_id ON documents (id);
