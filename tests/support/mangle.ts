import { chance, pick, type Random, wholeBetween } from '#domain/random.ts'

/** One seeded way to spoil valid bytes; repeated up to a few times it reaches most of what wire noise and malice make. */
const WAYS: readonly ((random: Random, bytes: Uint8Array) => Uint8Array)[] = [
  (random, bytes) => bytes.slice(0, wholeBetween(random, 0, bytes.length)),
  (random, bytes) => {
    const copy = bytes.slice()
    if (copy.length > 0) copy[wholeBetween(random, 0, copy.length - 1)] = wholeBetween(random, 0, 255)
    return copy
  },
  (random, bytes) => {
    const from = wholeBetween(random, 0, bytes.length)
    return joined(bytes.slice(0, from), noise(random, wholeBetween(random, 1, 12)), bytes.slice(from))
  },
  (random, bytes) => {
    const from = wholeBetween(random, 0, bytes.length)
    return joined(bytes.slice(0, from), bytes.slice(Math.min(bytes.length, from + wholeBetween(random, 1, 9))))
  },
  (random, bytes) => {
    const word = new TextEncoder().encode(pick(random, WORDS))
    const from = wholeBetween(random, 0, bytes.length)
    return joined(bytes.slice(0, from), word, bytes.slice(from + word.length))
  },
  (random) => noise(random, wholeBetween(random, 0, 200)),
]

const WORDS = [
  'null',
  'NaN',
  '1e999',
  '-1',
  '""',
  '[]',
  '{}',
  '[[[[',
  '{"__proto__":',
  '%',
  '%zz',
  '&&=',
  '\u0000',
  '\ud800',
  '999999999999999999999',
  'true',
]

export function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => wholeBetween(random, 0, 255))
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

export function mangled(random: Random, bytes: Uint8Array): Uint8Array {
  let spoiled = pick(random, WAYS)(random, bytes)
  while (chance(random, 0.4)) spoiled = pick(random, WAYS)(random, spoiled)
  return spoiled
}
