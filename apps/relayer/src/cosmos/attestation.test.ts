import { afterEach, describe, expect, it } from 'vitest'

import { concatBytes, fromHex, keccak256, toBase64, utf8 } from '@causeway/primitives'
import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import {
  QueryAttestationRequest,
  QueryAttestationResponse,
  QueryAttestorSetRequest,
  QueryAttestorSetResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import { buildAttestationUpdates, findContradiction, findDoubleAttestation } from './attestation.ts'
import { openCometPool } from './comet-pool.ts'
import { JsonRpcEndpoint } from './json-rpc.fixture.ts'

const endpoints: JsonRpcEndpoint[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.close()
})

const NOT_FOUND = { response: { code: 22, codespace: 'causeway', log: 'no attestation', height: '5' } }
const word = (fill: number) => new Uint8Array(32).fill(fill)

/** A hub whose sets change after each of these heights; `app` is what it says its state is. */
async function hubOf(options: { readonly lastHeights: readonly bigint[]; readonly app?: number }) {
  const { lastHeights, app = 1 } = options
  const endpoint = new JsonRpcEndpoint((_, params) => {
    const request = fromHex(params['data'] as string)
    const found = (value: Uint8Array) => ({ response: { code: 0, height: '5', value: toBase64(value) } })
    if ((params['path'] as string).endsWith('/AttestorSet')) {
      const { height } = QueryAttestorSetRequest.decode(request)
      const lastHeight = lastHeights.find((last) => last >= height) ?? 0n
      return found(
        QueryAttestorSetResponse.encode(QueryAttestorSetResponse.fromPartial({ lastHeight })).finish(),
      )
    }
    const { height } = QueryAttestationRequest.decode(request)
    if (height > 1_000n) return NOT_FOUND
    return found(QueryAttestationResponse.encode({ header: header(height, app), signedPower: 3n }).finish())
  })
  endpoints.push(endpoint)
  return await endpoint.listen()
}

function header(height: bigint, app: number): AttestationHeader {
  const attestation = { timeSeconds: height * 2n, appHash: word(app), nextSetHash: word(9) }
  return AttestationHeader.fromPartial({ height, attestation, signature: utf8('signature') })
}

function poolOf(...urls: string[]) {
  return openCometPool({ urls, requestTimeoutMs: 2_000, staleAfterMs: 60_000, nowMs: () => 0 })
}

/** What a client keeps of the state that the hub attests with `app`. */
function accepted(height: bigint, app = 1) {
  const commitment = keccak256(concatBytes(word(app), word(9))).subarray(0, 24)
  return { height, timeSeconds: height * 2n, commitment }
}

const heights = (updates: readonly { value: Uint8Array }[]) =>
  updates.map(({ value }) => AttestationHeader.decode(value).height)

describe('attestations that bring a client on', () => {
  it('are the wanted one alone where the set is the same', async () => {
    const pool = poolOf(await hubOf({ lastHeights: [500n] }))
    expect(heights(await buildAttestationUpdates(pool, { latestHeight: 20n }, 90n))).toEqual([90n])
    expect(heights(await buildAttestationUpdates(pool, { latestHeight: 20n }, 500n))).toEqual([500n])
  })

  it('are the last one of each set on the way, when the client is several epochs behind', async () => {
    const pool = poolOf(await hubOf({ lastHeights: [100n, 200n, 300n, 400n] }))
    const updates = await buildAttestationUpdates(pool, { latestHeight: 20n }, 350n)
    expect(heights(updates)).toEqual([100n, 200n, 300n, 350n])
    expect(heights(await buildAttestationUpdates(pool, { latestHeight: 100n }, 450n))).toEqual([
      ...[200n, 300n, 400n, 450n],
    ])
  })

  it('are as many as the hub had sets in a trusting period, not endless', async () => {
    const days = Array.from({ length: 300 }, (_, day) => BigInt(day + 1))
    const pool = poolOf(await hubOf({ lastHeights: days }))
    expect(await buildAttestationUpdates(pool, { latestHeight: 1n }, 41n)).toHaveLength(40)
    await expect(buildAttestationUpdates(pool, { latestHeight: 1n }, 299n)).rejects.toMatchObject({
      failure: 'client',
      message: /more than 256 rotations/,
    })
  })
})

describe('what a client accepted', () => {
  it('is compared with what every endpoint attests of the same heights', async () => {
    const honest = await hubOf({ lastHeights: [] })
    const other = await hubOf({ lastHeights: [], app: 2 })
    expect(await findContradiction(poolOf(honest, honest), [accepted(7n), accepted(6n)])).toEqual([])
    const evidence = await findContradiction(poolOf(honest, other), [accepted(7n)])
    expect(evidence.map(({ value }) => AttestationHeader.decode(value))).toEqual([header(7n, 2)])
  })

  it('and is false, is contradicted by the only endpoint there is', async () => {
    const pool = poolOf(await hubOf({ lastHeights: [] }))
    expect(heights(await findContradiction(pool, [accepted(9n), accepted(7n, 5), accepted(6n)]))).toEqual([
      7n,
    ])
    const late = { ...accepted(7n), timeSeconds: 15n }
    expect(heights(await findContradiction(pool, [late]))).toEqual([7n])
  })

  it('on the word of a set that had left, is contradicted by the sets since the last true one', async () => {
    const pool = poolOf(await hubOf({ lastHeights: [100n, 200n, 300n, 400n] }))
    const states = [accepted(370n, 5), accepted(350n, 5), accepted(120n), accepted(90n)]
    expect(heights(await findContradiction(pool, states))).toEqual([200n, 300n, 350n])
  })

  it('is not judged where no endpoint has an attestation of it', async () => {
    const pool = poolOf(await hubOf({ lastHeights: [] }))
    expect(await findContradiction(pool, [accepted(1_001n, 5)])).toEqual([])
  })
})

describe('two endpoints that attest differently', () => {
  it('are shown to the client, both', async () => {
    const urls = [await hubOf({ lastHeights: [] }), await hubOf({ lastHeights: [], app: 2 })]
    const evidence = await findDoubleAttestation(poolOf(...urls), 7n)
    expect(evidence.map(({ value }) => AttestationHeader.decode(value).attestation?.appHash)).toEqual(
      expect.arrayContaining([word(1), word(2)]),
    )
    expect(await findDoubleAttestation(poolOf(urls[0] ?? '', urls[0] ?? ''), 7n)).toEqual([])
  })
})
