"""Write ``src/lapwing/analysis/lemmas.tsv``: the forms whose lemma the rules get wrong.

python -m training.lemmas DATA/ud/en_ewt-train.conllu DATA/ud/en_gum_ccby-train.conllu
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from lapwing.analysis import lemmas

IRREGULAR = """
arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become|begin began begun|bend bent bent
bet bet bet|bid bid bid|bind bound bound|bite bit bitten|bleed bled bled|blow blew blown|break broke broken|breed bred bred
bring brought brought|broadcast broadcast broadcast|build built built|burn burnt burnt|burst burst burst|buy bought bought
cast cast cast|catch caught caught|choose chose chosen|cling clung clung|come came come|cost cost cost|creep crept crept|cut cut cut
deal dealt dealt|dig dug dug|do did done|draw drew drawn|dream dreamt dreamt|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled|fling flung flung|fly flew flown
forbid forbade forbidden|foresee foresaw foreseen|forget forgot forgotten|forgive forgave forgiven|forgo forwent forgone
freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung hung|have had had|hear heard heard
hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept|kneel knelt knelt|know knew known|lay laid laid|lead led led
leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant|meet met met
mislead misled misled|mistake mistook mistaken|overcome overcame overcome|overrun overran overrun|oversee oversaw overseen
overtake overtook overtaken|overthrow overthrew overthrown|override overrode overridden|pay paid paid|put put put|quit quit quit
read read read|rebuild rebuilt rebuilt|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said|see saw seen
seek sought sought|sell sold sold|send sent sent|set set set|shake shook shaken|shed shed shed|shine shone shone|shoot shot shot
show showed shown|shrink shrank shrunk|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|slay slew slain|sleep slept slept
slide slid slid|speak spoke spoken|spend spent spent|spin spun spun|split split split|spread spread spread|stand stood stood
steal stole stolen|stick stuck stuck|sting stung stung|strike struck struck|strive strove striven|swear swore sworn
sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn
tell told told|think thought thought|throw threw thrown|tread trod trodden|undergo underwent undergone
understand understood understood|undertake undertook undertaken|undo undid undone|uphold upheld upheld|upset upset upset
wake woke woken|wear wore worn|weave wove woven|weep wept wept|win won won|withdraw withdrew withdrawn|withhold withheld withheld
withstand withstood withstood|wound wounded wounded|wring wrung wrung|write wrote written|rewrite rewrote rewritten
""".replace("\n", "|")
"""Irregular verbs of English: lemma, past, participle."""


def main() -> None:
    """Count (form, tag) → lemma over the treebanks, keep what the rules miss, add the irregular verbs."""
    counts: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for path in sys.argv[1:]:
        for line in Path(path).read_text(encoding="utf8").splitlines():
            c = line.split("\t")
            if len(c) == 10 and c[0].isdigit() and c[3] not in ("PROPN", "X", "PUNCT", "SYM", "NUM") and c[1].isascii():
                counts.setdefault((c[1].lower(), c[3]), Counter())[c[2].lower(), c[4]] += 1
    rows = {}
    for (form, upos), seen in sorted(counts.items()):
        (best, xpos), times = seen.most_common(1)[0]
        regular = lemmas.regular_lemma(form, upos, xpos)
        if form.replace("'", "").isalpha() and regular != best and (times > 1 or upos != "VERB"):
            rows[form, upos] = best
    for verb in filter(None, IRREGULAR.split("|")):
        base, past, participle = verb.split()
        for form in (past, participle):
            if (form, "VERB") not in rows:
                rows[form, "VERB"] = base
    out = Path(lemmas.__file__).with_name("lemmas.tsv")
    text = "".join(f"{form}\t{tag}\t{lemma}\n" for (form, tag), lemma in sorted(rows.items()))
    out.write_text(
        "# form, tag, lemma: what the rules get wrong on UD EWT and GUM, and irregular verbs\n" + text, encoding="utf8"
    )
    print(f"{len(rows)} exceptions -> {out.name}")


if __name__ == "__main__":
    main()
