/** The rules of the handbook about who signs what, in the department's words: A1, A2, D1–D3, 会签 and 或签, and what requesters may do. */
import { describe, expect, it } from 'vitest';
import { openOffice, process, spend } from './office.ts';

const small = { amount: '3.2万', title: '春季促销物料' };
const large = { amount: '6万', title: '展台' };

describe('A1: tiers by amount', () => {
  it.each([
    ['49,999.99', ['li']],
    ['50,000.00', ['li', 'zhao']],
    ['50,000.01', ['li', 'zhao']],
  ])('¥%s is signed by %s: the limit itself belongs to the stricter tier', (amount, signers) => {
    const office = openOffice();
    office.submits('wang', { amount, title: '物料' });
    for (const signer of signers) {
      expect(office.waitsFor()).toEqual([signer]);
      expect(office.does(signer, 'approve')).toBe('done');
    }
    expect(office.request.state).toBe('approved');
  });
});

describe('A2: strictly in order', () => {
  const purchase = process([
    { who: { line: 'department-head' } },
    { who: { role: 'finance' } },
    { who: { role: 'ceo' } },
  ]);
  it('finance and the CEO cannot sign before their turn, and each step opens the next', () => {
    const office = openOffice({ process: purchase });
    office.submits('wang', small);
    expect(office.does('qian', 'approve')).toBe('not-yours');
    expect(office.does('zhao', 'approve')).toBe('done');
    expect(office.does('chen', 'approve')).toBe('not-yours');
    expect(office.does('qian', 'approve')).toBe('done');
    expect(office.does('qian', 'approve', { step: 's2' })).toBe('step-already-decided');
    expect(office.does('chen', 'approve')).toBe('done');
    expect(office.types().filter((type) => type === 'step-approved')).toHaveLength(3);
    expect(office.request.state).toBe('approved');
  });
});

describe('D3: nobody decides on their own request, nobody decides what they did not see', () => {
  it('the requester presses on the channel’s card: refused, and told who is asked', () => {
    const office = openOffice();
    office.submits('wang', small);
    for (const act of ['approve', 'reject', 'return']) expect(office.does('wang', act)).toBe('own-request');
  });
  it('the supervisor’s own request climbs to the director, who signs once for both steps', () => {
    const office = openOffice();
    office.submits('li', large);
    expect(office.waitsFor()).toEqual(['zhao']);
    office.does('zhao', 'approve');
    expect(office.types()).toEqual([
      'request-submitted',
      'step-opened',
      'step-approved',
      'step-covered',
      'request-approved',
    ]);
    expect(office.step('director').signers[0]?.counted).toEqual({ step: 'supervisor' });
  });
  it('nobody is above the CEO: refused at submission, never approved by default', () => {
    const office = openOffice();
    expect(office.submits('chen', large)).toBe('no-signer');
  });
  it('a press on a card of an older content is not carried out, nor one that names no content, nor a step that never was', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'return');
    office.does('wang', 'resubmit', { values: { amount: '4.9万', title: '展台' } });
    expect(office.does('li', 'approve', { seen: 1 })).toBe('stale');
    expect(office.does('li', 'approve', { seen: 3 })).toBe('stale');
    expect(office.does('li', 'approve', { step: 'nowhere' })).toBe('stale');
    for (const args of [{}, { seen: 2 }, { step: 'supervisor' }]) {
      expect(office.forges('li', 'approve', args)).toBe('stale');
    }
    expect(office.does('li', 'approve')).toBe('done');
  });
  it('a stranger learns nothing, not even who asked', () => {
    const office = openOffice();
    office.submits('wang', small);
    for (const act of ['withdraw', 'urge', 'approve', 'reject', 'hand-over', 'add-signer']) {
      expect(office.does('sun', act, { to: 'qian', place: 'after' })).toBe('not-yours');
    }
    expect(office.does('sun', 'comment', { text: '？' })).toBe('not-yours');
    expect(office.does('sun', 'copy', { to: 'sun' })).toBe('not-yours');
    office.does('li', 'return');
    expect(office.does('sun', 'resubmit', { values: small })).toBe('not-yours');
  });
  it('only the clock chases and moves', () => {
    const office = openOffice();
    office.submits('wang', small);
    const args = { step: 'supervisor', submission: 1 };
    for (const act of ['remind', 'escalate', 'reassign']) expect(office.forges('li', act, args)).toBe('not-yours');
    const kept = { id: 'x', name: 'n', sha256: 's', size: 1, mime: 'm', why: 'w', by: 'wang' };
    for (const act of ['file-kept', 'file-refused']) expect(office.forges('wang', act, kept)).toBe('not-yours');
  });
});

