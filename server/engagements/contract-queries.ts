import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { communityContracts, contractNotices } from '#db/schema/communities.ts'
import type { CommunityContract, ContractNotice } from '#domain/community.ts'
import type { RiskFacts } from '#domain/community-risk.ts'
import type { Instant } from '#domain/instant.ts'

/** Contracts of firms with communities, and the notices given on them. Written by whoever holds the community's row. */

export async function standingContract(db: DbOrTx, communityId: string): Promise<CommunityContract | null> {
  const [contract] = await db
    .select()
    .from(communityContracts)
    .where(and(eq(communityContracts.communityId, communityId), isNull(communityContracts.closedAt)))
  return contract ?? null
}

export const noticesOf = (db: DbOrTx, communityId: string): Promise<ContractNotice[]> =>
  db
    .select()
    .from(contractNotices)
    .where(eq(contractNotices.communityId, communityId))
    .orderBy(desc(contractNotices.givenAt), asc(contractNotices.id))

export const closeContract = (tx: Tx, communityId: string, now: Instant): Promise<unknown> =>
  tx
    .update(communityContracts)
    .set({ closedAt: now })
    .where(and(eq(communityContracts.communityId, communityId), isNull(communityContracts.closedAt)))

/** What a community's risk is reckoned from. */
export async function riskFactsOf(db: DbOrTx, communityId: string): Promise<RiskFacts> {
  const contract = await standingContract(db, communityId)
  const notices = contract ? await noticesOf(db, communityId) : []
  return { contract, notices: notices.filter(({ contractId }) => contractId === contract?.id) }
}

export const addContract = async (tx: Tx, contract: CommunityContract): Promise<void> => {
  await tx.insert(communityContracts).values(contract)
}

export const addNotice = async (tx: Tx, notice: ContractNotice): Promise<void> => {
  await tx.insert(contractNotices).values(notice)
}

/** False = the community has no such notice, or it is withdrawn already. */
export async function takeNoticeBack(tx: Tx, communityId: string, noticeId: string, now: Instant): Promise<boolean> {
  const withdrawn = await tx
    .update(contractNotices)
    .set({ withdrawnAt: now })
    .where(
      and(
        eq(contractNotices.id, noticeId),
        eq(contractNotices.communityId, communityId),
        isNull(contractNotices.withdrawnAt),
      ),
    )
    .returning({ id: contractNotices.id })
  return withdrawn.length > 0
}

export const setOwnersDecided = async (tx: Tx, contractId: string, at: Instant): Promise<void> => {
  await tx.update(communityContracts).set({ ownersDecidedAt: at }).where(eq(communityContracts.id, contractId))
}
