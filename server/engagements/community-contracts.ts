import { randomUUID } from 'node:crypto'
import type { Action } from '#domain/access.ts'
import type { CommunityContract, ContractNotice } from '#domain/community.ts'
import { noticeEffectiveAt } from '#domain/community-risk.ts'
import { refused } from '#domain/refusal.ts'
import * as wire from '#wire/routes/communities.ts'
import type { CommunityVerb } from './communities.ts'
import { isFirm } from './community-queries.ts'
import { changeCase } from './community-steps.ts'
import {
  addContract,
  addNotice,
  closeContract,
  setOwnersDecided,
  standingContract,
  takeNoticeBack,
} from './contract-queries.ts'

/** The four routes below, each with its verb; how a verb is carried out is the caller's. */
type Serve = <R extends (typeof ROUTES)[number]>(route: R, action: Action, verb: CommunityVerb<R>) => void

const ROUTES = [wire.recordContract, wire.recordNotice, wire.withdrawNotice, wire.ownersDecided] as const

export function contractVerbs(serve: Serve): void {
  serve(wire.recordContract, 'community.keep', recordContract)
  serve(wire.recordNotice, 'community.keep', recordNotice)
  serve(wire.withdrawNotice, 'community.keep', withdrawNotice)
  serve(wire.ownersDecided, 'community.keep', ownersDecided)
}

const recordContract: CommunityVerb<typeof wire.recordContract> = async (tx, held, { body }, act) => {
  const { firmId, startsAt, endsAt, ownersDecidedAt = null } = body
  if (endsAt !== null && endsAt <= startsAt) return refused('datesCrossed')
  if (!(await isFirm(tx, act.tenant, firmId))) return refused('unknown')
  const contract: CommunityContract = {
    id: randomUUID(),
    tenant: act.tenant,
    communityId: held.community.id,
    firmId,
    startsAt,
    endsAt,
    ownersDecidedAt,
    closedAt: null,
    recordedAt: act.now,
    recordedBy: act.actor,
  }
  await closeContract(tx, held.community.id, act.now)
  await addContract(tx, contract)
  return changeCase(
    tx,
    held,
    { after: held.case, kind: 'contract', detail: { contractId: contract.id, firmId, startsAt, endsAt } },
    act,
  )
}

const recordNotice: CommunityVerb<typeof wire.recordNotice> = async (tx, held, { body }, act) => {
  const { kind, givenAt, note = null } = body
  const contract = await standingContract(tx, held.community.id)
  if (!contract) return refused('wrongStage')
  const { settings, calendar } = held.ruling
  const effectiveAt = body.effectiveAt ?? noticeEffectiveAt(kind, givenAt, contract, settings, calendar)
  if (effectiveAt < givenAt) return refused('datesCrossed')
  const notice: ContractNotice = {
    id: randomUUID(),
    tenant: act.tenant,
    communityId: held.community.id,
    contractId: contract.id,
    kind,
    givenAt,
    effectiveAt,
    note,
    withdrawnAt: null,
    recordedBy: act.actor,
  }
  await addNotice(tx, notice)
  return changeCase(
    tx,
    held,
    { after: held.case, kind: 'notice', detail: { noticeId: notice.id, kind, givenAt, effectiveAt } },
    act,
  )
}

const withdrawNotice: CommunityVerb<typeof wire.withdrawNotice> = async (tx, held, { body }, act) => {
  const { noticeId, reason } = body
  if (!(await takeNoticeBack(tx, held.community.id, noticeId, act.now))) return refused('unknown')
  return changeCase(tx, held, { after: held.case, kind: 'noticeWithdrawn', reason, detail: { noticeId } }, act)
}

const ownersDecided: CommunityVerb<typeof wire.ownersDecided> = async (tx, held, { body: { at } }, act) => {
  const contract = await standingContract(tx, held.community.id)
  if (!contract) return refused('wrongStage')
  if (at > act.now) return refused('badRequest')
  await setOwnersDecided(tx, contract.id, at)
  return changeCase(
    tx,
    held,
    { after: held.case, kind: 'contract', detail: { contractId: contract.id, ownersDecidedAt: at } },
    act,
  )
}
