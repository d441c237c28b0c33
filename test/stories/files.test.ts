/** Attachments: sent from either platform, kept by their hash, named by G6, opened by those who can see the request and nobody else. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

const MINUTE = 60_000;
const PDF = Buffer.from('%PDF-1.7\n报价 ¥32,000.00\n%%EOF');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const SP1 = 'SP-2026-0001';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  await house.feishuCard('ou_li', SP1);
  await house.slackCard('U01WANG', SP1);
});
afterAll(() => house.close());

interface Kept {
  name: string;
  state: string;
  sha256: string | null;
  size: string | null;
  mime: string | null;
}
const filesOf = (number: string) =>
  house.sql<Kept[]>`
    select name, state, sha256, size::text, mime from attachment where subject = ${number} order by position`;
const kept = (number: string, count: number) =>
  waitFor(
    async () => (await filesOf(number)).filter((file) => file.state === 'kept').length >= count,
    `${count} kept files of ${number}`,
  );
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('from Slack', () => {
  test('a file sent to the bot with the number is kept with that request and listed on every card', async () => {
    const { slack } = house;
    slack.addFile({ id: 'F1', name: '报价单（终稿）.pdf', bytes: PDF });
    await slack.say('U01WANG', `${SP1} 的报价`, ['F1']);
    await toldOnSlack(house, 'U01WANG', '收到文件', SP1, '春季促销物料-20261123-01V1.pdf');
    await kept(SP1, 1);
    const hash = sha256(PDF);
    expect(await filesOf(SP1)).toEqual([
      {
        name: '春季促销物料-20261123-01V1.pdf',
        state: 'kept',
        sha256: hash,
        size: String(PDF.length),
        mime: 'application/pdf',
      },
    ]);
    expect(await readFile(join(house.config.dataDir, 'files', hash.slice(0, 2), hash))).toEqual(PDF);
    for (const place of ['U01WANG', 'U02LI', 'C0PR'])
      await house.slackSays(place, SP1, '春季促销物料-20261123-01V1.pdf');
    for (const place of ['ou_wang', 'ou_li', 'oc_pr'])
      await house.feishuSays(place, SP1, '春季促销物料-20261123-01V1.pdf');
    const [attached, done] = (await house.ledger(SP1)).slice(-2);
    expect(attached).toMatchObject({ type: 'file-attached', by: 'wang', data: { original: '报价单（终稿）.pdf' } });
    expect(done).toMatchObject({ type: 'file-kept', by: 'clock', data: { sha256: hash, size: PDF.length } });
  });

  test('of several files in one message each is kept', async () => {
    const { slack } = house;
    slack.addFile({ id: 'F2', name: 'a.pdf', bytes: Buffer.concat([PDF, Buffer.from('a')]) });
    slack.addFile({ id: 'F3', name: 'b.csv', mimetype: 'text/csv', bytes: Buffer.from('项目,金额\n物料,32000\n') });
    await slack.say('U02LI', SP1, ['F2', 'F3']);
    await toldOnSlack(house, 'U02LI', '收到文件', '-02V1.pdf', '-03V1.csv');
    await kept(SP1, 3);
  });

  test('a file field in the window keeps its file with the request that it makes, named by what it is about', async () => {
    const { slack } = house;
    await slack.slash('U01WANG', 'C0PR', '/purchase');
    const window = await slack.until(() => slack.window('U01WANG'));
    slack.addFile({ id: 'F4', name: 'Offer.PDF', bytes: PDF });
    const values = {
      amount: '8万',
      item: '展台搭建',
      supplier: '某某会展',
      needed: '2026-12-20',
      kind: 'service',
      reason: '年会',
      quote: ['F4'],
    };
    expect(await slack.submit('U01WANG', window, values)).toMatchObject({ problem: undefined });
    expect(window.errors).toEqual({});
    await kept('PU-2026-0001', 1);
    expect((await filesOf('PU-2026-0001')).map((file) => file.name)).toEqual(['展台搭建-20261123-01V1.pdf']);
    slack.addFile({ id: 'F5', name: '合同.docx.pdf', bytes: PDF });
    await slack.say('U01WANG', 'pu-2026-0001', ['F5']);
    await kept('PU-2026-0001', 2);
    expect((await filesOf('PU-2026-0001')).map((file) => file.name)).toContain('展台搭建-20261123-02V1.pdf');
  });

  test('without a number, where several requests are open, it asks which; a long address does not matter', async () => {
    const { slack } = house;
    const name = `${'超长文件名'.repeat(12)}.pdf`;
    slack.addFile({ id: 'F6', name, bytes: PDF });
    const url = `http://files.example/files-pri/T0HOME-F6/download/${encodeURIComponent(name)}`;
    await slack.event({
      type: 'message',
      channel: slack.directOf('U01WANG'),
      channel_type: 'im',
      user: 'U01WANG',
      team: slack.team,
      text: '',
      ts: '1.000001',
      subtype: 'file_share',
      files: [{ id: 'F6', name, mimetype: 'application/pdf', size: PDF.length, url_private_download: url }],
    });
    const form = await slack.until(() =>
      slack.messagesOf('U01WANG').find((message) => slack.cardText(message).includes('这个文件属于哪张单')),
    );
    await slack.press('U01WANG', form, '挂到这张单', { request: 'PU-2026-0001' });
    await toldOnSlack(house, 'U01WANG', '收到文件', 'PU-2026-0001', '-03V1.pdf');
    await kept('PU-2026-0001', 3);
  });

  test('who has no request is told what to do', async () => {
    const { slack } = house;
    slack.addFile({ id: 'F7', bytes: PDF });
    await slack.say('U05QIAN', '', ['F7']);
    await toldOnSlack(house, 'U05QIAN', '没有可以挂附件的单子');
    await slack.say('U05QIAN', SP1, ['F7']);
    await toldOnSlack(house, 'U05QIAN', '这张单与你无关');
    expect(await filesOf(SP1)).toHaveLength(3);
  });
});

describe('from Feishu', () => {
  test('a file sent as a reply to the card, in the group or in the direct chat', async () => {
    const { feishu } = house;
    const card = await house.feishuCard('oc_pr', SP1);
    const scan = { name: '比价.pdf', bytes: Buffer.concat([PDF, Buffer.from('b')]), mime: 'application/pdf' };
    await feishu.sendFile('ou_li', 'oc_pr', scan, { replyTo: card });
    await toldOnFeishu(house, 'ou_li', '收到文件', SP1, '-04V1.pdf');
    await kept(SP1, 4);
    expect((await filesOf(SP1))[3]?.sha256).toBe(sha256(scan.bytes));
  });

  test('a photo has no ending: it gets that of what it is', async () => {
    const { feishu } = house;
    const card = await house.feishuCard('ou_wang', SP1);
    await feishu.sendFile(
      'ou_wang',
      'p2p',
      { name: '', bytes: PNG, mime: 'image/png' },
      { replyTo: card, image: true },
    );
    await kept(SP1, 5);
    expect((await filesOf(SP1))[4]).toMatchObject({ name: '春季促销物料-20261123-05V1.png', mime: 'image/png' });
    await house.feishuSays('ou_wang', SP1, '春季促销物料-20261123-05V1.png');
  });
});

describe('links', () => {
  const linkIn = (value: unknown): string =>
    /http:\/\/127\.0\.0\.1:\d+\/files\/[^"\\]+/.exec(JSON.stringify(value))?.[0] ?? 'no link';
  const status = async (url: string | URL): Promise<number> => (await fetch(url)).status;
  const onSlack = async (user: string): Promise<string> => {
    const { slack } = house;
    await slack.press(user, await house.slackCard(user, SP1), '附件');
    const card = await slack.until(() =>
      slack.ephemerals(user).findLast((message) => linkIn(message.blocks) !== 'no link'),
    );
    return linkIn(card.blocks);
  };

  test('whoever can see the request opens its files from the card, and gets exactly what was sent', async () => {
    const { feishu } = house;
    await feishu.press('ou_li', await house.feishuCard('ou_li', SP1), '附件');
    const card = await feishu.when(
      () => feishu.messagesOf('ou_li').findLast((message) => linkIn(message.card) !== 'no link'),
      'the card with the links',
    );
    for (const url of [await onSlack('U01WANG'), linkIn(card.card)]) {
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(decodeURIComponent(answer.headers.get('content-disposition') ?? '')).toContain(
        '春季促销物料-20261123-01V1.pdf',
      );
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('expired, forged, made out to another person, or of a file that is none: 404', async () => {
    const url = await onSlack('U01WANG');
    const changed = (change: (url: URL) => void) => {
      const other = new URL(url);
      change(other);
      return other;
    };
    const bad = [
      changed((u) => u.searchParams.set('p', 'qian')),
      changed((u) => u.searchParams.set('e', String(house.clock().getTime() + 3_600_000))),
      changed((u) => u.searchParams.set('s', 'A'.repeat(43))),
      changed((u) => u.searchParams.delete('s')),
      changed((u) => {
        u.search = '';
      }),
      changed((u) => {
        u.pathname = `/files/${crypto.randomUUID()}`;
      }),
      changed((u) => {
        u.pathname = '/files/..%2f..%2fhandbook%2fcompany.yaml';
      }),
    ];
    for (const one of bad) expect(await status(one)).toBe(404);
    expect(await status(url)).toBe(200);
    house.travel(11 * MINUTE);
    expect(await status(url)).toBe(404);
  });

  test('a colleague whom the request does not concern gets no link, whatever button is pressed', async () => {
    const { slack } = house;
    const card = await house.slackCard('U02LI', SP1);
    await slack.press('U05QIAN', slack.snapshot(card), '附件');
    await toldOnSlack(house, 'U05QIAN', '这张单与你无关');
    expect(linkIn([...slack.ephemerals('U05QIAN'), ...slack.messagesOf('U05QIAN')])).toBe('no link');
  });
});
