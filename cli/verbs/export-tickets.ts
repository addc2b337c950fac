import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { eq } from 'drizzle-orm'
import { withDatabase } from '#cli/database.ts'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { chosenTenant } from '#cli/tenant.ts'
import { tickets as ticketTable } from '#db/schema/tickets.ts'
import { wholeCsv } from '#server/tickets/export.ts'
import type { ExportOptions } from './export.ts'

export async function exportTickets(file: string | undefined, options: ExportOptions): Promise<Outcome> {
  return withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, options.tenant)
    if (!chosen.ok) return chosen
    const { code } = chosen.tenant
    const span = {
      ...(options.from !== undefined && { from: options.from }),
      ...(options.to !== undefined && { to: options.to }),
    }
    const progress = startProgress('tickets', await db.$count(ticketTable, eq(ticketTable.tenant, code)))
    let rows = 0
    const counted = async function* () {
      for await (const part of wholeCsv(db, code, span)) {
        yield part
        rows += part.split('\r\n').length - 1
        progress.at(Math.max(0, rows - 1))
      }
    }
    try {
      const to = file === undefined ? process.stdout : createWriteStream(file)
      await pipeline(Readable.from(counted()), to, { end: file !== undefined })
    } catch (error) {
      return notDone('failed', `${file ?? 'the standard output'} cannot be written: ${(error as Error).message}`)
    } finally {
      progress.end()
    }
    return done({ file, rows: rows - 1 }, ...(file === undefined ? [] : [`${rows - 1} tickets written to ${file}`]))
  })
}
