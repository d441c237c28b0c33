-- What the migrations come to. Written by `npm run db:dump`; not to be edited by hand.

create sequence desk_changed_seq as bigint start 1 increment 1;

create sequence ledger_seq as bigint start 1 increment 1;

create table absence (
  id text not null,
  person text not null,
  from_day date not null,
  to_day date not null,
  deputy text not null,
  ended_at timestamp(3) with time zone,
  constraint absence_pkey PRIMARY KEY (id),
  constraint absence_days CHECK ((from_day <= to_day)),
  constraint absence_deputy CHECK ((person <> deputy))
);
CREATE INDEX absence_current ON public.absence USING btree (to_day) WHERE (ended_at IS NULL);

create table attachment (
  id uuid not null,
  subject text not null,
  "position" integer not null,
  by text not null,
  platform text not null,
  ref jsonb not null,
  name text not null,
  original text not null,
  state text not null,
  mime text,
  size bigint,
  sha256 text,
  at timestamp(3) with time zone not null,
  next_at timestamp(3) with time zone,
  handed_until timestamp(3) with time zone,
  attempts integer default 0 not null,
  constraint attachment_pkey PRIMARY KEY (id)
);
CREATE INDEX attachment_fetching ON public.attachment USING btree (at) WHERE (state = 'fetching'::text);
CREATE UNIQUE INDEX attachment_position ON public.attachment USING btree (subject, "position");

create table crisis (
  number text not null,
  drill boolean not null,
  state text not null,
  grade text,
  kind text not null,
  raised_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  frozen text,
  parties text[] not null,
  body jsonb not null,
  revision integer not null,
  constraint crisis_pkey PRIMARY KEY (number),
  constraint crisis_ended CHECK (((ended_at IS NULL) = (state <> 'over'::text))),
  constraint crisis_graded CHECK (((state <> 'open'::text) OR (grade IS NOT NULL))),
  constraint crisis_number CHECK (((number ~ '^(CR|DR)-[0-9]{4}-[0-9]{4,}$'::text) AND (drill = (number ~~ 'DR-%'::text))))
);
CREATE INDEX crisis_drill ON public.crisis USING btree (raised_at DESC NULLS LAST) WHERE drill;
CREATE INDEX crisis_frozen ON public.crisis USING btree (number) WHERE (frozen IS NOT NULL);
CREATE INDEX crisis_open ON public.crisis USING btree (raised_at) WHERE (state <> 'over'::text);
CREATE INDEX crisis_party ON public.crisis USING gin (parties);

create table decision (
  number text not null,
  meeting text,
  series text,
  state text not null,
  owner text not null,
  chair text not null,
  due date not null,
  parties text[] not null,
  body jsonb not null,
  revision integer not null,
  crisis text,
  constraint decision_pkey PRIMARY KEY (number),
  constraint decision_meeting_meeting_number_fk FOREIGN KEY (meeting) REFERENCES meeting(number),
  constraint decision_number CHECK ((number ~ '^DM-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint decision_origin CHECK (((meeting IS NULL) <> (crisis IS NULL)))
);
CREATE INDEX decision_crisis ON public.decision USING btree (crisis) WHERE (crisis IS NOT NULL);
CREATE INDEX decision_meeting ON public.decision USING btree (meeting);
CREATE INDEX decision_owner ON public.decision USING btree (owner, due) WHERE (state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text]));
CREATE INDEX decision_party ON public.decision USING gin (parties) WHERE (state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text]));
CREATE INDEX decision_series ON public.decision USING btree (series) WHERE (state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text]));

create table desk_message (
  id uuid default gen_random_uuid() not null,
  conversation text not null,
  author text,
  intent text,
  content jsonb not null,
  at timestamp with time zone default now() not null,
  placed bigint not null,
  changed bigint not null,
  constraint desk_message_pkey PRIMARY KEY (id),
  constraint desk_message_intent_unique UNIQUE (intent)
);
CREATE INDEX desk_message_changed ON public.desk_message USING btree (changed);
CREATE INDEX desk_message_conversation ON public.desk_message USING btree (conversation, placed);

