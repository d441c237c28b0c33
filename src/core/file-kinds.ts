/** Which kinds of files are kept, and how each is recognised by its content. Pure. */

export interface FileKind {
  mime: string;
  /** the ending that we give it */
  ext: string;
  /** the endings by which it comes */
  endings: readonly string[];
  /** is this how such a file begins? */
  begins(head: Buffer): boolean;
  /** in its last bytes: names that a package of this kind must list, and must not */
  lists?: { all: readonly string[]; none: readonly string[] };
  /** nothing but text all through */
  text?: boolean;
}

/** What is looked at before more is let in. */
export const HEAD_BYTES = 4096;
/** Room for a zip's list of contents, which stands at its end. */
export const TAIL_BYTES = 1024 * 1024;

const starts = (...bytes: number[]) => {
  const magic = Buffer.from(bytes);
  return (head: Buffer) => head.subarray(0, magic.length).equals(magic);
};
const at =
  (from: number, ...words: string[]) =>
  (head: Buffer) =>
    words.some((word) => head.toString('latin1', from, from + word.length) === word);

const isZip = starts(0x50, 0x4b, 0x03, 0x04);
/** https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/ */
const isOffice97 = starts(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1);

/** Browsers and shells run text that begins like this, whatever its name. Full markup is refused anywhere at the beginning. */
function isPlainText(head: Buffer): boolean {
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .toLowerCase();
  if (/^(?:<|#!|mz|%pdf|%!ps|\{\\rtf)/.test(text)) return false;
  return !/<(?:!doctype|html|script|svg|iframe|\?xml|\?php)/.test(text);
}

/** A macro makes a program of a document; with macros it would also end in m (.docm). */
const MACROS = ['vbaProject.bin', 'vbaProjectSignature'];

const office = (ext: string, part: string, mime: string): FileKind => ({
  mime: `application/vnd.openxmlformats-officedocument.${mime}`,
  ext,
  endings: [ext],
  begins: isZip,
  lists: { all: ['[Content_Types].xml', part], none: MACROS },
});
const office97 = (ext: string, mime: string): FileKind => ({ mime, ext, endings: [ext], begins: isOffice97 });
const text = (ext: string, mime: string, ...more: string[]): FileKind => ({
  mime,
  ext,
  endings: [ext, ...more],
  begins: isPlainText,
  text: true,
});

/** Never html, svg, xml or scripts, under whatever name: they would run in the browser of whoever opens them. */
export const FILE_KINDS: readonly FileKind[] = [
  { mime: 'application/pdf', ext: 'pdf', endings: ['pdf'], begins: at(0, '%PDF-') },
  { mime: 'image/png', ext: 'png', endings: ['png'], begins: starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { mime: 'image/jpeg', ext: 'jpg', endings: ['jpg', 'jpeg'], begins: starts(0xff, 0xd8, 0xff) },
  { mime: 'image/gif', ext: 'gif', endings: ['gif'], begins: at(0, 'GIF87a', 'GIF89a') },
  { mime: 'image/webp', ext: 'webp', endings: ['webp'], begins: (head) => at(0, 'RIFF')(head) && at(8, 'WEBP')(head) },
  { mime: 'image/heic', ext: 'heic', endings: ['heic', 'heif'], begins: at(4, 'ftypheic', 'ftypheix', 'ftypmif1') },
  office('docx', 'word/', 'wordprocessingml.document'),
  office('xlsx', 'xl/', 'spreadsheetml.sheet'),
  office('pptx', 'ppt/', 'presentationml.presentation'),
  office97('doc', 'application/msword'),
  office97('xls', 'application/vnd.ms-excel'),
  office97('ppt', 'application/vnd.ms-powerpoint'),
  // Electronic invoices in China come as OFD (GB/T 33190).
  { mime: 'application/ofd', ext: 'ofd', endings: ['ofd'], begins: isZip, lists: { all: ['OFD.xml'], none: [] } },
  text('txt', 'text/plain'),
  text('csv', 'text/csv'),
  text('md', 'text/markdown', 'markdown'),
  { mime: 'application/zip', ext: 'zip', endings: ['zip'], begins: isZip },
];

/** By the ending of its name; a picture from a phone may have none, then the platform's word says what it should be. */
export function kindOf(name: string, mime: string | undefined, allowed: readonly FileKind[]): FileKind | undefined {
  const ending = /\.([^.\s/\\]{1,10})\s*$/.exec(name.normalize('NFKC'))?.[1]?.toLowerCase();
  if (ending !== undefined) return allowed.find((kind) => kind.endings.includes(ending));
  const plain = mime?.split(';')[0]?.trim().toLowerCase();
  return allowed.find((kind) => kind.mime === plain);
}

/** Does the end of the whole file list what a package of this kind must hold, and nothing that it must not? */
export function lists(kind: FileKind, tail: Buffer): boolean {
  const { all = [], none = [] } = kind.lists ?? {};
  return all.every((name) => tail.includes(name)) && !none.some((name) => tail.includes(name));
}
