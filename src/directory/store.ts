/** How absences are kept. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import type { AbsenceState } from './decide.ts';
import type { Absence } from './model.ts';

type Reader = Sql<{ bigint: bigint }> | Tx;
interface AbsenceRow {
  id: string;
  person: string;
  from_day: string;
  to_day: string;
  deputy: string;
  ended: boolean;
}

const toState = ({ id, person, from_day, to_day, deputy, ended }: AbsenceRow): AbsenceState => ({
  id,
  person,
  from: from_day,
  to: to_day,
  deputy,
  ended,
});

/** What is recorded for today or later, in the order of its recording. */
export async function currentAbsences(sql: Reader, today: string): Promise<Absence[]> {
  const rows = await sql<AbsenceRow[]>`
    select id, person, from_day::text, to_day::text, deputy, false as ended from absence
    where ended_at is null and to_day >= ${today} order by id`;
  return rows.map(toState);
}

export async function lockAbsence(tx: Tx, id: string): Promise<AbsenceState | undefined> {
  const [row] = await tx<AbsenceRow[]>`
    select id, person, from_day::text, to_day::text, deputy, ended_at is not null as ended from absence where id = ${id} for update`;
  return row && toState(row);
}

export async function saveAbsence(tx: Tx, absence: AbsenceState, at: Date): Promise<void> {
  const { id, person, from, to, deputy, ended } = absence;
  await tx`
    insert into absence (id, person, from_day, to_day, deputy, ended_at) values (${id}, ${person}, ${from}, ${to}, ${deputy}, null)
    on conflict (id) do update set ended_at = ${ended ? at : null}`;
}
