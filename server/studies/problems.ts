import type { Db } from '#db/connect.ts'
import { CATEGORY_DEFAULTS } from '#domain/categories.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { MOST_PAIRS, type StationsAsked } from '#domain/stations.ts'
import { CATEGORIES } from '#domain/ticket.ts'
import type { Skill } from '#domain/units.ts'
import { expectedReports } from '#planning/posts/demand.ts'
import type { StationsProblem } from '#planning/posts/stations.ts'
import { communitiesOf } from '#server/places/queries.ts'
import { reportedSince } from '#server/response/reported.ts'
import type { Response } from '#server/response/response.ts'
import { standingPosts } from './queries.ts'

/** What somebody with the skill is sent to, the 5341 clock running. */
const categoriesFor = (skill: Skill | null) =>
  CATEGORIES.filter((category) => {
    const { promised, skills } = CATEGORY_DEFAULTS[category]
    return promised && (skill === null || skills.includes(skill))
  })

/** ST1: communities of the districts that were chosen, with what each asks for; each of them is a place where a post may be. */
export async function stationsProblem(
  { db, response }: { db: Db; response: Response },
  tenant: string,
  asked: StationsAsked,
  now: Instant,
): Promise<StationsProblem | Refused<'planEmpty' | 'studyTooLarge' | 'starting'>> {
  const all = await communitiesOf(db, tenant)
  const chosen = all.filter(
    ({ districtCode }) => asked.districts.length === 0 || asked.districts.includes(districtCode),
  )
  if (chosen.length === 0) return refused('planEmpty')
  if (asked.objective !== 'covering' && chosen.length ** 2 > MOST_PAIRS) return refused('studyTooLarge')
  const since = now - asked.days * DAY_MS
  const found = await response.ask(tenant, (reading) => reportedSince(reading, categoriesFor(asked.skill), since, now))
  if (!found && asked.demand === 'reports') return refused('starting')
  const { byCommunity, reports, days } = found ?? { byCommunity: new Map<string, number>(), reports: 0, days: 0 }
  const expected = expectedReports(
    chosen.map(({ id, households }) => ({ id, households, reports: byCommunity.get(id) ?? 0 })),
    days,
  )
  const standing = asked.keepsStanding ? await standingPosts(db, tenant, asked) : new Set<string>()
  return {
    asked,
    days,
    reports,
    places: chosen.map(({ id, lng, lat, households }, n) => {
      return { id, lng, lat, weight: asked.demand === 'households' ? households : (expected[n] as number) }
    }),
    sites: chosen.map(({ id, lng, lat }) => ({ id, lng, lat, isStanding: standing.has(id) })),
  }
}
