import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import { checkLottery, type LotteryRecord } from '#domain/lottery-check.ts'
import { LotteryRecordFile } from '#wire/lottery-record.ts'

/** LO9: from a file alone. */
export async function verifyFile(file: string): Promise<Outcome> {
  const read = await recordIn(file)
  return typeof read === 'string' ? notDone('badFile', read) : verdictOn(read)
}

async function recordIn(file: string): Promise<LotteryRecord | string> {
  try {
    const said: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (Value.Check(LotteryRecordFile, said)) return said
    const [first] = Value.Errors(LotteryRecordFile, said)
    return `${file} is no record of a draw: ${first?.instancePath || '/'} ${first?.message ?? ''}`.trimEnd()
  } catch (error) {
    return `${file} cannot be read: ${(error as Error).message}`
  }
}

export function verdictOn(record: LotteryRecord): Outcome {
  const { lottery } = record
  if (lottery.drawn === null) {
    const why = lottery.secret === null ? 'it is frozen and waits for its parties' : 'it was ended before it was made'
    return notDone('notInThisState', `draw ${record.id} has not been made: ${why}`)
  }
  const verdict = checkLottery(record)
  const lines = verdict.checks.map(({ ok, says }) => `${ok ? 'holds' : 'FAILS'} ${says}`)
  if (!verdict.ok) return notDone('failed', `draw ${record.id} does not hold`, lines)
  const nameOf = new Map(record.candidates.map((one) => [one.poolEntryId, one.firmName]))
  const order = verdict.drawn?.map((id, index) => `${index + 1}. ${nameOf.get(id) ?? id}`) ?? []
  const values = `${verdict.revealed.length} of ${lottery.parties.length} parties have given their values`
  return done({ id: record.id, ...verdict }, ...lines, values, `draw ${record.id} holds; the order is`, ...order)
}
