import { m } from '#console/lib/paraglide/messages.js'
import type { Role } from '#domain/access.ts'
import type { AlarmKind } from '#domain/alarm.ts'
import type { DeclineReason, DispatchStatus, OfferMode } from '#domain/dispatch.ts'
import type { Named } from '#domain/places.ts'
import type {
  Category,
  Channel,
  EvidenceGrade,
  LogKind,
  Origin,
  Priority,
  TicketClass,
  TicketStatus,
  WorkField,
} from '#domain/ticket.ts'
import type { DutyState, Skill, TravelMode, UnitKind } from '#domain/units.ts'
import { locale } from './locale.svelte.ts'

/** The domain's words in the language of the page. A word without a text does not compile. */
export const words = {
  status: (word: TicketStatus) => m[`status_${word}`](),
  class: (word: TicketClass | null) => m[`class_${word ?? 'none'}`](),
  /** 普通 · 30 分钟: the class with its promise. */
  classPromise: (word: TicketClass | null) => m[`classPromise_${word ?? 'none'}`](),
  priority: (word: Priority) => m[`priority_${word}`](),
  category: (word: Category) => m[`category_${word}`](),
  channel: (word: Channel) => m[`channel_${word}`](),
  workField: (word: WorkField) => m[`workField_${word}`](),
  origin: (word: Origin) => m[`origin_${word}`](),
  grade: (word: EvidenceGrade) => m[`grade_${word}`](),
  skill: (word: Skill) => m[`skill_${word}`](),
  unitKind: (word: UnitKind) => m[`unitKind_${word}`](),
  duty: (word: DutyState) => m[`duty_${word}`](),
  mode: (word: TravelMode) => m[`mode_${word}`](),
  dispatch: (word: DispatchStatus) => m[`dispatch_${word}`](),
  offerMode: (word: OfferMode) => m[`offerMode_${word}`](),
  decline: (word: DeclineReason) => m[`decline_${word}`](),
  alarm: (word: AlarmKind) => m[`alarm_${word}`](),
  role: (word: Role) => m[`role_${word}`](),
  log: (word: LogKind) => m[`log_${word}`](),
}

export const named = (name: Named): string => (locale.current === 'en' ? name.en : name.zh)
