import { noReadings, type Readings } from './match.ts'

let current: Readings = $state.raw(noReadings)
let isAsked = false

/** Characters looked up so far: a city's names use some two thousand. */
const known = new Map<string, readonly string[]>()

/** The dictionary is large and wanted only by whoever types into a search: it comes then. */
export const pinyin = {
  get readings(): Readings {
    return current
  },
  async load(): Promise<void> {
    if (isAsked) return
    isAsked = true
    const { polyphonic } = await import('pinyin-pro')
    current = (char) => {
      const before = known.get(char)
      if (before) return before
      const isChinese = char >= '\u3400' && char <= '\u9fff'
      const readings = isChinese ? (polyphonic(char, { type: 'array', toneType: 'none' })[0] ?? []) : []
      const plain = readings.map((reading) => reading.replaceAll('ü', 'v'))
      known.set(char, plain)
      return plain
    }
  },
}
