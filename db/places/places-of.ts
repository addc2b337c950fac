import gcoord from 'gcoord'
import { bboxContains } from '#domain/geo.ts'
import type { District, LngLat, Neighbourhood, Subdistrict } from '#domain/places.ts'
import type {
  AreaRow,
  CommunityRow,
  DistrictRow,
  NeighbourhoodRow,
  Outlines,
  SubdistrictRow,
  TenantConfig,
} from './config.ts'
import type { ConfigProblem } from './read.ts'

/** The places of one tenant, complete on every level and in WGS-84. */
export interface TenantPlaces {
  districts: District[]
  subdistricts: Subdistrict[]
  neighbourhoods: Neighbourhood[]
  /** Named in the configuration; synthetic ones are made by db/demo. */
  communities: CommunityRow[]
  areas: AreaRow[]
  outlines: Outlines | null
}

/**
 * What a checked configuration says of its places: levels left out are filled with one place each, coordinates are converted
 * once, and whatever the schema cannot see (codes that repeat or lead nowhere, an unknown time zone) comes back all at once.
 */
export function placesOf(
  config: TenantConfig,
): { ok: true; places: TenantPlaces } | { ok: false; problems: ConfigProblem[] } {
  const problems = [...cityProblems(config), ...placeProblems(config)]
  if (problems.length > 0) return { ok: false, problems }
  const { places, code: tenant } = config
  const wgs84 = (point: LngLat) => toWgs84(point, places.datum)
  const subdistricts = places.subdistricts ?? places.districts.map((district) => onlySubdistrict(district, config))
  const neighbourhoods = places.neighbourhoods ?? subdistricts.map(onlyNeighbourhood)
  const communities = Array.isArray(places.communities) ? places.communities : []
  return {
    ok: true,
    places: {
      districts: places.districts.map((row) => ({ ...row, tenant, centre: wgs84(row.centre) })),
      subdistricts: subdistricts.map((row) => ({ ...row, tenant })),
      neighbourhoods: neighbourhoods.map((row) => ({ ...row, tenant })),
      communities: communities.map((row) => ({ ...row, point: wgs84(row.point) })),
      areas: places.areas ?? [],
      outlines: places.outlines ? convertedOutlines(places.outlines, wgs84) : null,
    },
  }
}

const onlySubdistrict = ({ code, name }: DistrictRow, { locale }: TenantConfig): SubdistrictRow => ({
  code: `${code}-1`,
  districtCode: code,
  name: locale === 'en' ? name.en : name.zh,
  kind: 'other',
})

const onlyNeighbourhood = ({ code, name }: SubdistrictRow): NeighbourhoodRow => ({
  code: `${code}-1`,
  subdistrictCode: code,
  name,
  kind: 'neighbourhood',
})

function cityProblems({ bbox, centre, timeZone }: TenantConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const [west, south, east, north] = bbox
  if (west >= east || south >= north) problems.push({ path: '/bbox', why: 'must be [west, south, east, north]' })
  else if (!bboxContains(bbox, centre)) problems.push({ path: '/centre', why: 'lies outside bbox' })
  if (!isTimeZone(timeZone)) problems.push({ path: '/timeZone', why: `${timeZone} is no IANA time zone` })
  return problems
}

function placeProblems({ places, bbox }: TenantConfig): ConfigProblem[] {
  const { districts, subdistricts, neighbourhoods, communities, areas = [] } = places
  const problems = [...repeated('districts', districts), ...repeated('areas', areas)]
  const known = new Set(districts.map(({ code }) => code))
  for (const [i, { code, centre }] of districts.entries()) {
    if (!bboxContains(bbox, toWgs84(centre, places.datum)))
      problems.push({ path: `/places/districts/${i}/centre`, why: `${code} lies outside bbox` })
  }
  for (const [i, { id }] of (places.outlines?.features ?? []).entries()) {
    if (!known.has(id)) problems.push({ path: `/places/outlines/features/${i}/id`, why: `no district ${id}` })
  }
  if (neighbourhoods && !subdistricts)
    problems.push({ path: '/places/neighbourhoods', why: 'needs subdistricts to belong to' })
  if (Array.isArray(communities) && !neighbourhoods)
    problems.push({ path: '/places/communities', why: 'needs neighbourhoods to belong to' })
  problems.push(
    ...orphans('subdistricts', subdistricts, ({ districtCode }) => districtCode, districts),
    ...orphans('neighbourhoods', neighbourhoods, ({ subdistrictCode }) => subdistrictCode, subdistricts),
    ...orphans('communities', listed(communities), ({ neighbourhoodCode }) => neighbourhoodCode, neighbourhoods),
  )
  return problems
}

const listed = (communities: TenantConfig['places']['communities']) =>
  Array.isArray(communities) ? communities : undefined

/** Codes that repeat, and rows whose parent is not listed. */
function orphans<Row extends { code: string }>(
  list: string,
  rows: readonly Row[] | undefined,
  parentOf: (row: Row) => string,
  parents: readonly { code: string }[] | undefined,
): ConfigProblem[] {
  if (!rows || !parents) return []
  const known = new Set(parents.map(({ code }) => code))
  const lost = rows.flatMap((row, i) =>
    known.has(parentOf(row))
      ? []
      : [{ path: `/places/${list}/${i}`, why: `${row.code} belongs to ${parentOf(row)}, which is not listed` }],
  )
  return [...repeated(list, rows), ...lost]
}

function repeated(list: string, rows: readonly { code: string }[]): ConfigProblem[] {
  const seen = new Set<string>()
  return rows.flatMap(({ code }, i) => {
    if (seen.has(code)) return [{ path: `/places/${list}/${i}/code`, why: `${code} is listed twice` }]
    seen.add(code)
    return []
  })
}

/** A copy goes in: gcoord mutates arrays it is given. */
function toWgs84(point: LngLat, datum: TenantConfig['places']['datum']): LngLat {
  return datum === 'WGS84' ? point : gcoord.transform([point[0], point[1]], gcoord[datum], gcoord.WGS84)
}

function convertedOutlines(outlines: Outlines, wgs84: (point: LngLat) => LngLat): Outlines {
  const features = outlines.features.map(({ geometry, ...feature }) => ({
    ...feature,
    geometry: {
      ...geometry,
      coordinates: geometry.coordinates.map((rings) => rings.map((ring) => ring.map(wgs84))),
    },
  }))
  return { ...outlines, features }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
