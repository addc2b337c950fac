CREATE TABLE "studies" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"status" text NOT NULL,
	"asked" jsonb NOT NULL,
	"seed" integer NOT NULL,
	"seconds" integer NOT NULL,
	"progress" jsonb NOT NULL,
	"answer" jsonb,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"asked_by" jsonb NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"beat_at" timestamp (3) with time zone NOT NULL,
	"stop_asked_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "studies" ADD CONSTRAINT "studies_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "studies_tenant" ON "studies" USING btree ("tenant","asked_at");--> statement-breakpoint
CREATE INDEX "studies_live" ON "studies" USING btree ("beat_at") WHERE status in ('queued', 'running');