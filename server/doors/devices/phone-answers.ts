import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import { within } from '#server/within.ts'
import { ERROR_STATUS, type ErrorAnswer, type ErrorCode } from '#wire/codes.ts'
import type { Unparsed } from '#wire/fix-fields.ts'
import { type Device, deviceOf, type Reception, receive } from './desk.ts'

/** A phone that gets no answer sends again: better soon than after a long silence of ours. */
const KEPT_WITHIN_MS = 5_000
export const PHONE_BODY_LIMIT = 65_536

export function refusePhone(reply: FastifyReply, code: ErrorCode, message: string, retryAfterMs = 0): FastifyReply {
  if (retryAfterMs > 0) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000))
  if (code === 'unknownDevice') reply.header('www-authenticate', 'Basic realm="hongguan"')
  const answer: ErrorAnswer = { error: { code, message } }
  return reply.code(ERROR_STATUS[code]).header('cache-control', 'no-store').send(answer)
}

const CODES: Record<Unparsed['code'], ErrorCode> = {
  badJson: 'badJson',
  badFrame: 'badRequest',
  tooLarge: 'tooLarge',
  protocolVersion: 'badRequest',
}

export function refuseUnparsed(at: Reception, reply: FastifyReply, { code, why }: Unparsed): FastifyReply {
  at.counters.refused(code)
  return refusePhone(reply, CODES[code], why)
}

const SAID: Record<'unknownDevice' | 'revokedDevice' | 'tooMany', string> = {
  unknownDevice: 'this secret belongs to no device',
  revokedDevice: 'this device was revoked',
  tooMany: 'too many unknown devices from this address',
}

/** Answers the device, or refuses the phone and answers null. */
export async function deviceBehind(
  at: Reception,
  secret: string | null,
  request: FastifyRequest,
  reply: FastifyReply,
  now: Instant,
): Promise<Device | null> {
  const device = await deviceOf(at, secret, request.ip, now)
  if (device.ok) return device
  refusePhone(reply, device.why, SAID[device.why], device.why === 'tooMany' ? 60_000 : 0)
  return null
}

/**
 * Takes a phone's fixes. 200 is said only once they are on disk, because a phone forgets what was answered so; a fix that is
 * judged and refused is answered 200 too, because sending it again would change nothing.
 */
export async function takeFromPhone(
  at: Reception,
  device: Device,
  fixes: readonly Fix[],
  reply: FastifyReply,
  now: Instant,
): Promise<FastifyReply | null> {
  if (fixes.length === 0) return null
  const received = receive(at, device, fixes, now)
  if (!received.ok) return refusePhone(reply, 'tooMany', 'too many fixes from this device', received.retryAfterMs)
  if (await within(received.kept, KEPT_WITHIN_MS)) return null
  at.counters.refused('overloaded')
  return refusePhone(reply, 'overloaded', 'positions cannot be kept at the moment', 10_000)
}

/** Whatever type a phone gives its body, it is read as text here and taken apart by wire/: total, and by nobody else. */
export function readBodiesAsText(http: FastifyInstance): void {
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('*', { parseAs: 'string', bodyLimit: PHONE_BODY_LIMIT }, (_request, body, done) => {
    done(null, body)
  })
}

export const bodyText = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '')