create table inbox (
  platform text not null,
  delivery text not null,
  at timestamp(3) with time zone not null,
  reply jsonb,
  constraint inbox_platform_delivery_pk PRIMARY KEY (platform, delivery)
);
CREATE INDEX inbox_at ON public.inbox USING btree (at);

create table ledger (
  seq bigint not null,
  subject text collate "C" not null,
  "position" integer not null,
  at timestamp(3) with time zone not null,
  type text not null,
  by text not null,
  data text not null,
  prev text not null,
  hash text not null,
  constraint ledger_pkey PRIMARY KEY (seq),
  constraint ledger_at CHECK (((at >= '2000-01-01 00:00:00+00'::timestamp with time zone) AND (at < '10000-01-01 00:00:00+00'::timestamp with time zone))),
  constraint ledger_by CHECK (((by ~ '^[^\u0001-\u001F\u007F-\u009F\u2028\u2029]+$'::text) AND (char_length(by) <= 120))),
  constraint ledger_chain UNIQUE (subject, "position"),
  constraint ledger_data CHECK (((data ~ '^\{[^\u0001-\u001F]*\}$'::text) AND (octet_length(data) <= 1048576) AND ((data)::json IS NOT NULL))),
  constraint ledger_hash CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
  constraint ledger_position CHECK (("position" > 0)),
  constraint ledger_prev CHECK ((prev ~ '^[0-9a-f]{64}$'::text)),
  constraint ledger_subject CHECK (((subject ~ '^[^\u0001-\u001F\u007F-\u009F\u2028\u2029]+$'::text) AND (char_length(subject) <= 120))),
  constraint ledger_type CHECK ((type ~ '^[a-z][a-z0-9.-]{0,79}$'::text))
);
CREATE TRIGGER ledger_append BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION ledger_append();
CREATE TRIGGER ledger_refuse BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

create table ledger_head (
  subject text collate "C" not null,
  "position" integer not null,
  hash text not null,
  constraint ledger_head_pkey PRIMARY KEY (subject)
);
CREATE TRIGGER ledger_head_guard BEFORE INSERT OR UPDATE ON public.ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_guard();
CREATE TRIGGER ledger_head_refuse BEFORE DELETE OR TRUNCATE ON public.ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

