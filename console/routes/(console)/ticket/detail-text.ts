import { feed } from '#console/lib/feed/feed.svelte.ts'
import { fullMoment, span } from '#console/lib/format.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { words } from '#console/lib/words.ts'
import type { StepMoment } from '#domain/late-tap.ts'
import { CATEGORIES, type Category, type LogEntry, PRIORITIES, type Priority } from '#domain/ticket.ts'

type Detail = NonNullable<LogEntry['detail']>

const isCategory = (value: unknown): value is Category => (CATEGORIES as readonly unknown[]).includes(value)
const isPriority = (value: unknown): value is Priority => (PRIORITIES as readonly unknown[]).includes(value)
const isWord = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** What a log row says besides its kind: only the parts a person reads. */
export function detailText({ detail }: LogEntry, timeZone: string): string {
  if (!detail) return ''
  return PARTS.map((part) => part(detail, timeZone))
    .filter((text) => text !== '')
    .join(' · ')
}

const PARTS: readonly ((detail: Detail, timeZone: string) => string)[] = [
  ({ unitId }) => (isWord(unitId) ? (feed.units.get(unitId)?.callsign ?? '') : ''),
  ({ category }) => (isCategory(category) ? words.category(category) : ''),
  ({ priority }) => (isPriority(priority) ? words.priority(priority) : ''),
  ({ to }) => (isWord(to) ? m.desk_detailTo({ to }) : ''),
  ({ byMs }) => (typeof byMs === 'number' ? m.desk_detailBy({ span: span(byMs) }) : ''),
  ({ text }) => (isWord(text) ? text : ''),
  ({ note }) => (isWord(note) ? note : ''),
  ({ rating }) => (typeof rating === 'number' ? m.desk_detailRating({ n: rating }) : ''),
  ({ solved }) => (typeof solved === 'boolean' ? (solved ? m.desk_detailSolved() : m.desk_detailUnsolved()) : ''),
  ({ owner }) => (isWord(owner) ? owner : ''),
  ({ steps }) => (isWord(steps) ? steps : ''),
  ({ dueAt }, timeZone) => (typeof dueAt === 'number' ? m.desk_dueAt({ time: fullMoment(dueAt, timeZone) }) : ''),
  ({ tap }, timeZone) => tapText(tap, timeZone),
  ({ late }) => (late === true ? m.desk_late() : ''),
]

/** A step told late: when it was tapped by the phone's word, when it came, and why its word was not taken. */
function tapText(tap: unknown, timeZone: string): string {
  if (!isTap(tap)) return ''
  const [taken, told] = [fullMoment(tap.takenAt, timeZone), fullMoment(tap.deliveredAt, timeZone)]
  const text = m.desk_tapped({ taken, told })
  return tap.doubt === null ? text : `${text} ${m[`desk_tapDoubt_${tap.doubt}`]()}`
}

const isTap = (tap: unknown): tap is NonNullable<StepMoment['tap']> =>
  typeof tap === 'object' && tap !== null && 'takenAt' in tap && 'deliveredAt' in tap && 'doubt' in tap
