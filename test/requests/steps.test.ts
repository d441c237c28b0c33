/** How a request moves along its path: D4 (away and gone), 转交, 加签, escalation to the top. */
import { describe, expect, it } from 'vitest';
import { openOffice, process } from './office.ts';

const small = { amount: '3.2万', title: '春季促销物料' };
const large = { amount: '6万', title: '展台' };

describe('D4: away and gone', () => {
  it('what waits for somebody goes to their deputy, both names stay; the old press is told who acts', () => {
    const office = openOffice();
    office.submits('wang', small);
    expect(office.away({ person: 'li', deputy: 'qian' })).toBe('done');
    expect(office.signer('qian')).toMatchObject({ standsInFor: 'li' });
    expect(office.does('li', 'approve')).toBe('stand-in-acts');
    expect(office.away()).toBe('done');
    expect(office.waitsFor()).toEqual(['li']);
    expect(office.does('qian', 'approve')).toBe('not-your-turn');
  });
  it('a stand-in who signs a later step too is asked once', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.away({ person: 'li', deputy: 'zhao' });
    office.does('zhao', 'approve');
    expect(office.request.state).toBe('approved');
    expect(office.step('director').signers[0]?.counted).toEqual({ step: 'supervisor' });
  });
  it('会签 with the other signer as deputy: one signature for both places, and both names on record', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'sun' }] }]) });
    office.submits('wang', small);
    expect(office.away({ person: 'sun', deputy: 'qian' })).toBe('done');
    expect(office.waitsFor()).toEqual(['qian']);
    expect(JSON.stringify(office.signer('qian')?.how)).toContain('"for":"sun"');
    expect(office.does('sun', 'approve')).toBe('stand-in-acts');
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('会签 with a deputy who has signed already: the next one up is asked, so that two still decide', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'sun' }] }]) });
    office.submits('wang', small);
    office.does('qian', 'approve');
    const given = office.signer('qian');
    expect(office.away({ person: 'sun', deputy: 'qian' })).toBe('done');
    expect(office.signer('qian')).toEqual(given);
    expect(office.waitsFor()).toEqual(['chen']);
    expect(office.does('sun', 'approve')).toBe('stand-in-acts');
    expect(office.away()).toBe('done');
    expect(office.waitsFor()).toEqual(['sun']);
  });
  it('或签 with the other signer as deputy: the absent one is waited for no more', () => {
    const office = openOffice({ process: process([{ who: [{ person: 'qian' }, { person: 'sun' }] }]) });
    office.submits('wang', small);
    expect(office.away({ person: 'sun', deputy: 'qian' })).toBe('done');
    expect(office.waitsFor()).toEqual(['qian']);
  });
  it('会签 of three, two of whom go away with the third as deputy: one signature, three names', () => {
    const who = [{ person: 'qian' }, { person: 'sun' }, { person: 'zhao' }];
    const office = openOffice({ process: process([{ need: 'all', who }]) });
    office.submits('wang', small);
    office.away({ person: 'sun', deputy: 'qian' }, { person: 'zhao', deputy: 'qian' });
    expect(office.waitsFor()).toEqual(['qian']);
    expect(JSON.stringify(office.signer('qian')?.how)).toMatch(/"for":"sun".*"for":"zhao"/);
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('the requester as deputy: the next one up acts, never the requester', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.away({ person: 'li', deputy: 'wang' });
    expect(office.waitsFor()).toEqual(['zhao']);
  });
  it('two who leave at once: both places move, and each of the two moves is told to the requester', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'sun' }] }]) });
    office.submits('wang', small);
    office.changes({ li: { active: false }, sun: { active: false } });
    expect(office.waitsFor()).toEqual(['zhao', 'chen']);
    const moves = office.told().filter((one) => one.kind === 'notice' && one.about === 'acts-now');
    expect(moves).toHaveLength(2);
    expect(new Set(moves.map((one) => (one.kind === 'notice' ? one.key : ''))).size).toBe(2);
  });
  it('two who are away when their step opens: the requester hears of both', () => {
    const office = openOffice({
      process: process([{ who: { line: 'director' } }, { need: 'all', who: [{ person: 'li' }, { person: 'sun' }] }]),
      away: [
        { person: 'li', deputy: 'qian' },
        { person: 'sun', deputy: 'chen' },
      ],
    });
    office.submits('wang', small);
    office.does('zhao', 'approve');
    const keys = office
      .told()
      .flatMap((one) => (one.kind === 'notice' ? [`${one.key} ${JSON.stringify(one.to)}`] : []));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
  });
  it('added for later, and away when the turn comes: the deputy is asked', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'after' });
    office.away({ person: 'sun', deputy: 'qian' });
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['qian']);
    expect(office.signer('qian')).toMatchObject({ standsInFor: 'sun' });
  });
  it('added for later, and gone when the turn comes: the next one up is asked', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'after' });
    office.changes({ sun: { active: false } });
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['chen']);
  });
});

