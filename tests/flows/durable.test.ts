import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { Dispatch } from '#domain/dispatch.ts'
import type { FeedRange } from '#domain/feed.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import {
  dataFolder,
  eventually,
  hongguan,
  postgresPid,
  type StartedServer,
  startHongguan,
} from '#tests/support/command-line.ts'
import { SAN_FRANCISCO_CONFIG } from '#tests/support/tenant-file.ts'
import { IDEMPOTENCY_HEADER } from '#wire/route.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'
import type { TicketCard } from '#wire/routes/tickets.ts'

/** Three starts with their databases, on a machine that has other things to do. */
const LONG_MS = 3 * MINUTE_MS
/** Longer than an offer by telephone stands (DP6), shorter than the promise to arrive: nothing else falls due. */
const OUTAGE_MS = 2 * MINUTE_MS

const folder = dataFolder()
let server: StartedServer | null = null
afterEach(async () => {
  await server?.stop('SIGTERM')
  folder.remove()
})

/** The server on the test's data folder, its clock running from this moment: an outage then costs the test no time. */
const startAt = async (at: number): Promise<StartedServer> => {
  const args = ['--clock', new Date(at).toISOString(), '--speed', '1']
  server = await startHongguan(args, { HONGGUAN_DATA: folder.path, HONGGUAN_DEMO: '0' })
  return server
}

async function typed(...args: string[]): Promise<{ apiKey: string }> {
  const said = await hongguan([...args, '--json'], { HONGGUAN_DATA: folder.path })
  if (said.status !== 0) throw new Error(said.stdout + said.stderr)
  return JSON.parse(said.stdout)
}

/** A program of the control room, which asks whichever server runs now. */
function controlRoom(apiKey: string) {
  const ask = async <T>(method: string, path: string, body?: object, key: string = randomUUID()): Promise<T> => {
    const answer = await fetch(new URL(path, server?.ready.address), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json', [IDEMPOTENCY_HEADER]: key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    read: <T>(path: string) => ask<T>('GET', path),
    say: <T>(path: string, body: object = {}, key?: string) => ask<T>('POST', path, body, key),
    /** Every event since the beginning. */
    feed: async () => {
      const { epoch } = await ask<FeedSnapshot>('GET', '/api/feed/snapshot')
      return ask<FeedRange>('GET', `/api/feed?since=0&limit=5000&epoch=${epoch}`)
    },
  }
}

type ControlRoom = ReturnType<typeof controlRoom>
interface Offered {
  ticket: Ticket
  dispatches: [Dispatch]
}

async function unitOnDuty(room: ControlRoom, callsign: string, homeCommunityId: string): Promise<Unit> {
  const input = { callsign, kind: 'crew', skills: ['plumbingElectrical'], mode: 'ebike', homeCommunityId }
  const { id } = await room.say<Unit>('/api/units', input)
  return room.say<Unit>(`/api/units/${id}/duty`, { duty: 'onDuty' })
}

async function offeredTo(room: ControlRoom, unit: Unit): Promise<Offered> {
  const report = { category: 'lighting', description: 'the lamp is dark', communityId: unit.homeCommunityId }
  const { id } = await room.say<Ticket>('/api/tickets', report)
  await room.say(`/api/tickets/${id}/triage`, { class: 'ordinary' })
  await room.say(`/api/tickets/${id}/place`)
  return room.say<Offered>(`/api/tickets/${id}/offers`, { unitIds: [unit.id], mode: 'sequence' })
}

const isUnbroken = ({ from, to, events }: FeedRange) =>
  from === 1 && to === events.length && events.every(({ seq }, n) => seq === n + 1)
const kindsOf = (card: TicketCard) => card.log.map(({ n, kind }) => `${n} ${kind}`)

describe('a server that is killed', () => {
  test(
    '[P1] has everything it had acknowledged when it starts again, answers a repeated command the same, and catches up once, also when it is started a third time',
    async () => {
      const began = Date.now()
      await startAt(began)
      await typed('tenant', 'add', SAN_FRANCISCO_CONFIG, '--demo')
      const room = controlRoom((await typed('user', 'add', 'room.sf', '--role', 'shiftSupervisor', '--api-key')).apiKey)
      const [home] = await room.read<Community[]>('/api/places/communities')
      const asked = await unitOnDuty(room, 'Crew 901', home?.id as string)
      const taker = await unitOnDuty(room, 'Crew 902', home?.id as string)
      const standing = await offeredTo(room, asked)
      const taken = await offeredTo(room, taker)
      const acceptance = [`/api/dispatches/${taken.dispatches[0].id}/accept`, { byPhone: true }, randomUUID()] as const
      const accepted = await room.say<{ ticket: Ticket; dispatch: Dispatch }>(...acceptance)
      const postgres = postgresPid(server?.ready.dataDir as string)
      await server?.stop('SIGKILL')

      expect((await startAt(began + OUTAGE_MS)).ready.tookOver).toBe(true)
      expect(postgresPid(server?.ready.dataDir as string)).not.toBe(postgres)
      const kept = await room.read<TicketCard>(`/api/tickets/${accepted.ticket.id}`)
      expect(kept.ticket).toEqual(accepted.ticket)
      expect(kept.dispatches).toEqual([accepted.dispatch])
      expect(kindsOf(kept)).toEqual(['1 report', '2 triage', '3 place', '4 offer', '5 accept'])

      const fallen = await eventually(async () => {
        const card = await room.read<TicketCard>(`/api/tickets/${standing.ticket.id}`)
        return card.dispatches[0]?.status === 'offered' ? null : card
      })
      const [offer] = standing.dispatches
      expect(fallen.dispatches).toEqual([{ ...offer, status: 'expired', endedAt: fallen.dispatches[0]?.endedAt }])
      expect(fallen.ticket.status).toBe('placed')
      expect(kindsOf(fallen)).toEqual(['1 report', '2 triage', '3 place', '4 offer', '5 expire'])
      expect(fallen.log.at(-1)).toMatchObject({ actor: { kind: 'engine' }, detail: { late: true } })
      const { alarms } = await room.read<FeedSnapshot>('/api/feed/snapshot')
      expect(alarms.map(({ kind, ticketId, late }) => ({ kind, ticketId, late }))).toEqual([
        { kind: 'offersExhausted', ticketId: standing.ticket.id, late: true },
      ])

      const before = await room.feed()
      expect(isUnbroken(before)).toBe(true)
      expect(before.events.filter(({ kind }) => kind === 'ticket:expired')).toHaveLength(1)
      expect(await room.say(...acceptance)).toEqual(accepted)
      expect(await room.feed()).toEqual(before)

      await server?.stop('SIGKILL')
      await startAt(began + OUTAGE_MS + SECOND_MS)
      expect(await room.read<TicketCard>(`/api/tickets/${standing.ticket.id}`)).toEqual(fallen)
      expect(await room.feed()).toEqual(before)
    },
    LONG_MS,
  )
})
