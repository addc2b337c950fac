import { describe, expect, test } from 'vitest'
import { wholeList } from '#console/lib/pages/whole-list.ts'

const ROWS = Array.from({ length: 1_234 }, (_, n) => ({ id: `row-${n}` }))

/** As the server answers: what follows `after`, at most `limit`. */
function server() {
  const asked: number[] = []
  const read = async ({ after, limit }: { after?: string; limit: number }) => {
    asked.push(limit)
    const from = after === undefined ? 0 : ROWS.findIndex(({ id }) => id === after) + 1
    return { ok: true as const, answer: ROWS.slice(from, from + limit) }
  }
  return { asked, read }
}

describe('a list that comes in pages', () => {
  test('[ED5] is read to its end', async () => {
    const { asked, read } = server()
    expect(await wholeList(read)).toEqual({ ok: true, answer: ROWS })
    expect(asked).toEqual([500, 500, 500])
  })

  test('[ED5] is read as far as it is asked for, and no further', async () => {
    const { asked, read } = server()
    expect(await wholeList(read, 601)).toEqual({ ok: true, answer: ROWS.slice(0, 601) })
    expect(asked).toEqual([500, 101])
  })

  test('[ED5] that is refused half-way is refused', async () => {
    const { read } = server()
    const no = { ok: false as const, why: 'overloaded' as const, fields: [] }
    expect(await wholeList(async (query) => (query.after ? no : read(query)))).toEqual(no)
  })
})
