import { FIX_SOURCES, type FixSource } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import { DUTY_STATES, type DutyState } from '#domain/units.ts'
import { CELL_BITS, CELL_STEPS, CELLS_ACROSS } from './fleet-cells.ts'

/**
 * Positions to a console. A frame is a head and any number of cells end to end, so a cell is encoded once a tick and joined
 * for each console without touching it again:
 *
 *   frame  u8 version, u8 kind (0 changes, 1 snapshot: forget everything first), f64 moment, cells
 *   cell   varint x, varint y, varint left × 2 + whole, varint seen,
 *          left × (varint index step), seen × (varint index step, 24 bits place, 16 bits state)
 *   place  12 bits east, 12 bits south of the cell's north-west corner
 *   state  2 bits duty, 3 bits source, 5 bits heading in 12° (31 unknown), 6 bits age at the frame's moment
 *
 * `left` names units that are no longer in this cell (elsewhere, or not to be shown any more); a `whole` cell lists all of
 * its units, so whoever is not listed has left. Indices ascend, each given as the step from the one before.
 */
export const FLEET_FRAME_VERSION = 1
const HEAD_BYTES = 10
const FIX_BYTES_MAX = 10

/** A unit as the encoder takes it: place in world steps (fleet-cells.ts) and the packed state. */
export interface CellEntry {
  index: number
  wx: number
  wy: number
  /** packState(...) */
  state: number
  /** Counted from wherever `encodeCell`'s moment is counted from. */
  heardAt: Instant
}

export interface SeenUnit {
  index: number
  wx: number
  wy: number
  duty: DutyState
  source: FixSource
  headingDeg: number | null
  /** Never later than the truth: rounding makes a fix older, not younger. */
  heardAt: Instant
}

export interface FleetCell {
  x: number
  y: number
  whole: boolean
  left: number[]
  seen: SeenUnit[]
}

export interface FleetFrame {
  kind: 'changes' | 'snapshot'
  at: Instant
  cells: FleetCell[]
}

const HEADING_STEP_DEG = 12
const NO_HEADING = 31
const AGE_BITS = 6

/** Everything of a state but its age, which the encoder adds. */
export function packState(duty: DutyState, source: FixSource, headingDeg: number | null): number {
  const heading = headingDeg === null ? NO_HEADING : Math.round(headingDeg / HEADING_STEP_DEG) % 30
  return (((DUTY_STATES.indexOf(duty) << 3) | FIX_SOURCES.indexOf(source)) << 5) | heading
}

/** Ages in ms by code: fine where sources go stale (60 s, 120 s), coarse beyond five minutes. */
const AGES_MS = [250, 1_000]
for (let seconds = 2; seconds <= 60; seconds += 2) AGES_MS.push(seconds * 1_000)
for (let seconds = 65; seconds <= 120; seconds += 5) AGES_MS.push(seconds * 1_000)
for (let seconds = 135; seconds <= 300; seconds += 15) AGES_MS.push(seconds * 1_000)
for (const minutes of [10, 15, 30, 60, 120, 240, 480, 1_440]) AGES_MS.push(minutes * 60_000)
const OLDEST = AGES_MS.length - 1

function ageCode(ageMs: number): number {
  let code = 0
  while (code < OLDEST && ageMs > (AGES_MS[code] as number)) code++
  return code
}

let scratch = new Uint8Array(4_096)
let end = 0

function putVarint(value: number) {
  let rest = value
  while (rest > 127) {
    scratch[end++] = (rest & 127) | 128
    rest >>>= 7
  }
  scratch[end++] = rest
}

/**
 * One cell of one tick. `left` and `seen` must ascend by index; `whole` says that `seen` is everybody in the cell
 * (then `left` must be empty).
 */
