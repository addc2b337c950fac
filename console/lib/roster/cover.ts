import type { SkillCover } from '#domain/roster/model.ts'
import type { Skill } from '#domain/units.ts'

export interface SkillLine {
  skill: Skill
  needed: number[]
  present: number[]
}

/**
 * Cover by skill over the clusters looked at. What one cluster has too many never hides what another lacks: in an hour
 * with a shortage anywhere, only as many are counted present as are of use.
 */
export function coverBySkill(cover: readonly SkillCover[], clusterId: string | null): SkillLine[] {
  const lines = new Map<Skill, SkillLine>()
  for (const { clusterId: where, skill, needed, present } of cover) {
    if (clusterId !== null && where !== clusterId) continue
    const line = lines.get(skill)
    if (!line) {
      lines.set(skill, { skill, needed: [...needed], present: [...present] })
      continue
    }
    for (const [hour, need] of needed.entries()) {
      const [asked, there, add] = [line.needed[hour] ?? 0, line.present[hour] ?? 0, present[hour] ?? 0]
      const isShort = there < asked || add < need
      line.present[hour] = isShort ? Math.min(there, asked) + Math.min(add, need) : there + add
      line.needed[hour] = asked + need
    }
  }
  return [...lines.values()]
}

/** Runs of hours in which somebody is missing: from, until. */
export function shortHours(needed: readonly number[], present: readonly number[]): [start: number, end: number][] {
  const runs: [number, number][] = []
  for (const [hour, need] of needed.entries()) {
    if ((present[hour] ?? 0) >= need) continue
    const run = runs.at(-1)
    if (run && run[1] === hour) run[1] = hour + 1
    else runs.push([hour, hour + 1])
  }
  return runs
}
