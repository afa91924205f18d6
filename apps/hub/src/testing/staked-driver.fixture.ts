// A hub whose validators have stake, driven block by block through transactions.
import { utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { createMemoryStorage } from '@causeway/state-tree'
import { expect } from 'vitest'
import { createHubApplication } from '../app.ts'
import type { HubApplicationOptions } from '../app.ts'
import { clientEntries, zoneStates } from './client-entries.fixture.ts'
import { Driver } from './driver.fixture.ts'
import { hubOptions } from './hub.fixture.ts'
import { codeOf } from './refusal.fixture.ts'
import {
  POWER,
  blsKey,
  genesisValidator,
  operatorOf,
  stakeMessage,
  stakedGenesis,
} from './staked-hub.fixture.ts'
import { testValidators } from './validators.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

// The last has no power at genesis: it joins.
export const validators = testValidators([10n, 20n, 30n, 0n])
export const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(operatorOf) as [Wallet, Wallet, Wallet, Wallet]
const fee = { gasLimit: 3_000_000n, fee: [{ denom: 'ucway', amount: '75000' }] }

export function genesis(alice: Wallet, parts: Record<string, JsonValue> = {}): JsonValue {
  const staked = validators.filter(({ power }) => power > 0n)
  const stake = {
    validators: staked.map(({ publicKey, power }, i) => genesisValidator('abc'[i]!, publicKey, power)),
    staking: { unbondingSeconds: 1_000_010n },
  }
  const state = stakedGenesis([alice, a, b, c, d], stake) as Record<string, JsonValue>
  return { ...state, ibc: clientEntries(), ...parts }
}

export function setUp(parts: Record<string, JsonValue> = {}, overrides: Partial<HubApplicationOptions> = {}) {
  const alice = new Wallet('alice')
  for (const wallet of [a, b, c, d]) wallet.sequence = 0n
  const hub = createHubApplication(hubOptions(createMemoryStorage(), overrides))
  const driver = new Driver(hub, validators)
  const state = genesis(alice, parts)
  driver.initChain(state)
  // Numbers in the order in which the ledger's genesis names them.
  for (const [i, wallet] of [alice, a, b, c, d].entries()) wallet.accountNumber = BigInt(i + 1)
  driver.block()
  const deliver = (wallet: Wallet, ...messages: Parameters<Wallet['sign']>[0]) => {
    const submitted = driver.submit(wallet.sign(messages, fee))
    if (submitted.code !== 0) return codeOf(submitted)
    return codeOf(driver.block().txResults.at(-1))
  }
  const ask = <Request, Response>(
    path: string,
    request: { encode(value: Request): { finish(): Uint8Array } },
    response: { decode(bytes: Uint8Array): Response },
    value: Request,
  ): Response => {
    const answer = driver.query(`/causeway.${path}`, request.encode(value).finish())
    expect([path, answer.code, answer.log]).toEqual([path, 0, ''])
    return response.decode(answer.value)
  }
  return { alice, hub, driver, state, deliver, ask }
}

export function creation(changes: object = {}) {
  return stakeMessage('staking.v1.MsgCreateValidator', {
    operator: d.address,
    consensusKey: validators[3]!.publicKey,
    ...blsKey('d', d.id),
    moniker: 'newcomer',
    commissionBps: 500,
    amount: (15n * POWER).toString(),
    ...changes,
  })
}

export function listing(changes: object = {}): Content {
  const listLine = {
    clientId: '07-tendermint-0',
    chainId: 'zone-7',
    contract: '',
    counterpartyClientId: '07-tendermint-0',
    counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
    base: 'uusd',
    asset: 'usdz',
    decimals: 6,
    ...zoneStates(),
    consensusHeight: { revisionNumber: 7n, revisionHeight: 1n },
    ...changes,
  }
  return Content.fromPartial({ listLine })
}

export function proposal(contents: Content[]) {
  return stakeMessage('governance.v1.MsgSubmitProposal', {
    proposer: a.address,
    title: 'A dollar',
    summary: 'from zone-7',
    contents,
  })
}

export function ballot(voter: Wallet, option: number, proposalId = 1n) {
  return stakeMessage('governance.v1.MsgVote', { voter: voter.address, proposalId, option })
}
