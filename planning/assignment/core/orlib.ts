import type { AssignmentModel } from './model.ts'

export type Read = { ok: true; problem: AssignmentModel } | { ok: false; line: number; why: string }

/** More pairs than any problem of this format has: a header that is wrong must not ask for all memory. */
const MOST_PAIRS = 50_000_000

/**
 * The generalised-assignment text of OR-Library: whole numbers, line breaks mean nothing. `agents jobs`, then the agents' rows of
 * costs, their rows of uses, their capacities. To be minimised.
 */
export function readOrlib(text: string): Read {
  const words = new Words(text)
  const header = [words.next(() => 'the number of agents'), words.next(() => 'the number of jobs')]
  if (words.fault) return words.fault
  const [agents, jobs] = header as [number, number]
  if (agents < 1 || jobs < 1 || agents * jobs > MOST_PAIRS)
    return { ok: false, line: 1, why: `${agents} agents and ${jobs} jobs are no problem to solve` }
  const cost = words.table(agents, jobs, (agent, job) => `the cost of job ${job} at agent ${agent}`)
  const use = words.table(agents, jobs, (agent, job) => `the use of job ${job} at agent ${agent}`)
  const capacity = words.table(1, agents, (_, agent) => `the capacity of agent ${agent}`)
  words.end()
  if (words.fault) return words.fault
  const resources = [{ use, capacity }]
  return {
    ok: true,
    problem: { agents, jobs, cost, resources, fixedCost: new Float64Array(agents), mayStayUncovered: false },
  }
}

/** The numbers one after another; the first fault is kept with its line. */
class Words {
  fault: Extract<Read, { ok: false }> | null = null
  readonly #words: Iterator<RegExpExecArray>
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    this.#words = text.matchAll(/\S+/g)
  }

  /** Row by row, each place named as a person counts. */
  table(rows: number, columns: number, nameOf: (row: number, column: number) => string): Float64Array {
    const table = new Float64Array(rows * columns)
    for (let n = 0; n < table.length && !this.fault; n++)
      table[n] = this.next(() => nameOf(Math.floor(n / columns) + 1, (n % columns) + 1))
    return table
  }

  next(what: () => string): number {
    const { value: found } = this.#words.next()
    if (!found) return this.#refuse(this.#text.trimEnd().length, `the file ends before ${what()}`)
    const number = Number(found[0])
    if (/^\d+$/.test(found[0]) && Number.isSafeInteger(number)) return number
    return this.#refuse(found.index, `${what()} is ‘${found[0].slice(0, 20)}’, not a whole number of 0 or more`)
  }

  end(): void {
    const { value: found } = this.#words.next()
    if (found && !this.fault) this.#refuse(found.index, `‘${found[0].slice(0, 20)}’ is more than the problem has`)
  }

  #refuse(at: number, why: string): number {
    this.fault ??= { ok: false, line: this.#text.slice(0, at).split('\n').length, why }
    return Number.NaN
  }
}
