import { EARTH_RADIUS_M, radians } from './geo.ts'

/** Points in square cells of a fixed size, for "what lies within so many metres": a little too much, never too little. */
export interface PlaceGrid {
  /** Calls with the index of every point that may lie within `withinM`. */
  eachNear(lng: number, lat: number, withinM: number, visit: (index: number) => void): void
}

interface Cells {
  west: number
  south: number
  columns: number
  rows: number
  width: number
  height: number
  starts: Int32Array
  points: Int32Array
}

/** A side of about this much: most questions are about a kilometre. */
const CELL_M = 700
/** Room for the error of floats on a cell's edge. */
const MARGIN = 1.000_1
/** Above this latitude a degree of longitude is too short to reckon with, and every point is named. */
const HIGHEST_LAT = 85
const MOST_CELLS = 4_000_000

const degreesOf = (metres: number) => (metres / EARTH_RADIUS_M) * (180 / Math.PI)

/** GE5: indexes points by cell; the arrays are kept, not copied. */
export function placeGrid(lng: Float64Array, lat: Float64Array): PlaceGrid {
  const cells = cellsOf(lng, lat)
  return {
    eachNear(lngFrom, latFrom, withinM, visit) {
      const far = degreesOf(withinM) * MARGIN
      const highest = Math.max(Math.abs(latFrom - far), Math.abs(latFrom + far))
      // The widest parallel of the circle is nearer to the pole than its centre.
      const wide = Math.cos(radians(highest)) > 0 ? far / Math.cos(radians(highest)) : 360
      if (highest > HIGHEST_LAT || lngFrom - wide < -180 || lngFrom + wide > 180)
        for (let index = 0; index < lng.length; index++) visit(index)
      else visitCells(cells, { lngFrom, latFrom, wide, far }, visit)
    },
  }
}

function cellsOf(lng: Float64Array, lat: Float64Array): Cells {
  const box = { west: 180, east: -180, south: 90, north: -90 }
  for (let i = 0; i < lng.length; i++) {
    const [x, y] = [lng[i] as number, lat[i] as number]
    box.west = Math.min(box.west, x)
    box.east = Math.max(box.east, x)
    box.south = Math.min(box.south, y)
    box.north = Math.max(box.north, y)
  }
  let height = degreesOf(CELL_M)
  let width = height / Math.max(0.1, Math.cos(radians(Math.min(HIGHEST_LAT, Math.abs(box.north + box.south) / 2))))
  const sides = () => [
    Math.max(1, Math.floor((box.east - box.west) / width) + 1),
    Math.max(1, Math.floor((box.north - box.south) / height) + 1),
  ]
  let [columns = 1, rows = 1] = sides()
  while (columns * rows > MOST_CELLS) {
    width *= 2
    height *= 2
    ;[columns = 1, rows = 1] = sides()
  }
  const cells = { west: box.west, south: box.south, columns, rows, width, height }
  return { ...cells, ...sorted(cells, lng, lat) }
}

function sorted(cells: Omit<Cells, 'starts' | 'points'>, lng: Float64Array, lat: Float64Array) {
  const { west, south, columns, rows, width, height } = cells
  const cellOf = (i: number) =>
    Math.floor(((lat[i] as number) - south) / height) * columns + Math.floor(((lng[i] as number) - west) / width)
  const starts = new Int32Array(columns * rows + 1)
  for (let i = 0; i < lng.length; i++) starts[cellOf(i) + 1] = (starts[cellOf(i) + 1] as number) + 1
  for (let cell = 0; cell < columns * rows; cell++)
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number)
  const next = starts.slice()
  const points = new Int32Array(lng.length)
  for (let i = 0; i < lng.length; i++) {
    const cell = cellOf(i)
    const at = next[cell] as number
    points[at] = i
    next[cell] = at + 1
  }
  return { starts, points }
}

interface Circle {
  lngFrom: number
  latFrom: number
  wide: number
  far: number
}

function visitCells(cells: Cells, { lngFrom, latFrom, wide, far }: Circle, visit: (index: number) => void): void {
  const { west, south, columns, rows, width, height, starts, points } = cells
  const left = Math.max(0, Math.floor((lngFrom - wide - west) / width))
  const right = Math.min(columns - 1, Math.floor((lngFrom + wide - west) / width))
  const bottom = Math.max(0, Math.floor((latFrom - far - south) / height))
  const top = Math.min(rows - 1, Math.floor((latFrom + far - south) / height))
  for (let row = bottom; row <= top; row++) {
    if (left > right) return
    const end = starts[row * columns + right + 1] as number
    for (let at = starts[row * columns + left] as number; at < end; at++) visit(points[at] as number)
  }
}
