import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hongguan } from '#tests/support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-solve-'))
const out = join(folder, 'plan.txt')

/** Writes a problem and solves it as an operator would. */
async function solve(text: string, ...more: string[]) {
  const file = join(folder, 'problem.txt')
  writeFileSync(file, text)
  return hongguan(['solve', 'assignment', file, '--seconds', '20', '--seed', '1', ...more])
}

describe('hongguan solve assignment', () => {
  test('[CL7] prints one line with the proved optimum and writes the agent of each job', async () => {
    const said = await solve('2 3\n 1 9 9\n 9 1 1\n 2 2 2\n 2 2 2\n 2 4\n', '--threads', '1', '--json', '--out', out)
    expect(said.status).toBe(0)
    expect(said.stdout.trim().split('\n')).toHaveLength(1)
    const line = JSON.parse(said.stdout)
    expect(line).toEqual({ objective: 3, bound: 3, gap: 0, status: 'optimal', seconds: expect.any(Number) })
    expect(readFileSync(out, 'utf8')).toBe('0 1 1\n')
    expect(said.stderr).toContain('solving')
  })

  test('[CL7] what is proved to have no plan ends with status 1, its line and no file', async () => {
    const nowhere = join(folder, 'nowhere.txt')
    const said = await solve('1 2 1 1 3 3 5', '--json', '--out', nowhere)
    expect(said.status).toBe(1)
    expect(JSON.parse(said.stdout)).toMatchObject({ objective: null, gap: null, status: 'infeasible' })
    expect(existsSync(nowhere)).toBe(false)
  })

  test.each([
    ['2 2\n1 1\n1 x\n1 1 1 1 2 2', 'line 3', '‘x’'],
    ['2 2\n1 1 1 1\n1 1 1 1\n2', 'line 4', 'the capacity of agent 2'],
    ['1 1 1 1 1\n7', 'line 2', 'more than'],
    ['0 4', 'line 1', 'no problem'],
  ])('[CL7] a malformed file is refused with status 2, its line and the reason: %j', async (text, line, why) => {
    const said = await solve(text)
    expect(said).toMatchObject({ status: 2, stdout: '' })
    expect(said.stderr).toContain(line)
    expect(said.stderr).toContain(why)
  })

  test('[CL7] a missing file and an unknown format are bad usage', async () => {
    expect((await hongguan(['solve', 'assignment', join(folder, 'none.txt')])).status).toBe(2)
    expect((await solve('1 1 1 1 1', '--format', 'mps')).status).toBe(2)
  })
})
