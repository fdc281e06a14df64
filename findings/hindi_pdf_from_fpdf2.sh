#!/usr/bin/env bash
# Hindi PDFs that fpdf2 writes with text shaping look right, but readers find control characters within their words.
#
# Surprise: set_text_shaping(True) is needed to draw Devanagari correctly. HarfBuzz then draws a syllable with several
# glyphs. fpdf2 assigns the text of the whole syllable to its first glyph in /ToUnicode and leaves the other glyphs out of
# that table. Readers handle those glyphs differently: pypdf and pdfium return their codes as control characters (pdfium
# drops some), and pdfminer.six writes (cid:N). Without shaping, all three return the text unchanged, but the page is drawn
# wrong.
# Who is hurt: anyone who searches, matches or deduplicates Hindi documents made with fpdf2.
# Seen with fpdf2 2.8.9, uharfbuzz 0.57.0, pypdf 7.1.1, pypdfium2 5.15.2, pdfminer.six 20260107 on 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps \
  fpdf2==2.8.9 uharfbuzz==0.57.0 defusedxml==0.7.1 fonttools==4.68.0 pillow==13.0.0 fontpkg-noto-sans-devanagari==2.7 \
  pypdf==7.1.1 pypdfium2==5.15.2 pdfminer.six==20260107 charset-normalizer==3.5.3 cryptography==50.0.2 cffi==2.1.1 \
  pycparser==3.12 >pip.log 2>&1 || { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import io
import sys
from importlib.metadata import files, version

import pypdf
import pypdfium2
from fpdf import FPDF
from pdfminer.high_level import extract_text

FONT = next(str(file.locate()) for file in files("fontpkg-noto-sans-devanagari") if file.suffix == ".ttf")
LINES = ("हिन्दी", "निर्वाचन आयोग", "विज्ञप्ति")  # "Hindi", "election commission", "press release"
EXPECTED = {
    (True, "हिन्दी"): ("हि\x02न्दी", "हिन्दी", "हि(cid:2)न्दी"),
    (True, "निर्वाचन आयोग"): ("नि\x02र्वा\x04\x05चन आयोग", "निर्वा\x04\x05चन आयोग", "नि(cid:2)र्वा(cid:4)(cid:5)चन आयोग"),
    (True, "विज्ञप्ति"): ("वि\x02ज्ञप्ति\x05\x06", "विज्ञप्ति\x05\x06", "वि(cid:2)ज्ञप्ति(cid:5)(cid:6)"),
    **{(False, line): (line, line, line) for line in LINES},
}


def written(line: str, shaping: bool) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("Noto", "", FONT)
    pdf.set_font("Noto", size=16)
    pdf.set_text_shaping(shaping)
    pdf.cell(text=line)
    return bytes(pdf.output())


def read(pdf: bytes) -> tuple[str, str, str]:
    return (
        pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().strip(" \n"),
        pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range(),
        extract_text(io.BytesIO(pdf)).strip(),
    )


print(*(f"{name} {version(name)}" for name in ("fpdf2", "uharfbuzz", "pypdf", "pypdfium2", "pdfminer.six")), sep=", ")
seen = {(shaping, line): read(written(line, shaping)) for shaping in (True, False) for line in LINES}
for (shaping, line), texts in seen.items():
    print(f"shaping {shaping}, written {line}")
    for reader, text in zip(("pypdf", "pdfium", "pdfminer.six"), texts, strict=True):
        print(f"  {reader:13} {text!r}{'' if text == line else '  DIFFERS'}")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
PYTHON
env/bin/python probe.py
