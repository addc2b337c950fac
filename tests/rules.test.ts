import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filesUnder } from './support/tree.ts'

/** A rule's line in RULES.md: `- **SL3** the sentence`. */
const RULE = /^- \*\*([A-Z]{1,3}\d+)\*\*\s+\S/gm
/** The ids a title begins with: [SL3] or [SL3, TK1] or [SL3][TK1], straight after the quote. */
const TITLE = /['"`]((?:\[[A-Z]{1,3}\d+(?:,\s*[A-Z]{1,3}\d+)*\]\s*)+)/g

const rules = [...readFileSync('domain/RULES.md', 'utf8').matchAll(RULE)].map((match) => match[1] ?? '')
const tested = new Map<string, string>()
for (const file of filesUnder('tests', ['.test.ts'])) {
  for (const [, ids = ''] of readFileSync(file, 'utf8').matchAll(TITLE)) {
    for (const [id] of ids.matchAll(/[A-Z]{1,3}\d+/g)) tested.set(id, file)
  }
}

describe('rules', () => {
  test('every rule stands in RULES.md under an id of its own', () => {
    expect(rules.length).toBeGreaterThan(0)
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([])
  })

  test('every rule is named by a test', () => {
    expect(rules.filter((id) => !tested.has(id))).toEqual([])
  })

  test('every id a test names is a rule', () => {
    expect([...tested].filter(([id]) => !rules.includes(id)).map(([id, file]) => `${id} in ${file}`)).toEqual([])
  })
})
