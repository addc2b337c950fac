/** One number of one case; printed as it comes. */
export interface Metric {
  case: string
  metric: string
  value: number
  unit: string
}

export type Bench = (tell: (metric: Metric) => void) => Promise<void>
