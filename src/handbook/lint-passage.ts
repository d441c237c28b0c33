/**
 * Whether anybody could get a request through a process: each active person asks, in each band. Refused for everybody is a fault (a
 * team of one, a role above which there is nobody); refused for some (whoever has nobody above) is a notice. Pure.
 */
import { directoryOf } from '../directory/lookup.ts';
import type { Company } from '../directory/model.ts';
import type { Process } from '../processes/model.ts';
import { type Band, bandsOf, planBand } from '../processes/whatif.ts';
import { show } from './lint-bands.ts';
import type { Checked, Finding, Stretch } from './model.ts';

/** At which step whom nobody could sign for. */
type Refused = Map<string, string[]>;

export function passage({ file, value: process }: Checked<Process>, company: Company): Finding[] {
  const people = company.people.filter((person) => person.active);
  const bands = bandsOf(process, company.currency).map((band) => ({
    band,
    refused: refusedIn(process, company, band),
  }));
  const finding = (step: string, more: Pick<Finding, 'saying'> & Partial<Finding>): Finding => {
    const index = process.steps.findIndex((one) => one.id === step);
    return { file, path: ['steps', index, 'who'], onKey: true, ...more };
  };
  const some = new Map<string, { step: string; names: string[]; bands: Band[] }>();
  const faults = bands.flatMap(({ band, refused }) => {
    const at = (step: string) => process.steps.findIndex((one) => one.id === step);
    // where most are stopped; of two such steps the later, since more people reached it
    const [most] = [...refused].toSorted((a, b) => b[1].length - a[1].length || at(b[0]) - at(a[0]));
    if (most && [...refused.values()].flat().length === people.length) {
      const where = stretch(process, [band], company.currency);
      const saying = {
        code: 'nobody-could-pass',
        process: process.id,
        step: most[0],
        where,
        people: people.length,
      } as const;
      return [finding(most[0], { saying })];
    }
    for (const [step, names] of refused) {
      const key = JSON.stringify([step, names]);
      some.set(key, { step, names, bands: [...(some.get(key)?.bands ?? []), band] });
    }
    return [];
  });
  const notices = [...some.values()].map(({ step, names, bands: where }) => {
    const all = where.length === bands.length ? undefined : stretch(process, where, company.currency);
    return finding(step, {
      notice: true,
      saying: { code: 'some-cannot-pass', process: process.id, step, where: all, names },
    });
  });
  return [...faults, ...notices];
}

function refusedIn(process: Process, company: Company, band: Band): Refused {
  // nobody is away here: absences come and go, the handbook must hold without them
  const directory = directoryOf(company, [], '');
  const refused: Refused = new Map();
  for (const person of company.people) {
    const { plan } = planBand({ process, requester: person.id, directory }, band);
    // a band in which no step applies is a gap, and said as one
    if (!person.active || !('refusal' in plan) || plan.refusal.reason === 'no-step-applies') continue;
    const { step } = plan.refusal;
    refused.set(step, [...(refused.get(step) ?? []), person.name]);
  }
  return refused;
}

function stretch(process: Process, bands: Band[], currency: string): Stretch | undefined {
  const [from, below] = [bands[0]?.from, bands.at(-1)?.below];
  const field = process.form.find((one) => one.id === bands[0]?.field);
  if (!field || (from === undefined && below === undefined)) return undefined;
  const shown = (order: bigint) => show(field, { order, digits: 0 }, currency);
  return {
    field: field.id,
    label: field.label,
    ...(from === undefined ? {} : { from: shown(from) }),
    ...(below === undefined ? {} : { below: shown(below) }),
  };
}
