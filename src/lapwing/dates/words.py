"""The closed vocabulary of English time expressions: which words a rule may name, and what each one means.

Tables only. `expressions` joins them; a word may stand in several (``second`` is an ordinal and a unit, ``fall`` a
season). Names of months, weekdays and seasons of the calendar count only with a capital letter, so that "may" and
"march" do not.
"""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
    "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
MONTH_ABBREVIATIONS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
WEEKDAYS: Final = {
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
}  # fmt: skip
WEEKDAY_ABBREVIATIONS: Final = {
    "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 7,
}  # fmt: skip
SEASONS: Final = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
SEASON_PLURALS: Final = {"springs": "SP", "summers": "SU", "autumns": "FA", "winters": "WI"}

#: unit → letter of the TIMEX3 duration; those of the clock stand after a T
UNITS: Final = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "week": "W", "fortnight": "2W", "month": "M",
    "quarter": "Q", "year": "Y", "decade": "E", "century": "C",
}  # fmt: skip
UNIT_PLURALS: Final = {
    "seconds": "TS", "minutes": "TM", "hours": "TH", "days": "D", "weeks": "W", "fortnights": "2W", "months": "M",
    "quarters": "Q", "years": "Y", "decades": "E", "centuries": "C", "weekends": "WE", "nights": "D",
}  # fmt: skip
PARTS_OF_DAY: Final = {
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "dawn": "MO", "daybreak": "MO", "dusk": "EV",
}  # fmt: skip
ONES: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
TEENS: Final = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
#: decades spoken of without their century
DECADE_WORDS: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
VAGUE_COUNTS: Final = frozenset(
    {"several", "few", "many", "some", "numerous", "dozens", "scores", "hundreds", "multiple"}
)

EARLY: Final = frozenset({"early", "beginning", "start"})
MIDDLE: Final = frozenset({"mid", "middle"})
LATE: Final = frozenset({"late", "end"})

#: words that set the direction of the clause they stand in
FUTURE_CUES: Final = frozenset({
    "will", "shall", "won't", "we'll", "he'll", "she'll", "they'll", "it'll", "i'll", "you'll", "going", "expected",
    "expects", "expect", "plans", "plan", "planned", "planning", "scheduled", "due", "set", "intends", "intend",
    "hopes", "hope", "aims", "upcoming", "would", "slated", "anticipates", "anticipated", "forecast", "predicts",
    "projected", "must", "should", "may", "might", "can", "could", "effective", "payable", "until", "till", "begins",
    "starts", "resumes", "opens", "expires",
})  # fmt: skip
PAST_CUES: Final = frozenset({
    "was", "were", "had", "did", "didn't", "wasn't", "weren't", "said", "told", "came", "went", "took", "made", "saw",
    "began", "won", "lost", "left", "met", "got", "gave", "held", "fell", "rose", "kept", "sent", "spent", "brought",
    "led", "paid", "became", "found", "thought", "knew", "built", "fought", "shot", "struck", "spoke", "wrote",
    "drove", "flew", "broke", "chose", "ran", "sat", "stood", "threw", "sold", "bought", "caught", "felt", "heard",
    "shook", "stole", "swore", "has", "have", "been", "since", "grew", "blew", "withdrew", "drew", "hit", "fled",
    "sought", "slew", "sank", "sprang", "rang", "overthrew", "burnt", "dealt", "forbade", "forgave", "froze", "hid",
    "laid", "lit", "rode", "sang", "slid", "wore",
})  # fmt: skip
#: words that point to the future only before "to" or "for"
NEEDS_INFINITIVE: Final = frozenset({"plan", "plans", "planned", "set", "hope", "hopes", "forecast", "projected"})
#: words before a bare four-figure number or an ambiguous "May" that make it a date
DATE_PREPOSITIONS: Final = frozenset({
    "in", "since", "by", "during", "until", "till", "before", "after", "from", "to", "through", "throughout", "of",
    "for", "late", "early", "mid", "last", "next", "this", "and", "between", "or", "around", "about", "than", "as",
    "on", "past", "each", "every", "spring", "summer", "autumn", "fall", "winter", "again", "previous", "end",
    "beginning",
})  # fmt: skip
#: nouns after a four-figure number that make it a count and no year
COUNTED: Final = frozenset({
    "people", "troops", "soldiers", "men", "women", "children", "civilians", "refugees", "miles", "kilometers",
    "kilometres", "km", "feet", "tons", "tonnes", "meters", "metres", "dollars", "euros", "pounds", "yen", "francs",
    "marks", "workers", "shares", "jobs", "employees", "residents", "members", "officers", "police", "fighters",
    "homes", "houses", "students", "percent", "gmt", "hours", "years", "days", "months", "weeks", "minutes",
    "protesters", "demonstrators", "prisoners", "points", "barrels", "acres", "hectares", "times", "votes",
    "passengers", "migrants", "cases", "deaths", "local", "metric", "million",
})  # fmt: skip
#: signs before a four-figure number that make it no year, and prepositions that make an unlikely one a year
BEFORE_NUMBERS: Final = frozenset({"$", "£", "€", "#", "no", "number", "%", "/", ":", "&", "+"})
BEFORE_YEARS: Final = frozenset({"in", "since", "from", "until", "by", "of", "during", "before", "after", "("})
APPROXIMATORS: Final = frozenset(
    {"nearly", "almost", "about", "around", "roughly", "approximately", "some", "just", "barely", "over", "only"}
)
#: shortened words whose full stop ends no sentence
ABBREVIATIONS: Final = frozenset({
    "mr", "mrs", "ms", "dr", "gen", "sen", "rep", "st", "lt", "col", "sgt", "gov", "adm", "prof", "maj", "capt", "jr",
    "sr", "rev", "pres", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "inc",
    "corp", "co", "ltd", "vs", "no",
})  # fmt: skip
#: first and last day of the World Wars (declaration of war on Serbia to armistice; attack on Poland to Japan's
#: surrender)
WORLD_WARS: Final = ("1914-07-28/1918-11-11", "1939-09-01/1945-09-02")
