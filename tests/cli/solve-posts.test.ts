import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hongguan } from '#tests/support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-posts-'))
let files = 0
const write = (text: string) => {
  const path = join(folder, `problem-${files++}.txt`)
  writeFileSync(path, text)
  return path
}

/** Two groups of three, a hundred apart: a post in the middle of each. */
const TWO_GROUPS = '1 4\n6 2 10\n1 0 0 3\n2 1 0 3\n3 2 0 3\n4 100 0 3\n5 101 0 3\n6 102 0 3\n'
const solve = (path: string, ...more: string[]) =>
  hongguan(['solve', 'posts', path, '--format', 'pmedcap', '--seconds', '10', '--seed', '3', ...more], {})

describe('hongguan solve posts', () => {
  test('[PO1, PO6] writes the median of each customer and one line with the proof', async () => {
    const out = join(folder, 'plan.txt')
    const { status, stdout } = await solve(write(TWO_GROUPS), '--json', '--out', out)
    expect(status).toBe(0)
    const line = JSON.parse(stdout)
    expect(line).toMatchObject({ objective: 4, bound: 4, gap: 0, status: 'optimal' })
    expect(Object.keys(line)).toEqual(['objective', 'bound', 'gap', 'status', 'seconds'])
    expect(readFileSync(out, 'utf8').trim().split(/\s+/)).toEqual(['2', '2', '2', '5', '5', '5'])
  })

  test('[PO1] another best known value in the title changes nothing', async () => {
    const outs = await Promise.all(
      ['1 4', '1 1', '9 123456'].map(async (title, n) => {
        const out = join(folder, `title-${n}.txt`)
        await solve(write(TWO_GROUPS.replace('1 4', title)), '--out', out)
        return readFileSync(out, 'utf8')
      }),
    )
    expect(new Set(outs).size).toBe(1)
  })

  test('[PO1, CL1] a malformed file is bad usage, with its line and reason', async () => {
    const said = await solve(write(TWO_GROUPS.replace('3 2 0 3', '3 2 x 3')), '--json')
    expect(said.status).toBe(2)
    expect(JSON.parse(said.stdout).error.message).toMatch(/line 5: expected four numbers/)
  })

  test('[PO3, CL1] what cannot be served is infeasible: told on the line, status 1, and no plan is written', async () => {
    const out = join(folder, 'none.txt')
    const { status, stdout } = await solve(write(TWO_GROUPS.replace('6 2 10', '6 2 8')), '--json', '--out', out)
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ objective: null, status: 'infeasible' })
    expect(existsSync(out)).toBe(false)
  })
})
