/**
 * A document on paper: A4, Chinese fonts inside (only the characters that occur), number and mark on every page. The same document gives the same
 * bytes. Library and fonts are loaded when somebody asks for the first paper.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { PaperDocument, Part } from './document.ts';
import { wrap } from './typeset.ts';

type Pdf = PDFKit.PDFDocument;

const PAGE = { width: 595.28, height: 841.89, side: 50, top: 76, bottom: 60 };
const BODY = PAGE.width - 2 * PAGE.side;
const INK = '#1d1d1f';
const MUTED = '#6b6b70';
const RULE = '#d5d5d9';
const SHADE = '#f3f3f5';
const ALARM = '#b3261e';

interface Style {
  font: 'regular' | 'bold';
  size: number;
  color: string;
}
const TEXT: Style = { font: 'regular', size: 10, color: INK };
const SMALL: Style = { font: 'regular', size: 9, color: INK };
const LABEL: Style = { font: 'regular', size: 9, color: MUTED };
const COLUMN: Style = { font: 'bold', size: 9, color: INK };
const HEADING: Style = { font: 'bold', size: 13, color: INK };
const TITLE: Style = { font: 'bold', size: 20, color: INK };
const leading = ({ size }: Style): number => Math.round(size * 1.55);

/** The paper while it is written: where the next line goes, and what is known of the width of characters. */
interface Sheet {
  pdf: Pdf;
  y: number;
  widths: Map<string, number>;
}

