"""Write ``codebook.json`` from the YAML files: ``python -m lapwing.codebook.bake``. Same YAML, same bytes."""

from __future__ import annotations

from pathlib import Path

import msgspec

from lapwing.codebook import BAKED, FOLDER
from lapwing.codebook.yaml_files import read_folder


def bake(folder: Path = FOLDER) -> bytes:
    """The bytes of ``codebook.json`` for the YAML files of `folder`. Raises KnowledgeError where one is wrong."""
    return msgspec.json.encode(read_folder(folder), order="deterministic") + b"\n"


if __name__ == "__main__":
    BAKED.write_bytes(bake())
