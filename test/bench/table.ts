/** One line of the table that `npm run bench` prints. */
export interface Row {
  bench: string;
  case: string;
  value: number;
  unit: string;
  /** what the ratio is against */
  against?: string;
  ratio?: number;
  /** what is hoped for, in words */
  goal?: string;
  met?: boolean;
}

const HEAD = ['bench', 'case', 'value', 'unit', 'ratio', 'against', 'goal', ''];
/** the columns of figures stand to the right */
const FIGURES = new Set([2, 4]);

export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line.map((cell, at) => (FIGURES.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))),
  );
  return drawn.map((line) => line.join('  ').trimEnd()).join('\n');
}

function cellsOf(row: Row): string[] {
  const { ratio, against = '', goal = '', met } = row;
  const said = met === undefined ? '' : met ? 'met' : 'MISSED';
  return [
    row.bench,
    row.case,
    figure(row.value),
    row.unit,
    ratio === undefined ? '' : ratio.toPrecision(3),
    against,
    goal,
    said,
  ];
}

/** Three digits that mean something; whole where it is large. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
