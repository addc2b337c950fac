import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events } from '#db/schema/feed.ts'
import { photos } from '#db/schema/tickets.ts'
import type { Ticket } from '#domain/ticket.ts'
import { PHOTO_LIMITS } from '#server/intake/limits.ts'
import { type Asker, startTestApp, type TestApp } from '#tests/support/app.ts'
import { gradient, phonePicture, photoForm } from '#tests/support/pictures.ts'
import { codeOf, residentsOf } from '#tests/support/residents.ts'
import { logRows } from '#tests/support/ticket-world.ts'
import type { TicketCard } from '#wire/routes/tickets.ts'

let app: TestApp
let dispatcher: Asker
let stranger: Asker
let made: { token: string; ticket: Ticket }
let photo: Buffer

beforeAll(async () => {
  app = await startTestApp()
  dispatcher = await app.withRole('dispatcher')
  // Its neighbourhood is that of community 1, the stranger's firm works elsewhere.
  stranger = await app.withRole('volunteer')
  photo = await phonePicture()
  made = await residentsOf(app).reported()
})
afterAll(() => app.end())

const send = (url: string, form: { payload: string | Buffer; headers: object }, asker?: Asker) =>
  app.app.http.inject({ method: 'POST', url, payload: form.payload, headers: { ...form.headers, ...asker?.headers } })
const asResident = (form: ReturnType<typeof photoForm>, token = made.token) => send(`/api/t/${token}/photos`, form)
const asStaff = (form: ReturnType<typeof photoForm>, asker = dispatcher) =>
  send(`/api/tickets/${made.ticket.id}/photos`, form, asker)
const picture = (n: number) =>
  gradient(40 + n, 30)
    .jpeg()
    .toBuffer()
const rowsOf = () => app.db.select().from(photos).where(eq(photos.ticketId, made.ticket.id))

describe('photos of a ticket', () => {
  test("[IN6] a resident's comes to every console at once and to the card", async () => {
    const answer = await asResident(photoForm(photo))
    expect(answer.statusCode).toBe(200)
    const { id } = answer.json()
    const [event] = (await app.db.select().from(events)).slice(-1)
    expect(event).toMatchObject({ kind: 'ticket:noted', actor: { kind: 'resident', id: null } })
    expect(event?.state.log?.[0]).toMatchObject({ kind: 'photo', detail: { photoId: id, purpose: 'report' } })
    const card: TicketCard = (await dispatcher.ask('GET', `/api/tickets/${made.ticket.id}`)).json()
    expect(card.photos).toMatchObject([{ id, purpose: 'report', width: 1_200, height: 1_600 }])
  })

  test('[IN6] sent twice is one picture, one row of the log and the same id', async () => {
    const before = [await rowsOf(), await logRows(app.db, made.ticket.id)].map((rows) => rows.length)
    const first = (await asResident(photoForm(photo))).json()
    expect((await asResident(photoForm(photo))).json()).toEqual(first)
    expect([await rowsOf(), await logRows(app.db, made.ticket.id)].map((rows) => rows.length)).toEqual(before)
  })

  test('[IN6] is answered to whoever may read its ticket and photos, as a picture that no proxy keeps', async () => {
    const { id } = (await asStaff(photoForm(await picture(1), { purpose: 'before' }))).json()
    const answer = await dispatcher.ask('GET', `/api/photos/${id}`)
    expect(answer.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' })
    expect(answer.headers['cache-control']).toMatch(/^private/)
    expect((await sharp(answer.rawPayload).metadata()).exif).toBeUndefined()
    const elsewhere = await app.withRole('dispatcher', 'elsewhere')
    const auditor = await app.withRole('auditor')
    expect(codeOf(await stranger.ask('GET', `/api/photos/${id}`))).toBe('unknown')
    expect(codeOf(await elsewhere.ask('GET', `/api/photos/${id}`))).toBe('unknown')
    expect(codeOf(await auditor.ask('GET', `/api/photos/${id}`))).toBe('notAllowed')
    expect(codeOf(await app.ask('GET', `/api/photos/${id}`))).toBe('notSignedIn')
  })

  test('[IN6] bears the purpose that is said before or after it, and no other word', async () => {
    const before = await asStaff(photoForm(await picture(2), { purpose: 'after' }))
    const after = await asStaff(photoForm(await picture(3), { purpose: 'after' }, { after: true }))
    expect([before, after].map((answer) => answer.json().purpose)).toEqual(['after', 'after'])
    expect(codeOf(await asStaff(photoForm(await picture(4), { purpose: 'fun' })))).toBe('badRequest')
  })

  test('[IN6] is not taken from whoever has no business with the ticket', async () => {
    const form = photoForm(await picture(5))
    expect(codeOf(await asStaff(form, stranger))).toBe('unknown')
    expect(codeOf(await asStaff(form, await app.withRole('manager')))).toBe('notAllowed')
    expect(codeOf(await asResident(form, 'x'.repeat(24)))).toBe('unknown')
  })

  test('[IN5] that is none is refused by its code, whatever is wrong with the request', async () => {
    expect(codeOf(await asResident(photoForm(Buffer.from('<svg/>'))))).toBe('badPhoto')
    expect(codeOf(await asResident(photoForm(photo, {}, { name: 'file' })))).toBe('badPhoto')
    expect(codeOf(await asResident(photoForm(Buffer.alloc(0))))).toBe('badPhoto')
    const large = Buffer.concat([photo, Buffer.alloc(8 * 1_024 * 1_024)])
    expect(codeOf(await asResident(photoForm(large)))).toBe('tooLarge')
    const json = { payload: '{}', headers: { 'content-type': 'application/json' } }
    expect(codeOf(await send(`/api/t/${made.token}/photos`, json))).toBe('unsupportedMedia')
    const { payload, headers } = photoForm(photo)
    const cut = { payload: payload.subarray(0, 900), headers }
    expect(codeOf(await send(`/api/t/${made.token}/photos`, cut))).toBe('badPhoto')
  })

  test('[IN6] of a resident are so many for one ticket', async () => {
    const other = await residentsOf(app).reported()
    for (let n = 0; n < PHOTO_LIMITS.byResident; n++)
      expect((await asResident(photoForm(await picture(n)), other.token)).statusCode).toBe(200)
    // Waiting would not help: no 429, which a phone's queue sends again for ever.
    const refusal = await asResident(photoForm(await picture(99)), other.token)
    expect([refusal.statusCode, codeOf(refusal)]).toEqual([409, 'tooManyPhotos'])
  })
})
