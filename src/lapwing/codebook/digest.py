"""A fingerprint of the codebook's YAML files, so that a baked copy can tell whether it is current."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and bytes of the YAML files of `folder`, line ends made alike."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()
