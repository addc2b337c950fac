/**
 * What becomes of a community whose property service fails (DOMAIN §1 物业应急保障制度):
 *
 *   managed ⇄ at_risk → unmanaged ⇄ selecting → emergency → handing_over → managed | self_managed
 *                           ↑___________________________|___________|   (abandoned once more)
 */
export const COMMUNITY_STATUSES = [
  'managed',
  'at_risk',
  'unmanaged',
  'selecting',
  'emergency',
  'handing_over',
  'self_managed',
] as const
export type CommunityStatus = (typeof COMMUNITY_STATUSES)[number]

export const COMMUNITY_EVENTS = [
  /** Dates or an officer say that the firm may leave. */
  'warn',
  /** The danger is over: a renewal, a notice withdrawn. */
  'calm',
  /** An officer declares that nobody serves the community (失管). */
  'declare',
  /** Candidates for an emergency provider are being chosen from. */
  'select',
  /** The choosing ended without a provider. */
  'unselect',
  /** The emergency provider has taken over. */
  'cover',
  /** Its term ends and the next firm, or the owners, take over. */
  'handOver',
  /** A firm hired by the owners has taken over. */
  'hire',
  /** The owners look after it themselves. */
  'selfManage',
  /** The emergency provider has left before anybody took over. */
  'abandon',
] as const
export type CommunityEvent = (typeof COMMUNITY_EVENTS)[number]

type Row = Record<CommunityEvent, CommunityStatus | null>

const REFUSED: Row = {
  warn: null,
  calm: null,
  declare: null,
  select: null,
  unselect: null,
  cover: null,
  handOver: null,
  hire: null,
  selfManage: null,
  abandon: null,
}

/** EC1: every status × event; null = refused. Total: a missing cell does not compile. */
export const NEXT_COMMUNITY: Readonly<Record<CommunityStatus, Readonly<Row>>> = {
  // A firm may be gone overnight (突发失管): what was managed this morning can be declared unmanaged without having been at risk.
  managed: { ...REFUSED, warn: 'at_risk', declare: 'unmanaged', hire: 'managed', selfManage: 'self_managed' },
  at_risk: { ...REFUSED, calm: 'managed', declare: 'unmanaged', hire: 'managed', selfManage: 'self_managed' },
  unmanaged: { ...REFUSED, select: 'selecting', hire: 'managed', selfManage: 'self_managed' },
  selecting: { ...REFUSED, unselect: 'unmanaged', cover: 'emergency', hire: 'managed', selfManage: 'self_managed' },
  // A successor may be sought, and take over, while the provider still serves: the community stays covered.
  emergency: {
    ...REFUSED,
    select: 'emergency',
    unselect: 'emergency',
    cover: 'emergency',
    handOver: 'handing_over',
    abandon: 'unmanaged',
  },
  handing_over: {
    ...REFUSED,
    select: 'handing_over',
    unselect: 'handing_over',
    cover: 'emergency',
    hire: 'managed',
    selfManage: 'self_managed',
    abandon: 'unmanaged',
  },
  self_managed: { ...REFUSED, declare: 'unmanaged', hire: 'managed' },
}

/** Statuses that a control room must see: somebody has something to do about the community. */
export const TROUBLED: readonly CommunityStatus[] = ['at_risk', 'unmanaged', 'selecting', 'emergency', 'handing_over']

/** Statuses in which nobody serves the community: its clock of uncovered days runs. */
export const UNCOVERED: readonly CommunityStatus[] = ['unmanaged', 'selecting']