describe('转交', () => {
  it('both names stay, the one who handed over cannot sign any more', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'hand-over', { to: 'sun', reason: '法务更合适' });
    expect(office.signer('sun')?.came).toMatchObject({ kind: 'handed-over', from: 'li', reason: '法务更合适' });
    expect(office.does('li', 'approve')).toBe('not-your-turn');
    expect(office.request.parties).toContain('li');
  });
  it('handed back, and over again: allowed, since the first may have been meant after all; each hand-over is on record', () => {
    const office = openOffice();
    office.submits('wang', small);
    for (const [from, to] of [
      ['li', 'sun'],
      ['sun', 'li'],
      ['li', 'sun'],
    ] as const) {
      expect(office.does(from, 'hand-over', { to })).toBe('done');
    }
    expect(office.types().filter((type) => type === 'step-handed-over')).toHaveLength(3);
    expect(office.waitsFor()).toEqual(['sun']);
  });
  it('never to the requester, nor by way of their being somebody’s deputy', () => {
    const office = openOffice();
    office.submits('wang', small);
    expect(office.does('li', 'hand-over', { to: 'wang' })).toBe('not-to-requester');
    office.away({ person: 'sun', deputy: 'wang' });
    expect(office.does('li', 'hand-over', { to: 'sun' })).toBe('done');
    expect(office.waitsFor()).toEqual(['chen']);
  });
  it('nor to somebody who stands in the step already, nor to somebody unknown or gone', () => {
    const office = openOffice({
      process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'sun' }] }]),
      but: { chen: { active: false } },
    });
    office.submits('wang', small);
    expect(office.does('qian', 'hand-over', { to: 'sun' })).toBe('signs-already');
    expect(office.does('qian', 'hand-over', { to: 'qian' })).toBe('signs-already');
    expect(office.does('qian', 'hand-over', { to: 'chen' })).toBe('unknown-person');
    expect(office.does('qian', 'hand-over', { to: 'nobody' })).toBe('unknown-person');
  });
  it('to the signer of a later step: their one signature covers both', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'hand-over', { to: 'zhao' });
    office.does('zhao', 'approve');
    expect(office.request.state).toBe('approved');
    expect(office.step('director').state).toBe('covered');
  });
  it('a later step handed to somebody who signed before: they are asked again, for it is another’s decision now', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    office.does('zhao', 'hand-over', { to: 'li' });
    expect(office.waitsFor()).toEqual(['li']);
    expect(office.request.state).toBe('open');
  });
  it('in a 会签 the place goes over, and the others are still waited for', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'sun' }] }]) });
    office.submits('wang', small);
    office.does('qian', 'hand-over', { to: 'li' });
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['sun']);
  });
});

describe('加签', () => {
  it('before: the added one signs first, then it comes back to whoever asked for them', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'before' });
    expect(office.waitsFor()).toEqual(['sun']);
    expect(office.does('li', 'approve', { step: 'supervisor' })).toBe('not-your-turn');
    office.does('sun', 'approve');
    expect(office.waitsFor()).toEqual(['li']);
    office.does('li', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('after: right behind this step and before the next one', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'add-signer', { to: 'sun', place: 'after' });
    expect(office.request.steps.map((step) => step.id)).toEqual(['supervisor', 'added-1', 'director']);
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['sun']);
    office.does('sun', 'approve');
    expect(office.waitsFor()).toEqual(['zhao']);
  });
  it('before, in the middle of a 会签: the signature already given stays as it was given', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'zhao' }] }]) });
    office.submits('wang', small);
    office.does('qian', 'approve');
    const given = office.signer('qian');
    office.does('zhao', 'add-signer', { to: 'sun', place: 'before' });
    office.does('sun', 'approve');
    expect(office.signer('qian')).toEqual(given);
    expect(office.waitsFor()).toEqual(['zhao']);
  });
  it('whoever has approved this content already is not asked for the same again', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    for (const place of ['before', 'after']) {
      expect(office.does('zhao', 'add-signer', { to: 'li', place })).toBe('signed-before');
    }
  });
  it('the added one may refuse for all', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'before' });
    office.does('sun', 'reject');
    expect(office.request.state).toBe('rejected');
    expect(office.step('supervisor').state).toBe('void');
  });
  it('whoever was asked first is away when it comes back to them: their deputy, who stands in the step already, signs once', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'zhao' }] }]) });
    office.submits('wang', small);
    office.does('zhao', 'add-signer', { to: 'sun', place: 'before' });
    office.away({ person: 'zhao', deputy: 'qian' });
    office.does('sun', 'approve');
    expect(office.open().signers.map((signer) => signer.person)).toEqual(['qian']);
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('covered when it comes back, because who acts for the first has signed: a late press hears by whom', () => {
    const office = openOffice({
      process: process([{ who: [{ person: 'qian' }, { person: 'zhao' }] }, { who: { role: 'ceo' } }]),
    });
    office.submits('wang', small);
    office.does('zhao', 'add-signer', { to: 'sun', place: 'before' });
    office.away({ person: 'zhao', deputy: 'sun' });
    office.does('sun', 'approve');
    expect(office.step('s1').state).toBe('covered');
    expect(office.does('qian', 'approve', { step: 's1' })).toBe('step-already-decided');
    expect(office.why()).toMatchObject({ by: 'sun', outcome: 'approved', at: office.step('s1').closedAt });
  });
  it('a step of the handbook that is called added-1 and an added one are two', () => {
    const office = openOffice({
      process: process([{ who: { line: 'supervisor' } }, { id: 'added-1', who: { role: 'ceo' } }]),
    });
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'after' });
    const ids = office.request.steps.map((step) => step.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const signer of ['li', 'sun', 'chen']) expect(office.does(signer, 'approve')).toBe('done');
    expect(office.request.state).toBe('approved');
  });
});

