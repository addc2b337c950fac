import { Command } from 'commander'
import { withDatabase } from '#cli/database.ts'
import { done } from '#cli/outcome.ts'
import { does } from '#cli/verb.ts'
import { migrate } from '#db/migrate.ts'

export const migrateCommand = () =>
  does(
    new Command('migrate').description('Brings the database to the newest schema; a second run changes nothing.'),
    () =>
      withDatabase(async ({ db }) => {
        await migrate(db)
        return done({ migrated: true }, 'the database has the newest schema')
      }),
  )
