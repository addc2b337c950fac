import type { Study } from '#domain/study.ts'

const BOM = '\uFEFF'

/** ST3: a line for each post, or for each policy with and without the change; empty before there is an answer. */
export function csvOfStudy(study: Study): string {
  const rows = study.kind === 'stations' ? stationRows(study) : policyRows(study)
  return `${BOM}${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

const cell = (value: string | number | boolean): string => {
  const text = String(value)
  // A text that a spreadsheet would reckon with is told to be one.
  const safe = typeof value === 'string' && /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

type Row = (string | number | boolean)[]

const stationRows = ({ answer }: Extract<Study, { kind: 'stations' }>): Row[] => [
  ['community', 'lng', 'lat', 'standing', 'reaches', 'alone', 'served', 'delay_seconds'],
  ...(answer?.posts ?? []).map(
    ({ communityId, lng, lat, isStanding, reaches, alone, served, delaySeconds }): Row => [
      communityId,
      lng,
      lat,
      isStanding,
      reaches,
      alone,
      served,
      delaySeconds,
    ],
  ),
]

function policyRows({ answer }: Extract<Study, { kind: 'policy' }>): Row[] {
  const told = [
    ...(answer?.rows ?? []).map((row) => ({ fleet: 'as it was', row })),
    ...(answer?.changed ?? []).map((row) => ({ fleet: 'changed', row })),
  ]
  return [
    [
      'fleet',
      'policy',
      'within',
      'within_ci',
      'p50_seconds',
      'p50_ci',
      'p90_seconds',
      'p90_ci',
      'gain',
      'gain_ci',
      'moves',
    ],
    ...told.map(
      ({ fleet, row: { policy, withinShare, p50Ms, p90Ms, gain, moves } }): Row => [
        fleet,
        policy,
        withinShare.mean,
        withinShare.plusMinus ?? '',
        p50Ms.mean / 1_000,
        p50Ms.plusMinus === null ? '' : p50Ms.plusMinus / 1_000,
        p90Ms.mean / 1_000,
        p90Ms.plusMinus === null ? '' : p90Ms.plusMinus / 1_000,
        gain.mean,
        gain.plusMinus ?? '',
        moves,
      ],
    ),
  ]
}
