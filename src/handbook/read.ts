/** Reads the company's rule book from its folder: the whole of it, or every fault in it with file, line and mend. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { localDate, type WorkHours } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { CrisisBook } from '../crisis/book.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { type Company, Company as CompanyText, type Person } from '../directory/model.ts';
import { Process } from '../processes/model.ts';
import { say } from '../words/handbook-rules.ts';
import { readCompanyHours, readPersonHours } from './hours.ts';
import { lint } from './lint.ts';
import { Meetings } from './lint-meetings.ts';
import type { Checked, Fault, Finding, Known, Path, Reading, Source } from './model.ts';
import { type Shaped, shape } from './shape.ts';
import { hashOf, readSource, type SourceFile } from './source.ts';

const COMPANY = 'company.yaml';
const MEETINGS = 'meetings.yaml';
const CRISIS = 'crisis.yaml';
const PROCESSES = 'processes';

/** @throws never: what is wrong is among the faults */
export async function readHandbook(folder: string, now = new Date()): Promise<Reading> {
  const { files, findings } = await list(folder);
  const sources = await Promise.all(files.map((file) => readSource(folder, file)));
  const company = readCompany(sources.find(({ file }) => file === COMPANY));
  const processes = sources.filter(({ file }) => file.startsWith(`${PROCESSES}/`)).map(readProcess);
  const meetings = readWhole(
    Meetings,
    sources.find(({ file }) => file === MEETINGS),
  );
  const crisis = readWhole(
    CrisisBook,
    sources.find(({ file }) => file === CRISIS),
  );
  const formFindings = [company, ...processes, meetings, crisis].flatMap((one) => one?.shaped?.findings ?? []);
  const all = [
    ...findings,
    ...sources.flatMap((source) => source.findings),
    ...formFindings,
    ...(company?.findings ?? []),
  ];
  const read = { sources, company, processes, meetings, crisis };
  return judged(read, [...all, ...linted(read, now)]);
}

interface Read {
  sources: SourceFile[];
  company: CompanyRead | undefined;
  processes: ProcessRead[];
  meetings: WholeRead<Meetings> | undefined;
  crisis: WholeRead<CrisisBook> | undefined;
}

/** What lint finds, with its paths as they are in the files and not in what was left of them. */
function linted({ sources, company, processes, meetings, crisis }: Read, now: Date): Finding[] {
  const reads = new Map(
    [company, ...processes, meetings, crisis].flatMap((one) => (one ? [[one.source.file, one] as const] : [])),
  );
  const original = (file: string, path: Path) => reads.get(file)?.shaped?.original(path) ?? path;
  const found = lint({
    company: company?.company,
    processes: processes.flatMap(({ source, shaped }) => checked(source.file, shaped)),
    ...(meetings?.shaped?.value ? { meetings: checked(MEETINGS, meetings.shaped)[0] } : {}),
    ...(crisis?.shaped?.value ? { crisis: checked(CRISIS, crisis.shaped)[0] } : {}),
    today: localDate(now, company?.company?.value.hours.timezone ?? 'UTC'),
    known: namesIn(company?.source.data, processes, crisis?.source.data),
    lineOf: (file, path) => placeIn(sources, { file, path: original(file, path) }).line,
  });
  return found.map((finding) => ({ ...finding, path: original(finding.file, finding.path) }));
}

function placeIn(sources: SourceFile[], finding: Pick<Finding, 'file' | 'path' | 'onKey' | 'offset'>) {
  return sources.find(({ file }) => file === finding.file)?.place(finding) ?? { line: 1, column: 1 };
}

function judged({ sources, company, processes, meetings, crisis }: Read, findings: Finding[]): Reading {
  const language = languageIn(company?.source.data);
  const told = (notice: boolean) =>
    inOrder(
      findings
        .filter((finding) => (finding.notice ?? false) === notice)
        .map((one): Fault => ({ file: one.file, ...placeIn(sources, one), ...say(one.saying, language) })),
    );
  const [faults, notices] = [told(false), told(true)];
  if (faults.length > 0 || !company?.company) return { faults, notices, language };
  const kept = sources.map(({ file, text, sha256 }): Source => {
    const process = processes.find(({ source }) => source.file === file)?.shaped?.value?.id;
    return { file, text, sha256, process };
  });
  const hash = hashOf(kept.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join(''));
  const values = processes.flatMap(({ shaped }) => shaped?.value ?? []);
  const ok = {
    company: company.company.value,
    processes: values,
    meetings: meetings?.shaped?.value?.meetings ?? [],
    crisis: crisis?.shaped?.value,
  };
  return { ok: { ...ok, hash, sources: kept }, notices, language };
}

