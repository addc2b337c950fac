import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestApp } from '#tests/support/app.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '#tests/support/certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('HTTPS', () => {
  test('is spoken by the server itself when it is given a certificate and its key', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeFileSync(cert, CERTIFICATE)
    writeFileSync(key, CERTIFICATE_KEY)
    const app = await startTestApp({ env: { HONGGUAN_TLS_CERT: cert, HONGGUAN_TLS_KEY: key } })
    const address = await app.app.listen()
    expect(address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const answer = await new Promise<{ status: number | undefined; secure: string | undefined }>((resolve, reject) => {
      get(`${address}/health/live`, { rejectUnauthorized: false }, (response) => {
        response.resume()
        resolve({ status: response.statusCode, secure: response.headers['strict-transport-security'] })
      }).on('error', reject)
    })
    expect(answer).toEqual({ status: 200, secure: 'max-age=31536000' })
    await app.end()
  })
})
