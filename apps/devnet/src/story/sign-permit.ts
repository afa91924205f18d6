import { createPublicClient, http, parseSignature } from 'viem'
import type { Hex, LocalAccount } from 'viem'
import { ETHEREUM } from '../chains/facts.ts'
import { TestUsdc } from '../contracts/generated/tokens.ts'

/** An allowance by signature, as a deposit takes it. Spec: EIP-2612. */
export interface Permit {
  readonly deadline: bigint
  readonly v: number
  readonly r: Hex
  readonly s: Hex
}

const { usdc, vault } = ETHEREUM.contracts
const PERMIT = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** Allows the vault to take test dollars, by a signature and without a transaction of its own. */
export async function signPermit(
  account: LocalAccount,
  rpcUrl: string,
  value: bigint,
  deadline: bigint,
): Promise<Permit> {
  const owner = account.address
  const client = createPublicClient({ transport: http(rpcUrl) })
  const read = { address: usdc, abi: TestUsdc.abi, functionName: 'nonces', args: [owner] } as const
  const nonce = await client.readContract(read)
  const signature = await account.signTypedData({
    domain: { name: 'USD Coin', version: '1', chainId: ETHEREUM.evmChainId, verifyingContract: usdc },
    types: PERMIT,
    primaryType: 'Permit',
    message: { owner, spender: vault, value, nonce, deadline },
  })
  const { r, s, yParity } = parseSignature(signature)
  return { deadline, v: 27 + yParity, r, s }
}
