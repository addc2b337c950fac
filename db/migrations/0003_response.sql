CREATE TABLE "areas" (
	"tenant" text NOT NULL,
	"code" text NOT NULL,
	"name" jsonb NOT NULL,
	CONSTRAINT "areas_tenant_code_pk" PRIMARY KEY("tenant","code")
);
--> statement-breakpoint
CREATE TABLE "ticket_areas" (
	"ticket_id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"area_code" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "areas" ADD CONSTRAINT "areas_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_areas" ADD CONSTRAINT "ticket_areas_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ticket_areas_area" ON "ticket_areas" USING btree ("tenant","area_code");