import { describe, expect, test } from 'vitest'
import { deviceSetup, isLocalOnly } from '#console/lib/pages/device-setup.ts'
import { makePassword } from '#console/lib/pages/make-password.ts'

const SECRET = 'Zk3vQm1TtYb8wJx2LpR9aHcN'
const setup = deviceSetup('https://city.example', SECRET, '工作手机 2')

describe('setting up a phone as a device', () => {
  test('[FP13] Traccar Client reads its address and, from the query, the secret as its identifier', () => {
    const link = new URL(setup.traccarLink)
    expect(link.origin + link.pathname).toBe('https://city.example/osmand')
    expect(Object.fromEntries(link.searchParams)).toEqual({
      id: SECRET,
      interval: '10',
      accuracy: 'highest',
      buffer: 'true',
    })
  })

  test('[FP13] OwnTracks gets a whole configuration with the secret as its password, Chinese label and all', () => {
    const inline = new URL(setup.owntracksLink).searchParams.get('inline') ?? ''
    const configuration = JSON.parse(Buffer.from(inline, 'base64').toString('utf8'))
    expect(configuration).toMatchObject({
      _type: 'configuration',
      mode: 3,
      url: 'https://city.example/owntracks',
      auth: true,
      password: SECRET,
      deviceId: '工作手机 2',
    })
  })

  test('the device socket is on the same host, encrypted when the page is', () => {
    expect(setup.socket).toBe('wss://city.example/devices')
    expect(deviceSetup('http://10.0.0.2:8080', SECRET, 'x').socket).toBe('ws://10.0.0.2:8080/devices')
  })

  test('an address only this machine can reach is told apart', () => {
    expect(['localhost', '127.0.0.1', '::1'].map(isLocalOnly)).toEqual([true, true, true])
    expect(['10.0.0.2', 'city.example', '127.example'].map(isLocalOnly)).toEqual([false, false, false])
  })
})

describe('a first password', () => {
  test('can be read aloud, is long enough, and is never the same', () => {
    const made = Array.from({ length: 200 }, makePassword)
    expect(new Set(made).size).toBe(200)
    for (const password of made) expect(password).toMatch(/^[a-zA-Z0-9]{4}(-[a-zA-Z0-9]{4}){3}$/)
    expect(made.join('')).not.toMatch(/[0O1lI5S8B2Z]/)
  })
})
