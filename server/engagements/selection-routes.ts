import type { Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import { freshCase } from '#domain/community.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { rankContenders } from '#domain/selecting.ts'
import type { Selection } from '#domain/selection.ts'
import { NOTHING } from '#domain/services.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { BodyOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/selections.ts'
import { caseOf, communityById, firmsByIds } from './community-queries.ts'
import { type Held, holdCommunity } from './community-steps.ts'
import { freeze, giveCommitment, givePublicValue, giveValue, lotteryRecordOf, possibleParties } from './drawing.ts'
import { committedOf, engagementsOfSelection, selectionById, selectionsFor, wholePool } from './engagement-queries.ts'
import { type Act, announce, logOf, namesIn, type Pending } from './record.ts'
import { cancelSelection, decideSelection, openSelection } from './selecting.ts'

export function selectionRoutes(shop: Shop): void {
  serveCandidates(shop)
  serveReading(shop)
  serveOpening(shop)
  serveDecision(shop)
  serveDraw(shop)
}

const permits = (
  reader: Reader,
  action: Action,
  { tenant, districtCode, subdistrictCode, neighbourhoodCode }: Placed,
) => may(reader.grants, action, { tenant, districtCode, subdistrictCode, neighbourhoodCode })

type Placed = Pick<Selection, 'tenant' | 'districtCode' | 'subdistrictCode' | 'neighbourhoodCode'>

const isParty = (reader: Reader, { lottery }: Selection): boolean =>
  lottery?.parties.some(({ id }) => id === reader.userId) ?? false

function serveCandidates({ serve, db }: Shop): void {
  serve(wire.candidatesOf, async ({ tenant, reader, params, now }) => {
    const community = await communityById(db, tenant, params.id)
    if (!community || !permits(reader, 'engagement.read', community)) return refused('unknown')
    if (!permits(reader, 'engagement.decide', community)) return refused('notAllowed')
    const wanted = (await caseOf(db, community.id)) ?? freshCase(community, now)
    const pool = await wholePool(db, tenant)
    const firmIds = pool.map(({ firmId }) => firmId)
    const taken = await committedOf(db, firmIds)
    const firms = new Map((await firmsByIds(db, firmIds)).map((firm) => [firm.id, firm]))
    const contenders = pool.map((entry) => ({ entry, committed: taken.get(entry.firmId) ?? NOTHING }))
    const { lng, lat } = community
    return rankContenders(contenders, { ...wanted, lng, lat }, now).flatMap((one) => {
      const firm = firms.get(one.entry.firmId)
      return firm ? [{ ...one, firm }] : []
    })
  })
}

function serveReading({ serve, db }: Shop): void {
  serve(wire.selections, ({ reader, query }) => selectionsFor(db, reader, query))
  serve(wire.selectionCard, async ({ tenant, reader, params }) => {
    const selection = await selectionById(db, tenant, params.id)
    const mayRead = selection && (permits(reader, 'engagement.read', selection) || isParty(reader, selection))
    if (!mayRead) return refused('unknown')
    const log = await logOf(db, 'selection', selection.id)
    // A party that is a firm sees the draw, and not who was asked and said no.
    const engagements = permits(reader, 'engagement.read', selection)
      ? await engagementsOfSelection(db, selection.id)
      : []
    const firms = await firmsByIds(
      db,
      selection.candidates.map(({ firmId }) => firmId),
    )
    const actors = [selection.openedBy, selection.decidedBy, ...log.map(({ actor }) => actor)]
    return { selection, engagements, log, firms, names: await namesIn(db, actors) }
  })
  serve(wire.possibleParties, async ({ tenant, reader, params }) => {
    const selection = await selectionById(db, tenant, params.id)
    if (!selection || !permits(reader, 'engagement.read', selection)) return refused('unknown')
    return permits(reader, 'engagement.decide', selection) ? possibleParties(db, selection) : refused('notAllowed')
  })
  serve(wire.lotteryRecord, async ({ params }) => (await lotteryRecordOf(db, params.id)) ?? refused('unknown'))
}

function serveOpening(shop: Shop): void {
  shop.serve(wire.openSelection, async (ask) => {
    const { tenant, reader, params, body, actor, now } = ask
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const held = await holdCommunity(tx, tenant, params.id, now)
      if (!held || !permits(reader, 'engagement.read', held.community)) return refused('unknown')
      if (!permits(reader, 'engagement.decide', held.community)) return refused('notAllowed')
      const opened = await openSelection(tx, held, body, { tenant, actor, now })
      if (!opened.ok) return opened
      await announce(tx, opened.pending)
      return opened.selection
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

type Verb<R extends Route> = (
  tx: Tx,
  held: Held,
  selection: Selection,
  said: { body: BodyOf<R>; reader: Reader; act: Act },
) => Promise<{ ok: true; selection: Selection; pending: Pending } | Refused<ErrorCode>>

type Admits = (reader: Reader, selection: Selection) => boolean

const officers: Admits = (reader, selection) => permits(reader, 'engagement.decide', selection)

/** The community's row is held, the choosing read under it, the right asked; then the verb decides and applies. */
function serveVerb<R extends Route>(shop: Shop, route: R, admits: Admits, verb: Verb<R>): void {
  shop.serve(route as unknown as typeof wire.cancelSelection, async (ask) => {
    const { tenant, reader, actor, now } = ask
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const found = await holdFor(tx, ask, admits)
      if (isRefused(found)) return found
      const body = ask.body as unknown as BodyOf<R>
      const done = await verb(tx, found.held, found.selection, { body, reader, act: { tenant, actor, now } })
      if (!done.ok) return done
      await announce(tx, done.pending)
      return done.selection
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

async function holdFor(
  tx: Tx,
  { tenant, reader, params, now }: Pick<Ask<typeof wire.cancelSelection>, 'tenant' | 'reader' | 'params' | 'now'>,
  admits: Admits,
): Promise<{ held: Held; selection: Selection } | Refused<'unknown' | 'notAllowed'>> {
  const seen = await selectionById(tx, tenant, params.id)
  if (!seen || !(permits(reader, 'engagement.read', seen) || isParty(reader, seen))) return refused('unknown')
  if (!admits(reader, seen)) return refused('notAllowed')
  const held = await holdCommunity(tx, tenant, seen.communityId, now)
  const selection = held && (await selectionById(tx, tenant, params.id))
  return selection ? { held, selection } : refused('unknown')
}

function serveDecision(shop: Shop): void {
  serveVerb(shop, wire.decideSelection, officers, (tx, held, selection, { body, act }) => {
    const { ranked, reason, meeting = null, offerHours = held.ruling.settings.offerHours } = body
    return decideSelection(tx, held, selection, { ranked, reason, meeting, offerHours }, act)
  })
  serveVerb(shop, wire.cancelSelection, officers, (tx, held, selection, { body, act }) =>
    cancelSelection(tx, held, selection, body.reason, act),
  )
}

function serveDraw(shop: Shop): void {
  serveVerb(shop, wire.freezeLottery, officers, (tx, held, selection, { body, act }) => {
    const { commitHours, revealHours } = { ...held.ruling.settings, ...body }
    const source = body.source ?? null
    return freeze(tx, selection, { parties: body.parties, commitHours, revealHours, source }, act)
  })
  // Whoever may see the choosing may try; the draw itself knows its parties.
  const anybody: Admits = () => true
  serveVerb(shop, wire.commitValue, anybody, (tx, _held, selection, { body, reader, act }) =>
    giveCommitment(tx, selection, body.commitment, reader.userId, act),
  )
  serveVerb(shop, wire.revealValue, anybody, (tx, _held, selection, { body, reader, act }) =>
    giveValue(tx, selection, body.value, reader.userId, act),
  )
  const officersAndParties: Admits = (reader, selection) => officers(reader, selection) || isParty(reader, selection)
  serveVerb(shop, wire.giveSource, officersAndParties, (tx, _held, selection, { body, act }) =>
    givePublicValue(tx, selection, body.value, act),
  )
}
