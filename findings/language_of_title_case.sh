#!/usr/bin/env bash
# py3langid takes English headlines in title case for French, Frisian, Occitan, Luxembourgish or Afrikaans.
#
# Surprise: short texts are known to be hard to identify, but here the words are the same and only their case decides. Each
# headline is English for py3langid as a sentence, in capitals and in lower case. With a capital on each word, as
# headlines are often written, it is another language. Not every headline is affected.
# Who is hurt: anyone who chooses a stemmer or stop words, or filters articles, by the language of a headline.
# Seen with py3langid 0.4.0, numpy 2.4.6 on 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps py3langid==0.4.0 numpy==2.4.6 \
  >pip.log 2>&1 || { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import sys
from importlib.metadata import version

import py3langid

EXPECTED = {
    "Fire Closes Main Rail Line": "fr",
    "Ferry Sinks Off Coast": "fy",
    "Parliament Passes New Budget": "oc",
    "Senate Passes Farm Bill": "lb",
    "Steel Maker Closes Plant": "af",
    "Court Upholds Water Tax": "en",
}


def language(text: str) -> str:
    return py3langid.classify(text)[0]


print(f"py3langid {version('py3langid')}, numpy {version('numpy')}")
seen = {}
for line in EXPECTED:
    seen[line] = language(line)
    plain, upper, lower = language(line.capitalize()), language(line.upper()), language(line.lower())
    print(f"{line:30} {seen[line]}; as a sentence {plain}, in capitals {upper}, in lower case {lower}")
    if {plain, upper, lower} != {"en"}:
        sys.exit("The behaviour has changed.")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
PYTHON
env/bin/python probe.py
