import { untrack } from 'svelte'
import { places } from '#console/lib/places.svelte.ts'
import { theme } from '#console/lib/theme.svelte.ts'
import type { LeafletMap } from './leaflet.ts'
import { type Palette, readPalette } from './palette.ts'

/**
 * Keeps a map in the colours of the theme, with the outline of the city once it is known. Call while a component is made;
 * `take` gets the palette before the map is painted anew.
 */
export function followTheme(
  at: () => { box: HTMLElement | undefined; map: LeafletMap | undefined },
  take: (palette: Palette, box: HTMLElement) => void,
): void {
  $effect(() => {
    theme.current
    const { outline } = places
    const { box, map } = at()
    // The theme's colours are on the page only after it has been set there.
    const frame = requestAnimationFrame(() =>
      untrack(() => {
        if (!box || !map) return
        const palette = readPalette(box)
        take(palette, box)
        if (outline) map.setOutline(outline, { line: palette.line, land: palette.land })
        map.repaint()
      }),
    )
    return () => cancelAnimationFrame(frame)
  })
}
