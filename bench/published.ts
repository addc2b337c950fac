import { readdirSync } from 'node:fs'
import { sharedPath } from '#tests/support/shared.ts'

/** The published cases of a folder, each named as its file: those asked for, or all there are. */
export function casesOf(folder: string, asked: readonly string[]): string[] {
  const all = readdirSync(sharedPath(folder))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.replace('.txt', ''))
  const unknown = asked.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; there are ${all.join(', ')}`)
  return asked.length > 0 ? [...asked] : all
}
