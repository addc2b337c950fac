import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { townMap, townRows } from '#tests/planning/policy/town-file.ts'
import { hongguan } from '#tests/support/command-line.ts'
import { type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-policy-own-'))
const path = (name: string) => join(folder, name)
let world: DispatchWorld

beforeAll(async () => {
  world = await dispatchWorld()
  writeFileSync(path('map.json'), townMap())
  writeFileSync(path('calls.csv'), townRows(120))
})
afterAll(() => world.end())

const say = (...args: string[]) => hongguan(args, { DATABASE_URL: world.url, HONGGUAN_DATA: folder })

describe('hongguan simulate policy on the own history', () => {
  test('[PY1] a city without enough of it is told so', async () => {
    const said = await say('simulate', 'policy', '--tenant', 'city', '--json')
    expect(said.status).toBe(1)
    expect(JSON.parse(said.stdout).error.message).toMatch(/only \d+ calls with somebody on site/)
  }, 60_000)

  test('[PY6] what the city has on record is replayed and judged like a file', async () => {
    const import_ = [
      'import',
      'tickets',
      path('calls.csv'),
      '--map',
      path('map.json'),
      '--timezone',
      'UTC',
      '--tenant',
      'city',
    ]
    expect((await say(...import_)).status).toBe(0)
    const said = await say('simulate', 'policy', '--tenant', 'city', '--seeds', '2', '--policy', 'eta', '--json')
    expect(said.status).toBe(0)
    const { calibration, rows } = JSON.parse(said.stdout)
    expect(calibration.n).toBeGreaterThan(40)
    expect(Math.abs(calibration.errors.p50)).toBeLessThan(0.2)
    expect(rows).toHaveLength(2)
  }, 60_000)
})
