import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engagements, proofPhotos, proofs, selections } from '#db/schema/engagements.ts'
import { alarms, events } from '#db/schema/feed.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { photos } from '#db/schema/tickets.ts'
import type { Role } from '#domain/access.ts'
import type { Ticket } from '#domain/ticket.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { ROSTER_BODIES, rosterIds } from '#tests/support/duty-rows.ts'
import { anEngagement, aPoolEntry, aSelection } from '#tests/support/engagement-rows.ts'
import { smallestBody, WIRE_ROUTES } from '#tests/support/wire-routes.ts'

let app: TestApp
const askers = new Map<Role, Asker>()
let near: Ticket
let far: Ticket
let theirs: Ticket
let dispatchId: string

const as = (role: Role) => askers.get(role) as Asker
const codeOf = (answer: { statusCode: number; body: string }): string | number =>
  answer.statusCode === 200 ? 200 : (JSON.parse(answer.body).error.code as string)

async function report(asker: Asker, communityId: string): Promise<Ticket> {
  const answer = await asker.ask('POST', '/api/tickets', { category: 'burstPipe', description: 'water', communityId })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}

beforeAll(async () => {
  app = await startTestApp()
  const roles = [
    'cityAdmin',
    'dispatcher',
    'subdistrictOfficer',
    'neighbourhoodWorker',
    'providerManager',
    'fieldWorker',
    'volunteer',
    'auditor',
    'manager',
  ] as const
  for (const role of roles) askers.set(role, await app.withRole(role))
  near = await report(as('dispatcher'), `${CITY}-c1`)
  far = await report(as('dispatcher'), `${CITY}-c2`)
  theirs = await report(await app.withRole('dispatcher', OTHER_CITY), `${OTHER_CITY}-c1`)
  // the far ticket is offered to the far unit
  for (const verb of ['triage', 'place'])
    await as('dispatcher').ask('POST', `/api/tickets/${far.id}/${verb}`, verb === 'triage' ? { class: 'ordinary' } : {})
  const offered = await as('dispatcher').ask('POST', `/api/tickets/${far.id}/offers`, {
    unitIds: [`${CITY}-u2`],
    mode: 'sequence',
  })
  expect(offered.statusCode).toBe(200)
  dispatchId = offered.json().dispatches[0].id
})
afterAll(() => app.end())

describe('what lies outside a scope', () => {
  test('[AC1] a ticket of another sub-district, neighbourhood, firm or unit is not seen, alone or in a list', async () => {
    for (const role of [
      'subdistrictOfficer',
      'neighbourhoodWorker',
      'providerManager',
      'fieldWorker',
      'volunteer',
    ] as const) {
      expect([role, codeOf(await as(role).ask('GET', `/api/tickets/${far.id}`))]).toEqual([role, 'unknown'])
      const listed = (await as(role).ask('GET', '/api/tickets')).json() as Ticket[]
      expect([role, listed.some(({ id }) => id === far.id)]).toEqual([role, false])
    }
    for (const role of ['subdistrictOfficer', 'neighbourhoodWorker', 'providerManager'] as const)
      expect([role, codeOf(await as(role).ask('GET', `/api/tickets/${near.id}`))]).toEqual([role, 200])
    expect(codeOf(await as('fieldWorker').ask('GET', `/api/tickets/${near.id}`))).toBe('unknown')
  })

  test('[AC1] nobody acts on a ticket or a dispatch that is not theirs, and nothing changes by the try', async () => {
    const before = await app.db.$count(events)
    const tries: [Role, string, object][] = [
      ['subdistrictOfficer', `/api/tickets/${far.id}/place`, {}],
      ['subdistrictOfficer', `/api/tickets/${far.id}/note`, { text: 'x' }],
      ['neighbourhoodWorker', `/api/tickets/${far.id}/place`, {}],
      ['neighbourhoodWorker', `/api/tickets/${far.id}/visit`, { solved: true, satisfied: null }],
      ['fieldWorker', `/api/tickets/${far.id}/note`, { text: 'x' }],
      ['fieldWorker', `/api/dispatches/${dispatchId}/accept`, {}],
      ['fieldWorker', `/api/dispatches/${dispatchId}/accept`, { byPhone: true }],
      ['volunteer', `/api/dispatches/${dispatchId}/decline`, { reason: 'busy' }],
      ['fieldWorker', `/api/dispatches/${dispatchId}/arrive`, {}],
      ['fieldWorker', `/api/dispatches/${dispatchId}/return`, { reason: 'x' }],
      ['dispatcher', `/api/dispatches/${dispatchId}/accept`, {}],
    ]
    for (const [role, url, body] of tries) {
      const code = codeOf(await as(role).ask('POST', url, body))
      expect(['unknown', 'notYours', 'notAllowed'], `${role} ${url}: ${code}`).toContain(code)
    }
    const elsewhere = await as('neighbourhoodWorker').ask('POST', '/api/tickets', {
      category: 'other',
      description: 'x',
      communityId: `${CITY}-c2`,
    })
    expect(codeOf(elsewhere)).toBe('notAllowed')
    expect(await app.db.$count(events)).toBe(before)
  })

  test('[AC1] a field worker sees its own unit, a provider its own people, an officer its sub-district', async () => {
    const seen = async (role: Role) =>
      ((await as(role).ask('GET', '/api/units')).json() as { id: string }[]).map(({ id }) => id.slice(CITY.length + 1))
    expect(await seen('fieldWorker')).toEqual(['u1'])
    expect((await seen('providerManager')).sort()).toEqual(['u1', 'u4'])
    expect((await seen('subdistrictOfficer')).sort()).toEqual(['u1', 'u3', 'u4'])
    expect(await seen('dispatcher')).toHaveLength(4)
  })

  test('[AC1] a unit of another tenant cannot be offered anything here', async () => {
    for (const verb of ['triage', 'place'])
      await as('dispatcher').ask(
        'POST',
        `/api/tickets/${near.id}/${verb}`,
        verb === 'triage' ? { class: 'ordinary' } : {},
      )
    const answer = await as('dispatcher').ask('POST', `/api/tickets/${near.id}/offers`, {
      unitIds: [`${OTHER_CITY}-u1`],
      mode: 'sequence',
    })
    expect(codeOf(answer)).toBe('unknown')
  })
})

