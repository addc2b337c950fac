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

/** Takes each post away and puts it where it then adds most, until that changes nothing; begins with those given. */
export function swapAll(choice: Choice, first: Iterable<number> = [...choice.chosen]): void {
  const queue = new Set(first)
  for (const site of queue) {
    queue.delete(site)
    if (choice.isChosen[site] === 0 || choice.model.isStanding[site] === 1) continue
    const other = swapOne(choice, site)
    if (other === site) continue
    // What has changed is what the old site left bare and the new one made double.
    queue.add(other)
    for (const near of [site, other]) for (const each of sharing(choice, near)) queue.add(each)
  }
}

/** Answers where the post stands afterwards. */
function swapOne(choice: Choice, site: number): number {
  const before = choice.covered
  remove(choice, site)
  const other = bestSite(choice)
  add(choice, other)
  if (other === site || choice.covered > before + LEAST_SHARE * before) return other
  remove(choice, other)
  add(choice, site)
  return site
}

/** The chosen sites that reach a place which this one reaches. */
function sharing({ model, isChosen }: Choice, site: number): Set<number> {
  const found = new Set<number>()
  for (const place of model.reaches[site] as Int32Array)
    for (const other of model.reachedBy[place] as Int32Array) if (isChosen[other] === 1) found.add(other)
  found.delete(site)
  return found
}

/** Takes some neighbouring posts away, fills up again and swaps; goes back when that was no better. */
export function shake(choice: Choice, random: Random): boolean {
  const movable = choice.chosen.filter((site) => choice.model.isStanding[site] === 0)
  if (movable.length === 0) return false
  const before = { chosen: [...choice.chosen], covered: choice.covered }
  const first = movable[wholeBetween(random, 0, movable.length - 1)] as number
  const gone = [first, ...sharing(choice, first)].filter((site) => choice.model.isStanding[site] === 0)
  for (const site of gone.slice(0, wholeBetween(random, 1, MOST_GONE))) remove(choice, site)
  const foreign = placeBare(choice, random)
  if (foreign >= 0 && random() < 0.5) add(choice, foreign)
  addGreedily(choice, before.chosen.length)
  swapAll(choice, choice.chosen.slice(-2 * MOST_GONE))
  if (choice.covered > before.covered * (1 + LEAST_SHARE)) return true
  restore(choice, before.chosen)
  return false
}

const MOST_GONE = 4

/** A site that would newly cover something, drawn from a few for what it would add; −1 when none was drawn. */
function placeBare({ gains, isChosen }: Choice, random: Random): number {
  let [best, most] = [-1, 0]
  for (let draw = 0; draw < 6; draw++) {
    const site = wholeBetween(random, 0, gains.length - 1)
    if (isChosen[site] === 0 && (gains[site] as number) > most) [best, most] = [site, gains[site] as number]
  }
  return best
}

/** Another choice altogether is taken up, swapped, and kept if it covers more. */
export function tryChoice(choice: Choice, sites: Iterable<number>): boolean {
  const before = { chosen: [...choice.chosen], covered: choice.covered }
  restore(choice, [...sites])
  addGreedily(choice, before.chosen.length)
  swapAll(choice)
  if (choice.covered > before.covered * (1 + LEAST_SHARE)) return true
  restore(choice, before.chosen)
  return false
}

function restore(choice: Choice, chosen: readonly number[]): void {
  const wanted = new Set(chosen)
  for (const site of [...choice.chosen]) if (!wanted.has(site)) remove(choice, site)
  for (const site of chosen) if (choice.isChosen[site] === 0) add(choice, site)
}
