/** A freeze holds what is not for the crisis: nobody signs, nobody is chased, everybody is told why, and it goes on as if the time had not passed. */
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { requestCard } from '../../src/requests/cards.ts';
import { textsOf } from '../../src/requests/content.ts';
import { stateLine } from '../../src/requests/emergency.ts';
import { noticeCard } from '../../src/requests/notices.ts';
import { refusalText } from '../../src/requests/refusals.ts';
import { CRISIS, FORM, openOffice, process, spend } from './office.ts';

const campaign = { amount: '6万', title: '银河系列春季展台' };
const OTHER = 'CR-2026-0004';
type Office = ReturnType<typeof openOffice>;

const open = (): Office => {
  const office = openOffice();
  office.submits('wang', campaign);
  return office;
};
const held = (): Office => {
  const office = open();
  expect(office.clock('hold', { crisis: CRISIS })).toBe('done');
  return office;
};
const reading = (office: Office, language: 'zh' | 'en' = 'zh') => {
  const { request } = office;
  return {
    request,
    process: spend,
    directory: office.world().directory,
    language,
    files: [],
    cited: new Map(),
  };
};
const buttonsOn = ({ blocks }: Card) => blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
const labels = (office: Office, viewer: { person: string } | { channel: string }) =>
  buttonsOn(requestCard(reading(office), viewer)).map(({ label }) => label);
const rung = (office: Office): string[] =>
  office
    .told()
    .flatMap((one) => (one.kind === 'notice' && 'person' in one.to ? [`${one.to.person} ${one.about}`] : []));

describe('held', () => {
  it.each(['approve', 'hand-over', 'add-signer'])(
    'its signer cannot %s: the sentence says which crisis, and who lifts it',
    (act) => {
      const office = held();
      expect(office.does('li', act, { to: 'sun', place: 'before' })).toBe('held');
      for (const [language, words] of [
        ['zh', `这张单被危机 ${CRISIS} 冻结`],
        ['zh', '总指挥或其上级'],
        ['en', `The freeze of crisis ${CRISIS} holds this request`],
      ] as const)
        expect(refusalText('held', office.why(), office.request, { world: office.world(), language })).toContain(words);
      expect(office.open().signers.some((signer) => signer.signature)).toBe(false);
    },
  );
  it('its requester cannot urge anybody; whoever it does not concern learns nothing of it', () => {
    const office = held();
    expect(office.does('wang', 'urge')).toBe('held');
    expect(office.does('sun', 'approve')).toBe('not-yours');
    expect(office.does('wang', 'approve')).toBe('own-request');
  });
  it.each([
    ['li', 'reject', 'rejected'],
    ['li', 'return', 'returned'],
    ['wang', 'withdraw', 'withdrawn'],
  ])('%s may %s it all the same', (who, act, state) => {
    const office = held();
    expect(office.does(who, act)).toBe('done');
    expect(office.request.state).toBe(state);
    expect(office.does(who, 'comment', { text: '危机之后再说' })).toBe('done');
  });
  it('the card and the list say so, and offer nothing that would be refused', () => {
    const office = held();
    const card = requestCard(reading(office), { person: 'li' });
    expect(card.headline).toBe('SP-2026-0001 费用申请 · 已冻结');
    expect(JSON.stringify(card)).toContain(`因危机 ${CRISIS} 冻结，解冻后才能批准`);
    expect(stateLine(reading(office))).toBe(`已冻结（危机 ${CRISIS}），暂停审批`);
    expect(stateLine(reading(office, 'en'))).toBe(`On hold (crisis ${CRISIS})`);
    expect(labels(office, { person: 'li' })).toEqual(['驳回', '退回修改', '评论', '抄送', '附件', '为什么']);
    expect(labels(office, { person: 'wang' })).toEqual(['撤回', '评论', '抄送', '附件', '为什么']);
    expect(labels(office, { channel: 'pr' })).toEqual(['驳回', '退回修改', '为什么']);
  });
  it('its requester is told; nobody is chased while it stands still', () => {
    const office = held();
    expect(rung(office)).toEqual(['wang held']);
    expect(noticeCard(reading(office), 'held', { crisis: CRISIS }, '').summary).toContain('请先不要支出');
    expect(office.timers.size).toBe(0);
    // one that was firing at that moment
    for (const act of ['remind', 'escalate']) expect(office.clock(act)).toBe('over');
  });
  it('somebody goes away meanwhile: who stands in is asked once it goes on, and not chased before', () => {
    const office = held();
    expect(office.away({ person: 'li', deputy: 'qian' })).toBe('done');
    expect(office.timers.size).toBe(0);
    expect(office.does('qian', 'approve')).toBe('held');
    office.clock('release', { crisis: CRISIS });
    expect(office.does('qian', 'approve')).toBe('done');
  });
});

