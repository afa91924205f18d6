import { Bip39, EnglishMnemonic, Secp256k1, Slip10, Slip10Curve, sha256, stringToPath } from '@cosmjs/crypto'
import { toBech32 } from '@cosmjs/encoding'
import { rawSecp256k1PubkeyToRawAddress } from '@cosmjs/amino'
import { createRequire } from 'node:module'
import { jsonRpc } from './hub-under-load.ts'
import type { Rpc } from './hub-under-load.ts'
import { Any } from '@causeway/protocol/google/protobuf/any'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { PubKey } from '@causeway/protocol/cosmos/crypto/secp256k1/keys'
import { AuthInfo, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const native = createRequire(import.meta.url)('secp256k1') as {
  ecdsaSign(hash: Uint8Array, key: Uint8Array): { signature: Uint8Array }
}

/** An account that signs load. */
export interface LoadAccount {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly address: string
  accountNumber: bigint
  sequence: bigint
}

/** Derives the account of a mnemonic on the usual Cosmos path. */
export async function loadAccount(mnemonic: string, prefix: string): Promise<LoadAccount> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic))
  const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, stringToPath("m/44'/118'/0'/0/0"))
  const { pubkey } = await Secp256k1.makeKeypair(privkey)
  const publicKey = Secp256k1.compressPubkey(pubkey)
  const address = toBech32(prefix, rawSecp256k1PubkeyToRawAddress(publicKey))
  return { privateKey: privkey, publicKey, address, accountNumber: 0n, sequence: 0n }
}

/** Signs `count` transfers of one base unit from `account` to `receiver`, with ascending sequences. */
export function signTransfers(
  account: LoadAccount,
  receiver: string,
  count: number,
  chain: {
    readonly chainId: string
    readonly denom: string
    readonly fee: string
    readonly gasLimit: bigint
  },
): Uint8Array[] {
  const message = MsgSend.encode({
    fromAddress: account.address,
    toAddress: receiver,
    amount: [{ denom: chain.denom, amount: '1' }],
  }).finish()
  const bodyBytes = TxBody.encode(
    TxBody.fromPartial({
      messages: [Any.fromPartial({ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: message })],
    }),
  ).finish()
  const publicKey = {
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key: account.publicKey }).finish(),
  }
  return Array.from({ length: count }, () => {
    const authInfoBytes = AuthInfo.encode(
      AuthInfo.fromPartial({
        signerInfos: [{ publicKey, modeInfo: { single: { mode: 1 } }, sequence: account.sequence++ }],
        fee: { amount: [{ denom: chain.denom, amount: chain.fee }], gasLimit: chain.gasLimit },
      }),
    ).finish()
    const { chainId } = chain
    const document = SignDoc.encode({
      bodyBytes,
      authInfoBytes,
      chainId,
      accountNumber: account.accountNumber,
    }).finish()
    const { signature } = native.ecdsaSign(sha256(document), account.privateKey)
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  })
}

/** What a load run saw: transactions in blocks, from the first broadcast to the block with the last one. */
export interface LoadResult {
  readonly committed: number
  readonly seconds: number
  readonly perSecond: number
}

/** How often a waiting harness looks. */
const POLL_MS = 20

/**
 * Sends each lane's signed transactions in order, in JSON-RPC batches of 100, the lanes side by side, and
 * counts
 * what blocks hold, by the chain's own record. The first `injectedPerBlock` results of a block are the
 * proposer's
 * own (transaction 0 of the hub) and don't count.
 */
export async function runTransfers(
  rpcUrl: string,
  lanes: readonly (readonly Uint8Array[])[],
  injectedPerBlock: number,
): Promise<LoadResult> {
  const rpc = jsonRpc(rpcUrl)
  const first = (await latestHeight(rpc)) + 1
  const start = performance.now()
  const wanted = lanes.reduce((sum, lane) => sum + lane.length, 0)
  await Promise.all(lanes.map((lane) => broadcastAll(rpcUrl, lane)))
  const seconds = await untilCommitted(rpc, first, { wanted, injectedPerBlock, start })
  return { committed: wanted, seconds, perSecond: wanted / seconds }
}

/** Milliseconds from broadcast to commit of transfers sent one after the other, ascending. */
export async function commitLatencies(rpcUrl: string, transfers: readonly Uint8Array[]): Promise<number[]> {
  const rpc = jsonRpc(rpcUrl)
  const latencies: number[] = []
  for (const tx of transfers) {
    const start = performance.now()
    const answer = await rpc('broadcast_tx_commit', { tx: Buffer.from(tx).toString('base64') })
    latencies.push(performance.now() - start)
    const { tx_result: result } = answer as { tx_result: { code?: number; log?: string } }
    if ((result.code ?? 0) !== 0) throw new Error(`a transfer failed: ${result.log}`)
  }
  return latencies.sort((a, b) => a - b)
}

async function broadcastAll(rpcUrl: string, transactions: readonly Uint8Array[]): Promise<void> {
  for (let i = 0; i < transactions.length; i += 100) {
    const batch = transactions.slice(i, i + 100).map((tx, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'broadcast_tx_sync',
      params: { tx: Buffer.from(tx).toString('base64') },
    }))
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    })
    const answers = (await response.json()) as { result?: { code: number; log: string }; error?: unknown }[]
    if (!Array.isArray(answers)) throw new Error(`the batch was refused: ${JSON.stringify(answers)}`)
    const refused = answers.find((answer) => answer.result?.code !== 0)
    if (refused !== undefined) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`)
  }
}

async function untilCommitted(
  rpc: Rpc,
  firstHeight: number,
  load: { readonly wanted: number; readonly injectedPerBlock: number; readonly start: number },
): Promise<number> {
  const { wanted, injectedPerBlock, start } = load
  let seen = 0
  for (let height = firstHeight; seen < wanted;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    if (performance.now() - start > 300_000)
      throw new Error(`${seen} of ${wanted} transfers in blocks after 300 s`)
    const latest = await latestHeight(rpc)
    for (; height <= latest; height += 20) {
      const maxHeight = String(Math.min(latest, height + 19))
      const answer = await rpc('blockchain', { minHeight: String(height), maxHeight })
      const { block_metas: metas } = answer as { block_metas: { num_txs: string }[] }
      for (const meta of metas) seen += Number(meta.num_txs) - injectedPerBlock
    }
    height = latest + 1
  }
  const seconds = (performance.now() - start) / 1000
  await requireSuccess(rpc, firstHeight, load)
  return seconds
}

/** That every transfer in those blocks took place, by the chain's own record. */
async function requireSuccess(
  rpc: Rpc,
  firstHeight: number,
  { wanted, injectedPerBlock }: { readonly wanted: number; readonly injectedPerBlock: number },
): Promise<void> {
  let done = 0
  for (let height = firstHeight; height <= (await latestHeight(rpc)) && done < wanted; height++) {
    const block = (await rpc('block_results', { height: String(height) })) as {
      txs_results: { code?: number }[] | null
    }
    const results = (block.txs_results ?? []).slice(injectedPerBlock)
    done += results.filter((result) => (result.code ?? 0) === 0).length
  }
  if (done !== wanted) throw new Error(`${done} of ${wanted} transfers took place`)
}

async function latestHeight(rpc: Rpc): Promise<number> {
  const status = (await rpc('status', {})) as { sync_info: { latest_block_height: string } }
  return Number(status.sync_info.latest_block_height)
}
