// The published vectors: they are what the generator makes, and every implementation agrees with them.
import { readFileSync, readdirSync } from 'node:fs'
import { fromHex, toHex } from '@causeway/primitives'
import { beforeAll, describe, expect, it } from 'vitest'
import { attestationVectors } from '../../scripts/attestation-vectors.ts'
import { codeOf } from '../refusal.fixture.ts'
import { ATTESTATION_DOMAIN, attestationBytes } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { attestorProofs, attestorSetHash, createAttestorSet } from './attestor-set.ts'
import { createHubClient, freezeHubClient, updateHubClient } from './client.ts'
import type { HubClientState } from './client.ts'
import { verifyAttestationEvidence } from './evidence.ts'
import { possessionBytes, verifyProofOfPossession } from './proof-of-possession.ts'
import { schemes } from './schemes.fixture.ts'
import { verifyAttestation } from './verify-attestation.ts'
import type { AttestationHeader } from './verify-attestation.ts'

interface MessageJson {
  chainId: string
  height: string
  timeSeconds: string
  appHash: string
  nextSetHash: string
}
interface SetJson {
  leafRoot: string
  count: number
  totalPower: string
  aggregateKey: string
}
interface HeaderJson {
  message: MessageJson
  set: SetJson
  absentees: { index: number; key: string; power: string; proof: string[] }[]
  signature: string
}
interface StepJson {
  name: string
  nowSeconds: string
  header?: HeaderJson
  misbehaviour?: [HeaderJson, HeaderJson]
  result: string
  after: StateJson
}
interface StateJson {
  latestHeight: string
  currentSetStart: string
  currentSetHash: string
  nextSetHash: string
  isFrozen: boolean
  states: { height: string; timeSeconds: string; appHash: string; nextSetHash: string }[]
}

const folder = new URL('../../vectors/attestation/', import.meta.url)
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const bytes = (value: string) => fromHex(value.slice(2))
const hex = (value: Uint8Array) => `0x${toHex(value)}`

const messageOf = (json: MessageJson): AttestationMessage => ({
  chainId: json.chainId,
  height: BigInt(json.height),
  timeSeconds: BigInt(json.timeSeconds),
  appHash: bytes(json.appHash),
  nextSetHash: bytes(json.nextSetHash),
})
const setOf = ({ leafRoot, count, totalPower, aggregateKey }: SetJson) => ({
  leafRoot: bytes(leafRoot),
  count,
  totalPower: BigInt(totalPower),
  aggregateKey: bytes(aggregateKey),
})
const headerOf = (json: HeaderJson): AttestationHeader => ({
  message: messageOf(json.message),
  set: setOf(json.set),
  absentees: json.absentees.map(({ index, key, power, proof }) => ({
    index,
    key: bytes(key),
    power: BigInt(power),
    proof: proof.map(bytes),
  })),
  signature: bytes(json.signature),
})

describe('the files', () => {
  let made: ReturnType<typeof attestationVectors>
  beforeAll(() => {
    made = attestationVectors()
  }, 60_000)

  it('are what the generator makes', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
    expect(files.sort()).toEqual(Object.keys(made).sort())
    for (const name of files) expect(JSON.parse(text(name)), name).toEqual(made[name])
  })
})

