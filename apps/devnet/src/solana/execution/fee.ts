import { equalBytes } from '@causeway/primitives'
import type { Transaction } from '@causeway/light-clients'
import { COMPUTE_BUDGET_PROGRAM, address } from './well-known.ts'

const LAMPORTS_PER_SIGNATURE = 5_000n
const MICRO = 1_000_000n
const UNITS_MAX = 1_400_000n
const UNITS_OF_PROGRAM = 200_000n
const UNITS_OF_BUILTIN = 3_000n
const SET_UNITS = 2
const SET_PRICE = 3

const PRECOMPILES = [
  'KeccakSecp256k11111111111111111111111111111',
  'Ed25519SigVerify111111111111111111111111111',
  'Secp256r1SigVerify1111111111111111111111111',
].map(address)
/** Programs of the runtime itself. Spec: agave `builtins-default-costs`. */
const BUILTINS = [
  ...PRECOMPILES,
  COMPUTE_BUDGET_PROGRAM,
  ...[
    '11111111111111111111111111111111',
    'Vote111111111111111111111111111111111111111',
    'BPFLoader1111111111111111111111111111111111',
    'BPFLoader2111111111111111111111111111111111',
    'BPFLoaderUpgradeab1e11111111111111111111111',
  ].map(address),
]

/** What a message costs, in lamports. */
export function feeOf(transaction: Pick<Transaction, 'keys' | 'instructions'>, signatures: number): bigint {
  const { keys, instructions } = transaction
  let [units, price, unitsByDefault] = [undefined as bigint | undefined, 0n, 0n]
  let signed = BigInt(signatures)
  for (const { programIndex, data } of instructions) {
    const program = keys[programIndex]!
    const is = (list: readonly Uint8Array[]) => list.some((each) => equalBytes(each, program))
    unitsByDefault += is(BUILTINS) ? UNITS_OF_BUILTIN : UNITS_OF_PROGRAM
    if (is(PRECOMPILES)) signed += BigInt(data[0] ?? 0)
    if (!is([COMPUTE_BUDGET_PROGRAM])) continue
    if (data[0] === SET_UNITS) units = little(data.subarray(1, 5))
    if (data[0] === SET_PRICE) price = little(data.subarray(1, 9))
  }
  const limit = units ?? unitsByDefault
  const paid = price * (limit < UNITS_MAX ? limit : UNITS_MAX)
  return LAMPORTS_PER_SIGNATURE * signed + (paid + MICRO - 1n) / MICRO
}

function little(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
