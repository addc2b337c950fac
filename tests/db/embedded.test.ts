import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDb } from '#db/connect.ts'
import { DataFolderInUse, type EmbeddedPostgres, startEmbedded } from '#db/embedded.ts'
import { migrate } from '#db/migrate.ts'

let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hongguan-embedded-'))
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** A server process of its own that starts the folder's PostgreSQL, writes one row, and waits to be killed. */
const OWNER = `
import postgres from 'postgres'
const { startEmbedded } = await import(process.argv[1])
const pg = await startEmbedded({ dataDir: process.argv[2] })
const sql = postgres(pg.url, { max: 1 })
await sql\`create table if not exists kept (word text)\`
await sql\`insert into kept values ('acknowledged')\`
console.log('written')
setInterval(() => undefined, 1000)
`

/** A server process whose PostgreSQL is killed inside a transaction; it says what it finds afterwards. */
const SURVIVOR = `
import { readFileSync } from 'node:fs'
const [embedded, connect, fault, dataDir] = process.argv.slice(1)
const { startEmbedded } = await import(embedded)
const { openDb } = await import(connect)
const { surviveDriverFault } = await import(fault)
surviveDriverFault(() => undefined)
const pg = await startEmbedded({ dataDir })
const { sql, close } = openDb(pg.url, { max: 3 })
await sql\`create table if not exists kept (word text)\`
await sql\`insert into kept values ('before the end')\`
const postmaster = Number(readFileSync(pg.dataDir + '/postgres/cluster/postmaster.pid', 'utf8').split('\\n')[0])
const cut = sql.begin(async (tx) => {
  await tx\`insert into kept values ('never committed')\`
  const [{ backend }] = await tx\`select pg_backend_pid() as backend\`
  process.kill(postmaster, 'SIGKILL')
  process.kill(backend, 'SIGKILL')
  for (let i = 0; i < 20; i++) await tx\`select pg_sleep(0.05)\`
}).then(() => 'committed', () => 'refused')
const answer = await cut
let rows = null
while (rows === null) rows = await sql\`select word from kept where word <> 'acknowledged' order by word\`.catch(() => null)
await close()
await pg.stop()
console.log(JSON.stringify({ answer, words: rows.map((row) => row.word) }))
process.exit(0)
`

async function ownerThatWrote(): Promise<ReturnType<typeof spawn>> {
  const embedded = new URL('../../db/embedded.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, embedded, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((written, failed) => {
    child.stdout?.once('data', () => written())
    child.once('exit', (code) => failed(new Error(`the owner ended early with ${code}`)))
  })
  return child
}

describe('the embedded PostgreSQL', () => {
  test('[DB1] a folder whose server is alive is refused with that process named', async () => {
    const owner = await ownerThatWrote()
    const failure = await startEmbedded({ dataDir }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DataFolderInUse)
    expect((failure as DataFolderInUse).pid).toBe(owner.pid)
    const gone = new Promise((ended) => owner.once('exit', ended))
    owner.kill('SIGKILL')
    await gone
  })

  test('[DB2] after kill -9 of the server the next start restarts the PostgreSQL left running, with every committed row', async () => {
    const started = await startEmbedded({ dataDir })
    expect(started.tookOver).toBe(true)
    const sql = postgres(started.url, { max: 1 })
    expect(await sql`select word from kept`).toMatchObject([{ word: 'acknowledged' }])
    await sql.end()
    await started.stop()
  })

  test('[DB4, DB5] killed inside a transaction, it comes back with what was committed, and its server lives on', async () => {
    const modules = ['embedded', 'connect', 'driver-fault'].map(
      (name) => new URL(`../../db/${name}.ts`, import.meta.url).href,
    )
    const child = spawn(process.execPath, ['--input-type=module', '-e', SURVIVOR, ...modules, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString()
    })
    const code = await new Promise((ended) => child.once('exit', ended))
    expect(code).toBe(0)
    expect(JSON.parse(said)).toEqual({ answer: 'refused', words: ['before the end'] })
  })

  test('[DB3] a clean stop leaves nothing running, and migrating twice is the same as once', async () => {
    const started: EmbeddedPostgres = await startEmbedded({ dataDir })
    expect(started.tookOver).toBe(false)
    const opened = openDb(started.url, { max: 2 })
    await migrate(opened.db)
    await migrate(opened.db)
    const [row] = await opened.sql`select count(*)::int as n from pg_tables where tablename = 'feed_heads'`
    expect(row?.n).toBe(1)
    await opened.close()
    await started.stop()
    await expect(postgres(started.url, { max: 1, connect_timeout: 2 })`select 1`).rejects.toThrow()
  })
})
