/** Marks nearer to each other than this lie on top of each other. */
const STACKED_PX = 14

/** From this zoom on a stack is drawn apart; farther out there are clusters, or everything is a stack. */
export const SPREAD_FROM_ZOOM = 16

/** First ring; each further ring takes more. */
const RING_PX = 20
const FIRST_RING = 8

export interface Placed {
  x: number
  y: number
}

/** Moves marks that lie on each other onto rings around their middle; `legs` are the lines from the middle to each. */
export function spread<T extends Placed>(marks: readonly T[]): { legs: [from: Placed, to: Placed][] } {
  const legs: [Placed, Placed][] = []
  for (const stack of stacksOf(marks)) {
    if (stack.length < 2) continue
    const middle = { x: mean(stack.map((mark) => mark.x)), y: mean(stack.map((mark) => mark.y)) }
    for (const [n, mark] of stack.entries()) {
      const place = ringPlace(n, stack.length)
      mark.x = middle.x + place.x
      mark.y = middle.y + place.y
      legs.push([middle, { x: mark.x, y: mark.y }])
    }
  }
  return { legs }
}

/** Groups by squares of the stacking distance, joined with the squares beside: the same positions always give the same groups. */
function stacksOf<T extends Placed>(marks: readonly T[]): T[][] {
  const squares = new Map<string, T[]>()
  for (const mark of marks) {
    const key = `${Math.floor(mark.x / STACKED_PX)} ${Math.floor(mark.y / STACKED_PX)}`
    const square = squares.get(key)
    if (square) square.push(mark)
    else squares.set(key, [mark])
  }
  const stacks: T[][] = []
  for (const [key, square] of squares) {
    if (square.length === 0) continue
    const [column, row] = key.split(' ').map(Number) as [number, number]
    const stack = [...square]
    for (const [dx, dy] of NEXT_SQUARES) {
      const beside = squares.get(`${column + dx} ${row + dy}`) ?? []
      const near = beside.filter((mark) => Math.hypot(mark.x - stack[0]!.x, mark.y - stack[0]!.y) < STACKED_PX)
      stack.push(...near)
      squares.set(
        `${column + dx} ${row + dy}`,
        beside.filter((mark) => !near.includes(mark)),
      )
    }
    squares.set(key, [])
    stacks.push(stack)
  }
  return stacks
}

const NEXT_SQUARES = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const

function ringPlace(n: number, total: number): Placed {
  let [ring, first, room] = [1, 0, Math.min(FIRST_RING, total)]
  while (n >= first + room) {
    first += room
    ring++
    room = Math.min(FIRST_RING * ring, total - first)
  }
  const angle = ((n - first) / room) * 2 * Math.PI - Math.PI / 2
  const radius = RING_PX * ring
  return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
