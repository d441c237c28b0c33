/** Years of the department's work, for questions about big tables; made from what one small day has left. */
import postgres from 'postgres';

/** 30,000 requests, of which 1,200 are open among fifty people; 90,000 messages, 120,000 entries of the ledger, in a few seconds. */
export async function fill(sql: postgres.Sql): Promise<void> {
  const whole = postgres({
    ...sql.options,
    host: sql.options.host,
    port: sql.options.port,
    max: 1,
    onnotice: () => {},
  } as never) as postgres.Sql;
  const triggers = (how: string) =>
    whole.unsafe(
      `alter table ledger ${how} trigger ledger_append; alter table ledger_head ${how} trigger ledger_head_guard`,
    );
  await triggers('disable');
  // plans do not depend on them, and they would be checked 120,000 times
  for (const {
    name,
  } of await whole`select conname as name from pg_constraint where conrelid = 'ledger'::regclass and contype = 'c'`)
    await whole.unsafe(`alter table ledger drop constraint ${name}`);
  await whole.unsafe(`
    create temp table model as select * from request where number = 'SP-2026-0001';
    insert into request
      select 'SP-2024-' || to_char(i, 'FM00000'), process, version, 'p' || i % 50, origin, case when i % 25 = 7 then 'open' else 'approved' end,
        1, "values", amount, currency, base_amount, timestamptz '2026-10-20' + i * interval '1 minute',
        case when i % 25 = 7 then null else timestamptz '2026-10-21' + i * interval '1 minute' end, null, 1, '{}', array['p' || i % 50, 'p' || i % 40], notes, '{}',
        case when i % 20 = 7 then 'CR-2024-' || to_char(i % 3000, 'FM0000') end,
        case when i % 100 = 7 then timestamptz '2026-10-20' end, case when i % 100 = 7 then timestamptz '2026-10-25' end,
        case when i % 200 = 57 then 'CR-2024-' || to_char(i % 7, 'FM0000') end
      from model, generate_series(1, 30000) i;
    insert into step
      select number, 1, s, 0, case when s = 'a' then 'approved' when state = 'open' then 'open' else 'approved' end, '{}',
        case when s = 'b' and state = 'open' then array['p' || right(number, 5)::int / 50 % 40] else '{}' end, submitted_at, ended_at
      from request, unnest(array['a', 'b']) s where number like 'SP-2024%';
    insert into message (id, subject, kind, audience, platform, address_kind, address, key, lane, wanted, shown, state, intent, ref_channel, ref_message,
        posted_at, created_at, stale_since)
      select gen_random_uuid(), number, case when k = 3 then 'notice' else 'card' end, 'person:p' || k, case when k = 2 then 'feishu' else 'slack' end, 'direct', 'D' || k,
        number || '|' || k, 2, 1, case when right(number, 3) = '007' then 0 else 1 end, case when k = 3 then 'done' else 'live' end, gen_random_uuid(), 'D' || k, number || k,
        submitted_at, submitted_at, case when right(number, 3) = '007' then submitted_at end
      from request, generate_series(1, 3) k where number like 'SP-2024%';
    insert into timer select gen_random_uuid(), number, 'requests.remind', '{}', number || '|remind', submitted_at + interval '3 years', null, 0, number like '%57' from request where state = 'open';
    insert into ledger
      select 1000000 + 4 * i + k, 'SP-2024-' || to_char(i, 'FM00000'), k + 1, timestamptz '2026-10-20' + i * interval '1 minute', 'step-approved', 'li', '{}',
        repeat('0', 64), repeat('1', 64)
      from generate_series(1, 30000) i, generate_series(0, 3) k;
    insert into ledger_head select number, 4, repeat('1', 64) from request where number like 'SP-2024%';
    insert into inbox select 'slack', number, submitted_at + interval '25 days', '{}' from request where number like 'SP-2024%';
    insert into attachment
      select gen_random_uuid(), number, 1, 'li', 'slack', '{}', number, number, 'kept', null, null, null, submitted_at from request where right(number, 1) = '3';
    insert into desk_message (conversation, author, intent, content, placed, changed)
      select 'bot:p' || i % 50, null, i::text, '{}', 1000 + i, 1000 + i from generate_series(1, 20000) i;
    insert into meeting
      select 'MT-2024-' || to_char(i, 'FM00000'), case when i % 3 = 0 then 's' || i % 200 end, date '1990-01-01' + i,
        case when i % 100 = 7 then 'planned' when i % 20 = 3 then 'cancelled' else 'ended' end, timestamptz '2024-01-01' + i * interval '2 hours',
        timestamptz '2024-01-01 01:00' + i * interval '2 hours', timestamptz '2024-01-02' + i * interval '2 hours', 'p' || i % 50,
        case when i % 50 = 9 then 0 else 1 end, array['p' || i % 500, 'p' || i % 400], '{}', 1
      from generate_series(1, 12000) i;
    insert into minutes select number, v, 'li', start_at, '{}' from meeting, generate_series(1, 2) v where number like 'MT-2024%';
    insert into decision (number, meeting, series, state, owner, chair, due, parties, body, revision)
      select 'DM-2024-' || to_char(i, 'FM00000'), 'MT-2024-' || to_char(1 + i % 12000, 'FM00000'), 's' || i % 200,
        case when i % 40 = 7 then 'accepted' else 'done' end, 'p' || i % 500, 'li', date '2024-01-01' + i / 30, array['p' || i % 500], '{}', 1
      from generate_series(1, 20000) i;
    insert into crisis
      select case when i % 10 = 3 then 'DR-2024-' else 'CR-2024-' end || to_char(i, 'FM0000'), i % 10 = 3, case when i % 1000 = 7 then 'open' else 'over' end,
        'major', 'product-safety', timestamptz '2020-01-01' + i * interval '1 day', case when i % 1000 = 7 then null else timestamptz '2020-01-02' + i * interval '1 day' end,
        case when i % 1000 = 7 then '暖手宝' end, array['p' || i % 500, 'p' || i % 400], jsonb_build_object('text', repeat('顾客投诉', 120)), 1
      from generate_series(1, 3000) i;
    insert into room (crisis, platform, intent, channel, wanted, made, pinned)
      select number, platform, gen_random_uuid(), 'room' || number, 1, 1, true
      from crisis, unnest(array['slack', 'feishu', 'desk']) platform where number like '_R-2024%';
    insert into message (id, subject, kind, audience, platform, address_kind, address, about, data, key, lane, state, shown, intent, ref_message, created_at)
      select gen_random_uuid(), number, case when k = 1 then 'page' else 'ring' end, 'person:p' || k, 'slack', 'direct', 'D' || k, 'c1', '{}', number || '|c1|' || k, 0,
        case when k = 1 then 'closed' else 'done' end, 1, gen_random_uuid(), number || k, raised_at from crisis, generate_series(1, 3) k where number like '_R-2024%';
    insert into signal
      select 'SG-2024-' || to_char(i, 'FM0000'), 'product-complaints', 'k' || i % 500, case when i % 1000 = 7 then 'open' when i % 4 = 0 then 'confirmed' else 'dismissed' end,
        timestamptz '2020-01-01' + i * interval '12 hours', '{}', 1
      from generate_series(1, 3000) i;
    insert into observation
      select 'tool:' || i, case when i % 3 = 0 then 'negative-posts' else 'product-complaints' end, 'k' || i % 500, 1, '…', timestamptz '2024-01-01' + i * interval '1 hour',
        case when i % 4 = 0 then null else 'SG-2024-0001' end
      from generate_series(1, 20000) i;
    insert into statement
      select 'ST-2024-' || to_char(i, 'FM0000'), case when i % 5 = 0 then null else 'CR-2024-' || to_char(1 + i % 3000 / 10 * 10, 'FM0000') end,
        case when i % 300 = 7 then 'clearing' when i % 2 = 0 then 'released' else 'withdrawn' end, 3, md5('3' || i), 'li',
        case when i % 300 <> 7 and i % 2 = 0 then timestamptz '2020-01-01' + i * interval '1 day' end, array['p' || i % 500, 'p' || i % 400], jsonb_build_object('text', repeat('我们正在调查。', 60)), 1
      from generate_series(1, 5000) i;
    insert into statement_version
      select number, v, '…', md5(v || number), 'li', timestamptz '2020-01-01' from statement, generate_series(1, 3) v where number like 'ST-2024%';
    insert into absence select 'AW-2025-' || i, 'p' || i % 50, date '2020-01-01' + i / 5, date '2020-01-03' + i / 5, 'q', null from generate_series(1, 5000) i;
    drop table model`);
  await triggers('enable');
  await whole.unsafe('analyze');
  await whole.end();
}
