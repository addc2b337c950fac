/** Community and address in one line; reports from elsewhere often begin the address with the community's name. */
export const placeLine = (community: string | null, address: string): string =>
  community !== null && address.startsWith(community) ? address : [community, address].filter(Boolean).join(' · ')
