import { Type } from 'typebox'
import type { LotteryRecord } from '#domain/lottery-check.ts'
import { InstantMs, nullable } from './shapes.ts'

const Word = Type.String({ maxLength: 1_000 })
const Moment = nullable(InstantMs)

/** A draw in a file: what GET /api/lotteries/:id answers, and what anybody may hand on to be checked. */
export const LotteryRecordFile = Type.Unsafe<LotteryRecord>(
  Type.Object({
    id: Word,
    tenant: Word,
    communityId: Word,
    frozenAt: InstantMs,
    candidates: Type.Array(Type.Object({ poolEntryId: Word, firmId: Word, firmName: Word })),
    lottery: Type.Object({
      method: Word,
      secretHash: Word,
      announcement: Word,
      secret: nullable(Word),
      parties: Type.Array(Type.Object({ id: Word, name: Word })),
      commitDueAt: InstantMs,
      revealDueAt: InstantMs,
      source: nullable(Type.Object({ name: Word, at: InstantMs, value: nullable(Word), givenAt: Moment })),
      values: Type.Array(
        Type.Object({
          party: Word,
          commitment: Word,
          committedAt: InstantMs,
          value: nullable(Word),
          revealedAt: Moment,
        }),
      ),
      seed: nullable(Word),
      drawn: nullable(Type.Array(Word)),
      drawnAt: Moment,
    }),
  }),
)
