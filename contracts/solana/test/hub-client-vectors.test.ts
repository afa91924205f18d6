import { equalBytes, toHex } from '@causeway/primitives'
import type { AttestationHeader } from '@causeway/light-clients'
import { describe, expect, it } from 'vitest'
import { UPDATE_OUTCOMES } from '../src/hub-client.ts'
import { bytesOf, headerOf, headerVectors, scenarioVectors } from './attestation-vectors.fixture.ts'
import type { ClientJson, ScenarioJson, StepJson } from './attestation-vectors.fixture.ts'
import { clientOf, show, showBoth, startClient, stateOf } from './hub-client.fixture.ts'
import type { HubChain } from './hub-client.fixture.ts'
import { setNow } from './svm.fixture.ts'

const { valid, invalid } = headerVectors()
const SOME_HASH = new Uint8Array(32).fill(7)

/** A client that waits for this header of the set with this hash. */
function clientBefore(header: AttestationHeader, setHash: Uint8Array): HubChain {
  const { message } = header
  const trusted = { ...message, height: message.height - 1n, appHash: SOME_HASH, nextSetHash: setHash }
  return startClient(trusted, setHash, message.timeSeconds)
}

function shown(setHash: string, header: AttestationHeader): number | string | undefined {
  const client = clientBefore(header, bytesOf(setHash))
  // What has another length can't be encoded: it is of no length that the program could take for it
  return show(client, header).error
}

describe('headers of the vectors', () => {
  it.each(valid)('$name: accepted', ({ setHash, header }) => {
    expect(shown(setHash, headerOf(header))).toBe(undefined)
  })

  it.each(invalid)('$name: refused', ({ name, setHash, header, error }) => {
    const code = Number(error!.split('/')[1])
    const isLength = code === 1 || name === 'a sibling is a byte short'
    const actual = attempt(() => shown(setHash, headerOf(header)))
    // A field of another length shifts all that follows: refused for that, or as not encodable
    if (isLength) expect(actual).not.toBe(undefined)
    else expect(actual).toBeOneOf(expectedCodes(code))
  })
})

describe('clients of the vectors', () => {
  const scenarios = scenarioVectors()
  it.each(scenarios)('$name', (scenario) => runScenario(scenario))
  it('are 22', () => expect(scenarios.length).toBe(22))
})

function runScenario({ chainId, initial, steps, ...periods }: ScenarioJson): void {
  expect(periods).toMatchObject({ trustingPeriodSeconds: '1209600', maxClockDriftSeconds: '30' })
  const [first] = initial.states
  const trusted = {
    chainId,
    height: BigInt(first!.height),
    timeSeconds: BigInt(first!.timeSeconds),
    appHash: bytesOf(first!.appHash),
    nextSetHash: bytesOf(first!.nextSetHash),
  }
  const client = startClient(trusted, bytesOf(initial.currentSetHash), trusted.timeSeconds)
  compare(client, initial, 'the beginning')
  for (const step of steps) {
    setNow(client, BigInt(step.nowSeconds))
    const result = resultOf(client, step)
    if (step.result.startsWith('attestation/')) {
      expect(result, step.name).toBeOneOf(expectedCodes(Number(step.result.split('/')[1])))
    } else {
      expect(result, step.name).toBe(step.result)
    }
    compare(client, step.after, step.name)
  }
}

function resultOf(client: HubChain, { header, misbehaviour }: StepJson): number | string | undefined {
  if (misbehaviour) {
    const [a, b] = misbehaviour.map(headerOf)
    return showBoth(client, [a!, b!]).error ?? 'frozen'
  }
  const { error, returned } = show(client, headerOf(header!))
  return error ?? UPDATE_OUTCOMES[returned[0] ?? 0]
}

function compare(client: HubChain, expected: ClientJson, name: string): void {
  const account = clientOf(client)
  const isPending = expected.nextSetHash !== expected.currentSetHash
  expect(account.latestHeight, name).toBe(BigInt(expected.latestHeight))
  expect(`0x${toHex(account.setHash)}`, name).toBe(expected.nextSetHash)
  // The program counts from where the next set starts while it has not signed yet
  const start = isPending ? account.latestHeight + 1n : BigInt(expected.currentSetStart)
  expect(account.setStart, name).toBe(start)
  if (isPending) {
    expect(account.previousSetStart, name).toBe(BigInt(expected.currentSetStart))
    expect(`0x${toHex(account.previousSetHash)}`, name).toBe(expected.currentSetHash)
  }
  expect(account.frozenAtSeconds !== 0n, name).toBe(expected.isFrozen)
  for (const state of expected.states) {
    const found = stateOf(client, BigInt(state.height))!
    expect(found.timeSeconds, name).toBe(BigInt(state.timeSeconds))
    expect(equalBytes(found.appHash, bytesOf(state.appHash)), name).toBe(true)
    expect(equalBytes(found.nextSetHash, bytesOf(state.nextSetHash)), name).toBe(true)
  }
}

/** `attestation/N` is 300 + N here. */
function expectedCodes(code: number): number[] {
  return [300 + code]
}

function attempt<T>(action: () => T): T | string {
  try {
    return action()
  } catch (error) {
    return String(error)
  }
}
