import { fileURLToPath } from 'node:url'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import type { Db } from './connect.ts'

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url))

/** Brings the database to the newest schema; a second call does nothing. */
export async function migrate(db: Db): Promise<void> {
  await applyMigrations(db, { migrationsFolder: FOLDER })
}
