"""A program of its own: the text of a PDF from standard input, as JSON on standard output.

    python -P pdf_text.py MAX_CHARS MAX_MEMORY < article.pdf

It imports nothing of Lapwing, so that it starts fast, and gives up its right to more memory before it reads.
"""

import io
import json
import logging
import sys


def main() -> None:
    """Read, and tell the text or what is wrong."""
    max_chars, max_memory = (int(argument) for argument in sys.argv[1:3])
    logging.disable(logging.CRITICAL)
    _limit_memory(max_memory)
    json.dump(_told(sys.stdin.buffer.read(), max_chars), sys.stdout)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's limit of time is all there is
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _told(data: bytes, max_chars: int) -> dict[str, object]:
    try:
        from pypdf import PdfReader
    except ImportError:
        return {"error": "pypdf"}
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "it is locked by a password"}
        title = reader.metadata.title if reader.metadata else None
        return {"text": _text(reader.pages, max_chars), "title": str(title).strip() if title else None}
    except MemoryError:
        return {"error": "it needs too much memory, and is broken or hostile"}
    except Exception as error:  # pypdf raises whatever a broken file leads it to
        return {"error": f"it is damaged ({type(error).__name__}: {str(error)[:100]})"}


def _text(pages, max_chars: int) -> str:  # type: ignore[no-untyped-def]
    texts = []
    size = 0
    for page in pages:
        texts.append(page.extract_text())
        size += len(texts[-1])
        if size > max_chars:
            break
    return "\n\n".join(texts)


if __name__ == "__main__":
    main()
