/** Every reading of a character in plain letters (行: xing, hang, heng); none for what is not Chinese. */
export type Readings = (char: string) => readonly string[]

export const noReadings: Readings = () => []

/** How many signs of the text a word may jump over and still mean it. */
const SKIPS_AT_MOST = 6

/**
 * DK7: how well a text answers a query; smaller is better, null = not at all. Each word of the query must be found: as it
 * stands, by pinyin in full or by initials or mixed (`hpq`, `hepingqu`, `heping区`), or with signs left out.
 */
export function matchScore(text: string, query: string, readings: Readings): number | null {
  const lower = text.toLowerCase()
  let sum = 0
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue
    const score = wordScore(lower, word, readings)
    if (score === null) return null
    sum += score
  }
  return sum
}

function wordScore(text: string, word: string, readings: Readings): number | null {
  const found = text.indexOf(word)
  if (found >= 0) return found * 0.01
  for (let start = 0; start < text.length; start++) {
    const skips = follow(text, start, word, 0, readings, 0)
    if (skips !== null) return 1 + skips + start * 0.01
    if (!mayBegin(text, start, word, readings)) continue
    const loose = follow(text, start, word, 0, readings, SKIPS_AT_MOST)
    if (loose !== null) return 2 + loose + start * 0.01
  }
  return null
}

const mayBegin = (text: string, start: number, word: string, readings: Readings): boolean =>
  text[start] === word[0] || readings(text[start] ?? '').some((reading) => reading[0] === word[0])

/** Signs skipped to lay the rest of the word on the text from `i`; null = it does not fit. */
function follow(text: string, i: number, word: string, j: number, readings: Readings, maySkip: number): number | null {
  if (j === word.length) return 0
  const char = text[i]
  if (char === undefined) return null
  if (char === word[j]) {
    const rest = follow(text, i + 1, word, j + 1, readings, maySkip)
    if (rest !== null) return rest
  }
  for (const reading of readings(char)) {
    for (let length = Math.min(reading.length, word.length - j); length > 0; length--) {
      if (!word.startsWith(reading.slice(0, length), j)) continue
      const rest = follow(text, i + 1, word, j + length, readings, maySkip)
      if (rest !== null) return rest
    }
  }
  if (maySkip === 0 || j === 0) return null
  const rest = follow(text, i + 1, word, j, readings, maySkip - 1)
  return rest === null ? null : rest + 1
}

export interface Scored<T> {
  item: T
  score: number
}

/** The best of many, best first; equal ones the shorter first. */
export function bestScored<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  query: string,
  readings: Readings,
  limit: number,
): Scored<T>[] {
  const scored: Scored<T>[] = []
  for (const item of items) {
    const score = matchScore(textOf(item), query, readings)
    if (score !== null) scored.push({ item, score })
  }
  return scored.sort((a, b) => a.score - b.score || textOf(a.item).length - textOf(b.item).length).slice(0, limit)
}

export const best = <T>(...asked: Parameters<typeof bestScored<T>>): T[] => bestScored(...asked).map(({ item }) => item)
