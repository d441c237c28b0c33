CREATE TABLE "crisis" (
	"number" text PRIMARY KEY NOT NULL,
	"drill" boolean NOT NULL,
	"state" text NOT NULL,
	"grade" text,
	"kind" text NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"frozen" text,
	"parties" text[] NOT NULL,
	"body" jsonb NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "crisis_number" CHECK (number ~ '^(CR|DR)-[0-9]{4}-[0-9]{4,}$' and drill = (number like 'DR-%')),
	CONSTRAINT "crisis_ended" CHECK ((ended_at is null) = (state <> 'over')),
	CONSTRAINT "crisis_graded" CHECK (state <> 'open' or grade is not null)
);
--> statement-breakpoint
CREATE TABLE "observation" (
	"id" text PRIMARY KEY NOT NULL,
	"indicator" text NOT NULL,
	"key" text NOT NULL,
	"amount" integer NOT NULL,
	"text" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"signal" text,
	CONSTRAINT "observation_amount" CHECK (amount > 0)
);
--> statement-breakpoint
CREATE TABLE "room" (
	"crisis" text NOT NULL,
	"platform" text NOT NULL,
	"intent" uuid NOT NULL,
	"channel" text,
	"settled" text[] DEFAULT '{}' NOT NULL,
	"wanted" integer DEFAULT 1 NOT NULL,
	"made" integer DEFAULT 0 NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"tried_at" timestamp (3) with time zone,
	"next_at" timestamp (3) with time zone,
	"handed_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	CONSTRAINT "room_crisis_platform_pk" PRIMARY KEY("crisis","platform"),
	CONSTRAINT "room_made" CHECK (made <= wanted)
);
--> statement-breakpoint
CREATE TABLE "signal" (
	"number" text PRIMARY KEY NOT NULL,
	"indicator" text NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"body" jsonb NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "signal_number" CHECK (number ~ '^SG-[0-9]{4}-[0-9]{4,}$')
);
--> statement-breakpoint
CREATE TABLE "statement" (
	"number" text PRIMARY KEY NOT NULL,
	"crisis" text,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"author" text NOT NULL,
	"released_at" timestamp (3) with time zone,
	"parties" text[] NOT NULL,
	"body" jsonb NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "statement_number" CHECK (number ~ '^ST-[0-9]{4}-[0-9]{4,}$'),
	CONSTRAINT "statement_released_at" CHECK ((released_at is null) = (state <> 'released'))
);
--> statement-breakpoint
CREATE TABLE "statement_version" (
	"statement" text NOT NULL,
	"version" integer NOT NULL,
	"text" text NOT NULL,
	"hash" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "statement_version_statement_version_pk" PRIMARY KEY("statement","version"),
	CONSTRAINT "statement_version_count" CHECK (version > 0)
);
--> statement-breakpoint
DROP INDEX "timer_due";--> statement-breakpoint
ALTER TABLE "decision" ALTER COLUMN "meeting" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "crisis" text;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "crisis" text;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "executed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "ratify_due" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "held" text;--> statement-breakpoint
ALTER TABLE "timer" ADD COLUMN "urgent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "room" ADD CONSTRAINT "room_crisis_crisis_number_fk" FOREIGN KEY ("crisis") REFERENCES "public"."crisis"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_crisis_crisis_number_fk" FOREIGN KEY ("crisis") REFERENCES "public"."crisis"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_version" ADD CONSTRAINT "statement_version_statement_statement_number_fk" FOREIGN KEY ("statement") REFERENCES "public"."statement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "crisis_open" ON "crisis" USING btree ("raised_at") WHERE state <> 'over';--> statement-breakpoint
CREATE INDEX "crisis_frozen" ON "crisis" USING btree ("number") WHERE frozen is not null;--> statement-breakpoint
CREATE INDEX "crisis_drill" ON "crisis" USING btree ("raised_at" DESC NULLS LAST) WHERE drill;--> statement-breakpoint
CREATE INDEX "crisis_party" ON "crisis" USING gin ("parties");--> statement-breakpoint
CREATE INDEX "observation_window" ON "observation" USING btree ("indicator","key","at");--> statement-breakpoint
CREATE INDEX "observation_free" ON "observation" USING btree ("at") WHERE signal is null;--> statement-breakpoint
CREATE INDEX "room_channel" ON "room" USING btree ("platform","channel") WHERE channel is not null;--> statement-breakpoint
CREATE INDEX "room_due" ON "room" USING btree ("next_at") WHERE wanted > made or (channel is not null and not pinned);--> statement-breakpoint
CREATE INDEX "signal_open" ON "signal" USING btree ("indicator","key") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "signal_watch" ON "signal" USING btree ("indicator","key","raised_at");--> statement-breakpoint
CREATE INDEX "statement_crisis" ON "statement" USING btree ("crisis");--> statement-breakpoint
CREATE INDEX "statement_released" ON "statement" USING btree ("released_at" DESC NULLS LAST) WHERE released_at is not null;--> statement-breakpoint
CREATE INDEX "statement_party" ON "statement" USING gin ("parties") WHERE state in ('draft', 'clearing', 'cleared');--> statement-breakpoint
CREATE INDEX "statement_version_hash" ON "statement_version" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "decision_crisis" ON "decision" USING btree ("crisis") WHERE crisis is not null;--> statement-breakpoint
CREATE INDEX "request_open_money" ON "request" USING btree ("submitted_at") WHERE state in ('open', 'returned') and amount is not null;--> statement-breakpoint
CREATE INDEX "request_ratify" ON "request" USING btree ("ratify_due") WHERE ratify_due is not null and state in ('open', 'returned');--> statement-breakpoint
CREATE INDEX "request_held" ON "request" USING btree ("held") WHERE held is not null;--> statement-breakpoint
CREATE INDEX "timer_urgent" ON "timer" USING btree ("due_at") WHERE urgent;--> statement-breakpoint
CREATE INDEX "timer_due" ON "timer" USING btree ("due_at") WHERE not urgent;--> statement-breakpoint
ALTER TABLE "decision" ADD CONSTRAINT "decision_origin" CHECK ((meeting is null) <> (crisis is null));--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_executed" CHECK ((executed_at is null) = (ratify_due is null));