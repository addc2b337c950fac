import type { FastifyRequest } from 'fastify'
import { type Refused, refused } from '#domain/refusal.ts'

export interface Upload {
  ok: true
  bytes: Buffer
  fields: Record<string, string>
}

/**
 * The one file of a multipart request under the name `photo`, and its fields, in whatever order they come. A body that is not
 * multipart, or too large, is answered by the door's own codes.
 */
export async function readUpload(request: FastifyRequest): Promise<Upload | Refused<'badPhoto'>> {
  try {
    return await readParts(request)
  } catch (error) {
    // What the door knows has a status; what is left is a form that breaks off or is none.
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error
    return refused('badPhoto')
  }
}

async function readParts(request: FastifyRequest): Promise<Upload | Refused<'badPhoto'>> {
  const fields: Record<string, string> = {}
  let bytes: Buffer | null = null
  for await (const part of request.parts()) {
    if (part.type === 'field') fields[part.fieldname] = String(part.value)
    // Every file is read to its end: the parser waits for it before it says what follows.
    else if (part.fieldname === 'photo') bytes = await part.toBuffer()
    else part.file.resume()
  }
  return bytes && bytes.length > 0 ? { ok: true, bytes, fields } : refused('badPhoto')
}