describe('escalation', () => {
  it('goes to the manager, then to theirs, until nobody is above; each of them may sign', () => {
    const office = openOffice();
    office.submits('wang', small);
    expect(office.clock('escalate')).toBe('done');
    expect(office.waitsFor()).toEqual(['li', 'zhao']);
    expect(office.clock('escalate')).toBe('done');
    expect(office.waitsFor()).toEqual(['li', 'zhao', 'chen']);
    expect(office.clock('escalate')).toBe('nobody-above');
    office.does('chen', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('passes over the requester', () => {
    const office = openOffice({ process: process([{ who: { person: 'wang' } }]) });
    office.submits('zhao', small);
    // 王晓文's manager is 李娜, hers is the requester
    office.clock('escalate');
    office.clock('escalate');
    expect(office.waitsFor()).toEqual(['wang', 'li', 'chen']);
  });
  it('会签: the superior signs in the place of the silent one, and nobody else’s', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.clock('escalate');
    expect(office.waitsFor()).toEqual(['li', 'qian', 'zhao', 'chen']);
    office.does('zhao', 'approve');
    // 李娜's place is taken: she is waited for no more
    expect(office.waitsFor()).toEqual(['qian', 'chen']);
    expect(office.does('li', 'approve')).toBe('not-your-turn');
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('会签 with one superior for both: one signature of theirs never makes both', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'sun' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.clock('escalate');
    expect(office.waitsFor()).toEqual(['sun', 'qian', 'chen']);
    office.does('chen', 'approve');
    expect(office.request.state).toBe('open');
    expect(office.waitsFor()).toEqual(['qian']);
  });
  it('或签 with one superior for both: only that one is asked, not theirs as well', () => {
    const office = openOffice({
      process: process([{ who: [{ person: 'li' }, { person: 'mei' }] }]),
      people: [
        { id: 'wang', manager: 'li' },
        { id: 'li', manager: 'zhao' },
        { id: 'mei', manager: 'zhao' },
        { id: 'zhao', manager: 'chen' },
        { id: 'chen' },
      ],
    });
    office.submits('wang', small);
    office.clock('escalate');
    expect(office.waitsFor()).toEqual(['li', 'mei', 'zhao']);
  });
  it('whoever signed in time is not needed twice: the superior’s button goes when the silent one has signed', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.clock('escalate');
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['qian', 'chen']);
  });
  it('handed on by the superior: the place is the same, nobody more has to sign', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.does('qian', 'approve');
    office.clock('escalate');
    office.does('zhao', 'hand-over', { to: 'sun' });
    office.does('sun', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('the silent one hands over after the escalation: the superior still answers for that place', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.clock('escalate');
    office.does('li', 'hand-over', { to: 'sun' });
    office.does('zhao', 'approve');
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('the silent one is away by now: what the superior signed for that place stays signed', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'li' }, { person: 'qian' }] }]) });
    office.submits('wang', small);
    office.clock('escalate');
    office.does('zhao', 'approve');
    office.away({ person: 'li', deputy: 'sun' });
    expect(office.waitsFor()).toEqual(['qian', 'chen']);
  });
  it('a deputy from below who is silent: it goes above the one they stand in for', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    office.away({ person: 'zhao', deputy: 'sun' });
    expect(office.waitsFor()).toEqual(['sun']);
    const below = openOffice({ process: process([{ who: { line: 'director' } }]) });
    below.submits('wang', small);
    below.away({ person: 'zhao', deputy: 'li' });
    expect(below.clock('escalate')).toBe('done');
    expect(below.waitsFor()).toEqual(['li', 'chen']);
  });
  it('the superior is away with the silent one as deputy: the next one up is asked instead', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.away({ person: 'zhao', deputy: 'li' });
    expect(office.clock('escalate')).toBe('done');
    expect(office.waitsFor()).toEqual(['li', 'chen']);
  });
});
