import { createHash } from 'node:crypto'
import { and, count, eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { photos } from '#db/schema/tickets.ts'
import { type Action, may } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import { photoAdded } from '#domain/ticket-verbs.ts'
import type { Reader, Shop } from '#server/serving.ts'
import { subjectOf } from '#server/tickets/audience.ts'
import { ticketById, ticketForUpdate } from '#server/tickets/queries.ts'
import { record } from '#server/tickets/record.ts'
import { residentPhoto } from '#wire/routes/resident.ts'
import * as wire from '#wire/routes/tickets.ts'
import { PHOTO_LIMITS } from './limits.ts'
import { cleanPicture, type Picture } from './picture.ts'
import { linkedTicket } from './resident-link.ts'
import { readUpload } from './upload.ts'

const PURPOSES: readonly wire.Photo['purpose'][] = ['report', 'before', 'after']

export function photoRoutes(shop: Shop): void {
  serveAdding(shop)
  serveResidentAdding(shop)
  serveReading(shop)
}

/** Each route asks who may before it decodes: a picture is the dearest thing a stranger can hand us. */
function serveAdding({ serveRaw, db, wake }: Shop): void {
  serveRaw(wire.addPhoto, async ({ tenant, reader, params, actor, now }, request) => {
    const ticket = await ticketById(db, tenant, params.id)
    if (!ticket || !(await permitted(db, reader, 'ticket.read', ticket))) return refused('unknown')
    if (!(await permitted(db, reader, 'photo.add', ticket))) return refused('notAllowed')
    const upload = await readUpload(request)
    if (!upload.ok) return upload
    const purpose = PURPOSES.find((word) => word === (upload.fields.purpose ?? 'report'))
    if (!purpose) return refused('badRequest')
    const picture = await cleanPicture(upload.bytes)
    if (!picture.ok) return picture
    const most = PHOTO_LIMITS.inAll
    const kept = await db.transaction((tx) => keepPhoto(tx, ticket, { picture, purpose, most }, actor, now))
    if (!isRefused(kept)) wake(tenant)
    return kept
  })
}

function serveResidentAdding({ serveRaw, db, wake }: Shop): void {
  serveRaw(residentPhoto, async ({ params, now }, request) => {
    const found = await linkedTicket(db, params.token, now)
    if (!found.ok) return found
    const { ticket } = found
    if ((await photosOf(db, ticket.id, 'report')) >= PHOTO_LIMITS.byResident) return refused('tooManyPhotos')
    const upload = await readUpload(request)
    if (!upload.ok) return upload
    const picture = await cleanPicture(upload.bytes)
    if (!picture.ok) return picture
    const most = PHOTO_LIMITS.byResident
    const photo = { picture, purpose: 'report' as const, most }
    const kept = await db.transaction((tx) => keepPhoto(tx, ticket, photo, { kind: 'resident', id: null }, now))
    if (isRefused(kept)) return kept
    wake(ticket.tenant)
    return { id: kept.id }
  })
}

interface NewPhoto {
  picture: Picture
  purpose: wire.Photo['purpose']
  /** Photos the ticket may have, of this purpose for a resident's report, of all otherwise. */
  most: number
}

/** IN6: the picture's own hash names it, so one that is sent again is the one that is here already. */
async function keepPhoto(
  tx: Tx,
  { id: ticketId, tenant }: Ticket,
  { picture, purpose, most }: NewPhoto,
  actor: Actor,
  now: Instant,
): Promise<wire.Photo | Refused<'unknown' | 'tooManyPhotos'>> {
  const before = await ticketForUpdate(tx, tenant, ticketId)
  if (!before) return refused('unknown')
  const { image, width, height } = picture
  const id = createHash('sha256').update(`${ticketId} ${purpose} `).update(image).digest('base64url')
  const [same] = await tx.select(FACE).from(photos).where(eq(photos.id, id))
  if (same) return same
  const counted = actor.kind === 'resident' ? purpose : undefined
  if ((await photosOf(tx, ticketId, counted)) >= most) return refused('tooManyPhotos')
  await tx.insert(photos).values({ id, tenant, ticketId, at: now, purpose, width, height, image })
  const { ticket, entry } = photoAdded(before, { photoId: id, purpose }, actor, now)
  await record(tx, { before, ticket, entries: [entry], actor, now })
  return { id, ticketId, at: now, purpose, width, height }
}

const FACE = {
  id: photos.id,
  ticketId: photos.ticketId,
  at: photos.at,
  purpose: photos.purpose,
  width: photos.width,
  height: photos.height,
}

async function photosOf(db: DbOrTx, ticketId: string, purpose?: wire.Photo['purpose']): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(photos)
    .where(and(eq(photos.ticketId, ticketId), purpose && eq(photos.purpose, purpose)))
  return row?.n ?? 0
}

/** A shared computer keeps no picture of a resident's flat longer than a shift. */
const CACHE = 'private, max-age=28800, immutable'

function serveReading({ serveRaw, db }: Shop): void {
  serveRaw(wire.photo, async ({ tenant, reader, params }, _request, reply) => {
    const [found] = await db
      .select({ ticketId: photos.ticketId, image: photos.image })
      .from(photos)
      .where(and(eq(photos.tenant, tenant), eq(photos.id, params.id)))
    const ticket = found && (await ticketById(db, tenant, found.ticketId))
    if (!ticket || !(await permitted(db, reader, 'photo.read', ticket))) return refused('unknown')
    return reply
      .header('content-type', 'image/jpeg')
      .header('cache-control', CACHE)
      .header('content-disposition', 'inline; filename="photo.jpg"')
      .send(Buffer.from(found.image))
  })
}

const permitted = async (db: DbOrTx, reader: Reader | null, action: Action, ticket: Ticket): Promise<boolean> =>
  may(reader?.grants ?? [], action, await subjectOf(db, ticket))
