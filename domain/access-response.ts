/** The part of the permission table (domain/access.ts) that is about how soon somebody comes: times, cover, studies. */

export const RESPONSE_ACTIONS = [
  'response.read',
  'response.drill',
  'response.verify',
  'cover.read',
  'study.read',
  'study.make',
] as const
type ResponseAction = (typeof RESPONSE_ACTIONS)[number]

type Row = Partial<Record<ResponseAction, 'tenant'>>

/** Response times and the tickets behind them. */
const TIMES: Row = { 'response.read': 'tenant', 'response.drill': 'tenant' }

/** Who is covered now: told to those who may see every unit on the map anyway. */
const COVER: Row = { 'cover.read': 'tenant' }

/** Where to station people and what would have been: reckoned for whoever plans the city's service. */
const STUDIES: Row = { 'study.read': 'tenant', 'study.make': 'tenant' }

export const RESPONSE = { TIMES, COVER, STUDIES }