create table meeting (
  number text not null,
  series text,
  day date,
  state text not null,
  start_at timestamp(3) with time zone not null,
  end_at timestamp(3) with time zone not null,
  minutes_due timestamp(3) with time zone,
  minute_taker text not null,
  minutes_version integer not null,
  parties text[] not null,
  body jsonb not null,
  revision integer not null,
  constraint meeting_pkey PRIMARY KEY (number),
  constraint meeting_number CHECK ((number ~ '^MT-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint meeting_time CHECK ((start_at < end_at))
);
CREATE UNIQUE INDEX meeting_occurrence ON public.meeting USING btree (series, day);
CREATE INDEX meeting_owed ON public.meeting USING btree (minutes_due) WHERE ((state = 'ended'::text) AND (minutes_version = 0));
CREATE INDEX meeting_party ON public.meeting USING gin (parties);
CREATE INDEX meeting_planned ON public.meeting USING btree (series, start_at) WHERE (state = 'planned'::text);

create table meeting_series (
  id text not null,
  rule jsonb not null,
  by text not null,
  at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  constraint meeting_series_pkey PRIMARY KEY (id)
);

create table message (
  id uuid not null,
  subject text not null,
  kind text not null,
  audience text not null,
  platform text not null,
  address_kind text not null,
  address text not null,
  about text,
  data jsonb,
  key text not null,
  lane smallint not null,
  wanted integer default 1 not null,
  shown integer default 0 not null,
  shown_hash text,
  state text default 'live'::text not null,
  intent uuid not null,
  tried_at timestamp(3) with time zone,
  ref_channel text,
  ref_message text,
  posted_at timestamp(3) with time zone,
  reposts smallint default 0 not null,
  plain smallint default 0 not null,
  attempts integer default 0 not null,
  created_at timestamp(3) with time zone not null,
  stale_since timestamp(3) with time zone,
  next_at timestamp(3) with time zone,
  handed_until timestamp(3) with time zone,
  claimed_until timestamp(3) with time zone,
  last_error text,
  not_before timestamp(3) with time zone,
  tried_until timestamp(3) with time zone,
  constraint message_pkey PRIMARY KEY (id),
  constraint message_key UNIQUE (key),
  constraint message_shown CHECK ((shown <= wanted))
);
CREATE INDEX message_due ON public.message USING btree (lane, next_at) WHERE ((state = 'live'::text) AND (wanted > shown));
CREATE INDEX message_held ON public.message USING btree (not_before) WHERE (state = 'held'::text);
CREATE INDEX message_over ON public.message USING btree (state, created_at) WHERE (state = ANY (ARRAY['done'::text, 'closed'::text, 'dead'::text]));
CREATE INDEX message_posted ON public.message USING btree (platform, posted_at) WHERE ((state = 'live'::text) AND (kind = 'card'::text));
CREATE INDEX message_ref ON public.message USING btree (platform, ref_message) WHERE (ref_message IS NOT NULL);
CREATE INDEX message_subject ON public.message USING btree (subject);

create table minutes (
  meeting text not null,
  version integer not null,
  by text not null,
  at timestamp(3) with time zone not null,
  body jsonb not null,
  constraint minutes_meeting_version_pk PRIMARY KEY (meeting, version),
  constraint minutes_meeting_meeting_number_fk FOREIGN KEY (meeting) REFERENCES meeting(number),
  constraint minutes_version CHECK ((version > 0))
);

create table number_counter (
  prefix text not null,
  year smallint not null,
  last integer not null,
  constraint number_counter_prefix_year_pk PRIMARY KEY (prefix, year)
);

create table observation (
  id text not null,
  indicator text not null,
  key text not null,
  amount integer not null,
  text text not null,
  at timestamp(3) with time zone not null,
  signal text,
  constraint observation_pkey PRIMARY KEY (id),
  constraint observation_amount CHECK ((amount > 0))
);
CREATE INDEX observation_free ON public.observation USING btree (at) WHERE (signal IS NULL);
CREATE INDEX observation_window ON public.observation USING btree (indicator, key, at);

create table process_version (
  process text not null,
  version integer not null,
  hash text not null,
  definition jsonb not null,
  at timestamp(3) with time zone not null,
  constraint process_version_process_version_pk PRIMARY KEY (process, version)
);
CREATE UNIQUE INDEX process_version_hash ON public.process_version USING btree (process, hash);

create table request (
  number text not null,
  process text not null,
  version integer not null,
  requester text not null,
  origin text not null,
  state text not null,
  submission integer not null,
  "values" jsonb not null,
  amount bigint,
  currency text,
  base_amount bigint,
  submitted_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  urged_at timestamp(3) with time zone,
  revision integer not null,
  copies text[] not null,
  parties text[] not null,
  notes jsonb not null,
  cites text[] default '{}'::text[] not null,
  crisis text,
  executed_at timestamp(3) with time zone,
  ratify_due timestamp(3) with time zone,
  held text,
  constraint request_pkey PRIMARY KEY (number),
  constraint request_amount CHECK (((amount > 0) AND (base_amount > 0))),
  constraint request_ended CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['open'::text, 'returned'::text])))),
  constraint request_executed CHECK (((executed_at IS NULL) = (ratify_due IS NULL))),
  constraint request_money CHECK ((((amount IS NULL) = (currency IS NULL)) AND ((amount IS NULL) = (base_amount IS NULL)))),
  constraint request_number CHECK ((number ~ '^[A-Z]{2,4}-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint request_process_version_process_version_process_version_fk FOREIGN KEY (process, version) REFERENCES process_version(process, version)
);
CREATE INDEX request_cites ON public.request USING gin (cites) WHERE (state = ANY (ARRAY['open'::text, 'returned'::text]));
CREATE INDEX request_held ON public.request USING btree (held) WHERE (held IS NOT NULL);
CREATE INDEX request_open_money ON public.request USING btree (submitted_at) WHERE ((state = ANY (ARRAY['open'::text, 'returned'::text])) AND (amount IS NOT NULL));
CREATE INDEX request_open_of ON public.request USING btree (requester, submitted_at DESC NULLS LAST) WHERE (state = ANY (ARRAY['open'::text, 'returned'::text]));
CREATE INDEX request_ratify ON public.request USING btree (ratify_due) WHERE ((ratify_due IS NOT NULL) AND (state = ANY (ARRAY['open'::text, 'returned'::text])));
CREATE INDEX request_requester ON public.request USING btree (requester, submitted_at DESC NULLS LAST);

create table room (
  crisis text not null,
  platform text not null,
  intent uuid not null,
  channel text,
  settled text[] default '{}'::text[] not null,
  wanted integer default 1 not null,
  made integer default 0 not null,
  pinned boolean default false not null,
  tried_at timestamp(3) with time zone,
  next_at timestamp(3) with time zone,
  handed_until timestamp(3) with time zone,
  attempts integer default 0 not null,
  last_error text,
  constraint room_crisis_platform_pk PRIMARY KEY (crisis, platform),
  constraint room_crisis_crisis_number_fk FOREIGN KEY (crisis) REFERENCES crisis(number),
  constraint room_made CHECK ((made <= wanted))
);
CREATE INDEX room_channel ON public.room USING btree (platform, channel) WHERE (channel IS NOT NULL);
CREATE INDEX room_due ON public.room USING btree (next_at) WHERE ((wanted > made) OR ((channel IS NOT NULL) AND (NOT pinned)));

create table setting (
  name text not null,
  value text not null,
  constraint setting_pkey PRIMARY KEY (name)
);

create table signal (
  number text not null,
  indicator text not null,
  key text not null,
  state text not null,
  raised_at timestamp(3) with time zone not null,
  body jsonb not null,
  revision integer not null,
  constraint signal_pkey PRIMARY KEY (number),
  constraint signal_number CHECK ((number ~ '^SG-[0-9]{4}-[0-9]{4,}$'::text))
);
CREATE INDEX signal_open ON public.signal USING btree (indicator, key) WHERE (state = 'open'::text);
CREATE INDEX signal_watch ON public.signal USING btree (indicator, key, raised_at);

create table statement (
  number text not null,
  crisis text,
  state text not null,
  version integer not null,
  hash text not null,
  author text not null,
  released_at timestamp(3) with time zone,
  parties text[] not null,
  body jsonb not null,
  revision integer not null,
  constraint statement_pkey PRIMARY KEY (number),
  constraint statement_crisis_crisis_number_fk FOREIGN KEY (crisis) REFERENCES crisis(number),
  constraint statement_number CHECK ((number ~ '^ST-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint statement_released_at CHECK (((released_at IS NULL) = (state <> 'released'::text)))
);
CREATE INDEX statement_crisis ON public.statement USING btree (crisis);
CREATE INDEX statement_party ON public.statement USING gin (parties) WHERE (state = ANY (ARRAY['draft'::text, 'clearing'::text, 'cleared'::text]));
CREATE INDEX statement_released ON public.statement USING btree (released_at DESC NULLS LAST) WHERE (released_at IS NOT NULL);

create table statement_version (
  statement text not null,
  version integer not null,
  text text not null,
  hash text not null,
  by text not null,
  at timestamp(3) with time zone not null,
  constraint statement_version_statement_version_pk PRIMARY KEY (statement, version),
  constraint statement_version_count CHECK ((version > 0)),
  constraint statement_version_statement_statement_number_fk FOREIGN KEY (statement) REFERENCES statement(number)
);
CREATE INDEX statement_version_hash ON public.statement_version USING btree (hash);

create table step (
  request text not null,
  submission integer not null,
  id text not null,
  "position" smallint not null,
  state text not null,
  body jsonb not null,
  pending text[] not null,
  opened_at timestamp(3) with time zone,
  closed_at timestamp(3) with time zone,
  constraint step_request_submission_id_pk PRIMARY KEY (request, submission, id),
  constraint step_pending_open CHECK (((state = 'open'::text) = (cardinality(pending) > 0))),
  constraint step_request_request_number_fk FOREIGN KEY (request) REFERENCES request(number)
);
CREATE UNIQUE INDEX step_one_open ON public.step USING btree (request) WHERE (state = 'open'::text);
CREATE INDEX step_pending ON public.step USING gin (pending) WHERE (state = 'open'::text);

create table timer (
  id uuid not null,
  subject text not null,
  command text not null,
  args jsonb not null,
  key text not null,
  due_at timestamp(3) with time zone not null,
  handed_until timestamp(3) with time zone,
  attempts integer default 0 not null,
  urgent boolean default false not null,
  constraint timer_pkey PRIMARY KEY (id),
  constraint timer_key UNIQUE (key)
);
CREATE INDEX timer_due ON public.timer USING btree (due_at) WHERE (NOT urgent);
CREATE INDEX timer_urgent ON public.timer USING btree (due_at) WHERE urgent;

CREATE OR REPLACE FUNCTION public.ledger_append()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  head ledger_head%ROWTYPE;
BEGIN
  -- Shared among all appends, until the transaction ends; a seal takes it alone for a moment to know that no append is under way
  -- (exactCut in src/core/ledger.ts). Not a lock on the table: each of those that would do also waits for autovacuum.
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('countersign: appends to the ledger', 0));
  SELECT * INTO head FROM ledger_head h WHERE h.subject = NEW.subject FOR UPDATE;
  IF NOT FOUND THEN
    -- Two first entries at once: one inserts, the other waits here and then finds that row.
    INSERT INTO ledger_head (subject, "position", hash) VALUES (NEW.subject, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM ledger_head h WHERE h.subject = NEW.subject FOR UPDATE;
  END IF;
  -- Drawn only now, under the chain's lock and not as the column's default: within a chain, seq then rises with position.
  NEW.seq := nextval('ledger_seq');
  NEW."position" := head."position" + 1;
  NEW.prev := head.hash;
  NEW.hash := ledger_hash(NEW.prev, NEW.seq, NEW."at", NEW.subject, NEW."position", NEW."type", NEW."by", NEW.data);
  UPDATE ledger_head h SET "position" = NEW."position", hash = NEW.hash WHERE h.subject = NEW.subject;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_hash(prev text, seq bigint, at timestamp with time zone, subject text, "position" integer, type text, by text, data text)
 RETURNS text
 LANGUAGE sql
 STABLE STRICT
AS $function$
  SELECT encode(sha256(convert_to(concat_ws(E'\n',
    'countersign-ledger-1', $1, $2, to_char($3 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), $4, $5, $6, $7, $8
  ), 'UTF8')), 'hex')
$function$;

CREATE OR REPLACE FUNCTION public.ledger_head_guard()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% on ledger_head is refused: only an append to the ledger moves it', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.subject <> OLD.subject OR NEW."position" <> OLD."position" + 1) THEN
    RAISE EXCEPTION 'a chain goes on by one entry at a time' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_refuse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% on % is refused: the ledger is only ever added to', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $function$;
