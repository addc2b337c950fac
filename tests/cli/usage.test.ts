import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hongguan } from '#tests/support/command-line.ts'

const NOWHERE = { HONGGUAN_DATA: join(tmpdir(), 'hongguan-nobody-is-here') }
const VERBS = 'start migrate tenant user device import export replay simulate verify'.split(' ')
const say = (line: string) => hongguan(line.split(' ').filter(Boolean), NOWHERE)

describe('the command line', () => {
  test('[CL1] explains itself and every verb, with status 0', async () => {
    const all = await say('--help')
    expect(all.status).toBe(0)
    for (const verb of VERBS) expect(all.stdout).toContain(`  ${verb}`)
    for (const verb of VERBS) {
      const one = await say(`${verb} --help`)
      expect([verb, one.status]).toEqual([verb, 0])
      expect(one.stdout).toContain(`hongguan ${verb}`)
    }
  })

  test.each([
    'fly',
    'user add somebody',
    'user add somebody --role king',
    'user add ab --role auditor',
    'device add',
    'start --speed 60',
    'start --clock yesterday',
    'start --clock 2008-05-22T07:00:00',
    'start --port 70000',
    'start --port x',
    'replay --map map.json',
    'replay --fixes f.csv --map m.json --shift-to tomorrow',
    'replay --fixes f.csv --map m.json --speed -1',
    'replay --fixes f.csv --map m.json --timezone Mars/Olympus',
    'simulate --sockets many',
    'tenant add',
    'tenant list surplus',
    'export tickets --from noon',
  ])('[CL1] `%s` is bad usage: status 2, the reason on stderr, nothing on stdout', async (line) => {
    const said = await say(line)
    expect(said.status).toBe(2)
    expect(said.stderr).not.toBe('')
    expect(said.stdout).toBe('')
  })

  test('[CL1] a verb that lacks its server is refused with status 1 and says what to do', async () => {
    const said = await say('simulate --tenant x')
    expect(said).toMatchObject({ status: 1, stdout: '' })
    expect(said.stderr).toContain('npm start')
  })

  test('[CL1] with --json a refusal is one document on stdout', async () => {
    const said = await say('simulate --tenant x --json')
    expect(said.status).toBe(1)
    expect(JSON.parse(said.stdout)).toEqual({
      error: { code: 'noServer', message: expect.stringContaining('no server') },
    })
    expect(said.stderr).toBe('')
  })

  test('[IM7] --shift-to now with another speed is refused with its reason, status 1', async () => {
    const said = await say('replay --fixes f.csv --map m.json --shift-to now --speed 60')
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('real speed')
  })

  test('[PL5] a tenant file with several faults is refused with all of them, before any database is opened', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hongguan-tenant-')), 'city.json')
    writeFileSync(file, JSON.stringify({ code: 'X', locale: 'fr', places: { districts: 'nowhere.json' } }))
    const said = await say(`tenant add ${file}`)
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('/places/districts')
    writeFileSync(file, JSON.stringify({ code: 'X', locale: 'fr' }))
    const more = await say(`tenant add ${file}`)
    expect(more.stderr).toContain('/code')
    expect(more.stderr).toContain('/locale')
  })

  test('[CL2] a busy port is named with what to do, and no database is made for it', async () => {
    const busy = createServer()
    await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done))
    const { port } = busy.address() as { port: number }
    const said = await say(`start --port ${port}`)
    busy.close()
    expect(said.status).toBe(1)
    expect(said.stderr).toContain(`port ${port} on 127.0.0.1 is in use`)
    expect(said.stderr).toContain('HONGGUAN_PORT=')
    expect(existsSync(NOWHERE.HONGGUAN_DATA)).toBe(false)
  })
})
