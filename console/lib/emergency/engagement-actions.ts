import { m } from '#console/lib/paraglide/messages.js'
import type { Engagement } from '#domain/engagement.ts'
import { type EngagementEvent, NEXT_ENGAGEMENT } from '#domain/engagement-states.ts'
import type { Instant } from '#domain/instant.ts'
import type { Firm } from '#domain/units.ts'
import { engagementCommands } from '#wire/routes/engagements.ts'
import { type AskAction, reasonField } from './ask-fields.ts'
import { emergencyWords } from './words.ts'

/** Those that the engagement's status allows, the next step first. */
export function engagementActions(
  engagement: Engagement,
  firms: readonly Firm[],
  months: number,
  now: Instant,
): AskAction[] {
  const may = (event: EngagementEvent) => NEXT_ENGAGEMENT[engagement.status][event] !== null
  return [
    ...(may('contract') ? [contractStep(engagement, months, now)] : []),
    ...(may('publicise') ? [publiciseStep()] : []),
    ...(may('activate') ? [activateStep()] : []),
    ...(may('takeOver') ? [takeOverStep(firms)] : []),
    ...(may('handOver') ? [handOverStep()] : []),
    ...waysOut(may),
  ]
}

const contractStep = ({ fee }: Engagement, months: number, now: Instant): AskAction => ({
  name: 'contract',
  label: m.engagement_contract(),
  lead: m.engagement_contractLead({ n: months }),
  needs: 'engagement.decide',
  route: engagementCommands.contract,
  fields: [
    { name: 'startsAt', label: m.emergency_startsAt(), kind: 'moment', value: now },
    { name: 'months', label: m.engagement_months(), kind: 'whole', value: months },
    { name: 'fee', label: m.community_feeRate(), kind: 'number', value: fee },
  ],
  isMain: true,
})

const publiciseStep = (): AskAction => ({
  name: 'publicise',
  label: m.engagement_publicise(),
  lead: m.engagement_publiciseLead(),
  needs: 'engagement.decide',
  route: engagementCommands.publicise,
  fields: [{ name: 'contact', label: m.engagement_contact(), kind: 'text', hint: m.engagement_contactHint() }],
  isMain: true,
})

const activateStep = (): AskAction => ({
  name: 'activate',
  label: m.engagement_activate(),
  lead: m.engagement_activateLead(),
  needs: 'engagement.decide',
  route: engagementCommands.activate,
  fields: [reasonField(true)],
  isMain: true,
})

const handOverStep = (): AskAction => ({
  name: 'handOver',
  label: m.engagement_handOver(),
  lead: m.engagement_handOverLead(),
  needs: 'engagement.decide',
  route: engagementCommands.handOver,
  fields: [reasonField()],
})

const takeOverStep = (firms: readonly Firm[]): AskAction => ({
  name: 'takeOver',
  label: m.engagement_takeOver(),
  needs: 'engagement.decide',
  route: engagementCommands.takeOver,
  fields: [
    {
      name: 'outcome',
      label: m.community_outcome(),
      kind: 'choice',
      options: (['handedOver', 'selfManaged'] as const).map((value) => ({ value, label: emergencyWords.end(value) })),
    },
    {
      name: 'firmId',
      label: m.emergency_firm(),
      kind: 'pick',
      options: firms.map(({ id, name }) => ({ value: id, label: name })),
      isOptional: true,
    },
    { ...reasonField(true), hint: m.engagement_takeOverReason() },
  ],
  isMain: true,
})

function waysOut(may: (event: EngagementEvent) => boolean): AskAction[] {
  const out = (name: 'withdraw' | 'abandon' | 'terminate', label: string): AskAction => ({
    name,
    label,
    needs: 'engagement.decide',
    route: engagementCommands[name],
    fields: [reasonField()],
    isDanger: true,
  })
  return [
    ...(may('withdraw') ? [out('withdraw', m.engagement_withdraw())] : []),
    ...(may('abandon') ? [{ ...out('abandon', m.engagement_abandon()), lead: m.engagement_abandonLead() }] : []),
    ...(may('terminate') ? [out('terminate', m.engagement_terminate())] : []),
  ]
}
