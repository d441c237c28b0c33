/** The dashboard and the alert rules name figures that are there, and every figure of ours is watched by one of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../src/health/metrics.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'monitoring');

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}
interface Panel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

let page = '';
let rules: Rule[];
let panels: Panel[];
let expressions: string[];

beforeAll(async () => {
  // the names are there even while the database is away
  const away = Object.assign(() => Promise.reject(new Error('away')), { unsafe: () => '' });
  const clock = () => new Date();
  const adapters = new Map();
  const metrics = createMetrics({ sql: away as never, clock, log: pino({ level: 'silent' }), pools: {}, adapters });
  page = await metrics.text(async () => false);
  const { groups } = parse(await readFile(join(FOLDER, 'alerts.yaml'), 'utf8')) as { groups: { rules: Rule[] }[] };
  rules = groups.flatMap((group) => group.rules);
  panels = (JSON.parse(await readFile(join(FOLDER, 'dashboard.json'), 'utf8')) as { panels: Panel[] }).panels;
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expressions = [...rules.map(({ expr }) => expr), ...shown];
});

const kinds = (): Map<string, string> =>
  new Map([...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
/** What stands in an expression as a figure: not in quotes, no function, no label of `by (…)` or `{…}`. */
function figuresIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '""')
    .replace(/\b(?:by|without)\s*\([^)]*\)/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/[a-z_][a-z0-9_]*(?!\w*\s*\()/gi)]
    .map(([name]) => name)
    .filter((name) => name.includes('_'));
}
const base = (name: string): string => {
  const whole = name.replace(/_(?:bucket|count|sum)$/, '');
  return kinds().get(whole) === 'histogram' || kinds().get(whole) === 'summary' ? whole : name;
};

describe('the page', () => {
  test('with the database away it is there, and says so', () => {
    expect(page).toMatch(/^countersign_database_reachable 0$/m);
    expect(page).toMatch(/^countersign_ready 0$/m);
    expect(page).toMatch(/^process_resident_memory_bytes \d/m);
  });

  test('every figure of ours says what it is, and whose', () => {
    const helps = new Map(
      [...page.matchAll(/^# HELP (countersign_\S+) (.+)$/gm)].map(([, name, help]) => [name, help]),
    );
    for (const name of kinds().keys())
      if (name.startsWith('countersign_'))
        expect(helps.get(name), name).toMatch(/.{15,}\. Of (?:the database|this process)$/);
    expect(helps.size).toBeGreaterThan(30);
  });
});

describe('the expressions', () => {
  const FUNCTIONS = ['max', 'sum', 'rate', 'increase', 'abs', 'absent', 'histogram_quantile'];

  test('name only figures that are there', () => {
    const known = kinds();
    const unknown = expressions.flatMap(figuresIn).filter((name) => !known.has(base(name)));
    expect([...new Set(unknown)]).toEqual([]);
    expect(new Set(expressions.flatMap(figuresIn)).size).toBeGreaterThan(30);
  });

  test('every figure of ours is watched', () => {
    const watched = new Set(expressions.flatMap(figuresIn).map(base));
    const ours = [...kinds().keys()].filter((name) => name.startsWith('countersign_'));
    expect(ours.filter((name) => !watched.has(name))).toEqual([]);
  });

  test('are whole: brackets close, functions are known, what only grows is looked at by its rate', () => {
    for (const expression of expressions) {
      let bare = expression.replace(/"[^"]*"/g, '');
      while (/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/.test(bare))
        bare = bare.replace(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, '');
      expect(bare, expression).not.toMatch(/[()[\]{}]/);
      const called = [...expression.replace(/"[^"]*"/g, '').matchAll(/([a-z_]+)\s*\(/g)].map(([, name = '']) => name);
      expect(
        called.filter((name) => !['by', ...FUNCTIONS].includes(name)),
        expression,
      ).toEqual([]);
      for (const name of figuresIn(expression)) {
        const grows = kinds().get(name) === 'counter' || base(name) !== name;
        if (grows) expect(expression, name).toMatch(new RegExp(`(?:rate|increase)\\(${name}`));
      }
    }
  });
});

describe('the alerts', () => {
  test('each is told once, with whom it wakes, in a sentence, with the first thing to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Countersign[A-Z]/);
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary.length, alert).toBeGreaterThan(15);
      expect(annotations.runbook, alert).toMatch(/^[A-Z].{30,}\.$/);
    }
  });
});

describe('the dashboard', () => {
  test('asks the Prometheus that is chosen in it, and no two panels lie on each other', () => {
    const placed = new Set<string>();
    for (const { title, type, gridPos, targets = [] } of panels) {
      if (type !== 'row') expect(targets.length, title).toBeGreaterThan(0);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Grafana's own
      for (const { datasource } of targets) expect(datasource.uid).toBe('${datasource}');
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(placed.has(`${x},${y}`), title).toBe(false);
          placed.add(`${x},${y}`);
        }
    }
  });
});
