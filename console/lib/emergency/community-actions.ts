import { m } from '#console/lib/paraglide/messages.js'
import { type CommunityCase, NOTICE_KINDS } from '#domain/community.ts'
import { type CommunityEvent, NEXT_COMMUNITY } from '#domain/community-status.ts'
import type { Instant } from '#domain/instant.ts'
import { SERVICE_TIERS } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import type { BodyOf } from '#wire/route.ts'
import {
  calmCommunity,
  type communityFacts,
  declareAtRisk,
  declareUnmanaged,
  ownersDecided,
  recordContract,
  recordNotice,
  refuseCollected,
  settleCommunity,
} from '#wire/routes/communities.ts'
import { type AskAction, type AskField, reasonField } from './ask-fields.ts'
import { emergencyWords } from './words.ts'

type May = (event: CommunityEvent) => boolean
type FirmOptions = { value: string; label: string }[]

/** Those that the community's status allows, the next step first. */
export function communityActions(each: CommunityCase, firms: readonly Firm[], now: Instant): AskAction[] {
  const may: May = (event) => NEXT_COMMUNITY[each.status][event] !== null
  const firmOptions = firms.map(({ id, name }) => ({ value: id, label: name }))
  return [
    ...declarations(each, may, now),
    contractAction(firmOptions),
    noticeAction(now),
    {
      name: 'ownersDecided',
      label: m.community_ownersDecided(),
      needs: 'community.keep',
      route: ownersDecided,
      fields: [{ name: 'at', label: m.emergency_moment(), kind: 'moment', value: now }],
    },
    ...(may('hire') || may('selfManage') ? [settleAction(firmOptions)] : []),
  ]
}

function declarations(each: CommunityCase, may: May, now: Instant): AskAction[] {
  const actions: (AskAction | false)[] = [
    each.unmanagedAt !== null &&
      each.firstRefuseAt === null && {
        name: 'refuse',
        label: m.community_refuseCollected(),
        lead: m.community_refuseLead(),
        needs: 'community.keep',
        route: refuseCollected,
        fields: [{ name: 'at', label: m.emergency_moment(), kind: 'moment', value: now }],
        isMain: true,
      },
    may('declare') && {
      name: 'declare',
      label: m.community_declareUnmanaged(),
      lead: m.community_declareLead(),
      needs: 'community.declare',
      route: declareUnmanaged,
      fields: [reasonField(), { name: 'since', label: m.community_since(), kind: 'moment', value: now }],
      isDanger: true,
    },
    may('warn') && {
      name: 'warn',
      label: m.community_declareAtRisk(),
      needs: 'community.declare',
      route: declareAtRisk,
      fields: [reasonField()],
    },
    may('calm') &&
      each.riskReasons.includes('declared') && {
        name: 'calm',
        label: m.community_calm(),
        needs: 'community.declare',
        route: calmCommunity,
        fields: [reasonField()],
      },
  ]
  return actions.filter((action) => action !== false)
}

const contractAction = (options: FirmOptions): AskAction => ({
  name: 'contract',
  label: m.community_contract(),
  needs: 'community.keep',
  route: recordContract,
  fields: [
    { name: 'firmId', label: m.emergency_firm(), kind: 'pick', options },
    { name: 'startsAt', label: m.emergency_startsAt(), kind: 'moment' },
    { name: 'endsAt', label: m.emergency_endsAt(), kind: 'moment', isOptional: true, hint: m.community_openEnded() },
  ],
  bodyOf: (typed) => ({ endsAt: null, ...typed }),
})

const noticeAction = (now: Instant): AskAction => ({
  name: 'notice',
  label: m.community_notice(),
  needs: 'community.keep',
  route: recordNotice,
  fields: [
    {
      name: 'kind',
      label: m.community_noticeKind(),
      kind: 'choice',
      options: NOTICE_KINDS.map((value) => ({ value, label: emergencyWords.risk(value) })),
    },
    { name: 'givenAt', label: m.community_givenAt(), kind: 'moment', value: now },
    { name: 'effectiveAt', label: m.community_effectiveAt(), kind: 'moment', isOptional: true },
    { name: 'note', label: m.emergency_note(), kind: 'long', isOptional: true },
  ],
})

const settleAction = (options: FirmOptions): AskAction => ({
  name: 'settle',
  label: m.community_settle(),
  lead: m.community_settleLead(),
  needs: 'community.declare',
  route: settleCommunity,
  fields: [
    {
      name: 'outcome',
      label: m.community_outcome(),
      kind: 'choice',
      options: (['managed', 'self_managed'] as const).map((value) => ({
        value,
        label: emergencyWords.community(value),
      })),
    },
    { name: 'firmId', label: m.emergency_firm(), kind: 'pick', options, isOptional: true },
    reasonField(),
  ],
})

/** What is known of the community itself; `needs` travels as one object. */
export function factFields(each: CommunityCase): AskField[] {
  const { needs } = each
  return [
    { name: 'households', label: m.admin_households(), kind: 'whole', value: each.households },
    { name: 'areaM2', label: m.community_area(), kind: 'whole', value: each.areaM2, isOptional: true },
    { name: 'feeRate', label: m.community_feeRate(), kind: 'number', value: each.feeRate, isOptional: true },
    {
      name: 'collectionPercent',
      label: m.community_collectionRate(),
      kind: 'number',
      value: each.collectionRate === null ? null : Math.round(each.collectionRate * 1_000) / 10,
      isOptional: true,
    },
    {
      name: 'tier',
      label: m.community_tier(),
      kind: 'choice',
      value: each.tier,
      options: SERVICE_TIERS.map((value) => ({ value, label: emergencyWords.tier(value) })),
    },
    { name: 'cleaners', label: m.community_needsCleaners(), kind: 'whole', value: needs.cleaners },
    { name: 'guards', label: m.community_needsGuards(), kind: 'whole', value: needs.guards },
    { name: 'liftOperators', label: m.community_needsLiftOperators(), kind: 'whole', value: needs.liftOperators },
    { name: 'lifts', label: m.community_lifts(), kind: 'whole', value: needs.lifts },
    {
      name: 'liftMaintenanceUntil',
      label: m.community_liftMaintenance(),
      kind: 'moment',
      value: needs.liftMaintenanceUntil,
      isOptional: true,
    },
  ]
}

/** The body of `communityFacts` from what was typed; what was left empty is not known. */
export function factsBody(typed: Record<string, string | number>): BodyOf<typeof communityFacts> {
  const number = (name: string) => Number(typed[name] ?? 0)
  const known = (name: string) => (typed[name] === undefined ? null : Number(typed[name]))
  const percent = known('collectionPercent')
  return {
    households: number('households'),
    areaM2: known('areaM2'),
    feeRate: known('feeRate'),
    collectionRate: percent === null ? null : percent / 100,
    tier: typed.tier as CommunityCase['tier'],
    needs: {
      cleaners: number('cleaners'),
      guards: number('guards'),
      liftOperators: number('liftOperators'),
      lifts: number('lifts'),
      liftMaintenanceUntil: known('liftMaintenanceUntil'),
    },
  }
}
