import type { Refusal } from '#console/lib/api.ts'

type Told<T> = { ok: true; answer: T } | Refusal

/** Rows asked for at once. */
const PAGE = 500

/** A list that the server gives page by page, read to its end (or to so many): what is to be done is never beyond a page. */
export async function wholeList<T extends { id: string }>(
  read: (query: { after?: string; limit: number }) => Promise<Told<T[]>>,
  most = Number.POSITIVE_INFINITY,
): Promise<Told<T[]>> {
  const all: T[] = []
  for (;;) {
    const last = all.at(-1)
    const limit = Math.min(PAGE, most - all.length)
    const told = await read({ limit, ...(last && { after: last.id }) })
    if (!told.ok) return told
    all.push(...told.answer)
    if (told.answer.length < limit || all.length >= most) return { ok: true, answer: all }
  }
}