/** The files to read, sorted, and what is missing or will not be read. */
async function list(folder: string): Promise<{ files: string[]; findings: Finding[] }> {
  const top = await names(folder);
  if (typeof top === 'string') {
    return {
      files: [],
      findings: [{ file: '.', path: [], saying: { code: 'folder-unreadable', folder, reason: top } }],
    };
  }
  const inside = top.includes(PROCESSES) ? await names(join(folder, PROCESSES)) : [];
  const listed = (typeof inside === 'string' ? [] : inside).filter((name) => !/^[.#_]|~$/.test(name)).toSorted();
  const processes = listed.filter((name) => name.endsWith('.yaml')).map((name) => `${PROCESSES}/${name}`);
  const misnamed = [...top, ...listed.map((name) => `${PROCESSES}/${name}`)].filter(isMisnamed);
  const findings: Finding[] = misnamed.map((file) => ({
    file,
    path: [],
    saying: { code: 'wrong-ending', should: file.replace(/\.[^.]*$/, '.yaml') },
  }));
  if (!top.includes(COMPANY)) findings.push({ file: COMPANY, path: [], saying: { code: 'missing-company' } });
  if (processes.length === 0) findings.push({ file: PROCESSES, path: [], saying: { code: 'no-processes' } });
  return { files: [...[COMPANY, CRISIS, MEETINGS].filter((file) => top.includes(file)), ...processes], findings };
}

/** A rule that somebody wrote and that nobody would read. */
function isMisnamed(file: string): boolean {
  return (
    /^(?:company|meetings|crisis|processes\/[^/]+)\.(?:yml|json)$/i.test(file) ||
    /^(?:company|meetings|crisis|processes\/[^/]+)\.YAML$/.test(file)
  );
}

async function names(folder: string): Promise<string[] | string> {
  try {
    return await readdir(folder);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

const NAMELESS = { zh: '?', en: '?' };

interface ProcessRead {
  source: SourceFile;
  shaped: Shaped<z.infer<typeof Process>> | undefined;
}

function readProcess(source: SourceFile): ProcessRead {
  const { file, data } = source;
  const name = file.replace(/^.*\/|\.yaml$/g, '');
  const fallback = { id: name, command: name, number: 'XX', title: NAMELESS };
  return { source, shaped: data === undefined ? undefined : shape(Process, data, file, fallback) };
}

/** A file of which there is one or none. */
interface WholeRead<T> {
  source: SourceFile;
  shaped: Shaped<T> | undefined;
}

function readWhole<T>(schema: z.ZodType<T>, source: SourceFile | undefined): WholeRead<T> | undefined {
  return (
    source && { source, shaped: source.data === undefined ? undefined : shape(schema, source.data, source.file, {}) }
  );
}

function checked<T>(file: string, shaped: Shaped<T> | undefined): Checked<T>[] {
  return shaped?.value === undefined ? [] : [{ file, value: shaped.value, removed: shaped.removed }];
}

interface CompanyRead {
  source: SourceFile;
  shaped: Shaped<z.infer<typeof CompanyText>> | undefined;
  company: Checked<Company> | undefined;
  findings: Finding[];
}

function readCompany(source: SourceFile | undefined): CompanyRead | undefined {
  if (source?.data === undefined) return source && { source, shaped: undefined, company: undefined, findings: [] };
  const { file, data } = source;
  const shaped = shape(CompanyText, data, file, { name: '?', timezone: 'UTC', currency: 'CNY' });
  const text = shaped.value;
  if (!text) return { source, shaped, company: undefined, findings: [] };
  const { hours, findings: companys } = readCompanyHours(text.hours, text.timezone, file);
  const { people, findings: persons } = withHours(shaped, hours, file);
  const findings = [...companys, ...persons];
  const broken = findings.filter((finding) => !finding.notice).map(({ path }) => path);
  const company = { file, value: { ...text, hours, people }, removed: [...shaped.removed, ...broken] };
  return { source, shaped, company, findings };
}

/** Everybody with their working hours whole: what they say of their own, laid over the company's. */
function withHours(shaped: Shaped<z.infer<typeof CompanyText>>, company: WorkHours, file: string) {
  const read = shaped.value?.people.map(({ hours: given, ...person }, i) => {
    if (given === undefined || given === null) return { person, findings: [] };
    const { hours, findings } = readPersonHours(given, company, file, shaped.original(['people', i, 'hours']));
    return { person: { ...person, hours }, findings };
  });
  const people = read?.map(({ person }): Person => person) ?? [];
  return { people: people as Company['people'], findings: read?.flatMap(({ findings }) => findings) ?? [] };
}

/** Every name that stands anywhere in the files, however ill formed what is around it. */
function namesIn(company: unknown, processes: readonly ProcessRead[], crisis: unknown): Known {
  const people = itemsOf(property(company, 'people'));
  const fields = new Map(processes.map(({ source }) => [source.file, fieldsIn(source.data)]));
  const unread = processes.length === 0 || processes.some(({ source }) => source.data === undefined);
  return {
    people: new Set(people.flatMap((person) => textsOf(property(person, 'id')))),
    roles: new Set(people.flatMap((person) => itemsOf(property(person, 'roles')).flatMap(textsOf))),
    channels: new Set(Object.keys(property(company, 'channels') ?? {})),
    fieldsOf: (file) => fields.get(file) ?? new Set(),
    fields: unread ? undefined : new Set([...fields.values()].flatMap((one) => [...one])),
    kinds: new Set(itemsOf(property(crisis, 'kinds')).flatMap((kind) => textsOf(property(kind, 'id')))),
  };
}

function fieldsIn(process: unknown): Set<string> {
  return new Set(itemsOf(property(process, 'form')).flatMap((field) => textsOf(property(field, 'id'))));
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textsOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

function languageIn(company: unknown): Language {
  const [language = 'zh-CN'] = textsOf(property(company, 'language'));
  return companyLanguage({ language: language.startsWith('en') ? 'en' : 'zh-CN' });
}

/** As one reads: the company first, then file by file from the top; what is said twice, once. */
function inOrder(faults: Fault[]): Fault[] {
  const rank = (file: string) => (file === COMPANY ? '' : file);
  const once = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return [...once.values()].toSorted(
    (a, b) => rank(a.file).localeCompare(rank(b.file)) || a.line - b.line || (a.column ?? 0) - (b.column ?? 0),
  );
}
