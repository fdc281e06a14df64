"""Which words are written with a hyphen, for words that a printed line's end divides at one."""

import re
from typing import Final

_AFTER_ANY_WORD: Final = frozenset(
    (
        "owned based backed related linked sponsored controlled funded style minded driven oriented specific friendly "
        "affiliated aligned imposed supported occupied trained designed manufactured produced financed traded powered "
        "intensive dependent neutral hungry strapped exporting importing producing sensitive stricken resistant averse "
        "conscious adjusted weighted denominated launched guided elected affected либо нибудь таки"
    ).split()
)
"""Second parts of compounds that are written with a hyphen whatever the first part is, which is a whole word."""
_PREFIXES: Final = frozenset(
    "be un over under out up re in im mis fore inter through with dis en em sub trans super cor sur".split()
)
"""Syllables that form one word with such a second part."""
_FRENCH_VERBS: Final = "dit a est fait peut va sera était avait semble faut dira sait doit explique précise ajoute"
_PEOPLE: Final = re.compile(r".{2,}(?:ese|ish|ian|ean|can)")
"""Ends of adjectives of nations, which begin with a small letter in texts in small letters."""
_AFTER_PEOPLE: Final = frozenset("made led run born speaking owned".split())
_PAIRS: Final = {
    "day": "present latter modern same next every last",
    "time": "full part real first half long all one mean record peak prime",
    "term": "long short mid medium near longer shorter fixed",
    "level": "high low top mid entry senior lower higher ground",
    "made": "man self custom purpose ready well tailor locally",
    "known": "well best little lesser",
    "up": "build start follow set shake sign round run line mock pick top tie close grown clean warm push wind cover",
    "off": "sell write one trade kick face spin rip play send far well better spun",
    "out": "all sold worn opt drawn",
    "in": "built drop check log plug break buy sit run drive trade shut",
    "on": f"add hands head early later try carry {_FRENCH_VERBS}",
    "down": "run broken top upside step watered",
    "led": "state government military export investor consumer",
    "run": "state long short family government dry first",
    "wide": "state company system industry economy community school",
    "free": "tax duty toll nuclear visa rent interest drug trouble smoke risk",
    "held": "hand long closely widely",
    "born": "foreign",
    "end": "high low year week front back dead open",
    "edge": "leading cutting",
    "range": "long short mid medium close",
    "scale": "large small full utility",
    "class": "first second third world middle working upper business",
    "old": "age year week month day decade century",
    "hit": "hard cash quake crisis",
    "sized": "mid medium",
    "rich": "oil resource gas cash mineral asset",
    "poor": "cash resource",
    "torn": "war",
    "wing": "left right",
    "proof": "future",
    "making": "decision policy peace",
    "sharing": "power information revenue data intelligence burden cost",
    "saving": "cost life labour labor energy",
    "looking": "forward backward good",
    "leaning": "left right",
    "hand": "second first left right",
    "line": "front first hard product",
    "being": "well",
    "border": "cross",
    "party": "third cross multi second",
    "profit": "non not",
    "called": "so",
    "income": "low high middle lower fixed",
    "speed": "high low top full",
    "tech": "high low",
    "ranking": "high low top",
    "risk": "high low at",
    "il": _FRENCH_VERBS,
    "elle": _FRENCH_VERBS,
    "ils": "ont sont disent veulent peuvent",
    "elles": "ont sont disent veulent peuvent",
    "nous": "avons sommes pouvons",
    "vous": "rendez êtes avez pouvez savez",
    "je": "suis ai dis",
    "ce": "est",
    "t": "va a dira fera aura sera y",
    "être": "peut bien mieux",
    "même": "lui elle eux soi nous vous moi toi",
    "mêmes": "eux elles nous vous",
    "là": "jusque",
    "parole": "porte",
    "ministre": "premier",
    "général": "secrétaire",
    "midi": "après",
    "se": "tornou trata refere encontra chama deve pode fez lembra",
    "lo": "vê fazê dizê",
    "la": "vê fazê",
    "то": "кто что какой где когда как почему куда чей",
    "за": "из",
    "под": "из",
}
"""First parts by second parts, where the pair has a hyphen and other words with that ending have none."""
_RESTS: Final = {
    "self": "ish less same hood",
    "well": "fare ness ington come",
    "ill": "ness egal ustrate ustration inois icit iterate usion",
    "long": "er est itude ing evity ed time shore",
    "short": "er est age ages ly en ened fall falls cut cuts hand list listed comings coming ening wave",
    "high": "er est ly way ways light lights land lands ness lighted lighting",
    "low": "er est ered ering land lands ly",
    "state": "ment ments less ly side hood craft room",
    "full": "est er ness y back",
    "half": "way back time penny heartedly",
    "cross": "ing ings ed es over road roads fire word bar",
    "non": "sense stop chalant descript theless etheless e fiction",
    "anti": "cipate cipated cipation biotic biotics body bodies trust dote que ques quity semitic semitism gen septic",
    "post": "pone poned er ers age al man graduate script ing ed card cards code codes office mark humous ure",
}
"""First parts of words with a hyphen, and the rests that form one word with them."""
_HYPHENATED: Final = frozenset("quasi anglo sino porte celui celle ceux celles кое юго северо военно".split())
"""First parts that have a hyphen whatever follows."""
_NUMBERS: Final = frozenset(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred".split()
)
_UNITS: Final = frozenset(
    (
        "year years month months week weeks day days hour hours minute minutes part way third thirds quarter quarters "
        "fifth fifths storey story time times digit party member nation state step man person page point points "
        "bedroom seat star term mile metre meter kilometre kilometer tier track speed pronged dimensional legged "
        "wheeled judge percent one two three four five six seven eight nine first second fourth"
    ).split()
)
_ORDINALS: Final = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
_OFFICES: Final = frozenset(
    (
        "president minister ministers premier chief chiefs soldier soldiers wife husband spy king officer officers "
        "official officials director governor mayor chairman general employee employees member members prisoner "
        "prisoners boss chancellor head colleague girlfriend boyfriend partner policeman ambassador leader leaders"
    ).split()
)
_TOGETHER: Final = frozenset(
    (
        "founder founders founded author authors authored chair chairman chairs pilot pilots worker workers owner "
        "owners owned defendant defendants director directors sponsor sponsors sponsored host hosts star stars "
        "conspirator conspirators writer producer accused leader leaders opted existence chief"
    ).split()
)


def is_compound(first: str, second: str) -> bool:
    """Whether two parts in small letters form a word with a hyphen. `first` has no hyphen."""
    if first in _NUMBERS:
        return second in _UNITS
    if first in _HYPHENATED or (first in _ORDINALS and second.endswith("est")):
        return True
    if first in ("ex", "vice"):
        return second in _OFFICES
    if first == "co":
        return second in _TOGETHER
    if first in ("re", "по"):
        return bool(re.match("e[lmnsxvd]", second) or second.endswith("ски"))
    if first in _RESTS:
        return len(second) > 2 and second not in _RESTS[first].split()
    if first in _PAIRS.get(second, "").split() or (second in _AFTER_PEOPLE and _PEOPLE.fullmatch(first)):
        return True
    return second in _AFTER_ANY_WORD and first not in _PREFIXES and len(first) > 2
