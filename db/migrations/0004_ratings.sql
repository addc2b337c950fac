CREATE TABLE "ratings" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"firm_id" text NOT NULL,
	"period" text NOT NULL,
	"rules" jsonb NOT NULL,
	"score" double precision,
	"band" text,
	"triggers" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"verdict" text NOT NULL,
	"lit" boolean NOT NULL,
	"reason" text,
	"decided_by" jsonb NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pool_entries" ADD COLUMN "rated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ratings_firm" ON "ratings" USING btree ("tenant","firm_id","decided_at");--> statement-breakpoint
CREATE INDEX "ratings_period" ON "ratings" USING btree ("tenant","period");