// The only file that imports Leaflet: its next version is a change here and nowhere else.
import 'leaflet/dist/leaflet.css'
import L from 'leaflet'
import type { Bbox, LngLat, TileSource } from '#domain/places.ts'
import { fromDatum, toDatum } from './datum.ts'
import type { View } from './view.ts'
import { scaleAt } from './view.ts'

export interface MapOptions {
  /** What is shown first, WGS-84. */
  bbox: Bbox
  minZoom: number
  maxZoom: number
  /** Draws everything that moves. Called whenever the map stands differently and after `repaint`. */
  paint(ctx: CanvasRenderingContext2D, view: View): void
  /** The map has come to rest somewhere else; `bounds` are WGS-84. */
  moved(bounds: Bbox): void
  clicked(x: number, y: number, place: LngLat): void
  pointed(x: number, y: number): void
}

/** The canvas that lies over tiles and outlines and under the controls. */
class MovingLayer extends L.Layer {
  #canvas = document.createElement('canvas')
  #paint: MapOptions['paint']

  constructor(paint: MapOptions['paint']) {
    super()
    this.#paint = paint
    this.#canvas.className = 'moving-layer'
    this.#canvas.setAttribute('aria-hidden', 'true')
  }

  override onAdd(map: L.Map): this {
    map.getContainer().append(this.#canvas)
    map.on('move zoom viewreset resize', this.draw, this)
    this.draw()
    return this
  }

  override onRemove(map: L.Map): this {
    map.off('move zoom viewreset resize', this.draw, this)
    this.#canvas.remove()
    return this
  }

  draw(): void {
    const map = this._map
    const ctx = this.#canvas.getContext('2d')
    if (!map || !ctx) return
    const { x: width, y: height } = map.getSize()
    const ratio = window.devicePixelRatio || 1
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (this.#canvas.width !== w || this.#canvas.height !== h) {
      this.#canvas.width = w
      this.#canvas.height = h
      this.#canvas.style.width = `${width}px`
      this.#canvas.style.height = `${height}px`
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
    ctx.clearRect(0, 0, width, height)
    this.#paint(ctx, viewOf(map))
  }
}

function viewOf(map: L.Map): View {
  const { x: width, y: height } = map.getSize()
  const origin = map.getPixelBounds().min ?? L.point(0, 0)
  const zoom = map.getZoom()
  return { scale: scaleAt(zoom), originX: origin.x, originY: origin.y, width, height, zoom }
}

const boundsOf = ([west, south, east, north]: Bbox) => L.latLngBounds([south, west], [north, east])

/** Nothing glides: a control room wants to see where it is, and the canvas is drawn for where the map stands. */
const STILL: L.MapOptions = {
  zoomControl: false,
  attributionControl: false,
  zoomAnimation: false,
  fadeAnimation: false,
  inertia: false,
  wheelPxPerZoomLevel: 100,
  keyboardPanDelta: 120,
  boxZoom: false,
}

/** An element turned into a map. It stands still until the person moves it. */
export class LeafletMap {
  #element: HTMLElement
  #options: MapOptions
  #map: L.Map
  #moving: MovingLayer
  #datum: TileSource['datum'] = 'WGS84'
  #tiles: L.TileLayer | null = null
  #outline: L.GeoJSON | null = null
  #outlineGiven: { collection: GeoJSON.FeatureCollection; line: string; land: string } | null = null
  #frame = 0
  /** Made while its pane was hidden (on a phone), a map has no size to fit the city into: that is done when it is first seen. */
  #isFitted = false

  constructor(element: HTMLElement, options: MapOptions) {
    this.#element = element
    this.#options = options
    this.#map = L.map(element, { ...STILL, minZoom: options.minZoom, maxZoom: options.maxZoom })
    L.control.scale({ imperial: false, position: 'bottomleft', maxWidth: 120 }).addTo(this.#map)
    this.#map.createPane('outline').style.zIndex = '300'
    this.#map.fitBounds(boundsOf(options.bbox), { animate: false })
    this.#isFitted = this.#map.getSize().x > 0
    this.#moving = new MovingLayer(options.paint).addTo(this.#map)
    this.#map.on('moveend', () => this.#tellMoved())
    this.#map.on('click', ({ containerPoint: { x, y }, latlng }) => options.clicked(x, y, this.#placeOf(latlng)))
    this.#map.on('mousemove', ({ containerPoint: { x, y } }) => options.pointed(x, y))
    this.#map.on('mouseout', () => options.pointed(-1_000, -1_000))
    this.#tellMoved()
  }

  /** Asks for a new painting with the next frame of the screen. */
  repaint(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#moving.draw()
    })
  }

  /** The datum of everything drawn is that of its tiles; null = no tiles, WGS-84. The place in the middle stays in the middle. */
  setTiles(source: TileSource | null): void {
    const centre = this.#placeOf(this.#map.getCenter())
    this.#tiles?.remove()
    this.#tiles = source && L.tileLayer(source.template, tileOptions(source, this.#options))
    this.#tiles?.addTo(this.#map)
    this.#datum = source?.datum ?? 'WGS84'
    this.goTo(centre, this.zoom)
    this.#drawOutline()
  }

  setOutline(collection: GeoJSON.FeatureCollection, colours: { line: string; land: string }): void {
    this.#outlineGiven = { collection, ...colours }
    this.#drawOutline()
  }

  setCursor(cursor: 'grab' | 'pointer' | 'crosshair'): void {
    this.#element.style.cursor = cursor === 'grab' ? '' : cursor
  }

  get zoom(): number {
    return this.#map.getZoom()
  }

  zoomBy(steps: number): void {
    this.#map.setZoom(this.zoom + steps, { animate: false })
  }

  goTo(place: LngLat, zoom: number): void {
    const [lng, lat] = toDatum(place, this.#datum)
    this.#map.setView([lat, lng], zoom, { animate: false })
  }

  fit([west, south, east, north]: Bbox): void {
    const corners: Bbox = [...toDatum([west, south], this.#datum), ...toDatum([east, north], this.#datum)]
    this.#map.fitBounds(boundsOf(corners), { animate: false })
  }

  /** The element has another size; what was in the middle may move, the corner does not. */
  resized(): void {
    this.#map.invalidateSize({ pan: false, animate: false })
    if (this.#isFitted || this.#map.getSize().x === 0) return
    this.#isFitted = true
    this.fit(this.#options.bbox)
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#map.remove()
  }

  #placeOf({ lng, lat }: L.LatLng): LngLat {
    return fromDatum([lng, lat], this.#datum)
  }

  #tellMoved(): void {
    const bounds = this.#map.getBounds()
    this.#options.moved([...this.#placeOf(bounds.getSouthWest()), ...this.#placeOf(bounds.getNorthEast())])
  }

  #drawOutline(): void {
    this.#outline?.remove()
    if (!this.#outlineGiven) return
    const { collection, line, land } = this.#outlineGiven
    this.#outline = L.geoJSON(collection, {
      pane: 'outline',
      interactive: false,
      style: { color: line, weight: 1.25, fillColor: land, fillOpacity: this.#tiles ? 0 : 1 },
      coordsToLatLng: ([lng = 0, lat = 0]) => {
        const [x, y] = toDatum([lng, lat], this.#datum)
        return L.latLng(y, x)
      },
    }).addTo(this.#map)
  }
}

/** Beyond what the supplier has, its nearest tiles are stretched rather than missing. */
const tileOptions = (source: TileSource, options: MapOptions): L.TileLayerOptions => ({
  minZoom: options.minZoom,
  maxZoom: options.maxZoom,
  minNativeZoom: source.minZoom,
  maxNativeZoom: source.maxZoom,
  subdomains: source.subdomains,
})