describe.each(schemes)('%s agrees with the vectors', (_, scheme) => {
  it('of keys and signatures', () => {
    const vectors = JSON.parse(text('keys.json')) as {
      keys: { secret: string; key: string }[]
      signatures: { name: string; key: string; message: string; signature: string; valid: boolean }[]
      badKeys: { name: string; key: string }[]
      possession: {
        name: string
        chainId: string
        operator: string
        key: string
        bytes: string
        proof: string
        valid: boolean
      }[]
    }
    for (const { secret, key } of vectors.keys) {
      expect(hex(scheme.publicKey(bytes(secret)))).toBe(key)
      expect(scheme.isKey(bytes(key))).toBe(true)
    }
    for (const { name, key, message, signature, valid } of vectors.signatures) {
      const verdict = scheme.verify([bytes(key)], bytes(message), ATTESTATION_DOMAIN, bytes(signature))
      expect(verdict, name).toBe(valid)
    }
    for (const { name, key } of vectors.badKeys) expect(scheme.isKey(bytes(key)), name).toBe(false)
    for (const { name, proof, valid, ...json } of vectors.possession) {
      const possession = { ...json, operator: bytes(json.operator), key: bytes(json.key) }
      expect(hex(possessionBytes(possession)), name).toBe(json.bytes)
      expect(verifyProofOfPossession(scheme, possession, bytes(proof)), name).toBe(valid)
    }
  })

  it('of sets', () => {
    const { sets } = JSON.parse(text('sets.json')) as {
      sets: {
        name: string
        attestors: { key: string; power: string; proof: string[] }[]
        set: SetJson
        setHash: string
      }[]
    }
    for (const { name, attestors, set, setHash } of sets) {
      const members = attestors.map(({ key, power }) => ({ key: bytes(key), power: BigInt(power) }))
      const made = createAttestorSet(scheme, members)
      expect(made, name).toEqual(setOf(set))
      expect(hex(attestorSetHash(made)), name).toBe(setHash)
      expect(attestorProofs(members).map((proof) => proof.map(hex))).toEqual(attestors.map((a) => a.proof))
    }
    expect(sets).toHaveLength(6)
  })

  it('of headers', () => {
    const { valid, invalid } = JSON.parse(text('headers.json')) as {
      valid: {
        name: string
        setHash: string
        header: HeaderJson
        bytes: string
        signedPower: string
        signedKey: string
      }[]
      invalid: { name: string; setHash: string; header: HeaderJson; error: string }[]
    }
    for (const { name, setHash, header: json, ...expected } of valid) {
      const header = headerOf(json)
      expect(hex(attestationBytes(header.message)), name).toBe(expected.bytes)
      const { key, power } = verifyAttestation(scheme, header, bytes(setHash))
      expect([hex(key), power.toString()], name).toEqual([expected.signedKey, expected.signedPower])
    }
    for (const { name, setHash, header, error } of invalid) {
      expect(
        codeOf(() => verifyAttestation(scheme, headerOf(header), bytes(setHash))),
        name,
      ).toBe(error)
    }
    expect([valid.length, invalid.length]).toEqual([13, 60])
  })

  it('of clients', () => {
    const { scenarios } = JSON.parse(text('client.json')) as {
      scenarios: {
        name: string
        chainId: string
        trustingPeriodSeconds: string
        maxClockDriftSeconds: string
        initial: StateJson
        steps: StepJson[]
      }[]
    }
    for (const { name, initial, steps, ...json } of scenarios) {
      const [start] = initial.states
      let state = createHubClient(
        {
          ...messageOf({ ...start!, chainId: json.chainId }),
          setHash: bytes(initial.currentSetHash),
        },
        {
          trustingPeriodSeconds: BigInt(json.trustingPeriodSeconds),
          maxClockDriftSeconds: BigInt(json.maxClockDriftSeconds),
        },
      )
      expect(stateJson(state), name).toEqual(initial)
      for (const { name: step, nowSeconds, header, misbehaviour, result, after } of steps) {
        const now = BigInt(nowSeconds)
        let got = 'frozen'
        const code = codeOf(() => {
          if (misbehaviour !== undefined) {
            const [first, second] = misbehaviour
            state = freezeHubClient(scheme, state, [headerOf(first), headerOf(second)], now)
            return
          }
          const done = updateHubClient(scheme, state, headerOf(header!), now)
          got = done.update
          state = done.state
        })
        expect(code === 'accepted' ? got : code, `${name}: ${step}`).toBe(result)
        expect(stateJson(state), `${name}: ${step}`).toEqual(after)
      }
    }
  })

  it('of evidence', () => {
    const { recorded, cases } = JSON.parse(text('evidence.json')) as {
      recorded: { bytes: string }
      cases: {
        name: string
        message: MessageJson
        keys: string[]
        signature: string
        isRecorded: boolean
        error?: string
      }[]
    }
    for (const { name, message, keys, signature, isRecorded, error } of cases) {
      const evidence = { message: messageOf(message), keys: keys.map(bytes), signature: bytes(signature) }
      const own = isRecorded ? bytes(recorded.bytes) : undefined
      const verdict = codeOf(() => verifyAttestationEvidence(scheme, evidence, own))
      expect(verdict, name).toBe(error ?? 'accepted')
    }
  })
})

function stateJson(state: HubClientState): StateJson {
  return {
    latestHeight: state.latestHeight.toString(),
    currentSetStart: state.currentSetStart.toString(),
    currentSetHash: hex(state.currentSetHash),
    nextSetHash: hex(state.nextSetHash),
    isFrozen: state.frozenAtSeconds !== undefined,
    states: [...state.states]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([height, { timeSeconds, appHash, nextSetHash }]) => ({
        height: height.toString(),
        timeSeconds: timeSeconds.toString(),
        appHash: hex(appHash),
        nextSetHash: hex(nextSetHash),
      })),
  }
}
