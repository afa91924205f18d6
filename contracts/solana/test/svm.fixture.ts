// The programs in LiteSVM: the real .so of artifacts/, executed by the cluster's own virtual machine.
import { readFileSync } from 'node:fs'
import { ComputeBudgetProgram, Keypair, Transaction } from '@solana/web3.js'
import type { TransactionInstruction, PublicKey } from '@solana/web3.js'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'
import type { TransactionMetadata } from 'litesvm'
import { toBase58 } from '@causeway/primitives'
import type { CalledInstruction } from '../src/core/events.ts'

/** A chain in this process, with an account that pays. */
export interface Svm {
  readonly svm: LiteSVM
  readonly payer: Keypair
}

/** What a transaction did. */
export interface Sent {
  /** The custom error of a program, another error in words, or undefined: it went through. */
  readonly error: number | string | undefined
  readonly computeUnits: number
  readonly logs: readonly string[]
  /** What its programs called, of a transaction that failed too. */
  readonly called: readonly CalledInstruction[]
  readonly returned: Uint8Array
}

const COMPUTE_UNITS_MAX = 1_400_000

/** Programs that only tests load. */
const OF_TESTS = ['probe', 'recorder-example']

/** A chain with programs: file name in artifacts/ without `.so`, and the address it is at. */
export function startSvm(programs: Readonly<Record<string, PublicKey>>): Svm {
  const svm = new LiteSVM()
  const payer = Keypair.generate()
  svm.airdrop(kitAddress(payer.publicKey), 1_000_000_000_000n as never)
  for (const [name, address] of Object.entries(programs)) {
    const file = OF_TESTS.includes(name) ? `./${name}/${name}.so` : `../artifacts/${name}.so`
    svm.addProgram(kitAddress(address), readFileSync(new URL(file, import.meta.url)))
  }
  return { svm, payer }
}

/** Sends instructions as one transaction. Throws when it is too long for the network. */
export function send(
  { svm, payer }: Svm,
  instructions: readonly TransactionInstruction[],
  signers: readonly Keypair[] = [],
): Sent {
  svm.expireBlockhash()
  const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: svm.latestBlockhash() })
  transaction.add(ComputeBudgetProgram.setComputeUnitLimit({ units: COMPUTE_UNITS_MAX }), ...instructions)
  transaction.sign(payer, ...signers)
  transaction.serialize() // throws beyond 1,232 bytes
  const result = svm.sendTransaction(kitTransaction(transaction))
  const isFailed = result instanceof FailedTransactionMetadata
  const meta = isFailed ? result.meta() : result
  return {
    error: isFailed ? errorOf(result) : undefined,
    computeUnits: Number(meta.computeUnitsConsumed()),
    logs: meta.logs(),
    called: calledIn(transaction, meta),
    returned: Uint8Array.from(meta.returnData().data()),
  }
}

function calledIn(transaction: Transaction, meta: TransactionMetadata): CalledInstruction[] {
  const { accountKeys } = transaction.compileMessage()
  return meta.innerInstructions().flatMap((list) =>
    list.map((inner) => {
      const instruction = inner.instruction()
      const program = accountKeys[instruction.programIdIndex()]!.toBase58()
      return { program, data: toBase58(instruction.data()) }
    }),
  )
}

/** An account's data; undefined: there is none. */
export function accountData({ svm }: Svm, address: PublicKey): Uint8Array | undefined {
  const account = svm.getAccount(kitAddress(address))
  return account.exists ? Uint8Array.from(account.data) : undefined
}

/** An account's lamports. */
export function lamportsOf({ svm }: Svm, address: PublicKey): bigint {
  return svm.getBalance(kitAddress(address)) ?? 0n
}

/** Puts an account there, as no transaction could: for look-alikes. */
export function setAccount(
  { svm }: Svm,
  address: PublicKey,
  { owner, data }: { owner: PublicKey; data: Uint8Array },
): void {
  svm.setAccount({
    address: kitAddress(address),
    programAddress: kitAddress(owner),
    data,
    lamports: svm.minimumBalanceForRentExemption(BigInt(data.length)) as never,
    executable: false,
    space: BigInt(data.length),
  })
}

/** Sets the time of the Clock sysvar. */
export function setNow({ svm }: Svm, seconds: bigint): void {
  const clock = svm.getClock()
  clock.unixTimestamp = seconds
  svm.setClock(clock)
}

function errorOf(result: FailedTransactionMetadata): number | string {
  const text = result.toString()
  const custom = /Custom\((\d+)\)/.exec(text)
  return custom ? Number(custom[1]) : text.slice(0, 300)
}

/** LiteSVM's form of a signed transaction. */
function kitTransaction(transaction: Transaction): never {
  const signatures = transaction.signatures.map(({ publicKey, signature }) => [
    publicKey.toBase58(),
    signature,
  ])
  return { messageBytes: transaction.serializeMessage(), signatures: Object.fromEntries(signatures) } as never
}

function kitAddress(key: PublicKey): never {
  return key.toBase58() as never
}
