// Prints a text with a PDF library of npm: node node.js LIBRARY TEXT.json FONT.ttf OUTPUT.pdf
const fs = require("fs");
const [library, input, font, output] = process.argv.slice(2);
const text = JSON.parse(fs.readFileSync(input, "utf8"));

function pdfkit() {
  const PDFDocument = require("pdfkit");
  const document = new PDFDocument({ size: "A4", margin: 70, info: { Title: text.title } });
  document.pipe(fs.createWriteStream(output));
  document.font(font).fontSize(20).text(text.title).moveDown();
  document.fontSize(11);
  for (const paragraph of text.paragraphs) document.text(paragraph, { align: "justify" }).moveDown();
  document.list(text.names).moveDown();
  document.text(text.last);
  document.end();
}

function jspdf() {
  const { jsPDF } = require("jspdf");
  const document = new jsPDF({ unit: "pt", format: "a4" });
  document.addFileToVFS("font.ttf", fs.readFileSync(font).toString("base64"));
  document.addFont("font.ttf", "text", "normal");
  document.setFont("text");
  let y = 80;
  const print = (line, size) => {
    document.setFontSize(size);
    for (const part of document.splitTextToSize(line, 450)) { document.text(part, 70, y); y += size * 1.4; }
    y += size * 0.7;
  };
  print(text.title, 20);
  for (const line of [...text.paragraphs, ...text.names, text.last]) print(line, 11);
  fs.writeFileSync(output, Buffer.from(document.output("arraybuffer")));
}

function pdfmake() {
  const printer = require("pdfmake");
  const fonts = { Text: { normal: font, bold: font, italics: font, bolditalics: font } };
  const definition = {
    info: { title: text.title },
    defaultStyle: { font: "Text", fontSize: 11 },
    content: [{ text: text.title, fontSize: 20, margin: [0, 0, 0, 12] },
      ...text.paragraphs.map((paragraph) => ({ text: paragraph, alignment: "justify", margin: [0, 0, 0, 8] })),
      { ul: text.names }, { text: text.last, margin: [0, 8, 0, 0] }],
  };
  printer.setFonts(fonts);
  printer.setLocalAccessPolicy && printer.setLocalAccessPolicy(() => true);
  printer.createPdf(definition).write(output);
}

({ pdfkit, jspdf, pdfmake })[library]();
