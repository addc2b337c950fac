import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { contentPolicy } from './content-policy.ts'

const PATH = '/api/docs'

/** Must come before the routes it describes. */
export async function describeRoutes(http: FastifyInstance, version: string): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hongguan',
        version,
        description: 'Every refusal is `{error: {code, message, fields?}}`; the codes are stable (wire/codes.ts).',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'hongguan.session_token' },
          apiKey: { type: 'http', scheme: 'bearer' },
        },
      },
    },
  })
}

/** The API reference at /api/docs, whole from here: no font, script or request goes to another host. */
export async function serveReference(http: FastifyInstance): Promise<void> {
  await http.register(async (scope) => {
    scope.addHook('onSend', async (request, reply, payload) => {
      const isPage = `${reply.getHeader('content-type')}`.startsWith('text/html')
      if (isPage && typeof payload === 'string')
        reply.header('content-security-policy', contentPolicy(payload, request.host, []))
      reply.removeHeader('access-control-allow-origin').removeHeader('access-control-allow-methods')
      return payload
    })
    await scope.register(scalar, {
      routePrefix: PATH,
      configuration: {
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
        pageTitle: 'Hongguan API',
      },
    })
  })
}
