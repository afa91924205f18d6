import { decodeTransfer } from '@causeway/messaging'
import { associatedAddress, clientAddress, decodeLine, lineAddress } from '@causeway/contracts-solana'
import type { LineAccount, LinePlaces } from '@causeway/contracts-solana'
import { fromBase58 } from '@causeway/primitives'
import { PublicKey } from '@solana/web3.js'

import type { Work } from '../plan/work.ts'
import type { ClientPlaces, ProgramAddresses } from './hub-client.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import type { SolanaApi } from './solana-api.ts'

/** What the vault pays when a message arrives: to a recipient, or back to the depositor. */
export interface Payout {
  readonly mint: PublicKey
  readonly wallet: PublicKey
  readonly amount: bigint
}

/** A payout with the accounts that it goes through, as they stood when they were read. */
export interface PayoutPlaces extends Payout {
  readonly places: LinePlaces
  /** `undefined`: the vault has no such line, and refuses. */
  readonly line: LineAccount | undefined
  /** The wallet's associated account, and whether it has to be made before: no token account stands there. */
  readonly account: PublicKey
  readonly isAccountMissing: boolean
}

/** The program that wallets' token accounts belong to where a line does not say. */
const TOKEN_PROGRAM = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')

/** Reads what a message would make the vault pay; `undefined`: nothing, or nothing that can be read. */
export function readPayout({ kind, packet }: Pick<Work, 'kind' | 'packet'>): Payout | undefined {
  const [payload] = packet.payloads
  if (payload === undefined) return undefined
  try {
    const { denom, sender, receiver, amount } = decodeTransfer(payload)
    if (kind !== 'recv') return { mint: key(denom), wallet: key(sender), amount: BigInt(amount) }
    const prefix = `transfer/${packet.sourceClient}/`
    if (!denom.startsWith(prefix)) return undefined
    return { mint: key(denom.slice(prefix.length)), wallet: key(receiver), amount: BigInt(amount) }
  } catch {
    return undefined // the vault refuses it, whatever accounts it is given
  }
}

/** Looks up lines and token accounts of payouts, in their order. */
export async function readPayoutPlaces(
  pool: EndpointPool<SolanaApi>,
  programs: ProgramAddresses,
  clientId: string,
  { core: { lightState } }: ClientPlaces,
  payouts: readonly (Payout | undefined)[],
): Promise<(PayoutPlaces | undefined)[]> {
  const wanted = payouts.flatMap((one) => one ?? [])
  const client = clientAddress(programs.core, clientId)
  const lines = wanted.map(({ mint }) => lineAddress(programs.vault, client, mint))
  const lineAccounts = await pool.call((api) => api.accounts(lines, 'confirmed'))
  const found = wanted.map((payout, index) => {
    const account = lineAccounts[index]
    const line = account?.owner.equals(programs.vault) === true ? decodeLine(account.data) : undefined
    const tokenProgram = line?.tokenProgram ?? TOKEN_PROGRAM
    const { core, vault } = programs
    const places = { vault, core, clientId, lightState, mint: payout.mint, tokenProgram }
    return { ...payout, line, places, account: associatedAddress(payout.wallet, payout.mint, tokenProgram) }
  })
  const accounts = await pool.call((api) =>
    api.accounts(
      found.map((one) => one.account),
      'confirmed',
    ),
  )
  const whole = found.map((one, index) => {
    // Anybody may send lamports to the address: then an account of the system program stands there
    const isTokens = one.line !== undefined && accounts[index]?.owner.equals(one.line.tokenProgram) === true
    const isAccountMissing = one.line !== undefined && !isTokens
    return { ...one, isAccountMissing }
  })
  return payouts.map((one) => (one === undefined ? undefined : whole.shift()))
}

function key(text: string): PublicKey {
  const bytes = fromBase58(text)
  if (bytes?.length !== 32) throw new RangeError('no address')
  return new PublicKey(bytes)
}
