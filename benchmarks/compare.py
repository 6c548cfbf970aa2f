"""Two versions of Lapwing, case by case: which gold events were won and which lost, and which false records came and went.

    lapwing code DOCS -f jsonl -o before.jsonl          # with one version
    lapwing code DOCS -f jsonl -o after.jsonl           # with the other
    python -m benchmarks.compare DOCS GOLD before.jsonl after.jsonl

A gold event stands at one of four levels: missed, found (type and sentence), dyad (actors and recipients too), sourced (status and
source too), as `lapwing.evaluation.gold` counts them. Averages hide that a change which wins ten events may lose nine; this shows both.
With ``--confusion`` and one file of records it prints which type was taken for which instead.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lapwing.evaluation.gold import (
    NEAR,
    GoldArticle,
    Match,
    Told,
    field_verdicts,
    figures_of_matches,
    match_article,
    read_gold,
    same_dyad,
    sentence_ranges,
    told_of_record,
)

LEVELS = ("missed", "found", "dyad", "sourced")


class Case(NamedTuple):
    """A gold event and how far each version got with it; `before` and `after` are the records that tell it, if any."""

    doc_id: str
    gold: Told
    levels: tuple[str, str]
    before: Told | None
    after: Told | None


def level_of(record: Told | None, gold: Told) -> str:
    """How far a record gets with the gold event that it is matched with."""
    if record is None:
        return "missed"
    if not same_dyad(record, gold):
        return "found"
    verdicts = field_verdicts(record, gold)
    return "sourced" if verdicts["status"] and verdicts["source"] else "dyad"


def cases(articles: Sequence[GoldArticle], before: Sequence[Match], after: Sequence[Match]) -> list[Case]:
    """One case per gold event, in the order of the articles."""
    found = []
    for article, first, second in zip(articles, before, after, strict=True):
        by_gold = [{j: match.records[i] for i, j in match.pairs} for match in (first, second)]
        for j, gold in enumerate(first.gold):
            told = (by_gold[0].get(j), by_gold[1].get(j))
            levels = (level_of(told[0], gold), level_of(told[1], gold))
            found.append(Case(article.document["doc_id"], gold, levels, *told))
    return found


def false_records(match: Match) -> set[tuple[str, int, str]]:
    """Records that tell no gold event: type, sentence and trigger."""
    used = {i for i, _ in match.pairs}
    return {(r.type, r.sentence, _trigger(r)) for i, r in enumerate(match.records) if i not in used}


def confusion(matches: Iterable[Match]) -> Counter[tuple[str, str]]:
    """How often a gold type was coded as which: (gold, coded). "–" is a gold event with no record near it that tells no other, or a
    record with no such gold event."""
    table: Counter[tuple[str, str]] = Counter()
    for match in matches:
        table.update((match.gold[j].type, match.records[i].type) for i, j in match.pairs)
        spare = [r for i, r in enumerate(match.records) if i not in {i for i, _ in match.pairs}]
        missed = [g for j, g in enumerate(match.gold) if j not in {j for _, j in match.pairs}]
        for gold in missed:
            near = [r for r in spare if abs(r.sentence - gold.sentence) <= NEAR]
            taken = min(near, key=lambda r: (abs(r.sentence - gold.sentence), not same_dyad(r, gold)), default=None)
            if taken is not None:
                spare.remove(taken)
            table[gold.type, taken.type if taken else "–"] += 1
        table.update(("–", record.type) for record in spare)
    return table


def confusion_table(table: Mapping[tuple[str, str], int]) -> str:
    """As Markdown: a row per gold type with its recall, the right ones, and what else it was taken for."""
    rows = ["| gold | n | right | coded as another type | missed |", "|---|---:|---:|---|---:|"]
    for kind in sorted({gold for gold, _ in table if gold != "–"}):
        its = Counter({coded: n for (gold, coded), n in table.items() if gold == kind})
        others = ", ".join(
            f"{c} {n}" for c, n in sorted(its.items(), key=lambda x: (-x[1], x[0])) if c not in (kind, "–")
        )
        rows.append(f"| {kind} | {sum(its.values())} | {its[kind]} | {others or '–'} | {its['–']} |")
    extra = ", ".join(f"{c} {n}" for (g, c), n in sorted(table.items(), key=lambda x: (-x[1], x[0])) if g == "–")
    return "\n".join([*rows, "", f"Records with no gold event near: {extra or 'none'}."])


def read_records(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The records of each article, by the article's id."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf8").splitlines():
        if line.strip():
            record = json.loads(line)
            found.setdefault(record["doc"]["id"], []).append(record)
    return found


def matches_of(articles: Sequence[GoldArticle], records: Mapping[str, list[dict[str, Any]]]) -> list[Match]:
    """Each article's records matched with its gold."""
    matches = []
    for article in articles:
        ranges = sentence_ranges(article.document["text"], article.document["sentences"])
        told = [told_of_record(r, ranges) for r in records.get(article.document["doc_id"], [])]
        matches.append(match_article(told, article.events))
    return matches


