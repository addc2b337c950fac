import type { PoolEntry } from '#domain/pool.ts'
import { RESOURCES, type Resource, type Service, type ServiceTier } from '#domain/services.ts'

/** What a firm says of itself, as it stands in the form's fields. */
export interface OfferForm {
  subdistrictCode: string
  lng: string
  lat: string
  services: Service[]
  tier: ServiceTier
  capacity: Record<Resource, string>
  districtCodes: string[]
  price: string
  openingCost: string
}

export const emptyOffer = (): OfferForm => ({
  subdistrictCode: '',
  lng: '',
  lat: '',
  services: ['basicCleaning', 'orderKeeping'],
  tier: 'basic',
  capacity: { cleaners: '', guards: '', liftOperators: '0', moneyAtRisk: '' },
  districtCodes: [],
  price: '',
  openingCost: '0',
})

export const offerFrom = (entry: PoolEntry): OfferForm => ({
  subdistrictCode: entry.subdistrictCode,
  lng: String(entry.lng),
  lat: String(entry.lat),
  services: [...entry.services],
  tier: entry.tier,
  capacity: Object.fromEntries(RESOURCES.map((each) => [each, String(entry.capacity[each])])) as OfferForm['capacity'],
  districtCodes: [...entry.districtCodes],
  price: String(entry.price),
  openingCost: String(entry.openingCost),
})

const whole = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null)
const number = (text: string): number | null =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : null

/** What is sent; null = something is missing or no number. */
export function offerBody(form: OfferForm) {
  const capacity = RESOURCES.map((each) => [each, whole(form.capacity[each])] as const)
  const [lng, lat, price, openingCost] = [
    number(form.lng),
    number(form.lat),
    number(form.price),
    whole(form.openingCost),
  ]
  const isWhole =
    form.subdistrictCode !== '' && form.services.length > 0 && form.districtCodes.length > 0 && lng !== null
  if (!isWhole || lat === null || price === null || openingCost === null) return null
  if (capacity.some(([, amount]) => amount === null)) return null
  return {
    subdistrictCode: form.subdistrictCode,
    lng,
    lat,
    services: form.services,
    tier: form.tier,
    capacity: Object.fromEntries(capacity) as Record<Resource, number>,
    districtCodes: form.districtCodes,
    price,
    openingCost,
  }
}
