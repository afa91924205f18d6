import { isAddress, parseUnits } from 'viem'
import type { Hex } from 'viem'
import { z } from 'zod'

import { DEFAULT_EVM_HD_PATH } from '../keys/evm-wallet.ts'
import { parseEvmChainId } from '../plan/chain-ids.ts'
import { count, duration, HTTP_URL, keySource } from './fields.ts'

const UNITS = { wei: 0, gwei: 9, ether: 18 } as const

/** Wei of `30gwei`, `0.5gwei`, `100wei`. */
const wei = z.string().transform((text, context) => {
  const match = /^(\d{1,12}(?:\.\d{1,18})?)(wei|gwei|ether)$/.exec(text)
  const decimals = UNITS[match?.[2] as keyof typeof UNITS]
  const fraction = match?.[1]?.split('.')[1]?.length ?? 0
  if (match !== null && fraction <= decimals) return parseUnits(match[1] ?? '', decimals)
  context.addIssue({ code: 'custom', message: `"${text}" is no price: write 30gwei` })
  return z.NEVER
})

const address = z.string().transform((text, context) => {
  if (isAddress(text)) return text
  context.addIssue({ code: 'custom', message: `"${text}" is no address, or its checksum is wrong` })
  return z.NEVER
})

const root = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'a beacon block root: 0x and 64 hex digits')
  .transform((text) => text as Hex)

const gas = z
  .strictObject({
    adjustment: z.number().min(1).max(10).default(1.25),
    /** EIP-7825 allows a transaction 16,777,216. */
    max: count(15_000_000),
    update: count(250_000),
    recv: count(120_000),
    ack: count(100_000),
    timeout: count(100_000),
  })
  .prefault({})

/** An EVM chain: execution JSON-RPC, Beacon API, the IBC contract. */
export const evmChain = z.strictObject({
  id: z
    .string()
    .refine((text) => parseEvmChainId(text) !== undefined, 'an EVM chain is named eip155:<chain id>'),
  type: z.literal('evm'),
  rpc: z.array(HTTP_URL).min(1).max(16),
  beacon: z.array(HTTP_URL).min(1).max(16),
  contract: address,
  fromBlock: z.number().int().min(0).default(0).transform(BigInt),
  checkpoint: root.optional(),
  key: keySource(DEFAULT_EVM_HD_PATH),
  gas,
  fees: z
    .strictObject({
      maxFeePerGas: wei.prefault('200gwei'),
      priorityFeePerGas: wei.optional(),
      replaceAfter: duration('45s'),
    })
    .prefault({}),
  batch: z.strictObject({ messages: count(50), bytes: count(120_000) }).prefault({}),
  confirmations: z.number().int().min(1).max(256).default(1).transform(BigInt),
  poll: duration('4s'),
  requestTimeout: duration('10s'),
  staleAfter: duration('20m'),
  confirmTimeout: duration('10m'),
  client: z.strictObject({ trustingPeriod: duration('14d'), maxClockDrift: duration('10s') }).prefault({}),
})