describe('released', () => {
  it('the time of whoever is asked begins anew: nobody is chased for the days of the freeze', () => {
    const office = held();
    office.later(24 * 5); // the next Tuesday, 10:00
    expect(office.clock('release', { crisis: CRISIS })).toBe('done');
    expect(rung(office)).toEqual(['wang released', 'li your-turn']);
    const due = (key: string) => office.timers.get(`SP-2026-0001|${key}|supervisor`)?.due.toISOString();
    expect(due('remind')).toBe('2026-12-08T06:00:00.000Z');
    expect(due('escalate')).toBe('2026-12-10T02:00:00.000Z');
    expect(labels(office, { person: 'li' })).toContain('批准');
    expect(requestCard(reading(office), { person: 'li' }).headline).toBe('SP-2026-0001 费用申请');
    expect(office.does('li', 'approve')).toBe('done');
  });
  it('another crisis’ freeze concerns it as well: it stays held, by that one, and nobody is told that it goes on', () => {
    const office = held();
    office.freezes(OTHER);
    expect(office.clock('release', { crisis: CRISIS })).toBe('done');
    expect(office.request.held).toMatchObject({ crisis: OTHER });
    expect(rung(office)).toEqual(['wang held']);
    expect(office.timers.size).toBe(0);
    expect(office.clock('release', { crisis: CRISIS })).toBe('over');
    office.freezes(undefined);
    expect(office.clock('release', { crisis: OTHER })).toBe('done');
    expect(office.does('li', 'approve')).toBe('done');
  });
  it('returned while it was held: submitted again it is held still, until the freeze is lifted', () => {
    const office = held();
    office.does('li', 'return');
    office.freezes(CRISIS);
    expect(office.does('wang', 'resubmit', { values: { ...campaign, title: '银河系列秋季展台' } })).toBe('done');
    expect(office.types().filter((type) => type === 'request-held')).toHaveLength(1);
    expect(office.does('li', 'approve')).toBe('held');
    expect(office.timers.size).toBe(0);
    office.freezes(undefined);
    office.clock('release', { crisis: CRISIS });
    expect(office.timers.size).toBe(2);
    expect(office.does('li', 'approve')).toBe('done');
  });
});

describe('submitted again under other words', () => {
  const returned = (): Office => {
    const office = held();
    office.does('li', 'return');
    return office;
  };
  const autumn = { values: { ...campaign, title: '年会展台' } };
  it('that no freeze names: it goes on at once, and its signer is rung once', () => {
    const office = returned();
    expect(office.does('wang', 'resubmit', autumn)).toBe('done');
    expect(office.types().slice(-3)).toEqual(['request-resubmitted', 'request-released', 'step-opened']);
    expect(office.request.held).toBeUndefined();
    expect(rung(office)).toEqual(['li your-turn']);
    expect(office.timers.size).toBe(2);
    expect(office.clock('release', { crisis: CRISIS })).toBe('over');
    expect(office.does('li', 'approve')).toBe('done');
  });
  it('that another freeze names: that one holds it from now on', () => {
    const office = returned();
    office.freezes(OTHER);
    office.does('wang', 'resubmit', autumn);
    expect(office.types().slice(-3)).toEqual(['request-released', 'step-opened', 'request-held']);
    expect(office.request.held).toMatchObject({ crisis: OTHER });
    expect(rung(office)).toEqual([]);
    expect(office.timers.size).toBe(0);
  });
});

