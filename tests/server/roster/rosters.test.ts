import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rosterLog } from '#db/schema/rosters.ts'
import type { KeptRoster, RosterHead, RosterTemplate } from '#domain/duty-roster.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import { type Asker, grantFor } from '#tests/support/app.ts'
import {
  CLUSTER,
  type DutyWorld,
  dutyWorld,
  entriesOf,
  MONDAY,
  onDays,
  unitId,
  worker,
} from '#tests/support/duty-world.ts'
import { refusal } from '#tests/support/engagement-world.ts'
import type {
  RosterCard,
  RosterChurn,
  RosterEdit,
  RosterEdited,
  RosterImportPreview,
  RosterMonth,
  RosterPublished,
} from '#wire/roster-shapes.ts'

let world: DutyWorld
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const card = (id: string) => world.look<RosterCard>(world.supervisor, `/api/rosters/${id}`)
const no = (path: string, body: object) => refusal(world.supervisor.ask('POST', path, body))

beforeAll(async () => {
  world = await dutyWorld(4)
})
afterAll(() => world.end())

const reviewed = async (edits: readonly RosterEdit[], days = 7, firstDay = MONDAY) => {
  const { id, revision } = await world.drafted(edits, days, firstDay)
  return lead<RosterHead>(`/api/rosters/${id}/review`, { revision })
}
const publishing = ({ id, revision }: RosterHead) =>
  [`/api/rosters/${id}/publish`, { revision, reason: 'next' }] as const

describe('a draft', () => {
  test('[RP2] takes an edit whole or not at all, and its undo brings the lines back', async () => {
    const head = await world.drafted(onDays(1, 'D8', MONDAY, 3))
    const path = `/api/rosters/${head.id}/edit`
    const edit = (edits: RosterEdit[], revision = head.revision) => ({ revision, edits })
    const right: RosterEdit = { personId: unitId(2), day: MONDAY, shiftId: 'E8' }
    expect(await no(path, edit([right, { ...right, personId: 'nobody' }]))).toBe('notRostered')
    expect(await no(path, edit([right, { ...right, shiftId: 'X9' }]))).toBe('unknown')
    expect(await no(path, edit([right, { ...right, day: '2026-04-09' }]))).toBe('unknown')
    expect(await no(path, edit([right], head.revision - 1))).toBe('conflict')
    const before = entriesOf((await card(head.id)).roster)
    const done = await lead<RosterEdited>(path, edit([right, { personId: unitId(1), day: MONDAY, shiftId: null }]))
    expect(entriesOf((await card(head.id)).roster)).not.toEqual(before)
    await lead(path, edit(done.undo, done.roster.revision))
    expect(entriesOf((await card(head.id)).roster)).toEqual(before)
  })

  test('[RP1, RP3] is edited as a draft and published as reviewed, by who leads its cluster', async () => {
    const head = await reviewed(onDays(1, 'D8', MONDAY, 1))
    const edits = onDays(2, 'D8', MONDAY, 1)
    expect(await no(`/api/rosters/${head.id}/edit`, { revision: head.revision, edits })).toBe('wrongStage')
    const elsewhere = await world.asking('s2', { ...grantFor('shiftSupervisor'), subdistrictCode: 'S2' })
    expect(await refusal(elsewhere.ask('POST', ...publishing(head)))).toBe('unknown')
    const officer = await world.app.withRole('subdistrictOfficer')
    expect(await refusal(officer.ask('POST', ...publishing(head)))).toBe('notAllowed')
    expect((await world.look<RosterCard>(officer, `/api/rosters/${head.id}`)).problem).toBeNull()
    const back = await lead<RosterHead>(`/api/rosters/${head.id}/redraft`, { revision: head.revision })
    expect(await no(...publishing(back))).toBe('wrongStage')
    await lead(`/api/rosters/${head.id}/discard`, { revision: back.revision })
    const log = (await world.app.db.select().from(rosterLog)).filter(({ subjectId }) => subjectId === head.id)
    expect(log.map(({ kind }) => kind)).toEqual(['draft', 'edit', 'review', 'redraft', 'discard'])
  })

  test('[RP7] is copied forward and laid out from a template by the number of the day', async () => {
    const head = await world.drafted([...onDays(1, 'D8', MONDAY, 2), ...onDays(2, 'E8', '2026-03-15', 1)])
    const template = await lead<RosterTemplate>('/api/roster-templates', { name: 'usual', rosterId: head.id })
    const next = { name: 'next', clusterIds: [CLUSTER], firstDay: '2026-03-16', days: 9 }
    const expected = [
      `${unitId(1)} 2026-03-16 D8`,
      `${unitId(1)} 2026-03-17 D8`,
      `${unitId(1)} 2026-03-23 D8`,
      `${unitId(1)} 2026-03-24 D8`,
      `${unitId(2)} 2026-03-22 E8`,
    ]
    for (const from of [{ fromRosterId: head.id }, { fromTemplateId: template.id }]) {
      const copy = await lead<RosterHead>('/api/rosters', { ...next, ...from })
      expect(entriesOf((await card(copy.id)).roster)).toEqual(expected)
    }
  })

  test('[RP10] goes out as a file and comes in again, after a preview of everything that is wrong', async () => {
    const head = await world.drafted(onDays(1, 'D8', MONDAY, 2))
    const file = await world.supervisor.ask('GET', `/api/rosters/${head.id}/export.csv`)
    const path = `/api/rosters/${head.id}/import`
    const preview = (csv: string) => lead<RosterImportPreview>(`${path}-preview`, { csv })
    expect(await preview(file.body)).toMatchObject({ added: 0, changed: 0, same: 2, refused: 0 })
    const csv = `callsign,day,shift\nhousekeeper h1,${MONDAY},E8\nhousekeeper h2,${MONDAY},D8\nhousekeeper h3,${MONDAY},\nnobody,x,Z\n`
    const seen = await preview(csv)
    expect(seen).toMatchObject({ added: 1, changed: 1, same: 1, refused: 1, breaks: 0 })
    expect(seen.rows[3]?.problems.map(({ column }) => column)).toEqual(['callsign', 'day', 'shift'])
    expect(await no(path, { csv, stamp: 'another' })).toBe('previewStale')
    expect(await no(`${path}-preview`, { csv: 'a,b\n1,2' })).toBe('badFile')
    await lead(path, { csv, stamp: seen.stamp })
    expect(entriesOf((await card(head.id)).roster)).toEqual([
      `${unitId(1)} 2026-03-09 E8`,
      `${unitId(1)} 2026-03-10 D8`,
      `${unitId(2)} 2026-03-09 D8`,
    ])
    expect(await no(path, { csv, stamp: seen.stamp })).toBe('previewStale')
  })
})

