import { writeFileSync } from 'node:fs'
import { TICKET_EVENTS, TICKET_STATUSES } from '#domain/ticket.ts'
import { TICKET_REFUSALS } from '#domain/ticket-refusals.ts'
import { ENDED, NEXT, UNASSIGNED } from '#domain/ticket-states.ts'

const HEAD = `# A ticket's states

Written by \`node docs/make-ticket-states.ts\` from \`domain/ticket-states.ts\` and \`domain/ticket-refusals.ts\`; a test fails when it
is out of date. A row is the status a ticket is in, a column what happens to it; the cell is the status after it, and an
empty cell refuses (\`notInThisState\`, or for offers \`notOffered\` and \`alreadyTaken\`) and changes nothing. *before* is the
status it was suspended from. \`decline\` and \`expire\` lead back only when the last standing offer falls; while others stand the
ticket stays \`offered\`.
`

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const rule = (columns: number) => row(Array.from({ length: columns }, () => '---'))

/** Events in the order of the journey, a dozen to a table: a page is only so wide. */
const PARTS = [
  ['triage', 'place', 'offer', 'decline', 'expire', 'accept', 'depart', 'arrive', 'submitPlan', 'resolve'],
  ['rate', 'visit', 'close', 'reopen', 'return', 'suspend', 'resume'],
  ['extend', 'transfer', 'escalate', 'merge', 'cancel', 'notAdmit'],
] as const

function table(events: readonly (typeof TICKET_EVENTS)[number][]): string[] {
  const rows = TICKET_STATUSES.map((status) => {
    const cells = events.map((event) => {
      const to = NEXT[status][event]
      return to === 'before' ? '*before*' : (to ?? '')
    })
    return row([`**${status}**`, ...cells])
  })
  return [row(['', ...events]), rule(events.length + 1), ...rows, '']
}

function refusals(): string[] {
  const rows = Object.entries(TICKET_REFUSALS).map(([verb, codes]) =>
    row([`\`${verb}\``, codes.map((code) => `\`${code}\``).join(', ')]),
  )
  return [row(['verb', 'may be refused with']), rule(2), ...rows, '']
}

const list = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')

export function ticketStatesPage(): string {
  const listed = new Set<string>(PARTS.flat())
  const forgotten = TICKET_EVENTS.filter((event) => !listed.has(event))
  if (forgotten.length > 0) throw new Error(`no table holds ${forgotten.join(', ')}`)
  return [
    HEAD,
    '## To the resolution\n',
    ...table(PARTS[0]),
    '## After it, and beside it\n',
    ...table(PARTS[1]),
    '## Elsewhere and out\n',
    ...table(PARTS[2]),
    `Nobody is working on it yet: ${list(UNASSIGNED)}.\nIt has left the live queue: ${list(ENDED)}.\n`,
    '## Refusals\n',
    'Every code and its HTTP status stand in `wire/codes.ts`. A note, a photo and an offer lost to a faster unit are facts of the',
    'log, refused in no state; every command may also answer `unknown` (not there, or not yours to see), `notAllowed` and',
    '`keyReused`.\n',
    ...refusals(),
  ].join('\n')
}

if (import.meta.main) writeFileSync(new URL('./ticket-states.md', import.meta.url), ticketStatesPage())
