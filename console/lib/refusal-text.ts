import type { Refusal } from '#console/lib/api.ts'
import { m } from '#console/lib/paraglide/messages.js'

/** What the person is told: the words of the code, then each field that is wrong. */
export function refusalText(refusal: Refusal): string {
  const words = m[`error_${refusal.why}`]()
  if (refusal.fields.length === 0) return words
  return `${words} ${refusal.fields.map((field) => fieldText(field.path, field.message)).join(m.listComma())}`
}

/** The message for one field of a form, or undefined when that field is right. */
export function fieldError(refusal: Refusal | null, name: string): string | undefined {
  const field = refusal?.fields.find((each) => each.path === `/${name}` || each.path === name)
  return field && m.error_fieldWrong()
}

const fieldText = (path: string, message: string) => `${path.replace(/^\//, '').replaceAll('/', '.')}: ${message}`
