import { errors } from '../errors.ts'
import { matches } from './match.ts'
import type { Attributes } from './match.ts'
import { parseQuery } from './query.ts'
import type { Query } from './query.ts'

/** Something that happened. What is costly is made only when somebody listens. */
export interface PublishedEvent {
  /** Value of `tm.event`. */
  readonly type: string
  /** Attributes, `tm.event` among them. */
  attributes(): Attributes
  /** The JSON text of the data, type and value. */
  data(): string
}

/** A listener's query and where its events go. */
export interface Subscription {
  readonly query: string
  readonly deliver: (dataJson: string, attributes: Attributes) => void
}

/** Bounds of subscriptions. */
export interface SubscriptionLimits {
  readonly clientsMax: number
  readonly perClientMax: number
}

interface Entry extends Subscription {
  readonly conditions: Query
  /** The only `tm.event` that can match; `undefined` when the query doesn't say. */
  readonly eventType: string | undefined
}

/** Delivers events to who asked for them, in the order in which they happen. */
export class EventBus {
  private readonly limits: SubscriptionLimits
  private readonly clients = new Map<unknown, Map<string, Entry>>()

  constructor(limits: SubscriptionLimits) {
    this.limits = limits
  }

  /** Whether anybody listens. */
  get isIdle(): boolean {
    return this.clients.size === 0
  }

  /** Adds a subscription of a client. Throws `engine/80`, `/81`, `/89`–`/91`. */
  subscribe(client: unknown, subscription: Subscription): void {
    const known = this.clients.get(client)
    if (!known && this.clients.size >= this.limits.clientsMax) {
      throw errors.tooManySubscribers({ max: this.limits.clientsMax })
    }
    if (known && known.size >= this.limits.perClientMax) {
      throw errors.tooManySubscriptions({ max: this.limits.perClientMax })
    }
    const conditions = parseQuery(subscription.query)
    const key = canonical(conditions)
    if (known?.has(key)) throw errors.alreadySubscribed()
    const own = known ?? new Map<string, Entry>()
    own.set(key, { ...subscription, conditions, eventType: eventTypeOf(conditions) })
    this.clients.set(client, own)
  }

  /** Ends a subscription. Throws `engine/80`, `engine/92`. */
  unsubscribe(client: unknown, query: string): void {
    const own = this.clients.get(client)
    if (!own?.delete(canonical(parseQuery(query)))) throw errors.subscriptionNotFound()
    if (own.size === 0) this.clients.delete(client)
  }

  /** Ends all subscriptions of a client; false when it had none. */
  unsubscribeAll(client: unknown): boolean {
    return this.clients.delete(client)
  }

  /** Delivers an event. */
  publish(event: PublishedEvent): void {
    let attributes: Attributes | undefined
    let data: string | undefined
    for (const own of this.clients.values()) {
      for (const entry of own.values()) {
        if (entry.eventType !== undefined && entry.eventType !== event.type) continue
        attributes ??= event.attributes()
        if (!matches(entry.conditions, attributes)) continue
        data ??= event.data()
        entry.deliver(data, attributes)
      }
    }
  }
}

/** Queries that differ by spaces only are one. */
function canonical(query: Query): string {
  return JSON.stringify(
    query.map(({ tag, operator, operand }) => [tag, operator, operand?.kind, operand?.text]),
  )
}

function eventTypeOf(query: Query): string | undefined {
  const condition = query.find(({ tag, operator }) => tag === 'tm.event' && operator === '=')
  return condition?.operand?.kind === 'text' ? condition.operand.text : undefined
}
