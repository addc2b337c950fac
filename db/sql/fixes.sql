-- Position history: one partition a UTC day of device time (server/fleet/partitions.ts makes and drops them).
CREATE TABLE "fixes" (
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"accuracy_m" real,
	"speed_mps" real,
	"heading_deg" real,
	"altitude_m" real,
	"battery_pct" real,
	"source" text NOT NULL,
	-- null: it was the unit's latest; else why it was kept for the trail only
	"why" text,
	CONSTRAINT "fixes_pkey" PRIMARY KEY ("unit_id", "at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE INDEX "fixes_tenant" ON "fixes" ("tenant", "at");
--> statement-breakpoint
-- What a hold keeps when its partition is dropped.
CREATE TABLE "held_fixes" (
	"ticket_id" text NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"accuracy_m" real,
	"speed_mps" real,
	"heading_deg" real,
	"altitude_m" real,
	"battery_pct" real,
	"source" text NOT NULL,
	"why" text,
	CONSTRAINT "held_fixes_pkey" PRIMARY KEY ("ticket_id", "unit_id", "at")
);
