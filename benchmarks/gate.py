"""The quality gate: measured figures against pinned floors.

    python benchmarks/gate.py ../shared [--only TASK] [--json FILE]

`floors.json` names each set, its fingerprint and the lowest figure that is let in ("at most" for errors). A floor is raised when
the coder gets better, and never lowered to get a change in. Where the folder is absent the gate says so and passes, since the sets
are not part of the project. Ends with 1 when a figure lies below its floor or a set is not the one that was pinned.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from lapwing.evaluation import run_task


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """A set: the task, its paths under the folder, the floors by figure ("dyad.f1"), ceilings, and its fingerprint."""

    task: str
    paths: list[str]
    floors: dict[str, float]
    ceilings: dict[str, float] = {}
    sha256: str | None = None


def load_pins() -> dict[str, Pin]:
    """The pinned sets by name."""
    return msgspec.json.decode(Path(__file__).with_name("floors.json").read_bytes(), type=dict[str, Pin])


def fingerprint(paths: list[Path]) -> str:
    """A digest of all files under `paths`, by name and content."""
    digest = hashlib.sha256()
    for path in paths:
        for file in [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file()):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def figure(figures: dict[str, Any], name: str) -> float:
    """A figure by its dotted name; of a pair (value, count) the value."""
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    return float(value[0] if isinstance(value, (list, tuple)) else value)


def check(name: str, pin: Pin, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Complaints about a set, and its figures."""
    paths = [folder / p for p in pin.paths]
    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        return [f"{name}: {', '.join(missing)} is missing"], {}
    complaints = []
    if pin.sha256 and fingerprint(paths) != pin.sha256:
        complaints.append(f"{name}: the data is not what was pinned ({pin.sha256}, now {fingerprint(paths)})")
    begun = time.time()
    figures, _ = run_task(pin.task, [str(p) for p in paths])
    print(f"{name}  ({time.time() - begun:.0f} s)")
    for key, line in pin.floors.items():
        value = figure(figures, key)
        print(f"  {key:28s} {value:.4f}   floor {line:.4f}   {'ok' if value >= line else 'BELOW'}")
        if value < line:
            complaints.append(f"{name}: {key} is {value:.4f}, below the floor {line:.4f}")
    for key, line in pin.ceilings.items():
        value = figure(figures, key)
        print(f"  {key:28s} {value:.4f}   at most {line:.4f} {'ok' if value <= line else 'ABOVE'}")
        if value > line:
            complaints.append(f"{name}: {key} is {value:.4f}, above {line:.4f}")
    return complaints, figures


def main() -> int:
    """Run the gate; 0 when all figures hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", help="measure this set alone (may be repeated)")
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        print(f"gate: skipped, {arguments.folder} is not there (the sets are not part of the project)")
        return 0
    complaints: list[str] = []
    everything: dict[str, Any] = {}
    for name, pin in load_pins().items():
        if not arguments.only or name in arguments.only:
            found, everything[name] = check(name, pin, arguments.folder)
            complaints += found
    if arguments.json:
        arguments.json.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf8")
    print("\n".join(complaints) or "gate: all figures hold")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