describe('whose turn it is while it is held', () => {
  it('nobody’s: who is asked meanwhile is not rung before it goes on', () => {
    const office = open();
    office.does('wang', 'copy', { to: 'qian' });
    office.clock('hold', { crisis: CRISIS });
    office.away({ person: 'li', deputy: 'qian' });
    expect(office.waitsFor()).toEqual(['qian']);
    expect(rung(office)).toEqual(['wang acts-now']);
    office.clock('release', { crisis: CRISIS });
    expect(rung(office)).toEqual(['wang released', 'qian your-turn']);
  });
  it('submitted again into a freeze: its signer is rung by the release', () => {
    const office = open();
    office.does('li', 'return');
    office.freezes(CRISIS);
    office.does('wang', 'resubmit', { values: campaign });
    expect(rung(office)).toEqual([]);
    office.freezes(undefined);
    office.clock('release', { crisis: CRISIS });
    expect(rung(office)).toEqual(['wang released', 'li your-turn']);
  });
});

describe('what is held, and what is not', () => {
  it('people hold and release nothing here; twice is once', () => {
    const office = open();
    for (const act of ['hold', 'release']) expect(office.forges('zhao', act, { crisis: CRISIS })).toBe('not-yours');
    expect(office.clock('release', { crisis: CRISIS })).toBe('over');
    office.clock('hold', { crisis: CRISIS });
    expect(office.clock('hold', { crisis: CRISIS })).toBe('over');
    expect(office.clock('hold', { crisis: OTHER })).toBe('over');
  });
  it('what is decided stays decided', () => {
    const office = open();
    office.does('li', 'reject');
    expect(office.clock('hold', { crisis: CRISIS })).toBe('over');
  });
  it('what is spent for a crisis, or needed by its team, is held by no freeze, whichever crisis froze', () => {
    const spent = openOffice();
    spent.spends('wang', campaign, { execute: true, ratify: { amount: 24, unit: 'hours', working: true } });
    expect(spent.request.held).toBeUndefined();
    for (const crisis of [CRISIS, OTHER]) expect(spent.clock('hold', { crisis })).toBe('over');
    for (const why of ['over-cap', 'over-total', 'suspended'] as const) {
      const urgent = openOffice();
      urgent.spends('wang', campaign, { execute: false, why });
      for (const crisis of [CRISIS, OTHER]) expect(urgent.clock('hold', { crisis })).toBe('over');
    }
  });
  it.each(['not-member', 'not-graded', 'over', 'no-amount'] as const)(
    'who merely types the number of a crisis (%s) gets around no freeze, not even its own',
    (why) => {
      for (const crisis of [CRISIS, OTHER]) {
        const urgent = openOffice();
        urgent.spends('wang', campaign, { execute: false, why });
        expect(urgent.clock('hold', { crisis })).toBe('done');
      }
    },
  );
  it('submitted into a freeze it is held from the start, before anybody could sign', () => {
    const office = openOffice();
    office.freezes(CRISIS);
    expect(office.submits('wang', campaign)).toBe('done');
    expect(office.types()).toEqual(['request-submitted', 'step-opened', 'request-held']);
    expect(office.timers.size).toBe(0);
    expect(office.does('li', 'approve')).toBe('held');
  });
  it('changed into what is frozen, it is held when it is submitted again', () => {
    const office = open();
    office.does('li', 'return');
    office.freezes(CRISIS);
    office.does('wang', 'resubmit', { values: campaign });
    expect(office.request.held).toMatchObject({ crisis: CRISIS });
    expect(office.types().filter((type) => type === 'request-held')).toHaveLength(1);
  });
  it('a freeze looks at the fields that the handbook names, and at choices by what people read', () => {
    const brand = {
      id: 'brand',
      type: 'choice',
      label: { zh: '品牌', en: 'Brand' },
      options: [{ value: 'galaxy', label: { zh: '银河', en: 'Galaxy' } }],
    };
    const named = process([{ who: { line: 'supervisor' } }], { form: [...FORM, brand] });
    const values = {
      title: '春季展台',
      kind: 'goods',
      brand: 'galaxy',
      amount: { minor: '1', currency: 'CNY', base: '1' },
    };
    expect(textsOf(named, values, ['title', 'brand', 'amount', 'nothing'])).toEqual(['春季展台', '银河', 'Galaxy']);
    expect(textsOf(named, values, ['kind'])).toEqual(['物料', '物料']);
  });
});
