import { type Random, wholeBetween } from '#domain/random.ts'
import type { CoveringModel } from './model.ts'

/** A choice of sites with what each further one would add. */
export interface Choice {
  model: CoveringModel
  chosen: number[]
  isChosen: Uint8Array
  /** How many chosen sites reach each place. */
  counts: Int32Array
  /** The weight each site would newly cover. */
  gains: Float64Array
  covered: number
}

export function emptyChoice(model: CoveringModel): Choice {
  const { weight, reaches } = model
  const gains = Float64Array.from(reaches, (places) =>
    places.reduce((sum, place) => sum + (weight[place] as number), 0),
  )
  const choice: Choice = {
    model,
    chosen: [],
    isChosen: new Uint8Array(reaches.length),
    counts: new Int32Array(weight.length),
    gains,
    covered: 0,
  }
  for (const [site, stands] of model.isStanding.entries()) if (stands === 1) add(choice, site)
  return choice
}

export function add(choice: Choice, site: number): void {
  const { model, counts, gains, isChosen, chosen } = choice
  isChosen[site] = 1
  chosen.push(site)
  for (const place of model.reaches[site] as Int32Array) {
    counts[place] = (counts[place] as number) + 1
    if (counts[place] !== 1) continue
    const weight = model.weight[place] as number
    choice.covered += weight
    for (const other of model.reachedBy[place] as Int32Array) gains[other] = (gains[other] as number) - weight
  }
}

export function remove(choice: Choice, site: number): void {
  const { model, counts, gains, isChosen, chosen } = choice
  isChosen[site] = 0
  chosen.splice(chosen.indexOf(site), 1)
  for (const place of model.reaches[site] as Int32Array) {
    counts[place] = (counts[place] as number) - 1
    if (counts[place] !== 0) continue
    const weight = model.weight[place] as number
    choice.covered -= weight
    for (const other of model.reachedBy[place] as Int32Array) gains[other] = (gains[other] as number) + weight
  }
}

/** The site that adds most; −1 when none is left. Of equal ones the first. */
function bestSite({ gains, isChosen }: Choice): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY]
  for (let site = 0; site < gains.length; site++)
    if (isChosen[site] === 0 && (gains[site] as number) > most) [best, most] = [site, gains[site] as number]
  return best
}

/** Fills up to so many posts, each where it adds most (never below 1 − 1/e of the best there is; Nemhauser and others 1978). */
export function addGreedily(choice: Choice, posts: number): void {
  while (choice.chosen.length < posts) {
    const site = bestSite(choice)
    if (site < 0) return
    add(choice, site)
  }
}

/** An error of adding floats is no improvement. */
const LEAST_SHARE = 1e-9

/** Takes each post away and puts it where it then adds most, until that changes nothing. */
export function swapAll(choice: Choice): void {
  for (let isBetter = true; isBetter; ) {
    isBetter = false
    for (const site of [...choice.chosen]) {
      if (choice.model.isStanding[site] === 1) continue
      const before = choice.covered
      remove(choice, site)
      const other = bestSite(choice)
      add(choice, other)
      if (choice.covered > before + LEAST_SHARE * before) isBetter = true
      else if (other !== site) {
        remove(choice, other)
        add(choice, site)
      }
    }
  }
}

/** Takes some neighbouring posts away, fills up again and swaps; goes back when that was no better. */
export function shake(choice: Choice, random: Random): boolean {
  const movable = choice.chosen.filter((site) => choice.model.isStanding[site] === 0)
  if (movable.length === 0) return false
  const before = { chosen: [...choice.chosen], covered: choice.covered }
  const first = movable[wholeBetween(random, 0, movable.length - 1)] as number
  const count = wholeBetween(random, 1, Math.min(4, movable.length))
  for (const site of nearestTo(choice.model, first, movable, count)) remove(choice, site)
  const foreign = wholeBetween(random, 0, choice.gains.length - 1)
  if (choice.isChosen[foreign] === 0 && random() < 0.5) add(choice, foreign)
  addGreedily(choice, before.chosen.length)
  swapAll(choice)
  if (choice.covered > before.covered * (1 + LEAST_SHARE)) return true
  restore(choice, before.chosen)
  return false
}

/** Those that share most places with the first, itself in front. */
function nearestTo({ reaches }: CoveringModel, first: number, among: readonly number[], count: number): number[] {
  const own = new Set(reaches[first])
  const shared = new Map(
    among.map((site) => [
      site,
      (reaches[site] as Int32Array).reduce((sum, place) => sum + (own.has(place) ? 1 : 0), 0),
    ]),
  )
  shared.set(first, Number.POSITIVE_INFINITY)
  return [...among].sort((a, b) => (shared.get(b) as number) - (shared.get(a) as number) || a - b).slice(0, count)
}

function restore(choice: Choice, chosen: readonly number[]): void {
  const wanted = new Set(chosen)
  for (const site of [...choice.chosen]) if (!wanted.has(site)) remove(choice, site)
  for (const site of chosen) if (choice.isChosen[site] === 0) add(choice, site)
}
