import type { Tx } from '#db/connect.ts'
import type { EngagementAlarm } from '#domain/alarm.ts'
import type { Engagement } from '#domain/engagement.ts'
import { type EngagementLogKind, SILENCES } from '#domain/engagement-states.ts'
import type { FeedKind } from '#domain/feed.ts'
import type { Proof } from '#domain/proof.ts'
import type { Selection } from '#domain/selection.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { saveEngagement, saveSelection } from './engagement-queries.ts'
import {
  type Act,
  appendLog,
  audienceAt,
  type Pending,
  type Place,
  pending,
  raiseAlarms,
  settleAlarms,
} from './record.ts'

const ENGAGEMENT_TOLD: Record<EngagementLogKind, FeedKind> = {
  propose: 'engagement:proposed',
  offer: 'engagement:offered',
  accept: 'engagement:accepted',
  decline: 'engagement:declined',
  expire: 'engagement:expired',
  contract: 'engagement:contracted',
  publicise: 'engagement:publicised',
  activate: 'engagement:activated',
  nearEnd: 'engagement:expiring',
  handOver: 'engagement:handingOver',
  takeOver: 'engagement:ended',
  abandon: 'engagement:ended',
  terminate: 'engagement:ended',
  withdraw: 'engagement:withdrawn',
  mark: 'engagement:stepped',
  prove: 'engagement:proved',
  warn: 'engagement:warned',
}

export interface EngagementChange {
  /** As the verb leaves it. */
  engagement: Engagement
  kind: EngagementLogKind
  reason?: string | null
  detail?: Record<string, unknown>
  proofs?: Proof[]
  rings?: EngagementAlarm | null
  /** The engine came to it after its moment. */
  late?: boolean
}

/** EM1: row, log and alarms of an engagement; answers what is still to be told. */
export async function keepEngagement(tx: Tx, change: EngagementChange, act: Act): Promise<Pending> {
  const { engagement, kind, reason = null, detail = {}, proofs, rings = null, late = false } = change
  await saveEngagement(tx, engagement)
  const logged = { ...detail, status: engagement.status, ...(late && { late }) }
  await appendLog(tx, { subject: 'engagement', subjectId: engagement.id, kind, reason, detail: logged }, act)
  const silenced = SILENCES[kind] ?? []
  const quiet = silenced.length > 0 ? await settleAlarms(tx, (alarm) => silenced.includes(alarm), engagement, act) : []
  const rung = rings === null ? [] : await ring(tx, rings, engagement, act, late)
  const state = { engagements: [engagement], ...(proofs && { proofs }) }
  const audience = audienceAt(engagement, engagement.firmId)
  const told = { tenant: act.tenant, kind: ENGAGEMENT_TOLD[kind], at: act.now, actor: act.actor, audience, state }
  return pending({ events: [told, ...quiet, ...rung] })
}

/** EG6: one open alarm of a kind a community: the newer one takes the place of the older. */
export async function ring(tx: Tx, kind: EngagementAlarm, place: Place, act: Act, late = false): Promise<NewEvent[]> {
  const older = await settleAlarms(tx, (open) => open === kind, place, act)
  return [...older, ...(await raiseAlarms(tx, [kind], place, act, late))]
}

export type SelectionLogKind = keyof typeof SELECTION_TOLD

const SELECTION_TOLD = {
  open: 'selection:opened',
  freeze: 'selection:frozen',
  commit: 'selection:valueGiven',
  reveal: 'selection:valueGiven',
  source: 'selection:valueGiven',
  /** A deadline of a draw went by. */
  pass: 'selection:frozen',
  draw: 'selection:drawn',
  decide: 'selection:decided',
  passOver: 'selection:decided',
  exhaust: 'selection:decided',
  cancel: 'selection:cancelled',
} as const satisfies Record<string, FeedKind>

export interface SelectionChange {
  selection: Selection
  kind: SelectionLogKind
  reason?: string | null
  detail?: Record<string, unknown>
  rings?: EngagementAlarm | null
  silences?: readonly EngagementAlarm[]
  late?: boolean
}

/** EM1: row, log and alarms of a choosing; answers what is still to be told. */
export async function keepSelection(tx: Tx, change: SelectionChange, act: Act): Promise<Pending> {
  const { selection, kind, reason = null, detail = {}, rings = null, silences = [], late = false } = change
  await saveSelection(tx, selection)
  const logged = { ...detail, status: selection.status, ...(late && { late }) }
  await appendLog(tx, { subject: 'selection', subjectId: selection.id, kind, reason, detail: logged }, act)
  const quiet = silences.length > 0 ? await settleAlarms(tx, (alarm) => silences.includes(alarm), selection, act) : []
  const rung = rings === null ? [] : await ring(tx, rings, selection, act, late)
  const audience = audienceAt(selection)
  const state = { selections: [selection] }
  const told = { tenant: act.tenant, kind: SELECTION_TOLD[kind], at: act.now, actor: act.actor, audience, state }
  return pending({ events: [told, ...quiet, ...rung] })
}
