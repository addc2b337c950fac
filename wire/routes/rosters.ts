import { Type } from 'typebox'
import type { RosterHead, RosterRun, RosterTemplate } from '#domain/duty-roster.ts'
import type { PersonRemoved } from '#domain/roster-explained.ts'
import { commandsOn } from '#wire/command.ts'
import * as say from '#wire/roster-bodies.ts'
import type * as part from '#wire/roster-shapes.ts'
import { route } from '#wire/route.ts'
import { Done, Id, IdParams, Reason, shape, shapes } from '#wire/shapes.ts'

const rosterCommand = commandsOn('rosters', shape<RosterHead>('RosterHead'))

export const rosters = route({
  method: 'GET',
  path: '/api/rosters',
  action: 'roster.read',
  summary: 'Rosters, last changed first, without their lines',
  query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }),
  answer: shapes<RosterHead>('RosterHead'),
})

export const draftRoster = route({
  method: 'POST',
  path: '/api/rosters',
  action: 'roster.make',
  summary: 'A new draft: empty, copied forward from a roster, or laid out from a template',
  command: true,
  body: Type.Object(
    {
      name: say.NameBody,
      clusterIds: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }),
      firstDay: say.DayBody,
      days: say.DaysBody,
      fromRosterId: Type.Optional(Id),
      fromTemplateId: Type.Optional(Id),
    },
    say.closed,
  ),
  answer: shape<RosterHead>('RosterHead'),
})

export const rosterCard = route({
  method: 'GET',
  path: '/api/rosters/:id',
  action: 'roster.read',
  summary: 'One roster with its people, score, cover by hour and skill, and the run that is live',
  params: IdParams,
  answer: shape<part.RosterCard>('RosterCard'),
})

export const editRoster = route({
  method: 'POST',
  path: '/api/rosters/:id/edit',
  action: 'roster.make',
  summary: 'Change lines of a draft; answered with the score, the rules it breaks and what would undo it',
  command: true,
  params: IdParams,
  body: Type.Object({ revision: say.Revision, edits: say.EditsBody }, say.closed),
  answer: shape<part.RosterEdited>('RosterEdited'),
})

const revision = { revision: say.Revision }
export const reviewRoster = rosterCommand('review', 'roster.make', 'Hand a draft in for review', revision)
export const redraftRoster = rosterCommand('redraft', 'roster.make', 'Back from review to the draft', revision)
export const discardRoster = rosterCommand('discard', 'roster.make', 'Put a draft away', revision)
export const amendRoster = rosterCommand('amend', 'roster.make', 'A draft that would change a published roster', {
  name: say.NameBody,
})

export const overrideRules = rosterCommand(
  'override',
  'roster.make',
  'Urgent repair (劳动法 42): the hours and rest rules lifted in a draft for these days, all of them at once, with the reason',
  { revision: say.Revision, overrides: say.OverridesBody },
)

export const solveRoster = route({
  method: 'POST',
  path: '/api/rosters/:id/solve',
  action: 'roster.make',
  summary: 'Start the optimiser from the draft as it is; it writes no roster',
  command: true,
  params: IdParams,
  body: Type.Object(
    {
      revision: say.Revision,
      seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
      seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    },
    say.closed,
  ),
  answer: shape<RosterRun>('RosterRun'),
})

export const rosterRun = route({
  method: 'GET',
  path: '/api/rosters/:id/run',
  action: 'roster.read',
  summary: 'The latest run with its best roster and bound so far; poll it about twice a second while it is live',
  params: IdParams,
  answer: shape<part.RosterRunState>('RosterRunState'),
})

export const stopRosterRun = route({
  method: 'POST',
  path: '/api/rosters/:id/stop',
  action: 'roster.make',
  summary: 'Stop the run; the best so far is kept with it',
  command: true,
  params: IdParams,
  body: Type.Object({}, say.closed),
  answer: shape<RosterRun>('RosterRun'),
})

