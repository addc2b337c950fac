import { emergencyWords } from '#console/lib/emergency/words.ts'
import { m } from '#console/lib/paraglide/messages.js'
import type { CostTerm, PlanWeights } from '#domain/plan-weights.ts'
import { LIFTABLE_BARS } from '#domain/plan-weights.ts'
import { RESOURCES } from '#domain/services.ts'

/** One number of the weights: where it stands in them (`travel.perKm`), its words and its limits. */
export interface WeightField {
  path: string
  label: string
  most: number
  isWhole: boolean
  /** Balance is counted in thousandths of a load: its slopes are tens. */
  multipleOf?: number
}

export interface WeightGroup {
  name: string
  /** What it costs, as a sentence. */
  why: string
  fields: WeightField[]
}

const MOST_POINTS = 100_000
const MOST_LARGE = 1_000_000

const whole = (path: string, label: string, most = MOST_POINTS): WeightField => ({ path, label, most, isWhole: true })

const term = (name: CostTerm, why: string, ...fields: WeightField[]): WeightGroup => ({
  name: emergencyWords.term(name),
  why,
  fields,
})

/** How many slopes of the load's curve there may be. */
const SLOPES = [0, 1, 2, 3] as const

/** Every number of the weights, term by term, in the order of the rules PC1–PC9; then what remedies are reckoned at. */
export const weightGroups = (): WeightGroup[] => [
  term('travel', m.weight_travelWhy(), whole('travel.perKm', m.weight_perKm()), {
    path: 'travel.freeKm',
    label: m.weight_freeKm(),
    most: 1_000,
    isWhole: false,
  }),
  term(
    'quality',
    m.weight_qualityWhy(),
    whole('quality.perPoint', m.weight_perPoint()),
    whole('quality.goodFrom', m.weight_goodFrom(), 100),
  ),
  term(
    'partyBuilding',
    m.weight_partyBuildingWhy(),
    whole('partyBuilding.perPoint', m.weight_perPoint()),
    whole('partyBuilding.goodFrom', m.weight_goodFrom(), 100),
  ),
  term('rating', m.weight_ratingWhy(), whole('rating.perBand', m.weight_perBand(), MOST_LARGE)),
  term(
    'tierFit',
    m.weight_tierFitWhy(),
    whole('tierFit.perTierBelow', m.weight_perTierBelow(), MOST_LARGE),
    whole('tierFit.perTierAbove', m.weight_perTierAbove(), MOST_LARGE),
  ),
  term('price', m.weight_priceWhy(), whole('price.perPercentOver', m.weight_perPercentOver())),
  term('continuity', m.weight_continuityWhy(), whole('continuity.perChange', m.weight_perChange(), MOST_LARGE)),
  term(
    'balance',
    m.weight_balanceWhy(),
    ...SLOPES.flatMap((slope) => [
      whole(`balance.${slope}.fromPercent`, m.weight_fromPercent(), 200),
      { ...whole(`balance.${slope}.perPercent`, m.weight_perPercent()), multipleOf: 10 },
    ]),
  ),
  term('opening', m.weight_openingWhy(), whole('opening.perThousandYuan', m.weight_perThousandYuan())),
  {
    name: m.weight_remedies(),
    why: m.weight_remediesWhy(),
    fields: [
      ...RESOURCES.map((resource) => ({
        path: `remedy.perUnit.${resource}`,
        label: m.weight_perUnit({ resource: emergencyWords.resource(resource) }),
        most: MOST_LARGE,
        isWhole: false,
      })),
      ...LIFTABLE_BARS.map((bar) =>
        whole(`remedy.perBar.${bar}`, m.weight_perBar({ bar: emergencyWords.bar(bar) }), MOST_LARGE),
      ),
    ],
  },
]

export type WeightTexts = Record<string, string>

const isSlope = (path: string): boolean => path.startsWith('balance.')

const at = (weights: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], weights)

/** Every number as it stands in its field; a slope that is not there is an empty one. */
export const textsOf = (weights: PlanWeights, groups: readonly WeightGroup[]): WeightTexts =>
  Object.fromEntries(groups.flatMap(({ fields }) => fields.map(({ path }) => [path, String(at(weights, path) ?? '')])))

/** The fields that are missing, no number, or beyond their limits. Both numbers of a slope are there, or neither. */
export function faultyWeights(texts: WeightTexts, groups: readonly WeightGroup[]): string[] {
  const fields = groups.flatMap((group) => group.fields)
  return fields.filter((field) => isFaulty(field, texts)).map(({ path }) => path)
}

function isFaulty({ path, most, isWhole, multipleOf }: WeightField, texts: WeightTexts): boolean {
  const text = (texts[path] ?? '').trim()
  if (text === '') return !isSlope(path) || (texts[otherHalf(path)] ?? '').trim() !== ''
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0 || value > most) return true
  if (isWhole && !Number.isInteger(value)) return true
  return multipleOf !== undefined && value % multipleOf !== 0
}

const otherHalf = (path: string): string =>
  path.endsWith('fromPercent') ? path.replace('fromPercent', 'perPercent') : path.replace('perPercent', 'fromPercent')

/** The weights that the fields say; call it only when none is faulty. Slopes stand from the least load up. */
export function weightsFrom(texts: WeightTexts, before: PlanWeights): PlanWeights {
  const made = structuredClone(before)
  for (const [path, text] of Object.entries(texts)) {
    if (isSlope(path)) continue
    const names = path.split('.')
    const last = names.pop() as string
    ;(at(made, names.join('.')) as Record<string, number>)[last] = Number(text)
  }
  made.balance = SLOPES.map((slope) => ({
    fromPercent: texts[`balance.${slope}.fromPercent`] ?? '',
    perPercent: texts[`balance.${slope}.perPercent`] ?? '',
  }))
    .filter(({ fromPercent }) => fromPercent.trim() !== '')
    .map(({ fromPercent, perPercent }) => ({ fromPercent: Number(fromPercent), perPercent: Number(perPercent) }))
    .sort((a, b) => a.fromPercent - b.fromPercent)
  return made
}

/** What is another number than in the version before: path and both texts. */
export const changesOf = (now: PlanWeights, before: PlanWeights, groups: readonly WeightGroup[]) =>
  groups.flatMap(({ name, fields }) =>
    fields.flatMap(({ path, label }) => {
      const [from, to] = [String(at(before, path) ?? '–'), String(at(now, path) ?? '–')]
      return from === to ? [] : [{ path, name, label, from, to }]
    }),
  )
