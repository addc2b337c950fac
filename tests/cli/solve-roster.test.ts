import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tinyFile } from '#tests/planning/roster/core/tiny-file.ts'
import { hongguan } from '#tests/support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-roster-'))
const out = join(folder, 'sol.csv')

/** Writes a problem and solves it as an operator would. */
async function solve(text: string, ...more: string[]) {
  const file = join(folder, 'problem.txt')
  writeFileSync(file, text)
  return hongguan(['solve', 'roster', file, '--format', 'shift-scheduling', '--seed', '1', ...more])
}

describe('hongguan solve roster', () => {
  test('[CL7, SS14] prints one line with the proved optimum and writes a line for each shift given', async () => {
    const said = await solve(tinyFile(), '--seconds', '20', '--json', '--out', out)
    expect(said.status).toBe(0)
    expect(said.stdout.trim().split('\n')).toHaveLength(1)
    const line = { objective: 0, bound: 0, gap: 0, status: 'optimal', seconds: expect.any(Number) }
    expect(JSON.parse(said.stdout)).toEqual(line)
    const given = readFileSync(out, 'utf8').trimEnd().split('\n')
    expect(given).toContain('A,3,D')
    expect(given).toContain('B,3,N')
    expect(given.every((each) => /^[AB],[0-6],[DN]$/.test(each))).toBe(true)
    expect(said.stderr).toContain('solving')
  })

  test('[CL7, RS5] what is proved to have no roster is infeasible, what ran out of time unknown: status 1, no file', async () => {
    const nowhere = join(folder, 'nowhere.csv')
    const overworked = tinyFile().replace('2400,960', '2399,2390')
    const proved = await solve(overworked, '--seconds', '20', '--json', '--out', nowhere)
    expect(proved.status).toBe(1)
    expect(JSON.parse(proved.stdout)).toMatchObject({ objective: null, gap: null, status: 'infeasible' })
    const late = await solve(tinyFile(), '--steps', '0', '--json', '--out', nowhere)
    expect(late.status).toBe(1)
    expect(JSON.parse(late.stdout)).toMatchObject({ objective: null, bound: null, gap: null, status: 'unknown' })
    expect(existsSync(nowhere)).toBe(false)
  })

  test('[CL7, SS14] a malformed file is refused with status 2, its line and the reason', async () => {
    const said = await solve(tinyFile().replace('N,600,D', 'N,600,X'))
    expect(said).toMatchObject({ status: 2, stdout: '' })
    expect(said.stderr).toContain('line 5: no shift is called X')
  })
})
