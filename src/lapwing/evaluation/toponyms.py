"""How often is a place name put on the right spot? LGL and TR-News, in the XML of Gritta et al.

The toponyms are given; what is measured is their resolution with the packaged gazetteer. The figure is the share of
all annotated toponyms that have coordinates which are put within 161 km (100 miles) of them, as Leidner (2007) and
Speriosu & Baldridge (2013) measure; a name that stays unknown counts as wrong. For this figure alone a country or
division stands where the gazetteer has its representative point; a record never carries that.
"""

from __future__ import annotations

import math
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from lapwing.errors import EvaluationError
from lapwing.places import Resolution, resolve_places
from lapwing.places.outlets import country_of_outlet
from lapwing.records import Span

NEAR_KM = 161.0
EARTH_KM = 6371.0088


def evaluate_toponyms(path: Path) -> tuple[dict[str, float], list[dict[str, object]]]:
    """The figures for a file, and one item per toponym in its order, with `gold` and `pred`.

    Distances are in kilometres. Raises `EvaluationError`.
    """
    items = [item for article in articles(path) for item in resolved_article(article)]
    return figures(items), items


def articles(path: Path) -> Iterator[ET.Element]:
    """The articles of a file."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 (a data set that the user named)
    except (OSError, ET.ParseError) as error:
        raise EvaluationError(f"{path}: cannot be read as XML ({error}). Is it lgl.xml or TR-News.xml?") from error
    return iter(root.findall("article"))


def resolved_article(article: ET.Element) -> Iterator[dict[str, object]]:
    """Each toponym of an article with its prediction."""
    text = article.findtext("text") or ""
    toponyms = article.findall("toponyms/toponym")
    spans = [span_of(toponym) for toponym in toponyms]
    outlet = country_of_outlet(url=(article.findtext("domain") or "").strip())
    for toponym, resolution in zip(toponyms, resolve_places(text, spans, outlet_country=outlet), strict=True):
        yield {
            "doc": article.get("docid"),
            "text": resolution.span.text,
            "gold": gold_of(toponym),
            "pred": prediction_of(resolution),
        }


def span_of(toponym: ET.Element) -> Span:
    """A toponym's stretch of text."""
    return Span(
        int(toponym.findtext("start") or 0), int(toponym.findtext("end") or 0), toponym.findtext("phrase") or ""
    )


def gold_of(toponym: ET.Element) -> dict[str, object] | None:
    """The annotated place, or None where it has no coordinates."""
    tag = toponym.find("gaztag")
    lat, lon = (tag.findtext("lat"), tag.findtext("lon")) if tag is not None else (None, None)
    if tag is None or not lat or not lon:
        return None
    return {"lat": float(lat), "lon": float(lon), "geonameid": tag.get("geonameid"), "country": tag.findtext("country")}


def prediction_of(resolution: Resolution) -> dict[str, object] | None:
    """The predicted place, or None where it stays unknown."""
    spot = resolution.spot
    if spot is None:
        return None
    return {
        "lat": spot.lat,
        "lon": spot.lon,
        "geonameid": spot.geonameid or None,
        "name": spot.name,
        "country": spot.country or None,
    }


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance between two points over the globe (haversine).

    >>> round(kilometres(53.9, 27.57, 50.45, 30.52))
    433
    >>> round(kilometres(0, 179.5, 0, -179.5))
    111
    """
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def error_km(item: dict[str, object]) -> float | None:
    """How far a prediction is from the annotated place; None where there is no prediction with a point."""
    gold, pred = item["gold"], item["pred"]
    if not isinstance(gold, dict) or not isinstance(pred, dict) or pred["lat"] is None:
        return None
    return kilometres(gold["lat"], gold["lon"], pred["lat"], pred["lon"])


def same_country(item: dict[str, object]) -> bool:
    """Whether a prediction is in the annotated country."""
    gold, pred = item["gold"], item["pred"]
    if not isinstance(gold, dict) or not isinstance(pred, dict) or not pred["country"]:
        return False
    from lapwing.places.resolution import country_called

    named = country_called(str(gold["country"] or ""))
    return named is not None and named.country == pred["country"]


def figures(items: list[dict[str, object]]) -> dict[str, float]:
    """The figures over all toponyms that have coordinates."""
    located = [item for item in items if item["gold"] is not None]
    errors = [km for item in located if (km := error_km(item)) is not None]
    count = max(len(located), 1)
    return {
        "toponyms": float(len(located)),
        "accuracy_161km": sum(km <= NEAR_KM for km in errors) / count,
        "resolved": len(errors) / count,
        "mean_error_km": statistics.fmean(errors) if errors else 0.0,
        "median_error_km": statistics.median(errors) if errors else 0.0,
        "country_accuracy": sum(same_country(item) for item in located) / count,
    }
