import { Type } from 'typebox'
import type { CoverOffer, DutyShift, DutySwap, HandOver } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'
import { commandsOn } from '#wire/command.ts'
import { closed, DayBody } from '#wire/roster-bodies.ts'
import type { CoverCandidate, DutyNow, MyDuty, PayrollLine } from '#wire/roster-shapes.ts'
import { route } from '#wire/route.ts'
import { Done, Id, IdParams, Lat, Lng, Reason, shape, shapes, Text, word } from '#wire/shapes.ts'

const shiftCommand = commandsOn('duty-shifts', shape<DutyShift>('DutyShift'))
const coverCommand = commandsOn('cover-offers', shape<{ offer: CoverOffer; shift: DutyShift }>('CoverAnswered'))
const swapCommand = commandsOn('duty-swaps', shape<DutySwap>('DutySwap'))

export const dutyNow = route({
  method: 'GET',
  path: '/api/duty/now',
  action: 'roster.read',
  summary: 'Who is on duty, who should be, gaps and the cover that is sought for them, hand-overs',
  query: Type.Object({ clusterId: Type.Optional(Id) }),
  answer: shape<DutyNow>('DutyNow'),
})

/** `lng`, `lat`: only where the person has consented; `forThem`: the supervisor says it (action duty.direct). */
export const startShift = route({
  ...shiftCommand('start', 'duty.own', 'On duty: the unit can be sent from now on', {
    lng: Type.Optional(Lng),
    lat: Type.Optional(Lat),
  }),
  orAction: 'duty.direct',
})

export const endShift = route({
  ...shiftCommand('end', 'duty.own', 'Off duty; not before the end without a reason', {
    reason: Type.Optional(Reason),
  }),
  orAction: 'duty.direct',
})

export const coverCandidates = route({
  method: 'GET',
  path: '/api/duty-shifts/:id/candidates',
  action: 'duty.direct',
  summary: 'Who could fill the gap, best first, and what bars the others',
  params: IdParams,
  answer: shapes<CoverCandidate>('CoverCandidate'),
})

export const coverShift = shiftCommand(
  'cover',
  'duty.direct',
  'Somebody cannot come: their shift becomes a gap and the best fitting are asked in turn',
  { reason: Reason },
)

export const stopCover = shiftCommand('stop-cover', 'duty.direct', 'Ask nobody more for this gap', { reason: Reason })

export const acceptCover = coverCommand('accept', 'duty.own', 'Take the gap; one winner', {})
export const declineCover = coverCommand('decline', 'duty.own', 'Not me; the next is asked', {})

export const proposeSwap = route({
  method: 'POST',
  path: '/api/duty-swaps',
  action: 'duty.own',
  summary: 'Offer a shift to a colleague: as a gift, or for one of theirs',
  command: true,
  body: Type.Object(
    {
      kind: word(['swap', 'give'] as const),
      shiftId: Id,
      /** Of a swap: the other's shift. */
      otherShiftId: Type.Optional(Id),
      /** Of a gift: to whom; left out = whoever of the cluster comes first. */
      otherUnitId: Type.Optional(Id),
      note: Type.Optional(Type.String({ maxLength: 500 })),
    },
    closed,
  ),
  answer: shape<DutySwap>('DutySwap'),
})

export const agreeSwap = swapCommand(
  'agree',
  'duty.own',
  'Agree; done at once when the rules allow it and nobody has to approve',
  {},
)
export const declineSwap = swapCommand('decline', 'duty.own', 'No, thank you', {})
export const withdrawSwap = swapCommand('withdraw', 'duty.own', 'Take it back', {})
export const approveSwap = swapCommand('approve', 'duty.direct', 'Let an agreed swap pass', {})
export const refuseSwap = swapCommand('refuse', 'duty.direct', 'Refuse an agreed swap', { reason: Reason })

export const writeHandOver = route({
  ...shiftCommand('hand-over', 'duty.own', '', {}),
  orAction: 'duty.direct',
  summary: 'Leave a note and the open tickets to the next shift',
  body: Type.Object({ note: Text }, closed),
  answer: shape<HandOver>('HandOver'),
})

export const takeHandOver = route({
  ...shiftCommand('take-over', 'duty.own', '', {}),
  orAction: 'duty.direct',
  summary: 'Read and taken over by the next shift (`shiftId`: the one that takes it)',
  body: Type.Object({ shiftId: Id }, closed),
  answer: shape<HandOver>('HandOver'),
})

export const myDuty = route({
  method: 'GET',
  path: '/api/my-duty',
  action: 'duty.own',
  summary: 'Own shifts, offers, swaps, hand-overs and notices; the shifts of the team when asked for',
  query: Type.Object({
    from: Type.Optional(DayBody),
    to: Type.Optional(DayBody),
    team: Type.Optional(Type.Boolean()),
  }),
  answer: shape<MyDuty>('MyDuty'),
})

export const readNotices = route({
  method: 'POST',
  path: '/api/my-duty/read',
  action: 'duty.own',
  summary: 'The notices up to here have been read',
  command: true,
  body: Type.Object({ upTo: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }) }, closed),
  answer: Done,
})

export const makeCalendarLink = route({
  method: 'POST',
  path: '/api/my-duty/calendar',
  action: 'duty.own',
  summary: 'A link to the own shifts as a calendar; a new one ends the one before. It is shown this once',
  command: true,
  body: Type.Object({}, closed),
  answer: shape<{ path: string; since: Instant }>('CalendarLink'),
})

export const revokeCalendarLink = route({
  method: 'DELETE',
  path: '/api/my-duty/calendar',
  action: 'duty.own',
  summary: 'End the link',
  command: true,
  answer: Done,
})

export const calendarFile = route({
  method: 'GET',
  path: '/api/calendar/:token',
  action: 'public',
  summary: "A person's shifts as an iCalendar file, by the token of the link",
  params: Type.Object({ token: Type.String({ minLength: 20, maxLength: 80, pattern: '^[A-Za-z0-9_-]+(\\.ics)?$' }) }),
  answer: Type.Unknown(),
})

const PayrollQuery = Type.Object({ from: DayBody, to: DayBody, clusterId: Type.Optional(Id) })

export const payroll = route({
  method: 'GET',
  path: '/api/payroll',
  action: 'payroll.read',
  summary: 'Hours worked by person and kind: ordinary, overtime, rest day, holiday',
  query: PayrollQuery,
  answer: shapes<PayrollLine>('PayrollLine'),
})

export const payrollFile = route({
  method: 'GET',
  path: '/api/exports/payroll.csv',
  action: 'payroll.read',
  summary: 'The same as CSV (UTF-8 with BOM)',
  query: PayrollQuery,
  answer: Type.String(),
})