async function aDevice(): Promise<string> {
  const answer = await as('cityAdmin').ask('POST', `/api/units/${CITY}-u1/devices`, { label: 'phone' })
  expect(answer.statusCode).toBe(200)
  return answer.json().device.id
}

async function anAlarm(): Promise<string> {
  const alarm = { id: 'alarm-1', tenant: CITY, kind: 'newTicket' as const, ticketId: near.id, raisedAt: T0 }
  await app.db.insert(alarms).values(alarm)
  return alarm.id
}

async function aPhoto(): Promise<string> {
  const photo = {
    id: 'photo-1',
    tenant: CITY,
    ticketId: near.id,
    at: T0,
    purpose: 'report' as const,
    width: 1,
    height: 1,
  }
  await app.db.insert(photos).values({ ...photo, image: new Uint8Array([255, 216]) })
  expect((await as('dispatcher').ask('GET', '/api/photos/photo-1')).statusCode).toBe(200)
  return photo.id
}

async function aFirmInThePool(): Promise<string> {
  const entry = aPoolEntry({ tenant: CITY, firmId: `${CITY}-f1` })
  await app.db.insert(poolEntries).values(entry)
  return entry.id
}

/** A choosing, an engagement and a proof of community 1, as rows of a firm that is in the pool. */
async function anEngagementWithProof(poolEntryId: string) {
  const place = { communityId: `${CITY}-c1`, districtCode: 'D1', subdistrictCode: 'S1', neighbourhoodCode: 'N11' }
  const engagement = anEngagement({ tenant: CITY, ...place, firmId: `${CITY}-f1`, poolEntryId, status: 'offered' })
  const selection = aSelection({ tenant: CITY, ...place })
  await app.db.insert(selections).values(selection)
  await app.db.insert(engagements).values(engagement)
  const by = { kind: 'user' as const, id: 'x' }
  const proof = { id: 'proof-1', tenant: CITY, engagementId: engagement.id, communityId: place.communityId, by, at: T0 }
  await app.db.insert(proofs).values({ ...proof, item: 'refuse', day: '2026-03-04', via: 'photo', hasPhoto: true })
  await app.db.insert(proofPhotos).values({ proofId: proof.id, width: 1, height: 1, image: new Uint8Array([255, 216]) })
  expect((await as('subdistrictOfficer').ask('GET', '/api/proofs/proof-1/photo')).statusCode).toBe(200)
  return { selection: selection.id, engagement: engagement.id, proof: proof.id }
}

async function aPlan(): Promise<string> {
  const made = await as('subdistrictOfficer').ask('POST', '/api/plans', { name: 'x', communityIds: null })
  expect(made.statusCode).toBe(200)
  return JSON.parse(made.body).id
}

