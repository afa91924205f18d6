import { EnvelopArmor } from '@escape.tech/graphql-armor'
import { NoSchemaIntrospectionCustomRule } from 'graphql/index.js'
import type { Plugin } from 'graphql-yoga'

/** What one operation may cost. */
export const QUERY_LIMITS = { depth: 10, cost: 60_000, aliases: 15, directives: 10, tokens: 2_000 } as const

/** Plugins that refuse operations beyond the limits before they are executed. */
export function limitPlugins({ introspection }: { introspection: boolean }): Plugin[] {
  const { plugins } = new EnvelopArmor({
    maxDepth: { n: QUERY_LIMITS.depth, flattenFragments: true },
    costLimit: { maxCost: QUERY_LIMITS.cost, objectCost: 2, scalarCost: 1, depthCostFactor: 1.5 },
    maxAliases: { n: QUERY_LIMITS.aliases },
    maxDirectives: { n: QUERY_LIMITS.directives },
    maxTokens: { n: QUERY_LIMITS.tokens },
    blockFieldSuggestion: { enabled: !introspection },
  }).protect()
  // Envelop's plugin type is wider than yoga's.
  const armor = plugins as unknown as Plugin[]
  return introspection ? armor : [...armor, noIntrospection]
}

const noIntrospection: Plugin = {
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule)
  },
}