describe('publishing', () => {
  test('[RP4] lets nothing through that breaks a hard rule, unless an override lifts it with a reason', async () => {
    const long = onDays(4, 'D8', MONDAY, 7)
    const head = await reviewed(long)
    expect(await no(...publishing(head))).toBe('hardRules')
    const draft = await lead<RosterHead>(`/api/rosters/${head.id}/redraft`, { revision: head.revision })
    const lifted = (rules: string[]) => ({
      revision: draft.revision,
      overrides: [{ rules, personId: null, from: MONDAY, until: '2026-03-15', reason: 'the main has burst' }],
    })
    const path = `/api/rosters/${head.id}/override`
    expect(await no(path, lifted(['leave', 'restDay']))).toBe('ruleBroken')
    const rules = ['hoursWeek', 'overtimeDay', 'overtimeMonth', 'restDay', 'consecutiveDays', 'hoursDay', 'hoursMonth']
    const over = await lead<RosterHead>(path, lifted(rules))
    const ready = await lead<RosterHead>(`/api/rosters/${head.id}/review`, { revision: over.revision })
    const { publication } = await lead<RosterPublished>(...publishing(ready))
    expect(publication).toMatchObject({ added: 7, touched: [unitId(4)] })
    expect((await world.shifts()).map(({ status, unitId: who }) => [status, who])).toEqual(
      Array.from({ length: 7 }, () => ['confirmed', unitId(4)]),
    )
  })

  test('[RP5] refuses a draft that knows nothing of what was published since for the same days', async () => {
    const [one, two] = [
      await reviewed(onDays(1, 'D8', '2026-03-23', 1), 7, '2026-03-23'),
      await reviewed([], 7, '2026-03-25'),
    ]
    const far = await reviewed([], 2, '2026-04-01')
    await lead(...publishing(one))
    expect(await no(...publishing(two))).toBe('rosterOvertaken')
    await lead(...publishing(far))
  })

  test('[RP6] a change of what stands says its churn, touches nobody else, and what is frozen stays', async () => {
    const { roster } = await world.published(
      [...onDays(1, 'D8', '2026-05-04', 2), ...onDays(2, 'E8', '2026-05-04', 2)],
      7,
      '2026-05-04',
    )
    const draft = await lead<RosterHead>(`/api/rosters/${roster.id}/amend`, { name: 'other' })
    const edits = [...onDays(3, 'D8', '2026-05-05', 1), { personId: unitId(1), day: '2026-05-05', shiftId: null }]
    const { roster: changed } = await lead<RosterEdited>(`/api/rosters/${draft.id}/edit`, { revision: 1, edits })
    const churn = await world.look<RosterChurn>(world.supervisor, `/api/rosters/${draft.id}/churn`)
    expect(churn.touched.sort()).toEqual([unitId(1), unitId(3)])
    expect([churn.removed, churn.added].map((rows) => rows.map(({ day }) => day))).toEqual([
      ['2026-05-05'],
      ['2026-05-05'],
    ])
    // Two days before, within the three that are frozen.
    const { startsAt } = await world.shiftOf(1, '2026-05-05')
    world.app.clock.set(startsAt - 2 * 24 * 60 * MINUTE_MS)
    const ready = await lead<RosterHead>(`/api/rosters/${draft.id}/review`, { revision: changed.revision })
    expect(await no(...publishing(ready))).toBe('hardRules')
    const again = await lead<RosterHead>(`/api/rosters/${draft.id}/redraft`, { revision: ready.revision })
    const overrides = [
      { rules: ['frozen'], personId: null, from: '2026-05-01', until: '2026-05-10', reason: 'a flood' },
    ]
    const over = await lead<RosterHead>(`/api/rosters/${draft.id}/override`, { revision: again.revision, overrides })
    const open = await lead<RosterHead>(`/api/rosters/${draft.id}/review`, { revision: over.revision })
    const done = await lead<RosterPublished>(...publishing(open))
    expect(done.publication).toMatchObject({ added: 1, removed: 1 })
    const older = await world.look<{ roster: KeptRoster }>(world.supervisor, `/api/rosters/${roster.id}`)
    expect(older.roster.status).toBe('superseded')
    const kinds = async (n: number) =>
      (
        await world.look<{ notices: { kind: string; day: string }[] }>(world.workers[n - 1] as Asker, '/api/my-duty')
      ).notices
        .filter(({ day }) => day >= '2026-05-05' && day < '2026-05-10')
        .map(({ kind }) => kind)
    expect([await kinds(1), await kinds(2), await kinds(3)]).toEqual([['shiftTaken'], [], ['shiftGiven']])
  })

  test('[RP8] what was worked before the first day counts: six days before leave none after', async () => {
    const { roster: before } = await world.published(onDays(2, 'D8', '2026-06-01', 5), 7, '2026-06-01')
    expect(before.status).toBe('published')
    const head = await world.drafted(onDays(2, 'D8', '2026-06-06', 2), 7, '2026-06-06')
    const broken = (await card(head.id)).score.hurts.filter(({ isHard }) => isHard).map(({ rule }) => rule)
    expect(new Set(broken)).toContain('consecutiveDays')
  })

  test('[RP11] a month is one sheet: people, days, holidays and minutes', async () => {
    const month = await world.look<RosterMonth>(world.supervisor, '/api/roster-month?month=2026-05')
    expect(month.days).toHaveLength(31)
    expect(month.days.filter(({ isHoliday }) => isHoliday).map(({ day }) => day)).toEqual(['2026-05-01', '2026-05-02'])
    const sheet = Object.fromEntries(
      month.people.map(({ unitId: id, cells, minutes }) => [id, [cells[3], cells[4], minutes]]),
    )
    expect(sheet).toMatchObject({ [unitId(1)]: ['D8', null, 480], [unitId(3)]: [null, 'D8', 480] })
  })

  test('[RP4] two that are published at once do not both give one person a day', async () => {
    const days = ['2026-07-06', 7] as const
    const heads = [
      await reviewed(onDays(1, 'D8', days[0], 1), days[1], days[0]),
      await reviewed(onDays(1, 'E8', days[0], 1), days[1], days[0]),
    ]
    const done = await Promise.all(heads.map((head) => world.supervisor.ask('POST', ...publishing(head))))
    expect(done.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
    expect(worker(1)[0]).toContain(unitId(1))
  })
})
