import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOMENTS } from '#domain/import-map.ts'
import type { Moments, ReadRow } from '#domain/import-row.ts'
import { joinRows, outOfOrder, type Placing, ticketOfRows } from '#domain/import-ticket.ts'
import type { Actor } from '#domain/ticket.ts'
import { aReadRow } from '#tests/support/import-rows.ts'

const NOW = 10_000
const SOURCE: Actor = { kind: 'import', id: 'source' }

function placing(changes: Partial<Placing> = {}): Placing {
  let made = 0
  const unitIds = new Map(['E1', 'E2', 'E3'].map((name) => [name, `unit-${name}`]))
  return {
    tenant: 'city',
    site: null,
    unitIds,
    newId: () => `dispatch-${++made}`,
    allOver: false,
    tellsArrival: true,
    ...changes,
  }
}

type Rows = [ReadRow, ...ReadRow[]]
const made = { id: 'ticket-1', number: 7 }
const ticketOf = (rows: Rows, changes: Partial<Placing> = {}) => ticketOfRows(rows, made, placing(changes), SOURCE, NOW)
const row = (unit: string | null, moments: Moments, changes: Partial<ReadRow> = {}) =>
  aReadRow({ unit, rowKey: `r-${unit}`, moments: { reported: 100, ...moments }, ...changes })

describe('rows of one call', () => {
  test('[IM3] are one ticket with the first of each beginning, the last of each end, and a dispatch for each unit', () => {
    const { ticket, dispatches } = ticketOf([
      row('E1', { triaged: 110, offered: 120, enRoute: 135, onSite: 160, ended: 300, closed: 300 }),
      row('E2', { triaged: 110, offered: 121, enRoute: 130, onSite: 150, ended: 280, closed: 280 }),
      row('E3', { triaged: 110, offered: 140, enRoute: 150, ended: 170, closed: 170 }),
    ])
    expect(ticket).toMatchObject({
      id: 'ticket-1',
      number: 7,
      imported: true,
      channel: 'import',
      status: 'closed',
      reportedAt: 100,
      triagedAt: 110,
      enRouteAt: 130,
      onSiteAt: 150,
      closedAt: 300,
      arrivalGrade: 'imported',
      unitId: 'unit-E2',
      reportedBy: SOURCE,
      createdAt: NOW,
    })
    expect(
      dispatches.map(({ unitId, status, offeredAt, enRouteAt, onSiteAt, endedAt }) => ({
        unitId,
        status,
        offeredAt,
        enRouteAt,
        onSiteAt,
        endedAt,
      })),
    ).toEqual([
      { unitId: 'unit-E1', status: 'done', offeredAt: 120, enRouteAt: 135, onSiteAt: 160, endedAt: 300 },
      { unitId: 'unit-E2', status: 'done', offeredAt: 121, enRouteAt: 130, onSiteAt: 150, endedAt: 280 },
      { unitId: 'unit-E3', status: 'withdrawn', offeredAt: 140, enRouteAt: 150, onSiteAt: null, endedAt: 170 },
    ])
    expect(new Set(dispatches.map(({ imported, grade }) => `${imported} ${grade}`))).toEqual(
      new Set(['true imported', 'true null']),
    )
  })

  test('[IM3] leave stages that no row names empty, in the ticket and in its log', () => {
    const { ticket, entries } = ticketOf([row('E1', { onSite: 150 })])
    expect(ticket).toMatchObject({
      status: 'on_site',
      triagedAt: null,
      placedAt: null,
      acceptedAt: null,
      acceptedBy: null,
      enRouteAt: null,
      resolvedAt: null,
      closedAt: null,
    })
    expect(entries.map(({ kind, at }) => [kind, at])).toEqual([
      ['report', 100],
      ['arrive', 150],
    ])
  })

  test('[IM3] are never timed, warned of or offered', () => {
    const { ticket, dispatches } = ticketOf([row('E1', { enRoute: 130 })])
    expect(ticket).toMatchObject({ arriveDueAt: null, solveDueAt: null, nextTimer: null, nextTimerAt: null })
    expect(dispatches.map(({ status, expiresAt }) => [status, expiresAt])).toEqual([['withdrawn', null]])
  })

  test('[IM3] of a file that is all over are closed without a moment being made up', () => {
    const { ticket, entries } = ticketOf([row(null, {})], { allOver: true })
    expect(ticket).toMatchObject({ status: 'closed', closedAt: null })
    expect(entries.map(({ kind }) => kind)).toEqual(['report'])
    expect(ticketOf([row(null, {})]).ticket.status).toBe('reported')
  })

  test('[IM3] that were called off are cancelled, at the moment of the end', () => {
    const rows: Rows = [row('E1', { ended: 190, closed: 190 }, { isCancelled: true }), row('E2', { ended: 180 })]
    const { ticket, entries } = ticketOf(rows, { allOver: true })
    expect(ticket).toMatchObject({ status: 'cancelled', closedAt: null })
    expect(entries.at(-1)).toMatchObject({ kind: 'cancel', at: 190 })
    expect(ticketOf([row(null, {}, { isCancelled: true })]).ticket.status).toBe('cancelled')
  })

  test('[IM3] whose source tells no arrivals count a unit that was sent as having come', () => {
    expect(ticketOf([row('E1', { offered: 120 })], { tellsArrival: false }).dispatches[0]).toMatchObject({
      status: 'done',
      onSiteAt: null,
      grade: null,
    })
  })

  test('[IM3] that do not say when a unit was asked date it by its first sign of work', () => {
    expect(ticketOf([row('E1', { enRoute: 130, onSite: 125 })]).dispatches[0]?.offeredAt).toBe(125)
    expect(ticketOf([row('E1', {})]).dispatches[0]?.offeredAt).toBe(100)
  })

  test('[IM3] have no winner when nobody set out, the first that left when nobody came', () => {
    expect(ticketOf([row('E1', { offered: 1 })]).ticket.unitId).toBeNull()
    expect(ticketOf([row('E1', { enRoute: 140 }), row('E2', { enRoute: 130 })]).ticket.unitId).toBe('unit-E2')
  })

  test('[IM3] belong where the community lies', () => {
    const site = { communityId: 'c', districtCode: 'd', subdistrictCode: 's', neighbourhoodCode: 'n', firmId: null }
    expect(ticketOf([row('E1', {})], { site }).ticket).toMatchObject(site)
  })
})

