import { Command } from 'commander'
import { done } from '#cli/outcome.ts'
import { does } from '#cli/verb.ts'

export const migrateCommand = () =>
  does(
    new Command('migrate').description('Brings the database to the newest schema; a second run changes nothing.'),
    async () => {
      const [{ withDatabase }, { migrate }] = await Promise.all([import('#cli/database.ts'), import('#db/migrate.ts')])
      return withDatabase(async ({ db }) => {
        await migrate(db)
        return done({ migrated: true }, 'the database has the newest schema')
      })
    },
  )
