import { quoted } from '#server/tickets/export.ts'
import type { Figures, ResponseAnswer } from '#wire/routes/response.ts'

const BOM = '\uFEFF'

/** One line a key after the line of all; seconds; with a comparison its three figures beside. Exclusions close the file. */
export function csvOfTimes({ metric, total, rows, excluded }: ResponseAnswer): string {
  const isCompared = total.before !== undefined
  const head = ['metric', 'key', 'n', 'p50', 'p90', ...(isCompared ? ['beforeN', 'beforeP50', 'beforeP90'] : [])]
  const line = (key: string, { before, ...figures }: Figures & { before?: Figures }) =>
    [metric, quoted(key), ...cells(figures), ...(before ? cells(before) : [])].join(',')
  const lines = [
    head.join(','),
    line('', total),
    ...rows.map(({ key, ...figures }) => line(key, figures)),
    ...excluded.map(({ reason, n }) => [metric, `excluded ${reason}`, n, '', ''].join(',')),
  ]
  return `${BOM}${lines.join('\r\n')}\r\n`
}

const cells = ({ n, p50, p90 }: Figures) => [n, p50 ?? '', p90 ?? '']

/** One line a row under the names of its fields. */
export function csvOfRows(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {})
  const lines = rows.map((row) => Object.values(row).map(cellOf).join(','))
  return `${BOM}${[names.join(','), ...lines].join('\r\n')}\r\n`
}

const cellOf = (value: unknown): string =>
  value === null ? '' : typeof value === 'number' ? String(value) : quoted(String(value))