describe('another tenant', () => {
  test('[AC1] with every right of its own reaches nothing here: each route with an id, asked with real ids and a right body', async () => {
    const [admin, field] = [await app.withRole('cityAdmin', OTHER_CITY), await app.withRole('fieldWorker', OTHER_CITY)]
    const pool = await aFirmInThePool()
    const engaged = await anEngagementWithProof(pool)
    const ids: Record<string, string> = {
      tickets: near.id,
      dispatches: dispatchId,
      units: `${CITY}-u1`,
      communities: `${CITY}-c1`,
      accounts: as('manager').userId,
      alarms: await anAlarm(),
      devices: await aDevice(),
      photos: await aPhoto(),
      pool,
      selections: engaged.selection,
      engagements: engaged.engagement,
      proofs: engaged.proof,
      plans: await aPlan(),
      ...(await rosterIds(app, as('cityAdmin'), as('fieldWorker'))),
    }
    const before = await app.db.$count(events)
    const span = `from=${T0 - 1_000}&to=${T0}&reason=x&skill=unlocking&with=x&communityId=x&providerId=x`
    const byHand = {
      'POST /api/tickets/:id/merge': { into: far.id, reason: 'x' },
      'POST /api/communities/:id/contract': { firmId: `${CITY}-f1`, startsAt: T0, endsAt: null },
      'POST /api/communities/:id/notice': { kind: 'ownersNotice', givenAt: T0 },
      'POST /api/communities/:id/withdraw-notice': { noticeId: 'x', reason: 'x' },
      'POST /api/communities/:id/settle': { outcome: 'self_managed', reason: 'x' },
      'POST /api/communities/:id/selections': { mode: 'designate', candidates: [{ poolEntryId: pool }] },
      'POST /api/selections/:id/freeze': { parties: [as('manager').userId, as('auditor').userId] },
      'POST /api/selections/:id/commit': { commitment: 'a'.repeat(64) },
      'POST /api/selections/:id/reveal': { value: 'v'.repeat(16) },
      'POST /api/selections/:id/source': { value: '4711' },
      'POST /api/selections/:id/decide': { ranked: [pool], reason: 'x' },
      'POST /api/plans/:id/change': { revision: 1, name: 'x' },
      'POST /api/plans/:id/copy': { name: 'x' },
      'POST /api/plans/:id/publish': { revision: 1, reason: 'x' },
      'POST /api/plans/:id/roll-back': { reason: 'x' },
      'POST /api/engagements/:id/steps': { kind: 'handOver', item: 'keys', done: true },
      'POST /api/engagements/:id/proofs': { item: 'refuse', siteCode: 'x' },
      ...ROSTER_BODIES,
      'POST /api/tickets/:id/offers': { unitIds: [`${CITY}-u1`], mode: 'sequence' },
    }
    const guarded = app.app.routes.filter(
      ({ method, path, action }) => method !== 'HEAD' && action !== null && action !== 'public' && path.includes(':id'),
    )
    expect(guarded.length).toBeGreaterThan(20)
    const reached: string[] = []
    for (const { method, path } of guarded) {
      const route = WIRE_ROUTES.get(`${method} ${path}`)
      if (!route) throw new Error(`${method} ${path} is served but not said in wire/`)
      const url = `${path.replace(':id', ids[path.split('/')[2] ?? ''] ?? 'none')}?${span}`
      for (const asker of [admin, field]) {
        const answer = await asker.ask(method as 'GET', url, smallestBody(route, byHand))
        const code = codeOf(answer)
        if (!['unknown', 'notAllowed', 'notYours', 'unsupportedMedia'].includes(String(code)))
          reached.push(`${method} ${path}: ${code} ${answer.body.slice(0, 80)}`)
      }
    }
    expect(reached).toEqual([])
    expect(await app.db.$count(events)).toBe(before)
  })

  test('[AC1] is in no list and in no export', async () => {
    const [here, there] = [await app.withRole('auditor'), await app.withRole('auditor', OTHER_CITY)]
    const listed = async (asker: Asker) =>
      ((await asker.ask('GET', '/api/tickets')).json() as Ticket[]).map(({ id }) => id).sort()
    expect(await listed(here)).toEqual([near.id, far.id].sort())
    expect(await listed(there)).toEqual([theirs.id])
    const csv = (await there.ask('GET', '/api/exports/tickets.csv')).body
    expect(csv).toContain(`${OTHER_CITY}-c1`.slice(0, 5))
    for (const { id } of [near, far]) expect(csv).not.toContain(id)
    expect(csv.trim().split('\n')).toHaveLength(2)
  })
})
