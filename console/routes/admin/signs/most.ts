/** Signs in one go: a sub-district's worth, twenty sheets; each site code is a question to the server. */
export const MOST_SIGNS = 120
export const SIGNS_A_PAGE = 6
