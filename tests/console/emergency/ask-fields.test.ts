import { describe, expect, test } from 'vitest'
import { type AskField, bodyOf, faultyFields, startValues } from '#console/lib/emergency/ask-fields.ts'
import { emptyOffer, offerBody } from '#console/routes/emergency/pool/offer-form.ts'

const ZONE = 'Asia/Shanghai'
const FIELDS: AskField[] = [
  { name: 'reason', label: '', kind: 'long' },
  { name: 'at', label: '', kind: 'moment', value: Date.UTC(2026, 2, 4, 1, 30) },
  { name: 'months', label: '', kind: 'whole', value: 6 },
  { name: 'fee', label: '', kind: 'number', isOptional: true },
  { name: 'outcome', label: '', kind: 'choice', options: [{ value: 'managed', label: '' }] },
]

describe('the form of a command', () => {
  test('[ED2] begins with what is known, moments in the city’s time', () => {
    expect(startValues(FIELDS, ZONE)).toEqual({
      reason: '',
      at: '2026-03-04T09:30',
      months: '6',
      fee: '',
      outcome: 'managed',
    })
  })

  test('[ED2] names every field that is missing or no number, at once', () => {
    const values = { reason: ' ', at: 'tomorrow', months: '1.5', fee: 'free', outcome: 'managed' }
    expect(faultyFields(FIELDS, values, ZONE)).toEqual(['reason', 'at', 'months', 'fee'])
    expect(faultyFields(FIELDS, { ...startValues(FIELDS, ZONE), reason: 'why' }, ZONE)).toEqual([])
  })

  test('[ED2] sends what was typed and leaves out what was left empty', () => {
    const values = { ...startValues(FIELDS, ZONE), reason: ' why ' }
    expect(bodyOf(FIELDS, values, ZONE)).toEqual({
      reason: 'why',
      at: Date.UTC(2026, 2, 4, 1, 30),
      months: 6,
      outcome: 'managed',
    })
  })
})

describe('what a firm says of itself', () => {
  test('[ED2] is sent only when every field is filled in and a number where one is needed', () => {
    const form = {
      ...emptyOffer(),
      subdistrictCode: '210102001',
      lng: '123.4',
      lat: '41.8',
      capacity: { cleaners: '20', guards: '10', liftOperators: '0', moneyAtRisk: '50000' },
      districtCodes: ['210102'],
      price: '1.2',
    }
    expect(offerBody(form)).toMatchObject({ lng: 123.4, price: 1.2, capacity: { cleaners: 20, moneyAtRisk: 50_000 } })
    expect(offerBody({ ...form, price: '' })).toBeNull()
    expect(offerBody({ ...form, capacity: { ...form.capacity, guards: '-1' } })).toBeNull()
    expect(offerBody({ ...form, districtCodes: [] })).toBeNull()
  })
})
