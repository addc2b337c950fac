/** Columns that a file must have; their order does not matter, and others are passed over. */
export const PLACE_COLUMNS = ['code', 'neighbourhood', 'name', 'lng', 'lat', 'households'] as const
export const UNIT_COLUMNS = ['callsign', 'kind', 'skills', 'mode', 'community'] as const
