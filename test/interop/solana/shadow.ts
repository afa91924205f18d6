import { SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js'
import type { AccountInfo, Transaction, PublicKey } from '@solana/web3.js'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { PROGRAMS, codeOf } from './deploy.ts'
import type { Bridge } from './bridge.ts'
import type { Receipt } from './sender.ts'

/** What one transaction used, here and there. */
export interface Compared {
  readonly validator: Receipt
  /** Compute units of the same bytes in LiteSVM, over the same accounts. */
  readonly liteSvm: number
}

/** Sends a transaction, and runs the same bytes in LiteSVM over the accounts as they stood before. */
export async function compare({ sender, programs }: Bridge, transaction: Transaction): Promise<Compared> {
  const svm = new LiteSVM().withBlockhashCheck(false)
  for (const name of PROGRAMS) svm.addProgram(kit(programs[name]), codeOf(name))
  const keys = transaction.compileMessage().accountKeys
  const accounts = await sender.connection.getMultipleAccountsInfo(
    [...keys, SYSVAR_CLOCK_PUBKEY],
    'confirmed',
  )
  for (const [index, key] of keys.entries()) put(svm, key, accounts[index] ?? null)
  const clock = svm.getClock()
  clock.slot = accounts.at(-1)!.data.readBigUInt64LE(0)
  clock.unixTimestamp = accounts.at(-1)!.data.readBigInt64LE(32)
  svm.setClock(clock)
  const result = svm.sendTransaction(kitTransaction(transaction))
  if (result instanceof FailedTransactionMetadata)
    throw new Error(`in LiteSVM: ${result.toString()}\n${result.meta().logs().join('\n')}`)
  const validator = await sender.submit(transaction)
  if (validator.error !== undefined) throw new Error(`${validator.error}\n${validator.logs.join('\n')}`)
  return { validator, liteSvm: Number(result.computeUnitsConsumed()) }
}

/** Programs, those of the runtime too, are LiteSVM's own. */
function put(svm: LiteSVM, key: PublicKey, account: AccountInfo<Buffer> | null): void {
  if (!account || account.executable) return
  svm.setAccount({
    address: kit(key),
    programAddress: kit(account.owner),
    data: new Uint8Array(account.data),
    lamports: BigInt(account.lamports) as never,
    executable: false,
    space: BigInt(account.data.length),
  })
}

function kitTransaction(transaction: Transaction): never {
  const signatures = transaction.signatures.map(({ publicKey, signature }) => [
    publicKey.toBase58(),
    signature,
  ])
  return { messageBytes: transaction.serializeMessage(), signatures: Object.fromEntries(signatures) } as never
}

function kit(key: PublicKey): never {
  return key.toBase58() as never
}
