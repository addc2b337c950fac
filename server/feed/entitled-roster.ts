import { type Grant, may, type Subject } from '#domain/access.ts'
import type { FeedState } from '#domain/feed.ts'
import { some } from './entitled-emergency.ts'

/** The rows of rosters and duty, each as it is compared with a reader's grants. */

interface InCluster {
  tenant: string
  subdistrictCodes: string[]
}

export const subjectOfCluster = ({ tenant, subdistrictCodes }: InCluster): Subject => ({ tenant, subdistrictCodes })

/** FD4: who leads or looks at a cluster sees its rows; a person sees those that bear the own name. */
export function rosterStateFor(grants: readonly Grant[], tenant: string, state: FeedState): FeedState {
  const isMine = (...unitIds: (string | null)[]) =>
    may(grants, 'duty.own', { tenant, unitIds: unitIds.filter((id) => id !== null) })
  const only = <T extends InCluster>(rows: T[] | undefined, unitsOf: (row: T) => (string | null)[]): T[] =>
    (rows ?? []).filter((row) => may(grants, 'roster.read', subjectOfCluster(row)) || isMine(...unitsOf(row)))
  return {
    ...some(
      'rosters',
      only(state.rosters, () => []),
    ),
    ...some(
      'shifts',
      only(state.shifts, ({ unitId }) => [unitId]),
    ),
    ...some(
      'covers',
      only(state.covers, ({ unitId }) => [unitId]),
    ),
    ...some(
      'swaps',
      only(state.swaps, ({ unitId, otherUnitId }) => [unitId, otherUnitId]),
    ),
    ...some(
      'handOvers',
      only(state.handOvers, ({ unitId, takenBy }) => [unitId, takenBy]),
    ),
    ...some(
      'notices',
      (state.notices ?? []).filter(({ unitId }) => isMine(unitId)),
    ),
  }
}
