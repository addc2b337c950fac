import { and, eq, isNull } from 'drizzle-orm'
import { dutyShifts } from '#db/schema/duties.ts'
import { alarms } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import type { Grant } from '#domain/access.ts'
import type { KeptRoster, RosterHead } from '#domain/duty-roster.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { daysFrom } from '#domain/roster/days.ts'
import type { Unit } from '#domain/units.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import type { RosterEdit, RosterEdited, RosterPublished } from '#wire/roster-shapes.ts'
import { TENANT_HEADER } from '#wire/route.ts'
import { type Asker, CITY, grantFor, startTestApp, type TestApp } from './app.ts'
import { taken } from './engagement-world.ts'

/** The cluster of sub-district S1, as it is when nobody has touched it. */
export const CLUSTER = `${CITY}-S1`
/** Monday after the small city's Wednesday. */
export const MONDAY = '2026-03-09'
export const unitId = (n: number) => `${CITY}-h${n}`

export interface DutyWorld {
  app: TestApp
  supervisor: Asker
  /** The people h1… of S1; all can do water and electricity, the odd ones pipes too. */
  workers: Asker[]
  asking(name: string, grant: Grant): Promise<Asker>
  say<T>(who: Asker, path: string, body?: object): Promise<T>
  look<T>(who: Asker, path: string): Promise<T>
  /** A draft of S1 with these entries, as edits. */
  drafted(edits: readonly RosterEdit[], days?: number, firstDay?: string): Promise<RosterHead>
  published(edits: readonly RosterEdit[], days?: number, firstDay?: string): Promise<RosterPublished>
  shifts(): Promise<DutyShift[]>
  shiftOf(n: number, day: string): Promise<DutyShift>
  unit(n: number): Promise<Unit>
  openAlarms(): Promise<string[]>
  tick(): Promise<void>
  end(): Promise<void>
}

const PERSON = {
  clusterIds: [CLUSTER],
  mode: 'standard',
  cycle: null,
  limits: { dayMinutes: null, weekMinutes: null, monthMinutes: null },
  protections: [],
  availability: null,
  takesNights: true,
  isActive: true,
}

export const worker = (n: number, more: object = {}): [string, object] => [
  `/api/roster-people/${unitId(n)}/keep`,
  { ...PERSON, ...more },
]

/** The small city with so many housekeepers rostered in S1. */
export async function dutyWorld(people = 6): Promise<DutyWorld> {
  const app = await startTestApp()
  const [model] = await app.db
    .select()
    .from(units)
    .where(eq(units.id, `${CITY}-u1`))
  if (!model) throw new Error('the small city has no unit 1')
  const numbers = Array.from({ length: people }, (_, n) => n + 1)
  await app.db.insert(units).values(
    numbers.map(
      (n): Unit => ({
        ...model,
        id: unitId(n),
        index: 100 + n,
        callsign: `housekeeper h${n}`,
        skills: n % 2 === 1 ? ['plumbingElectrical', 'pipeMaintenance'] : ['plumbingElectrical'],
        duty: 'offDuty',
        tracked: n % 2 === 1,
      }),
    ),
  )
  await app.app.fleet.reloadAll()
  const supervisor = await app.withRole('shiftSupervisor')
  const workers: Asker[] = []
  for (const n of numbers)
    workers.push(await asking(app, `worker-${n}`, { ...grantFor('fieldWorker'), unitId: unitId(n) }))
  const say: DutyWorld['say'] = (who, path, body = {}) => taken(who.ask('POST', path, body))
  for (const n of numbers) await say(supervisor, ...worker(n))
  // Asked for at no hour, and known: who is on duty has a skill that the cluster wants.
  const week = Array.from({ length: 168 }, () => 0)
  await say(supervisor, `/api/duty-clusters/${CLUSTER}/demand`, { skill: 'plumbingElectrical', week })
  const ask: DutyWorld['asking'] = (name, grant) => asking(app, name, grant)
  return {
    app,
    supervisor,
    workers,
    asking: ask,
    say,
    ...lookingAt(app),
    ...drafting(say, supervisor),
    end: () => app.end(),
  }
}

async function asking(app: TestApp, name: string, grant: Grant): Promise<Asker> {
  const userId = await app.account(name, grant)
  const key = await issueApiKey(app.app.auth, userId, name)
  const headers = { authorization: `Bearer ${key}`, [TENANT_HEADER]: CITY }
  const ask: Asker['ask'] = (method, url, body, more = {}) => app.ask(method, url, body, { ...headers, ...more })
  return { userId, username: name, headers, ask }
}

function drafting(say: DutyWorld['say'], supervisor: Asker): Pick<DutyWorld, 'drafted' | 'published'> {
  const drafted: DutyWorld['drafted'] = async (edits, days = 7, firstDay = MONDAY) => {
    const head = await say<RosterHead>(supervisor, '/api/rosters', {
      name: 'week',
      clusterIds: [CLUSTER],
      firstDay,
      days,
    })
    if (edits.length === 0) return head
    return (await say<RosterEdited>(supervisor, `/api/rosters/${head.id}/edit`, { revision: 1, edits })).roster
  }
  const published: DutyWorld['published'] = async (edits, days, firstDay) => {
    const head = await drafted(edits, days, firstDay)
    const { revision } = await say<RosterHead>(supervisor, `/api/rosters/${head.id}/review`, {
      revision: head.revision,
    })
    return say<RosterPublished>(supervisor, `/api/rosters/${head.id}/publish`, { revision, reason: 'the coming week' })
  }
  return { drafted, published }
}

function lookingAt(app: TestApp): Pick<DutyWorld, 'look' | 'shifts' | 'shiftOf' | 'unit' | 'openAlarms' | 'tick'> {
  const shifts = () => app.db.select().from(dutyShifts).where(eq(dutyShifts.tenant, CITY)).orderBy(dutyShifts.startsAt)
  return {
    look: (who, path) => taken(who.ask('GET', path)),
    shifts,
    shiftOf: async (n, day) => {
      const own = (await shifts()).find(
        (shift) => shift.unitId === unitId(n) && shift.day === day && shift.status !== 'released',
      )
      if (!own) throw new Error(`h${n} has no shift on ${day}`)
      return own
    },
    unit: async (n) => {
      const [unit] = await app.db
        .select()
        .from(units)
        .where(eq(units.id, unitId(n)))
      return unit as Unit
    },
    openAlarms: async () => {
      const rows = await app.db
        .select({ kind: alarms.kind })
        .from(alarms)
        .where(and(eq(alarms.tenant, CITY), isNull(alarms.acknowledgedAt)))
      return rows.map(({ kind }) => kind).sort()
    },
    tick: () => app.app.engine.tick(),
  }
}

/** Somebody on the same shift on each of so many days. */
export const onDays = (n: number, shiftId: string, firstDay: string, days: number): RosterEdit[] =>
  daysFrom(firstDay, days).map((day) => ({ personId: unitId(n), day, shiftId }))

export const entriesOf = (roster: Pick<KeptRoster, 'entries'>) =>
  roster.entries.map(({ personId, day, shiftId }) => `${personId} ${day} ${shiftId}`).sort()
