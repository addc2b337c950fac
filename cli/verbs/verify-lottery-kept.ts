import { writeFile } from 'node:fs/promises'
import { withDatabase } from '#cli/database.ts'
import { notDone, type Outcome } from '#cli/outcome.ts'
import { lotteryRecordOf } from '#server/engagements/drawing.ts'
import { verdictOn } from './verify-lottery.ts'

/** LO9: from the database of this installation; `save` = where to write the record, for others to check. */
export const verifyKept = (id: string, save: string | undefined): Promise<Outcome> =>
  withDatabase(async ({ db }) => {
    const record = await lotteryRecordOf(db, id)
    if (!record) return notDone('unknown', `there is no frozen draw ${id}`)
    if (save === undefined) return verdictOn(record)
    try {
      await writeFile(save, `${JSON.stringify(record, null, 2)}\n`)
    } catch (error) {
      return notDone('failed', `${save} cannot be written: ${(error as Error).message}`)
    }
    return verdictOn(record)
  })
