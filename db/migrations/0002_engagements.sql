CREATE TABLE "community_cases" (
	"community_id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"neighbourhood_code" text NOT NULL,
	"status" text NOT NULL,
	"status_since" timestamp (3) with time zone NOT NULL,
	"episode" integer DEFAULT 0 NOT NULL,
	"declared_at" timestamp (3) with time zone,
	"declared_by" jsonb,
	"reason" text,
	"unmanaged_at" timestamp (3) with time zone,
	"first_refuse_at" timestamp (3) with time zone,
	"covered_at" timestamp (3) with time zone,
	"former_firm_id" text,
	"provider_firm_id" text,
	"engagement_id" text,
	"households" integer NOT NULL,
	"area_m_2" integer,
	"fee_rate" double precision,
	"collection_rate" double precision,
	"tier" text NOT NULL,
	"needs" jsonb NOT NULL,
	"risk_reasons" jsonb NOT NULL,
	"alarmed" jsonb NOT NULL,
	"due_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "community_contracts" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"community_id" text NOT NULL,
	"firm_id" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"owners_decided_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"recorded_by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "community_episodes" (
	"community_id" text NOT NULL,
	"episode" integer NOT NULL,
	"tenant" text NOT NULL,
	"unmanaged_at" timestamp (3) with time zone NOT NULL,
	"first_refuse_at" timestamp (3) with time zone,
	"covered_at" timestamp (3) with time zone,
	CONSTRAINT "community_episodes_community_id_episode_pk" PRIMARY KEY("community_id","episode")
);
--> statement-breakpoint
CREATE TABLE "contract_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"community_id" text NOT NULL,
	"contract_id" text NOT NULL,
	"kind" text NOT NULL,
	"given_at" timestamp (3) with time zone NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"note" text,
	"withdrawn_at" timestamp (3) with time zone,
	"recorded_by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emergency_log" (
	"subject" text NOT NULL,
	"subject_id" text NOT NULL,
	"n" integer NOT NULL,
	"tenant" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"reason" text,
	"detail" jsonb,
	CONSTRAINT "emergency_log_subject_subject_id_n_pk" PRIMARY KEY("subject","subject_id","n")
);
--> statement-breakpoint
CREATE TABLE "engagement_steps" (
	"engagement_id" text NOT NULL,
	"kind" text NOT NULL,
	"item" text NOT NULL,
	"due_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone,
	"done_by" jsonb,
	"note" text,
	CONSTRAINT "engagement_steps_engagement_id_kind_item_pk" PRIMARY KEY("engagement_id","kind","item")
);
--> statement-breakpoint
CREATE TABLE "engagements" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"community_id" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"neighbourhood_code" text NOT NULL,
	"firm_id" text NOT NULL,
	"pool_entry_id" text NOT NULL,
	"status" text NOT NULL,
	"mode" text NOT NULL,
	"selection_id" text,
	"plan_id" text,
	"rank" integer NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" jsonb,
	"reason" text,
	"override_reason" text,
	"offered_at" timestamp (3) with time zone,
	"offer_expires_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"answered_by" jsonb,
	"decline_reason" text,
	"contracted_at" timestamp (3) with time zone,
	"publicised_at" timestamp (3) with time zone,
	"active_at" timestamp (3) with time zone,
	"starts_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"fee" double precision NOT NULL,
	"needs" jsonb NOT NULL,
	"money_at_risk" integer NOT NULL,
	"hand_over_started_at" timestamp (3) with time zone,
	"hand_over_due_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text,
	"timers" jsonb NOT NULL,
	"next_timer_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lottery_secrets" (
	"selection_id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proof_photos" (
	"proof_id" text PRIMARY KEY NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"image" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proofs" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"engagement_id" text NOT NULL,
	"community_id" text NOT NULL,
	"item" text NOT NULL,
	"day" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" jsonb NOT NULL,
	"via" text NOT NULL,
	"has_photo" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "public_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"engagement_id" text NOT NULL,
	"community_id" text NOT NULL,
	"slug" text NOT NULL,
	"content" jsonb NOT NULL,
	"posted_at" timestamp (3) with time zone NOT NULL,
	"posted_by" jsonb NOT NULL,
	"taken_down_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "selections" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"community_id" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"neighbourhood_code" text NOT NULL,
	"mode" text NOT NULL,
	"status" text NOT NULL,
	"candidates" jsonb NOT NULL,
	"plan_id" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"opened_by" jsonb NOT NULL,
	"frozen_at" timestamp (3) with time zone,
	"approved" jsonb,
	"meeting" jsonb,
	"decided_at" timestamp (3) with time zone,
	"decided_by" jsonb,
	"reason" text,
	"lottery" jsonb,
	"next_timer_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_places" (
	"tenant" text NOT NULL,
	"number" integer NOT NULL,
	"plan_id" text NOT NULL,
	"community_id" text NOT NULL,
	"provider_id" text,
	"ranked" jsonb NOT NULL,
	"stands" boolean NOT NULL,
	CONSTRAINT "plan_places_tenant_number_community_id_pk" PRIMARY KEY("tenant","number","community_id")
);
--> statement-breakpoint
CREATE TABLE "plan_publications" (
	"tenant" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"plan_id" text NOT NULL,
	"undoes" integer,
	"community_ids" jsonb NOT NULL,
	"provider_ids" jsonb NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" jsonb NOT NULL,
	CONSTRAINT "plan_publications_tenant_number_pk" PRIMARY KEY("tenant","number")
);
--> statement-breakpoint
CREATE TABLE "plan_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"plan_id" text NOT NULL,
	"kind" text NOT NULL,
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
CREATE TABLE "plan_weights" (
	"tenant" text NOT NULL,
	"version" integer NOT NULL,
	"weights" jsonb NOT NULL,
	"note" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" jsonb NOT NULL,
	CONSTRAINT "plan_weights_tenant_version_pk" PRIMARY KEY("tenant","version")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"revision" integer NOT NULL,
	"copy_of" text,
	"community_ids" jsonb,
	"district_code" text,
	"subdistrict_code" text,
	"weights_version" integer NOT NULL,
	"locks" jsonb NOT NULL,
	"forbids" jsonb NOT NULL,
	"reserves" jsonb NOT NULL,
	"waivers" jsonb NOT NULL,
	"result" jsonb,
	"problem" jsonb,
	"n_minus_one" jsonb,
	"basis" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"solved_at" timestamp (3) with time zone,
	"published_at" timestamp (3) with time zone,
	"published_by" jsonb
);
--> statement-breakpoint
CREATE TABLE "pool_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"firm_id" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"status" text NOT NULL,
	"services" jsonb NOT NULL,
	"tier" text NOT NULL,
	"capacity" jsonb NOT NULL,
	"district_codes" jsonb NOT NULL,
	"price" double precision NOT NULL,
	"opening_cost" integer NOT NULL,
	"party_building" integer,
	"quality" integer,
	"rating_band" text,
	"yellow_since" timestamp (3) with time zone,
	"yellow_reason" text,
	"yellow_by" jsonb,
	"ban_until" timestamp (3) with time zone,
	"ban_reason" text,
	"reason" text,
	"reviewed_by" jsonb,
	"applied_at" timestamp (3) with time zone NOT NULL,
	"status_since" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alarms" ADD COLUMN "community_id" text;--> statement-breakpoint
ALTER TABLE "community_cases" ADD CONSTRAINT "community_cases_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_cases" ADD CONSTRAINT "community_cases_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_cases" ADD CONSTRAINT "community_cases_former_firm_id_firms_id_fk" FOREIGN KEY ("former_firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_cases" ADD CONSTRAINT "community_cases_provider_firm_id_firms_id_fk" FOREIGN KEY ("provider_firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_contracts" ADD CONSTRAINT "community_contracts_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_contracts" ADD CONSTRAINT "community_contracts_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_contracts" ADD CONSTRAINT "community_contracts_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_episodes" ADD CONSTRAINT "community_episodes_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "community_episodes" ADD CONSTRAINT "community_episodes_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_notices" ADD CONSTRAINT "contract_notices_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_notices" ADD CONSTRAINT "contract_notices_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_notices" ADD CONSTRAINT "contract_notices_contract_id_community_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."community_contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "emergency_log" ADD CONSTRAINT "emergency_log_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagement_steps" ADD CONSTRAINT "engagement_steps_engagement_id_engagements_id_fk" FOREIGN KEY ("engagement_id") REFERENCES "public"."engagements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagements" ADD CONSTRAINT "engagements_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagements" ADD CONSTRAINT "engagements_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagements" ADD CONSTRAINT "engagements_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagements" ADD CONSTRAINT "engagements_pool_entry_id_pool_entries_id_fk" FOREIGN KEY ("pool_entry_id") REFERENCES "public"."pool_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lottery_secrets" ADD CONSTRAINT "lottery_secrets_selection_id_selections_id_fk" FOREIGN KEY ("selection_id") REFERENCES "public"."selections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_photos" ADD CONSTRAINT "proof_photos_proof_id_proofs_id_fk" FOREIGN KEY ("proof_id") REFERENCES "public"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_engagement_id_engagements_id_fk" FOREIGN KEY ("engagement_id") REFERENCES "public"."engagements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_notices" ADD CONSTRAINT "public_notices_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_notices" ADD CONSTRAINT "public_notices_engagement_id_engagements_id_fk" FOREIGN KEY ("engagement_id") REFERENCES "public"."engagements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_notices" ADD CONSTRAINT "public_notices_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "selections" ADD CONSTRAINT "selections_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "selections" ADD CONSTRAINT "selections_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_places" ADD CONSTRAINT "plan_places_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_places" ADD CONSTRAINT "plan_places_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_places" ADD CONSTRAINT "plan_places_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_places" ADD CONSTRAINT "plan_places_provider_id_firms_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_publications" ADD CONSTRAINT "plan_publications_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_publications" ADD CONSTRAINT "plan_publications_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_runs" ADD CONSTRAINT "plan_runs_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_runs" ADD CONSTRAINT "plan_runs_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_weights" ADD CONSTRAINT "plan_weights_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_tenant_weights_version_plan_weights_tenant_version_fk" FOREIGN KEY ("tenant","weights_version") REFERENCES "public"."plan_weights"("tenant","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_entries" ADD CONSTRAINT "pool_entries_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_entries" ADD CONSTRAINT "pool_entries_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "community_cases_status" ON "community_cases" USING btree ("tenant","status");--> statement-breakpoint
CREATE INDEX "community_cases_due" ON "community_cases" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "community_contracts_one_stands" ON "community_contracts" USING btree ("community_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "community_episodes_at" ON "community_episodes" USING btree ("tenant","unmanaged_at");--> statement-breakpoint
CREATE INDEX "contract_notices_community" ON "contract_notices" USING btree ("community_id");--> statement-breakpoint
CREATE INDEX "emergency_log_at" ON "emergency_log" USING btree ("tenant","at");--> statement-breakpoint
CREATE UNIQUE INDEX "engagements_one_serves" ON "engagements" USING btree ("community_id") WHERE status in ('active', 'expiring', 'handing_over');--> statement-breakpoint
CREATE UNIQUE INDEX "engagements_one_in_the_making" ON "engagements" USING btree ("community_id") WHERE status in ('proposed', 'offered', 'accepted', 'contracted', 'publicised');--> statement-breakpoint
CREATE INDEX "engagements_status" ON "engagements" USING btree ("tenant","status");--> statement-breakpoint
CREATE INDEX "engagements_firm" ON "engagements" USING btree ("firm_id","status");--> statement-breakpoint
CREATE INDEX "engagements_due" ON "engagements" USING btree ("next_timer_at") WHERE next_timer_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "proofs_once_a_day" ON "proofs" USING btree ("engagement_id","day","item");--> statement-breakpoint
CREATE UNIQUE INDEX "public_notices_slug" ON "public_notices" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "public_notices_engagement" ON "public_notices" USING btree ("engagement_id");--> statement-breakpoint
CREATE UNIQUE INDEX "selections_one_open" ON "selections" USING btree ("community_id") WHERE status in ('open', 'frozen', 'drawn');--> statement-breakpoint
CREATE INDEX "selections_due" ON "selections" USING btree ("next_timer_at") WHERE next_timer_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "plan_places_one_stands" ON "plan_places" USING btree ("community_id") WHERE stands;--> statement-breakpoint
CREATE UNIQUE INDEX "plan_publications_undone_once" ON "plan_publications" USING btree ("tenant","undoes");--> statement-breakpoint
CREATE UNIQUE INDEX "plan_runs_one_live" ON "plan_runs" USING btree ("plan_id") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "plan_runs_plan" ON "plan_runs" USING btree ("plan_id","asked_at");--> statement-breakpoint
CREATE INDEX "plan_runs_live" ON "plan_runs" USING btree ("beat_at") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "plans_tenant" ON "plans" USING btree ("tenant","updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "pool_entries_firm" ON "pool_entries" USING btree ("tenant","firm_id");