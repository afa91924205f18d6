import { isProtocolError, fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import { createPublicClient, createWalletClient, defineChain, http, type Hex, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../processes.ts'
import { BeaconClient } from './beacon-client.ts'
import { COMMITMENT_SLOT, STORE_ANYTHING, storageProofAt, storeCall } from './commitment-contract.ts'
import { FollowingClient } from './following-client.ts'
import { startProofOfStakeDevnet, type ProofOfStakeDevnet } from './proof-of-stake-devnet.ts'

/*
 * Consensus that nobody here wrote: Lodestar and EthereumJS finalise a commitment, and our client verifies it
 * from what their Beacon API and eth_getProof answer.
 */

const WAIT_MS = 180_000
const account = privateKeyToAccount(`0x${toHex(keccak256(utf8('proof of stake')))}`)
const [path, other] = [utf8('client-0\x01\0\0\0\0\0\0\0\x01'), utf8('client-0\x01\0\0\0\0\0\0\0\x02')]
const value = keccak256(utf8('a packet'))

let devnet: ProofOfStakeDevnet
let node: PublicClient
const startedAt = performance.now()
const say = (text: string) =>
  console.error(`[${((performance.now() - startedAt) / 1000).toFixed(1)} s] ${text}`)

beforeAll(async () => {
  devnet = await startProofOfStakeDevnet(account.address)
  node = createPublicClient({ transport: http(devnet.executionUrl) })
  say('EthereumJS and Lodestar run')
})
afterAll(async () => {
  await devnet?.stop()
})

describe('Lodestar and EthereumJS', () => {
  it('finalise a commitment that our client verifies, and change their committee', async () => {
    const beacon = await waitFor('the Beacon API', () => BeaconClient.connect(devnet.beaconUrl), WAIT_MS)
    await waitFor('a block', async () => ((await node.getBlockNumber()) > 0n ? true : undefined), WAIT_MS)
    const { address, blockNumber } = await storeCommitment()
    say(`a commitment is in execution block ${blockNumber}`)

    const contract = { address, commitmentSlot: COMMITMENT_SLOT, chainId: devnet.chainId }
    const following = new FollowingClient(beacon)
    const { client, store } = following
    const first = following.start(await waitFor('finality', () => beacon.trusted(contract), WAIT_MS))
    say(`our client starts at slot ${first.revisionHeight}`)
    await followUntil(following, 'the commitment to be final', () => following.provenBlock >= blockNumber)
    const height = client.latestHeight(store)
    say(`execution block ${following.provenBlock} is final at slot ${height.revisionHeight}`)

    const proof = await storageProofAt(node, contract, path, following.provenBlock)
    const absence = await storageProofAt(node, contract, other, following.provenBlock)
    const context = following.context()
    client.verifyMembership(store, height, proof, [path], value, context)
    client.verifyNonMembership(store, height, absence, [other], context)
    const membership = (bytes: Uint8Array, at: Uint8Array, stored: Uint8Array) => () =>
      client.verifyMembership(store, height, bytes, [at], stored, context)
    expect(refusalOf(membership(proof, path, keccak256(value)))).toBe('ethereum/49')
    expect(refusalOf(membership(absence, other, value))).toBe('ethereum/50')
    expect(refusalOf(membership(proof.with(40, proof[40]! ^ 1), path, value))).toBe('ethereum/42')
    expect(refusalOf(() => client.verifyNonMembership(store, height, proof, [path], context))).toBe(
      'ethereum/51',
    )
    say('inclusion and exclusion hold under it; what is altered is refused')

    const rotated = beacon.chain.slotsPerEpoch * beacon.chain.epochsPerSyncCommitteePeriod
    const isRotated = () => client.latestHeight(store).revisionHeight >= rotated
    await followUntil(following, 'a height of the next committee', isRotated)
    say(`slot ${client.latestHeight(store).revisionHeight} is final by the next committee`)
    say(`verified: ${JSON.stringify(following.verified)}, refused: none`)
    expect(client.status(store, following.context().timeNanoseconds)).toBe('Active')
    expect(following.verified.LightClientUpdate).toBeGreaterThan(0)
  })
})

async function storeCommitment(): Promise<{ address: Uint8Array; blockNumber: bigint }> {
  const chain = defineChain({
    id: devnet.chainId,
    name: 'proof of stake',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [devnet.executionUrl] } },
  })
  const wallet = createWalletClient({ account, chain, transport: http() })
  const deployed = await mined(
    await wallet.deployContract({ abi: [], bytecode: STORE_ANYTHING, gas: 200_000n }),
  )
  const address = fromHex(deployed.contractAddress!.slice(2))
  const data = storeCall({ address, commitmentSlot: COMMITMENT_SLOT }, path, value)
  const stored = await mined(
    await wallet.sendTransaction({ to: deployed.contractAddress!, data, gas: 100_000n }),
  )
  return { address, blockNumber: stored.blockNumber }
}

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
