import postgres from 'postgres'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** The migrated database without a row; nobody connects to it, everybody clones it. */
export const EMPTY = 'hongguan_empty'

export const urlOf = (serverUrl: string, database: string) =>
  Object.assign(new URL(serverUrl), { pathname: database }).href

export interface ClonedDatabase {
  url: string
  drop(): Promise<void>
}

let cloned = 0

/**
 * A database of this file's own, as the migrations leave it. One call in `beforeAll`, `drop` in `afterAll`, after every
 * pool and server of the test is closed; a forgotten one goes with the run.
 */
export async function cloneDatabase(template = EMPTY): Promise<ClonedDatabase> {
  const serverUrl = inject('postgresUrl')
  const name = `test_${process.pid}_${++cloned}`
  await asAdmin(serverUrl, (sql) => sql.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  const drop = () => asAdmin(serverUrl, (sql) => sql.unsafe(`DROP DATABASE ${name} WITH (FORCE)`))
  return { url: urlOf(serverUrl, name), drop }
}

/**
 * A template of the file's or the suite's own: made once per run by `fill`, then cloned like the empty one. The first file
 * that asks fills it, the others wait.
 */
export async function templateDatabase(name: string, fill: (url: string) => Promise<void>): Promise<string> {
  const serverUrl = inject('postgresUrl')
  const template = `template_${name}`
  await asAdmin(serverUrl, async (sql) => {
    await sql`SELECT pg_advisory_lock(hashtext(${template}))`
    const [made] = await sql`SELECT 1 FROM pg_database WHERE datname = ${template}`
    if (made) return
    const unfinished = `unfinished_${name}`
    await sql.unsafe(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`)
    await sql.unsafe(`CREATE DATABASE ${unfinished} TEMPLATE ${EMPTY}`)
    await fill(urlOf(serverUrl, unfinished))
    await sql.unsafe(`ALTER DATABASE ${unfinished} RENAME TO ${template}`)
  })
  return template
}

/** Statements on databases themselves, over one connection that is closed (and its locks dropped) afterwards. */
async function asAdmin(serverUrl: string, doing: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined })
  try {
    await doing(sql)
  } finally {
    await sql.end()
  }
}
