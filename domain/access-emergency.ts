/** The emergency module's part of the permission table (domain/access.ts): communities, the pool, plans, engagements. */

export const EMERGENCY_ACTIONS = [
  'community.read',
  'community.keep',
  'community.declare',
  'pool.read',
  'pool.apply',
  'pool.review',
  'pool.import',
  'pool.export',
  'plan.read',
  'plan.make',
  'plan.publish',
  'engagement.read',
  'engagement.decide',
  'engagement.answer',
  'engagement.prove',
  'engagement.acknowledge',
] as const
type EmergencyAction = (typeof EMERGENCY_ACTIONS)[number]

type Row = Partial<Record<EmergencyAction, 'tenant' | 'subdistrict' | 'neighbourhood' | 'firm' | 'unit'>>

/** The dispatch room sees who serves whom and from where: its map draws the lines. It decides nothing here and is not rung. */
const ROOM: Row = { 'community.read': 'tenant', 'engagement.read': 'tenant', 'pool.read': 'tenant' }

/** Looks at everything and changes nothing. */
const READER: Row = {
  ...ROOM,
  'pool.export': 'tenant',
  'plan.read': 'tenant',
}

/** Everything, in the whole city (市房产局; the city's own administration). */
const OFFICE: Row = {
  ...READER,
  'community.keep': 'tenant',
  'community.declare': 'tenant',
  'pool.review': 'tenant',
  'pool.import': 'tenant',
  'plan.make': 'tenant',
  'plan.publish': 'tenant',
  'engagement.decide': 'tenant',
  'engagement.prove': 'tenant',
  'engagement.acknowledge': 'tenant',
}

/** 街道: declares, chooses, publicises, in its own area. */
const SUBDISTRICT: Row = {
  'community.read': 'subdistrict',
  'community.keep': 'subdistrict',
  'community.declare': 'subdistrict',
  // The pool is the district's or the city's: who chooses from it sees all of it, and reviews the firms that are at home here.
  'pool.read': 'tenant',
  'pool.review': 'subdistrict',
  'plan.read': 'subdistrict',
  'plan.make': 'subdistrict',
  'plan.publish': 'subdistrict',
  'engagement.read': 'subdistrict',
  'engagement.decide': 'subdistrict',
  'engagement.prove': 'subdistrict',
  'engagement.acknowledge': 'subdistrict',
}

const NEIGHBOURHOOD: Row = {
  'community.read': 'neighbourhood',
  'community.keep': 'neighbourhood',
  'engagement.read': 'neighbourhood',
}

/** A firm sees the communities it serves, its own entry and its own engagements. */
const PROVIDER: Row = {
  'community.read': 'firm',
  'pool.read': 'firm',
  'pool.apply': 'firm',
  'engagement.read': 'firm',
  'engagement.answer': 'firm',
  'engagement.prove': 'firm',
}

/** A provider's people prove what they did. */
const CREW: Row = { 'engagement.read': 'unit', 'engagement.prove': 'unit' }

export const EMERGENCY = { ROOM, READER, OFFICE, SUBDISTRICT, NEIGHBOURHOOD, PROVIDER, CREW }
