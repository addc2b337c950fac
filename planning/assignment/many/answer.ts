import type { Run } from '#planning/anytime.ts'
import type { AssignmentAnswer } from '#planning/assignment/core/model.ts'
import type { Prices } from './prices.ts'

export interface ManyProgress {
  seconds: number
  steps: number
  phase: 'bound' | 'cover' | 'cost'
  /** Of the best plan so far, null while there is none; which agent each job has is given when it is a new one. */
  uncovered: number | null
  cost: number | null
  agentOf: Int32Array | null
  uncoveredBound: number
  costBound: number
}

export interface ManyRun extends Omit<Run, 'onProgress'> {
  /** Up to so many pairs it is solved outright; EXACT_PAIRS unless given. */
  exactPairs?: number
  onProgress?(progress: ManyProgress): void
}

/** Where an earlier answer to almost the same model left off. */
export interface ManyStart {
  agentOf: Int32Array
  prices?: ManyPrices
}

export interface ManyPrices {
  cost: Prices
  /** Those that prove how many must stay uncovered; null = none need to. */
  cover: Prices | null
}

export interface ManyAnswer extends AssignmentAnswer {
  prices: ManyPrices
}
