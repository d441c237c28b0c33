-- What makes the ledger a ledger. The tables themselves are in db/schema/ledger.ts.
--
-- Appends of one subject queue on its row in ledger_head; appends of different subjects share nothing but the sequence, so they never
-- wait for one another.

-- CACHE 1: a session that held numbers in reserve could use a low one after a seal had counted on every later number being higher.
CREATE SEQUENCE ledger_seq AS bigint CACHE 1 OWNED BY ledger.seq;
--> statement-breakpoint

-- The canonical form, restated in src/verify.ts: nine lines of UTF-8 joined by \n, hashed with SHA-256, in lower-case hex.
CREATE FUNCTION ledger_hash(
  prev text, seq bigint, "at" timestamptz, subject text, "position" integer, "type" text, "by" text, data text
) RETURNS text LANGUAGE sql STABLE STRICT AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n',
    'countersign-ledger-1', $1, $2, to_char($3 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), $4, $5, $6, $7, $8
  ), 'UTF8')), 'hex')
$$;
--> statement-breakpoint

CREATE FUNCTION ledger_append() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
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
END $$;
--> statement-breakpoint

CREATE TRIGGER ledger_append BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_append();
--> statement-breakpoint

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the ledger is only ever added to', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint

CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
--> statement-breakpoint

-- ALWAYS: also where session_replication_role = replica silences ordinary triggers.
ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_refuse;
--> statement-breakpoint

-- Depth 1 is a statement of somebody's own; the ledger's trigger comes in at depth 2. An update must go one step forward.
CREATE FUNCTION ledger_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% on ledger_head is refused: only an append to the ledger moves it', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.subject <> OLD.subject OR NEW."position" <> OLD."position" + 1) THEN
    RAISE EXCEPTION 'a chain goes on by one entry at a time' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

CREATE TRIGGER ledger_head_guard BEFORE INSERT OR UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_guard();
--> statement-breakpoint

CREATE TRIGGER ledger_head_refuse BEFORE DELETE OR TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
--> statement-breakpoint

ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_guard;
--> statement-breakpoint

ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_refuse;
