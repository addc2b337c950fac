import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { judge } from '#planning/posts/model.ts'
import { parsePmedcap } from '#planning/posts/pmedcap.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'

const SMALL = ' 1 8\n 3 2 10\n 1 0 0 4\n 2 3 4 5\n 3 10 0 6\n'

const refusal = (text: string) => {
  const parsed = parsePmedcap(text)
  return parsed.ok ? null : { line: parsed.line, why: parsed.why }
}

describe('the capacitated p-median format', () => {
  test('[PO1] a distance is Euclidean and cut to a whole number', () => {
    const parsed = parsePmedcap(SMALL)
    if (!parsed.ok) throw new Error(parsed.why)
    // 0–2 is 10, 0–1 is 5, 1–2 is √65 = 8.06.
    expect([...parsed.model.cost]).toEqual([0, 5, 10, 5, 0, 8, 10, 8, 0])
    expect(parsed.model).toMatchObject({ sites: 3, customers: 3, posts: 2 })
    expect([...parsed.model.demand]).toEqual([4, 5, 6])
    expect([...parsed.model.capacity]).toEqual([10, 10, 10])
  })

  test('[PO1] the title is passed over: another best known value, or none that is a number, is the same problem', () => {
    const one = parsePmedcap(SMALL)
    for (const title of ['1 9999', '7 0', '1 unknown', '1'])
      expect(parsePmedcap(SMALL.replace(' 1 8', title))).toEqual(one)
  })

  test('[PO1] line ends, blank lines and the order of the ids make no difference', () => {
    const one = parsePmedcap(SMALL)
    expect(parsePmedcap(SMALL.replaceAll('\n', '\r\n'))).toEqual(one)
    expect(parsePmedcap('1 8\n\n3 2 10\n3 10 0 6\n1 0 0 4\n\n2 3 4 5')).toEqual(one)
  })

  test('[PO1] whatever is wrong is named with its line', () => {
    expect(refusal('')).toEqual({ line: 1, why: 'the file ends before the line "n p Q"' })
    expect(refusal('1 8\n3 two 10\n')).toEqual({ line: 2, why: 'expected three numbers "n p Q"' })
    expect(refusal('1 8\n3 4 10\n')).toEqual({ line: 2, why: 'p must be a whole number from 1 to 3' })
    expect(refusal('1 8\n0 1 10\n')).toEqual({ line: 2, why: 'n must be a whole number of at least 1' })
    expect(refusal(SMALL.replace('3 4 5', '3 4'))).toEqual({ line: 4, why: 'expected four numbers "id x y demand"' })
    expect(refusal(SMALL.replace('10 0 6', '10 0 -6'))).toEqual({ line: 5, why: 'a demand must not be negative' })
    expect(refusal(SMALL.replace(' 3 10', ' 2 10'))).toEqual({ line: 5, why: 'id 2 stands here a second time' })
    expect(refusal(SMALL.replace(' 3 10', ' 4 10'))).toEqual({
      line: 5,
      why: 'the id must be a whole number from 1 to 3',
    })
    expect(refusal(SMALL.replace(' 3 10 0 6\n', ''))).toEqual({
      line: 5,
      why: 'the file ends after 2 of 3 lines "id x y demand"',
    })
    expect(refusal(`${SMALL}4 1 1 1\n`)).toEqual({ line: 6, why: 'there is more than the 3 lines promised' })
    expect(refusal('1 8 2\n3 2 10\n')?.line).toBe(1)
  })
})

describeWithShared('published problems', ['location/pmedcap'], () => {
  test('[PO1] all seven are read', () => {
    for (const [number, customers] of Object.entries({
      '01': 50,
      '04': 50,
      '07': 50,
      '10': 50,
      '13': 100,
      '16': 100,
      '19': 100,
    })) {
      const parsed = parsePmedcap(readFileSync(sharedPath(`location/pmedcap/pmedcap${number}.txt`), 'utf8'))
      if (!parsed.ok) throw new Error(`${number}: ${parsed.why}`)
      expect(parsed.model.customers).toBe(customers)
    }
  })
})

describe('judging a placement', () => {
  const parsed = parsePmedcap(SMALL)
  if (!parsed.ok) throw new Error(parsed.why)
  const { model } = parsed
  const at = (...siteOf: number[]) => ({ chosen: Int32Array.from(new Set(siteOf)), siteOf: Int32Array.from(siteOf) })

  test('[PO2] the cost is the sum of what each customer costs at its post', () => {
    expect(judge(model, at(1, 1, 2))).toEqual({ ok: true, cost: 5 })
    expect(judge(model, at(0, 0, 2))).toEqual({ ok: true, cost: 5 })
  })

  test('[PO2] the first thing that is wrong is named', () => {
    expect(judge(model, at(0, 2, 2))).toEqual({ ok: false, why: 'overload', at: 2 })
    expect(judge(model, at(0, 1, 2))).toEqual({ ok: false, why: 'tooManyPosts', at: 3 })
    expect(judge(model, { chosen: Int32Array.of(0), siteOf: Int32Array.of(0, 0, 2) })).toEqual({
      ok: false,
      why: 'notChosen',
      at: 2,
    })
    const standing = { ...model, isStanding: Uint8Array.of(0, 1, 0) }
    expect(judge(standing, at(0, 0, 2))).toEqual({ ok: false, why: 'standingLeft', at: 1 })
    const cost = Float64Array.from(model.cost)
    cost[0] = Number.POSITIVE_INFINITY
    expect(judge({ ...model, cost }, at(0, 0, 2))).toEqual({ ok: false, why: 'notAllowed', at: 0 })
  })
})
