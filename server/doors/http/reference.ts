import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { contentPolicy } from './content-policy.ts'

const PATH = '/api/docs'
/** The program that draws the reference is 5 MB and changes with the server only. */
const SCRIPT_AGE_S = 3_600

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

/**
 * The API reference at /api/docs, whole from here: no font, script or request goes to another host. It is large and seldom
 * read, so it is loaded by whoever first asks for it and not with every start.
 */
export function serveReference(http: FastifyInstance): void {
  let opened: Promise<FastifyInstance> | null = null
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    opened ??= openReference(() => http.swagger())
    const reference = await opened
    const found = await reference.inject({ method: 'GET', url: request.url, headers: { host: request.host } })
    const type = String(found.headers['content-type'] ?? '')
    if (found.headers.location) reply.header('location', found.headers.location)
    if (type.startsWith('text/html'))
      reply.header('content-security-policy', contentPolicy(found.body, request.host, []))
    if (type.includes('javascript')) reply.header('cache-control', `public, max-age=${SCRIPT_AGE_S}`)
    return reply.code(found.statusCode).type(type).send(found.body)
  }
  const hidden = { schema: { hide: true } as object }
  http.get(PATH, hidden, answer)
  http.get(`${PATH}/*`, hidden, answer)
}

async function openReference(describe: () => object): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const reference = Fastify() as unknown as FastifyInstance
  await reference.register(scalar, {
    routePrefix: PATH,
    configuration: {
      content: () => describe() as Record<string, unknown>,
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
      pageTitle: 'Hongguan API',
    },
  })
  return reference
}
