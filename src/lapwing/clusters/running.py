"""x"""

from lapwing.clusters.comparison import contested


def compatible_groups(tellings):
    def compatible(one, other):
        by = {}
        for m in one:
            by.setdefault(tellings[m].doc, []).append(tellings[m])
        return all(contested(t, tellings[m]) for m in other for t in by.get(tellings[m].doc, ()))

    return compatible
