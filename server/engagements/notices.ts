import { randomBytes, randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { PEOPLE_OF } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import { proofItemsOf } from '#domain/engagement-steps.ts'
import type { Instant } from '#domain/instant.ts'
import type { NoticeContent, PublicNotice } from '#domain/proof.ts'
import { firmsByIds, subdistrictName } from './community-queries.ts'
import type { Held } from './community-steps.ts'
import { addNotice } from './proof-queries.ts'
import type { Act } from './record.ts'

/** EP3: what the sheet says is kept as it was posted, whatever changes afterwards. */
export async function postNotice(
  tx: Tx,
  held: Held,
  engagement: Engagement,
  contact: string,
  act: Act,
): Promise<PublicNotice> {
  const notice: PublicNotice = {
    id: randomUUID(),
    tenant: act.tenant,
    engagementId: engagement.id,
    communityId: engagement.communityId,
    slug: randomBytes(9).toString('base64url'),
    content: await contentOf(tx, held, engagement, contact),
    postedAt: act.now,
    postedBy: act.actor,
    takenDownAt: null,
  }
  await addNotice(tx, notice)
  return notice
}

async function contentOf(tx: Tx, { community }: Held, engagement: Engagement, contact: string): Promise<NoticeContent> {
  const { needs, mode, decidedAt, fee, selectionId, startsAt, endsAt } = engagement
  const [firm] = await firmsByIds(tx, [engagement.firmId])
  return {
    communityName: community.name,
    firmName: firm?.name ?? '',
    subdistrictName: await subdistrictName(tx, community),
    services: proofItemsOf(engagement).map((item) => ({
      item,
      people: item === 'refuse' ? 0 : needs[PEOPLE_OF[item]],
    })),
    lifts: needs.lifts,
    startsAt: startsAt as Instant,
    endsAt: endsAt as Instant,
    fee,
    mode,
    decidedAt,
    lotteryId: mode === 'lottery' ? selectionId : null,
    contact,
  }
}
