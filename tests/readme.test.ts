import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { settingsTable } from '#server/settings.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the README', () => {
  test('prints every setting as the server reads it', () => {
    expect(readme).toContain(settingsTable())
  })

  test('links to nothing that is not there', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path as string)
    expect(targets.length).toBeGreaterThan(5)
    expect(targets.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([])
  })
})
