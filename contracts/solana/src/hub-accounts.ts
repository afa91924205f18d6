import { equalBytes, utf8 } from '@causeway/primitives'

/*
 * Accounts of programs/hub-client, as crates/hub-state writes them. Numbers are little-endian.
 */

/** How far a client of the hub is. */
export interface HubClientAccount {
  readonly latestHeight: bigint
  readonly latestTimeSeconds: bigint
  readonly trustingPeriodSeconds: bigint
  /** 0: it is not frozen. */
  readonly frozenAtSeconds: bigint
  readonly exitHeight: bigint
  readonly trustedHeight: bigint
  readonly trustedTimeSeconds: bigint
  /** The first height that the set above the latest height is known to sign. */
  readonly setStart: bigint
  readonly previousSetStart: bigint
  /** The least height at which a contradiction was proven, or 2^64 − 1. */
  readonly contradictedHeight: bigint
  readonly chainIdHash: Uint8Array
  readonly setHash: Uint8Array
  readonly previousSetHash: Uint8Array
}

/** An accepted state of the hub. */
export interface HubStateAccount {
  readonly client: Uint8Array
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly appHash: Uint8Array
  readonly nextSetHash: Uint8Array
  /** 0 unless it was accepted above the one that was the latest. */
  readonly previousHeight: bigint
  readonly payer: Uint8Array
}

/** What a client knows of a set. */
export interface KnownSetAccount {
  readonly client: Uint8Array
  readonly setHash: Uint8Array
  readonly startHeight: bigint
  readonly endSeconds: bigint
}

/** Lengths of the accounts, for rent. */
export const HUB_ACCOUNT_BYTES = { client: 1_248, state: 168, knownSet: 96 } as const
const HEADER_BYTES = 16

/** Reads a client's account; undefined: it is none. */
export function decodeHubClient(data: Uint8Array): HubClientAccount | undefined {
  const fields = open(data, 'cwyhubcl', HUB_ACCOUNT_BYTES.client)
  return (
    fields && {
      latestHeight: fields.u64(),
      latestTimeSeconds: fields.u64(),
      trustingPeriodSeconds: fields.u64(),
      frozenAtSeconds: fields.u64(),
      exitHeight: fields.u64(),
      trustedHeight: fields.u64(),
      trustedTimeSeconds: fields.u64(),
      setStart: fields.u64(),
      previousSetStart: fields.u64(),
      contradictedHeight: fields.u64(),
      chainIdHash: fields.hash(),
      setHash: fields.hash(),
      previousSetHash: fields.hash(),
    }
  )
}

/** Reads a state's account; undefined: it is none. */
export function decodeHubState(data: Uint8Array): HubStateAccount | undefined {
  const fields = open(data, 'cwyhubcs', HUB_ACCOUNT_BYTES.state)
  return (
    fields && {
      client: fields.hash(),
      height: fields.u64(),
      timeSeconds: fields.u64(),
      appHash: fields.hash(),
      nextSetHash: fields.hash(),
      previousHeight: fields.u64(),
      payer: fields.hash(),
    }
  )
}

/** Reads a known set's account; undefined: it is none. */
export function decodeKnownSet(data: Uint8Array): KnownSetAccount | undefined {
  const fields = open(data, 'cwyhubks', HUB_ACCOUNT_BYTES.knownSet)
  return (
    fields && {
      client: fields.hash(),
      setHash: fields.hash(),
      startHeight: fields.u64(),
      endSeconds: fields.u64(),
    }
  )
}

interface Fields {
  u64(): bigint
  hash(): Uint8Array
}

function open(data: Uint8Array, kind: string, bytes: number): Fields | undefined {
  const version = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)
  if (data.length !== bytes || !equalBytes(data.subarray(0, 8), utf8(kind))) return undefined
  if (!equalBytes(data.subarray(8, HEADER_BYTES), version)) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let at = HEADER_BYTES
  return {
    u64: () => view.getBigUint64((at += 8) - 8, true),
    hash: () => data.slice((at += 32) - 32, at),
  }
}
