/** One figure: with `--json` one such object a line, without it a cell of the printed table. */
export interface Line {
  bench: string
  case: string
  metric: string
  value: number
  unit: string
}

export interface Bench {
  /** What is measured and how, in a few lines above the table. */
  about: string
  run(report: (line: Line) => void, say: (progress: string) => void): Promise<void>
}
