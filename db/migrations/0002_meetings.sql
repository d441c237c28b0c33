CREATE TABLE "decision" (
	"number" text PRIMARY KEY NOT NULL,
	"meeting" text NOT NULL,
	"series" text,
	"state" text NOT NULL,
	"owner" text NOT NULL,
	"chair" text NOT NULL,
	"due" date NOT NULL,
	"parties" text[] NOT NULL,
	"body" jsonb NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "decision_number" CHECK (number ~ '^DM-[0-9]{4}-[0-9]{4,}$')
);
--> statement-breakpoint
CREATE TABLE "meeting" (
	"number" text PRIMARY KEY NOT NULL,
	"series" text,
	"day" date,
	"state" text NOT NULL,
	"start_at" timestamp (3) with time zone NOT NULL,
	"end_at" timestamp (3) with time zone NOT NULL,
	"minutes_due" timestamp (3) with time zone,
	"minute_taker" text NOT NULL,
	"minutes_version" integer NOT NULL,
	"parties" text[] NOT NULL,
	"body" jsonb NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "meeting_number" CHECK (number ~ '^MT-[0-9]{4}-[0-9]{4,}$'),
	CONSTRAINT "meeting_time" CHECK (start_at < end_at)
);
--> statement-breakpoint
CREATE TABLE "meeting_series" (
	"id" text PRIMARY KEY NOT NULL,
	"rule" jsonb NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "minutes" (
	"meeting" text NOT NULL,
	"version" integer NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "minutes_meeting_version_pk" PRIMARY KEY("meeting","version"),
	CONSTRAINT "minutes_version" CHECK (version > 0)
);
--> statement-breakpoint
ALTER TABLE "attachment" RENAME COLUMN "request" TO "subject";--> statement-breakpoint
ALTER TABLE "attachment" DROP CONSTRAINT "attachment_request_request_number_fk";
--> statement-breakpoint
DROP INDEX "attachment_position";--> statement-breakpoint
DROP INDEX "message_over";--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "cites" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "not_before" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "decision" ADD CONSTRAINT "decision_meeting_meeting_number_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meeting"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "minutes" ADD CONSTRAINT "minutes_meeting_meeting_number_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meeting"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decision_owner" ON "decision" USING btree ("owner","due") WHERE state in ('proposed', 'accepted', 'declined');--> statement-breakpoint
CREATE INDEX "decision_meeting" ON "decision" USING btree ("meeting");--> statement-breakpoint
CREATE INDEX "decision_series" ON "decision" USING btree ("series") WHERE state in ('proposed', 'accepted', 'declined');--> statement-breakpoint
CREATE INDEX "decision_party" ON "decision" USING gin ("parties") WHERE state in ('proposed', 'accepted', 'declined');--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_occurrence" ON "meeting" USING btree ("series","day");--> statement-breakpoint
CREATE INDEX "meeting_planned" ON "meeting" USING btree ("series","start_at") WHERE state = 'planned';--> statement-breakpoint
CREATE INDEX "meeting_party" ON "meeting" USING gin ("parties");--> statement-breakpoint
CREATE INDEX "meeting_owed" ON "meeting" USING btree ("minutes_due") WHERE state = 'ended' and minutes_version = 0;--> statement-breakpoint
CREATE INDEX "request_cites" ON "request" USING gin ("cites") WHERE state in ('open', 'returned');--> statement-breakpoint
CREATE INDEX "message_held" ON "message" USING btree ("not_before") WHERE state = 'held';--> statement-breakpoint
CREATE UNIQUE INDEX "attachment_position" ON "attachment" USING btree ("subject","position");--> statement-breakpoint
CREATE INDEX "message_over" ON "message" USING btree ("state","created_at") WHERE state in ('done', 'closed', 'dead');