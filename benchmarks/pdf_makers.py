"""Prints the texts of tests/pdf_makers with every PDF maker that is installed: `make_documents` fills a folder.

Makers are programs (Chromium, LibreOffice, wkhtmltopdf, Apache FOP, groff, pango-view), packages of PyPI (typst,
WeasyPrint, reportlab, fpdf2, borb) and packages of npm (pdfkit, jsPDF, pdfmake) in the folder NODE_PATH.
.venv/bin/python -m benchmarks.pdf_makers FOLDER
"""

import importlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.pdf_documents import FEATURES, SOURCES, filled, texts

_FONTS: Final = {
    "Noto Serif": "NotoSerif-Regular.ttf",
    "Noto Naskh Arabic": "../dejavu/DejaVuSans.ttf",
    "Noto Serif Hebrew": "../dejavu/DejaVuSans.ttf",
    "Noto Serif Devanagari": "NotoSerifDevanagari-Regular.ttf",
}
"""TrueType files of the fonts, or others that have figures too, for makers that take no font by its name."""
_FONT_FOLDER: Final = Path("/usr/share/fonts/truetype/noto")
_EUROPEAN: Final = ("en", "de", "fr", "ru", "el")
_ALL: Final = (*_EUROPEAN, "ar", "he", "hi", "zh", "ja", "ko")
_SECONDS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """A program or package that makes PDFs. Each function returns the PDF."""

    name: str
    version: Callable[[], str]
    """Raises an exception if the maker is not installed."""
    plain: Callable[[dict[str, Any]], bytes]
    """Prints a text of texts.toml."""
    languages: tuple[str, ...] = _ALL
    """Those that the maker prints as they are written; the others lack their font or its shaping."""
    features: Callable[[dict[str, Any]], bytes] | None = None
    """Prints the document with notes, columns, a drop cap and lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document that a maker printed."""

    maker: str
    version: str
    language: str
    """A key of texts.toml, or FEATURES."""
    body: bytes


def make_documents(makers: "tuple[Maker, ...] | None" = None) -> Iterator[Made]:
    """Print every text with every maker, and say on standard error which makers are not there."""
    for maker in makers or MAKERS:
        try:
            version = maker.version()
        except (OSError, ImportError, subprocess.SubprocessError, importlib.metadata.PackageNotFoundError):
            print(f"{maker.name} is not installed", file=sys.stderr)
            continue
        for language in maker.languages:
            yield from _made(maker, version, language, maker.plain, texts()[language])
        if maker.features:
            yield from _made(maker, version, FEATURES, maker.features, texts()["en"])


