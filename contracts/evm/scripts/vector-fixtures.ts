import { readFileSync } from 'node:fs'
import { fromHex } from '@causeway/primitives'
import type { AttestationHeader } from '@causeway/light-clients'
import { encodeHeaders } from './example-hub.ts'

/*
 * libs/light-clients/vectors/attestation as client messages: the same cases, ABI-encoded. What the ABI can't
 * express (a sibling or a hash that is not 32 bytes long) is listed by name.
 */

type Json = Record<string, unknown>
interface HeaderJson {
  readonly message: {
    chainId: string
    height: string
    timeSeconds: string
    appHash: string
    nextSetHash: string
  }
  readonly set: { leafRoot: string; count: number; totalPower: string; aggregateKey: string }
  readonly absentees: readonly { index: number; key: string; power: string; proof: readonly string[] }[]
  readonly signature: string
}
interface StateJson {
  readonly height: string
  readonly timeSeconds: string
  readonly appHash: string
  readonly nextSetHash: string
}
interface ClientJson {
  readonly latestHeight: string
  readonly currentSetStart: string
  readonly currentSetHash: string
  readonly nextSetHash: string
  readonly isFrozen: boolean
  readonly states: readonly StateJson[]
}

/** The cases, and the names of those that are not among them. */
export function attestationVectors(): Json {
  const headers = readVectors('headers') as {
    valid: { name: string; setHash: string; header: HeaderJson }[]
    invalid: { name: string; setHash: string; header: HeaderJson; error: string }[]
  }
  const left: string[] = []
  const cases = [...headers.valid.map((v) => ({ ...v, error: '' })), ...headers.invalid].flatMap(
    ({ name, setHash, header, error }) => {
      const clientMessage = encoded([header])
      if (clientMessage === undefined) left.push(name)
      return clientMessage === undefined
        ? []
        : [{ chainId: header.message.chainId, clientMessage, code: error, name, setHash }]
    },
  )
  return { headers: cases, notExpressible: left, scenarios: scenarios() }
}

/** The client of client.json, step by step. */
function scenarios(): Json[] {
  const { scenarios: all } = readVectors('client') as {
    scenarios: { name: string; chainId: string; initial: ClientJson; steps: Json[] }[]
  }
  return all.map(({ name, chainId, initial, steps }) => ({
    chainId,
    initial: clientOf(initial),
    name,
    steps: steps.map((step) => {
      const headers = (step['misbehaviour'] ?? [step['header']]) as HeaderJson[]
      return {
        afterwards: clientOf(step['after'] as ClientJson),
        isMisbehaviour: step['misbehaviour'] !== undefined,
        message: encoded(headers) ?? '0x',
        name: step['name'],
        nowSeconds: step['nowSeconds'],
        result: step['result'],
      }
    }),
  }))
}

function clientOf({ states, ...client }: ClientJson): Json {
  return { ...client, states }
}

function encoded(headers: readonly HeaderJson[]): string | undefined {
  try {
    return encodeHeaders(...headers.map(headerOf))
  } catch {
    return undefined
  }
}

function headerOf({ message, set, absentees, signature }: HeaderJson): AttestationHeader {
  const bytes = (hex: string): Uint8Array => fromHex(hex.slice(2))
  return {
    message: {
      chainId: message.chainId,
      height: BigInt(message.height),
      timeSeconds: BigInt(message.timeSeconds),
      appHash: bytes(message.appHash),
      nextSetHash: bytes(message.nextSetHash),
    },
    set: {
      leafRoot: bytes(set.leafRoot),
      count: set.count,
      totalPower: BigInt(set.totalPower),
      aggregateKey: bytes(set.aggregateKey),
    },
    absentees: absentees.map(({ index, key, power, proof }) => ({
      index,
      key: bytes(key),
      power: BigInt(power),
      proof: proof.map(bytes),
    })),
    signature: bytes(signature),
  }
}

function readVectors(name: string): unknown {
  const folder = new URL('../../../libs/light-clients/vectors/attestation/', import.meta.url)
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}
