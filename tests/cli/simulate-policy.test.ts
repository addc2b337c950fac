import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { townMap, townRows } from '#tests/planning/policy/town-file.ts'
import { hongguan } from '#tests/support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-policy-'))
const write = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const MAP = write('map.json', townMap())
const CALLS = write('calls.csv', townRows(120))
const policy = (...args: string[]) =>
  hongguan(['simulate', 'policy', '--calls', CALLS, '--map', MAP, '--timezone', 'UTC', '--seeds', '2', ...args], {})

describe('hongguan simulate policy', () => {
  test('[PY6] prints the error of the calibration and a row a policy, each with its interval', async () => {
    const said = await policy('--json', '--unit-type', 'sort')
    expect(said.stderr).toContain('simulating')
    expect(said.status).toBe(0)
    const { calibration, rows: table, seeds } = JSON.parse(said.stdout)
    expect(seeds).toBe(2)
    expect(calibration.n).toBeGreaterThan(40)
    expect(Math.abs(calibration.errors.p50)).toBeLessThan(0.2)
    expect(table.map((row: { policy: string }) => row.policy)).toEqual(['nearest', 'eta', 'cover', 'reposition'])
    expect(table[1].p90Ms.plusMinus).toBeGreaterThanOrEqual(0)
  }, 60_000)

  test('[PY7] one more unit, other posts and a roster are simulated beside the fleet as it was', async () => {
    const posts = write('posts.csv', '123.43,41.80\n123.45,41.81\n')
    const roster = write('roster.json', JSON.stringify({ 'van-0': [['2026-03-02T00:00:00Z', '2026-03-02T08:00:00Z']] }))
    const said = await policy(
      '--json',
      '--policy',
      'eta',
      '--add-unit',
      '123.43,41.8',
      '--posts',
      posts,
      '--roster',
      roster,
    )
    expect(said.status).toBe(0)
    const { rows: before, scenario } = JSON.parse(said.stdout)
    expect(scenario.map((row: { policy: string }) => row.policy)).toEqual(['nearest', 'eta'])
    // Nine vans from two crowded posts come later than from nine.
    expect(scenario[1].p50Ms.mean).toBeGreaterThan(before[1].p50Ms.mean)
  }, 60_000)

  test('[CL1] a file whose columns nobody explained, or a unit nobody knows, is refused by name', async () => {
    const bare = await hongguan(['simulate', 'policy', '--calls', CALLS, '--json'], {})
    expect(bare.status).toBe(2)
    expect(JSON.parse(bare.stdout).error.message).toContain('--map')
    const roster = write('wrong.json', JSON.stringify({ nobody: [] }))
    const wrong = await policy('--json', '--roster', roster)
    expect(wrong.status).toBe(1)
    expect(JSON.parse(wrong.stdout).error.message).toContain('there is no unit "nobody"')
    const column = await policy('--json', '--unit-type', 'colour')
    expect(JSON.parse(column.stdout).error.message).toContain('has no column colour')
  }, 60_000)
})
