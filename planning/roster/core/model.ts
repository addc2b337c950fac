/** A day without a shift in a roster. */
export const OFF = -1

export interface Shift {
  id: string
  minutes: number
  /** Shifts that may not follow this one on the next day. */
  notNext: readonly number[]
}

/** What a person may work, whatever the day brings. Runs count days; one that touches an end of the horizon may be short. */
export interface Person {
  id: string
  /** The most of each shift over the horizon. */
  maxOf: readonly number[]
  minMinutes: number
  maxMinutes: number
  minRun: number
  maxRun: number
  /** Days off in a row. */
  minOff: number
  /** A weekend counts when any of its days is worked. */
  maxWeekends: number
  /** Days on which the person may not work. */
  daysOff: readonly number[]
}

/** A wish for a shift or against it; `weight` is paid when it is not met. */
export interface Wish {
  person: number
  day: number
  shift: number
  weight: number
  isOn: boolean
}

/** How many people a shift wants on a day, and what each one under or over costs. */
export interface Cover {
  day: number
  shift: number
  need: number
  under: number
  over: number
}

/**
 * Who may work what, and what it costs: the shift scheduling problem of Curtois and Qu (2014). `judge` (rules.ts) says plainly what a
 * roster breaks, `solveRoster` (solve.ts) finds a good one with a bound. Their pieces serve other problems of this kind: `Finder`
 * (finder.ts) finds one person's cheapest lawful paths at any prices, `generate` and `dive` bound and round the whole, `search` betters it.
 */
export interface RosterModel {
  days: number
  /** The weekend each day belongs to, or −1. The days of a weekend follow one another, two at most. */
  weekendOf: readonly number[]
  shifts: readonly Shift[]
  people: readonly Person[]
  wishes: readonly Wish[]
  cover: readonly Cover[]
}

/** The shift of a person on a day at `person * days + day`, or OFF. */
export type Roster = Int16Array

export const emptyRoster = (model: RosterModel): Roster => new Int16Array(model.people.length * model.days).fill(OFF)

const DAYS_OF_WEEK = 7
const SATURDAY = 5

/** The weekend of each day where day 0 is a Monday: Saturday and Sunday. */
export const weekendsFromMonday = (days: number): number[] =>
  Array.from({ length: days }, (_, day) => (day % DAYS_OF_WEEK >= SATURDAY ? Math.floor(day / DAYS_OF_WEEK) : -1))

/** Where weights and needs are whole, so is every penalty, and a bound on it may be rounded up. */
export const isWhole = (model: RosterModel): boolean =>
  model.wishes.every(({ weight }) => Number.isInteger(weight)) &&
  model.cover.every(({ need, under, over }) => [need, under, over].every(Number.isInteger))
