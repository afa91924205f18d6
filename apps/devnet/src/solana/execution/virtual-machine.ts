import { createRequire } from 'node:module'
import type * as LiteSvmModule from 'litesvm/dist/internal.js'
import type { AccountState } from '@causeway/light-clients'
import { transactionError } from './transaction-error.ts'
import type { TransactionError } from './transaction-error.ts'

// The package's main entry converts everything to another library's types; its native part takes bytes.
const { Account, FailedTransactionMetadata, LiteSvm } = createRequire(import.meta.url)(
  'litesvm/dist/internal.js',
) as typeof LiteSvmModule

/** An instruction that a program called. */
export interface InnerInstruction {
  readonly programIdIndex: number
  readonly accounts: readonly number[]
  readonly data: Uint8Array
  readonly stackHeight: number
}

/** What a transaction did, as the runtime tells it. */
export interface Outcome {
  readonly error: TransactionError | undefined
  readonly logs: readonly string[]
  readonly computeUnits: number
  readonly returned: { readonly program: Uint8Array; readonly data: Uint8Array } | undefined
  /** By instruction of the message. */
  readonly inner: readonly (readonly InnerInstruction[])[]
}

/** An account and where it is. */
export interface PlacedAccount {
  readonly address: Uint8Array
  readonly account: AccountState
}

const NOBODY = new Uint8Array(32)
const EMPTY = new Uint8Array(0)

/** Solana's runtime with its builtin programs: LiteSVM. Blockhashes and duplicates are not its affair. */
export class VirtualMachine {
  readonly #svm = new LiteSvm()

  constructor() {
    this.#svm.setBlockhashCheck(false)
    this.#svm.setTransactionHistory(0n)
    this.#svm.withNativeMints()
  }

  /** An account; nothing where there is none. */
  account(address: Uint8Array): AccountState | undefined {
    const account = this.#svm.getAccount(address)
    return account === null || account.lamports() === 0n ? undefined : stateOf(account)
  }

  /** Puts an account there, or takes it away. Sysvars take effect at once. */
  setAccount(address: Uint8Array, account: AccountState | undefined): void {
    const { lamports, data, owner, isExecutable } = account ?? {
      lamports: 0n,
      data: EMPTY,
      owner: NOBODY,
      isExecutable: false,
    }
    this.#svm.setAccount(address, new Account(lamports, data, owner, isExecutable, 0n))
  }

  /** All accounts of a program. */
  accountsOf(owner: Uint8Array): PlacedAccount[] {
    return this.#svm
      .getProgramAccounts(owner)
      .map((each) => ({ address: Uint8Array.from(each.address), account: stateOf(each.account()) }))
  }

  /** Lamports that an account of so many bytes has to hold. */
  rentExemption(bytes: number): bigint {
    return this.#svm.minimumBalanceForRentExemption(BigInt(bytes))
  }

  /** Runs a transaction and keeps what it did. */
  execute(wire: Uint8Array, version: 'legacy' | 0): Outcome {
    const result =
      version === 'legacy' ? this.#svm.sendLegacyTransaction(wire) : this.#svm.sendVersionedTransaction(wire)
    return outcomeOf(result)
  }

  /** Runs a transaction and keeps nothing; with the accounts that it would write, where it goes through. */
  simulate(
    wire: Uint8Array,
    version: 'legacy' | 0,
    isVerifying: boolean,
  ): Outcome & { readonly accounts: readonly PlacedAccount[] } {
    this.#svm.setSigverify(isVerifying)
    try {
      const result =
        version === 'legacy'
          ? this.#svm.simulateLegacyTransaction(wire)
          : this.#svm.simulateVersionedTransaction(wire)
      if (result instanceof FailedTransactionMetadata) return { ...outcomeOf(result), accounts: [] }
      const accounts = result
        .postAccounts()
        .map((each) => ({ address: Uint8Array.from(each.address), account: stateOf(each.account()) }))
      return { ...outcomeOf(result.meta()), accounts }
    } finally {
      this.#svm.setSigverify(true)
    }
  }
}

function stateOf(account: LiteSvmModule.Account): AccountState {
  return {
    lamports: account.lamports(),
    data: account.data(),
    owner: account.owner(),
    isExecutable: account.executable(),
  }
}

function outcomeOf(
  result: LiteSvmModule.TransactionMetadata | LiteSvmModule.FailedTransactionMetadata,
): Outcome {
  const isFailed = result instanceof FailedTransactionMetadata
  const meta = isFailed ? result.meta() : result
  const returned = meta.returnData()
  const data = Uint8Array.from(returned.data())
  return {
    error: isFailed ? transactionError(result.err()) : undefined,
    logs: meta.logs(),
    computeUnits: Number(meta.computeUnitsConsumed()),
    returned: data.length === 0 ? undefined : { program: Uint8Array.from(returned.programId()), data },
    inner: meta.innerInstructions().map((list) =>
      list.map((each) => {
        const { programIdIndex, accounts, data: bytes } = compiled(each)
        return { programIdIndex, accounts, data: bytes, stackHeight: each.stackHeight() }
      }),
    ),
  }
}

function compiled(each: LiteSvmModule.InnerInstruction) {
  const instruction = each.instruction()
  return {
    programIdIndex: instruction.programIdIndex(),
    accounts: [...instruction.accounts()],
    data: Uint8Array.from(instruction.data()),
  }
}
