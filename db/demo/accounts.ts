import type { Grant, Role } from '#domain/access.ts'
import type { Community } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'

/** The password of every demo account, printed at start. A server without the demo has none of these accounts. */
export const DEMO_PASSWORD = 'hongguan-demo'

export interface DemoAccount {
  username: string
  /** Role and number; never a person's name. */
  displayName: string
  grant: Grant
}

interface Post {
  username: string
  role: Role
  zh: string
  en: string
}

const POSTS: readonly Post[] = [
  { username: 'admin', role: 'cityAdmin', zh: '管理员 01', en: 'Administrator 01' },
  { username: 'dispatcher', role: 'dispatcher', zh: '调度员 01', en: 'Dispatcher 01' },
  { username: 'supervisor', role: 'shiftSupervisor', zh: '值班长 01', en: 'Shift supervisor 01' },
  { username: 'manager', role: 'manager', zh: '管理者 01', en: 'Manager 01' },
  { username: 'housing', role: 'housingAuthority', zh: '房产部门 01', en: 'Housing authority 01' },
  { username: 'officer', role: 'subdistrictOfficer', zh: '街道专员 01', en: 'Sub-district officer 01' },
  { username: 'neighbourhood', role: 'neighbourhoodWorker', zh: '社区工作者 01', en: 'Neighbourhood worker 01' },
  { username: 'provider', role: 'providerManager', zh: '物业经理 01', en: 'Provider manager 01' },
  { username: 'field', role: 'fieldWorker', zh: '', en: '' },
  { username: 'volunteer', role: 'volunteer', zh: '', en: '' },
  { username: 'auditor', role: 'auditor', zh: '审计员 01', en: 'Auditor 01' },
]

/** In the order in which they are shown. */
export const DEMO_USERNAMES: readonly string[] = POSTS.map(({ username }) => username)

/**
 * One account a role, all around one corner of the city: the officer's sub-district holds the neighbourhood, the housekeeper
 * of `field`, the volunteer, and the firm of `provider`, so that one ticket there shows every face.
 */
export function demoAccounts(
  tenant: string,
  locale: 'zh-CN' | 'en',
  communities: readonly Community[],
  units: readonly Unit[],
): DemoAccount[] {
  const field = firstOnDuty(units, 'housekeeper', null)
  const home = communities.find(({ id }) => id === field?.homeCommunityId) ?? communities[0]
  const volunteer =
    firstOnDuty(units, 'volunteer', home?.subdistrictCode ?? null) ?? firstOnDuty(units, 'volunteer', null)
  const unitOf: Partial<Record<Role, Unit | undefined>> = { fieldWorker: field, volunteer }
  return POSTS.filter(({ role }) => !(role in unitOf) || unitOf[role]).map((post) => {
    const unit = unitOf[post.role]
    return {
      username: post.username,
      displayName: unit?.callsign ?? (locale === 'en' ? post.en : post.zh),
      grant: {
        tenant,
        role: post.role,
        districtCode: null,
        subdistrictCode: post.role === 'subdistrictOfficer' ? (home?.subdistrictCode ?? null) : null,
        neighbourhoodCode: post.role === 'neighbourhoodWorker' ? (home?.neighbourhoodCode ?? null) : null,
        firmId: post.role === 'providerManager' ? (home?.firmId ?? null) : null,
        unitId: unit?.id ?? null,
        ticketId: null,
      },
    }
  })
}

/** The first unit of a kind that is on duty (of a firm, unless it is a volunteer), in one sub-district or anywhere. */
function firstOnDuty(units: readonly Unit[], kind: Unit['kind'], subdistrictCode: string | null): Unit | undefined {
  return units.find(
    (unit) =>
      unit.kind === kind &&
      unit.duty === 'onDuty' &&
      (kind === 'volunteer' || unit.firmId !== null) &&
      (subdistrictCode === null || unit.subdistrictCode === subdistrictCode),
  )
}
