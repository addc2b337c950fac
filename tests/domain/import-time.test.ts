import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeFormat, isTimeZone, momentReader } from '#domain/import-time.ts'

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())
const read = (format: string, zone: string, text: string) => iso(momentReader(format, zone)(text))

describe('the moments of a file', () => {
  test.each([
    ['MM/dd/yyyy hh:mm:ss a', '12/31/2016 11:57:56 PM', '2017-01-01T07:57:56.000Z'],
    ['MM/dd/yyyy hh:mm:ss a', '01/01/2017 12:01:47 AM', '2017-01-01T08:01:47.000Z'],
    ['MM/dd/yyyy hh:mm:ss a', '07/01/2017 12:00:00 p.m.', '2017-07-01T19:00:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss', '2017-07-01 00:00:00', '2017-07-01T07:00:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss.SSS', '2017-07-01 00:00:00.25', '2017-07-01T07:00:00.250Z'],
    ["yyyy'年'M'月'd'日' ah:mm", '2017年7月1日 下午1:05', '2017-07-01T20:05:00.000Z'],
    ['d.M.yyyy', ' 1.7.2017 ', '2017-07-01T07:00:00.000Z'],
    ['yyyy-MM-dd HH:mm XXX', '2017-07-01 00:00 +08:00', '2017-06-30T16:00:00.000Z'],
    ['iso', '2017-07-01T00:00:00Z', '2017-07-01T00:00:00.000Z'],
    ['iso', '2017-07-01T00:00:00.5-0330', '2017-07-01T03:30:00.500Z'],
    ['iso', '2017-07-01T00:00', '2017-07-01T07:00:00.000Z'],
    ['iso', '2017-07-01 00:00:00', '2017-07-01T07:00:00.000Z'],
    ['iso', '2017-07-01', '2017-07-01T07:00:00.000Z'],
    ['s', '1211414400', '2008-05-22T00:00:00.000Z'],
    ['s', '1211414400.5', '2008-05-22T00:00:00.500Z'],
    ['ms', '1211414400000', '2008-05-22T00:00:00.000Z'],
  ])('[IM2] by %s: %s is %s', (format, text, expected) => {
    expect(read(format, 'America/Los_Angeles', text)).toBe(expected)
  })

  test.each([
    ['yyyy-MM-dd HH:mm:ss', '2017-02-29 00:00:00'],
    ['yyyy-MM-dd HH:mm:ss', '2017-13-01 00:00:00'],
    ['yyyy-MM-dd HH:mm:ss', '2017-12-01 24:00:00'],
    ['yyyy-MM-dd HH:mm:ss', '2017-12-01 00:60:00'],
    ['yyyy-MM-dd HH:mm:ss', '2017-12-01 00:00:00 or so'],
    ['yyyy-MM-dd HH:mm:ss', '1900-01-01 00:00:00'],
    ['MM/dd/yyyy hh:mm a', '12/31/2016 13:00 PM'],
    ['MM/dd/yyyy hh:mm a', '12/31/2016 00:10 AM'],
    ['iso', 'yesterday'],
    ['s', '12e3'],
    ['s', '-5'],
    ['s', '99999999999999'],
  ])('[IM2] by %s: %s cannot be read', (format, text) => {
    expect(read(format, 'UTC', text)).toBeNull()
  })

  test('[IM2] formats that would guess are none', () => {
    const good = ['iso', 's', 'ms', 'yyyy-MM-dd', 'dd/MM/yyyy HH:mm', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"]
    const bad = [
      '',
      'MM-dd',
      'yyyy-MM-dd hh:mm',
      'yyyy-MM-dd HH:mm a',
      'yyyy-MM-dd yyyy',
      'yy-MM-dd',
      'QQ',
      "yyyy-MM-dd '",
    ]
    expect(good.filter((format) => !isTimeFormat(format))).toEqual([])
    expect(bad.filter(isTimeFormat)).toEqual([])
    expect(momentReader('QQ', 'UTC')('x')).toBeNull()
    expect([isTimeZone('Asia/Shanghai'), isTimeZone('Asia/Shenyang')]).toEqual([true, false])
  })

  test.each([
    // The hour that comes twice is its first coming; the one that does not come is read by the clock before it.
    ['America/Los_Angeles', '2017-11-05 00:59:59', '2017-11-05T07:59:59.000Z'],
    ['America/Los_Angeles', '2017-11-05 01:30:00', '2017-11-05T08:30:00.000Z'],
    ['America/Los_Angeles', '2017-11-05 02:00:00', '2017-11-05T10:00:00.000Z'],
    ['America/Los_Angeles', '2017-03-12 01:59:59', '2017-03-12T09:59:59.000Z'],
    ['America/Los_Angeles', '2017-03-12 02:30:00', '2017-03-12T10:30:00.000Z'],
    ['America/Los_Angeles', '2017-03-12 03:00:00', '2017-03-12T10:00:00.000Z'],
    ['Australia/Lord_Howe', '2017-04-02 01:45:00', '2017-04-01T14:45:00.000Z'],
    ['Australia/Lord_Howe', '2017-10-01 02:15:00', '2017-09-30T15:45:00.000Z'],
    ['Asia/Kathmandu', '2017-07-01 05:45:00', '2017-07-01T00:00:00.000Z'],
    ['Asia/Shanghai', '1988-07-01 09:00:00', '1988-07-01T00:00:00.000Z'],
    ['Asia/Shanghai', '2017-07-01 08:00:00', '2017-07-01T00:00:00.000Z'],
    ['Europe/Moscow', '2014-10-26 01:30:00', '2014-10-25T21:30:00.000Z'],
  ])('[IM2] in %s %s is %s', (zone, text, expected) => {
    expect(read('yyyy-MM-dd HH:mm:ss', zone, text)).toBe(expected)
  })

  test('[IM2] any moment is read back from what its own zone shows of it, the second hour of autumn as the first', () => {
    const zones = [
      'America/Los_Angeles',
      'Asia/Shanghai',
      'Australia/Lord_Howe',
      'America/St_Johns',
      'Africa/Casablanca',
    ]
    const digits = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
    for (const timeZone of zones) {
      const reader = momentReader('yyyy-MM-dd HH:mm:ss', timeZone)
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        ...digits,
      })
      const moments = fc.integer({ min: 631_152_000, max: 2_051_222_400 })
      fc.assert(
        fc.property(moments, (seconds) => {
          const shown = format.format(seconds * 1_000)
          const at = reader(shown) as number
          expect(format.format(at)).toBe(shown)
          expect([0, 1_800, 3_600]).toContain(seconds - at / 1_000)
        }),
        { seed: 5341, numRuns: 400 },
      )
    }
  })
})
