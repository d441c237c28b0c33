import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  documentName,
  fileName,
  type KeepOptions,
  keepFile,
  readVault,
  sweepIncoming,
  VaultRefusal,
} from '../../src/core/vault.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-test-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n');
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

/** As much of a zip as matters here: its first bytes, and the names in the list at its end. */
function packed(...names: string[]): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5000, 7), Buffer.from(names.join('\0'))]);
}
const DOCX = packed('[Content_Types].xml', 'word/document.xml');

function keep(content: Buffer | string, name: string, options: Partial<KeepOptions> = {}) {
  return keepFile(inPieces(Buffer.from(content)), { dir, name, ...options });
}

function inPieces(content: Buffer, size = 1000): Readable {
  const pieces: Buffer[] = [];
  for (let from = 0; from < content.length; from += size) pieces.push(content.subarray(from, from + size));
  return Readable.from(pieces);
}

async function everything(): Promise<string[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a file that is wanted', () => {
  test('is kept under its own hash and comes back the same to the byte', async () => {
    const content = Buffer.concat([PDF, Buffer.alloc(300_000, 'x')]);
    const kept = await keep(content, '报价单.PDF');
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(kept).toEqual({
      sha256,
      size: content.length,
      mime: 'application/pdf',
      ext: 'pdf',
      path: `${sha256.slice(0, 2)}/${sha256}`,
    });
    expect(await everything()).toEqual([join(dir, kept.path)]);
    expect(await readFile(join(dir, kept.path))).toEqual(content);
    expect(await buffer(readVault(dir, sha256))).toEqual(content);
    expect((await stat(join(dir, kept.path))).mode & 0o077).toBe(0);
  });

  test('sent twice, even at once and under two names, is kept once', async () => {
    const kept = await Promise.all([keep(PDF, 'a.pdf'), keep(PDF, 'b.pdf'), keep(PDF, 'c.pdf')]);
    kept.push(await keep(PDF, 'd.pdf'));
    expect(new Set(kept.map((file) => file.path)).size).toBe(1);
    expect(await everything()).toHaveLength(1);
  });

  test.each([
    ['a picture', 'a.png', PNG, 'image/png'],
    ['a photograph', 'IMG_1.JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    ['an animation', 'a.gif', Buffer.from('GIF89a..'), 'image/gif'],
    ['a web picture', 'a.webp', Buffer.from('RIFF....WEBPVP8 '), 'image/webp'],
    ["an iPhone's photograph", 'IMG_1.HEIC', Buffer.from('\0\0\0\x18ftypheic'), 'image/heic'],
    ['a document', '合同.docx', DOCX, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    [
      'a sheet',
      'a.xlsx',
      packed('[Content_Types].xml', 'xl/workbook.xml'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
    [
      'slides',
      'a.pptx',
      packed('[Content_Types].xml', 'ppt/presentation.xml'),
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
    ['an electronic invoice', '发票.ofd', packed('OFD.xml'), 'application/ofd'],
    ['an old document', 'a.doc', OLE, 'application/msword'],
    ['an old sheet', 'a.xls', OLE, 'application/vnd.ms-excel'],
    ['Chinese text', 'a.txt', '媒体名单：\r\n\t甲、乙', 'text/plain'],
    [
      'Chinese text as Excel writes it (GB 18030)',
      'a.csv',
      Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0x31, 0x0d, 0x0a]),
      'text/csv',
    ],
    ['notes', 'a.md', '# 纪要\n\n1 < 2, <b>不是</b>网页', 'text/markdown'],
    ['a package', 'a.zip', packed('photos/1.jpg'), 'application/zip'],
    ['a name in full-width letters', '报价．ＰＤＦ', PDF, 'application/pdf'],
  ])('%s', async (_, name, content, mime) => {
    expect(await keep(content, name)).toMatchObject({ mime });
  });

  test('without an ending in its name is what the platform calls it, if its content agrees', async () => {
    expect(await keep(PNG, 'image', { mime: 'image/png; charset=binary' })).toMatchObject({
      mime: 'image/png',
      ext: 'png',
    });
    await expect(keep(PDF, 'image', { mime: 'image/png' })).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(keep(PNG, 'image')).rejects.toMatchObject({ code: 'not-allowed' });
  });
});

describe('a file that is not wanted', () => {
  const page = '<!DOCTYPE html><script>alert(1)</script>';

  test.each([
    ['a page', 'a.html', page],
    ['a drawing that can run scripts', 'a.svg', '<svg onload="alert(1)"/>'],
    ['a program', 'a.exe', 'MZ'],
    ['a script', 'a.js', 'alert(1)'],
    ['a document with macros', 'a.docm', DOCX],
    ['a program behind a harmless ending', '合同.pdf.exe', PDF],
    ['a page that calls itself a picture', 'a.png', page],
    ['a page that calls itself text', 'a.txt', ` \uFEFF\n${page}`],
    ['a page that begins like notes', 'a.md', `# 纪要\n${page}`],
    ['a script that calls itself text', 'a.txt', '#!/bin/sh\nrm -rf /'],
    ['a program that calls itself text', 'a.txt', 'MZ\x90\0\x03'],
    ['bytes that call themselves text, later on', 'a.csv', `${'a,b\n'.repeat(3000)}\0`],
    ['a program that calls itself a PDF', 'a.pdf', 'MZ....'],
    ['a package that calls itself a document', 'a.docx', packed('run.exe')],
    [
      'a document that holds macros all the same',
      'a.docx',
      packed('[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin'),
    ],
    ['a sheet that calls itself a document', 'a.docx', packed('[Content_Types].xml', 'xl/workbook.xml')],
    ['half of what a PNG begins with', 'a.png', PNG.subarray(0, 4)],
  ])('%s', async (_, name, content) => {
    const refused = keep(content, name);
    await expect(refused).rejects.toBeInstanceOf(VaultRefusal);
    await expect(refused).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await everything()).toEqual([]);
  });

  test('an empty one', async () => {
    await expect(keep('', 'a.txt')).rejects.toMatchObject({ code: 'empty' });
    expect(await everything()).toEqual([]);
  });

  test('an endless one is stopped where the limit is, and nothing of it stays', async () => {
    let sent = 0;
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          sent += 1000;
          yield Buffer.alloc(1000, 'a');
        }
      })(),
    );
    await expect(keepFile(endless, { dir, name: 'a.txt', maxBytes: 50_000 })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(sent).toBeLessThan(200_000);
    expect(endless.destroyed).toBe(true);
    expect(await everything()).toEqual([]);
  });

  test('exactly at the limit it still fits', async () => {
    expect(await keep('x'.repeat(100), 'a.txt', { maxBytes: 100 })).toMatchObject({ size: 100 });
    await expect(keep('x'.repeat(101), 'a.txt', { maxBytes: 100 })).rejects.toMatchObject({ code: 'too-large' });
  });

  test('one of a kind that is not kept is not even read', async () => {
    const stream = inPieces(Buffer.from(page));
    await expect(keepFile(stream, { dir, name: 'a.html' })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(stream.destroyed).toBe(true);
  });

  test('one whose beginning is wrong is stopped there', async () => {
    const stream = inPieces(Buffer.alloc(2_000_000, 'x'));
    await expect(keepFile(stream, { dir, name: 'a.pdf' })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(stream.destroyed).toBe(true);
  });
});

