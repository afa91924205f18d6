// A hub on the embedded engine changes its validators; a stock 07-tendermint client on another chain follows.
import { createMemoryStorage } from '@causeway/state-tree'
import { afterEach, describe, expect, it } from 'vitest'
import { createHubApplication } from './app.ts'
import { brokenInvariants } from './block/inspect.ts'
import { testKeys } from './engine/chain.fixture.ts'
import { parseValidatorKey } from './engine/keys/validator-key.ts'
import { zoneAppState } from './genesis/app-state.ts'
import { hubOptions } from './testing/hub.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import {
  POWER,
  blsKey,
  genesisValidator,
  operatorOf,
  stakeMessage,
  stakedGenesis,
} from './testing/staked-hub.fixture.ts'
import { TestChain, TestClock } from './testing/two-chains.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'
import { verifyNatively } from './workers/native-signatures.ts'
import { createZoneApplication } from './zone.ts'

const chains: TestChain[] = []
afterEach(async () => {
  for (const chain of chains.splice(0)) await chain.stop()
})

const newcomer = operatorOf('newcomer')
const keyOf = (name: string) => parseValidatorKey(testKeys(name)[0]!).publicKey

async function start() {
  const clock = new TestClock()
  const relayers = [new Wallet('relayer'), new Wallet('zone relayer', 'zone', 'zone-7')] as const
  const wallets = [relayers[0], newcomer, ...['a', 'b', 'c'].map(operatorOf)]
  for (const [i, wallet] of wallets.entries()) {
    wallet.accountNumber = BigInt(i + 1)
    wallet.sequence = 0n
  }
  const names = ['a', 'b', 'c'].map((name) => genesisValidator(name, keyOf(`causeway-1 ${name}`), 10n))
  const hub = await TestChain.start(createHubApplication(hubOptions(createMemoryStorage())), {
    chainId: 'causeway-1',
    appState: stakedGenesis(wallets, {
      validators: names,
      staking: { signedWindowBlocks: 10n, downtimeJailSeconds: 1n },
    }),
    clock,
    relayer: relayers[0],
    extensions: true,
  })
  const balances = [{ holder: relayers[1].address, denom: 'uzone', amount: 1_000_000_000n }]
  const zone = await TestChain.start(
    createZoneApplication({
      chainId: 'zone-7',
      name: 'zone',
      bech32Prefix: 'zone',
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
    }),
    {
      chainId: 'zone-7',
      appState: zoneAppState({ denoms: ['uzone'], balances }),
      clock,
      relayer: relayers[1],
      extensions: false,
    },
  )
  chains.push(hub, zone)
  return { hub, zone, wallets }
}

function setOf(hub: TestChain, height: bigint): Record<string, bigint> {
  const { chain } = hub.application
  const { members } = { members: chain.composition.validators.validatorsAt(chain.readLatest(), height) }
  return Object.fromEntries(
    members.map(({ publicKey, power }) => [Buffer.from(publicKey).toString('hex'), power]),
  )
}

async function engineSetOf(hub: TestChain, height: bigint): Promise<Record<string, bigint>> {
  const { validators } = await hub.validators(height)
  return Object.fromEntries(
    validators.map(({ pubKey, votingPower }) => [Buffer.from(pubKey!.ed25519!).toString('hex'), votingPower]),
  )
}

describe('a hub that rotates', () => {
  it('signs with the sets that it stores, and a light client elsewhere follows it', async () => {
    const { hub, zone, wallets } = await start()
    const client = await zone.createClient(hub)
    let trusted = hub.height()
    const follow = async () => {
      const clientMessage = await hub.header(trusted)
      const { relayer } = zone
      const result = await zone.deliver(relayer, [
        message('ibc.core.client.v1.MsgUpdateClient', {
          clientId: client,
          clientMessage,
          signer: relayer.address,
        }),
      ])
      expect([result.code, result.log]).toEqual([0, ''])
      trusted = hub.height()
    }
    // Somebody whose key is nowhere joins: it will miss every commit.
    const joined = await hub.deliver(newcomer, [
      stakeMessage('staking.v1.MsgCreateValidator', {
        operator: newcomer.address,
        consensusKey: keyOf('nobody has this key'),
        ...blsKey('newcomer', newcomer.id),
        moniker: 'newcomer',
        commissionBps: 0,
        amount: (4n * POWER).toString(),
      }),
    ])
    expect([joined.code, joined.log]).toEqual([0, ''])
    const [, , a] = wallets
    const stake = { delegator: a!.address, operator: a!.address, amount: (3n * POWER).toString() }
    const raised = await hub.deliver(a!, [stakeMessage('staking.v1.MsgDelegate', stake)])
    expect(raised.code).toBe(0)
    const sizes = new Set<number>()
    for (let i = 0; i < 40; i++) {
      hub.block()
      const height = hub.height()
      for (const each of [height, height + 1n]) expect(setOf(hub, each)).toEqual(await engineSetOf(hub, each))
      sizes.add(Object.keys(setOf(hub, height)).length)
      if (i % 3 === 0) await follow()
    }
    // Three at first, four with the newcomer, three when it was jailed for missing.
    expect([...sizes]).toEqual([3, 4])
    expect(Object.values(setOf(hub, hub.height())).sort()).toEqual([10n, 10n, 13n])
    hub.block()
    await follow()
    expect(brokenInvariants(hub.application.chain)).toEqual([])
  })
})
