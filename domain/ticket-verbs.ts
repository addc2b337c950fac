import { CATEGORY_DEFAULTS } from './categories.ts'
import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor, Category, Priority, Ticket, TicketClass, WorkField } from './ticket.ts'
import type { TicketRefusal } from './ticket-refusals.ts'
import { ENDED } from './ticket-states.ts'
import { type Decided, isBlank, logEntry, type NewLogEntry, step } from './ticket-step.ts'

/** The control room's verbs before and beside the dispatch. Clock verbs: ticket-pauses.ts; the end: ticket-closing.ts; the dispatch: ticket-dispatch.ts. */
export interface Triage {
  class: TicketClass
  priority?: Priority | undefined
  category?: Category | undefined
  workField?: WorkField | undefined
}

/** TK10: the first triage is logged as one, every later one as a reclassification; another category brings its own priority and skills unless told otherwise. */
export function triage(
  ticket: Ticket,
  input: Triage,
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'triage'>> {
  const stepped = step(ticket, 'triage', now)
  if (!stepped.ok) return stepped
  const category = input.category ?? ticket.category
  const moved = category !== ticket.category
  const defaults = CATEGORY_DEFAULTS[category]
  const priority = input.priority ?? (moved ? defaults.priority : ticket.priority)
  const { priority: priorityBefore, category: categoryBefore, class: classBefore } = ticket
  const kind = ticket.triagedAt === null ? 'triage' : 'reclassify'
  const promised = defaults.promised && !ticket.imported
  const detail = { classBefore, priority, priorityBefore, category, categoryBefore, ...(moved ? { promised } : {}) }
  return {
    ok: true,
    ticket: {
      ...stepped.ticket,
      class: input.class,
      priority,
      category,
      workField: input.workField ?? (moved ? defaults.workField : ticket.workField),
      neededSkills: moved ? [...defaults.skills] : ticket.neededSkills,
      triagedAt: ticket.triagedAt ?? now,
    },
    entry: logEntry(ticket, kind, actor, now, { class: input.class, detail }),
  }
}

/** 下单. */
export function place(ticket: Ticket, actor: Actor, now: Instant): Decided | Refused<TicketRefusal<'place'>> {
  const stepped = step(ticket, 'place', now)
  if (!stepped.ok) return stepped
  return {
    ok: true,
    ticket: { ...stepped.ticket, placedAt: now, placedBy: actor },
    entry: logEntry(ticket, 'place', actor, now),
  }
}

/** Out of scope, with the legal reason: an outcome that hurts nobody's figures. */
export function notAdmit(
  ticket: Ticket,
  input: { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'notAdmit'>> {
  const stepped = step(ticket, 'notAdmit', now)
  if (!stepped.ok) return stepped
  const { reason } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, reason },
    entry: logEntry(ticket, 'notAdmit', actor, now, { reason }),
  }
}

export interface Jurisdiction {
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
}

/** TK11: to another jurisdiction, which places the order itself; the site and the clocks stay what they were. */
export function transfer(
  ticket: Ticket,
  input: { reason: string; to: Jurisdiction },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'transfer'>> {
  const stepped = step(ticket, 'transfer', now)
  if (!stepped.ok) return stepped
  const { reason, to } = input
  if (isBlank(reason)) return refused('missingReason')
  const detail = { from: ticket.neighbourhoodCode, to: to.neighbourhoodCode }
  return {
    ok: true,
    ticket: { ...stepped.ticket, ...to, placedAt: null, placedBy: null, reason },
    entry: logEntry(ticket, 'transfer', actor, now, { reason, detail }),
  }
}

export function escalate(
  ticket: Ticket,
  input: { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'escalate'>> {
  const stepped = step(ticket, 'escalate', now)
  if (!stepped.ok) return stepped
  const { reason } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, escalated: true, reason },
    entry: logEntry(ticket, 'escalate', actor, now, { reason }),
  }
}

/** 并单: the child is closed into a living parent, which notes whom it now answers for; each caller still rates. */
export function merge(
  ticket: Ticket,
  input: { into: Ticket; reason: string },
  actor: Actor,
  now: Instant,
): (Decided & { parent: Ticket; parentEntry: NewLogEntry }) | Refused<TicketRefusal<'merge'>> {
  const { into, reason } = input
  if (into.id === ticket.id) return refused('mergeIntoItself')
  if (ENDED.includes(into.status)) return refused('mergeIntoEnded')
  const stepped = step(ticket, 'merge', now)
  if (!stepped.ok) return stepped
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, mergedInto: into.id, closedAt: now, reason },
    entry: logEntry(ticket, 'merge', actor, now, { reason, detail: { into: into.id, number: into.number } }),
    parent: { ...into, updatedAt: now },
    parentEntry: logEntry(into, 'note', actor, now, {
      reason,
      detail: { mergedFrom: ticket.id, number: ticket.number },
    }),
  }
}

/** The caller was handed to 119, 110, 120 or the gas company; the ticket goes on for our own people. */
export function handOff(
  ticket: Ticket,
  input: { to: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'handOff'>> {
  if (ENDED.includes(ticket.status)) return refused('notInThisState')
  return {
    ok: true,
    ticket: { ...ticket, handedOffTo: input.to, handedOffAt: now, updatedAt: now },
    entry: logEntry(ticket, 'handOff', actor, now, { detail: { to: input.to } }),
  }
}

/** Facts that change no status and are refused in none. */
export const note = (ticket: Ticket, input: { text: string }, actor: Actor, now: Instant): Decided => ({
  ok: true,
  ticket: { ...ticket, updatedAt: now },
  entry: logEntry(ticket, 'note', actor, now, { detail: { text: input.text } }),
})

export const photoAdded = (
  ticket: Ticket,
  input: { photoId: string; purpose: 'report' | 'before' | 'after' },
  actor: Actor,
  now: Instant,
): Decided => ({
  ok: true,
  ticket: { ...ticket, updatedAt: now },
  entry: logEntry(ticket, 'photo', actor, now, { detail: { ...input } }),
})
