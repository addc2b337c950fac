import { getContext, setContext, untrack } from 'svelte'
import { Persisted } from '#console/lib/persisted.svelte.ts'
import { isTyping, stroke } from './stroke.ts'

export interface KeyAction {
  /** As printed: `n`, `shift+h`, `/`, `ctrl+k`, `Enter`. */
  key: string
  label: string
  group: string
  run(): void
}

/** What is in front: a dialog takes the keys while it is open, and what lies behind keeps still. */
class Layer {
  readonly actions = new Map<symbol, KeyAction>()
}

const LAYER = Symbol('key layer')

/** Every action that has a key, while its button is on the page. A button registers itself (ui/Button.svelte). */
class Keys {
  #ground = new Layer()
  #stack: Layer[] = $state.raw([this.#ground])
  #changes = $state(0)
  /** Single letters act only while this is on (WCAG 2.1.4): somebody who dictates switches it off. */
  #single = new Persisted('singleKeys', true)

  get singleKeys(): boolean {
    return this.#single.current
  }

  set singleKeys(on: boolean) {
    this.#single.current = on
  }

  /** What could be pressed now, for the sheet and the command bar. */
  get actions(): KeyAction[] {
    this.#changes
    return [...this.#ground.actions.values()]
  }

  /** Belongs to the layer of the component that calls it; call during its initialisation. */
  layerHere(): Layer {
    return getContext<Layer | undefined>(LAYER) ?? this.#ground
  }

  /** Makes everything inside the calling component a layer of its own; `enter` it when it opens. */
  newLayer(): { enter(): () => void } {
    const layer = new Layer()
    setContext(LAYER, layer)
    return {
      enter: () => {
        this.#stack = [...this.#stack, layer]
        return () => {
          this.#stack = this.#stack.filter((each) => each !== layer)
        }
      },
    }
  }

  register(layer: Layer, action: KeyAction): () => void {
    const name = Symbol(action.key)
    layer.actions.set(name, action)
    // Buttons register inside effects: reading the counter there would make each follow all others, without end.
    untrack(() => this.#changes++)
    return () => {
      layer.actions.delete(name)
      untrack(() => this.#changes++)
    }
  }

  press(event: KeyboardEvent): void {
    const key = stroke(event)
    if (key === null || event.defaultPrevented) return
    const modified = key.startsWith('ctrl+') || key === 'Escape'
    if (!modified && (isTyping(event.target) || !this.#single.current)) return
    const front = this.#stack.at(-1) ?? this.#ground
    // The newest wins: a drawer's button stands before a pane's when both print the same letter.
    const action = [...front.actions.values()].reverse().find((each) => each.key === key)
    if (!action) return
    event.preventDefault()
    action.run()
  }
}

export const keys = new Keys()
