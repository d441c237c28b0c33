/** The administrator's guide says everything that can be written in the handbook and set in the environment. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { WorkHours } from '../../src/core/calendar.ts';
import { LINES } from '../../src/core/module.ts';
import { CrisisBook, GRADES } from '../../src/crisis/book.ts';
import { Company } from '../../src/directory/model.ts';
import { Meetings } from '../../src/handbook/lint-meetings.ts';
import type { Path } from '../../src/handbook/model.ts';
import { keysAt } from '../../src/handbook/shape.ts';
import { OPS } from '../../src/processes/conditions.ts';
import { Process } from '../../src/processes/model.ts';

const text = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = await text('docs/管理员指南.md');
/** In backticks, alone, with a value behind it, or inside an example. */
const isTold = (name: string) => new RegExp(`\`[^\`\n]*(?<![\\w-])${name}(?![\\w-])[^\`\n]*\``).test(guide);

describe('every field of the handbook stands in the guide', () => {
  const company: Path[] = [[], ['people', 0], ['people', 0, 'accounts'], ['channels', 'pr'], ['tenants']];
  const process: Path[] = [[], ['form', 0], ['steps', 0], ['steps', 0, 'who'], ['remind'], ['escalate'], ['title']];
  it('of company.yaml', () => {
    const fields = [...company.flatMap((path) => keysAt(Company, path)), ...keysAt(WorkHours, [])];
    expect(fields).toContain('manager');
    expect(fields.filter((field) => !isTold(field))).toEqual([]);
  });
  it('of meetings.yaml', () => {
    const meeting: Path[] = [[], ['meetings', 0], ['meetings', 0, 'minutes'], ['meetings', 0, 'who', 0]];
    const fields = meeting.flatMap((path) => keysAt(Meetings, path));
    expect(fields).toEqual(expect.arrayContaining(['every', 'within', 'department']));
    expect(fields.filter((field) => !isTold(field))).toEqual([]);
  });
  it('of crisis.yaml, with every grade and every way to ring', () => {
    const crisis: Path[] = [
      [],
      ['assess'],
      ['assess', 'who', 0],
      ['questions', 0],
      ['plans', 0],
      ['plans', 0, 'spending'],
      ['plans', 0, 'targets'],
      ['freeze'],
      ['holding', 0],
      ['indicators', 0],
      ['drills'],
      ['drills', 'scenarios', 0],
    ];
    const fields = [...crisis.flatMap((path) => keysAt(CrisisBook, path)), ...GRADES, ...LINES];
    expect(fields).toEqual(expect.arrayContaining(['standIn', 'ratify', 'control', 'expires']));
    expect(fields.filter((field) => !isTold(field))).toEqual([]);
  });
  it('of processes', () => {
    const fields = [...process.flatMap((path) => keysAt(Process, path)), ...OPS];
    expect(fields).toContain('quick');
    expect(fields.filter((field) => !isTold(field))).toEqual([]);
    for (const type of ['money', 'text', 'paragraph', 'choice', 'number', 'date', 'person', 'file', 'decision']) {
      expect(guide).toContain(`| \`${type}\` |`);
    }
  });
});

it('every variable that the program reads stands in the guide', async () => {
  const config = await text('src/config.ts');
  const names = [...new Set(config.match(/'[A-Z]+(?:_[A-Z]+)*'/g)?.map((name) => name.slice(1, -1)))];
  expect(names).toContain('DATABASE_URL');
  expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

it('every link inside the guide leads to a heading', () => {
  const headings = guide.match(/^## .+$/gm)?.map((line) =>
    line
      .slice(3)
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-')
      .toLowerCase(),
  );
  const links = [...guide.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(headings).toContain(link);
});
