// What a subaccount holds, proven: ICS-23 proofs of the hub's state under a header that the light client
// accepts.
import { decodeCommitmentProof } from '@causeway/light-clients/ics23/decode'
import { verifyChained, verifyChainedAbsence } from '@causeway/light-clients/ics23/chained'
import { iavlSpec, tendermintSpec } from '@causeway/light-clients/ics23/specs'
import { be16, be64, concatBytes, fromBe64, isProtocolError, utf8 } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { CashAccount, Pool } from '@causeway/protocol/causeway/cash/v1/cash'
import { addressBytes, checkSubaccount } from '../address.ts'
import { CASH_DIGITS, fromUnits, priceText, readInteger } from '../decimal.ts'
import { errors } from '../errors.ts'
import { readAssets } from '../read/ledger.ts'
import { readStore } from '../rpc/queries.ts'
import { newestHeight } from '../rpc/transactions.ts'
import type { Hub } from '../transactions/hub.ts'
import { verifyUpTo } from './trusted-header.ts'
import type { Trust } from './trusted-header.ts'

/** A subaccount as its state proves it. Amounts are decimal texts. */
export interface ProvenAccount {
  readonly account: string
  readonly subaccount: number
  /** The state after this height; the header after it carries its hash. */
  readonly height: string
  /** Of the header: how old the state is, seconds since 1970. */
  readonly timeSeconds: number
  /** Signed, interest included, as of that height. */
  readonly cash: string
  readonly positions: readonly {
    readonly marketId: string
    readonly size: string
    /** Decimal cash: minus what was paid and has not been settled. */
    readonly quote: string
  }[]
  /**
   * Of each asset that the node lists: how many units are proven, by asset id. Which token an id is and how
   * many decimals it has are the node's word; so is a list that leaves an asset out.
   */
  readonly balances: readonly { readonly asset: string; readonly denom: string; readonly amount: string }[]
  /** The header that was reached: trust for the next time. */
  readonly trust: Trust
}

const SPECS = [iavlSpec, tendermintSpec]
const OPS = ['ics23:iavl', 'ics23:simple']
const POSITION_BYTES = 48
const E36 = 10n ** 36n

/**
 * Proves what a subaccount holds. Only the header in `trust` is believed, and two thirds of the validators
 * that
 * follow from it. Throws `client/61` for what is not proven.
 */
export async function verifyAccount(
  hub: Hub,
  address: string,
  options: { readonly trust: Trust; readonly subaccount?: number },
): Promise<ProvenAccount> {
  const { trust, subaccount = 0 } = options
  const holder = concatBytes(addressBytes(address), be16(checkSubaccount(subaccount)))
  const newest = await newestHeight(hub.rpc)
  const { header, trust: reached } = await verifyUpTo(hub, trust, newest)
  const height = newest - 1n
  const read = (store: string, key: Uint8Array) => provenValue(hub, { store, key, height }, header.appHash)
  const assets = await readAssets(hub)
  const [cash, pool, positions, ...amounts] = await Promise.all([
    read('cash', concatBytes(Uint8Array.of(2), holder)),
    read('cash', Uint8Array.of(1)),
    read('markets', concatBytes(Uint8Array.of(3), holder)),
    ...assets.map(({ id }) => read('ledger', concatBytes(Uint8Array.of(1), holder, be64(BigInt(id))))),
  ])
  return {
    account: address,
    subaccount,
    height: height.toString(),
    timeSeconds: Number(header.time?.seconds ?? 0n),
    cash: fromUnits(cashE6(cash, pool), CASH_DIGITS),
    positions: positionsOf(positions),
    balances: assets.flatMap(({ id, denom, decimals }, i) => {
      const amount = bigEndian(amounts[i]!)
      return amount === 0n ? [] : [{ asset: id, denom, amount: fromUnits(amount, decimals) }]
    }),
    trust: reached,
  }
}

/** A stored value, proven; empty when it is proven that there is none. */
async function provenValue(
  hub: Hub,
  { store, key, height }: { readonly store: string; readonly key: Uint8Array; readonly height: bigint },
  appHash: Uint8Array,
): Promise<Uint8Array> {
  const what = `a value of ${store}`
  const { value, proof, height: answered } = await readStore(hub.rpc, store, key, { height, prove: true })
  if (answered !== height) throw errors.unproven({ what, reason: 'the node answered for another height' })
  if (proof.length !== OPS.length || proof.some(({ type }, i) => type !== OPS[i])) {
    throw errors.unproven({ what, reason: 'the node gave no proof' })
  }
  try {
    const proofs = { proofs: proof.map(({ data }) => decodeCommitmentProof(data)) }
    const path = [utf8(store), key]
    if (value.length === 0) verifyChainedAbsence(SPECS, appHash, path, proofs)
    else verifyChained(SPECS, appHash, path, value, proofs)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.unproven({ what, reason: error.message })
  }
  return value
}

/** Shares times index: debts rounded up, credits down; docs/cash.md. */
function cashE6(account: Uint8Array, pool: Uint8Array): bigint {
  if (account.length === 0) return 0n
  const { shares: text } = decodeStrict(CashAccount, 'causeway.cash.v1.CashAccount', account)
  const { debtIndex, creditIndex } = decodeStrict(Pool, 'causeway.cash.v1.Pool', pool)
  const shares = readInteger(text, 'shares')
  if (shares >= 0n) return (shares * readInteger(creditIndex, 'index')) / E36
  return -((-shares * readInteger(debtIndex, 'index') + E36 - 1n) / E36)
}

function positionsOf(bytes: Uint8Array): ProvenAccount['positions'] {
  if (bytes.length % POSITION_BYTES !== 0) {
    throw errors.badAnswer({ what: 'positions', reason: 'their form is unknown' })
  }
  return Array.from({ length: bytes.length / POSITION_BYTES }, (_, i) => {
    const at = (from: number, to: number) =>
      bytes.subarray(i * POSITION_BYTES + from, i * POSITION_BYTES + to)
    return {
      marketId: fromBe64(at(0, 8)).toString(),
      size: priceText(BigInt.asIntN(64, bigEndian(at(8, 16)))),
      quote: fromUnits(BigInt.asIntN(128, bigEndian(at(16, 32))), CASH_DIGITS),
    }
  })
}

function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
