import { describe, expect, test } from 'vitest'
import { EMERGENCY_DEFAULTS } from '#domain/emergency-settings.ts'
import { DAY_MS } from '#domain/instant.ts'
import { NEXT_POOL, POOL_EVENTS, POOL_STATUSES } from '#domain/pool.ts'
import { admit, ban, changeOffer, isBanned, light, score, stepPool } from '#domain/pool-steps.ts'
import { aPoolEntry, T0 } from '#tests/support/engagement-rows.ts'

const least = EMERGENCY_DEFAULTS.entry
const review = (reason: string | null = 'because') => ({
  actor: { kind: 'user', id: 'officer-1' } as const,
  reason,
  now: T0 + 1,
})

describe('an entry of the pool', () => {
  test('[PV1] every status meets every event, and only what is drawn is allowed', () => {
    const allowed = POOL_STATUSES.flatMap((status) =>
      POOL_EVENTS.flatMap((event) => {
        const stepped = stepPool(aPoolEntry({ status }), event, review())
        expect(stepped.ok ? stepped.entry.status : null).toBe(NEXT_POOL[status][event])
        return stepped.ok ? [`${status} ${event} ${stepped.entry.status}`] : []
      }),
    )
    expect(allowed.sort()).toEqual([
      'applied admit in_pool',
      'applied apply applied',
      'applied remove removed',
      'in_pool remove removed',
      'in_pool suspend suspended',
      'removed apply applied',
      'suspended reinstate in_pool',
      'suspended remove removed',
    ])
  })

  test('[PV2] is taken in with good scores; without them, or with a failed rating, for a reason; banned not at all', () => {
    const applied = aPoolEntry({ status: 'applied' })
    expect(admit(applied, least, review(null))).toMatchObject({ ok: true, entry: { status: 'in_pool' } })
    for (const poor of [{ partyBuilding: 59 }, { quality: 59 }, { quality: null }, { ratingBand: 'fail' as const }]) {
      expect(admit({ ...applied, ...poor }, least, review(' '))).toEqual({ ok: false, why: 'belowEntry' })
      expect(admit({ ...applied, ...poor }, least, review())).toMatchObject({ ok: true, entry: { reason: 'because' } })
    }
    const banned = { ...applied, banUntil: T0 + DAY_MS }
    expect(admit(banned, least, review())).toEqual({ ok: false, why: 'banned' })
  })

  test('[PV3] says what it offers while it is not removed, and every change counts its version up', () => {
    const changed = changeOffer(aPoolEntry(), { price: 2 }, T0 + 1)
    expect(changed).toMatchObject({ ok: true, entry: { price: 2, version: 2, updatedAt: T0 + 1 } })
    expect(changeOffer(aPoolEntry({ status: 'removed' }), { price: 2 }, T0)).toEqual({ ok: false, why: 'wrongStage' })
  })

  test('[PV4] a failed rating lights the light; a better one does not put it out, a person does', () => {
    const scores = { partyBuilding: 50, quality: 30, ratingBand: 'fail' as const }
    const failed = score(aPoolEntry(), scores, review())
    expect(failed).toMatchObject({ yellowSince: T0 + 1, yellowReason: 'because', ratingBand: 'fail' })
    const better = score(failed, { ...scores, ratingBand: 'good' }, { ...review(), now: T0 + DAY_MS })
    expect(better.yellowSince).toBe(T0 + 1)
    expect(light(better, true, review())).toEqual({ ok: false, why: 'wrongStage' })
    expect(light(failed, false, review())).toEqual({ ok: false, why: 'notRerated' })
    expect(light(better, false, review())).toMatchObject({ ok: true, entry: { yellowSince: null, yellowReason: null } })
  })

  test('[PV5] a ban ends at its moment, or when it is lifted', () => {
    const banned = ban(aPoolEntry(), T0 + DAY_MS, review())
    expect(banned).toMatchObject({ banUntil: T0 + DAY_MS, banReason: 'because' })
    expect([isBanned(banned, T0 + DAY_MS - 1), isBanned(banned, T0 + DAY_MS)]).toEqual([true, false])
    expect(ban(banned, null, review())).toMatchObject({ banUntil: null, banReason: null })
  })
})
