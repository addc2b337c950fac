import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OidcProvider {
  issuer: string
  /** What a person who agrees at the provider's page would bring back; `as` is the name the provider knows them by. */
  agree(authorizeUrl: string, as: string): { code: string; state: string }
  close(): Promise<void>
}

interface Agreed {
  as: string
  nonce: string | null
  challenge: string
}

/** A small but honest OpenID Connect provider: discovery, keys, PKCE, a signed identity token. */
export async function oidcProvider(clientId: string, clientSecret: string): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const agreed = new Map<string, Agreed>()
  let issuer = ''
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = (claims: object) => {
    const text = `${base64({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${base64(claims)}`
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`
  }
  const tokens = (form: URLSearchParams, basic: string | undefined) => {
    const found = agreed.get(form.get('code') ?? '')
    const [id, secret] = basic
      ? Buffer.from(basic.slice(6), 'base64').toString().split(':')
      : [form.get('client_id'), form.get('client_secret')]
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!found || id !== clientId || secret !== clientSecret || challenge !== found.challenge) return null
    agreed.delete(form.get('code') ?? '')
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: issuer,
      aud: clientId,
      sub: `sub of ${found.as}`,
      iat: now,
      exp: now + 300,
      nonce: found.nonce,
      preferred_username: found.as,
      email: `${found.as}@mail.invalid`,
    }
    return { access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: signed(claims) }
  }
  const server = createServer(async (request, response) => {
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/.well-known/openid-configuration')
      return say(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (request.url === '/jwks')
      return say(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] })
    let body = ''
    for await (const chunk of request) body += chunk
    const told = request.url === '/token' ? tokens(new URLSearchParams(body), request.headers.authorization) : null
    return told ? say(200, told) : say(400, { error: 'invalid_grant' })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    agree: (authorizeUrl, as) => {
      const asked = new URL(authorizeUrl).searchParams
      const code = `code-${agreed.size}-${as}`
      agreed.set(code, { as, nonce: asked.get('nonce'), challenge: asked.get('code_challenge') ?? '' })
      return { code, state: asked.get('state') ?? '' }
    },
    close: () => new Promise((done) => server.close(() => done())),
  }
}
