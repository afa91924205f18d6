// The vectors of libs/light-clients, as headers.
import { readFileSync } from 'node:fs'
import { fromHex } from '@causeway/primitives'
import type { AttestationHeader } from '@causeway/light-clients'

interface HeaderJson {
  readonly message: Record<'chainId' | 'height' | 'timeSeconds' | 'appHash' | 'nextSetHash', string>
  readonly set: { leafRoot: string; count: number; totalPower: string; aggregateKey: string }
  readonly absentees: readonly { index: number; key: string; power: string; proof: readonly string[] }[]
  readonly signature: string
}

/** A header and the hash of the set that is to sign it; `error`: how it is refused. */
export interface HeaderVector {
  readonly name: string
  readonly setHash: string
  readonly header: HeaderJson
  readonly error?: string
}

/** A client's state in client.json. */
export interface ClientJson {
  readonly latestHeight: string
  readonly currentSetStart: string
  readonly currentSetHash: string
  readonly nextSetHash: string
  readonly isFrozen: boolean
  readonly states: readonly Record<'height' | 'timeSeconds' | 'appHash' | 'nextSetHash', string>[]
}

/** One step of a scenario. */
export interface StepJson {
  readonly name: string
  readonly nowSeconds: string
  readonly header?: HeaderJson
  readonly misbehaviour?: readonly [HeaderJson, HeaderJson]
  readonly result: string
  readonly after: ClientJson
}

/** A client from its begin, step by step. */
export interface ScenarioJson {
  readonly name: string
  readonly chainId: string
  readonly trustingPeriodSeconds: string
  readonly maxClockDriftSeconds: string
  readonly initial: ClientJson
  readonly steps: readonly StepJson[]
}

/** headers.json */
export function headerVectors(): { valid: HeaderVector[]; invalid: HeaderVector[] } {
  return read('headers') as { valid: HeaderVector[]; invalid: HeaderVector[] }
}

/** client.json */
export function scenarioVectors(): ScenarioJson[] {
  return (read('client') as { scenarios: ScenarioJson[] }).scenarios
}

/** Bytes of `0x` and hex. */
export function bytesOf(hex: string): Uint8Array {
  return fromHex(hex.slice(2))
}

/** The header of its JSON. */
export function headerOf({ message, set, absentees, signature }: HeaderJson): AttestationHeader {
  return {
    message: {
      chainId: message.chainId,
      height: BigInt(message.height),
      timeSeconds: BigInt(message.timeSeconds),
      appHash: bytesOf(message.appHash),
      nextSetHash: bytesOf(message.nextSetHash),
    },
    set: {
      leafRoot: bytesOf(set.leafRoot),
      count: set.count,
      totalPower: BigInt(set.totalPower),
      aggregateKey: bytesOf(set.aggregateKey),
    },
    absentees: absentees.map(({ index, key, power, proof }) => ({
      index,
      key: bytesOf(key),
      power: BigInt(power),
      proof: proof.map(bytesOf),
    })),
    signature: bytesOf(signature),
  }
}

function read(name: string): unknown {
  const folder = new URL('../../../libs/light-clients/vectors/attestation/', import.meta.url)
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}