export function encodeCell(
  x: number,
  y: number,
  whole: boolean,
  left: readonly number[],
  seen: readonly CellEntry[],
  at: Instant,
): Uint8Array {
  const most = 20 + left.length * 5 + seen.length * FIX_BYTES_MAX
  if (scratch.length < most) scratch = new Uint8Array(most * 2)
  end = 0
  putVarint(x)
  putVarint(y)
  putVarint(left.length * 2 + (whole ? 1 : 0))
  putVarint(seen.length)
  let before = 0
  for (const index of left) {
    putVarint(index - before)
    before = index
  }
  before = 0
  for (const entry of seen) {
    putVarint(entry.index - before)
    before = entry.index
    const place = ((entry.wx & (CELL_STEPS - 1)) << CELL_BITS) | (entry.wy & (CELL_STEPS - 1))
    const state = (entry.state << AGE_BITS) | ageCode(at - entry.heardAt)
    scratch[end++] = place >>> 16
    scratch[end++] = place >>> 8
    scratch[end++] = place
    scratch[end++] = state >>> 8
    scratch[end++] = state
  }
  return scratch.slice(0, end)
}

/** A frame of cells that are encoded already: copies, never encodes. */
export function joinCells(kind: FleetFrame['kind'], at: Instant, cells: readonly Uint8Array[]): Uint8Array {
  let length = HEAD_BYTES
  for (const cell of cells) length += cell.length
  const frame = new Uint8Array(length)
  frame[0] = FLEET_FRAME_VERSION
  frame[1] = kind === 'snapshot' ? 1 : 0
  new DataView(frame.buffer).setFloat64(2, at)
  let offset = HEAD_BYTES
  for (const cell of cells) {
    frame.set(cell, offset)
    offset += cell.length
  }
  return frame
}

class Reader {
  readonly bytes: Uint8Array
  offset = HEAD_BYTES
  /** Set by the first read past the end or out of range; what was read since is worth nothing. */
  broken = false

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get atEnd() {
    return this.offset >= this.bytes.length
  }

  byte(): number {
    const byte = this.bytes[this.offset++]
    if (byte === undefined) this.broken = true
    return byte ?? 0
  }

  /** Counts and indices: at most 28 bits. */
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
    this.broken = true
    return 0
  }
}

/** Total over any bytes: null when they are no frame of this version. */
export function decodeFrame(bytes: Uint8Array): FleetFrame | null {
  if (bytes.length < HEAD_BYTES || bytes[0] !== FLEET_FRAME_VERSION || (bytes[1] ?? 2) > 1) return null
  const at = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(2)
  const reader = new Reader(bytes)
  const cells: FleetCell[] = []
  while (!reader.atEnd) {
    const cell = readCell(reader, at)
    if (!cell) return null
    cells.push(cell)
  }
  return { kind: bytes[1] === 1 ? 'snapshot' : 'changes', at, cells }
}

function readCell(reader: Reader, at: Instant): FleetCell | null {
  const [x, y, leftAndWhole, seenCount] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()]
  const left: number[] = []
  const seen: SeenUnit[] = []
  let index = 0
  for (let n = leftAndWhole >> 1; n > 0 && !reader.broken; n--) {
    index += reader.varint()
    left.push(index)
  }
  index = 0
  for (let n = seenCount; n > 0 && !reader.broken; n--) {
    index += reader.varint()
    const unit = readUnit(reader, index, x, y, at)
    if (!unit) return null
    seen.push(unit)
  }
  const isCell = !reader.broken && x < CELLS_ACROSS && y < CELLS_ACROSS
  return isCell ? { x, y, whole: (leftAndWhole & 1) === 1, left, seen } : null
}

function readUnit(reader: Reader, index: number, x: number, y: number, at: Instant): SeenUnit | null {
  const place = (reader.byte() << 16) | (reader.byte() << 8) | reader.byte()
  const state = (reader.byte() << 8) | reader.byte()
  const duty = DUTY_STATES[state >> 14]
  const source = FIX_SOURCES[(state >> 11) & 7]
  const ageMs = AGES_MS[state & 63]
  const heading = (state >> AGE_BITS) & 31
  if (!duty || !source || ageMs === undefined) return null
  return {
    index,
    wx: (x << CELL_BITS) | (place >> CELL_BITS),
    wy: (y << CELL_BITS) | (place & (CELL_STEPS - 1)),
    duty,
    source,
    headingDeg: heading === NO_HEADING ? null : heading * HEADING_STEP_DEG,
    heardAt: at - ageMs,
  }
}