describe('会签 and 或签', () => {
  const signers = [{ person: 'qian' }, { person: 'sun' }];
  const joint = process([{ need: 'all', who: signers }, { who: { role: 'ceo' } }]);
  it('或签: one is enough, the second is told who decided', () => {
    const office = openOffice({ process: process([{ who: signers }, { who: { role: 'ceo' } }]) });
    office.submits('wang', small);
    expect(office.does('sun', 'approve')).toBe('done');
    expect(office.waitsFor()).toEqual(['chen']);
    expect(office.does('qian', 'approve', { step: 's1' })).toBe('step-already-decided');
  });
  it('会签: all must sign, in any order, each once', () => {
    const office = openOffice({ process: joint });
    office.submits('wang', small);
    office.does('sun', 'approve');
    expect(office.waitsFor()).toEqual(['qian']);
    expect(office.does('sun', 'approve')).toBe('already-signed');
    office.does('qian', 'approve');
    expect(office.waitsFor()).toEqual(['chen']);
  });
  it('whoever comes late hears of the last signature, not of the last name in the list', () => {
    const office = openOffice({ process: joint });
    office.submits('wang', small);
    office.does('sun', 'approve');
    office.later(1);
    office.does('qian', 'approve');
    expect(office.does('sun', 'approve', { step: 's1' })).toBe('step-already-decided');
    expect(office.why()).toMatchObject({ by: 'qian', outcome: 'approved' });
  });
  it('returned when one of two has signed: the record keeps that signature, the new content has none', () => {
    const office = openOffice({ process: joint });
    office.submits('wang', small);
    office.does('sun', 'approve');
    office.does('qian', 'return');
    expect(office.step('s1').signers.map((s) => s.signature?.kind)).toEqual(['returned', 'approved']);
    office.does('wang', 'resubmit', { values: large });
    expect(office.waitsFor()).toEqual(['qian', 'sun']);
    expect(office.request.steps.flatMap((s) => s.signers).some((s) => s.signature ?? s.counted)).toBe(false);
  });
  it('resubmitted under a changed process, no old signature counts, though the same people sign', () => {
    const office = openOffice({ process: spend });
    office.submits('wang', large);
    office.does('li', 'approve');
    office.does('zhao', 'return');
    office.newPolicy(process([{ who: { line: 'director' } }, { who: { line: 'supervisor' } }]));
    office.does('wang', 'resubmit', { values: large });
    expect(office.request.version).toBe(2);
    expect(office.waitsFor()).toEqual(['zhao']);
    office.does('zhao', 'approve');
    expect(office.waitsFor()).toEqual(['li']);
  });
});

describe('what the requester may do', () => {
  it('urge at most once in two working hours per request, also after a resubmission', () => {
    const office = openOffice();
    office.submits('wang', small);
    expect(office.does('wang', 'urge')).toBe('done');
    expect(office.does('wang', 'urge')).toBe('urged-lately');
    office.does('li', 'return');
    office.does('wang', 'resubmit', { values: small });
    expect(office.does('wang', 'urge')).toBe('urged-lately');
    office.later(6);
    expect(office.does('wang', 'urge')).toBe('done');
    expect(office.does('li', 'urge')).toBe('only-requester');
  });
  it('the same changes sent from two windows count once', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'return');
    expect(office.does('wang', 'resubmit', { values: small, seen: 1 })).toBe('done');
    expect(office.does('wang', 'resubmit', { values: large, seen: 1 })).toBe('not-returned');
    office.does('li', 'return');
    expect(office.does('wang', 'resubmit', { values: large, seen: 1 })).toBe('stale');
  });
  it('withdraw while it is open or returned, not when it is over', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'return');
    expect(office.does('wang', 'withdraw')).toBe('done');
    expect(office.does('wang', 'withdraw')).toBe('already-decided');
    expect(office.does('wang', 'resubmit', { values: small })).toBe('not-returned');
    expect(office.timers.size).toBe(0);
  });
  it('twenty files and no more, however often it is resubmitted; what was not taken is said', () => {
    const sent = (n: number) =>
      Array.from({ length: n }, (_, i) => ({
        id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        original: `报价${i}.pdf`,
        ref: { file: 'F1' },
      }));
    const office = openOffice();
    office.submits('wang', small);
    for (const file of sent(19)) expect(office.does('wang', 'attach', { files: [file] })).toBe('done');
    office.does('li', 'return');
    office.does('wang', 'resubmit', { values: small, files: sent(3) });
    const last = office.record.filter(({ event }) => event.type === 'file-attached').at(-1)?.event;
    expect(last?.data).toMatchObject({ position: 20 });
    const refused = office.record.filter(({ event }) => event.type === 'file-refused').map(({ event }) => event.data);
    expect(refused).toMatchObject([
      { name: '报价1.pdf', why: 'too-many' },
      { name: '报价2.pdf', why: 'too-many' },
    ]);
    expect(office.does('wang', 'attach', { files: sent(1) })).toBe('too-many-files');
  });
});
