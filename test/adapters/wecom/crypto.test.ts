/** Signature and encryption by the sample that WeCom publishes, and what is not quite right. */
import { describe, expect, test } from 'vitest';
import { decrypt, idOf, same, signature, taskIdFor } from '../../../adapters/wecom/crypto.ts';
import { readLeaves } from '../../../adapters/wecom/xml.ts';
import { encrypt } from '../../support/wecom/seal.ts';

/** https://developer.work.weixin.qq.com/document/path/90968 (举例说明) */
const PUBLISHED = {
  corpId: 'wx5823bf96d3bd56c7',
  token: 'QDG6eK',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  timestamp: '1409659813',
  nonce: '1372623149',
  signature: '477715d11cdb4164915debcba66cb864d751f3e6',
  encrypted:
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
};
const opened = (encrypted: string, key = PUBLISHED.aesKey, corp = PUBLISHED.corpId) => decrypt(key, corp, encrypted);

describe("WeCom's published sample", () => {
  test('has this signature', () => {
    const { token, timestamp, nonce, encrypted } = PUBLISHED;
    expect(signature(token, timestamp, nonce, encrypted)).toBe(PUBLISHED.signature);
  });
  test('says hello, from mycreate', () => {
    const leaves = readLeaves(opened(PUBLISHED.encrypted) ?? '');
    expect(Object.fromEntries(leaves ?? [])).toEqual({
      ToUserName: 'wx5823bf96d3bd56c7',
      FromUserName: 'mycreate',
      CreateTime: '1409659813',
      MsgType: 'text',
      Content: 'hello',
      MsgId: '4561255354251345929',
      AgentID: '218',
    });
  });
  test('the address check of the sample too', () => {
    const encrypted = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
    expect(signature(PUBLISHED.token, '1409659589', '263014780', encrypted)).toBe(
      '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    );
    expect(opened(encrypted)).toBe('1616140317555161061');
  });
});

describe('what is not for us, or no ciphertext', () => {
  const sealed = encrypt('<xml></xml>', PUBLISHED);
  test('for another company: the receiver inside is compared', () => {
    expect(opened(sealed)).toBe('<xml></xml>');
    expect(opened(sealed, PUBLISHED.aesKey, 'ww0000000000000000')).toBeUndefined();
    expect(opened(encrypt('<xml></xml>', PUBLISHED, ''))).toBeUndefined();
  });
  test.each([
    ['nothing', ''],
    ['no base64', '？？？'],
    ['cut off', sealed.slice(0, -8)],
    ['a block turned round', Buffer.from(sealed, 'base64').reverse().toString('base64')],
  ])('%s', (_story, encrypted) => expect(opened(encrypted)).toBeUndefined());
  test('under another key', () => expect(opened(sealed, 'a'.repeat(43))).toBeUndefined());
});

test('Chinese is counted in bytes, and every length of padding is taken off', () => {
  for (let length = 0; length < 40; length++) {
    const text = `预算${'x'.repeat(length)}`;
    expect(opened(encrypt(text, PUBLISHED))).toBe(text);
  }
});

test('ids: what WeCom takes as a task id stays, everything else gets one that is always the same', () => {
  expect(taskIdFor('0198c1e2-6b7a-7000-8000-0123456789ab')).toBe('0198c1e2-6b7a-7000-8000-0123456789ab');
  for (const odd of ['', '会议', 'a b', 'x'.repeat(129)]) {
    expect(taskIdFor(odd)).toMatch(/^[0-9a-f]{64}$/);
    expect(taskIdFor(odd)).toBe(taskIdFor(odd));
  }
  expect(idOf('a', 'bc')).not.toBe(idOf('ab', 'c'));
  expect([same('a', 'a'), same('a', 'b'), same('a', '')]).toEqual([true, false, false]);
});
