import { readFileSync } from 'node:fs'

import { recorderAddress } from '@causeway/contracts-solana'
import { startSolanaCluster } from '@causeway/devnet'
import type { RunningSolana } from '@causeway/devnet'
import { fromBase64, sha256, utf8 } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import type { Behaviour } from './rpc-relay.ts'

/** A key pair, the same for the same name. */
export function exampleKeypair(name: string): Keypair {
  return Keypair.fromSeed(sha256(utf8(`stage ${name}`)))
}

const addressOf = (name: string) => exampleKeypair(name).publicKey
/** Where the programs are. */
export const PROGRAMS = {
  core: addressOf('core'),
  vault: addressOf('vault'),
  hubClient: addressOf('hub-client'),
  upload: addressOf('upload'),
  recorder: addressOf('recorder'),
}
const FILES = {
  core: 'core',
  vault: 'vault',
  hubClient: 'hub-client',
  upload: 'upload',
  recorder: 'recorder',
} as const
/** Who sets everything up and deposits, the token, and the relayer. */
export const OWNER: Keypair = exampleKeypair('owner')
export const MINT: Keypair = exampleKeypair('mint')
export const RELAYER: Keypair = exampleKeypair('relayer')

/** A look at the chain lets it go on. */
export function goesOn(cluster: RunningSolana, slots = 1): Behaviour {
  return async ({ method }, pass) => {
    const isLook = method === 'getBlockHeight' || method === 'getSlot'
    for (let left = isLook ? slots : 0; left > 0; left -= 1) await cluster.produceSlot()
    return await pass()
  }
}

/** A cluster with the programs, whose wallets hold something. Slots are produced on demand. */
export async function startCluster(clock: { readonly nowSeconds: bigint }): Promise<RunningSolana> {
  const names = Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]
  const elf = (name: keyof typeof PROGRAMS) =>
    readFileSync(new URL(`../../contracts/solana/artifacts/${FILES[name]}.so`, import.meta.url))
  return await startSolanaCluster({
    ...{ seed: 'relay', slot: 'onDemand', slotsPerEpoch: 4_096, rootDepth: 2, validators: 1 },
    now: () => clock.nowSeconds,
    programs: names.map((name) => ({ address: PROGRAMS[name].toBase58(), elf: elf(name) })),
    recorder: {
      program: PROGRAMS.recorder.toBase58(),
      account: recorderAddress(PROGRAMS.recorder).toBase58(),
    },
    accounts: [
      { address: OWNER.publicKey.toBase58(), lamports: 1_000_000_000_000n },
      { address: RELAYER.publicKey.toBase58(), lamports: 100_000_000_000n },
      { address: exampleKeypair('other relayer').publicKey.toBase58(), lamports: 100_000_000_000n },
    ],
  })
}

/** An account's data as it stands in the newest slot. */
export async function readData(cluster: RunningSolana, address: PublicKey): Promise<Uint8Array | undefined> {
  const options = { encoding: 'base64', commitment: 'processed' }
  const answer = await askCluster(cluster, 'getAccountInfo', [address.toBase58(), options])
  const { value } = answer as { value: { data: [string, string] } | null }
  return value === null ? undefined : fromBase64(value.data[0])
}

/** Asks a cluster. Throws what it refuses. */
export async function askCluster(
  cluster: RunningSolana,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(cluster.rpcUrl, { method: 'POST', headers, body })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error).slice(0, 2_000)}`)
  return result
}
