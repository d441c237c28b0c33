/** A table of decisions as it is pasted from a document or a sheet: `| 事项 | 责任人 | 期限 |` and its rows, or cells parted by tabs. Pure. */

type Column = 'text' | 'owner' | 'due';
export type Table = (Column | undefined)[];

const NAMES: [RegExp, Column][] = [
  [
    /^(?:决议|决定|事项|内容|任务|行动(?:项)?|待办(?:事项)?|工作(?:内容|事项)|decision|action(?: item)?|task|what)$/i,
    'text',
  ],
  [/^(?:责任人|负责人|跟进人|执行人|owner|assignee|who)$/i, 'owner'],
  [/^(?:期限|截止(?:日期|时间)?|完成(?:时间|日期)|时限|due(?: date)?|deadline|when)$/i, 'due'],
];

/** The columns, where the line is the head of such a table. */
export function tableHead(line: string): Table | undefined {
  const cells = cellsOf(line);
  if (!cells) return undefined;
  const table = cells.map((cell) => NAMES.find(([pattern]) => pattern.test(cell))?.[1]);
  return table.includes('text') && table.includes('owner') ? table : undefined;
}

/** `ruled`: the line of dashes under the head. Undefined: the table is over. */
export function readRow(line: string, table: Table): Record<Column, string> | 'ruled' | undefined {
  const cells = cellsOf(line);
  if (!cells) return undefined;
  if (cells.every((cell) => /^:?-+:?$/.test(cell))) return 'ruled';
  const row: Record<Column, string> = { text: '', owner: '', due: '' };
  for (const [index, column] of table.entries()) if (column) row[column] = cells[index] ?? '';
  return row.text === '' ? 'ruled' : row;
}

function cellsOf(line: string): string[] | undefined {
  const parted = line.includes('\t')
    ? line.split('\t')
    : /^\s*\|.*\|\s*$/.test(line)
      ? line.trim().slice(1, -1).split('|')
      : [];
  return parted.length > 1 ? parted.slice(0, 20).map((cell) => cell.replace(/\*\*/g, '').trim()) : undefined;
}
