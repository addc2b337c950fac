import type { PostsModel } from './model.ts'

/** A file that is not in the format: the 1-based line and what is wrong there. */
export interface Malformed {
  ok: false
  line: number
  why: string
}

interface Customer {
  x: number
  y: number
  demand: number
}

interface Head {
  customers: number
  posts: number
  capacity: number
}

/**
 * PO1: the capacitated p-median format (Osman and Christofides 1994): a line with the problem's number and its best known value,
 * both passed over; `n p Q`; n lines `id x y demand`. A distance is Euclidean, cut to a whole number.
 */
export function parsePmedcap(text: string): { ok: true; model: PostsModel } | Malformed {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((words, index) => ({ line: index + 1, words: words.trim().split(/\s+/) }))
    .filter(({ words }) => words[0] !== '')
  const [title, second, ...rest] = lines
  if (!title || !second) return malformed(lines.length + 1, 'the file ends before the line "n p Q"')
  if (title.words.length > 2) return malformed(title.line, 'expected two values: problem number and best known')
  const head = headOf(second.words)
  if (typeof head === 'string') return malformed(second.line, head)
  const customers: (Customer | undefined)[] = new Array(head.customers)
  for (const { line, words } of rest.slice(0, head.customers)) {
    const read = customerOf(words, head.customers)
    if (typeof read === 'string') return malformed(line, read)
    if (customers[read.index]) return malformed(line, `id ${read.index + 1} stands here a second time`)
    customers[read.index] = read.customer
  }
  const last = lines.at(-1)?.line ?? 0
  if (rest.length < head.customers)
    return malformed(last + 1, `the file ends after ${rest.length} of ${head.customers} lines "id x y demand"`)
  const extra = rest[head.customers]
  if (extra) return malformed(extra.line, `there is more than the ${head.customers} lines promised`)
  return { ok: true, model: modelOf(customers as Customer[], head) }
}

const malformed = (line: number, why: string): Malformed => ({ ok: false, line, why })

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

const numbersOf = (words: readonly string[]): number[] | null =>
  words.every((word) => NUMBER.test(word) && Number.isFinite(Number(word))) ? words.map(Number) : null

/** A larger table of distances than this many customers' is no plan for one machine. */
const MOST_CUSTOMERS = 6_000

function headOf(words: readonly string[]): Head | string {
  const [customers = 0, posts = 0, capacity = 0, ...more] = numbersOf(words) ?? []
  if (words.length !== 3 || more.length > 0 || numbersOf(words) === null) return 'expected three numbers "n p Q"'
  if (!Number.isInteger(customers) || customers < 1) return 'n must be a whole number of at least 1'
  if (customers > MOST_CUSTOMERS) return `n may be ${MOST_CUSTOMERS} at most`
  if (!Number.isInteger(posts) || posts < 1 || posts > customers)
    return `p must be a whole number from 1 to ${customers}`
  if (capacity < 0) return 'Q must not be negative'
  return { customers, posts, capacity }
}

function customerOf(words: readonly string[], customers: number): { index: number; customer: Customer } | string {
  const [id = 0, x = 0, y = 0, demand = 0] = numbersOf(words) ?? []
  if (words.length !== 4 || numbersOf(words) === null) return 'expected four numbers "id x y demand"'
  if (!Number.isInteger(id) || id < 1 || id > customers) return `the id must be a whole number from 1 to ${customers}`
  if (demand < 0) return 'a demand must not be negative'
  return { index: id - 1, customer: { x, y, demand } }
}

function modelOf(customers: readonly Customer[], { posts, capacity }: Head): PostsModel {
  const n = customers.length
  const cost = new Float64Array(n * n)
  for (const [site, at] of customers.entries())
    for (const [customer, { x, y }] of customers.entries())
      cost[site * n + customer] = Math.floor(Math.sqrt((at.x - x) ** 2 + (at.y - y) ** 2))
  return {
    sites: n,
    customers: n,
    cost,
    demand: Float64Array.from(customers, ({ demand }) => demand),
    capacity: new Float64Array(n).fill(capacity),
    posts,
    isStanding: new Uint8Array(n),
  }
}
