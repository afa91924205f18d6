import type { Logger } from 'pino'
import type { GraphQLSchema } from 'graphql/index.js'
import { createYoga } from 'graphql-yoga'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphqlContext } from '../graphql/context.ts'
import { errorCodes } from './error-codes.ts'
import { lagPlugin } from './lag-plugin.ts'
import { limitPlugins } from './limits.ts'
import { subscriptionTransport } from './subscription-transport.ts'

/** How GraphQL is offered. */
export type GraphqlOptions = {
  readonly graphiql: boolean
  readonly introspection: boolean
  /** Origins that browsers may ask from; `*` for any. */
  readonly corsOrigins: readonly string[]
  readonly log: Logger
}

/** The GraphQL request handler: queries over GET and POST, subscriptions over SSE. */
export function createGraphqlHandler(
  schema: GraphQLSchema,
  context: GraphqlContext,
  options: GraphqlOptions,
) {
  const { log } = options
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const [first] = parts
      log[level](first instanceof Error ? { err: first } : {}, parts.map(String).join(' '))
    }
  return createYoga({
    schema,
    context: () => context,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    batching: false,
    graphiql: options.graphiql ? { title: 'Causeway indexer' } : false,
    // The page comes with all that it needs: a dashboard's network may have no way out
    renderGraphiQL,
    cors: options.corsOrigins.length > 0 && { origin: [...options.corsOrigins], methods: ['GET', 'POST'] },
    maskedErrors: { isDev: false },
    logging: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    plugins: [lagPlugin(context.meta), subscriptionTransport, ...limitPlugins(options), errorCodes],
  })
}
