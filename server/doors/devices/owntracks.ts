import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from '#server/clock.ts'
import { parseOwnTracks } from '#wire/owntracks.ts'
import type { Reception } from './desk.ts'
import { bodyText, deviceBehind, readBodiesAsText, refuseUnparsed, takeFromPhone } from './phone-answers.ts'

/** `/owntracks`: the OwnTracks apps in HTTP mode. The password of HTTP Basic is the device's secret; the user name means nothing. */
export function owntracksDoor(at: Reception, clock: Clock): FastifyPluginAsync {
  return async (http) => {
    readBodiesAsText(http)
    http.post(
      '/owntracks',
      { schema: { tags: ['devices'], summary: 'Positions of phones with OwnTracks' } as object },
      async (request, reply) => {
        const now = clock.now()
        const device = await deviceBehind(at, passwordOf(request.headers.authorization), request, reply, now)
        if (!device) return reply
        const message = parseOwnTracks(bodyText(request))
        if (!message.ok) return refuseUnparsed(at, reply, message)
        const refusal = await takeFromPhone(at, device, message.fix ? [message.fix] : [], reply, now)
        // The app expects a list of messages for it; we have none.
        return refusal ?? reply.code(200).send([])
      },
    )
  }
}

export function passwordOf(authorization: string | undefined): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 || colon === pair.length - 1 ? null : pair.slice(colon + 1)
}
