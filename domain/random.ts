/** The next number of a seeded stream, in [0, 1). Same seed, same numbers, on every machine. */
export type Random = () => number

/**
 * A seeded stream: sfc32 (Chris Doty-Humphrey, PractRand; period about 2^128), its state filled from FNV-1a and splitmix32.
 * `label` names an independent stream of the same seed, so that drawing more for one purpose never moves another.
 */
export function seededRandom(seed: number, label = ''): Random {
  const fill = splitmix32((fnv1a(label) ^ Math.imul(seed | 0, 0x9e3779b1)) | 0)
  let a = fill()
  let b = fill()
  let c = fill()
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return next
}

/** A whole number from `low` to `high`, both included. */
export const wholeBetween = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low)

export const chance = (random: Random, share: number): boolean => random() < share

/** One item of a list that is not empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('pick: the list is empty')
  return items[Math.floor(random() * items.length)] as T
}

/** Normal deviate, mean 0 and deviation 1 (Box and Muller 1958; one of the pair is thrown away to keep no state). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = copy[last] as T
    copy[last] = copy[other] as T
    copy[other] = kept
  }
  return copy
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** splitmix32 (Steele, Lea, Flood 2014, in its common 32-bit form): turns one word into well mixed ones. */
function splitmix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
