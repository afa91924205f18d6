import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { ComputeBudgetProgram, SystemProgram, TransactionInstruction } from '@solana/web3.js'
import { createWasmLatticeXof, toBase58 } from '@causeway/light-clients'
import { Cluster } from '../cluster/cluster.ts'
import { describeError } from '../rpc/rpc-error.ts'
import { OWNER, exampleKeypair, exampleOptions, ownersTransaction } from '../programs.fixture.ts'
import { transactionError } from './transaction-error.ts'

/** Names and numbers of an enumeration: at run time the library has none, its types do. */
function membersOf(name: string): [name: string, number: number][] {
  const path = createRequire(import.meta.url).resolve('litesvm/dist/internal.d.ts')
  const body = readFileSync(path, 'utf8').split(`const enum ${name} {`)[1]!.split('}')[0]!
  return [...body.matchAll(/(\w+) = (\d+)/g)].map(([, member, number]) => [member!, Number(number)])
}

describe('errors', () => {
  it('have the names of the runtime, every one', () => {
    const names = membersOf('TransactionErrorFieldless')
    expect(names.length).toBe(35)
    for (const [name, number] of names) expect(transactionError(number as never)).toBe(name)
    const inner = membersOf('InstructionErrorFieldless')
    expect(inner.length).toBe(53)
    for (const [name, number] of inner) {
      const raised = { index: 3, err: () => number }
      expect(transactionError(raised as never)).toEqual({ InstructionError: [3, name] })
    }
  })

  it('of transactions are those of a node', async () => {
    const cluster = new Cluster(exampleOptions({ programs: [] }), await createWasmLatticeXof())
    cluster.advance()
    const errorOf = (...instructions: TransactionInstruction[]) => {
      const wire = ownersTransaction(instructions, toBase58(cluster.head.blockhash))
      try {
        return cluster.submit(wire).outcome.error
      } catch (error) {
        return (error as { error: unknown }).error
      }
    }
    const pay = (lamports: number) =>
      SystemProgram.transfer({
        fromPubkey: OWNER.publicKey,
        toPubkey: exampleKeypair('receiver').publicKey,
        lamports,
      })
    const limit = ComputeBudgetProgram.setComputeUnitLimit({ units: 5_000 })
    const unknown = new TransactionInstruction({
      programId: exampleKeypair('no program').publicKey,
      keys: [],
    })
    const nonsense = new TransactionInstruction({ programId: SystemProgram.programId, keys: [] })
    expect(errorOf(pay(10 ** 14))).toEqual({ InstructionError: [0, { Custom: 1 }] })
    expect(errorOf(nonsense)).toEqual({ InstructionError: [0, 'InvalidInstructionData'] })
    expect(errorOf(pay(1))).toEqual({ InsufficientFundsForRent: { account_index: 1 } })
    expect(errorOf(limit, limit)).toEqual({ DuplicateInstruction: 1 })
    // A node says ProgramAccountNotFound; neither takes a fee.
    expect(errorOf(unknown)).toBe('InvalidProgramForExecution')
  })

  it('are told in words', () => {
    expect(describeError('BlockhashNotFound')).toBe('Blockhash not found')
    expect(describeError('AccountInUse')).toBe('AccountInUse')
    expect(describeError({ InstructionError: [2, { Custom: 255 }] })).toBe(
      'Error processing Instruction 2: custom program error: 0xff',
    )
    expect(describeError({ InstructionError: [0, 'InvalidSeeds'] })).toContain('InvalidSeeds')
    expect(describeError({ DuplicateInstruction: 1 })).toBe('{"DuplicateInstruction":1}')
  })
})
