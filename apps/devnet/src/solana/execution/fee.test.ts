import { ComputeBudgetProgram, Ed25519Program, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { createWasmLatticeXof, toBase58 } from '@causeway/light-clients'
import { utf8 } from '@causeway/primitives'
import { Cluster } from '../cluster/cluster.ts'
import { OWNER, exampleKeypair, exampleOptions, ownersTransaction } from '../programs.fixture.ts'
import { feeOf } from './fee.ts'

const [first, second] = [exampleKeypair('fee 1'), exampleKeypair('fee 2')]
const pay = (lamports: number) =>
  SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey: first.publicKey, lamports })
const price = (microLamports: number) => ComputeBudgetProgram.setComputeUnitPrice({ microLamports })
const limit = (units: number) => ComputeBudgetProgram.setComputeUnitLimit({ units })
const signed = Ed25519Program.createInstructionWithPrivateKey({
  privateKey: first.secretKey,
  message: utf8('message'),
})
const create = SystemProgram.createAccount({
  fromPubkey: OWNER.publicKey,
  newAccountPubkey: second.publicKey,
  lamports: 2_000_000,
  space: 1,
  programId: SystemProgram.programId,
})

let cluster: Cluster
beforeAll(async () => {
  cluster = new Cluster(exampleOptions({ programs: [] }), await createWasmLatticeXof())
  cluster.advance()
})

describe('a fee', () => {
  it.each([
    ['of one signature', [pay(1_000_000)], [], 5_000n],
    ['of two signatures', [create], [second], 10_000n],
    ['with a price, rounded up', [price(1_500_001), limit(1_001), pay(1_000_000)], [], 5_000n + 1_502n],
    ['with a price and the limit by default', [price(1_000_000), pay(1_000_000)], [], 5_000n + 6_000n],
    ['of more units than there are', [price(1_000_000), limit(4_000_000), pay(1_000_000)], [], undefined],
    ['of a signature that a precompile checks', [signed, pay(1_000_000)], [], 10_000n],
  ] satisfies [string, TransactionInstruction[], (typeof first)[], bigint | undefined][])(
    '%s is what the runtime takes',
    (_, instructions, signers, expected) => {
      const wire = ownersTransaction(instructions, toBase58(cluster.head.blockhash), signers)
      const { transaction, fee, outcome } = cluster.submit(wire)
      expect(feeOf(transaction, transaction.signatures.length)).toBe(fee)
      if (expected === undefined) return
      expect(outcome.error).toBeUndefined()
      expect(fee).toBe(expected)
    },
  )
})
