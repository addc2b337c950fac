import { describe, expect, test } from 'vitest'
import {
  DEFAULT_ROSTER_RULES,
  kindOf,
  LIFTABLE_RULES,
  RULE_KEYS,
  RULE_KINDS,
  type RuleKey,
  type RuleKind,
} from '#domain/roster/rules.ts'

const allOf = (kind: RuleKind) => {
  const settings = Object.fromEntries(RULE_KEYS.map((key) => [key, { kind, weight: 1 }]))
  return { ...DEFAULT_ROSTER_RULES, settings: settings as typeof DEFAULT_ROSTER_RULES.settings }
}

describe('the rules of a roster', () => {
  test('[RO40] what the law says stays hard whatever a city sets', () => {
    const law: RuleKey[] = ['hoursCycle', 'overtimeDay', 'overtimeMonth', 'restDay', 'protectedStaff', 'volunteerNight']
    for (const kind of RULE_KINDS) expect(law.map((rule) => kindOf(allOf(kind), rule))).toEqual(law.map(() => 'hard'))
    expect(kindOf(allOf('off'), 'wishes')).toBe('off')
  })

  test('[RO42] an urgent repair can lift hours and rest, never protection, leave or what a volunteer said', () => {
    expect(LIFTABLE_RULES.has('overtimeMonth') && LIFTABLE_RULES.has('restDay')).toBe(true)
    const never: RuleKey[] = ['protectedStaff', 'leave', 'availability', 'volunteerNight', 'qualified']
    expect(never.filter((rule) => LIFTABLE_RULES.has(rule))).toEqual([])
  })
})