export const takeRun = rosterCommand('take', 'roster.make', 'Take what a run has found over into the draft', {
  revision: say.Revision,
  runId: Id,
})

export const explainRoster = route({
  method: 'GET',
  path: '/api/rosters/:id/explanation',
  action: 'roster.make',
  summary: 'Score by rule, which rule hurts whom on which day, why hours stayed empty and the cheapest remedy',
  params: IdParams,
  answer: shape<part.RosterExplanation>('RosterExplanation'),
})

export const rosterNMinusOne = route({
  method: 'GET',
  path: '/api/rosters/:id/n-minus-one',
  action: 'roster.read',
  summary: 'The people whose absence breaks cover, worst first',
  params: IdParams,
  answer: shapes<PersonRemoved>('PersonRemoved'),
})

export const rosterChurn = route({
  method: 'GET',
  path: '/api/rosters/:id/churn',
  action: 'roster.read',
  summary: 'What publishing would change of the shifts that stand, and whom it touches',
  params: IdParams,
  answer: shape<part.RosterChurn>('RosterChurn'),
})

export const publishRoster = route({
  method: 'POST',
  path: '/api/rosters/:id/publish',
  action: 'roster.publish',
  summary:
    'Make a reviewed roster stand: one transaction, one event. Refused while it breaks a hard rule that no override lifts',
  command: true,
  params: IdParams,
  body: Type.Object({ revision: say.Revision, reason: Reason }, say.closed),
  answer: shape<part.RosterPublished>('RosterPublished'),
})

export const rosterMonth = route({
  method: 'GET',
  path: '/api/roster-month',
  action: 'roster.read',
  summary: 'A month of published shifts as one sheet',
  query: Type.Object({ month: say.MonthBody, clusterId: Type.Optional(Id) }),
  answer: shape<part.RosterMonth>('RosterMonth'),
})

export const exportRoster = route({
  method: 'GET',
  path: '/api/rosters/:id/export.csv',
  action: 'roster.read',
  summary: 'The lines of a roster as CSV (UTF-8 with BOM), in the columns of the import',
  params: IdParams,
  answer: Type.String(),
})

const Csv = Type.String({ minLength: 1, maxLength: 200_000 })

export const previewRosterImport = route({
  method: 'POST',
  path: '/api/rosters/:id/import-preview',
  action: 'roster.make',
  summary: 'What importing the file would change of the draft, and why not; writes nothing',
  params: IdParams,
  body: Type.Object({ csv: Csv }, say.closed),
  answer: shape<part.RosterImportPreview>('RosterImportPreview'),
})

export const importRoster = route({
  method: 'POST',
  path: '/api/rosters/:id/import',
  action: 'roster.make',
  summary: 'Does what the preview said, or refuses when the draft or the file is no longer the same',
  command: true,
  params: IdParams,
  body: Type.Object({ csv: Csv, stamp: Type.String({ maxLength: 64 }) }, say.closed),
  answer: shape<part.RosterEdited>('RosterEdited'),
})

export const rosterTemplates = route({
  method: 'GET',
  path: '/api/roster-templates',
  action: 'roster.read',
  summary: 'Patterns to lay drafts out from',
  answer: shapes<RosterTemplate>('RosterTemplate'),
})

export const keepTemplate = route({
  method: 'POST',
  path: '/api/roster-templates',
  action: 'roster.make',
  summary: 'Keep the pattern of a roster under a name',
  command: true,
  body: Type.Object({ name: say.NameBody, rosterId: Id }, say.closed),
  answer: shape<RosterTemplate>('RosterTemplate'),
})

export const dropTemplate = route({
  method: 'DELETE',
  path: '/api/roster-templates/:id',
  action: 'roster.make',
  summary: 'Forget a template; rosters laid out from it stay',
  command: true,
  params: IdParams,
  answer: Done,
})
