"""What can go wrong, as one tree.

    LapwingError
    ├── SourceError          an input could not be turned into an article
    │   ├── EmptyArticle       … it holds no text
    │   ├── NotText            … it is binary, or of a kind that is not read
    │   ├── BadLine            … a line of a JSONL or CSV file is malformed
    │   └── FetchError         … a URL did not answer, or answered with an error
    ├── FeedsError           a file that says what to watch is wrong
    ├── KnowledgeError       a codebook or dictionary file is wrong: says which file and line
    ├── ModelError           the packaged model is missing or damaged
    ├── StoreError           a store cannot be opened, read or written
    │   ├── StoreBusyError     … because another program has it open
    │   └── QueryError         … what was asked of it is wrong
    ├── ExportError          records could not be written where they were asked for
    └── EvaluationError      a data set given to ``lapwing evaluate`` cannot be read

A message says what happened, the probable cause, and what to do next. The core knows nothing of HTTP statuses.
"""


class LapwingError(Exception):
    """Any error that Lapwing raises on purpose."""


class SourceError(LapwingError):
    """An input could not be turned into an article."""


class EmptyArticle(SourceError):
    """The input holds no text."""


class NotText(SourceError):
    """The input is binary, or of a kind that Lapwing does not read."""


class BadLine(SourceError):
    """A line of a JSONL or CSV file is malformed."""


class FetchError(SourceError):
    """A URL did not answer, or answered with an error. `again_in` is after how many seconds it may be asked again, 0
    where the server did not say, and None where asking again will not help."""

    def __init__(self, message: str, *, again_in: float | None = None) -> None:
        super().__init__(message)
        self.again_in = again_in


class FeedsError(LapwingError):
    """A file that says what to watch is wrong; the message names the file and the entry."""


class KnowledgeError(LapwingError):
    """A codebook or dictionary file is wrong; the message names the file and the line."""


class ModelError(LapwingError):
    """The packaged model is missing or damaged."""


class StoreError(LapwingError):
    """A store cannot be opened, read or written."""


class StoreBusyError(StoreError):
    """Another program has the store open."""


class QueryError(StoreError):
    """What was asked of a store is wrong."""


class ExportError(LapwingError):
    """Records could not be written where they were asked for."""


class EvaluationError(LapwingError):
    """A data set given to ``lapwing evaluate`` cannot be read."""
