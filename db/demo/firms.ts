import type { Community } from '#domain/places.ts'
import { chance, type Random, seededRandom } from '#domain/random.ts'
import type { Firm } from '#domain/units.ts'

/** Communities that no firm looks after. */
const UNMANAGED_SHARE = 0.02
/** Communities run by a firm of another district. */
const FROM_ELSEWHERE_SHARE = 0.15

export function demoFirms(tenant: string, locale: 'zh-CN' | 'en', count: number): Firm[] {
  return Array.from({ length: count }, (_, i) => {
    const number = String(i + 1).padStart(3, '0')
    const name = locale === 'en' ? `Property firm ${number}` : `物业企业 ${number}`
    return { id: `${tenant}-firm-${number}`, tenant, name, synthetic: true }
  })
}

/** Gives the communities their firms: most are run from their own district, a few firms run many, some communities have none. */
export function withFirms(communities: readonly Community[], firms: readonly Firm[], seed: number): Community[] {
  if (firms.length === 0) return [...communities]
  const random = seededRandom(seed, 'firm of a community')
  const localOf = firmsByDistrict(communities, firms)
  return communities.map((community) => {
    if (chance(random, UNMANAGED_SHARE)) return { ...community, firmId: null }
    const local = localOf.get(community.districtCode) ?? []
    const from = local.length > 0 && !chance(random, FROM_ELSEWHERE_SHARE) ? local : firms
    return { ...community, firmId: frontHeavy(random, from).id }
  })
}

/** Firms dealt to districts by their communities, in steps through the sorted list so that each gets its share. */
function firmsByDistrict(communities: readonly Community[], firms: readonly Firm[]): Map<string, Firm[]> {
  const districts = communities.map(({ districtCode }) => districtCode).sort()
  const byDistrict = new Map<string, Firm[]>()
  for (const [i, firm] of firms.entries()) {
    const district = districts[Math.floor(((i + 0.5) / firms.length) * districts.length)]
    if (district !== undefined) byDistrict.set(district, [...(byDistrict.get(district) ?? []), firm])
  }
  return byDistrict
}

/** Earlier firms more often: the square makes the first tenth of the list three times as likely as an even draw would. */
function frontHeavy(random: Random, firms: readonly Firm[]): Firm {
  return firms[Math.floor(random() ** 2 * firms.length)] as Firm
}
