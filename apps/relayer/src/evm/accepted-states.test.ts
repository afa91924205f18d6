import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { encodeDeployData, encodeFunctionData, keccak256 } from 'viem'
import type { Hex } from 'viem'

import { HUB_CLIENT_ABI, HUB_CLIENT_CODE } from './abi.ts'
import { readAcceptedStates } from './accepted-states.ts'
import { Anvil } from './anvil.fixture.ts'
import { testPool } from './submitter.fixture.ts'

interface Scenario {
  readonly setA: Hex
  readonly trusted: { readonly height: number; readonly timeSeconds: number; readonly appHash: Hex }
  readonly messages: Readonly<Record<string, Hex>>
}

/** What the contract's own tests run on: a client that trusts height 1000, and headers for it. */
const scenario = JSON.parse(
  readFileSync(new URL('../../../../contracts/evm/test/fixtures/hub/scenario.json', import.meta.url), 'utf8'),
) as Scenario

const abi = HUB_CLIENT_ABI
const NOBODY: Hex = '0x0000000000000000000000000000000000000000'
const trusted = {
  height: BigInt(scenario.trusted.height),
  timeSeconds: BigInt(scenario.trusted.timeSeconds),
  ...{ appHash: scenario.trusted.appHash, nextSetHash: scenario.setA },
}

let anvil: Anvil
let client: Hex

beforeAll(async () => {
  anvil = await Anvil.start('--timestamp', String(scenario.trusted.timeSeconds + 100))
  const args = [NOBODY, 'causeway-1', trusted, scenario.setA] as const
  const hash = await anvil.send(encodeDeployData({ abi, bytecode: HUB_CLIENT_CODE, args }))
  client = (await anvil.request<{ contractAddress: Hex }>('eth_getTransactionReceipt', hash)).contractAddress
  for (const height of ['1005', '1010']) {
    const message = scenario.messages[height] ?? '0x'
    await anvil.send(encodeFunctionData({ abi, functionName: 'updateClient', args: [message] }), client)
  }
})

afterAll(async () => await anvil?.stop())

describe('states that the hub’s client on a contract has accepted', () => {
  it('are read back to the one it was constructed with, newest first', async () => {
    const states = await readAcceptedStates(testPool(anvil.url), client, 1010n, 0n)
    expect(states.map(({ height }) => height)).toEqual([1010n, 1005n, 1000n])
    const first = keccak256(`0x${scenario.trusted.appHash.slice(2)}${scenario.setA.slice(2)}`, 'bytes')
    expect(states.at(-1)).toEqual({
      ...{ height: 1000n, timeSeconds: trusted.timeSeconds, commitment: first.subarray(0, 24) },
    })
  })

  it('are read down to the first that was compared before', async () => {
    const heights = async (above: bigint) =>
      (await readAcceptedStates(testPool(anvil.url), client, 1010n, above)).map(({ height }) => height)
    expect(await heights(1009n)).toEqual([1010n, 1005n])
    expect(await heights(1005n)).toEqual([1010n, 1005n])
    expect(await heights(1010n)).toEqual([1010n])
  })
})
