import { isProtocolError, fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import { periodAt } from '@causeway/light-clients'
import { packetCommitmentKey } from '@causeway/messaging'
import { createPublicClient, http, type Hex, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predictDeployment } from '../bridge-addresses.ts'
import { waitFor } from '../processes.ts'
import { BeaconClient } from './beacon-client.ts'
import { deployBridge, depositEther, type SentDeposit } from './deposit-on-chain.ts'
import { FollowingClient } from './following-client.ts'
import { submitForgeries } from './forged-deposits.ts'
import { startHubBeside, type HubBeside } from './hub-beside.ts'
import { requireShanghaiContracts } from './shanghai-contracts.ts'
import { COMMITMENT_SLOT, storageProofAt } from './storage-proof.ts'
import { startProofOfStakeDevnet, type ProofOfStakeDevnet } from './proof-of-stake-devnet.ts'

/*
 * Consensus that nobody here wrote: Lodestar and EthereumJS finalise a deposit; our client verifies it from
 * what their Beacon API and eth_getProof answer, and the hub credits it, carried by the relayer.
 */

const WAIT_MS = 240_000
const ETHER = 10n ** 18n
const HUB_CLIENT_ID = 'ethereum-0'
const keyOf = (name: string): Hex => `0x${toHex(keccak256(utf8(name)))}`
const account = privateKeyToAccount(keyOf('proof of stake'))
const payer = privateKeyToAccount(keyOf('relayer'))
const bridge = predictDeployment(account.address)

let devnet: ProofOfStakeDevnet
let hub: HubBeside
let node: PublicClient
let deposit: SentDeposit
const startedAt = performance.now()
const say = (text: string) =>
  console.error(`[${((performance.now() - startedAt) / 1000).toFixed(1)} s] ${text}`)

beforeAll(async () => {
  requireShanghaiContracts()
  devnet = await startProofOfStakeDevnet([account.address, payer.address])
  node = createPublicClient({ transport: http(devnet.executionUrl) })
  hub = await startHubBeside(devnet, bridge, keyOf('relayer'))
  say('EthereumJS, Lodestar and a hub run')
  await waitFor('a block', async () => ((await node.getBlockNumber()) > 0n ? true : undefined), WAIT_MS)
  await deployBridge(devnet, account, mined, HUB_CLIENT_ID)
  deposit = await depositEther(node, devnet, account, mined, {
    ...{ vault: bridge.vault, receiver: hub.trader.address, value: ETHER },
  })
  say(`a deposit is in execution block ${deposit.blockNumber}`)
})
afterAll(async () => {
  await hub?.stop()
  await devnet?.stop()
})

describe.concurrent('Lodestar and EthereumJS', () => {
  it('finalise a deposit that our client verifies, and change their committee', async () => {
    const beacon = await waitFor('the Beacon API', () => BeaconClient.connect(devnet.beaconUrl), WAIT_MS)
    const { path, commitment } = deposit
    const address = fromHex(bridge.core.slice(2))
    const contract = { address, commitmentSlot: COMMITMENT_SLOT, chainId: devnet.chainId }
    const following = new FollowingClient(beacon)
    const { client, store } = following
    const first = following.start(await waitFor('finality', () => beacon.trusted(contract), WAIT_MS))
    say(`our client starts at slot ${first.revisionHeight}`)
    const isFinal = () => following.provenBlock >= deposit.blockNumber
    await followUntil(following, 'the deposit to be final', isFinal)
    const height = client.latestHeight(store)
    say(`execution block ${following.provenBlock} is final at slot ${height.revisionHeight}`)

    const other = packetCommitmentKey('client-0', 2n)
    const proof = await storageProofAt(node, contract, path, following.provenBlock)
    const absence = await storageProofAt(node, contract, other, following.provenBlock)
    const context = following.context()
    const has = (bytes: Uint8Array, at: Uint8Array, value: Uint8Array) =>
      refusalOf(() => client.verifyMembership(store, height, bytes, [at], value, context))
    const lacks = (bytes: Uint8Array, at: Uint8Array) =>
      refusalOf(() => client.verifyNonMembership(store, height, bytes, [at], context))
    expect(has(proof, path, commitment)).toBe('none')
    expect(lacks(absence, other)).toBe('none')
    expect(has(proof, path, keccak256(commitment))).toBe('ethereum/49')
    expect(has(absence, other, commitment)).toBe('ethereum/50')
    expect(has(proof.with(40, proof[40]! ^ 1), path, commitment)).toBe('ethereum/42')
    expect(lacks(proof, path)).toBe('ethereum/51')
    say('the deposit and the absence of a second are proven under it; what is altered is refused')

    const period = periodAt(beacon.chain, first.revisionHeight)
    const isRotated = () => periodAt(beacon.chain, client.latestHeight(store).revisionHeight) > period
    await followUntil(following, 'a height of the next committee', isRotated)
    say(`slot ${client.latestHeight(store).revisionHeight} is final by the next committee`)
    say(`verified: ${JSON.stringify(following.verified)}, refused: none`)
    expect(client.status(store, following.context().timeNanoseconds)).toBe('Active')
    expect(following.verified.LightClientUpdate).toBeGreaterThan(0)
  })

  it('finalise it for the hub, which credits it and nothing that is forged', async () => {
    const { chains, trader } = hub
    const clientId = await hub.createClient()
    expect(clientId).toBe(HUB_CLIENT_ID)
    say('the hub has a client of the devnet, which the relayer made from its Beacon API')
    expect(await submitForgeries(chains, clientId)).toEqual({
      'of twice as much': 'ethereum/49',
      'that was never sent': 'ethereum/44',
    })
    expect(await trader.balance('weth')).toBe(0n)
    say('a deposit of more, and one that was never sent, are refused under a proof of the real one')

    await hub.carry(clientId)
    const credited = async () => ((await trader.balance('weth')) === ETHER ? true : undefined)
    await waitFor('the credit', credited, WAIT_MS)
    say('the hub has credited the deposit')
  })
})

async function mined(hash: Hex) {
  return await waitFor(`transaction ${hash}`, () => node.getTransactionReceipt({ hash }), WAIT_MS)
}

/** Follows until the condition holds; what our client refuses ends it at once. */
async function followUntil(following: FollowingClient, what: string, holds: () => boolean): Promise<void> {
  let refused: unknown
  await waitFor(
    what,
    async () => {
      devnet.check()
      try {
        await following.step()
      } catch (error) {
        if (!isProtocolError(error)) throw error
        refused = error
        return true
      }
      return holds() ? true : undefined
    },
    WAIT_MS,
  )
  if (refused !== undefined) throw refused
}

function refusalOf(attempt: () => void): string {
  try {
    attempt()
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
  return 'none'
}
