// Deposits into the collateral vault of an EVM chain, by viem.
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  parseEventLogs,
  parseSignature,
} from 'viem'
import type { Account, Hex, PublicClient, WalletClient } from 'viem'
import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { isLocalAccount } from '../wallets/evm-wallet.ts'
import type { EvmSigner, EvmWallet } from '../wallets/evm-wallet.ts'
import { walletRefusal } from '../wallets/refusal.ts'
import type { EvmChain, EvmToken } from './config.ts'
import type { DepositOrder, DepositPacket } from './deposit.ts'
import { CORE_ABI, TOKEN_ABI, VAULT_ABI } from './vault-abi.ts'

const RECEIPT_MS = 180_000
const POLL_MS = 250
const PERMIT_TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

interface Ends {
  readonly chain: EvmChain
  readonly client: PublicClient
  readonly wallet: WalletClient
  readonly signer: EvmSigner
  readonly account: Account
  readonly evmChainId: number
}

/**
 * Deposits a token, or the chain's own coin: with a permit where the token has one, else after an approval of
 * just this amount. Throws `client/60` for what the chain refuses, `client/45` for what the wallet does.
 */
export async function depositOnEvm(
  chain: EvmChain,
  token: EvmToken,
  wallet: EvmWallet,
  order: DepositOrder,
): Promise<DepositPacket> {
  const ends = await endsOf(chain, wallet.signer)
  try {
    return await sendToVault(
      ends,
      await depositCall(ends, token, order),
      token.native === true ? order.amount : 0n,
    )
  } catch (error) {
    if (isProtocolError(error)) throw error
    const reason =
      error instanceof Error ? ('shortMessage' in error ? String(error.shortMessage) : error.message) : ''
    throw errors.chainRefused({ chain: chain.id, reason: reason.slice(0, 512) })
  }
}

async function endsOf(chain: EvmChain, signer: EvmSigner): Promise<Ends> {
  const evmChainId = Number(/^eip155:([1-9][0-9]{0,14})$/.exec(chain.id)?.[1])
  if (!Number.isInteger(evmChainId)) {
    throw errors.badArgument({ name: 'chain', expected: 'eip155: and the number of an EVM chain' })
  }
  const definition = defineChain({
    id: evmChainId,
    name: chain.id,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [chain.rpc] } },
  })
  const transport = http(chain.rpc)
  const client: PublicClient = createPublicClient({ chain: definition, transport, pollingInterval: POLL_MS })
  const account = isLocalAccount(signer) ? signer : signer.account!
  const wallet: WalletClient = isLocalAccount(signer)
    ? createWalletClient({ account, chain: definition, transport })
    : signer
  let got: number
  try {
    got = await client.getChainId()
  } catch (error) {
    throw errors.unreachable({ url: chain.rpc, reason: error instanceof Error ? error.name : '' })
  }
  if (got !== evmChainId) throw errors.otherChain({ expected: chain.id, got: `eip155:${got}` })
  return { chain, client, wallet, signer, account, evmChainId }
}

async function depositCall(ends: Ends, token: EvmToken, order: DepositOrder): Promise<Hex> {
  const { amount, receiver, timeoutSeconds } = order
  const terms = [ends.chain.client, receiver, timeoutSeconds, ''] as const
  if (token.native === true) {
    return encodeFunctionData({ abi: VAULT_ABI, functionName: 'depositETH', args: terms })
  }
  if (token.permit !== undefined) {
    const args = [token.address, amount, ...terms, await signPermit(ends, token, order)] as const
    return encodeFunctionData({ abi: VAULT_ABI, functionName: 'depositWithPermit', args })
  }
  await approve(ends, token, amount)
  const args = [token.address, amount, ...terms] as const
  return encodeFunctionData({ abi: VAULT_ABI, functionName: 'deposit', args })
}

/** Calls the vault: tried first against the chain's state, then signed, then waited for. */
async function sendToVault(
  { chain, client, wallet, account }: Ends,
  data: Hex,
  value: bigint,
): Promise<DepositPacket> {
  const call = { account, to: chain.vault, data, value }
  await client.call(call)
  const hash = await walletRefusal(() => wallet.sendTransaction({ ...call, chain: client.chain! }))
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: RECEIPT_MS }).catch(() => {
    throw errors.notSeen({ chain: chain.id, seconds: RECEIPT_MS / 1_000 }, { txHash: hash })
  })
  const logs = receipt.logs.filter(({ address }) => address.toLowerCase() === chain.core.toLowerCase())
  const [sent] = parseEventLogs({ abi: CORE_ABI, logs, eventName: 'SendPacket' })
  if (receipt.status !== 'success' || sent === undefined) {
    throw errors.chainRefused(
      { chain: chain.id, reason: `transaction ${hash} sent no packet` },
      { txHash: hash },
    )
  }
  const { sequence } = sent.args
  return { txHash: hash, height: receipt.blockNumber.toString(), sequence: sequence.toString() }
}

/** Lets the vault take just this amount, where it may not yet. */
async function approve(
  { chain, client, wallet, account }: Ends,
  token: EvmToken,
  amount: bigint,
): Promise<void> {
  const at = { address: token.address, abi: TOKEN_ABI } as const
  const allowance = await client.readContract({
    ...at,
    functionName: 'allowance',
    args: [account.address, chain.vault],
  })
  if (allowance >= amount) return
  const { request } = await client.simulateContract({
    ...at,
    functionName: 'approve',
    args: [chain.vault, amount],
    account,
  })
  const hash = await walletRefusal(() => wallet.writeContract(request))
  const { status } = await client.waitForTransactionReceipt({ hash, timeout: RECEIPT_MS })
  if (status !== 'success') {
    throw errors.chainRefused({ chain: chain.id, reason: 'the approval failed' }, { txHash: hash })
  }
}

/** An allowance by signature. Spec: EIP-2612. */
async function signPermit(ends: Ends, token: EvmToken, order: DepositOrder) {
  const { chain, client, wallet, signer, account, evmChainId } = ends
  const owner = account.address
  const nonce = await client.readContract({
    address: token.address,
    abi: TOKEN_ABI,
    functionName: 'nonces',
    args: [owner],
  })
  const deadline = order.timeoutSeconds
  const typed = {
    domain: { ...token.permit!, chainId: evmChainId, verifyingContract: token.address },
    types: PERMIT_TYPES,
    primaryType: 'Permit',
    message: { owner, spender: chain.vault, value: order.amount, nonce, deadline },
  } as const
  const signature: Hex = await walletRefusal(() =>
    isLocalAccount(signer) ? signer.signTypedData(typed) : wallet.signTypedData({ ...typed, account }),
  )
  const { r, s, yParity } = parseSignature(signature)
  return { deadline, v: 27 + yParity, r, s }
}
