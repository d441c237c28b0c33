/** Vectors that anyone can recompute: from Feishu's page, and computed apart from this code. */
import { describe, expect, test } from 'vitest';
import { decrypt, keyFor, same, signature } from '../../../adapters/feishu/crypto.ts';

describe("Feishu's encryption", () => {
  test('the vector of the official page', () => {
    expect(decrypt('test key', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=')).toBe('hello world');
  });

  test('the signature is over the raw bytes', () => {
    const body =
      '{"schema":"2.0","header":{"event_id":"e1","event_type":"im.message.receive_v1","token":"vtok"},"event":{"text":"预算"}}';
    expect(signature('1700000000', 'nonce1', 'enc_key_1', Buffer.from(body))).toBe(
      'e965c517f0977c5d5341186730250128292a44847b3d8b63f38427045055a71f',
    );
  });

  test.for(['', 'AAAA', '%%%', Buffer.alloc(48, 7).toString('base64'), Buffer.alloc(33).toString('base64')])(
    'what is not encrypted for us is nothing, and throws nothing: %j',
    (garbage) => {
      expect(decrypt('test key', garbage)).toBeUndefined();
    },
  );

  test('the right text under a wrong key is nothing', () => {
    expect(decrypt('another key', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=')).toBeUndefined();
  });
});

describe('keys and secrets', () => {
  test('secrets of other lengths compare, as different', () => {
    expect(same('abc', 'abc')).toBe(true);
    expect(same('abc', 'abcd')).toBe(false);
    expect(same('', 'x')).toBe(false);
  });

  test('a key for `uuid` is at most 50 characters, the same each time, and another for another purpose', () => {
    const long = 'x'.repeat(500);
    expect(keyFor('reply', long)).toHaveLength(46);
    expect(keyFor('reply', long)).toBe(keyFor('reply', long));
    expect(keyFor('reply', 'a')).not.toBe(keyFor('post', 'a'));
  });
});
