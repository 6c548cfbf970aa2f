"""The label sets of all heads, in the order of their logits. Written into the package beside the model at export."""

from __future__ import annotations

UPOS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
XPOS = (
    "# $ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW GW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT POS PRP PRP$ RB RBR "
    "RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX ``"
).split()
DEPREL = (
    "acl acl:relcl advcl advcl:relcl advmod amod appos aux aux:pass case cc cc:preconj ccomp compound compound:prt conj cop csubj "
    "csubj:outer csubj:pass dep det det:predet discourse dislocated expl fixed flat goeswith iobj list mark nmod nmod:desc "
    "nmod:poss nmod:unmarked nsubj nsubj:outer nsubj:pass nummod obj obl obl:agent obl:unmarked orphan parataxis punct reparandum "
    "root vocative xcomp"
).split()
NAMES = ["O", *(f"{p}-{t}" for t in ("PER", "ORG", "LOC", "MISC") for p in "BI")]
MENTIONS = "none abstract animal event object organization person place plant substance time".split()
SPANS = ["O", "B", "I"]
ATTRIBUTION = ["source", "cue", "content"]

TYPES = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()
TRIGGERS = ["none", *TYPES]
STATUSES = ["happened", "expected", "hypothetical", "denied"]
MODES_OF = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": (
        "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons "
        "crowd-control unconventional"
    ),
}
MODES = [f"{t}:{m}" for t in TYPES for m in ["-", *MODES_OF.get(t, "").split()]]
ROLES = ["actor", "recipient", "source", "place", "date"]
PAIRS = [
    *("ACCUSE AGREE AID ASSAULT COERCE CONSULT COOPERATE MOBILIZE PROTEST REJECT REQUEST SANCTION SUPPORT THREATEN YIELD".split()),
    "none",
]
"""The 15 classes of PLV (CONCEDE and RETREAT are YIELD) and "no relation"."""

SETS = {
    "upos": UPOS, "xpos": XPOS, "deprel": DEPREL, "names": NAMES, "mentions": MENTIONS, "spans": SPANS, "attribution": ATTRIBUTION,
    "triggers": TRIGGERS, "statuses": STATUSES, "modes": MODES, "roles": ROLES, "pairs": PAIRS,
}  # fmt: skip