describe('a file that does not arrive', () => {
  test('breaks off with the error of whoever sent it, and may be asked for again', async () => {
    const broken = Readable.from(
      (async function* () {
        yield PDF;
        throw new Error('connection lost');
      })(),
    );
    await expect(keepFile(broken, { dir, name: 'a.pdf' })).rejects.toThrow('connection lost');
    expect(await everything()).toEqual([]);
    expect(await keep(PDF, 'a.pdf')).toMatchObject({ size: PDF.length });
  });

  test('is given up when it stalls', async () => {
    const stalled = new Readable({ read() {} });
    stalled.push(PDF);
    await expect(keepFile(stalled, { dir, name: 'a.pdf', signal: AbortSignal.timeout(20) })).rejects.toThrow(
      /abort|timeout/i,
    );
    expect(stalled.destroyed).toBe(true);
    expect(await everything()).toEqual([]);
  });

  test('because the process was killed leaves a rest that is swept, but nothing that is still arriving', async () => {
    await keep(PDF, 'a.pdf');
    const [old, fresh] = [join(dir, 'incoming', 'old'), join(dir, 'incoming', 'fresh')];
    await Promise.all([writeFile(old, 'half'), writeFile(fresh, 'half')]);
    await utimes(old, 1000, 1000);
    expect(await sweepIncoming(dir, new Date(1_000_000 * 1000))).toBe(1);
    expect(await readdir(join(dir, 'incoming'))).toEqual(['fresh']);
    expect(await sweepIncoming(join(dir, 'nowhere'), new Date())).toBe(0);
  });

  test('a kept file whose bytes were lost is mended by the next copy', async () => {
    const { path } = await keep(PDF, 'a.pdf');
    await writeFile(join(dir, path), '');
    await keep(PDF, 'a.pdf');
    expect(await readFile(join(dir, path))).toEqual(PDF);
  });
});

describe('names', () => {
  test.each(['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`])(
    'no path leads out of the vault: %j',
    (sha256) => {
      expect(() => readVault(dir, sha256)).toThrow('named by its SHA-256');
    },
  );

  test('what is not kept cannot be read', async () => {
    await expect(buffer(readVault(dir, 'a'.repeat(64)))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('rule G6: project, date, number of the file, version', () => {
    const file = { project: '春季促销', date: '2026-11-21', number: 1, version: 1, ext: 'pdf' };
    expect(fileName(file)).toBe('春季促销-20261121-01V1.pdf');
    expect(fileName({ ...file, number: 12, version: 3, ext: '.DOCX' })).toBe('春季促销-20261121-12V3.docx');
    expect(fileName({ ...file, project: '../A/B: 方案?', ext: '' })).not.toMatch(/[/\\:?]|^\./);
    expect(documentName({ project: '部门周会', date: '2026-11-23', version: 1 })).toBe('部门周会-20261123-01V1');
  });

  test('rule G6 holds for any project that people may think of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (project, ext) => {
        const name = fileName({ project, date: '2026-11-21', number: 1, version: 1, ext });
        expect(name).toMatch(/-20261121-01V1(\.|$)/);
        expect(name).not.toMatch(/[/\\\p{Cc}]/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }),
    );
  });
});
