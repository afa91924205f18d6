import { mulDivCeil } from '@causeway/primitives'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { GasTable } from '../plan/split-batches.ts'

/** A price as an exact ratio: `0.025ucway` is 25 / 1000 of `ucway` per unit of gas. */
export interface GasPrice {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly denom: string
}

/** How gas is determined on a chain. */
export interface GasSettings {
  readonly mode: 'simulate' | 'configured'
  /** Share added to simulated gas, in thousandths: 1300 wants 30 % more. */
  readonly adjustmentPerMille: bigint
  readonly perMessage: GasTable
  readonly price: GasPrice
  readonly gasMax: bigint
}

/** Gas per transaction beside its messages, in configured mode. */
const BASE_GAS = 80_000n

/**
 * Gas to ask for: simulated gas with its margin, or the configured sum; never more than the chain's
 * maximum.
 */
export function gasLimitFor(
  settings: GasSettings,
  messages: readonly Any[],
  used: bigint | undefined,
): bigint {
  const wanted =
    used === undefined
      ? messages.reduce((sum, message) => sum + configuredGas(settings.perMessage, message), BASE_GAS)
      : mulDivCeil(used, settings.adjustmentPerMille, 1000n)
  return wanted < settings.gasMax ? wanted : settings.gasMax
}

/** A message larger than this is not simulated: the hub's simulation takes no more than 256 KiB. */
const SIMULATED_BYTES_MAX = 200_000
/** The hub's prices: 15 a byte of a client message, hashing and signatures of its votes besides. */
const GAS_PER_BYTE = 18n

/**
 * Gas that messages use, by their size alone, where one of them is too large to be simulated; else
 * `undefined`. Such are headers of Solana.
 */
export function reckonedGas(messages: readonly Any[]): bigint | undefined {
  if (messages.every(({ value }) => value.length <= SIMULATED_BYTES_MAX)) return undefined
  const bytes = messages.reduce((sum, { value }) => sum + value.length, 0)
  return BASE_GAS + GAS_PER_BYTE * BigInt(bytes)
}

/** Fee for a gas limit, rounded up. */
export function feeFor(settings: GasSettings, gasLimit: bigint): bigint {
  return mulDivCeil(gasLimit, settings.price.numerator, settings.price.denominator)
}

/** Reads `0.025ucway`; `undefined` when it is not a price. */
export function parseGasPrice(text: string): GasPrice | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,18}))?([a-zA-Z][a-zA-Z0-9/:._-]{1,127})$/.exec(text)
  if (match === null) return undefined
  const [, whole = '0', fraction = '', denom = ''] = match
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length), denom }
}

function configuredGas(table: GasTable, message: Any): bigint {
  if (message.typeUrl.endsWith('MsgRecvPacket')) return table.recv
  if (message.typeUrl.endsWith('MsgAcknowledgement')) return table.ack
  if (message.typeUrl.endsWith('MsgTimeout')) return table.timeout
  return table.update
}
