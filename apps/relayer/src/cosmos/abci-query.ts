import { concatBytes, uvarint } from '@causeway/primitives'
import { RelayError } from '../errors.ts'
import type { CometPool } from './comet-pool.ts'

/** A protobuf codec, as far as queries need it. */
export interface QueryCodec<T> {
  encode(message: T): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
}

const PROOF_BYTES_MAX = 1024 * 1024
/** Code of "not found" in answers to queries: the Cosmos SDK's, and the hub's in every codespace. */
const NOT_FOUND = 22

/**
 * A chain's answer that refuses a query. What isn't there is not there at the next endpoint either, and has
 * to be put right by the operator; anything else may be this endpoint's own trouble (a height that it has
 * pruned).
 */
export class QueryRefusal extends RelayError {
  readonly code: number
  readonly codespace: string
  readonly log: string

  constructor(path: string, answer: { code?: number; codespace: string; log?: string }) {
    const { code = 0, codespace, log = '' } = answer
    const text = `${path}: code ${code} of ${codespace || 'abci'}: ${log}`.slice(0, 500)
    const isAbsence = code === NOT_FOUND && !isSimulation(path)
    super(isAbsence ? 'config' : 'endpoint', isAbsence ? 'never' : 'later', text)
    this.name = 'QueryRefusal'
    this.code = code
    this.codespace = codespace
    this.log = log
  }
}

/** gRPC-style ABCI query: `path` is `/package.Query/Method`. Throws `RelayError`; see `isNotFound`. */
export async function abciQuery<Request, Response>(
  pool: CometPool,
  path: string,
  requestCodec: QueryCodec<Request>,
  responseCodec: QueryCodec<Response>,
  request: Request,
): Promise<Response> {
  const data = requestCodec.encode(request).finish()
  const value = await pool.call(async (client) => {
    const answer = await client.abciQuery({ path, data, prove: false })
    if (answer.code !== undefined && answer.code !== 0) throw new QueryRefusal(path, answer)
    return answer.value
  })
  return responseCodec.decode(value)
}

/**
 * Reads one key of a store with its proof, in the state after block `height`; the proof verifies under the
 * header of `height + 1`. Returns the value (empty when absent) and the `MerkleProof` bytes that messages
 * carry.
 */
export async function queryProof(
  pool: CometPool,
  store: string,
  key: Uint8Array,
  height: bigint,
): Promise<{ value: Uint8Array; proof: Uint8Array }> {
  return await pool.call(async (client) => {
    const path = `store/${store}/key`
    const answer = await client.abciQuery({ path, data: key, prove: true, height: Number(height) })
    if (answer.code !== undefined && answer.code !== 0) throw new QueryRefusal(path, answer)
    if (BigInt(answer.height ?? 0) !== height) {
      throw new RelayError('endpoint', 'now', `proof at height ${answer.height ?? 0} instead of ${height}`)
    }
    const ops = answer.proof?.ops ?? []
    if (ops.length === 0) throw new RelayError('endpoint', 'now', `${path} came without a proof`)
    return { value: answer.value, proof: merkleProofBytes(ops.map((op) => op.data)) }
  })
}

/**
 * Reads one key of a store in the newest state, unproven: for what only helps planning. Empty when absent.
 */
export async function queryStore(pool: CometPool, store: string, key: Uint8Array): Promise<Uint8Array> {
  return await pool.call(async (client) => {
    const path = `store/${store}/key`
    const answer = await client.abciQuery({ path, data: key, prove: false })
    if (answer.code !== undefined && answer.code !== 0) throw new QueryRefusal(path, answer)
    return answer.value
  })
}

/** Whether a query failed because what it asks for does not exist (gRPC NotFound as the SDK passes it on). */
export function isNotFound(error: unknown): boolean {
  return error instanceof QueryRefusal && error.code === NOT_FOUND
}

/** A simulation answers with the codes of what it runs: 22 is then whatever a module means by it. */
function isSimulation(path: string): boolean {
  return path.endsWith('/Simulate')
}

/** ibc.core.commitment.v1.MerkleProof from ICS-23 proofs that are encoded already: field 1, repeated. */
function merkleProofBytes(proofs: readonly Uint8Array[]): Uint8Array {
  const size = proofs.reduce((sum, proof) => sum + proof.length, 0)
  if (size > PROOF_BYTES_MAX) throw new RelayError('endpoint', 'now', `proof of ${size} bytes`)
  return concatBytes(...proofs.flatMap((proof) => [Uint8Array.of(0x0a), uvarint(proof.length), proof]))
}
