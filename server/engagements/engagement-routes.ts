import type { FastifyRequest } from 'fastify'
import type { Tx } from '#db/connect.ts'
import type { Action } from '#domain/access.ts'
import { type Engagement, SERVING } from '#domain/engagement.ts'
import { missingProofs } from '#domain/engagement-steps.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { PROOF_ITEMS } from '#domain/proof.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { BodyOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/engagements.ts'
import { acceptOffer, declineOffer } from './answering.ts'
import { communityById, firmsByIds, rulingOf } from './community-queries.ts'
import { type Held, holdCommunity } from './community-steps.ts'
import { engagementById, engagementsFor, selectionById, stepsOf } from './engagement-queries.ts'
import { agree, begin, beginHandOver, breakOff, handedOver, mark, post, takeBack } from './engaging.ts'
import { noticeFace, noticesOf, photoOf, proofsSince } from './proof-queries.ts'
import { type Proving, permits, prove } from './proving.ts'
import { type Act, announce, logOf, namesIn, type Pending } from './record.ts'

export interface EngagementShop extends Shop {
  /** Whether this is the code on the sign at that community's gate. */
  isSiteCode(communityId: string, said: string): boolean
  /** The picture of a multipart request, made anew, with the form's fields. */
  readPicture(request: FastifyRequest): Promise<Pictured | Refused<'badPhoto' | 'overloaded'>>
}

interface Pictured {
  ok: true
  fields: Record<string, string>
  picture: NonNullable<Proving['picture']>
}

/** How far back an engagement's card shows its proofs. */
const PROOFS_SHOWN_MS = 14 * DAY_MS

export function courseRoutes(shop: EngagementShop): void {
  serveReading(shop)
  serveAnswers(shop)
  serveCourse(shop)
  serveProofs(shop)
}

type Verb<R extends Route> = (
  tx: Tx,
  held: Held,
  engagement: Engagement,
  said: { body: BodyOf<R>; act: Act },
) => Promise<{ ok: true; engagement: Engagement; pending: Pending } | Refused<ErrorCode>>

/** The community's row is held, the engagement read under it, the right asked; then the verb decides and applies. */
function serveVerb<R extends Route>(shop: Shop, route: R, verb: Verb<R>): void {
  // All commands share their parameters and their answer; only the verb looks at the body, and it has the route's own type.
  shop.serve(route as unknown as typeof wire.acceptEngagement, async (ask) => {
    const act = { tenant: ask.tenant, actor: ask.actor, now: ask.now }
    const answer = await carryOut(shop.db, ask.command, ask.now, async (tx) => {
      const found = await holdFor(tx, ask, route.action as Action)
      if (isRefused(found)) return found
      const body = ask.body as unknown as BodyOf<R>
      const done = await verb(tx, found.held, found.engagement, { body, act })
      if (!done.ok) return done
      await announce(tx, done.pending)
      return done.engagement
    })
    if (!isRefused(answer)) shop.wake(ask.tenant)
    return answer
  })
}

type Addressed = Pick<Ask<typeof wire.acceptEngagement>, 'tenant' | 'params' | 'reader' | 'now'>

async function holdFor(
  tx: Tx,
  { tenant, params, reader, now }: Addressed,
  action: Action,
): Promise<{ held: Held; engagement: Engagement } | Refused<'unknown' | 'notAllowed'>> {
  const seen = await engagementById(tx, tenant, params.id)
  if (!seen || !(await permits(tx, reader, 'engagement.read', seen))) return refused('unknown')
  if (!(await permits(tx, reader, action, seen))) return refused('notAllowed')
  const held = await holdCommunity(tx, tenant, seen.communityId, now)
  // Read again under the lock: what was seen before it may have been answered meanwhile.
  const engagement = held && (await engagementById(tx, tenant, params.id))
  return engagement ? { held, engagement } : refused('unknown')
}

function serveAnswers(shop: Shop): void {
  serveVerb(shop, wire.acceptEngagement, (tx, held, engagement, { act }) => acceptOffer(tx, held, engagement, act))
  serveVerb(shop, wire.declineEngagement, (tx, held, engagement, { body, act }) =>
    declineOffer(tx, held, engagement, body.reason, act),
  )
}

function serveCourse(shop: Shop): void {
  serveVerb(shop, wire.contractEngagement, (tx, held, engagement, { body, act }) =>
    agree(tx, held, engagement, body, act),
  )
  serveVerb(shop, wire.publiciseEngagement, (tx, held, engagement, { body, act }) =>
    post(tx, held, engagement, body.contact, act),
  )
  serveVerb(shop, wire.activateEngagement, (tx, held, engagement, { body, act }) =>
    begin(tx, held, engagement, body.reason ?? null, act),
  )
  serveVerb(shop, wire.handOverEngagement, (tx, held, engagement, { body, act }) =>
    beginHandOver(tx, held, engagement, body.reason, act),
  )
  serveVerb(shop, wire.markEngagementStep, (tx, _held, engagement, { body, act }) => mark(tx, engagement, body, act))
  serveVerb(shop, wire.takeOverEngagement, (tx, held, engagement, { body, act }) =>
    handedOver(tx, held, engagement, body, act),
  )
  serveVerb(shop, wire.abandonEngagement, (tx, held, engagement, { body, act }) =>
    breakOff(tx, held, engagement, { event: 'abandon', reason: body.reason }, act),
  )
  serveVerb(shop, wire.terminateEngagement, (tx, held, engagement, { body, act }) =>
    breakOff(tx, held, engagement, { event: 'terminate', reason: body.reason }, act),
  )
  serveVerb(shop, wire.withdrawEngagement, (tx, held, engagement, { body, act }) =>
    takeBack(tx, held, engagement, body.reason, act),
  )
}

