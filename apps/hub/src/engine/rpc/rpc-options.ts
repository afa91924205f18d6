import type { SubscriptionLimits } from '../events/event-bus.ts'

/** Options of the RPC server; defaults are for a node on one machine. */
export interface RpcOptions {
  /** By default the loopback interface: whoever opens it wider puts a proxy in front. */
  readonly host?: string
  /** 0 (default) takes a free one. */
  readonly port?: number
  /** Origins that browsers may call from; `*` for all. Default: none. */
  readonly corsOrigins?: readonly string[]
  /** Default 1,000,000, as in CometBFT. */
  readonly bodyBytesMax?: number
  /** Requests in one JSON-RPC batch; 0 for any number. Default 100. */
  readonly batchSizeMax?: number
  /** HTTP connections and WebSockets together. Default 900. */
  readonly connectionsMax?: number
  /** How long a request may take to arrive. Default 10 s. */
  readonly requestTimeoutMilliseconds?: number
  /** How long `broadcast_tx_commit` waits for its block. Default 10 s. */
  readonly broadcastCommitTimeoutMilliseconds?: number
  /** Clients with subscriptions. Default 100. */
  readonly subscriptionClientsMax?: number
  /** Subscriptions of one client. Default 5. */
  readonly subscriptionsPerClientMax?: number
  /** Unsent bytes at which a slow WebSocket is closed. Default 16 MiB. */
  readonly webSocketBacklogBytesMax?: number
}

/** Options with all defaults filled in. */
export type FullRpcOptions = Required<RpcOptions>

/** A running RPC server. */
export interface RpcServer {
  /** `http://host:port`. */
  readonly url: string
  stop(): Promise<void>
}

/** Fills in the defaults. */
export function withDefaults(options: RpcOptions): FullRpcOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    corsOrigins: [],
    bodyBytesMax: 1_000_000,
    batchSizeMax: 100,
    connectionsMax: 900,
    requestTimeoutMilliseconds: 10_000,
    broadcastCommitTimeoutMilliseconds: 10_000,
    subscriptionClientsMax: 100,
    subscriptionsPerClientMax: 5,
    webSocketBacklogBytesMax: 16 * 1024 * 1024,
    ...options,
  }
}

/** The bounds of subscriptions. */
export function subscriptionLimits(options: RpcOptions): SubscriptionLimits {
  const { subscriptionClientsMax, subscriptionsPerClientMax } = withDefaults(options)
  return { clientsMax: subscriptionClientsMax, perClientMax: subscriptionsPerClientMax }
}
