"""Which functions of third-party packages may read documents, and what each is given: never a path or an address."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.rooms import imports, name_of, sources, tree_of

STREAM, TREE, CONTENT, NOTHING = "a stream", "a parsed tree", "content", "nothing"
READERS = {
    "feedparser.parse": STREAM,
    "pdfminer.converter.PDFPageAggregator": NOTHING,
    "pdfminer.pdfdocument.PDFDocument": CONTENT,
    "pdfminer.pdfinterp.PDFPageInterpreter": NOTHING,
    "pdfminer.pdfinterp.PDFResourceManager": NOTHING,
    "pdfminer.pdfpage.PDFPage.create_pages": CONTENT,
    "pdfminer.pdfparser.PDFParser": STREAM,
    "zipfile.ZipFile": STREAM,
    "trafilatura.extract": TREE,
    "trafilatura.extract_metadata": TREE,
    "defusedxml.ElementTree.fromstring": CONTENT,
    "lxml.etree.fromstring": CONTENT,
    "lxml.html.document_fromstring": CONTENT,
    "lxml.html.fragment_fromstring": CONTENT,
    "lxml.etree.iterwalk": TREE,
    "lxml.etree.iterparse": STREAM,
    "lxml.etree.XMLParser": NOTHING,
    "lxml.html.HTMLParser": NOTHING,
    "charset_normalizer.from_bytes": CONTENT,
    "xml.etree.ElementTree.Element": NOTHING,
    "xml.etree.ElementTree.SubElement": NOTHING,
    "xml.etree.ElementTree.indent": NOTHING,
    "xml.etree.ElementTree.tostring": NOTHING,
}
"""The only calls into packages that read documents, and what each is given. CONTENT: the function never takes its
argument for a path or an address. STREAM and TREE: it would, or might guess, were it given bytes or a string."""
READING_PACKAGES = {name.partition(".")[0] for name in READERS}


def test_no_document_can_name_a_file_or_an_address_that_its_reader_opens() -> None:
    assert [f"{name_of(path)}: {fault}" for path in sources() for fault in misread(tree_of(path))] == []


def test_pdfium_opens_no_file_but_the_document_that_it_is_given() -> None:
    users = [path for path in sources() if any(other.startswith("pypdfium2") for other in imports(path))]
    modules = {other for path in users for other in imports(path) if other.startswith("pypdfium2")}
    used = {node.attr for path in users for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}

    assert modules == {"pypdfium2.raw"}
    assert {name for name in used if "Load" in name} == {"FPDF_LoadMemDocument64", "FPDF_LoadPage", "FPDFText_LoadPage"}


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("import feedparser\nfeedparser.parse(body)", 1),
        ("import feedparser as f\nf.parse(body)", 1),
        ("from feedparser import parse\nparse(body)", 1),
        ("import io, feedparser\nfeedparser.parse(io.BytesIO(body), response_headers=headers)", 0),
        ("from lxml import etree\netree.parse(io.BytesIO(body))", 1),
        ("from lxml import etree\ndef read(stream: BinaryIO):\n    etree.iterparse(stream)", 0),
        ("from lxml import etree\ndef read(path: str):\n    etree.iterparse(path)", 1),
        ("import lxml.html\nlxml.html.parse(address)", 1),
        ("import trafilatura\ndef read(text: str):\n    trafilatura.extract(text)", 1),
        ("import trafilatura\ndef read(tree: Element):\n    trafilatura.extract(tree)", 0),
        ("from trafilatura import fetch_url\nfetch_url(address)", 1),
        ("from io import BytesIO\nfrom pdfminer.pdfparser import PDFParser\nPDFParser(BytesIO(body))", 0),
        ("from pdfminer.high_level import extract_text\nextract_text(path)", 1),
    ],
)
def test_a_call_that_might_open_what_a_document_names_is_found(code: str, faults: int) -> None:
    assert len(list(misread(ast.parse(code)))) == faults


def misread(tree: ast.Module) -> Iterator[str]:
    """The calls into packages that read documents which are not in READERS, or are given something else."""
    names = _imported_names(tree)
    annotated = _annotated_calls(tree)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = _dotted(call.func, names)
        if name is None or name.partition(".")[0] not in READING_PACKAGES:
            continue
        given = READERS.get(name)
        first = call.args[0] if call.args else None
        if given is None:
            yield f"{name} is not known to be safe"
        elif given == STREAM and not (
            (isinstance(first, ast.Call) and _dotted(first.func, names) in ("io.BytesIO", "io.StringIO"))
            or (isinstance(first, ast.Name) and annotated.get((call, first.id)) == "BinaryIO")
        ):
            yield f"{name} is not given a stream"
        elif given == TREE and not (isinstance(first, ast.Name) and annotated.get((call, first.id)) == "Element"):
            yield f"{name} is not given a parsed tree"


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name of a module stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return None


def _annotated_calls(tree: ast.Module) -> dict[tuple[ast.Call, str], str]:
    """For each call and each parameter of the function around it: the parameter's type as written."""
    return {
        (call, parameter.arg): ast.unparse(parameter.annotation)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for parameter in (*function.args.args, *function.args.kwonlyargs)
        if parameter.annotation is not None
    }
