import { emergencyNumber } from '#domain/categories.ts'
import type { Named, Tenant } from '#domain/places.ts'
import { CATEGORIES, type Category } from '#domain/ticket.ts'
import type { Open311Service } from '#wire/open311.ts'

/** Names of the categories for programs of others, which know no language files of ours. */
const SERVICE_NAMES: Readonly<Record<Category, Named>> = {
  fire: { zh: '火情', en: 'Fire' },
  gas: { zh: '燃气泄漏', en: 'Gas leak' },
  crime: { zh: '治安', en: 'Crime' },
  medical: { zh: '人员急病', en: 'Medical emergency' },
  liftEntrapment: { zh: '电梯困人', en: 'Lift entrapment' },
  burstPipe: { zh: '跑水爆管', en: 'Burst pipe' },
  powerOutage: { zh: '停电', en: 'Power outage' },
  heatOutage: { zh: '停暖', en: 'Heat outage' },
  waterOutage: { zh: '停水', en: 'Water outage' },
  blockedDrain: { zh: '下水堵塞', en: 'Blocked drain' },
  fallingObject: { zh: '高空坠物', en: 'Falling object' },
  plumbingElectrical: { zh: '水电维修', en: 'Plumbing and electrical repair' },
  unlocking: { zh: '开锁', en: 'Unlocking' },
  lighting: { zh: '照明', en: 'Lighting' },
  cleaning: { zh: '保洁清运', en: 'Cleaning and refuse' },
  orderKeeping: { zh: '秩序维护', en: 'Order keeping' },
  violation: { zh: '违规行为', en: 'Violation' },
  dispute: { zh: '邻里纠纷', en: 'Dispute between neighbours' },
  lifeService: { zh: '生活服务', en: 'Life service' },
  other: { zh: '其他', en: 'Other' },
}

const GROUPS = {
  emergency: { zh: '紧急', en: 'Emergencies' },
  repair: { zh: '报修', en: 'Repairs' },
  community: { zh: '小区事务', en: 'Community' },
} as const

const REPAIRS: readonly Category[] = [
  'liftEntrapment',
  'burstPipe',
  'powerOutage',
  'heatOutage',
  'waterOutage',
  'blockedDrain',
  'plumbingElectrical',
  'unlocking',
  'lighting',
]

type Speaker = Pick<Tenant, 'locale' | 'emergencyNumbers'>

const said = (words: Named, { locale }: Speaker): string => (locale === 'en' ? words.en : words.zh)

export const serviceName = (category: Category, tenant: Speaker): string => said(SERVICE_NAMES[category], tenant)

/** What stands before anything else for fire, gas, crime and medical cases; null for all others. */
export function noticeOf(category: Category, tenant: Speaker): string | null {
  const number = emergencyNumber(category, tenant.emergencyNumbers)
  if (number === null) return null
  return said(
    {
      zh: `请先拨打 ${number}。本平台不能代替紧急电话。`,
      en: `Call ${number} first. This service does not replace it.`,
    },
    tenant,
  )
}

export function servicesOf(tenant: Speaker): Open311Service[] {
  return CATEGORIES.map((category) => {
    const notice = noticeOf(category, tenant)
    const group = notice !== null ? GROUPS.emergency : REPAIRS.includes(category) ? GROUPS.repair : GROUPS.community
    return {
      service_code: category,
      service_name: serviceName(category, tenant),
      description: notice ?? serviceName(category, tenant),
      metadata: false,
      type: 'realtime',
      keywords: `${SERVICE_NAMES[category].zh},${SERVICE_NAMES[category].en}`,
      group: said(group, tenant),
    }
  })
}
