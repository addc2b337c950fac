/** One figure: with `--json` one such object a line, without it a cell of the printed table. */
export interface Line {
  bench: string
  case: string
  metric: string
  value: number
  unit: string
}

/** What the command line asks for besides the bench's name. */
export interface Asked {
  /** Cases by name; none means all. */
  cases: readonly string[]
  /** `--long`: the longer runs too. */
  isLong: boolean
}

export interface Bench {
  /** What is measured and how, in a few lines above the table. */
  about: string
  run(report: (line: Line) => void, say: (progress: string) => void, asked: Asked): Promise<void>
}
