import type { Auth } from './auth.ts'

/** A key for a program, sent as `Authorization: Bearer KEY`. Shown this once: only its hash is kept. */
export async function issueApiKey(auth: Auth, userId: string, name: string): Promise<string> {
  const { key } = await auth.api.createApiKey({ body: { userId, name } })
  return key
}
