import { defineConfig } from 'drizzle-kit'

/** `npx drizzle-kit generate` writes the next migration from db/schema.ts; the server applies them at start. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/*.ts',
  out: './db/migrations',
  casing: 'snake_case',
})
