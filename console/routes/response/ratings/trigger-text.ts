import { m } from '#console/lib/paraglide/messages.js'
import { responseWords } from '#console/lib/response/words.ts'
import type { LightTrigger } from '#domain/rating.ts'

/** Why a yellow light is proposed, with the figures that say so. */
export const triggerText = (trigger: LightTrigger): string =>
  trigger.kind === 'failed'
    ? m.rating_trigger_failed({ score: trigger.score.toFixed(1), from: trigger.from })
    : m.rating_trigger_belowFloor({
        rate: responseWords.rate(trigger.rate),
        value: trigger.value.toFixed(1),
        high: trigger.high.toFixed(1),
        floor: trigger.floor,
      })
