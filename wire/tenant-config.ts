import { type Static, Type } from 'typebox'
import { Code, Lat, Lng, word } from './shapes.ts'

/**
 * What makes a city a tenant: `hongguan tenant add FILE`. In the file each list of `places` may also be the path of a JSON file,
 * relative to it; `inlinePlaces` (db/places/read.ts) puts the lists in before this schema sees them, so that every error of every
 * file shows at once. Coordinates are [lng, lat]; `bbox` and `centre` are WGS-84, those of the places are in `places.datum`.
 */

const closed = { additionalProperties: false }

const Point = Type.Tuple([Lng, Lat])
const Name = Type.String({ minLength: 1, maxLength: 100 })
const BothNames = Type.Object({ zh: Name, en: Name }, closed)
const CallableNumber = Type.String({ pattern: '^[0-9+*# -]{2,20}$' })

const DistrictRow = Type.Object({ code: Code, name: BothNames, centre: Point }, closed)

const SubdistrictRow = Type.Object(
  { code: Code, districtCode: Code, name: Name, kind: word(['subdistrict', 'town', 'township', 'other']) },
  closed,
)

const NeighbourhoodRow = Type.Object(
  { code: Code, subdistrictCode: Code, name: Name, kind: word(['neighbourhood', 'village']) },
  closed,
)

/** A housing estate the city knows. `code` is its key within the tenant and the end of the residents' link `/r/<code>`. */
const CommunityRow = Type.Object(
  { code: Code, neighbourhoodCode: Code, name: Name, point: Point, households: Type.Integer({ minimum: 0 }) },
  closed,
)

/** Areas of the city's own by which response times are added up (a battalion, a precinct); they are no jurisdiction. */
const AreaRow = Type.Object({ code: Code, name: BothNames }, closed)

/** GeoJSON; each feature's `id` is a district's code. Exteriors and holes by the even-odd rule. */
const Outlines = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(
    Type.Object({
      type: Type.Literal('Feature'),
      id: Code,
      properties: Type.Record(Type.String(), Type.Unknown()),
      geometry: Type.Object({
        type: Type.Literal('MultiPolygon'),
        coordinates: Type.Array(Type.Array(Type.Array(Point, { minItems: 4 }), { minItems: 1 }), { minItems: 1 }),
      }),
    }),
  ),
})

/** Communities to be made up from a seed and marked synthetic, for a demonstration or a replay. */
const SyntheticCommunities = Type.Object(
  { synthetic: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 20_000 }), seed: Type.Integer() }, closed) },
  closed,
)

const PlacesConfig = Type.Object(
  {
    datum: word(['WGS84', 'GCJ02', 'BD09']),
    districts: Type.Array(DistrictRow, { minItems: 1 }),
    /** Left out: one subdistrict of the same name in each district. */
    subdistricts: Type.Optional(Type.Array(SubdistrictRow, { minItems: 1 })),
    /** Left out: one neighbourhood of the same name in each subdistrict. */
    neighbourhoods: Type.Optional(Type.Array(NeighbourhoodRow, { minItems: 1 })),
    communities: Type.Optional(Type.Union([Type.Array(CommunityRow), SyntheticCommunities])),
    areas: Type.Optional(Type.Array(AreaRow)),
    /** Left out: the map shows no district outlines. */
    outlines: Type.Optional(Outlines),
  },
  closed,
)

export const TileSourceConfig = Type.Object(
  {
    id: Code,
    name: BothNames,
    template: Type.String({ minLength: 1, maxLength: 500 }),
    datum: word(['WGS84', 'GCJ02', 'BD09']),
    attribution: Type.String({ maxLength: 200 }),
    mapApproval: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
    minZoom: Type.Integer({ minimum: 0, maximum: 24 }),
    maxZoom: Type.Integer({ minimum: 0, maximum: 24 }),
    subdomains: Type.Array(Type.String({ maxLength: 10 })),
  },
  closed,
)

const Days = Type.Integer({ minimum: 1, maximum: 730 })
const Score = Type.Integer({ minimum: 0, maximum: 100 })

/** Numbers of the emergency module; what is left out has the default of domain/emergency-settings.ts. */
const EmergencyConfig = Type.Partial(
  Type.Object({
    termMonths: Type.Integer({ minimum: 1, maximum: 36 }),
    ownersNoticeDays: Days,
    firmNoticeDays: Days,
    ownersDecisionMonths: Type.Integer({ minimum: 0, maximum: 24 }),
    refuseHours: Type.Integer({ minimum: 1, maximum: 720 }),
    liftMaintenanceDays: Days,
    offerHours: Type.Integer({ minimum: 1, maximum: 720 }),
    alarmDays: Type.Array(Days, { minItems: 1, maxItems: 10 }),
    handOverDays: Days,
    commitHours: Type.Integer({ minimum: 1, maximum: 720 }),
    revealHours: Type.Integer({ minimum: 1, maximum: 720 }),
    voteMilestones: Type.Array(Type.Object({ item: Code, daysBefore: Days }, closed), { maxItems: 20 }),
    proofDueHour: Type.Integer({ minimum: 0, maximum: 23 }),
    entry: Type.Object({ partyBuilding: Score, quality: Score }, closed),
  }),
  closed,
)

const Rates = Type.Object({ response: Score, solution: Score, satisfaction: Score }, closed)

/** How firms are rated; what is left out has the default of domain/rating.ts. Other numbers are another `version`. */
const RatingConfig = Type.Intersect([
  Type.Object({ version: Code }),
  Type.Partial(
    Type.Object({
      weights: Rates,
      leastN: Type.Integer({ minimum: 5, maximum: 1_000 }),
      from: Type.Object({ excellent: Score, good: Score, pass: Score }, closed),
      floors: Rates,
    }),
  ),
])

export const TenantConfig = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }),
    name: BothNames,
    locale: word(['zh-CN', 'en']),
    timeZone: Type.String({ minLength: 1, maxLength: 60 }),
    /** [west, south, east, north], WGS-84; fixes outside are refused, so it holds the country around the city too. */
    bbox: Type.Tuple([Lng, Lat, Lng, Lat]),
    centre: Point,
    emergencyNumbers: Type.Object(
      { fire: CallableNumber, police: CallableNumber, medical: CallableNumber, gas: CallableNumber },
      closed,
    ),
    places: PlacesConfig,
    settings: Type.Optional(
      Type.Object(
        {
          offerTtlMs: Type.Optional(Type.Integer({ minimum: 5_000, maximum: 600_000 })),
          historyDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
          tileSources: Type.Optional(Type.Array(TileSourceConfig)),
          emergency: Type.Optional(EmergencyConfig),
          rating: Type.Optional(RatingConfig),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type TenantConfig = Static<typeof TenantConfig>
