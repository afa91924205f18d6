import type { Plugin } from 'graphql-yoga'
import { queryError } from '../read/query-errors.ts'

/**
 * Refuses a subscription of a client that does not say that it reads server-sent events: it would wait for
 * an answer that never ends.
 */
export const subscriptionTransport: Plugin = {
  onSubscribe({ args, setResultAndStopExecution }) {
    const { request } = args.contextValue as { request: Request }
    if (request.headers.get('accept')?.includes('text/event-stream') === true) return
    const error = queryError(
      'SUBSCRIPTION_TRANSPORT',
      "subscriptions come as server-sent events: ask with the header 'accept: text/event-stream'",
    )
    setResultAndStopExecution({ errors: [error] })
  },
}
