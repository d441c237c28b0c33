/** What the page sends becomes what the product hears. */
import { describe, expect, test } from 'vitest';
import { fromPress, fromSay, fromSent, isForBot, resolveMentions, Say } from '../../../adapters/desk/parse.ts';

const ACT = '3f0c1f2e-2a53-4d5b-9c3a-1f5a8f1d2b3c';
const MESSAGE = '7a0c1f2e-2a53-4d5b-9c3a-1f5a8f1d2b3c';
const PEOPLE = [
  { id: 'li', name: '李娜' },
  { id: 'li-2', name: '李娜娜' },
  { id: 'ann', name: 'Ann' },
  { id: 'anna', name: 'Anna Lee' },
  { id: 'chen', name: '陈伟' },
  { id: 'chen-b', name: '陈伟' },
];

describe('a colleague named in a sentence', () => {
  test.each([
    ['/pr away 2026-12-01 2026-12-07 @李娜', '/pr away 2026-12-01 2026-12-07 <@li>'],
    ['请 @李娜看看', '请 <@li>看看'],
    ['@李娜娜 和 @李娜', '<@li-2> 和 <@li>'],
    ['@li-2 看看', '<@li-2> 看看'],
    ['@Ann, @Anna Lee', '<@ann>, <@anna>'],
    ['@Annabelle', '@Annabelle'],
    ['<@li> 已经写好', '<@li> 已经写好'],
    ['写信给 pr@example.com', '写信给 pr@example.com'],
    ['@', '@'],
    ['@@李娜', '@<@li>'],
  ])('%s', (typed, understood) => {
    expect(resolveMentions(typed, PEOPLE)).toBe(understood);
  });

  test('a name that two people share stays as typed; their ids do not', () => {
    expect(resolveMentions('@陈伟', PEOPLE)).toBe('@陈伟');
    expect(resolveMentions('@chen-b', PEOPLE)).toBe('<@chen-b>');
  });
});

test('a command with a file, said in a channel', () => {
  const said = Say.parse({
    as: 'wang',
    in: 'channel:pr',
    act: ACT,
    text: ' /spend 3.2万 春季促销物料 ',
    files: [{ id: MESSAGE, name: '报价.pdf', mime: 'application/pdf', size: 12 }],
  });
  expect(fromSay(said, PEOPLE)).toEqual({
    platform: 'desk',
    deliveryId: `wang:${ACT}`,
    from: { account: 'wang', foreign: false },
    at: { kind: 'channel', id: 'pr' },
    what: {
      kind: 'text',
      text: '/spend 3.2万 春季促销物料',
      files: [{ ref: { file: MESSAGE, mime: 'application/pdf' }, name: '报价.pdf', mime: 'application/pdf', size: 12 }],
    },
  });
});

test('a press names the message as it was posted, so that the product finds the card again', () => {
  const action = { command: 'requests.approve', subject: 'SP-2026-0001', step: 'supervisor', seen: 2 };
  const pressed = fromPress({ as: 'li', in: 'bot', act: ACT, message: MESSAGE, action });
  expect(pressed.message).toEqual({ channel: 'direct:li', message: MESSAGE });
  expect(pressed.at).toEqual({ kind: 'direct', id: 'li' });
  expect(pressed.what).toEqual({ kind: 'action', action });
});

test('a field left empty is a field left out', () => {
  const sent = fromSent({
    as: 'wang',
    in: 'bot',
    act: ACT,
    action: { command: 'requests.submit' },
    values: { amount: '3.2万', detail: '', note: '   ' },
    files: {},
  });
  expect(sent.what).toMatchObject({ kind: 'form', values: { amount: '3.2万' } });
});

test.each([
  ['bot', '你好', true],
  ['channel:pr', '你好', false],
  ['channel:pr', '/spend', true],
  ['channel:pr', '／费用', true],
  ['channel:pr', '@会签 还要多久', true],
  ['channel:pr', '我去会签一下', false],
])('in %s “%s” is meant for the bot: %s', (place, text, expected) => {
  const said = { as: 'wang', in: place, act: ACT, text, files: [] };
  expect(isForBot(said, ['会签', 'Countersign'])).toBe(expected);
});
