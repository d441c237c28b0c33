/** Reads the company's rule book from its folder: the whole of it, or every fault in it with file, line and mend. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WorkHours } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { type Company, Company as CompanyText } from '../directory/model.ts';
import { Process } from '../processes/model.ts';
import { say } from '../words/handbook-rules.ts';
import { lint } from './lint.ts';
import type { Checked, Fault, Finding, Known, Path, Reading, Source } from './model.ts';
import { type Shaped, shape } from './shape.ts';
import { hashOf, readSource, type SourceFile } from './source.ts';

const COMPANY = 'company.yaml';
const PROCESSES = 'processes';

/** @throws never: what is wrong is among the faults */
export async function readHandbook(folder: string): Promise<Reading> {
  const { files, findings } = await list(folder);
  const sources = await Promise.all(files.map((file) => readSource(folder, file)));
  const company = readCompany(sources.find(({ file }) => file === COMPANY));
  const processes = sources.filter(({ file }) => file !== COMPANY).map(readProcess);
  const formFindings = [company, ...processes].flatMap((one) => one?.shaped?.findings ?? []);
  const all = [
    ...findings,
    ...sources.flatMap((source) => source.findings),
    ...formFindings,
    ...(company?.findings ?? []),
  ];
  return judged(sources, company, processes, [...all, ...linted(sources, company, processes)]);
}

/** What lint finds, with its paths as they are in the files and not in what was left of them. */
function linted(sources: SourceFile[], company: CompanyRead | undefined, processes: ProcessRead[]): Finding[] {
  const reads = new Map([company, ...processes].flatMap((one) => (one ? [[one.source.file, one] as const] : [])));
  const original = (file: string, path: Path) => reads.get(file)?.shaped?.original(path) ?? path;
  const found = lint({
    company: company?.company,
    processes: processes.flatMap(({ source, shaped }) => checked(source.file, shaped)),
    known: namesIn(company?.source.data, processes),
    lineOf: (file, path) => placeIn(sources, { file, path: original(file, path) }).line,
  });
  return found.map((finding) => ({ ...finding, path: original(finding.file, finding.path) }));
}

function placeIn(sources: SourceFile[], finding: Pick<Finding, 'file' | 'path' | 'onKey' | 'offset'>) {
  return sources.find(({ file }) => file === finding.file)?.place(finding) ?? { line: 1, column: 1 };
}

function judged(
  sources: SourceFile[],
  company: CompanyRead | undefined,
  processes: ProcessRead[],
  findings: Finding[],
): Reading {
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
  return { ok: { company: company.company.value, processes: values, hash, sources: kept }, notices, language };
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
  return { files: [...(top.includes(COMPANY) ? [COMPANY] : []), ...processes], findings };
}

/** A rule that somebody wrote and that nobody would read. */
function isMisnamed(file: string): boolean {
  return (
    /^(?:company|processes\/[^/]+)\.(?:yml|json)$/i.test(file) || /^(?:company|processes\/[^/]+)\.YAML$/.test(file)
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
  const { hours, findings } = readHours(text, file);
  const broken = findings.filter((finding) => !finding.notice).map(({ path }) => path);
  const company = { file, value: { ...text, hours }, removed: [...shaped.removed, ...broken] };
  return { source, shaped, company, findings };
}

/** The places whose public holidays are China's. */
const CHINA = new Set(['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Harbin', 'Asia/Kashgar', 'PRC']);
const Hours = z.strictObject({ hours: z.strictObject(WorkHours.shape).omit({ timezone: true }) });

/** `hours:` together with the company's time zone, which stands outside it. */
function readHours({ hours: given, timezone }: z.infer<typeof CompanyText>, file: string) {
  const calendar = CHINA.has(timezone) ? 'CN' : 'none';
  const form = shape(Hours, { hours: given ?? { calendar } }, file, { hours: {} });
  const text = { ...form.value?.hours, timezone };
  const parsed = WorkHours.safeParse(text);
  const sense = parsed.success ? [] : shape(WorkHours, text, file, {}).findings;
  const inside = sense.map((f): Finding => ({ ...f, path: f.path[0] === 'timezone' ? f.path : ['hours', ...f.path] }));
  const hours = parsed.success ? parsed.data : WorkHours.parse({ timezone: 'UTC', calendar });
  const missing: Finding = {
    file,
    path: [],
    notice: true,
    saying: { code: 'hours-missing', from: hours.from, to: hours.to, calendar },
  };
  return {
    hours,
    findings: [...form.findings, ...inside, ...(given === undefined || given === null ? [missing] : [])],
  };
}

/** Every name that stands anywhere in the files, however ill formed what is around it. */
function namesIn(company: unknown, processes: readonly ProcessRead[]): Known {
  const people = itemsOf(property(company, 'people'));
  const fields = new Map(processes.map(({ source }) => [source.file, fieldsIn(source.data)]));
  return {
    people: new Set(people.flatMap((person) => textsOf(property(person, 'id')))),
    roles: new Set(people.flatMap((person) => itemsOf(property(person, 'roles')).flatMap(textsOf))),
    channels: new Set(Object.keys(property(company, 'channels') ?? {})),
    fieldsOf: (file) => fields.get(file) ?? new Set(),
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
