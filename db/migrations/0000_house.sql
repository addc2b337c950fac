CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "apikey" (
	"id" text PRIMARY KEY NOT NULL,
	"config_id" text DEFAULT 'default' NOT NULL,
	"name" text,
	"start" text,
	"reference_id" text NOT NULL,
	"prefix" text,
	"key" text NOT NULL,
	"refill_interval" integer,
	"refill_amount" integer,
	"last_refill_at" timestamp (3) with time zone,
	"enabled" boolean DEFAULT true,
	"rate_limit_enabled" boolean DEFAULT false,
	"rate_limit_time_window" integer,
	"rate_limit_max" integer,
	"request_count" integer DEFAULT 0,
	"remaining" integer,
	"last_request" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"permissions" text,
	"metadata" text
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "two_factor" (
	"id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"user_id" text NOT NULL,
	"verified" boolean DEFAULT true,
	"failed_verification_count" integer DEFAULT 0,
	"locked_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"username" text,
	"display_username" text,
	"two_factor_enabled" boolean DEFAULT false,
	"disabled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email"),
	CONSTRAINT "user_username_unique" UNIQUE("username")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alarms" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"kind" text NOT NULL,
	"ticket_id" text,
	"unit_id" text,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by" text
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"tenant" text NOT NULL,
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "commands_tenant_actor_key_pk" PRIMARY KEY("tenant","actor","key")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"tenant" text NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"audience" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	CONSTRAINT "events_tenant_seq_pk" PRIMARY KEY("tenant","seq")
);
--> statement-breakpoint
CREATE TABLE "feed_heads" (
	"tenant" text PRIMARY KEY NOT NULL,
	"epoch" text NOT NULL,
	"seq" bigint NOT NULL,
	"oldest" bigint NOT NULL,
	"last_at" timestamp (3) with time zone,
	"ticket_number" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"text_version" text NOT NULL,
	"given_at" timestamp (3) with time zone NOT NULL,
	"given_by" text NOT NULL,
	"withdrawn_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"label" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "trail_holds" (
	"ticket_id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"unit_id" text NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"to" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"held_by" text NOT NULL,
	"held_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trail_readings" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"reader_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"to" timestamp (3) with time zone NOT NULL,
	"ticket_id" text,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"index" integer NOT NULL,
	"callsign" text NOT NULL,
	"kind" text NOT NULL,
	"skills" jsonb NOT NULL,
	"mode" text NOT NULL,
	"firm_id" text,
	"home_community_id" text,
	"post_lng" double precision NOT NULL,
	"post_lat" double precision NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"duty" text NOT NULL,
	"duty_since" timestamp (3) with time zone NOT NULL,
	"tracked" boolean NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"tenant" text NOT NULL,
	"role" text NOT NULL,
	"district_code" text,
	"subdistrict_code" text,
	"neighbourhood_code" text,
	"firm_id" text,
	"unit_id" text
);
--> statement-breakpoint
CREATE TABLE "login_failures" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"wait_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "communities" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"district_code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"neighbourhood_code" text NOT NULL,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"households" integer NOT NULL,
	"firm_id" text,
	"synthetic" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "districts" (
	"tenant" text NOT NULL,
	"code" text NOT NULL,
	"name" jsonb NOT NULL,
	"centre" jsonb NOT NULL,
	CONSTRAINT "districts_tenant_code_pk" PRIMARY KEY("tenant","code")
);
--> statement-breakpoint
CREATE TABLE "firms" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"synthetic" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "neighbourhoods" (
	"tenant" text NOT NULL,
	"code" text NOT NULL,
	"subdistrict_code" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "neighbourhoods_tenant_code_pk" PRIMARY KEY("tenant","code")
);
--> statement-breakpoint
CREATE TABLE "subdistricts" (
	"tenant" text NOT NULL,
	"code" text NOT NULL,
	"district_code" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "subdistricts_tenant_code_pk" PRIMARY KEY("tenant","code")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"code" text PRIMARY KEY NOT NULL,
	"name" jsonb NOT NULL,
	"bbox" jsonb NOT NULL,
	"centre" jsonb NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"emergency_numbers" jsonb NOT NULL,
	"settings" jsonb NOT NULL,
	"outline" jsonb
);
--> statement-breakpoint
CREATE TABLE "dispatches" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"ticket_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"status" text NOT NULL,
	"mode" text NOT NULL,
	"via" text NOT NULL,
	"offered_at" timestamp (3) with time zone NOT NULL,
	"offered_by" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"answered_by" jsonb,
	"decline_reason" text,
	"en_route_at" timestamp (3) with time zone,
	"on_site_at" timestamp (3) with time zone,
	"grade" text,
	"ended_at" timestamp (3) with time zone,
	"imported" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "imported_rows" (
	"tenant" text NOT NULL,
	"source" text NOT NULL,
	"row_key" text NOT NULL,
	"ticket_id" text NOT NULL,
	CONSTRAINT "imported_rows_tenant_source_row_key_pk" PRIMARY KEY("tenant","source","row_key")
);
--> statement-breakpoint
CREATE TABLE "offer_queue" (
	"ticket_id" text NOT NULL,
	"position" integer NOT NULL,
	"unit_id" text NOT NULL,
	"ttl_ms" integer NOT NULL,
	"offered_by" jsonb NOT NULL,
	"confirm_busy" boolean DEFAULT false NOT NULL,
	CONSTRAINT "offer_queue_ticket_id_position_pk" PRIMARY KEY("ticket_id","position")
);
--> statement-breakpoint
CREATE TABLE "photos" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"ticket_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"purpose" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"image" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "requesters" (
	"ticket_id" text PRIMARY KEY NOT NULL,
	"name" text,
	"phone" text,
	"token_hash" text
);
--> statement-breakpoint
CREATE TABLE "ticket_log" (
	"ticket_id" text NOT NULL,
	"n" integer NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"reason" text,
	"class" text,
	"policy_version" text NOT NULL,
	"dispatch_id" text,
	"grade" text,
	"detail" jsonb,
	CONSTRAINT "ticket_log_ticket_id_n_pk" PRIMARY KEY("ticket_id","n")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"number" integer NOT NULL,
	"status" text NOT NULL,
	"suspended_from" text,
	"class" text,
	"priority" text NOT NULL,
	"category" text NOT NULL,
	"work_field" text,
	"origin" text NOT NULL,
	"channel" text NOT NULL,
	"imported" boolean DEFAULT false NOT NULL,
	"community_id" text,
	"district_code" text,
	"subdistrict_code" text,
	"neighbourhood_code" text,
	"lng" double precision NOT NULL,
	"lat" double precision NOT NULL,
	"address" text NOT NULL,
	"description" text NOT NULL,
	"needed_skills" jsonb NOT NULL,
	"unit_id" text,
	"firm_id" text,
	"round" integer DEFAULT 1 NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"reported_by" jsonb NOT NULL,
	"placed_at" timestamp (3) with time zone,
	"placed_by" jsonb,
	"accepted_at" timestamp (3) with time zone,
	"accepted_by" jsonb,
	"rated_at" timestamp (3) with time zone,
	"rated_by" jsonb,
	"triaged_at" timestamp (3) with time zone,
	"en_route_at" timestamp (3) with time zone,
	"on_site_at" timestamp (3) with time zone,
	"arrival_grade" text,
	"plan_submitted_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"visited_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"rating" integer,
	"rating_text" text,
	"resolution" text,
	"solution_plan" jsonb,
	"reason" text,
	"merged_into" text,
	"escalated" boolean DEFAULT false NOT NULL,
	"handed_off_to" text,
	"handed_off_at" timestamp (3) with time zone,
	"policy_version" text NOT NULL,
	"arrive_due_at" timestamp (3) with time zone,
	"solve_due_at" timestamp (3) with time zone,
	"paused_at" timestamp (3) with time zone,
	"arrive_breached" boolean DEFAULT false NOT NULL,
	"solve_breached" boolean DEFAULT false NOT NULL,
	"next_timer" text,
	"next_timer_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "two_factor" ADD CONSTRAINT "two_factor_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_heads" ADD CONSTRAINT "feed_heads_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_home_community_id_communities_id_fk" FOREIGN KEY ("home_community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "communities" ADD CONSTRAINT "communities_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "communities" ADD CONSTRAINT "communities_firm_id_firms_id_fk" FOREIGN KEY ("firm_id") REFERENCES "public"."firms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "communities" ADD CONSTRAINT "communities_tenant_neighbourhood_code_neighbourhoods_tenant_code_fk" FOREIGN KEY ("tenant","neighbourhood_code") REFERENCES "public"."neighbourhoods"("tenant","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "districts" ADD CONSTRAINT "districts_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "firms" ADD CONSTRAINT "firms_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "neighbourhoods" ADD CONSTRAINT "neighbourhoods_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "neighbourhoods" ADD CONSTRAINT "neighbourhoods_tenant_subdistrict_code_subdistricts_tenant_code_fk" FOREIGN KEY ("tenant","subdistrict_code") REFERENCES "public"."subdistricts"("tenant","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subdistricts" ADD CONSTRAINT "subdistricts_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subdistricts" ADD CONSTRAINT "subdistricts_tenant_district_code_districts_tenant_code_fk" FOREIGN KEY ("tenant","district_code") REFERENCES "public"."districts"("tenant","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispatches" ADD CONSTRAINT "dispatches_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispatches" ADD CONSTRAINT "dispatches_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "photos" ADD CONSTRAINT "photos_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "requesters" ADD CONSTRAINT "requesters_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_log" ADD CONSTRAINT "ticket_log_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_tenant_tenants_code_fk" FOREIGN KEY ("tenant") REFERENCES "public"."tenants"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_community_id_communities_id_fk" FOREIGN KEY ("community_id") REFERENCES "public"."communities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_user" ON "account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "apikey_config" ON "apikey" USING btree ("config_id");--> statement-breakpoint
CREATE INDEX "apikey_reference" ON "apikey" USING btree ("reference_id");--> statement-breakpoint
CREATE INDEX "apikey_key" ON "apikey" USING btree ("key");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "two_factor_secret" ON "two_factor" USING btree ("secret");--> statement-breakpoint
CREATE INDEX "two_factor_user" ON "two_factor" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "verification" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "alarms_open" ON "alarms" USING btree ("tenant","acknowledged_at");--> statement-breakpoint
CREATE INDEX "commands_at" ON "commands" USING btree ("at");--> statement-breakpoint
CREATE INDEX "consents_unit" ON "consents" USING btree ("unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "devices_secret" ON "devices" USING btree ("secret_hash");--> statement-breakpoint
CREATE INDEX "devices_unit" ON "devices" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "trail_readings_unit" ON "trail_readings" USING btree ("unit_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "units_index" ON "units" USING btree ("tenant","index");--> statement-breakpoint
CREATE UNIQUE INDEX "units_callsign" ON "units" USING btree ("tenant","callsign");--> statement-breakpoint
CREATE INDEX "grants_user" ON "grants" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "grants_tenant" ON "grants" USING btree ("tenant");--> statement-breakpoint
CREATE UNIQUE INDEX "communities_slug" ON "communities" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "communities_subdistrict" ON "communities" USING btree ("tenant","subdistrict_code");--> statement-breakpoint
CREATE UNIQUE INDEX "dispatches_one_winner" ON "dispatches" USING btree ("ticket_id") WHERE status in ('accepted', 'en_route', 'on_site');--> statement-breakpoint
CREATE UNIQUE INDEX "dispatches_one_standing_offer" ON "dispatches" USING btree ("ticket_id","unit_id") WHERE status = 'offered';--> statement-breakpoint
CREATE INDEX "dispatches_due" ON "dispatches" USING btree ("expires_at") WHERE status = 'offered';--> statement-breakpoint
CREATE INDEX "dispatches_ticket" ON "dispatches" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "dispatches_unit" ON "dispatches" USING btree ("unit_id","status");--> statement-breakpoint
CREATE INDEX "photos_ticket" ON "photos" USING btree ("ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "requesters_token" ON "requesters" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("tenant","number");--> statement-breakpoint
CREATE INDEX "tickets_live" ON "tickets" USING btree ("tenant","status");--> statement-breakpoint
CREATE INDEX "tickets_due" ON "tickets" USING btree ("next_timer_at") WHERE next_timer_at is not null;--> statement-breakpoint
CREATE INDEX "tickets_community" ON "tickets" USING btree ("community_id","reported_at");