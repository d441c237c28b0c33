CREATE SEQUENCE "public"."desk_changed_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "desk_message" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"conversation" text NOT NULL,
	"author" text,
	"intent" text,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"placed" bigint NOT NULL,
	"changed" bigint NOT NULL,
	CONSTRAINT "desk_message_intent_unique" UNIQUE("intent")
);
--> statement-breakpoint
CREATE TABLE "absence" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"deputy" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "absence_days" CHECK (from_day <= to_day),
	CONSTRAINT "absence_deputy" CHECK (person <> deputy)
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"position" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"by" text NOT NULL,
	"data" text NOT NULL,
	"prev" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_chain" UNIQUE("subject","position"),
	CONSTRAINT "ledger_position" CHECK ("position" > 0),
	CONSTRAINT "ledger_subject" CHECK (subject ~ '^[^\u0001-\u001F\u007F-\u009F\u2028\u2029]+$' and char_length(subject) <= 120),
	CONSTRAINT "ledger_by" CHECK ("by" ~ '^[^\u0001-\u001F\u007F-\u009F\u2028\u2029]+$' and char_length("by") <= 120),
	CONSTRAINT "ledger_type" CHECK ("type" ~ '^[a-z][a-z0-9.-]{0,79}$'),
	CONSTRAINT "ledger_data" CHECK (data ~ '^\{[^\u0001-\u001F]*\}$' and octet_length(data) <= 1048576 and data::json is not null),
	CONSTRAINT "ledger_at" CHECK ("at" >= '2000-01-01T00:00:00Z' and "at" < '10000-01-01T00:00:00Z'),
	CONSTRAINT "ledger_prev" CHECK (prev ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "ledger_hash" CHECK (hash ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "ledger_head" (
	"subject" text COLLATE "C" PRIMARY KEY NOT NULL,
	"position" integer NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attachment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request" text NOT NULL,
	"position" integer NOT NULL,
	"by" text NOT NULL,
	"platform" text NOT NULL,
	"ref" jsonb NOT NULL,
	"name" text NOT NULL,
	"original" text NOT NULL,
	"state" text NOT NULL,
	"mime" text,
	"size" bigint,
	"sha256" text,
	"at" timestamp (3) with time zone NOT NULL,
	"next_at" timestamp (3) with time zone,
	"handed_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "number_counter" (
	"prefix" text NOT NULL,
	"year" smallint NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "number_counter_prefix_year_pk" PRIMARY KEY("prefix","year")
);
--> statement-breakpoint
CREATE TABLE "process_version" (
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"definition" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "process_version_process_version_pk" PRIMARY KEY("process","version")
);
--> statement-breakpoint
CREATE TABLE "request" (
	"number" text PRIMARY KEY NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"requester" text NOT NULL,
	"origin" text NOT NULL,
	"state" text NOT NULL,
	"submission" integer NOT NULL,
	"values" jsonb NOT NULL,
	"amount" bigint,
	"currency" text,
	"base_amount" bigint,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"urged_at" timestamp (3) with time zone,
	"revision" integer NOT NULL,
	"copies" text[] NOT NULL,
	"parties" text[] NOT NULL,
	"notes" jsonb NOT NULL,
	CONSTRAINT "request_number" CHECK (number ~ '^[A-Z]{2,4}-[0-9]{4}-[0-9]{4,}$'),
	CONSTRAINT "request_amount" CHECK (amount > 0 and base_amount > 0),
	CONSTRAINT "request_money" CHECK ((amount is null) = (currency is null) and (amount is null) = (base_amount is null)),
	CONSTRAINT "request_ended" CHECK ((ended_at is null) = (state in ('open', 'returned')))
);
--> statement-breakpoint
CREATE TABLE "step" (
	"request" text NOT NULL,
	"submission" integer NOT NULL,
	"id" text NOT NULL,
	"position" smallint NOT NULL,
	"state" text NOT NULL,
	"body" jsonb NOT NULL,
	"pending" text[] NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "step_request_submission_id_pk" PRIMARY KEY("request","submission","id"),
	CONSTRAINT "step_pending_open" CHECK ((state = 'open') = (cardinality(pending) > 0))
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"platform" text NOT NULL,
	"delivery" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"reply" jsonb,
	CONSTRAINT "inbox_platform_delivery_pk" PRIMARY KEY("platform","delivery")
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"kind" text NOT NULL,
	"audience" text NOT NULL,
	"platform" text NOT NULL,
	"address_kind" text NOT NULL,
	"address" text NOT NULL,
	"about" text,
	"data" jsonb,
	"key" text NOT NULL,
	"lane" smallint NOT NULL,
	"wanted" integer DEFAULT 1 NOT NULL,
	"shown" integer DEFAULT 0 NOT NULL,
	"shown_hash" text,
	"state" text DEFAULT 'live' NOT NULL,
	"intent" uuid NOT NULL,
	"tried_at" timestamp (3) with time zone,
	"ref_channel" text,
	"ref_message" text,
	"posted_at" timestamp (3) with time zone,
	"reposts" smallint DEFAULT 0 NOT NULL,
	"plain" smallint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"stale_since" timestamp (3) with time zone,
	"next_at" timestamp (3) with time zone,
	"handed_until" timestamp (3) with time zone,
	"claimed_until" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "message_key" UNIQUE("key"),
	CONSTRAINT "message_shown" CHECK (shown <= wanted)
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timer" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"command" text NOT NULL,
	"args" jsonb NOT NULL,
	"key" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"handed_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "timer_key" UNIQUE("key")
);
--> statement-breakpoint
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_request_request_number_fk" FOREIGN KEY ("request") REFERENCES "public"."request"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_process_version_process_version_process_version_fk" FOREIGN KEY ("process","version") REFERENCES "public"."process_version"("process","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_request_request_number_fk" FOREIGN KEY ("request") REFERENCES "public"."request"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "desk_message_conversation" ON "desk_message" USING btree ("conversation","placed");--> statement-breakpoint
CREATE INDEX "desk_message_changed" ON "desk_message" USING btree ("changed");--> statement-breakpoint
CREATE INDEX "absence_current" ON "absence" USING btree ("to_day") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "attachment_position" ON "attachment" USING btree ("request","position");--> statement-breakpoint
CREATE INDEX "attachment_fetching" ON "attachment" USING btree ("at") WHERE state = 'fetching';--> statement-breakpoint
CREATE UNIQUE INDEX "process_version_hash" ON "process_version" USING btree ("process","hash");--> statement-breakpoint
CREATE INDEX "request_requester" ON "request" USING btree ("requester","submitted_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "step_one_open" ON "step" USING btree ("request") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "step_pending" ON "step" USING gin ("pending") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "inbox_at" ON "inbox" USING btree ("at");--> statement-breakpoint
CREATE INDEX "message_subject" ON "message" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "message_due" ON "message" USING btree ("lane","next_at") WHERE state = 'live' and wanted > shown;--> statement-breakpoint
CREATE INDEX "message_ref" ON "message" USING btree ("platform","ref_message") WHERE ref_message is not null;--> statement-breakpoint
CREATE INDEX "message_posted" ON "message" USING btree ("platform","posted_at") WHERE state = 'live' and kind = 'card';--> statement-breakpoint
CREATE INDEX "message_over" ON "message" USING btree ("state","created_at") WHERE state <> 'live';--> statement-breakpoint
CREATE INDEX "timer_due" ON "timer" USING btree ("due_at");