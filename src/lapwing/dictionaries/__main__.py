"""``python -m lapwing.dictionaries``: bakes the dictionaries' files into the one that is loaded."""

from __future__ import annotations

from lapwing.dictionaries import bake

if __name__ == "__main__":
    print(f"wrote {bake()}")
