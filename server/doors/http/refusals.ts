import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ERROR_STATUS, type ErrorAnswer, type ErrorCode, type FieldError } from '#wire/codes.ts'

/** notInThisState → "not in this state". The people's words in both languages are the console's. */
const plainWords = (code: ErrorCode) => code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

export const errorAnswer = (code: ErrorCode, fields?: FieldError[]): ErrorAnswer => ({
  error: { code, message: plainWords(code), ...(fields && { fields }) },
})

export function refuse(reply: FastifyReply, code: ErrorCode, fields?: FieldError[]): FastifyReply {
  return reply
    .code(ERROR_STATUS[code])
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(errorAnswer(code, fields))
}

/** Thrown where a hook can answer in no other way. */
export class RefusedAtDoor extends Error {
  readonly refusal: ErrorCode
  constructor(refusal: ErrorCode) {
    super(refusal)
    this.refusal = refusal
  }
}

/** What Fastify and its plugins call a request they cannot take, in our words. */
const BY_FASTIFY_CODE: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMedia',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupportedMedia',
  FST_ERR_CTP_BODY_TOO_LARGE: 'tooLarge',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'badJson',
  FST_ERR_CTP_INVALID_JSON_BODY: 'badJson',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'badRequest',
  FST_ERR_BAD_URL: 'badRequest',
  FST_ERR_ASYNC_CONSTRAINT: 'badRequest',
  FST_REQ_FILE_TOO_LARGE: 'tooLarge',
  FST_FILES_LIMIT: 'tooLarge',
  FST_FIELDS_LIMIT: 'tooLarge',
  FST_PARTS_LIMIT: 'tooLarge',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupportedMedia',
  FST_UNDER_PRESSURE: 'overloaded',
}

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'badRequest',
  404: 'unknownRoute',
  405: 'methodNotAllowed',
  413: 'tooLarge',
  414: 'tooLarge',
  415: 'unsupportedMedia',
  429: 'tooMany',
  503: 'overloaded',
}

function codeOf(error: FastifyError | RefusedAtDoor): ErrorCode {
  if (error instanceof RefusedAtDoor) return error.refusal
  return BY_FASTIFY_CODE[error.code] ?? BY_STATUS[error.statusCode ?? 500] ?? 'internal'
}

/** Every thrown thing ends here: a known refusal as its code, anything else as `internal`; its stack goes to the log only. */
export function answerError(
  error: FastifyError | RefusedAtDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const code = codeOf(error)
  if (code === 'internal') request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
  if (reply.raw.headersSent) {
    reply.raw.destroy() // a stream that broke half-way: the client must see that it is cut, not that it ended
    return reply
  }
  return refuse(reply, code)
}