export async function pdfOf(document: PaperDocument): Promise<Buffer> {
  const sheet = await open(document);
  const { pdf } = sheet;
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  await write(sheet, document);
  furnish(sheet, document);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

async function open({ title, number, owner, at, language, mark }: PaperDocument): Promise<Sheet> {
  const { default: Pdf } = await import('pdfkit');
  const [regular, bold] = [await fontOf(400), await fontOf(700)];
  const pdf = new Pdf({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    info: { Title: [mark, title, number].filter(Boolean).join(' '), Author: owner, CreationDate: at, ModDate: at },
  });
  pdf.registerFont('regular', regular);
  pdf.registerFont('bold', bold);
  return { pdf, y: PAGE.height, widths: new Map() };
}

/** Noto Sans SC under the Open Font License; the package names its files by weight, and keeps them beside its code. */
async function fontOf(weight: number): Promise<Buffer> {
  const { fonts } = await import('@embedpdf/fonts-sc');
  const font = fonts.find((one) => one.weight === weight);
  if (!font) throw new Error(`the fonts have no weight ${weight}`);
  const code = createRequire(import.meta.url).resolve('@embedpdf/fonts-sc');
  return readFile(join(dirname(code), '../fonts', font.file));
}

/** A long table would hold up everybody's answers: in between the others have their turn. */
const ROWS_AT_ONCE = 40;

async function write(sheet: Sheet, { title, owner, parts }: PaperDocument): Promise<void> {
  turn(sheet);
  row(sheet, [{ text: title, width: BODY, style: TITLE }]);
  row(sheet, [{ text: owner, width: BODY, style: LABEL }]);
  for (const part of parts) {
    if (part.kind === 'table') await table(sheet, part);
    else writePart(sheet, part);
    await breathe();
  }
}

function writePart(sheet: Sheet, part: Exclude<Part, { kind: 'table' }>): void {
  // a heading at the foot of a page would stand without what it heads
  if (part.kind === 'heading' && sheet.y + 90 > PAGE.height - PAGE.bottom) turn(sheet);
  if (sheet.y > PAGE.top) sheet.y += ABOVE[part.kind];
  for (const cells of rowsOf(part)) row(sheet, cells, { bar: part.kind === 'quote' });
}

const ABOVE = { heading: 16, paragraph: 3, quote: 3, list: 0, facts: 0 };

function rowsOf(part: Exclude<Part, { kind: 'table' }>): Cell[][] {
  switch (part.kind) {
    case 'heading':
      return [[{ text: part.text, width: BODY, style: HEADING }]];
    case 'paragraph':
      return [[{ text: part.text, width: BODY, style: TEXT }]];
    case 'quote':
      return [[{ text: part.text, width: BODY, left: 14, style: TEXT }]];
    case 'list':
      return part.items.map((text) => [
        { text: '•', width: 14, style: TEXT },
        { text, width: BODY - 14, style: TEXT },
      ]);
    case 'facts':
      return part.facts.map(({ label, value }) => [
        { text: label, width: 96, style: LABEL },
        { text: value, width: BODY - 96, style: TEXT },
      ]);
    default:
      return part satisfies never;
  }
}

const PAD = 5;

async function table(sheet: Sheet, { columns, rows }: Extract<Part, { kind: 'table' }>): Promise<void> {
  const all = columns.reduce((sum, { share }) => sum + share, 0);
  const width = (index: number) => (BODY * (columns[index]?.share ?? 1)) / all;
  const cells = (texts: string[], style: Style) => texts.map((text, i) => ({ text, width: width(i), style, pad: PAD }));
  const head = cells(
    columns.map(({ title }) => title),
    COLUMN,
  );
  const titles = () => row(sheet, head, { shade: true, rule: true });
  sheet.y += 6;
  if (sheet.y + 60 > PAGE.height - PAGE.bottom) turn(sheet);
  titles();
  for (const [index, texts] of rows.entries()) {
    row(sheet, cells(texts, SMALL), { rule: true, onTurn: titles });
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe();
  }
}

interface Cell {
  text: string;
  width: number;
  style: Style;
  left?: number;
  pad?: number;
}

interface Look {
  rule?: boolean;
  shade?: boolean;
  bar?: boolean;
  /** what stands at the top of the next page before the rest */
  onTurn?: () => void;
}

/** So many lines stay together: they go to the next page rather than be torn. */
const TOGETHER = 12;

/** Cells side by side; what does not fit on the page goes on on the next. */
function row(sheet: Sheet, cells: Cell[], look: Look = {}): void {
  const set = cells.map((cell) => ({ ...cell, lines: linesOf(sheet, cell), pad: cell.pad ?? 0 }));
  const high = Math.max(...set.map(({ style }) => leading(style)));
  const longest = Math.max(...set.map(({ lines }) => lines.length));
  const pad = Math.max(...set.map((cell) => cell.pad));
  for (let from = 0; from < longest; ) {
    const rest = longest - from;
    const room = Math.floor((PAGE.height - PAGE.bottom - sheet.y - 2 * pad) / high);
    if (room < Math.min(rest, from === 0 ? TOGETHER : 1)) {
      turn(sheet);
      look.onTurn?.();
      continue;
    }
    const count = Math.min(rest, room);
    drawBand(sheet, count * high + 2 * pad, look);
    drawLines(
      sheet,
      set.map((cell) => ({ ...cell, lines: cell.lines.slice(from, from + count) })),
      high,
    );
    sheet.y += count * high + 2 * pad;
    from += count;
  }
}

function drawBand({ pdf, y }: Sheet, height: number, { rule, shade, bar }: Look): void {
  if (shade) pdf.rect(PAGE.side, y, BODY, height).fill(SHADE);
  if (bar) pdf.rect(PAGE.side, y, 3, height).fill(RULE);
  if (rule) pdf.rect(PAGE.side, y + height - 0.5, BODY, 0.5).fill(RULE);
}

function drawLines({ pdf, y }: Sheet, cells: (Cell & { lines: string[]; pad: number })[], high: number): void {
  let x = PAGE.side;
  for (const { lines, width, style, left = 0, pad } of cells) {
    pdf.font(style.font).fontSize(style.size).fillColor(style.color);
    // the font's own line is taller below than above its signs
    const drop = (high - style.size * 1.45) / 2 + style.size * 0.12;
    lines.forEach((line, index) => {
      pdf.text(line, x + left + pad, y + pad + index * high + drop, { lineBreak: false });
    });
    x += width;
  }
}

function linesOf(sheet: Sheet, { text, width, style, left = 0, pad = 0 }: Cell): string[] {
  sheet.pdf.font(style.font).fontSize(style.size);
  const measure = (piece: string): number => {
    const key = `${style.font}|${style.size}|${piece}`;
    const known = sheet.widths.get(key) ?? sheet.pdf.widthOfString(piece);
    sheet.widths.set(key, known);
    return known;
  };
  return wrap(text, width - left - 2 * pad, measure);
}

function turn(sheet: Sheet): void {
  sheet.pdf.addPage();
  sheet.y = PAGE.top;
}

/** What stands on every page: number and title, the mark, which page of how many. */
function furnish({ pdf }: Sheet, document: PaperDocument): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    pdf.font('regular').fontSize(9).fillColor(MUTED);
    pdf.text(`${document.number}  ${document.title}`, PAGE.side, 38, { lineBreak: false });
    const numbered = document.pageOf(page + 1, count);
    pdf.text(numbered, PAGE.width - PAGE.side - pdf.widthOfString(numbered), PAGE.height - 40, { lineBreak: false });
    pdf.text(document.owner, PAGE.side, PAGE.height - 40, { lineBreak: false });
    pdf.rect(PAGE.side, 56, BODY, 0.5).fill(RULE);
    if (document.mark) stamp(pdf, document.mark);
  }
}

function stamp(pdf: Pdf, mark: string): void {
  pdf.font('bold').fontSize(11);
  const width = pdf.widthOfString(mark) + 16;
  pdf.rect(PAGE.width - PAGE.side - width, 32, width, 20).fill(ALARM);
  pdf.fillColor('white').text(mark, PAGE.width - PAGE.side - width + 8, 35.5, { lineBreak: false });
}
