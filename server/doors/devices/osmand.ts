import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Instant } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import type { Unparsed } from '#wire/fix-fields.ts'
import { type OsmAndMessage, parseOsmAndForm, parseOsmAndJson } from '#wire/osmand.ts'
import type { Reception } from './desk.ts'
import { bodyText, deviceBehind, readBodiesAsText, refuseUnparsed, takeFromPhone } from './phone-answers.ts'

/** `/osmand`: phones with Traccar Client or OsmAnd. The identifier typed in the app is the device's secret. */
export function osmandDoor(at: Reception, clock: Clock): FastifyPluginAsync {
  return async (http) => {
    readBodiesAsText(http)
    http.route({
      method: ['GET', 'POST'],
      url: '/osmand',
      schema: { tags: ['devices'], summary: 'Positions of phones with Traccar Client or OsmAnd' } as object,
      handler: async (request, reply) => {
        const now = clock.now()
        const message = read(request, now)
        if (!message.ok) return refuseUnparsed(at, reply, message)
        const device = await deviceBehind(at, message.secret, request, reply, now)
        if (!device) return reply
        return (await takeFromPhone(at, device, message.fixes, reply, now)) ?? reply.code(200).send('')
      },
    })
  }
}

/** Traccar Client posts its query form with an empty body, older ones a form, newer ones JSON. */
function read(request: FastifyRequest, now: Instant): OsmAndMessage | Unparsed {
  const body = bodyText(request)
  if (body.trimStart().startsWith('{')) return parseOsmAndJson(body, now)
  const query = request.raw.url?.split('?')[1] ?? ''
  return parseOsmAndForm(query === '' ? body : query, now)
}
