CREATE TABLE "calendar_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "cover_offers" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"shift_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"unit_id" text NOT NULL,
	"rank" integer NOT NULL,
	"status" text NOT NULL,
	"offered_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "duty_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"shift_id" text,
	"day" text,
	"shift_kind" text,
	"read_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "duty_shifts" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"roster_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"unit_id" text,
	"day" text NOT NULL,
	"kind" text NOT NULL,
	"skill" text,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"counted_minutes" integer NOT NULL,
	"status" text NOT NULL,
	"covers_id" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"start_distance_m" double precision,
	"started_for" boolean NOT NULL,
	"no_show_at" timestamp (3) with time zone,
	"next_timer_at" timestamp (3) with time zone,
	"is_covering" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "duty_swaps" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"cluster_id" text NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"kind" text NOT NULL,
	"shift_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"other_shift_id" text,
	"other_unit_id" text,
	"note" text,
	"status" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"agreed_at" timestamp (3) with time zone,
	"decided_at" timestamp (3) with time zone,
	"why" text
);
--> statement-breakpoint
CREATE TABLE "hand_overs" (
	"shift_id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"cluster_id" text NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"unit_id" text NOT NULL,
	"note" text NOT NULL,
	"tickets" jsonb NOT NULL,
	"written_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone NOT NULL,
	"taken_at" timestamp (3) with time zone,
	"taken_by" text,
	"taken_shift_id" text
);
--> statement-breakpoint
CREATE TABLE "duty_clusters" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"most_at_once" integer,
	"reliefs" integer NOT NULL,
	"handover_minutes" integer NOT NULL,
	"swaps_need_approval" boolean NOT NULL,
	"cover_ttl_ms" integer NOT NULL,
	"frozen_days" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "duty_demand" (
	"tenant" text NOT NULL,
	"cluster_id" text NOT NULL,
	"skill" text NOT NULL,
	"week" jsonb NOT NULL,
	"days" jsonb NOT NULL,
	"slack" integer,
	"source" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" jsonb NOT NULL,
	CONSTRAINT "duty_demand_cluster_id_skill_pk" PRIMARY KEY("cluster_id","skill")
);
--> statement-breakpoint
CREATE TABLE "duty_people" (
	"unit_id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"cluster_ids" jsonb NOT NULL,
	"mode" text NOT NULL,
	"cycle" text,
	"limits" jsonb NOT NULL,
	"protections" jsonb NOT NULL,
	"availability" jsonb,
	"takes_nights" boolean NOT NULL,
	"is_active" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fixed_duties" (
	"unit_id" text NOT NULL,
	"day" text NOT NULL,
	"tenant" text NOT NULL,
	"shift_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"skill" text,
	CONSTRAINT "fixed_duties_unit_id_day_pk" PRIMARY KEY("unit_id","day")
);
--> statement-breakpoint
CREATE TABLE "leaves" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"from" text NOT NULL,
	"until" text NOT NULL,
	"kind" text,
	"reason" text,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"recorded_by" jsonb NOT NULL,
	"cancelled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "roster_log" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"subject" text NOT NULL,
	"subject_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"reason" text,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "roster_publications" (
	"tenant" text NOT NULL,
	"number" integer NOT NULL,
	"roster_id" text NOT NULL,
	"reason" text NOT NULL,
	"first_day" text NOT NULL,
	"days" integer NOT NULL,
	"cluster_ids" jsonb NOT NULL,
	"removed" integer NOT NULL,
	"added" integer NOT NULL,
	"touched" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" jsonb NOT NULL,
	CONSTRAINT "roster_publications_tenant_number_pk" PRIMARY KEY("tenant","number")
);
--> statement-breakpoint
CREATE TABLE "roster_rules" (
	"tenant" text NOT NULL,
	"version" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"note" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" jsonb NOT NULL,
	CONSTRAINT "roster_rules_tenant_version_pk" PRIMARY KEY("tenant","version")
);
--> statement-breakpoint
CREATE TABLE "roster_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"roster_id" text NOT NULL,
	"status" text NOT NULL,
	"revision" integer NOT NULL,
	"seed" integer NOT NULL,
	"seconds" integer NOT NULL,
	"progress" jsonb NOT NULL,
	"best" jsonb,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"asked_by" jsonb NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"beat_at" timestamp (3) with time zone NOT NULL,
	"stop_asked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "roster_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"days" integer NOT NULL,
	"cluster_ids" jsonb NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"entries" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rosters" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"revision" integer NOT NULL,
	"cluster_ids" jsonb NOT NULL,
	"subdistrict_codes" jsonb NOT NULL,
	"first_day" text NOT NULL,
	"days" integer NOT NULL,
	"entries" jsonb NOT NULL,
	"overrides" jsonb NOT NULL,
	"amends" text,
	"basis" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	"published_by" jsonb
);
--> statement-breakpoint
CREATE TABLE "shift_kinds" (
	"tenant" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"start_minute" integer NOT NULL,
	"length_minutes" integer NOT NULL,
	"rest_minutes" integer NOT NULL,
	"is_night" boolean NOT NULL,
	"is_active" boolean NOT NULL,
	CONSTRAINT "shift_kinds_tenant_id_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "wishes" (
	"unit_id" text NOT NULL,
	"day" text NOT NULL,
	"wants" text NOT NULL,
	"shift_id" text NOT NULL,
	"tenant" text NOT NULL,
	"weight" integer NOT NULL,
	CONSTRAINT "wishes_unit_id_day_wants_shift_id_pk" PRIMARY KEY("unit_id","day","wants","shift_id")
);
--> statement-breakpoint
CREATE TABLE "volunteer_members" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"team_id" text NOT NULL,
	"label" text NOT NULL,
	"unit_id" text,
	"is_party_member" boolean NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "volunteer_services" (
	"slot_id" text NOT NULL,
	"member_id" text NOT NULL,
	"tenant" text NOT NULL,
	"status" text NOT NULL,
	"offered_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"recorded_minutes" integer,
	"recorded_by" jsonb,
	"confirmed_minutes" integer,
	"confirmed_at" timestamp (3) with time zone,
	CONSTRAINT "volunteer_services_slot_id_member_id_pk" PRIMARY KEY("slot_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "volunteer_slots" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"team_id" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"title" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"wanted" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" jsonb NOT NULL,
	"cancelled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "volunteer_teams" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"community_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "alarms" ADD COLUMN "shift_id" text;--> statement-breakpoint
ALTER TABLE "calendar_links" ADD CONSTRAINT "calendar_links_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_links" ADD CONSTRAINT "calendar_links_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_offers" ADD CONSTRAINT "cover_offers_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_offers" ADD CONSTRAINT "cover_offers_shift_id_duty_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."duty_shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_offers" ADD CONSTRAINT "cover_offers_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_offers" ADD CONSTRAINT "cover_offers_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_notices" ADD CONSTRAINT "duty_notices_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_notices" ADD CONSTRAINT "duty_notices_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_shifts" ADD CONSTRAINT "duty_shifts_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_shift_id_duty_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."duty_shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_other_shift_id_duty_shifts_id_fk" FOREIGN KEY ("other_shift_id") REFERENCES "public"."duty_shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_swaps" ADD CONSTRAINT "duty_swaps_other_unit_id_units_id_fk" FOREIGN KEY ("other_unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_overs" ADD CONSTRAINT "hand_overs_shift_id_duty_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."duty_shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_overs" ADD CONSTRAINT "hand_overs_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_overs" ADD CONSTRAINT "hand_overs_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_overs" ADD CONSTRAINT "hand_overs_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_clusters" ADD CONSTRAINT "duty_clusters_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_demand" ADD CONSTRAINT "duty_demand_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_demand" ADD CONSTRAINT "duty_demand_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_people" ADD CONSTRAINT "duty_people_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_people" ADD CONSTRAINT "duty_people_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_duties" ADD CONSTRAINT "fixed_duties_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_duties" ADD CONSTRAINT "fixed_duties_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_duties" ADD CONSTRAINT "fixed_duties_cluster_id_duty_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."duty_clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaves" ADD CONSTRAINT "leaves_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaves" ADD CONSTRAINT "leaves_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_log" ADD CONSTRAINT "roster_log_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_publications" ADD CONSTRAINT "roster_publications_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_publications" ADD CONSTRAINT "roster_publications_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_rules" ADD CONSTRAINT "roster_rules_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_runs" ADD CONSTRAINT "roster_runs_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_runs" ADD CONSTRAINT "roster_runs_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_templates" ADD CONSTRAINT "roster_templates_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rosters" ADD CONSTRAINT "rosters_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shift_kinds" ADD CONSTRAINT "shift_kinds_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_members" ADD CONSTRAINT "volunteer_members_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_members" ADD CONSTRAINT "volunteer_members_team_id_volunteer_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."volunteer_teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_members" ADD CONSTRAINT "volunteer_members_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_services" ADD CONSTRAINT "volunteer_services_slot_id_volunteer_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."volunteer_slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_services" ADD CONSTRAINT "volunteer_services_member_id_volunteer_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."volunteer_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_services" ADD CONSTRAINT "volunteer_services_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_slots" ADD CONSTRAINT "volunteer_slots_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_slots" ADD CONSTRAINT "volunteer_slots_team_id_volunteer_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."volunteer_teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_teams" ADD CONSTRAINT "volunteer_teams_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_teams" ADD CONSTRAINT "volunteer_teams_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_links_one_stands" ON "calendar_links" USING btree ("unit_id") WHERE revoked_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "cover_offers_one_asked" ON "cover_offers" USING btree ("shift_id") WHERE status = 'offered';--> statement-breakpoint
CREATE UNIQUE INDEX "cover_offers_one_winner" ON "cover_offers" USING btree ("shift_id") WHERE status = 'accepted';--> statement-breakpoint
CREATE INDEX "cover_offers_unit" ON "cover_offers" USING btree ("unit_id","status");--> statement-breakpoint
CREATE INDEX "cover_offers_due" ON "cover_offers" USING btree ("expires_at") WHERE status = 'offered';--> statement-breakpoint
CREATE INDEX "duty_notices_unit" ON "duty_notices" USING btree ("unit_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "duty_shifts_one_at_a_time" ON "duty_shifts" USING btree ("unit_id","starts_at") WHERE status in ('confirmed', 'started', 'ended');--> statement-breakpoint
CREATE UNIQUE INDEX "duty_shifts_one_gap" ON "duty_shifts" USING btree ("covers_id") WHERE status <> 'released';--> statement-breakpoint
CREATE INDEX "duty_shifts_span" ON "duty_shifts" USING btree ("tenant","starts_at","ends_at");--> statement-breakpoint
CREATE INDEX "duty_shifts_unit" ON "duty_shifts" USING btree ("unit_id","day");--> statement-breakpoint
CREATE INDEX "duty_shifts_roster" ON "duty_shifts" USING btree ("roster_id");--> statement-breakpoint
CREATE INDEX "duty_shifts_due" ON "duty_shifts" USING btree ("next_timer_at") WHERE next_timer_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "duty_swaps_one_open" ON "duty_swaps" USING btree ("shift_id") WHERE status in ('proposed', 'agreed');--> statement-breakpoint
CREATE INDEX "duty_swaps_unit" ON "duty_swaps" USING btree ("unit_id","status");--> statement-breakpoint
CREATE INDEX "duty_swaps_due" ON "duty_swaps" USING btree ("expires_at") WHERE status in ('proposed', 'agreed');--> statement-breakpoint
CREATE INDEX "hand_overs_open" ON "hand_overs" USING btree ("cluster_id","taken_at");--> statement-breakpoint
CREATE INDEX "duty_clusters_tenant" ON "duty_clusters" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "duty_people_tenant" ON "duty_people" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "fixed_duties_day" ON "fixed_duties" USING btree ("tenant","day");--> statement-breakpoint
CREATE INDEX "leaves_unit" ON "leaves" USING btree ("unit_id","until");--> statement-breakpoint
CREATE INDEX "roster_log_subject" ON "roster_log" USING btree ("subject","subject_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "roster_runs_one_live" ON "roster_runs" USING btree ("roster_id") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "roster_runs_roster" ON "roster_runs" USING btree ("roster_id","asked_at");--> statement-breakpoint
CREATE INDEX "roster_runs_live" ON "roster_runs" USING btree ("beat_at") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "rosters_tenant" ON "rosters" USING btree ("tenant","updated_at");--> statement-breakpoint
CREATE INDEX "wishes_day" ON "wishes" USING btree ("tenant","day");--> statement-breakpoint
CREATE INDEX "volunteer_members_team" ON "volunteer_members" USING btree ("team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "volunteer_members_one_team" ON "volunteer_members" USING btree ("unit_id") WHERE left_at is null;--> statement-breakpoint
CREATE INDEX "volunteer_services_member" ON "volunteer_services" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "volunteer_slots_team" ON "volunteer_slots" USING btree ("team_id","starts_at");--> statement-breakpoint
CREATE INDEX "volunteer_teams_place" ON "volunteer_teams" USING btree ("tenant","subdistrict_code");