#!/usr/bin/env bash
# pdfminer.six splits common Hindi words: the sign above a syllable moves to a new paragraph with the rest of the sentence.
#
# Surprise: in words such as में ("in") and हैं ("are"), two signs of zero width follow each other. pdfminer.six joins two
# characters into a line only if their distance is less than char_margin times the wider of their widths. With two widths
# of zero this never holds, even where the characters overlap, so it returns "मे", an empty line and "ं कहा". No value of
# char_margin or line_overlap helps. After a character that has a width ("मंत्री", "लोगों") the sign stays in its place.
# pypdf and pdfium read the same file correctly.
# Who is hurt: anyone who matches words or quotes sentences from Hindi PDFs.
# Seen with pdfminer.six 20260107, reportlab 5.1.0, pypdf 7.1.1, pypdfium2 5.15.2 on 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps \
  reportlab==5.1.0 pillow==13.0.0 charset-normalizer==3.5.3 fontpkg-noto-sans-devanagari==2.7 pypdf==7.1.1 \
  pypdfium2==5.15.2 pdfminer.six==20260107 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 \
  >pip.log 2>&1 || { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import io
import sys
from importlib.metadata import files, version

import pypdf
import pypdfium2
from pdfminer.high_level import extract_text
from pdfminer.layout import LAParams
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = next(str(file.locate()) for file in files("fontpkg-noto-sans-devanagari") if file.suffix == ".ttf")
EXPECTED = {
    "मंत्री ने संसद में कहा": "मंत्री ने संसद मे\n\nं कहा",  # "The minister said in parliament"
    "केंद्र": "के\n\nंद्र",  # "the centre", that is the national government
    "हैं": "है\n\nं",  # "are"
    "लोगों को": "लोगों को",  # "to the people"
}
PARAMETERS = (LAParams(), LAParams(char_margin=100), LAParams(line_overlap=0.1), LAParams(line_overlap=0.9))


def written(line: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Noto", 14)
    canvas.drawString(72, 700, line)
    canvas.save()
    return buffer.getvalue()


pdfmetrics.registerFont(TTFont("Noto", FONT))
print(*(f"{name} {version(name)}" for name in ("pdfminer.six", "reportlab", "pypdf", "pypdfium2")), sep=", ")
changed = False
for line, expected in EXPECTED.items():
    pdf = written(line)
    mined = {extract_text(io.BytesIO(pdf), laparams=parameters).strip() for parameters in PARAMETERS}
    others = (
        pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().strip(),
        pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range(),
    )
    print(f"written      {line!r}\npdfminer.six {' or '.join(map(repr, sorted(mined)))}")
    print(f"pypdf        {others[0]!r}\npdfium       {others[1]!r}")
    changed |= mined != {expected} or others != (line, line)
if changed:
    sys.exit("The behaviour has changed.")
PYTHON
env/bin/python probe.py
