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
