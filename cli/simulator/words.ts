import { pick, seededRandom, wholeBetween } from '#domain/random.ts'
import type { Category } from '#domain/ticket.ts'

/** What simulated residents and units say. Every report begins with the mark, so that nobody takes it for a person's. */
export interface Words {
  description(category: Category, key: string): string
  address(community: string, key: string): string
  resolution(key: string): string
  ratingText(key: string, rating: number): string
  plan(key: string): { owner: string; steps: string }
}

type Lines = readonly string[]

interface Phrases {
  mark: string
  reports: Readonly<Record<Category, Lines>>
  address: (community: string, building: number, entrance: number, floor: number) => string
  resolutions: Lines
  good: Lines
  poor: Lines
  planOwner: string
  planSteps: Lines
}

export function wordsOf(locale: 'zh-CN' | 'en', phrases: Record<'zh-CN' | 'en', Phrases>, seed: number): Words {
  const { mark, reports, address, resolutions, good, poor, planOwner, planSteps } = phrases[locale]
  const draw = (lines: Lines, key: string) => pick(seededRandom(seed, `words ${key}`), lines)
  return {
    description: (category, key) => `${mark}${draw(reports[category], key)}`,
    address: (community, key) => {
      const random = seededRandom(seed, `address ${key}`)
      return address(community, wholeBetween(random, 1, 24), wholeBetween(random, 1, 4), wholeBetween(random, 1, 18))
    },
    resolution: (key) => `${mark}${draw(resolutions, key)}`,
    ratingText: (key, rating) => `${mark}${draw(rating >= 4 ? good : poor, key)}`,
    plan: (key) => ({ owner: planOwner, steps: `${mark}${draw(planSteps, key)}` }),
  }
}

export type { Phrases }
