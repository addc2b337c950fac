import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right'
import Ban from '@lucide/svelte/icons/ban'
import CalendarPlus from '@lucide/svelte/icons/calendar-plus'
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big'
import CircleX from '@lucide/svelte/icons/circle-x'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import GitMerge from '@lucide/svelte/icons/git-merge'
import Pause from '@lucide/svelte/icons/pause'
import PhoneCall from '@lucide/svelte/icons/phone-call'
import Play from '@lucide/svelte/icons/play'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import Siren from '@lucide/svelte/icons/siren'
import SquarePen from '@lucide/svelte/icons/square-pen'
import Stamp from '@lucide/svelte/icons/stamp'
import TrendingUp from '@lucide/svelte/icons/trending-up'
import type { Component } from 'svelte'
import type { Action } from '#domain/access.ts'
import type { Ticket, TicketEvent } from '#domain/ticket.ts'
import { ENDED, next } from '#domain/ticket-states.ts'

export type FormKind = 'none' | 'reason' | 'triage' | 'note' | 'visit' | 'extend' | 'transfer' | 'merge' | 'handOff'

/** What a dispatcher can do to a ticket: its key, its right, the event it is in the table of states, and what it asks. */
export interface TicketAction {
  id: keyof typeof TICKET_ACTIONS
  key: string
  right: Action
  /** null = a fact that changes no status. */
  event: TicketEvent | null
  form: FormKind
  isDanger: boolean
  icon: Component<{ size?: number | string; 'aria-hidden'?: 'true' }>
}

type Spec = Omit<TicketAction, 'id' | 'isDanger'> & { isDanger?: boolean }
const spec = (action: Spec): Spec => action

const TICKET_ACTIONS = {
  triage: spec({ key: 't', right: 'ticket.triage', event: 'triage', form: 'triage', icon: ClipboardCheck }),
  place: spec({ key: 'p', right: 'ticket.place', event: 'place', form: 'none', icon: Stamp }),
  visit: spec({ key: 'v', right: 'ticket.visit', event: 'visit', form: 'visit', icon: PhoneCall }),
  close: spec({ key: 'w', right: 'ticket.close', event: 'close', form: 'none', icon: CircleCheckBig }),
  note: spec({ key: 'e', right: 'ticket.note', event: null, form: 'note', icon: SquarePen }),
  suspend: spec({ key: 's', right: 'ticket.suspend', event: 'suspend', form: 'reason', icon: Pause }),
  resume: spec({ key: 's', right: 'ticket.suspend', event: 'resume', form: 'none', icon: Play }),
  extend: spec({ key: 'shift+e', right: 'ticket.suspend', event: 'extend', form: 'extend', icon: CalendarPlus }),
  escalate: spec({ key: 'shift+u', right: 'ticket.note', event: 'escalate', form: 'reason', icon: TrendingUp }),
  transfer: spec({
    key: 'shift+t',
    right: 'ticket.transfer',
    event: 'transfer',
    form: 'transfer',
    icon: ArrowLeftRight,
  }),
  merge: spec({ key: 'shift+m', right: 'ticket.close', event: 'merge', form: 'merge', icon: GitMerge }),
  handOff: spec({ key: 'shift+h', right: 'ticket.note', event: null, form: 'handOff', icon: Siren }),
  reopen: spec({ key: 'r', right: 'ticket.reopen', event: 'reopen', form: 'reason', icon: RotateCcw }),
  notAdmit: spec({
    key: 'shift+n',
    right: 'ticket.triage',
    event: 'notAdmit',
    form: 'reason',
    isDanger: true,
    icon: Ban,
  }),
  cancel: spec({ key: 'x', right: 'ticket.cancel', event: 'cancel', form: 'reason', isDanger: true, icon: CircleX }),
}

export const TICKET_ACTION_IDS = Object.keys(TICKET_ACTIONS) as readonly TicketAction['id'][]

const ALL: readonly TicketAction[] = Object.entries(TICKET_ACTIONS).map(([id, action]) => ({
  isDanger: false,
  ...action,
  id: id as TicketAction['id'],
}))

/** The actions that the ticket's state and the reader's rights both allow; the server has the last word. */
export const actionsFor = (ticket: Ticket, can: (action: Action) => boolean): TicketAction[] =>
  ALL.filter(
    ({ event, right }) =>
      can(right) &&
      (event === null ? !ENDED.includes(ticket.status) : next(ticket.status, event, ticket.suspendedFrom) !== null),
  )

/** The one thing that brings the ticket on from here; null = it is a unit's turn, or a unit must be found. */
export function nextStep(ticket: Ticket): TicketAction['id'] | null {
  if (ticket.status === 'reported') return ticket.class === null ? 'triage' : 'place'
  if (ticket.status === 'triaged') return ticket.class === null ? 'triage' : 'place'
  if (ticket.status === 'suspended') return 'resume'
  if (ticket.status === 'resolved' || ticket.status === 'rated') return 'visit'
  return ticket.status === 'visited' ? 'close' : null
}

/** Units can be offered the ticket. */
export const mayOffer = (ticket: Ticket): boolean => next(ticket.status, 'offer', null) !== null
