import { describe, expect, test } from 'vitest'
import { seededRandom } from '#domain/random.ts'
import {
  DEVICE_BINARY,
  DEVICE_JSON,
  OSMAND_FORMS,
  OSMAND_JSON,
  OWNTRACKS,
  SAMPLE_AT,
} from '#tests/support/device-messages.ts'
import { mangled } from '#tests/support/mangle.ts'
import { decodeToDevice } from '#wire/device-binary.ts'
import { parseFromDevice } from '#wire/device-frame.ts'
import { decodeFrame, encodeCell, joinCells, packState } from '#wire/fleet-frame.ts'
import { parseOsmAndForm, parseOsmAndJson } from '#wire/osmand.ts'
import { parseOwnTracks } from '#wire/owntracks.ts'

const ROUNDS = 20_000
const CODES = ['badJson', 'badFrame', 'tooLarge', 'protocolVersion']
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const entries = Array.from({ length: 40 }, (_, index) => ({
  index: index * 31,
  wx: index,
  wy: index,
  state: packState('onDuty', 'device', 90),
  heardAt: SAMPLE_AT,
}))
const FLEET = [joinCells('changes', SAMPLE_AT, [encodeCell(6_902, 3_061, false, [3, 9], entries, SAMPLE_AT)])]

const PARSERS: [string, Uint8Array[], (bytes: Uint8Array) => unknown][] = [
  ['the JSON device frame', DEVICE_JSON, (bytes) => parseFromDevice(text(bytes))],
  ['the binary device frame', DEVICE_BINARY, (bytes) => parseFromDevice(bytes)],
  ['the OsmAnd form', OSMAND_FORMS, (bytes) => parseOsmAndForm(text(bytes), SAMPLE_AT)],
  ['the OsmAnd JSON', OSMAND_JSON, (bytes) => parseOsmAndJson(text(bytes), SAMPLE_AT)],
  ['the OwnTracks JSON', OWNTRACKS, (bytes) => parseOwnTracks(text(bytes))],
]

const isNamed = (answer: unknown) => {
  const { ok, code } = answer as { ok: boolean; code?: string }
  return ok === true || (ok === false && CODES.includes(code ?? ''))
}

describe('spoiled messages', () => {
  test.each(PARSERS)(
    `[WF1, P7] ${ROUNDS} spoiled forms of %s are each read or refused by name`,
    (name, samples, parse) => {
      const random = seededRandom(1, name)
      let refused = 0
      for (let round = 0; round < ROUNDS; round++) {
        const bytes = mangled(random, samples[round % samples.length] as Uint8Array)
        const answer = parse(bytes)
        if (!isNamed(answer)) throw new Error(`round ${round}: ${JSON.stringify(answer)} for ${text(bytes)}`)
        if (!(answer as { ok: boolean }).ok) refused++
      }
      expect(refused).toBeGreaterThan(ROUNDS / 10)
    },
  )

  test('[WF7] spoiled fleet frames and answers to devices are read whole or not at all', () => {
    const random = seededRandom(2, 'fleet')
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = mangled(random, FLEET[0] as Uint8Array)
      const frame = decodeFrame(bytes)
      for (const unit of frame?.cells.flatMap((cell) => cell.seen) ?? []) expect(unit.duty).toBeDefined()
      decodeToDevice(bytes)
    }
  })
})
