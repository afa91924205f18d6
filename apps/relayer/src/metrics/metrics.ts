import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { FailureClass } from '../errors.ts'
import type { MessageKind } from '../plan/work.ts'

/** What a transaction cost. */
export interface TransactionCost {
  readonly gasUsed: bigint
  readonly fee: { readonly amount: bigint; readonly denom: string }
}

/** Everything that is counted. Labels are bounded: routes, chains, kinds and classes, never packets. */
export interface Metrics {
  readonly registry: Registry
  pending(route: string, chain: string, byKind: Readonly<Record<MessageKind, number>>): void
  oldestPending(route: string, chain: string, seconds: number): void
  setAside(route: string, chain: string, count: number): void
  submitted(route: string, chain: string, kind: MessageKind | 'update' | 'misbehaviour'): void
  failed(route: string, chain: string, failure: FailureClass): void
  acknowledged(route: string, seconds: number): void
  trustingPeriodLeft(route: string, chain: string, seconds: number): void
  paid(route: string, chain: string, cost: TransactionCost): void
  height(chain: string, height: number): void
  freshEndpoints(chain: string, fresh: number, all: number): void
  balance(chain: string, denom: string, amount: number): void
}

const LATENCY_BUCKETS_SECONDS = [0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600]

/** A registry of its own for each relayer, so that several run in one process (devnet, tests). */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers })
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })
  const lane = ['route', 'chain']
  const pending = gauge('relayer_pending_messages', 'Messages waiting to reach this chain', [...lane, 'kind'])
  const oldest = gauge('relayer_oldest_pending_seconds', 'Age of the oldest pending message', lane)
  const aside = gauge('relayer_set_aside_messages', 'Messages that failed often and are retried apart', lane)
  const submitted = counter('relayer_submitted_messages_total', 'Messages included in a block', [
    ...lane,
    'kind',
  ])
  const failed = counter('relayer_failed_messages_total', 'Failed attempts by class', [...lane, 'failure'])
  const trusting = gauge(
    'relayer_client_trusting_period_left_seconds',
    'Until the client on this chain expires',
    lane,
  )
  const gas = counter('relayer_gas_used_total', 'Gas used by our transactions', lane)
  const fees = counter(
    'relayer_fees_paid_total',
    'Fees of our transactions; over relayer_submitted_messages_total: the cost of a message',
    [...lane, 'denom'],
  )
  const height = gauge('relayer_chain_height', 'Newest block seen', ['chain'])
  const endpoints = gauge('relayer_endpoints', 'RPC endpoints by freshness', ['chain', 'state'])
  const balance = gauge('relayer_wallet_balance', 'Balance of the fee wallet', ['chain', 'denom'])
  const latency = new Histogram({
    name: 'relayer_event_to_acknowledgement_seconds',
    help: 'From the send event seen to the acknowledgement seen on the source chain',
    labelNames: ['route'],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  })
  return {
    registry,
    pending: (route, chain, byKind) => {
      for (const kind of ['recv', 'ack', 'timeout'] as const)
        pending.set({ route, chain, kind }, byKind[kind])
    },
    oldestPending: (route, chain, seconds) => oldest.set({ route, chain }, seconds),
    setAside: (route, chain, count) => aside.set({ route, chain }, count),
    submitted: (route, chain, kind) => submitted.inc({ route, chain, kind }),
    failed: (route, chain, failure) => failed.inc({ route, chain, failure }),
    acknowledged: (route, seconds) => latency.observe({ route }, seconds),
    trustingPeriodLeft: (route, chain, seconds) => trusting.set({ route, chain }, seconds),
    paid: (route, chain, { gasUsed, fee }) => {
      gas.inc({ route, chain }, Number(gasUsed))
      fees.inc({ route, chain, denom: fee.denom }, Number(fee.amount))
    },
    height: (chain, value) => height.set({ chain }, value),
    freshEndpoints: (chain, fresh, all) => {
      endpoints.set({ chain, state: 'fresh' }, fresh)
      endpoints.set({ chain, state: 'stale' }, all - fresh)
    },
    balance: (chain, denom, amount) => balance.set({ chain, denom }, amount),
  }
}