describe('rows that come later', () => {
  const apart = (first: Rows, later: Rows, changes: Partial<Placing> = {}) => {
    const before = ticketOf(first, changes)
    return { before, after: joinRows(before, later, placing(changes), SOURCE, NOW + 1) }
  }

  test('[IM4] make of the ticket what they would have made together, whatever they tell', () => {
    const moments = fc.record(
      Object.fromEntries(
        MOMENTS.filter((moment) => moment !== 'reported').map((moment) => [
          moment,
          fc.option(fc.integer({ min: 100, max: 120 }), { nil: undefined }),
        ]),
      ),
    )
    const known = (told: object) =>
      Object.fromEntries(Object.entries(told).filter(([, at]) => at !== undefined)) as Moments
    fc.assert(
      fc.property(moments, moments, fc.boolean(), fc.integer({ min: 90, max: 110 }), (a, b, allOver, reported) => {
        const rows: [Rows, Rows] = [[row('E1', known(a))], [row('E2', { ...known(b), reported })]]
        const together = ticketOf([...rows[0], ...rows[1]], { allOver }).ticket
        const { after } = apart(...rows, { allOver })
        expect({ ...after.ticket, updatedAt: 0 }).toEqual({ ...together, updatedAt: 0 })
      }),
      { seed: 5341, numRuns: 300 },
    )
  })

  test('[IM4] add to the log only what moved', () => {
    const { after } = apart(
      [row('E1', { triaged: 110, onSite: 150, closed: 200 })],
      [row('E2', { triaged: 110, onSite: 140, closed: 190 })],
    )
    expect(after.entries.map(({ kind, at }) => [kind, at])).toEqual([['arrive', 140]])
    expect(after.dispatches).toHaveLength(1)
    expect(after.ticket).toMatchObject({ onSiteAt: 140, closedAt: 200, unitId: 'unit-E2' })
  })

  test('[IM4] leave a ticket that people have opened again as people made it', () => {
    const before = ticketOf([row('E1', { closed: 200 })])
    const reopened = { ...before, ticket: { ...before.ticket, round: 2, status: 'placed' as const, closedAt: null } }
    const after = joinRows(reopened, [row('E2', { onSite: 140, closed: 300 })], placing(), SOURCE, NOW)
    expect([after.ticket.status, after.ticket.onSiteAt, after.entries]).toEqual(['placed', null, []])
    expect(after.dispatches).toHaveLength(1)
  })

  test('[IM4] do not call a cancelled ticket off a second time', () => {
    const { after } = apart(
      [row('E1', { closed: 190 }, { isCancelled: true })],
      [row('E2', { closed: 195 }, { isCancelled: true })],
    )
    expect([after.ticket.status, after.entries.map(({ kind }) => kind)]).toEqual(['cancelled', []])
  })
})

describe('moments out of order', () => {
  test('[IM5] are named with the stage they contradict, and those in order are not', () => {
    expect(outOfOrder({ moments: { reported: 100, enRoute: 150, onSite: 140, ended: 145, closed: 200 } })).toEqual([
      { moment: 'onSite', at: 140, after: 'enRoute', afterAt: 150 },
      { moment: 'ended', at: 145, after: 'enRoute', afterAt: 150 },
    ])
    expect(outOfOrder({ moments: { reported: 100, enRoute: 100, closed: 200 } })).toEqual([])
  })
})