def _made(
    maker: Maker, version: str, language: str, make: Callable[[dict[str, Any]], bytes], text: dict[str, Any]
) -> Iterator[Made]:
    try:
        yield Made(maker=maker.name, version=version, language=language, body=make(text))
    except (OSError, subprocess.SubprocessError, ValueError, RuntimeError) as error:
        print(f"{maker.name} {language}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)


def _run(arguments: list[str], *, stdin: bytes | None = None, cwd: str | None = None) -> bytes:
    environment = os.environ | {"HOME": cwd or os.environ.get("HOME", "/")}
    return subprocess.run(
        arguments, input=stdin, capture_output=True, check=True, timeout=_SECONDS, cwd=cwd, env=environment
    ).stdout


def _by_command(
    template: str, suffix: str, arguments: Callable[[str, str], list[str]]
) -> Callable[[dict[str, Any]], bytes]:
    """Return a function that fills a template and gives it to a program, by its input and output files."""

    def make(text: dict[str, Any]) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, output = Path(folder, f"in{suffix}"), Path(folder, "in.pdf")
            source.write_text(filled(template, text), encoding="utf-8")
            stdout = _run(arguments(str(source), str(output)), cwd=folder)
            return output.read_bytes() if output.exists() else stdout

    return make


def _program_version(*arguments: str) -> Callable[[], str]:
    def version() -> str:
        result = subprocess.run(arguments, capture_output=True, check=True, timeout=_SECONDS)
        return (result.stdout or result.stderr).decode("utf-8", "replace").strip().splitlines()[0][:60]

    return version


def _package_version(name: str) -> Callable[[], str]:
    return lambda: str(importlib.metadata.version(name))


def _chromium(source: str, output: str) -> list[str]:
    command = shutil.which("chromium") or "chromium"
    return [command, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={output}", f"file://{source}"]


def _libreoffice(source: str, output: str) -> list[str]:
    folder = str(Path(output).parent)
    return [
        *("soffice", "--headless", "--infilter=HTML (StarWriter)"),
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", folder, source),
    ]


def _fop(source: str, output: str) -> list[str]:
    configuration = Path(source).with_name("fop.xml")
    configuration.write_text(
        '<fop version="1.0"><renderers><renderer mime="application/pdf"><fonts><auto-detect/></fonts></renderer>'
        "</renderers></fop>"
    )
    return ["fop", "-c", str(configuration), "-fo", source, "-pdf", output]


def _groff(source: str, output: str) -> list[str]:
    return ["groff", "-Kutf8", "-ms", "-Tpdf", source]


def _typst(template: str) -> Callable[[dict[str, Any]], bytes]:
    def make(text: dict[str, Any]) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "in.typ")
            source.write_text(filled(template, text), encoding="utf-8")
            return bytes(importlib.import_module("typst").compile(str(source)))

    return make


def _weasyprint(template: str) -> Callable[[dict[str, Any]], bytes]:
    def make(text: dict[str, Any]) -> bytes:
        return bytes(importlib.import_module("weasyprint").HTML(string=filled(template, text)).write_pdf())

    return make


def _reportlab(text: dict[str, Any]) -> bytes:
    import io

    ttfonts = importlib.import_module("reportlab.pdfbase.ttfonts")
    importlib.import_module("reportlab.pdfbase.pdfmetrics").registerFont(ttfonts.TTFont("text", _font(text)))
    platypus = importlib.import_module("reportlab.platypus")
    style = importlib.import_module("reportlab.lib.styles").ParagraphStyle
    body, head = (
        style("b", fontName="text", fontSize=11, leading=15, spaceAfter=8),
        style("h", fontName="text", fontSize=20, leading=26, spaceAfter=12),
    )
    file = io.BytesIO()
    parts = [platypus.Paragraph(text["title"], head)]
    parts += [platypus.Paragraph(line, body) for line in (*text["paragraphs"], *text["names"], text["last"])]
    platypus.SimpleDocTemplate(file, title=text["title"]).build(parts)
    return file.getvalue()


def _fpdf2(text: dict[str, Any]) -> bytes:
    pdf = importlib.import_module("fpdf").FPDF()
    pdf.add_page()
    pdf.add_font("text", fname=_font(text))
    pdf.set_text_shaping(True)
    pdf.set_title(text["title"])
    align = "R" if text["direction"] == "rtl" else "L"
    for line in (text["title"], *text["paragraphs"], *text["names"], text["last"]):
        pdf.set_font("text", size=20 if line == text["title"] else 11)
        pdf.multi_cell(0, text=line, align=align, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
    return bytes(pdf.output())


def _pango(text: dict[str, Any]) -> bytes:
    lines = [text["title"], *text["paragraphs"], *text["names"], text["last"]]
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "in.txt"), Path(folder, "in.pdf")
        source.write_text("\n\n".join(lines), encoding="utf-8")
        _run(
            [
                "pango-view",
                "--no-display",
                f"--font={text['font']} 11",
                "--width=450",
                "--wrap=word",
                "--margin=40",
                f"--output={output}",
                str(source),
            ]
        )
        return output.read_bytes()


def _node(library: str) -> Callable[[dict[str, Any]], bytes]:
    def make(text: dict[str, Any]) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, output = Path(folder, "in.json"), Path(folder, "in.pdf")
            source.write_text(json.dumps(text), encoding="utf-8")
            _run(["node", str(SOURCES / "node.js"), library, str(source), _font(text), str(output)])
            return output.read_bytes()

    return make


def _node_version(library: str) -> Callable[[], str]:
    code = (
        f"const root = require.resolve('{library}').split('node_modules')[0] + 'node_modules/{library}/';"
        "console.log(JSON.parse(require('fs').readFileSync(root + 'package.json')).version)"
    )
    return _program_version("node", "-e", code)


def _font(text: dict[str, Any]) -> str:
    return str(_FONT_FOLDER / _FONTS[text["font"]])


MAKERS: Final = (
    Maker(
        name="Chromium",
        version=_program_version("chromium", "--version"),
        plain=_by_command("plain.html", ".html", _chromium),
        features=_by_command("features.html", ".html", _chromium),
    ),
    Maker(name="typst", version=_package_version("typst"), plain=_typst("plain.typ"), features=_typst("features.typ")),
    Maker(
        name="WeasyPrint",
        version=_package_version("weasyprint"),
        plain=_weasyprint("plain.html"),
        features=_weasyprint("features.html"),
    ),
    Maker(
        name="LibreOffice",
        version=_program_version("soffice", "--version"),
        plain=_by_command("plain.html", ".html", _libreoffice),
    ),
    Maker(
        name="wkhtmltopdf",
        version=_program_version("wkhtmltopdf", "--version"),
        plain=_by_command("plain.html", ".html", lambda source, output: ["wkhtmltopdf", "-q", source, output]),
        languages=(*_EUROPEAN, "zh", "ja", "ko"),  # it prints right-to-left lines beyond the edge of the page
    ),
    Maker(
        name="FOP",
        version=_program_version("fop", "-version"),
        plain=_by_command("plain.fo", ".fo", _fop),
        features=_by_command("features.fo", ".fo", _fop),
        languages=(*_EUROPEAN, "ar"),
    ),
    Maker(
        name="groff",
        version=_program_version("groff", "--version"),
        plain=_by_command("plain.ms", ".ms", _groff),
        features=_by_command("features.ms", ".ms", _groff),
        languages=("en", "de", "fr"),
    ),
    Maker(name="cairo (pango-view)", version=_program_version("pango-view", "--version"), plain=_pango),
    Maker(name="reportlab", version=_package_version("reportlab"), plain=_reportlab, languages=_EUROPEAN),
    Maker(name="fpdf2", version=_package_version("fpdf2"), plain=_fpdf2, languages=(*_EUROPEAN, "ar", "he", "hi")),
    Maker(name="pdfkit", version=_node_version("pdfkit"), plain=_node("pdfkit"), languages=(*_EUROPEAN, "hi")),
    Maker(name="pdfmake", version=_node_version("pdfmake"), plain=_node("pdfmake"), languages=_EUROPEAN),
    Maker(name="jsPDF", version=_node_version("jspdf"), plain=_node("jspdf"), languages=_EUROPEAN),
)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made in make_documents():
        name = f"{made.maker.split(' ')[0].lower()}-{made.language}.pdf"
        (folder / name).write_bytes(made.body)
        print(f"{name}\t{len(made.body)}\t{made.version}")


if __name__ == "__main__":
    main()
