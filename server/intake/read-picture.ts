import type { FastifyRequest } from 'fastify'
import type { Refused } from '#domain/refusal.ts'
import { cleanPicture, type Picture } from './picture.ts'
import { readUpload } from './upload.ts'

/** For nouns that are not intake: the picture of a multipart request, made anew (IN5), with the form's fields. */
export async function readPicture(
  request: FastifyRequest,
): Promise<{ ok: true; fields: Record<string, string>; picture: Picture } | Refused<'badPhoto' | 'overloaded'>> {
  const upload = await readUpload(request)
  if (!upload.ok) return upload
  const cleaned = await cleanPicture(upload.bytes)
  if (!cleaned.ok) return cleaned
  const { image, width, height } = cleaned
  return { ok: true, fields: upload.fields, picture: { image, width, height } }
}