function serveReading(shop: EngagementShop): void {
  const { serve, serveRaw, db } = shop
  serve(wire.engagements, ({ reader, query }) => engagementsFor(db, reader, query))
  serve(wire.engagementCard, (ask) =>
    db.transaction((tx) => cardFor(tx, ask), { isolationLevel: 'repeatable read', accessMode: 'read only' }),
  )
  serve(wire.publicNotice, async ({ params }) => (await noticeFace(db, params.slug)) ?? refused('unknown'))
  serveRaw(wire.proofPhoto, async ({ tenant, reader, params }, _request, reply) => {
    const photo = await photoOf(db, params.id)
    const engagement = photo && (await engagementById(db, tenant, photo.engagementId))
    if (!engagement || !(await permits(db, reader, 'engagement.read', engagement))) return refused('unknown')
    return reply
      .header('content-type', 'image/jpeg')
      .header('cache-control', 'private, max-age=28800, immutable')
      .header('content-disposition', 'inline; filename="proof.jpg"')
      .send(photo.image)
  })
}

async function cardFor(tx: Tx, { tenant, reader, params, now }: Ask<typeof wire.engagementCard>) {
  const engagement = await engagementById(tx, tenant, params.id)
  if (!engagement || !(await permits(tx, reader, 'engagement.read', engagement))) return refused('unknown')
  const community = await communityById(tx, tenant, engagement.communityId)
  const [firm] = await firmsByIds(tx, [engagement.firmId])
  if (!community || !firm) return refused('unknown')
  const { calendar } = await rulingOf(tx, tenant)
  const proofs = await proofsSince(tx, engagement.id, calendar.dayOf(now - PROOFS_SHOWN_MS))
  const log = await logOf(tx, 'engagement', engagement.id)
  const isOffice = await permits(tx, reader, 'engagement.decide', engagement)
  const choice = engagement.selectionId === null ? null : await selectionById(tx, tenant, engagement.selectionId)
  return {
    engagement,
    community,
    firm,
    selection: isOffice ? choice : null,
    steps: await stepsOf(tx, engagement.id),
    proofs,
    missingToday: missingNow(engagement, proofs, calendar.dayOf(now)),
    notices: await noticesOf(tx, engagement.id),
    log,
    names: await namesIn(tx, [engagement.decidedBy, ...log.map(({ actor }) => actor)]),
  }
}

function missingNow(
  engagement: Engagement,
  proofs: readonly { day: string; item: (typeof PROOF_ITEMS)[number] }[],
  today: string,
) {
  if (!SERVING.includes(engagement.status)) return []
  const done = proofs.filter(({ day }) => day === today).map(({ item }) => item)
  return missingProofs(engagement, done)
}

function serveProofs(shop: EngagementShop): void {
  shop.serve(wire.proveByCode, async (ask) => {
    const { item, siteCode, day } = ask.body
    const answer = await carryOut(shop.db, ask.command, ask.now, async (tx) => {
      const found = await holdFor(tx, ask, 'engagement.prove')
      if (isRefused(found)) return found
      if (!shop.isSiteCode(found.engagement.communityId, siteCode)) return refused('badCode' as const)
      return proveIn(tx, found, { item, day, picture: null }, actOf(ask))
    })
    if (!isRefused(answer)) shop.wake(ask.tenant)
    return answer
  })
  serveProofPhotos(shop)
}

/** Who may not prove is told before the picture is decoded; the same picture sent again is answered with the first proof. */
function serveProofPhotos(shop: EngagementShop): void {
  shop.serveRaw(wire.proveByPhoto, async (ask, request) => {
    const seen = await engagementById(shop.db, ask.tenant, ask.params.id)
    if (!seen || !(await permits(shop.db, ask.reader, 'engagement.read', seen))) return refused('unknown')
    if (!(await permits(shop.db, ask.reader, 'engagement.prove', seen))) return refused('notAllowed')
    const sent = await shop.readPicture(request)
    if (!sent.ok) return sent
    const item = PROOF_ITEMS.find((word) => word === sent.fields.item)
    if (!item) return refused('badRequest')
    const answer = await shop.db.transaction(async (tx) => {
      const found = await holdFor(tx, ask, 'engagement.prove')
      return isRefused(found)
        ? found
        : proveIn(tx, found, { item, day: sent.fields.day, picture: sent.picture }, actOf(ask))
    })
    if (!isRefused(answer)) shop.wake(ask.tenant)
    return answer
  })
}

const actOf = ({ tenant, actor, now }: { tenant: string; actor: Act['actor']; now: Instant }): Act => ({
  tenant,
  actor,
  now,
})

async function proveIn(tx: Tx, { held, engagement }: { held: Held; engagement: Engagement }, said: Proving, act: Act) {
  const done = await prove(tx, held, engagement, said, act)
  if (!done.ok) return done
  await announce(tx, done.pending)
  return done.proof
}
