import type { Estimate, Measured } from '#domain/policy.ts'

/** Linear interpolation between the two nearest (type 7); null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const [one, other] = [sorted[low] as number, sorted[Math.min(low + 1, sorted.length - 1)] as number]
  return one + (other - one) * (at - low)
}

export function measure(responseMs: readonly (number | null)[], withinMs: number): Measured {
  const reached = responseMs.filter((each): each is number => each !== null)
  const within = reached.reduce((sum, each) => sum + (each <= withinMs ? 1 : 0), 0)
  return {
    n: reached.length,
    withinShare: reached.length > 0 ? within / reached.length : 0,
    p50Ms: quantile(reached, 0.5) ?? 0,
    p90Ms: quantile(reached, 0.9) ?? 0,
  }
}

export function estimate(values: readonly number[]): Estimate {
  const n = values.length
  const mean = values.reduce((sum, each) => sum + each, 0) / n
  if (n < 2) return { mean, plusMinus: null }
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1)
  return { mean, plusMinus: studentT(n - 1) * Math.sqrt(variance / n) }
}

/** Student's t at 97.5 %: exact for few degrees of freedom, then Cornish and Fisher's expansion around 1.96 (good to 0.001). */
const FEW = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]

function studentT(freedom: number): number {
  const exact = FEW[freedom - 1]
  if (exact !== undefined) return exact
  const z = 1.959964
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
}
