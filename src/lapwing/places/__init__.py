"""Place names → GeoNames, coordinates, precision; and the place of each act.

Two questions with two answers: `resolve_places` says which place a name means, `place_events` which place an act has.
Between them, `places.sites` says how each name stands in its sentence.
"""

from __future__ import annotations

from lapwing.places.acts import place_events
from lapwing.places.resolution import Resolution, resolve_places

__all__ = ["Resolution", "place_events", "resolve_places"]