def report(articles: Sequence[GoldArticle], before: Sequence[Match], after: Sequence[Match]) -> str:
    """The comparison in words and lines."""
    found = cases(articles, before, after)
    moved = Counter(c.levels for c in found if c.levels[0] != c.levels[1])
    lines = [_figures(name, m) for name, m in (("before", before), ("after", after))]
    lines += [f"{a} → {b}: {n}" for (a, b), n in sorted(moved.items(), key=lambda x: (-x[1], x[0]))]
    for title, better in (("won", True), ("lost", False)):
        its = [c for c in found if c.levels[0] != c.levels[1] and _is_better(c) == better]
        lines += ["", f"{title}: {len(its)}", *map(_case_line, its)]
    lines += ["", *_false_lines(articles, before, after)]
    return "\n".join(lines)


def _figures(name: str, matches: Sequence[Match]) -> str:
    figures = figures_of_matches(matches)
    told = "  ".join(f"{level} {figures[level]['f1']:.3f}" for level in ("detect", "dyad", "sourced"))
    return f"{name:6s} {told}  ({figures['n']['pred']} records, {figures['n']['gold']} gold events)"


def _is_better(case: Case) -> bool:
    return LEVELS.index(case.levels[1]) > LEVELS.index(case.levels[0])


def _case_line(case: Case) -> str:
    told = [_told(t) for t in (case.before, case.after)]
    return (
        f"  {case.doc_id} s{case.gold.sentence} {case.levels[0]} → {case.levels[1]}: "
        f"gold {_told(case.gold)} | before {told[0]} | after {told[1]}"
    )


def _told(t: Told | None) -> str:
    if t is None:
        return "–"
    parties = " → ".join(_names(t.event.get(role)) for role in ("actors", "recipients"))
    source = t.event.get("source") or {}
    return f"{t.type} '{_trigger(t)}' {parties} [{t.status}, {source.get('name') or source.get('text') or 'no source'}]"


def _names(entities: Sequence[Mapping[str, Any]] | None) -> str:
    return ", ".join(str(e.get("country") or e.get("name") or e.get("text")) for e in entities or []) or "nobody"


def _trigger(t: Told) -> str:
    trigger = t.event.get("trigger") or ""
    return str(trigger.get("text") if isinstance(trigger, Mapping) else trigger)


def _false_lines(articles: Sequence[GoldArticle], before: Sequence[Match], after: Sequence[Match]) -> list[str]:
    gone, come = [], []
    for article, first, second in zip(articles, before, after, strict=True):
        was, now = false_records(first), false_records(second)
        name = article.document["doc_id"]
        gone += [f"  {name} s{s} {kind} '{trigger}'" for kind, s, trigger in sorted(was - now)]
        come += [f"  {name} s{s} {kind} '{trigger}'" for kind, s, trigger in sorted(now - was)]
    return [f"false records gone: {len(gone)}", *gone, "", f"false records new: {len(come)}", *come]


def main() -> None:
    """Compare two files of records, or show the confusions of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("records", type=Path, nargs="+")
    parser.add_argument("--confusion", action="store_true")
    arguments = parser.parse_args()
    articles = read_gold(arguments.docs, arguments.gold)
    matches = [matches_of(articles, read_records(path)) for path in arguments.records]
    if arguments.confusion:
        print(confusion_table(confusion(matches[-1])))
    elif len(matches) == 2:
        print(report(articles, *matches))
    else:
        parser.error("give two files of records, or one with --confusion")


if __name__ == "__main__":
    main()
