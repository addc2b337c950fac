import type { Line } from './bench.ts'

/** A row a case, a column a metric. */
export function printTable(lines: readonly Line[]): void {
  const metrics = [...new Map(lines.map(({ metric, unit }) => [metric, `${metric} (${unit})`]))]
  const cases = [...new Set(lines.map((line) => line.case))]
  const lineOf = (name: string, metric: string) => lines.find((line) => line.case === name && line.metric === metric)
  const rows = [
    ['', ...metrics.map(([, head]) => head)],
    ...cases.map((name) => [name, ...metrics.map(([metric]) => rounded(lineOf(name, metric)?.value))]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of rows) {
    console.log(
      row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '),
    )
  }
}

const rounded = (value: number | undefined) => {
  if (value === undefined) return '–'
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 })
}
